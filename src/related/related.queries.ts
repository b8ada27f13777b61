import { type RawBuilder, sql } from 'kysely';
import { batch, byId, follow, groupBy, type MaybePromise } from '../database/loader.ts';
import type { Db } from '../database/orm.ts';
import { unseen } from '../database/prepared.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Context } from '../graph/context.ts';
import { itemById } from '../item/item.queries.ts';
import { seesItem } from '../item/sight.queries.ts';
import { seesTopic, topicById } from '../topic/topic.queries.ts';

/** That an item is related to another item or an external topic, from the side of the item. */
export interface RelatedRow {
  id: string;
  itemId: string;
  relatedItemId: string | null;
  topicId: string | null;
  note: string | null;
  createdById: string;
  createdAt: string;
}

const COLUMNS = sql`related.id, related.item_id as "itemId", related.related_item_id as "relatedItemId",
  related.topic_id as "topicId", related.note, related.created_by_id as "createdById", related.created_at as "createdAt"`;

const ends = ({ relatedItemId, topicId }: RelatedRow, { loads }: Context): MaybePromise<unknown> =>
  relatedItemId ? loads.at(itemById, relatedItemId) : loads.at(topicById, topicId!);

/** Whether the viewer sees both ends of a row; else there is no such row for them, nor its note. */
export const seesBothEnds = (context: Context, row: RelatedRow): MaybePromise<boolean> => {
  // both are asked for before either is waited for: one statement for the items at all ends
  const [near, far] = [context.loads.at(itemById, row.itemId), ends(row, context)];
  return follow(near, (item) => item !== null && follow(far, (other) => other !== null));
};

async function seen(context: Context, rows: readonly RelatedRow[]): Promise<RelatedRow[]> {
  const shown = await Promise.all(rows.map((row) => seesBothEnds(context, row)));
  return rows.filter((_, n) => shown[n]);
}

/** A row, if the viewer sees both of its ends. */
export const relatedById = batch<Context, string, RelatedRow>(async (context, ids) => {
  const { rows } = await sql<RelatedRow>`
    select ${COLUMNS} from related_items related
    where related.id = any(${ids}::uuid[]) and related.company_id = ${context.viewer.companyId}`.execute(
    context.lagging,
  );
  return byId(await seen(context, rows));
});

/** What items are related to, as far as the viewer sees it, oldest first. */
export const relatedTo = batch<Context, string, RelatedRow[]>(async (context, itemIds) => {
  const { rows } = await sql<RelatedRow>`
    select ${COLUMNS} from related_items related
    where related.item_id = any(${unseen(itemIds)}) and related.company_id = ${context.viewer.companyId}
    order by related.created_at, related.id`.execute(context.lagging);
  return groupBy(await seen(context, rows), ({ itemId }) => itemId);
});

/** Whether the viewer sees what is at the other end of a row. */
const seesOther = (viewer: Viewer): RawBuilder<boolean> => sql`(
  exists (select from items other where other.id = related.related_item_id and ${seesItem(viewer, 'other')})
  or exists (select from external_topics topic where topic.id = related.topic_id and ${seesTopic(viewer, 'topic')}))`;

/** A row of which the viewer sees the other end; whether they see the item itself is not asked. */
export async function relatedRow(db: Db, viewer: Viewer, id: string): Promise<RelatedRow | null> {
  const { rows } = await sql<RelatedRow>`
    select ${COLUMNS} from related_items related
    where related.id = ${id} and related.company_id = ${viewer.companyId} and ${seesOther(viewer)}`.execute(db);
  return rows[0] ?? null;
}

/** To how much each of these items is related that the viewer sees: what they do not see must not be told by a limit. */
export async function countRelated(db: Db, viewer: Viewer, itemIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; count: number }>`
    select related.item_id as id, count(*)::int as count from related_items related
    where related.item_id = any(${itemIds}::uuid[]) and ${seesOther(viewer)}
    group by related.item_id`.execute(db);
  return new Map(rows.map(({ id, count }) => [id, count]));
}
