import { sql } from 'kysely';
import type { Order, SortKey } from '../database/keyset.ts';
import { badUserInput } from '../kernel/errors.ts';

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
  direction?: 'ASC' | 'DESC' | null;
  nulls?: 'FIRST' | 'LAST' | null;
}

/** The keys as SQL sees them: i the item, s its status, t its tool. Keys of names and numbers are stored (kernel/text.ts). */
const KEYS: Record<ItemOrderField, { sql: SortKey['sql']; type: SortKey['type']; nullable?: true }> = {
  NUMBER: { sql: sql`i.number_key`, type: 'text' },
  TITLE: { sql: sql`i.title_key`, type: 'text' },
  STATUS: { sql: sql`s.sort_key`, type: 'text' },
  DUE_DATE: { sql: sql`i.due_date`, type: 'date', nullable: true },
  CREATED_AT: { sql: sql`i.created_at`, type: 'timestamptz' },
  UPDATED_AT: { sql: sql`i.updated_at`, type: 'timestamptz' },
  ISSUED_AT: { sql: sql`i.issued_at`, type: 'timestamptz', nullable: true },
  CLOSED_AT: { sql: sql`i.closed_at`, type: 'timestamptz', nullable: true },
  GENERIC_TOOL: { sql: sql`t.title_key`, type: 'text' },
  ASSIGNEE: {
    sql: sql`(select u.name_key from item_people p join users u on u.id = p.user_id
      where p.item_id = i.id and p.role = 'ASSIGNEE' order by p.position limit 1)`,
    type: 'text',
    nullable: true,
  },
};

// an order by more keys than people can read in a table is a mistake
const MAX_KEYS = 3;

export interface ItemOrder {
  keys: Order;
  /** what cursors are bound to */
  name: string;
  /** only by the time of creation, which item_audiences carries: pages come straight from its index */
  byCreation: boolean;
}

/** The order of a list of items: up to three keys, the id always last. Newest first when nothing is asked. */
export function itemOrder(orderBy: readonly ItemOrderInput[] | null | undefined): ItemOrder {
  const wanted = orderBy?.length ? orderBy : [{ field: 'CREATED_AT' as const, direction: 'DESC' as const }];
  if (wanted.length > MAX_KEYS) throw badUserInput(`orderBy: ${wanted.length} keys; at most ${MAX_KEYS} are taken.`);
  const fields = wanted.map(({ field }, i) => {
    if (!field) throw badUserInput(`orderBy.${i}: name the field to order by.`);
    return field;
  });
  const twice = fields.find((field, i) => fields.indexOf(field) !== i);
  if (twice) throw badUserInput(`orderBy: ${twice} stands there twice.`);
  const keys = wanted.map(({ direction, nulls }, i): SortKey => {
    const { sql: key, type, nullable } = KEYS[fields[i]!];
    return { sql: key, type, direction: direction ?? 'ASC', ...(nullable && { nulls: nulls ?? 'LAST' }) };
  });
  const id: SortKey = { sql: sql`i.id`, type: 'uuid', direction: keys.at(-1)!.direction };
  return { keys: [...keys, id], name: `items ${fields.join()}`, byCreation: fields.join() === 'CREATED_AT' };
}

/** The keys of an order by creation in item_audiences, alias a, in the same directions. */
export const creationKeys = (order: Order): Order =>
  order.map((key) => ({ ...key, sql: key.type === 'uuid' ? sql`a.item_id` : sql`a.created_at` }));
