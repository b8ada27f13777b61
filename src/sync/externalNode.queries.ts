import { sql } from 'kysely';
import { seesProject } from '../directory/directory.queries.ts';
import type { Context } from '../graph/context.ts';
import { badUserInput } from '../kernel/errors.ts';
import { textFault } from '../kernel/text.ts';
import { REFERENCE_KINDS, REFERENCE_TYPES, type ReferenceKind } from '../reference/reference.policy.ts';

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
};

/**
 * Type and id of what has an external id in the viewer's company; null when there is none, of other companies, and of kinds that
 * there are none of yet. Whether the viewer sees it is for the load of its type to say.
 */
export async function findExternal(
  context: Context,
  kind: string,
  externalId: string,
  where: { companyId: string; projectId: string | null },
): Promise<{ type: string; id: string } | null> {
  const { db, viewer } = context;
  const place = PLACES[kind];
  const wanted = externalId.trim();
  if (where.companyId !== viewer.companyId || textFault(wanted)) return null;
  if (isReference(kind)) return findReference(context, kind, wanted, where.projectId);
  if (!place) return null;
  const inProject = place.inProject && where.projectId !== null ? sql`and project_id = ${where.projectId}` : sql``;
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(place.table)}
    where company_id = ${viewer.companyId} and external_id = ${wanted} ${inProject}`.execute(db);
  return rows[0] ? { type: place.type, id: rows[0].id } : null;
}

const isReference = (kind: string): kind is ReferenceKind => (REFERENCE_KINDS as string[]).includes(kind);

/** External ids of reference data are unique in a project only: without one, only what the viewer sees in a single project is found. */
async function findReference(
  { db, viewer }: Context,
  kind: ReferenceKind,
  externalId: string,
  projectId: string | null,
): Promise<{ type: string; id: string } | null> {
  const { rows } = await sql<{ id: string }>`
    select r.id from reference_data r join projects p on p.id = r.project_id and ${seesProject({ viewer }, 'p')}
    where r.company_id = ${viewer.companyId} and r.kind = ${kind} and r.external_id = ${externalId}
      ${projectId === null ? sql`` : sql`and r.project_id = ${projectId}`}
    limit 2`.execute(db);
  if (rows.length > 1) throw badUserInput(`projectId: several projects have a ${kind} "${externalId.slice(0, 100)}".`);
  return rows[0] ? { type: REFERENCE_TYPES[kind], id: rows[0].id } : null;
}
