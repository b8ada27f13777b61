import { type RawBuilder, sql } from 'kysely';
import type { SortKey } from '../database/keyset.ts';
import { badUserInput } from '../kernel/errors.ts';
import { requireUuid } from '../kernel/ids.ts';
import { type CustomFieldsAsked, customText } from './item.customFilter.ts';
import { companionKey } from './item.customValues.ts';

/** A key that items are ordered by, and what it is read from beside the item. */
export interface CustomKey {
  id: string;
  sql: RawBuilder<unknown>;
  type: SortKey['type'];
  table: RawBuilder<unknown> | null;
}

/**
 * The values of a custom field as a key of an order, the n-th: texts by their sort key, selects by the position of the option, people and
 * firms by name, locations by path as people count; No before Yes. What holds several, rich text and what is read only is BAD_USER_INPUT,
 * and so is a field that the company does not have.
 */
export function customKey(gid: string, asked: CustomFieldsAsked, path: string, n: number): CustomKey {
  const id = requireUuid('CustomField', gid, `${path}.customFieldId`);
  const field = asked.get(id);
  if (!field) throw badUserInput(`${path}.customFieldId: there is no CustomField "${gid.slice(0, 100)}".`);
  const text = customText(id);
  const key = (type: SortKey['type'], value: RawBuilder<unknown>, table: CustomKey['table'] = null) => ({
    ...{ id, type, table },
    sql: value,
  });
  /** by a key of what is referred to */
  const named = (table: string, column: string) => {
    const alias = `custom${n}`;
    const join = sql`left join ${sql.table(table)} ${sql.ref(alias)} on ${sql.ref(`${alias}.id`)} = ${text}::uuid`;
    return key('text', sql.ref(`${alias}.${column}`), join);
  };
  switch (field.dataType) {
    case 'STRING':
      return key('text', sql`(${customText(companionKey(id))} collate "C")`);
    case 'DECIMAL':
    case 'CURRENCY':
      return key('numeric', sql`${text}::numeric`);
    case 'BOOLEAN':
      return key('integer', sql`${text}::boolean::integer`);
    case 'DATE':
      return key('date', sql`${text}::date`);
    case 'DATETIME':
      return key('timestamptz', sql`${text}::timestamptz`);
    case 'SINGLE_SELECT':
      return key('integer', sql`array_position(${field.options.map((option) => option.id)}::text[], ${text})`);
    case 'USER':
      return named('users', 'name_key');
    case 'COMPANY':
      return named('vendors', 'name_key');
    case 'LOCATION':
      return named('reference_data', 'sort_key');
    default:
      throw badUserInput(
        `${path}.customFieldId: items cannot be ordered by "${field.label}", which is ${field.dataType}.`,
      );
  }
}
