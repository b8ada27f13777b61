import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { seesCase } from '../contact/case.queries.ts';
import type { Db } from '../database/orm.ts';
import type { Viewer } from '../directory/viewer.ts';
import { isFor, seesItem } from '../item/sight.queries.ts';
import { uuidOf } from '../kernel/ids.ts';
import type { TopicInput, TopicNamed } from '../topic/topic.input.ts';
import { isExternal, type TopicType } from '../topic/topic.policy.ts';

/** Whether thread c is about the topic of that name; whoever sees the thread sees its topic. What names none matches nothing. */
export function isAbout(viewer: Viewer, { type, id, externalId, projectId }: TopicInput): RawBuilder<SqlBool> {
  if ((id == null) === (externalId == null)) return sql`false`;
  const [graphType, column, table] = isExternal(type)
    ? ['ExternalTopic', 'external_topic_id', 'external_topics']
    : type === 'GENERIC_TOOL_ITEM'
      ? ['Item', 'item_id', 'items']
      : type === 'CASE'
        ? ['Case', 'case_id', 'cases']
        : ['Project', 'project_id', 'projects'];
  const is = sql`c.topic_type = ${type}`;
  if (id != null) {
    const uuid = uuidOf(graphType!, id);
    return uuid === null ? sql`false` : sql`(${is} and ${sql.ref(`c.${column}`)} = ${uuid})`;
  }
  const project = projectId == null ? null : uuidOf('Project', projectId);
  const within = table === 'items' || table === 'external_topics';
  if (within && project === null) return sql`false`;
  return sql`(${is} and ${sql.ref(`c.${column}`)} in (
    select t.id from ${sql.table(table!)} t where t.company_id = ${viewer.companyId} and t.external_id = ${externalId}
      ${within ? sql`and t.project_id = ${project}` : sql``}
      ${table === 'external_topics' ? sql`and t.topic_type = ${type}` : sql``}))`;
}

/** What a thread is about, in uuids. */
export interface ThreadTopic {
  topicType: TopicType | null;
  projectId: string | null;
  itemId: string | null;
  externalTopicId: string | null;
  caseId: string | null;
}

/**
 * Who of some users sees what a thread is, or will be, about: of one about nothing all users of the company. One statement. Who
 * is not active sees nothing; whether the thread is private is not asked.
 */
export async function whoSeesTopic(
  db: Db,
  companyId: string,
  { topicType, projectId, itemId, caseId }: ThreadTopic,
  userIds: readonly string[],
): Promise<Set<string>> {
  if (userIds.length === 0) return new Set();
  const sees = itemId
    ? sql`exists (
        select from items i join tool_rights r on r.project_id = i.project_id and r.generic_tool_id = i.generic_tool_id and r.user_id = u.id
        join generic_tools t on t.id = i.generic_tool_id join item_audiences a on a.item_id = i.id
        where i.id = ${itemId} and ${isFor(sql.ref('u.id'), sql.ref('u.vendor_id'))})`
    : caseId
      ? sql`exists (select from cases matter where matter.id = ${caseId} and (u.is_company_admin or matter.owner_id = u.id
          or exists (select from team_users tu where tu.team_id = matter.team_id and tu.user_id = u.id)))`
      : topicType
        ? sql`exists (select from project_members pm where pm.project_id = ${projectId} and pm.user_id = u.id)`
        : sql`true`;
  const { rows } = await sql<{ id: string }>`
    select u.id from users u where u.id = any(${userIds}::uuid[]) and u.company_id = ${companyId} and u.active and ${sees}`.execute(
    db,
  );
  return new Set(rows.map(({ id }) => id));
}

/** What a thread is about, found by name, with what its subject is where nobody says one. */
export interface TopicToWrite extends ThreadTopic {
  subject: string;
}

const COLUMNS = sql`"topicType", "projectId", "itemId", "externalTopicId", "caseId", subject`;
const none = sql`null::uuid`;

/** Whether the viewer sees a project as its member: who does may keep a thread with it. */
export async function projectToWrite(db: Db, viewer: Viewer, projectId: string): Promise<boolean> {
  const { rows } = await sql`
    select from project_members pm where pm.project_id = ${projectId} and pm.user_id = ${viewer.id}`.execute(db);
  return rows.length > 0;
}

/** The topic of that name, if the viewer sees it: whoever does may write about it. */
export async function topicToWrite(db: Db, viewer: Viewer, named: TopicNamed): Promise<TopicToWrite | null> {
  const { type, id, externalId, projectId } = named;
  const company = viewer.companyId;
  const is = (alias: string, within: boolean) => sql`${sql.ref(`${alias}.company_id`)} = ${company} and (
    ${sql.ref(`${alias}.id`)} = ${id} or (${sql.ref(`${alias}.external_id`)} = ${externalId}
      ${within ? sql`and ${sql.ref(`${alias}.project_id`)} = ${projectId}` : sql``}))`;
  const found = isExternal(type)
    ? sql`select t.topic_type, t.project_id, ${none}, t.id, ${none}, concat_ws(' ', t.number, t.title)
        from external_topics t join project_members pm on pm.project_id = t.project_id and pm.user_id = ${viewer.id}
        where t.topic_type = ${type} and ${is('t', true)}`
    : type === 'GENERIC_TOOL_ITEM'
      ? sql`select 'GENERIC_TOOL_ITEM', i.project_id, i.id, ${none}, ${none}, concat_ws(' ', i.number, i.title)
          from items i where ${is('i', true)} and ${seesItem(viewer, 'i')}`
      : type === 'CASE'
        ? sql`select 'CASE', ${none}, ${none}, ${none}, matter.id, matter.title
            from cases matter where ${is('matter', false)} and ${seesCase(viewer, 'matter')}`
        : sql`select 'PROJECT', p.id, ${none}, ${none}, ${none}, concat_ws(' ', p.number, p.name)
            from projects p join project_members pm on pm.project_id = p.id and pm.user_id = ${viewer.id} where ${is('p', false)}`;
  const { rows } = await sql<TopicToWrite>`
    select ${COLUMNS} from (${found}) as found("topicType", "projectId", "itemId", "externalTopicId", "caseId", subject)`.execute(
    db,
  );
  return rows[0] ?? null;
}
