import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type Order, orderBy, type PageArgs, pageOf, type SortValues, sortValues } from '../database/keyset.ts';
import { counts, listings } from '../database/listings.ts';
import { batch, groupBy } from '../database/loader.ts';
import { matches } from '../directory/directory.queries.ts';
import { type Connection, connectionOf } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import { rightsIn, type ToolGrant } from './permission.queries.ts';
import { type PermissionTemplateRow, permissionTemplateById } from './template.queries.ts';

/** A membership of a user in a project. */
export interface MemberRow {
  id: string;
  projectId: string;
  userId: string;
  permissionTemplateId: string | null;
}

// not the alias "user": MikroORM's plugin would take member.user_id for user.id
const byName: Order = [
  { sql: sql.ref('person.name_key'), type: 'text', direction: 'ASC' },
  { sql: sql.ref('person.id'), type: 'uuid', direction: 'ASC' },
];

const memberPages = listings<Context, MemberRow & { sortValues: SortValues }>();

/** The members of a project, inactive ones too, by name. */
export async function listMembers(
  { db, loads }: Context,
  projectId: string,
  query: string | null | undefined,
  args: PageArgs,
): Promise<Connection<MemberRow>> {
  const from = () =>
    db
      .selectFrom('project_members as member')
      .innerJoin('users as person', 'person.id', 'member.userId')
      .where('member.projectId', '=', projectId)
      .where(matches(query, 'person.name', 'person.email'));
  const page = await pageOf(args, byName, 'members', async (part) => {
    const query = from()
      .select(['member.id', 'member.projectId', 'member.userId', 'member.permissionTemplateId'])
      .select(sortValues(byName).as('sortValues'))
      .where(part.where)
      .orderBy(orderBy(part.order))
      .limit(part.limit);
    return (await loads.load(memberPages, query)) ?? [];
  });
  return connectionOf(
    page,
    async () => (await loads.load(counts, from().select(sql<number>`count(*)::int`.as('count'))))![0]!.count,
  );
}

/**
 * Whether the viewer sees anything of what a member was given (domain.md 3, "See the rest"): the member themself, company admins,
 * and ADMINs of a tool in the project.
 */
async function seesGrantsOf(context: Context, { userId, projectId }: MemberRow): Promise<boolean> {
  if (context.viewer.isCompanyAdmin || context.viewer.id === userId) return true;
  const rights = await rightsIn(context, projectId);
  return rights.some(({ accessLevel }) => accessLevel === 'ADMIN');
}

/** Which grants: company admins all; the member those on tools that they see; ADMINs those on their tool. */
const seesGrant = ({ viewer }: Context): RawBuilder<SqlBool> =>
  viewer.isCompanyAdmin
    ? sql`direct.company_id = ${viewer.companyId}`
    : sql`exists (
        select 1 from tool_rights own
        where own.user_id = ${viewer.id} and own.generic_tool_id = direct.generic_tool_id
          and (direct.user_id = ${viewer.id} or own.project_id = direct.project_id and own.access_level = 'ADMIN')
      )`;

const grantsOfMember = batch<Context, string, ToolGrant[]>(async (context, memberIds) => {
  const { rows } = await sql<ToolGrant & { memberId: string }>`
    select member.id as "memberId", direct.generic_tool_id as "genericToolId", direct.access_level as "accessLevel",
      direct.granular_permissions as "granularPermissions"
    from project_members member
    join generic_tool_grants direct on direct.user_id = member.user_id and direct.project_id = member.project_id
    join generic_tools tool on tool.id = direct.generic_tool_id
    where member.id = any(${memberIds}::uuid[]) and ${seesGrant(context)}
    order by tool.title_key, tool.id`.execute(context.db);
  return groupBy(rows, ({ memberId }) => memberId);
});

/** What a member was given directly, by title of the tool, as far as the viewer sees it; null where they see nothing of it. */
export async function grantsOf(context: Context, member: MemberRow): Promise<ToolGrant[] | null> {
  if (!(await seesGrantsOf(context, member))) return null;
  return (await context.loads.load(grantsOfMember, member.id)) ?? [];
}

/** The template that a member holds, if there is one and the viewer sees it. */
export async function templateOf(context: Context, member: MemberRow): Promise<PermissionTemplateRow | null> {
  if (!member.permissionTemplateId || !(await seesGrantsOf(context, member))) return null;
  return context.loads.load(permissionTemplateById, member.permissionTemplateId);
}
