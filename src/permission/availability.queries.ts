import { type SqlBool, sql } from 'kysely';
import { type Order, orderBy, type PageArgs, pageOf, type SortValues, sortValues } from '../database/keyset.ts';
import { counts, listings } from '../database/listings.ts';
import { batch, groupBy } from '../database/loader.ts';
import { listUsers, matches, USER_COLUMNS, type UserRow, vendorOf } from '../directory/directory.queries.ts';
import { type Connection, connectionOf } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import { genericToolById, toolsInProject } from '../tool/tool.queries.ts';
import type { Right } from './permission.policy.ts';
import { rightsIn } from './permission.queries.ts';

/** What the viewer holds on each tool of a project that they may read there, by title of the tool. */
export async function permissionsInProject(context: Context, projectId: string): Promise<Right[]> {
  const [rights, tools] = await Promise.all([
    rightsIn(context, projectId),
    context.loads.load(toolsInProject, projectId),
  ]);
  const byTool = new Map(rights.map((right) => [right.genericToolId, right]));
  return (tools ?? []).flatMap((tool) => {
    const right = byTool.get(tool.id);
    if (right) context.loads.know(genericToolById, tool.id, tool);
    return right ?? [];
  });
}

/** Which tools of a project somebody has READ_ONLY or more on: what lets an active user be chosen. Keys are `${projectId} ${userId}`. */
const readableTools = batch<Context, string, string[]>(async ({ db }, pairs) => {
  const [projectIds, userIds] = [0, 1].map((i) => pairs.map((pair) => pair.split(' ')[i]!));
  const { rows } = await sql<{ pair: string; genericToolId: string }>`
    select asked.project_id || ' ' || asked.user_id as pair, held.generic_tool_id as "genericToolId"
    from unnest(${projectIds}::uuid[], ${userIds}::uuid[]) asked(project_id, user_id)
    join tool_rights held on held.project_id = asked.project_id and held.user_id = asked.user_id`.execute(db);
  const tools = groupBy(rows, ({ pair }) => pair);
  return new Map(pairs.map((pair) => [pair, (tools.get(pair) ?? []).map(({ genericToolId }) => genericToolId)]));
});

export interface Availability {
  projectId: string;
  user: UserRow;
  /** the tools that were asked for; null is all */
  toolIds: ReadonlySet<string> | null;
}

export interface ToolAvailability {
  genericToolId: string;
  selectable: boolean;
}

/** For each tool that the viewer may read in the project: whether an active user can be chosen there. */
export async function toolsOf(
  context: Context,
  { projectId, user, toolIds }: Availability,
): Promise<ToolAvailability[]> {
  const [rights, readable] = await Promise.all([
    permissionsInProject(context, projectId),
    context.loads.load(readableTools, `${projectId} ${user.id}`),
  ]);
  return rights
    .filter(({ genericToolId }) => !toolIds || toolIds.has(genericToolId))
    .map(({ genericToolId }) => ({ genericToolId, selectable: readable!.includes(genericToolId) }));
}

const byName: Order = [
  { sql: sql.ref('person.name_key'), type: 'text', direction: 'ASC' },
  { sql: sql.ref('person.id'), type: 'uuid', direction: 'ASC' },
];

const availabilityPages = listings<Context, UserRow & { sortValues: SortValues }>();

/** The active users of a project, by name. */
export async function listAvailability(
  { db, loads }: Context,
  projectId: string,
  toolIds: Availability['toolIds'],
  query: string | null | undefined,
  args: PageArgs,
): Promise<Connection<Availability>> {
  const from = () =>
    db
      .selectFrom('project_members as member')
      .innerJoin('users as person', 'person.id', 'member.userId')
      .where('member.projectId', '=', projectId)
      .where('person.active', '=', true)
      .where(matches(query, 'person.name', 'person.email'));
  const { edges, ...sides } = await pageOf(args, byName, 'userAvailability', async (part) => {
    const query = from()
      .select(USER_COLUMNS.map((column) => `person.${column}` as const))
      .select(vendorOf('person').as('vendor'))
      .select(sortValues(byName).as('sortValues'))
      .where(part.where)
      .orderBy(orderBy(part.order))
      .limit(part.limit);
    return (await loads.load(availabilityPages, query)) ?? [];
  });
  return connectionOf(
    { ...sides, edges: edges.map(({ cursor, node }) => ({ cursor, node: { projectId, user: node, toolIds } })) },
    async () => (await loads.load(counts, from().select(sql<number>`count(*)::int`.as('count'))))![0]!.count,
  );
}

/** The active users who may read a tool in a project, by name: nobody, for whoever may not read it there. */
export const listReaders = (
  context: Context,
  projectId: string,
  genericToolId: string,
  query: string | null | undefined,
  args: PageArgs,
): Promise<Connection<UserRow>> =>
  listUsers(
    context,
    query,
    args,
    sql<SqlBool>`row.active
      and row.id in (
        select held.user_id from tool_rights held
        where held.project_id = ${projectId} and held.generic_tool_id = ${genericToolId}
      )
      and exists (
        select 1 from tool_rights own
        where own.user_id = ${context.viewer.id} and own.project_id = ${projectId} and own.generic_tool_id = ${genericToolId}
      )`,
  );
