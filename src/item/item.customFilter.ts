import { sql } from 'kysely';
import { follow, type MaybePromise } from '../database/loader.ts';
import type { Context } from '../graph/context.ts';
import { badUserInput } from '../kernel/errors.ts';
import { requireUuid, uuidOf } from '../kernel/ids.ts';
import type { CustomFieldType } from '../tool/customField.policy.ts';
import { type CustomFieldRow, customFieldById } from '../tool/customField.queries.ts';
import {
  type BooleanFilter,
  type Condition,
  type Expression,
  type IDFilter,
  many,
  one,
  type RangeFilter,
  range,
  type StringFilter,
  textMatches,
} from './item.comparators.ts';
import { companionKey } from './item.customValues.ts';
import type { ItemFilterInput } from './item.filter.ts';
import type { ItemOrderInput } from './item.order.ts';

/** What comparisons there are, by the name that they have in a filter. */
export interface CustomComparators {
  string?: StringFilter | null;
  decimal?: RangeFilter<string> | null;
  boolean?: BooleanFilter | null;
  date?: RangeFilter<string> | null;
  dateTime?: RangeFilter<Date> | null;
  option?: IDFilter | null;
  user?: IDFilter | null;
  vendor?: IDFilter | null;
  location?: IDFilter | null;
}
export interface CustomFieldFilter extends CustomComparators {
  customFieldId: string;
}

/** The definitions that filter and order of a list speak of, by their ids; one that the company does not have is missing. */
export type CustomFieldsAsked = ReadonlyMap<string, CustomFieldRow>;

type Comparator = keyof CustomComparators;

/** The one comparison that a type has; READ_ONLY has none: its text is the same on all items. */
const COMPARATOR: Record<CustomFieldType, Comparator | null> = {
  STRING: 'string',
  RICH_TEXT: 'string',
  DECIMAL: 'decimal',
  CURRENCY: 'decimal',
  BOOLEAN: 'boolean',
  DATE: 'date',
  DATETIME: 'dateTime',
  SINGLE_SELECT: 'option',
  MULTI_SELECT: 'option',
  USER: 'user',
  USERS: 'user',
  COMPANY: 'vendor',
  LOCATION: 'location',
  READ_ONLY: null,
};
const COMPARATORS = [...new Set(Object.values(COMPARATOR))].filter((name) => name !== null);

const NOBODY_ASKED: CustomFieldsAsked = new Map();
// a filter with more comparisons is refused
const MOST = 300;

/** The definitions that a filter and an order speak of. */
export function customFieldsAsked(
  { loads }: Context,
  filter: ItemFilterInput | null | undefined,
  orderBy: readonly ItemOrderInput[] | null | undefined,
): MaybePromise<CustomFieldsAsked> {
  const gids = [...(filter ? gidsIn(filter) : []), ...(orderBy ?? []).map(({ customFieldId }) => customFieldId)];
  const ids = new Set(gids.map((gid) => uuidOf('CustomField', gid)).filter((id) => id !== null));
  if (ids.size === 0) return NOBODY_ASKED;
  return follow(
    loads.allAt(customFieldById, [...ids].slice(0, MOST)),
    (fields) => new Map(fields.map((field) => [field.id, field])),
  );
}

function gidsIn({ and, or, not, customFields }: ItemFilterInput): string[] {
  const inner = [...(and ?? []), ...(or ?? []), ...(not ? [not] : [])];
  return [...(customFields ?? []).map(({ customFieldId }) => customFieldId), ...inner.flatMap(gidsIn)];
}

/** The text of a value of an item. */
export const customText = (key: string): Expression => sql`(i.custom_values ->> ${sql.lit(key)})`;

/**
 * What the value of a custom field must be, for i, the item; in whatever fieldset. Exactly one comparison, of the kind that the type of
 * the field has; else BAD_USER_INPUT. A field that the company does not have matches nothing.
 */
export function customMatches(
  filter: CustomFieldFilter,
  asked: CustomFieldsAsked,
  me: string,
  path: string,
): Condition[] {
  const id = requireUuid('CustomField', filter.customFieldId, `${path}.customFieldId`);
  const given = COMPARATORS.filter((name) => filter[name] != null);
  if (given.length !== 1)
    throw badUserInput(
      `${path}: give exactly one comparison, not ${given.length === 0 ? 'none' : given.join(' and ')}.`,
    );
  const field = asked.get(id);
  if (!field) return [sql`false`];
  const name = COMPARATOR[field.dataType];
  if (name === null) throw badUserInput(`${path}: "${field.label}" is read only: it is the same on all items.`);
  if (name !== given[0])
    throw badUserInput(`${path}.${given[0]}: "${field.label}" is ${field.dataType} and is compared by ${name}.`);
  return compared(field, filter, me, `${path}.${name}`);
}

function compared({ id, dataType }: CustomFieldRow, filter: CustomFieldFilter, me: string, path: string): Condition[] {
  const text = customText(id);
  const uuid = sql`${text}::uuid`;
  const some = (condition: (value: Expression) => Condition): Condition => sql`exists (
    select 1 from jsonb_array_elements_text(i.custom_values -> ${sql.lit(id)}) chosen(id) where ${condition(sql`chosen.id::uuid`)})`;
  switch (dataType) {
    case 'STRING':
      return textMatches(text, filter.string, path);
    case 'RICH_TEXT':
      return textMatches(customText(companionKey(id)), filter.string, path);
    case 'DECIMAL':
    case 'CURRENCY':
      return range(sql`${text}::numeric`, 'numeric', filter.decimal);
    case 'BOOLEAN':
      return filter.boolean?.eq == null ? [] : [sql`${text}::boolean = ${filter.boolean.eq}`];
    case 'DATE':
      return range(sql`${text}::date`, 'date', filter.date);
    case 'DATETIME':
      return range(sql`${text}::timestamptz`, 'timestamptz', filter.dateTime);
    case 'SINGLE_SELECT':
      return one(uuid, 'CustomFieldOption', filter.option, path);
    case 'MULTI_SELECT':
      return many(some, 'CustomFieldOption', filter.option, path);
    case 'USER':
      return one(uuid, 'User', filter.user, path, me);
    case 'USERS':
      return many(some, 'User', filter.user, path, me);
    case 'COMPANY':
      return one(uuid, 'Vendor', filter.vendor, path);
    case 'LOCATION':
      return one(uuid, 'Location', filter.location, path);
    case 'READ_ONLY':
      return [];
  }
}
