import { type RawBuilder, sql } from 'kysely';
import type { Order, SortKey } from '../database/keyset.ts';
import { badUserInput } from '../kernel/errors.ts';
import type { CustomFieldsAsked } from './item.customFilter.ts';
import { type CustomKey, customKey } from './item.customOrder.ts';

/** What lists of items can be ordered by (api.md, Order). */
export const ITEM_ORDER_FIELDS = [
  'NUMBER',
  'TITLE',
  'STATUS',
  'DUE_DATE',
  'CREATED_AT',
  'UPDATED_AT',
  'ISSUED_AT',
  'CLOSED_AT',
  'GENERIC_TOOL',
  'ASSIGNEE',
] as const;
export type ItemOrderField = (typeof ITEM_ORDER_FIELDS)[number];

export interface ItemOrderInput {
  field?: ItemOrderField | null;
  customFieldId?: string | null;
  direction?: 'ASC' | 'DESC' | null;
  nulls?: 'FIRST' | 'LAST' | null;
}

type Key = Omit<SortKey, 'direction' | 'nulls'> & { nullable?: true };

/** The keys as SQL sees them: i the item, s its status, t its tool, u its first assignee. Keys of names and numbers are stored (kernel/text.ts). */
const KEYS: Record<ItemOrderField, Key> = {
  NUMBER: { sql: sql`i.number_key`, type: 'text' },
  TITLE: { sql: sql`i.title_key`, type: 'text' },
  STATUS: { sql: sql`s.sort_key`, type: 'text' },
  DUE_DATE: { sql: sql`i.due_date`, type: 'date', nullable: true },
  CREATED_AT: { sql: sql`i.created_at`, type: 'timestamptz' },
  UPDATED_AT: { sql: sql`i.updated_at`, type: 'timestamptz' },
  ISSUED_AT: { sql: sql`i.issued_at`, type: 'timestamptz', nullable: true },
  CLOSED_AT: { sql: sql`i.closed_at`, type: 'timestamptz', nullable: true },
  GENERIC_TOOL: { sql: sql`t.title_key`, type: 'text' },
  ASSIGNEE: { sql: sql`u.name_key`, type: 'text', nullable: true },
};

/** What keys are read from, beside the item. */
const TABLES: { [Field in ItemOrderField]?: RawBuilder<unknown> } = {
  STATUS: sql`join generic_tool_statuses s on s.id = i.status_id`,
  GENERIC_TOOL: sql`join generic_tools t on t.id = i.generic_tool_id`,
  ASSIGNEE: sql`left join users u on u.id = i.first_assignee_id`,
};

// an order by more keys than people can read in a table is a mistake
const MAX_KEYS = 3;

/** What an order goes by: a built-in field, or a custom one by its uuid. */
type OrderedBy = ItemOrderField | `customField:${string}`;

export interface ItemOrder {
  keys: Order;
  fields: readonly OrderedBy[];
  /** what custom keys are read from, beside the item */
  tables: ReadonlyMap<OrderedBy, RawBuilder<unknown>>;
  /** whether its first key is a custom field, which no index has */
  isCustom: boolean;
  /** what cursors are bound to */
  name: string;
}

/** The order of a list of items: up to three keys, the id always last. Newest first when nothing is asked. */
export function itemOrder(
  orderBy: readonly ItemOrderInput[] | null | undefined,
  customFields: CustomFieldsAsked,
): ItemOrder {
  const wanted = orderBy?.length ? orderBy : [{ field: 'CREATED_AT' as const, direction: 'DESC' as const }];
  if (wanted.length > MAX_KEYS) throw badUserInput(`orderBy: ${wanted.length} keys; at most ${MAX_KEYS} are taken.`);
  const tables = new Map<OrderedBy, RawBuilder<unknown>>();
  const read = wanted.map((key, i) => {
    const custom = customOf(key, customFields, i);
    if (!custom) return { by: key.field!, ...KEYS[key.field!] };
    const by = `customField:${custom.id}` as const;
    if (custom.table) tables.set(by, custom.table);
    return { by, sql: custom.sql, type: custom.type, nullable: true };
  });
  const fields = read.map(({ by }) => by);
  const twice = fields.find((field, i) => fields.indexOf(field) !== i);
  if (twice) throw badUserInput(`orderBy: ${twice} stands there twice.`);
  const keys = read.map(({ sql: key, type, nullable }, i): SortKey => {
    const { direction, nulls } = wanted[i]!;
    return { sql: key, type, direction: direction ?? 'ASC', ...(nullable && { nulls: nulls ?? 'LAST' }) };
  });
  const id: SortKey = { sql: sql`i.id`, type: 'uuid', direction: keys.at(-1)!.direction };
  const isCustom = !(fields[0]! in KEYS);
  return { keys: [...keys, id], fields, tables, isCustom, name: `items ${fields.join()}` };
}

/** The custom field that a key goes by; null when it is a built-in one. */
function customOf({ field, customFieldId }: ItemOrderInput, asked: CustomFieldsAsked, i: number): CustomKey | null {
  if (!field && customFieldId == null) throw badUserInput(`orderBy.${i}: name the field to order by.`);
  if (field && customFieldId != null) throw badUserInput(`orderBy.${i}: give field or customFieldId, not both.`);
  return customFieldId == null ? null : customKey(customFieldId, asked, `orderBy.${i}`, i);
}

/** The tables to join to the items i for an order, without those that are there already. */
export const tablesFor = ({ fields, tables }: ItemOrder, there: readonly ItemOrderField[] = []): RawBuilder<unknown> =>
  sql.join(
    fields.flatMap((field) =>
      (there as readonly OrderedBy[]).includes(field)
        ? []
        : (tables.get(field) ?? TABLES[field as ItemOrderField] ?? []),
    ),
    sql` `,
  );
