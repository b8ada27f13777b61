import { sql } from 'kysely';
import { batch, follow, type MaybePromise } from '../database/loader.ts';
import type { Db } from '../database/orm.ts';
import { placeOf, rightAt, standingIn } from '../directory/standing.queries.ts';
import type { Context } from '../graph/context.ts';
import { type AccessLevel, type Grant, type GranularPermission, NO_ACCESS, type Right } from './permission.policy.ts';

/** What a template or a direct grant gives on a tool. */
export interface ToolGrant extends Grant {
  genericToolId: string;
}

/**
 * All rights of the viewer. Read anew by each request: they are never cached.
 * A tool that is not available in a project, or that the viewer has level NONE on, is not in the answer.
 */
export async function rightsOf(db: Db, viewer: { id: string }): Promise<Right[]> {
  const { rows } = await sql<{
    projectId: string;
    genericToolId: string;
    accessLevel: AccessLevel;
    granularPermissions: GranularPermission[];
    adminsSeePrivateItems: boolean;
  }>`
    select held.project_id as "projectId", held.generic_tool_id as "genericToolId", held.access_level as "accessLevel",
      held.granular_permissions as "granularPermissions", tool.admins_see_private_items as "adminsSeePrivateItems"
    from tool_rights held join generic_tools tool on tool.id = held.generic_tool_id
    where held.user_id = ${viewer.id}`.execute(db);
  return rows;
}

/** All rights of the viewer. */
export const rightsEverywhere = batch<Context, 'all', Right[]>(async ({ lagging, viewer, loads }) => {
  const rights = await rightsOf(lagging, viewer);
  for (const right of rights) loads.know(rightAt, placeOf(right.projectId, right.genericToolId), right);
  return new Map([['all', rights]]);
});

/** The viewer's rights in a project: at once when they are known. */
export const rightsIn = ({ loads }: Context, projectId: string): MaybePromise<readonly Right[]> =>
  follow(loads.at(standingIn, projectId), (standing) => standing?.rights ?? []);

/** What the viewer holds on one tool in one project: at once when it is known; level NONE if nothing. */
export const grantOn = ({ loads }: Context, projectId: string, genericToolId: string): MaybePromise<Grant> =>
  follow(loads.at(rightAt, placeOf(projectId, genericToolId)), (right) => right ?? NO_ACCESS);
