import { type RawBuilder, sql } from 'kysely';
import { batch, groupBy } from '../database/loader.ts';
import type { Db } from '../database/orm.ts';
import type { Context } from '../graph/context.ts';
import { type AccessLevel, type Grant, type GranularPermission, NO_ACCESS } from './permission.policy.ts';

/** What the viewer holds on a tool in a project, with what else decides about sight there. Only READ_ONLY or more has one. */
export interface Right extends Grant {
  projectId: string;
  genericToolId: string;
  adminsSeePrivateItems: boolean;
}

/** What a template or a direct grant gives on a tool. */
export interface ToolGrant extends Grant {
  genericToolId: string;
}

/**
 * The viewer's rights, of some projects or of all. Read anew by each request: they are never cached.
 * A tool that is not available in a project, or that the viewer has level NONE on, is not in the answer.
 */
export async function rightsOf(db: Db, viewer: { id: string }, projectIds?: readonly string[]): Promise<Right[]> {
  const some: RawBuilder<unknown> = projectIds ? sql`and held.project_id = any(${projectIds}::uuid[])` : sql``;
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
    where held.user_id = ${viewer.id} ${some}`.execute(db);
  return rows;
}

/** The viewer's rights in a project. */
export const rightsInProject = batch<Context, string, Right[]>(async ({ db, viewer }, projectIds) => {
  const rights = groupBy(await rightsOf(db, viewer, projectIds), ({ projectId }) => projectId);
  return new Map(projectIds.map((id) => [id, rights.get(id) ?? []]));
});

/** All rights of the viewer. */
export const rightsEverywhere = batch<Context, 'all', Right[]>(
  async ({ db, viewer }) => new Map([['all', await rightsOf(db, viewer)]]),
);

/** What the viewer holds on one tool in one project; level NONE if nothing. */
export async function grantOn({ loads }: Context, projectId: string, genericToolId: string): Promise<Grant> {
  const rights = (await loads.load(rightsInProject, projectId)) ?? [];
  return rights.find((right) => right.genericToolId === genericToolId) ?? NO_ACCESS;
}
