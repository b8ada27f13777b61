import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../database/orm.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { TopicNamed } from '../topic/topic.input.ts';
import { externalTopics, namedTopics } from '../topic/topic.queries.ts';
import { seesItem } from './sight.queries.ts';

/** What a topic that was named turned out to be. */
export interface TopicFound {
  kind: 'ITEM' | 'EXTERNAL';
  id: string;
}

/** The items and external topics among those that were named, as far as the viewer sees them: kind, n (from 1) and id. */
export const topicsSeen = (viewer: Viewer, wanted: readonly TopicNamed[]): RawBuilder<unknown> => sql`
  select 'EXTERNAL' as kind, topic.n, topic.id from (${externalTopics(viewer, wanted)}) topic
  union all
  select 'ITEM', named.n, i.id
  from ${namedTopics(wanted)} join items i on named.type = 'GENERIC_TOOL_ITEM' and i.company_id = ${viewer.companyId}
    and (i.id = named.id or (i.external_id = named.external_id and i.project_id = named.project_id))
  where ${seesItem(viewer, 'i')}`;

/** The item or external topic of that name, if the viewer sees it. */
export async function findTopic(db: Db, viewer: Viewer, wanted: TopicNamed): Promise<TopicFound | null> {
  const { rows } = await sql<TopicFound>`${topicsSeen(viewer, [wanted])}`.execute(db);
  return rows[0] ?? null;
}
