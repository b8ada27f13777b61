import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type Order, orderBy, type PageArgs, pageOf, type SortValues, sortValues } from '../database/keyset.ts';
import { batch, byId, follow, type MaybePromise } from '../database/loader.ts';
import { partsOf } from '../database/nestedPages.ts';
import type { Db } from '../database/orm.ts';
import { prepared, unseen } from '../database/prepared.ts';
import type { Viewer } from '../directory/viewer.ts';
import { type Connection, connectionOf } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import { ADMINS, canSeeResponse } from '../item/item.policy.ts';
import { type ItemRow, involvedIds, itemById } from '../item/item.queries.ts';
import { grantOn } from '../permission/permission.queries.ts';

export interface ResponseRow {
  id: string;
  externalId: string | null;
  itemId: string;
  notes: string;
  official: boolean;
  position: number;
  statusId: string;
  createdById: string;
  createdAt: string;
}

const COLUMNS = sql`r.id, r.external_id as "externalId", r.item_id as "itemId", r.notes, r.official, r.position,
  r.status_id as "statusId", r.created_by_id as "createdById", r.created_at as "createdAt"`;

const BY_POSITION: Order = [
  { sql: sql`r.position`, type: 'integer', direction: 'ASC' },
  { sql: sql`r.id`, type: 'uuid', direction: 'ASC' },
];

/** Whether the viewer sees a response of an item that they see. */
const seesResponse = (
  context: Context,
  item: ItemRow,
  response: { official: boolean; createdById: string },
): MaybePromise<boolean> =>
  follow(grantOn(context, item.projectId, item.genericToolId), (grant) => {
    const involved = involvedIds(item).map((id) => ({ id }));
    return canSeeResponse(context.viewer, grant, { involved }, response);
  });

/** The same in SQL: of a response r to an item i that the viewer sees, with what they hold (`held`). */
export const responseIsSeen = (viewer: Pick<Viewer, 'id'>): RawBuilder<SqlBool> => sql`(
  r.official or r.created_by_id = ${viewer.id} or i.created_by_id = ${viewer.id} or i.received_from_id = ${viewer.id}
  or exists (select 1 from item_people p where p.item_id = i.id and p.user_id = ${viewer.id})
  or exists (select 1 from held h where h.project_id = i.project_id and h.generic_tool_id = i.generic_tool_id and h.audience = ${ADMINS}))`;

/** A response, if the viewer sees its item and it. */
export const responseById = batch<Context, string, ResponseRow>(async (context, ids) => {
  const { rows } = await sql<ResponseRow>`
    select ${COLUMNS} from responses r
    where r.id = any(${ids}::uuid[]) and r.company_id = ${context.viewer.companyId}`.execute(context.lagging);
  const seen = await Promise.all(
    rows.map(async (row) => {
      const item = await context.loads.load(itemById, row.itemId);
      return item !== null && (await seesResponse(context, item, row));
    }),
  );
  return byId(rows.filter((_, n) => seen[n]));
});

type Listed = ItemRow & { seesAll: boolean };

/** The items whose responses are listed, as rows, each once however often it was asked for; beside it the SQL face of canSeeResponse. */
const parents = (asked: readonly Listed[]) => {
  const items = [...byId(asked).values()];
  return sql`unnest(
    ${unseen(items.map(({ id }) => id))}, ${items.map(({ seesAll }) => seesAll)}::boolean[]) as item(id, sees_all)`;
};
const seen = ({ viewer }: Context) =>
  sql`r.item_id = item.id and (item.sees_all or r.official or r.created_by_id = ${viewer.id})`;

const responsesPart = partsOf(async (context: Context, part, items: readonly Listed[]) => {
  const { rows } = await prepared(sql<ResponseRow & { parentId: string; sortValues: SortValues }>`
    select item.id as "parentId", r.*
    from ${parents(items)}
    cross join lateral (
      select ${COLUMNS}, ${sortValues(BY_POSITION)} as "sortValues"
      from responses r where ${seen(context)} and ${part.where}
      order by ${orderBy(part.order)} limit ${part.limit}
    ) r
    order by ${orderBy(part.order)}`).execute(context.lagging);
  return rows;
});

async function counted(context: Context, items: readonly Listed[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; count: number }>`
    select item.id, count(*)::int as count from ${parents(items)} join responses r on ${seen(context)} group by item.id`.execute(
    context.lagging,
  );
  return new Map(rows.map(({ id, count }) => [id, count]));
}

const responseCount = batch<Context, Listed, number>(async (context, items) => {
  const counts = await counted(context, items);
  return new Map(items.map((item) => [item, counts.get(item.id) ?? 0]));
});

/** An item as the lists of its responses want it: whoever sees a response that is neither official nor their own sees them all. */
const listed = async (context: Context, item: ItemRow): Promise<Listed> => ({
  ...item,
  seesAll: await seesResponse(context, item, { official: false, createdById: '' }),
});

/** How many responses of these items the viewer sees, by the id of the item; none for those that have none. */
export const countResponses = async (context: Context, items: readonly ItemRow[]): Promise<Map<string, number>> =>
  counted(context, await Promise.all(items.map((item) => listed(context, item))));

/** The responses of an item in their order, as far as the viewer sees them. */
export async function listResponses(context: Context, item: ItemRow, args: PageArgs): Promise<Connection<ResponseRow>> {
  const parent = await listed(context, item);
  const page = await pageOf(
    args,
    BY_POSITION,
    'responses',
    async (part) => (await context.loads.load(responsesPart, { parent, part })) ?? [],
  );
  return connectionOf(page, async () => (await context.loads.load(responseCount, parent)) ?? 0);
}

/**
 * Which of these users may see which of these responses, if they see its item: canSeeResponse in SQL for several at once, for whoever
 * tells of an act after it.
 */
export async function responseSightOf(
  db: Db,
  responseIds: readonly string[],
  userIds: readonly string[],
): Promise<{ userId: string; responseId: string }[]> {
  const { rows } = await sql<{ userId: string; responseId: string }>`
    select u.id as "userId", r.id as "responseId"
    from responses r join items i on i.id = r.item_id cross join unnest(${userIds}::uuid[]) as u(id)
    where r.id = any(${responseIds}::uuid[]) and (
      r.official or u.id in (r.created_by_id, i.created_by_id, i.received_from_id)
      or exists (select from item_people p where p.item_id = i.id and p.user_id = u.id)
      or exists (select from tool_rights held where held.user_id = u.id and held.project_id = i.project_id
        and held.generic_tool_id = i.generic_tool_id and held.access_level = 'ADMIN'))`.execute(db);
  return rows;
}
