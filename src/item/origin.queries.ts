import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type Order, orderBy, type PageArgs, pageOf, type SortValues, sortValues } from '../database/keyset.ts';
import { batch } from '../database/loader.ts';
import { partsOf } from '../database/nestedPages.ts';
import { prepared, unseen } from '../database/prepared.ts';
import type { Viewer } from '../directory/viewer.ts';
import { type Connection, connectionOf } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import type { Audience } from './item.policy.ts';
import { type ItemRow, itemOf, type StoredItem, storedColumns } from './item.queries.ts';
import { isFor } from './sight.queries.ts';

/** What items were made out of, and which of their fields are asked for. */
interface Origin {
  id: string;
  asked: ReadonlySet<string>;
}

const NEWEST: Order = [
  { sql: sql`i.created_at`, type: 'timestamptz', direction: 'DESC' },
  { sql: sql`i.id`, type: 'uuid', direction: 'DESC' },
];

/**
 * The live items of some rows that were made out of an origin, with an audience that the viewer sees each by. In their order, so that
 * only as many are looked at as a page needs: 25 of 10,000 take a quarter of the time that looking at all of them takes.
 */
const createdFrom = (viewer: Viewer, column: string, rows: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  (
    select i.* from items i
    where ${sql.ref(`i.${column}`)} = origin.id and i.company_id = ${viewer.companyId} and i.archived_at is null ${rows} offset 0
  ) i
  cross join lateral (
    select a.audience
    from tool_rights r join generic_tools t on t.id = r.generic_tool_id join item_audiences a on a.item_id = i.id
    where r.user_id = ${viewer.id} and r.project_id = i.project_id and r.generic_tool_id = i.generic_tool_id
      and ${isFor(sql`${viewer.id}`, sql`${viewer.vendorId}::uuid`)}
    limit 1
  ) seen`;

const origins = (of: readonly Origin[]): RawBuilder<SqlBool> =>
  sql`unnest(${unseen([...new Set(of.map(({ id }) => id))])}) as origin(id)`;

type Created = StoredItem & { parentId: string; seenAs: Audience; sortValues: SortValues };

/** Lists of the items that were made out of something, which they refer to by this column. */
function createdBy(column: 'origin_item_id' | 'origin_topic_id') {
  const parts = partsOf(async ({ lagging, viewer }: Context, part, of: readonly Origin[]) => {
    const { rows } = await prepared(sql<Created>`
      select origin.id as "parentId", created.*
      from ${origins(of)} cross join lateral (
        select ${storedColumns(of[0]!.asked)}, seen.audience as "seenAs", ${sortValues(NEWEST)} as "sortValues"
        from ${createdFrom(viewer, column, sql`and ${part.where} order by ${orderBy(part.order)}`)}
        order by ${orderBy(part.order)} limit ${part.limit}
      ) created`).execute(lagging);
    return rows.map(itemOf);
  });
  const count = batch<Context, string, number>(async ({ lagging, viewer }, ids) => {
    const { rows } = await sql<{ id: string; count: number }>`
      select origin.id, (select count(*)::int from ${createdFrom(viewer, column, sql``)}) as count
      from unnest(${unseen(ids)}) as origin(id)`.execute(lagging);
    return new Map(rows.map((row) => [row.id, row.count]));
  });
  return async (
    { loads }: Context,
    id: string,
    args: PageArgs,
    asked: ReadonlySet<string>,
  ): Promise<Connection<ItemRow>> => {
    const page = await pageOf(args, NEWEST, 'createdItems', async (part) => {
      const key = JSON.stringify([part.key, [...asked].sort()]);
      return (await loads.load(parts, { parent: { id, asked }, part: { ...part, key } })) ?? [];
    });
    return connectionOf(page, async () => (await loads.load(count, id)) ?? 0);
  };
}

/** The live items that were made out of an item, as far as the viewer sees them, newest first. */
export const listCreatedFromItem = createdBy('origin_item_id');

/** The same of an external topic. */
export const listCreatedFromTopic = createdBy('origin_topic_id');
