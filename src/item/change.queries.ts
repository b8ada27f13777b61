import { sql } from 'kysely';
import { type Order, orderBy, type PageArgs, pageOf, type SortValues, sortValues } from '../database/keyset.ts';
import { batch, byId } from '../database/loader.ts';
import { partsOf } from '../database/nestedPages.ts';
import { type Connection, connectionOf } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import { grantOn } from '../permission/permission.queries.ts';
import type { Change } from './item.history.ts';
import { canSeeDraftChanges } from './item.policy.ts';
import { type ItemRow, itemById } from './item.queries.ts';

export interface ItemChangeRow {
  id: string;
  itemId: string;
  field: Change['field'];
  oldValue: string | null;
  newValue: string | null;
  inDraft: boolean;
  createdById: string;
  createdAt: string;
}

const COLUMNS = sql`c.id, c.item_id as "itemId", c.field, c.old_value as "oldValue", c.new_value as "newValue",
  c.in_draft as "inDraft", c.created_by_id as "createdById", c.created_at as "createdAt"`;

/** Newest first. Ids of one change are in the order of its fields. */
const NEWEST_FIRST: Order = [
  { sql: sql`c.created_at`, type: 'timestamptz', direction: 'DESC' },
  { sql: sql`c.id`, type: 'uuid', direction: 'DESC' },
];
/** The same where the columns have the names of a row. */
const OUTSIDE: Order = [
  { ...NEWEST_FIRST[0]!, sql: sql`c."createdAt"` },
  { ...NEWEST_FIRST[1]!, sql: sql`c.id` },
];

const seesDrafts = async (context: Context, item: ItemRow): Promise<boolean> =>
  canSeeDraftChanges(context.viewer, await grantOn(context, item.projectId, item.genericToolId), item);

/** A change, if the viewer sees its item and it. */
export const itemChangeById = batch<Context, string, ItemChangeRow>(async (context, ids) => {
  const { rows } = await sql<ItemChangeRow>`
    select ${COLUMNS} from item_changes c
    where c.id = any(${ids}::uuid[]) and c.company_id = ${context.viewer.companyId}`.execute(context.lagging);
  const seen = await Promise.all(
    rows.map(async ({ itemId, inDraft }) => {
      const item = await context.loads.load(itemById, itemId);
      return item !== null && (!inDraft || (await seesDrafts(context, item)));
    }),
  );
  return byId(rows.filter((_, n) => seen[n]));
});

type Listed = ItemRow & { seesDrafts: boolean };

/** The items whose history is listed, as rows: each once, however often it was asked for. */
const parents = (asked: readonly Listed[]) => {
  const items = [...byId(asked).values()];
  return sql`unnest(
    ${items.map(({ id }) => id)}::uuid[], ${items.map((item) => item.seesDrafts)}::boolean[]) as item(id, sees_drafts)`;
};
const seen = sql`c.item_id = item.id and (item.sees_drafts or not c.in_draft)`;

const changesPart = partsOf(async ({ lagging }: Context, part, items: readonly Listed[]) => {
  const outside = part.order.map((key, n) => ({ ...key, sql: OUTSIDE[n]!.sql }));
  const { rows } = await sql<ItemChangeRow & { parentId: string; sortValues: SortValues }>`
    select item.id as "parentId", c.*
    from ${parents(items)}
    cross join lateral (
      select ${COLUMNS}, ${sortValues(NEWEST_FIRST)} as "sortValues"
      from item_changes c where ${seen} and ${part.where}
      order by ${orderBy(part.order)} limit ${part.limit}
    ) c
    order by ${orderBy(outside)}`.execute(lagging);
  return rows;
});

const changeCount = batch<Context, Listed, number>(async ({ lagging }, items) => {
  const { rows } = await sql<{ id: string; count: number }>`
    select item.id, count(*)::int as count from ${parents(items)} join item_changes c on ${seen} group by item.id`.execute(
    lagging,
  );
  const counts = new Map(rows.map(({ id, count }) => [id, count]));
  return new Map(items.map((item) => [item, counts.get(item.id) ?? 0]));
});

/** The history of an item, newest first, as far as the viewer sees it. */
export async function listChanges(context: Context, item: ItemRow, args: PageArgs): Promise<Connection<ItemChangeRow>> {
  const parent = { ...item, seesDrafts: await seesDrafts(context, item) };
  const page = await pageOf(
    args,
    NEWEST_FIRST,
    'changes',
    async (part) => (await context.loads.load(changesPart, { parent, part })) ?? [],
  );
  return connectionOf(page, async () => (await context.loads.load(changeCount, parent)) ?? 0);
}
