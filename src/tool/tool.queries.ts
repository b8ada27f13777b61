import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type Order, orderBy, type PageArgs, pageOf, sortValues } from '../database/keyset.ts';
import { batch, byId, groupBy } from '../database/loader.ts';
import { inOwn, namesIn } from '../directory/directory.queries.ts';
import { type Connection, connectionOf } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import { TOOL_TEMPLATES, type ToolTemplate } from './template.policy.ts';

export interface GenericToolRow {
  id: string;
  companyId: string;
  externalId: string | null;
  title: string;
  abbreviation: string | null;
  privateByDefault: boolean;
  enabledOnNewProjects: boolean;
  sendsOverdueNotifications: boolean;
  adminsSeePrivateItems: boolean;
}

const TOOL_COLUMNS = [
  'tool.id',
  'tool.companyId',
  'tool.externalId',
  'tool.title',
  'tool.abbreviation',
  'tool.privateByDefault',
  'tool.enabledOnNewProjects',
  'tool.sendsOverdueNotifications',
  'tool.adminsSeePrivateItems',
] as const;

/**
 * Which tools the viewer sees (domain.md 3, "See the rest"): company admins all of the company, others those that they have
 * READ_ONLY or more on in some project. `alias` is a row of generic_tools.
 */
export const seesTool = ({ viewer }: Context, alias: string): RawBuilder<SqlBool> =>
  viewer.isCompanyAdmin
    ? sql`${sql.ref(`${alias}.company_id`)} = ${viewer.companyId}`
    : sql`${sql.ref(`${alias}.id`)} in (
        select held.generic_tool_id from tool_rights held where held.user_id = ${viewer.id}
      )`;

/**
 * Where the viewer sees that a tool is available: company admins everywhere in the company, others where they have READ_ONLY
 * or more on it. `alias` is a row of fieldset_projects.
 */
export const seesAvailable = ({ viewer }: Context, alias: string): RawBuilder<SqlBool> =>
  viewer.isCompanyAdmin
    ? sql`${sql.ref(`${alias}.company_id`)} = ${viewer.companyId}`
    : sql`exists (
        select 1 from tool_rights held
        where held.user_id = ${viewer.id}
          and held.project_id = ${sql.ref(`${alias}.project_id`)}
          and held.generic_tool_id = ${sql.ref(`${alias}.generic_tool_id`)}
      )`;

/** A tool of the viewer's company: for whoever sees something of it, such as an item. */
export const toolNamed = namesIn<GenericToolRow>(
  'generic_tools',
  TOOL_COLUMNS.map((column) => column.slice('tool.'.length)),
);

/** A tool, if the viewer sees it. */
export const genericToolById = batch<Context, string, GenericToolRow>(async (context, ids) =>
  byId(
    await context.db
      .selectFrom('generic_tools as tool')
      .select(TOOL_COLUMNS)
      .where('tool.id', 'in', ids)
      .where(seesTool(context, 'tool'))
      .execute(),
  ),
);

/** The tools that are available in a project, by title, as far as the viewer may read them there. */
export const toolsInProject = batch<Context, string, GenericToolRow[]>(async (context, projectIds) =>
  groupBy(
    await context.db
      .selectFrom('fieldset_projects as available')
      .innerJoin('generic_tools as tool', 'tool.id', 'available.genericToolId')
      .select([...TOOL_COLUMNS, 'available.projectId'])
      .where('available.projectId', 'in', projectIds)
      .where(seesAvailable(context, 'available'))
      .orderBy('tool.titleKey')
      .orderBy('tool.id')
      .execute(),
    ({ projectId }) => projectId,
  ),
);

const byTitle: Order = [
  { sql: sql.ref('tool.title_key'), type: 'text', direction: 'ASC' },
  { sql: sql.ref('tool.id'), type: 'uuid', direction: 'ASC' },
];

/** The tools of a company that the viewer sees, by title; of a project, those available there that they may read there. */
export async function listTools(
  context: Context,
  companyId: string,
  projectId: string | null,
  args: PageArgs,
): Promise<Connection<GenericToolRow>> {
  const inProject = sql<SqlBool>`exists (
    select 1 from fieldset_projects available
    where available.project_id = ${projectId}::uuid and available.generic_tool_id = tool.id
      and ${seesAvailable(context, 'available')}
  )`;
  const from = () =>
    context.db
      .selectFrom('generic_tools as tool')
      .where(inOwn(context, companyId))
      .where(projectId === null ? seesTool(context, 'tool') : inProject);
  const page = await pageOf(args, byTitle, 'genericTools', (part) =>
    from()
      .select(TOOL_COLUMNS)
      .select(sortValues(byTitle).as('sortValues'))
      .where(part.where)
      .orderBy(orderBy(part.order))
      .limit(part.limit)
      .execute(),
  );
  return connectionOf(
    page,
    async () => (await from().select(sql<number>`count(*)::int`.as('count')).executeTakeFirstOrThrow()).count,
  );
}

/**
 * The templates to make a tool from, by title, without those whose title is in use, whatever its case. Only tools that the
 * viewer sees count, or the list would tell of the others.
 */
export async function listTemplates(context: Context, companyId: string): Promise<ToolTemplate[]> {
  const { rows } = await sql<{ title: string }>`
    select template.title from unnest(${TOOL_TEMPLATES.map(({ title }) => title)}::text[]) template(title)
    where ${inOwn(context, companyId)} and not exists (
      select 1 from generic_tools tool
      where ${seesTool(context, 'tool')}
        and lower(tool.title collate "pg_c_utf8") = lower(template.title collate "pg_c_utf8")
    )`.execute(context.db);
  const free = new Set(rows.map(({ title }) => title));
  return TOOL_TEMPLATES.filter(({ title }) => free.has(title));
}
