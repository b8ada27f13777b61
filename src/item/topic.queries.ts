import { type RawBuilder, sql } from 'kysely';
import { seesCase } from '../contact/case.queries.ts';
import type { Db } from '../database/orm.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { TopicNamed } from '../topic/topic.input.ts';
import { externalTopics, namedTopics } from '../topic/topic.queries.ts';
import type { TopicFound } from './item.origin.ts';
import { seesItem } from './sight.queries.ts';

/** The items and external topics among those that were named, as far as the viewer sees them: kind, n (from 1) and id. */
export const topicsSeen = (viewer: Viewer, wanted: readonly TopicNamed[]): RawBuilder<unknown> => sql`
  select 'EXTERNAL' as kind, topic.n, topic.id from (${externalTopics(viewer, wanted)}) topic
  union all
  select 'ITEM', named.n, i.id
  from ${namedTopics(wanted)} join items i on named.type = 'GENERIC_TOOL_ITEM' and i.company_id = ${viewer.companyId}
    and (i.id = named.id or (i.external_id = named.external_id and i.project_id = named.project_id))
  where ${seesItem(viewer, 'i')}`;

/** Those of the items named that the viewer sees, and where they come from, and so on as far as it is seen: id, originItemId. */
export const linesOf = (viewer: Viewer, wanted: readonly TopicNamed[]): RawBuilder<unknown> => sql`
  with recursive line as (
    select i.id, i.origin_item_id from items i join (${topicsSeen(viewer, wanted)}) topic on topic.kind = 'ITEM' and topic.id = i.id
    union
    select i.id, i.origin_item_id from line join items i on i.id = line.origin_item_id and ${seesItem(viewer, 'i')}
  )
  select id, origin_item_id as "originItemId" from line`;

const caseSeen = (viewer: Viewer, { id, externalId }: TopicNamed): RawBuilder<unknown> => sql`
  select 'CASE' as kind, c.id from cases c where (c.id = ${id} or c.external_id = ${externalId}) and ${seesCase(viewer, 'c')}`;

/** The item, external topic or case of that name, if the viewer sees it. */
export async function findTopic(db: Db, viewer: Viewer, wanted: TopicNamed): Promise<TopicFound | null> {
  const seen = wanted.type === 'CASE' ? caseSeen(viewer, wanted) : topicsSeen(viewer, [wanted]);
  const { rows } = await sql<TopicFound>`${seen}`.execute(db);
  return rows[0] ?? null;
}
