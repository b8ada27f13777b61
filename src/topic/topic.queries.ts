import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { batch, byId } from '../database/loader.ts';
import { prepared, unseen } from '../database/prepared.ts';
import { seesProject } from '../directory/directory.queries.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Context } from '../graph/context.ts';
import type { TopicNamed } from './topic.input.ts';
import type { TopicType } from './topic.policy.ts';

export interface TopicRow {
  id: string;
  projectId: string;
  topicType: TopicType;
  externalId: string;
  title: string;
  number: string | null;
  url: string | null;
}

/** Which external topics the viewer sees: those of the projects that they see. `alias` is a row of external_topics. */
export const seesTopic = (viewer: Viewer, alias: string): RawBuilder<SqlBool> => sql`exists (
  select from projects home where home.id = ${sql.ref(`${alias}.project_id`)}
    and home.company_id = ${viewer.companyId} and ${seesProject({ viewer }, 'home')})`;

/** An external topic, if the viewer sees it. */
export const topicById = batch<Context, string, TopicRow>(async ({ lagging, viewer }, ids) => {
  const { rows } = await prepared(sql<TopicRow>`
    select t.id, t.project_id as "projectId", t.topic_type as "topicType", t.external_id as "externalId", t.title, t.number, t.url
    from external_topics t where t.id = any(${unseen(ids)}) and ${seesTopic(viewer, 't')}`).execute(lagging);
  return byId(rows);
});

/** Topics as they were named, as a table `named`: n (counted from 1), type, id, external_id, project_id. */
export const namedTopics = (wanted: readonly TopicNamed[]): RawBuilder<unknown> => sql`unnest(
  ${wanted.map(({ type }) => type)}::text[], ${wanted.map(({ id }) => id)}::uuid[],
  ${wanted.map(({ externalId }) => externalId)}::text[], ${wanted.map(({ projectId }) => projectId)}::uuid[]
) with ordinality as named(type, id, external_id, project_id, n)`;

/** The external topics among those that were named, as far as the viewer sees them: n and id. */
export const externalTopics = (viewer: Viewer, wanted: readonly TopicNamed[]): RawBuilder<unknown> => sql`
  select named.n, t.id
  from ${namedTopics(wanted)} join external_topics t on t.topic_type = named.type and t.company_id = ${viewer.companyId}
    and (t.id = named.id or (t.project_id = named.project_id and t.external_id = named.external_id))
  where ${seesTopic(viewer, 't')}`;
