import { sql } from 'kysely';
import type { Context } from '../graph/context.ts';
import { textFault } from '../kernel/text.ts';

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
  { db, viewer }: Context,
  kind: string,
  externalId: string,
  where: { companyId: string; projectId: string | null },
): Promise<{ type: string; id: string } | null> {
  const place = PLACES[kind];
  const wanted = externalId.trim();
  if (!place || where.companyId !== viewer.companyId || textFault(wanted)) return null;
  const inProject = place.inProject && where.projectId !== null ? sql`and project_id = ${where.projectId}` : sql``;
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(place.table)}
    where company_id = ${viewer.companyId} and external_id = ${wanted} ${inProject}`.execute(db);
  return rows[0] ? { type: place.type, id: rows[0].id } : null;
}
