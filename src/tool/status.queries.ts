import { sql } from 'kysely';
import { batch, byId, groupBy } from '../database/loader.ts';
import { namesIn } from '../directory/directory.queries.ts';
import type { Context } from '../graph/context.ts';
import type { StatusCategory } from './tool.policy.ts';
import { seesAvailable, seesTool } from './tool.queries.ts';

export interface GenericToolStatusRow {
  id: string;
  companyId: string;
  externalId: string | null;
  genericToolId: string;
  name: string;
  category: StatusCategory;
  isBuiltIn: boolean;
}

const STATUS_COLUMNS = [
  'status.id',
  'status.companyId',
  'status.externalId',
  'status.genericToolId',
  'status.name',
  'status.category',
  'status.isBuiltIn',
] as const;

/** Statuses of the tools that the viewer sees, in the order of lists: by category, then by name. */
const visibleStatuses = (context: Context) =>
  context.db
    .selectFrom('generic_tool_statuses as status')
    .innerJoin('generic_tools as tool', 'tool.id', 'status.genericToolId')
    .select(STATUS_COLUMNS)
    .where(seesTool(context, 'tool'))
    .orderBy('status.sortKey')
    .orderBy('status.id');

/** A status of the viewer's company: for whoever sees something that has it. */
export const statusNamed = namesIn<GenericToolStatusRow>(
  'generic_tool_statuses',
  STATUS_COLUMNS.map((column) => column.slice('status.'.length)),
);

/** A status, if the viewer sees its tool. */
export const statusById = batch<Context, string, GenericToolStatusRow>(async (context, ids) =>
  byId(await visibleStatuses(context).where('status.id', 'in', ids).execute()),
);

/** The statuses of a tool that the viewer sees. */
export const statusesOfTool = batch<Context, string, GenericToolStatusRow[]>(async (context, toolIds) =>
  groupBy(
    await visibleStatuses(context).where('status.genericToolId', 'in', toolIds).execute(),
    ({ genericToolId }) => genericToolId,
  ),
);

/** The statuses of a tool that is available in a project and that the viewer may read there; keys are `${projectId} ${toolId}`. */
export const statusesInProject = batch<Context, string, GenericToolStatusRow[]>(async (context, pairs) => {
  const [projectIds, toolIds] = [0, 1].map((i) => pairs.map((pair) => pair.split(' ')[i]!));
  const rows = await context.db
    .selectFrom('fieldset_projects as available')
    .innerJoin('generic_tool_statuses as status', 'status.genericToolId', 'available.genericToolId')
    .select([...STATUS_COLUMNS, 'available.projectId'])
    .where(
      sql<boolean>`(available.project_id, available.generic_tool_id) in (
        select * from unnest(${projectIds}::uuid[], ${toolIds}::uuid[])
      )`,
    )
    .where(seesAvailable(context, 'available'))
    .orderBy('status.sortKey')
    .orderBy('status.id')
    .execute();
  return groupBy(rows, ({ projectId, genericToolId }) => `${projectId} ${genericToolId}`);
});

/** Whether any item, archived ones too, has a status. */
export const isStatusUsed = batch<Context, string, boolean>(async ({ db, viewer }, ids) => {
  const used = await db
    .selectFrom('generic_tool_statuses as status')
    .select('status.id')
    .where('status.id', 'in', ids)
    .where('status.companyId', '=', viewer.companyId)
    .where(sql<boolean>`exists (select 1 from items item where item.status_id = status.id)`)
    .execute();
  return new Map(used.map(({ id }) => [id, true]));
});
