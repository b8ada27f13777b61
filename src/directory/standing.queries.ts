import { sql } from 'kysely';
import { batch } from '../database/loader.ts';
import { prepared, unseen } from '../database/prepared.ts';
import type { Context } from '../graph/context.ts';
import type { Right } from '../permission/permission.policy.ts';

/** What the viewer is in a project of their company: there to be seen (domain.md 3: members and company admins), and their rights. */
export interface Standing {
  projectId: string;
  rights: Right[];
}

/**
 * The viewer's standing in projects that they see. Read anew by each request: what decides about rights is never remembered. A
 * replica has the last change of rights, or is not read (context.ts); rights and rows from one server are of one age.
 */
export const standingIn = batch<Context, string, Standing>(async ({ lagging, viewer, loads }, projectIds) => {
  const { rows } = await prepared(sql<Right | { projectId: string; genericToolId: null }>`
    select project.id as "projectId", held.generic_tool_id as "genericToolId", held.access_level as "accessLevel",
      held.granular_permissions as "granularPermissions", tool.admins_see_private_items as "adminsSeePrivateItems"
    from projects project
    left join project_members member on member.project_id = project.id and member.user_id = ${viewer.id}
    left join tool_rights held on held.project_id = project.id and held.user_id = ${viewer.id}
    left join generic_tools tool on tool.id = held.generic_tool_id
    where project.id = any(${unseen(projectIds)}) and project.company_id = ${viewer.companyId}
      ${viewer.isCompanyAdmin ? sql`` : sql`and member.id is not null`}`).execute(lagging);
  const standings = new Map<string, Standing>();
  for (const { projectId, ...row } of rows) {
    const standing = standings.get(projectId) ?? { projectId, rights: [] };
    standings.set(projectId, standing);
    if (row.genericToolId === null) continue;
    standing.rights.push({ projectId, ...row });
    loads.know(rightAt, placeOf(projectId, row.genericToolId), standing.rights.at(-1)!);
  }
  return standings;
});

/** A tool in a project, as a key. */
export const placeOf = (projectId: string, genericToolId: string): string => `${projectId} ${genericToolId}`;

/** What the viewer holds on a tool in a project, if anything. Keys are those of placeOf. */
export const rightAt = batch<Context, string, Right>(async ({ loads }, places) => {
  const standings = await loads.loadAll(standingIn, [...new Set(places.map((place) => place.split(' ')[0]!))]);
  const rights = standings.flatMap((standing) => standing.rights);
  return new Map(rights.map((right) => [placeOf(right.projectId, right.genericToolId), right]));
});
