import { type RawBuilder, sql } from 'kysely';
import { seesProject } from '../directory/directory.queries.ts';
import type { Context } from '../graph/context.ts';
import { badUserInput } from '../kernel/errors.ts';
import { textFault } from '../kernel/text.ts';
import { REFERENCE_KINDS, REFERENCE_TYPES, type ReferenceKind } from '../reference/reference.policy.ts';
import { isExternal, type TopicType } from '../topic/topic.policy.ts';

interface Place {
  /** the type of the graph whose load says whether the viewer sees it */
  type: string;
  table: string;
  inProject?: true;
}

/** Where the things are that keep the id of the system that they came from. */
const PLACES: Record<string, Place> = {
  VENDOR: { type: 'Vendor', table: 'vendors' },
  USER: { type: 'User', table: 'users' },
  PROJECT: { type: 'Project', table: 'projects' },
  GENERIC_TOOL: { type: 'GenericTool', table: 'generic_tools' },
  GENERIC_TOOL_STATUS: { type: 'GenericToolStatus', table: 'generic_tool_statuses' },
  ITEM: { type: 'Item', table: 'items', inProject: true },
  RESPONSE: { type: 'Response', table: 'responses', inProject: true },
  TEAM: { type: 'Team', table: 'teams' },
  ACCOUNT: { type: 'Account', table: 'accounts' },
  CONTACT: { type: 'Contact', table: 'contacts' },
  CASE: { type: 'Case', table: 'cases' },
};

/** The kinds of topics that are kept here. */
const OWN_TOPICS: Partial<Record<TopicType, string>> = { GENERIC_TOOL_ITEM: 'ITEM', PROJECT: 'PROJECT', CASE: 'CASE' };

/**
 * Type and id of what has an external id in the viewer's company; null when there is none, and of other companies. Whether the viewer
 * sees it is for the load of its type to say.
 */
export async function findExternal(
  context: Context,
  kind: string,
  externalId: string,
  where: { companyId: string; projectId: string | null; topicType: TopicType | null },
): Promise<{ type: string; id: string } | null> {
  const { db, viewer } = context;
  const { topicType } = where;
  if (kind === 'TOPIC') {
    if (topicType === null) throw badUserInput('topicType: an external id names a TOPIC only together with its type.');
    if (!isExternal(topicType)) return findExternal(context, OWN_TOPICS[topicType]!, externalId, where);
  }
  const place = PLACES[kind];
  const wanted = externalId.trim();
  if (where.companyId !== viewer.companyId || textFault(wanted)) return null;
  if (kind === 'TOPIC') return findOfProjects(context, topics(topicType!), wanted, where.projectId);
  if (isReference(kind)) return findOfProjects(context, references(kind), wanted, where.projectId);
  if (!place) return null;
  const inProject = place.inProject && where.projectId !== null ? sql`and project_id = ${where.projectId}` : sql``;
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(place.table)}
    where company_id = ${viewer.companyId} and external_id = ${wanted} ${inProject}`.execute(db);
  return rows[0] ? { type: place.type, id: rows[0].id } : null;
}

const isReference = (kind: string): kind is ReferenceKind => (REFERENCE_KINDS as string[]).includes(kind);

/** Things whose external ids are unique in a project only. */
interface OfProjects {
  type: string;
  /** as messages call it */
  kind: string;
  rows: RawBuilder<unknown>;
}

const references = (kind: ReferenceKind): OfProjects => ({
  type: REFERENCE_TYPES[kind],
  kind,
  rows: sql`reference_data r where r.kind = ${kind}`,
});

const topics = (kind: TopicType): OfProjects => ({
  type: 'ExternalTopic',
  kind,
  rows: sql`external_topics r where r.topic_type = ${kind}`,
});

/** Without a project, only what the viewer sees in a single project is found. */
async function findOfProjects(
  { db, viewer }: Context,
  { type, kind, rows: from }: OfProjects,
  externalId: string,
  projectId: string | null,
): Promise<{ type: string; id: string } | null> {
  const { rows } = await sql<{ id: string }>`
    select r.id from ${from}
      and r.company_id = ${viewer.companyId} and r.external_id = ${externalId}
      and exists (select from projects p where p.id = r.project_id and ${seesProject({ viewer }, 'p')})
      ${projectId === null ? sql`` : sql`and r.project_id = ${projectId}`}
    limit 2`.execute(db);
  if (rows.length > 1) throw badUserInput(`projectId: several projects have a ${kind} "${externalId.slice(0, 100)}".`);
  return rows[0] ? { type, id: rows[0].id } : null;
}
