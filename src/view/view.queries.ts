import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { batch, byId, groupBy } from '../database/loader.ts';
import { seesProject } from '../directory/directory.queries.ts';
import type { Context } from '../graph/context.ts';

export interface SavedViewRow {
  id: string;
  projectId: string;
  ownerId: string;
  name: string;
  shared: boolean;
  /** as they were given; whoever uses them reads them anew */
  filter: unknown;
  orderBy: unknown;
  columns: string[];
}

/** Views that the viewer sees: the SQL face of canSeeView. */
const seen = async (context: Context, where: RawBuilder<SqlBool>): Promise<SavedViewRow[]> => {
  const { rows } = await sql<SavedViewRow>`
    select v.id, v.project_id as "projectId", v.owner_id as "ownerId", v.name, v.shared, v.filter, v.order_by as "orderBy", v.columns
    from saved_views v join projects project on project.id = v.project_id
    where ${where} and ${seesProject(context, 'project')} and (v.shared or v.owner_id = ${context.viewer.id})
    order by v.name_key, v.id`.execute(context.db);
  return rows;
};

/** A saved view, if the viewer sees it. */
export const savedViewById = batch<Context, string, SavedViewRow>(async (context, ids) =>
  byId(await seen(context, sql`v.id = any(${ids}::uuid[])`)),
);

/** The saved views of a project that the viewer sees, by name. */
export const savedViewsIn = batch<Context, string, SavedViewRow[]>(async (context, projectIds) =>
  groupBy(await seen(context, sql`v.project_id = any(${projectIds}::uuid[])`), ({ projectId }) => projectId),
);
