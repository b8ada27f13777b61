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
import { type ProjectRow, projectById } from '../directory/directory.queries.ts';
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
interface ProjectKey {
  id: string;
  sortValues: SortValues;
}

/** Parts of the lists of projects of many tools: one statement for each part, whatever the number of tools. */
const projectKeysOfTool = batch<Context, PartOfTool, ProjectKey[]>(async (context, asked) => {
  const found = new Map<PartOfTool, ProjectKey[]>();
  for (const together of groupBy(asked, ({ name }) => name).values()) {
    const { where, order, limit } = together[0]!.part;
    const { rows } = await sql<ProjectKey & { toolId: string }>`
      select tool.id as "toolId", page.id, page."sortValues"
      from unnest(${together.map(({ toolId }) => toolId)}::uuid[]) tool(id)
      cross join lateral (
        select project.id, ${sortValues(byName)} as "sortValues", row_number() over (order by ${orderBy(order)}) as place
        from fieldset_projects available join projects project on project.id = available.project_id
        where available.generic_tool_id = tool.id and ${seesAvailable(context, 'available')} and ${where}
        order by ${orderBy(order)}
        limit ${limit}
      ) page
      order by page.place`.execute(context.db);
    const keys = groupBy(rows, ({ toolId }) => toolId);
    for (const key of together) found.set(key, keys.get(key.toolId) ?? []);
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
  const { edges, ...sides } = await pageOf(args, byName, 'projectsOfTool', async (part) => {
    parts += 1;
    // the first part hangs on the arguments alone; what is beyond a page hangs on its rows, and is only looked at when asked
    const name = parts === 1 ? JSON.stringify(args) : `${toolId} ${parts}`;
    return (await loads.load(projectKeysOfTool, { toolId, name, part })) ?? [];
  });
  const nodes = await loads.loadAll(
    projectById,
    edges.map(({ node }) => node.id),
  );
  const projects = new Map(nodes.map((project) => [project.id, project]));
  return connectionOf(
    { ...sides, edges: edges.map(({ cursor, node }) => ({ cursor, node: projects.get(node.id)! })) },
    async () => (await loads.load(projectCountOfTool, toolId)) ?? 0,
  );
}

const projectIdsOfFieldset = batch<Context, string, string[]>(async (context, fieldsetIds) => {
  const rows = await context.db
    .selectFrom('fieldset_projects as available')
    .innerJoin('projects as project', 'project.id', 'available.projectId')
    .select(['available.fieldsetId', 'project.id'])
    .where('available.fieldsetId', 'in', fieldsetIds)
    .where(seesAvailable(context, 'available'))
    .orderBy('project.nameKey')
    .orderBy('project.id')
    .execute();
  const groups = groupBy(rows, ({ fieldsetId }) => fieldsetId);
  return new Map([...groups].map(([fieldsetId, projects]) => [fieldsetId, projects.map(({ id }) => id)]));
});

/** The projects that a fieldset is applied to, by name, as far as the viewer may read its tool there. */
export const projectsOfFieldset = async ({ loads }: Context, fieldsetId: string): Promise<ProjectRow[]> =>
  loads.loadAll(projectById, (await loads.load(projectIdsOfFieldset, fieldsetId)) ?? []);
