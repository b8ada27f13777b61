import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { batch, byId, groupBy } from '../database/loader.ts';
import type { Context } from '../graph/context.ts';
import type { ToolGrant } from './permission.queries.ts';

export interface PermissionTemplateRow {
  id: string;
  name: string;
}

/**
 * Which templates the viewer sees (domain.md 3, "See the rest"): company admins all; others those that they hold in some project,
 * and those that somebody holds in a project where they are ADMIN of a tool. `template` is a row of permission_templates.
 */
const seesTemplate = ({ viewer }: Context): RawBuilder<SqlBool> =>
  viewer.isCompanyAdmin
    ? sql`template.company_id = ${viewer.companyId}`
    : sql`exists (
        select 1 from project_members holder
        where holder.permission_template_id = template.id
          and (holder.user_id = ${viewer.id} or holder.project_id in (
            select own.project_id from tool_rights own where own.user_id = ${viewer.id} and own.access_level = 'ADMIN'
          ))
      )`;

/** Which entries: company admins all; who holds the template those of tools that they see; ADMINs that of their tool. */
const seesEntry = ({ viewer }: Context): RawBuilder<SqlBool> =>
  viewer.isCompanyAdmin
    ? sql`entry.company_id = ${viewer.companyId}`
    : sql`(
        exists (
          select 1 from project_members holder
          where holder.permission_template_id = entry.permission_template_id and holder.user_id = ${viewer.id}
        ) and exists (
          select 1 from tool_rights own where own.user_id = ${viewer.id} and own.generic_tool_id = entry.generic_tool_id
        ) or exists (
          select 1 from project_members holder join tool_rights own on own.project_id = holder.project_id
          where holder.permission_template_id = entry.permission_template_id
            and own.user_id = ${viewer.id} and own.generic_tool_id = entry.generic_tool_id and own.access_level = 'ADMIN'
        )
      )`;

/** A template, if the viewer sees it. */
export const permissionTemplateById = batch<Context, string, PermissionTemplateRow>(async (context, ids) => {
  const { rows } = await sql<PermissionTemplateRow>`
    select template.id, template.name from permission_templates template
    where template.id = any(${ids}::uuid[]) and ${seesTemplate(context)}`.execute(context.db);
  return byId(rows);
});

/** What a template gives on each tool, by title of the tool, as far as the viewer sees it. */
export const entriesOfTemplate = batch<Context, string, ToolGrant[]>(async (context, ids) => {
  const { rows } = await sql<ToolGrant & { templateId: string }>`
    select entry.permission_template_id as "templateId", entry.generic_tool_id as "genericToolId",
      entry.access_level as "accessLevel", entry.granular_permissions as "granularPermissions"
    from permission_template_entries entry join generic_tools tool on tool.id = entry.generic_tool_id
    where entry.permission_template_id = any(${ids}::uuid[]) and ${seesEntry(context)}
    order by tool.title_key, tool.id`.execute(context.db);
  return groupBy(rows, ({ templateId }) => templateId);
});

/** The templates of the viewer's company by name, for company admins; null for everybody else and of other companies. */
export async function listTemplates(
  { db, viewer }: Context,
  companyId: string,
): Promise<PermissionTemplateRow[] | null> {
  if (companyId !== viewer.companyId || !viewer.isCompanyAdmin) return null;
  return db
    .selectFrom('permission_templates')
    .select(['id', 'name'])
    .where('companyId', '=', companyId)
    .orderBy('nameKey')
    .orderBy('id')
    .execute();
}
