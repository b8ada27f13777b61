import { sql } from 'kysely';
import {
  type Order,
  orderBy,
  type PageArgs,
  type Part,
  pageOf,
  type SortValues,
  sortValues,
} from '../database/keyset.ts';
import { batch, groupBy } from '../database/loader.ts';
import type { ProjectRow } from '../directory/directory.queries.ts';
import { type Connection, connectionOf } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import { seesAvailable } from './tool.queries.ts';

const byName: Order = [
  { sql: sql.ref('project.name_key'), type: 'text', direction: 'ASC' },
  { sql: sql.ref('project.id'), type: 'uuid', direction: 'ASC' },
];

interface PartOfTool {
  toolId: string;
  /** says which part: tools that are asked with the same arguments are read together */
  name: string;
  part: Part;
}
interface PageRow extends ProjectRow {
  sortValues: SortValues;
}

const PROJECT_COLUMNS = [
  'project.id',
  'project.companyId',
  'project.name',
  'project.number',
  'project.externalId',
  'project.timeZone',
] as const;

/** Parts of the lists of projects of many tools: one statement for each part, whatever the number of tools. */
const projectsOfTools = batch<Context, PartOfTool, PageRow[]>(async (context, asked) => {
  const found = new Map<PartOfTool, PageRow[]>();
  for (const together of groupBy(asked, ({ name }) => name).values()) {
    const { where, order, limit } = together[0]!.part;
    // a request can ask for the same list twice
    const toolIds = [...new Set(together.map(({ toolId }) => toolId))];
    const rows = await context.db
      .selectFrom(sql<{ id: string }>`unnest(${toolIds}::uuid[])`.as<'tool'>(sql`tool(id)`))
      .innerJoinLateral(
        (eb) =>
          eb
            .selectFrom('fieldset_projects as available')
            .innerJoin('projects as project', 'project.id', 'available.projectId')
            .select(PROJECT_COLUMNS)
            .select(sortValues(byName).as('sortValues'))
            .select(sql<number>`row_number() over (order by ${orderBy(order)})`.as('place'))
            .where(sql<boolean>`available.generic_tool_id = tool.id`)
            .where(seesAvailable(context, 'available'))
            .where(where)
            .orderBy(orderBy(order))
            .limit(limit)
            .as('page'),
        (join) => join.onTrue(),
      )
      .select('tool.id as toolId')
      .selectAll('page')
      .orderBy('page.place')
      .execute();
    const pages = groupBy(rows, ({ toolId }) => toolId);
    for (const key of together) found.set(key, pages.get(key.toolId) ?? []);
  }
  return found;
});

const projectCountOfTool = batch<Context, string, number>(async (context, toolIds) => {
  const counts = await context.db
    .selectFrom('fieldset_projects as available')
    .select(['available.genericToolId', sql<number>`count(*)::int`.as('count')])
    .where('available.genericToolId', 'in', toolIds)
    .where(seesAvailable(context, 'available'))
    .groupBy('available.genericToolId')
    .execute();
  return new Map(counts.map(({ genericToolId, count }) => [genericToolId, count]));
});

/** The projects that a tool is available in, by name, as far as the viewer may read it there. */
export async function listProjectsOfTool(
  context: Context,
  toolId: string,
  args: PageArgs,
): Promise<Connection<ProjectRow>> {
  const { loads } = context;
  let parts = 0;
  const page = await pageOf(args, byName, 'projectsOfTool', async (part) => {
    parts += 1;
    // the first part hangs on the arguments alone; what is beyond a page hangs on its rows, and is only looked at when asked
    const name = parts === 1 ? JSON.stringify(args) : `${toolId} ${parts}`;
    return (await loads.load(projectsOfTools, { toolId, name, part })) ?? [];
  });
  return connectionOf(page, async () => (await loads.load(projectCountOfTool, toolId)) ?? 0);
}

/** The projects that a fieldset is applied to, by name, as far as the viewer may read its tool there. */
export const projectsOfFieldset = batch<Context, string, ProjectRow[]>(async (context, fieldsetIds) =>
  groupBy(
    await context.db
      .selectFrom('fieldset_projects as available')
      .innerJoin('projects as project', 'project.id', 'available.projectId')
      .select([...PROJECT_COLUMNS, 'available.fieldsetId'])
      .where('available.fieldsetId', 'in', fieldsetIds)
      .where(seesAvailable(context, 'available'))
      .orderBy('project.nameKey')
      .orderBy('project.id')
      .execute(),
    ({ fieldsetId }) => fieldsetId,
  ),
);
