import { sql } from 'kysely';
import { readingOf } from '../database/orm.ts';
import { transaction } from '../database/transaction.ts';
import { Refused } from '../kernel/errors.ts';
import { toGlobalId } from '../kernel/ids.ts';
import { applyDefaultFieldset } from '../tool/fieldset.commands.ts';
import { createStatus } from '../tool/status.commands.ts';
import { createGenericTool, updateGenericTool } from '../tool/tool.commands.ts';
import type { StatusCategory } from '../tool/tool.policy.ts';
import { readAll } from './directory.commands.ts';
import { pages } from './folder.ts';
import { contextFor, type HereProject, type HereTool, type Importing } from './importing.ts';
import { count, type Place, skip } from './report.ts';
import { type SourceTool, statusOf, toolOf } from './tool.policy.ts';

interface ToolRow {
  id: string;
  externalId: string | null;
  title: string;
  abbreviation: string | null;
  privateByDefault: boolean;
  enabledOnNewProjects: boolean;
  sendsOverdueNotifications: boolean;
  adminsSeePrivateItems: boolean;
}

/** The sentence of a command that refused; anything else is no fault of a record. */
export function refusalOf(error: unknown): string {
  if (error instanceof Refused) return error.errors.map(({ message }) => message).join(' ');
  throw error;
}

/** The tools of the company's list, each with its statuses. */
export async function importTools(importing: Importing): Promise<void> {
  const { folder, report, tools } = importing;
  const known = new Set<string>();
  for await (const page of pages(folder, '.', 'generic_tools', report)) {
    for (const { read, place } of readAll(importing, 'tools', page, toolOf, known))
      await importTool(importing, read, place);
  }
  for (const tool of tools.values()) {
    const statuses = new Set<string>();
    for await (const page of pages(folder, `generic_tools/${tool.externalId}`, 'statuses', report)) {
      for (const { read, place } of readAll(importing, 'statuses', page, statusOf, statuses))
        await importStatus(importing, tool, read, place);
    }
  }
}

/** Brings one tool; the one here that has its id, or its title and no id, is it. */
export async function importTool(importing: Importing, source: SourceTool, place: Place): Promise<void> {
  const { report, viewer, tools, world } = importing;
  const { externalId, ...said } = source;
  try {
    const here = await findTool(importing, source);
    let id = here?.id;
    const changed =
      here && Object.entries(said).some(([name, value]) => value !== undefined && here[name as 'title'] !== value);
    if (!id)
      id = await createGenericTool(contextFor(importing), {
        ...source,
        companyId: toGlobalId('Company', viewer.companyId),
      });
    else if (changed) await updateGenericTool(contextFor(importing), { ...said, id: toGlobalId('GenericTool', id) });
    if (here && here.externalId === null)
      await transaction(world, (act) =>
        sql`update generic_tools set external_id = ${externalId} where id = ${id}`.execute(act.db),
      );
    count(report, 'tools', here ? (changed || here.externalId === null ? 'changed' : 'unchanged') : 'made');
    const abbreviation = said.abbreviation === undefined ? (here?.abbreviation ?? null) : said.abbreviation;
    tools.set(externalId, {
      id,
      externalId,
      title: said.title,
      abbreviation,
      statuses: await statusesOf(importing, id),
    });
  } catch (error) {
    skip(report, 'tools', place, refusalOf(error));
  }
}

/** A tool that was here before the import, by its id there. */
export async function hereTool(importing: Importing, externalId: string): Promise<HereTool | undefined> {
  const here = await findTool(importing, { externalId, title: '' });
  if (!here) return undefined;
  const { id, title, abbreviation } = here;
  const tool = { id, externalId, title, abbreviation, statuses: await statusesOf(importing, id) };
  importing.tools.set(externalId, tool);
  return tool;
}

async function findTool(
  { world, viewer }: Importing,
  { externalId, title }: Pick<SourceTool, 'externalId' | 'title'>,
): Promise<ToolRow | undefined> {
  const { rows } = await sql<ToolRow>`
    select id, external_id as "externalId", title, abbreviation, private_by_default as "privateByDefault",
      enabled_on_new_projects as "enabledOnNewProjects", sends_overdue_notifications as "sendsOverdueNotifications",
      admins_see_private_items as "adminsSeePrivateItems"
    from generic_tools
    where company_id = ${viewer.companyId} and (external_id = ${externalId}
      or (external_id is null and lower(title collate "pg_c_utf8") = lower(${title}::text collate "pg_c_utf8")))
    order by external_id nulls last`.execute(readingOf(world.orm));
  return rows[0];
}

async function statusesOf({ world }: Importing, toolId: string): Promise<HereTool['statuses']> {
  const { rows } = await sql<{ name: string; id: string; category: StatusCategory; isBuiltIn: boolean }>`
    select lower(name collate "pg_c_utf8") as name, id, category, is_built_in as "isBuiltIn" from generic_tool_statuses
    where generic_tool_id = ${toolId}`.execute(readingOf(world.orm));
  return new Map(rows.map(({ name, ...status }) => [name, status]));
}

/** Brings one status of a list: the one of that name is it. */
async function importStatus(
  importing: Importing,
  tool: HereTool,
  { externalId, name, category }: ReturnType<typeof statusOf>,
  place: Place,
): Promise<void> {
  const { report, world, viewer } = importing;
  const known = tool.statuses.get(name.toLowerCase());
  if (known && known.category !== category)
    return skip(report, 'statuses', place, `"${name}" is ${known.category} here, and maps to ${category} there.`);
  try {
    const { id } = known ?? (await makeStatus(importing, tool, name, category));
    const { numAffectedRows } = await transaction(world, (act) =>
      sql`update generic_tool_statuses set external_id = ${externalId}
        where id = ${id} and external_id is null
          and not exists (select from generic_tool_statuses known where known.company_id = ${viewer.companyId} and known.external_id = ${externalId})`.execute(
        act.db,
      ),
    );
    count(report, 'statuses', !known ? 'made' : numAffectedRows ? 'changed' : 'unchanged');
  } catch (error) {
    skip(report, 'statuses', place, refusalOf(error));
  }
}

async function makeStatus(importing: Importing, tool: HereTool, name: string, category: StatusCategory) {
  const genericToolId = toGlobalId('GenericTool', tool.id);
  const id = await createStatus(contextFor(importing), { genericToolId, name, category });
  const status = { id, category, isBuiltIn: false };
  tool.statuses.set(name.toLowerCase(), status);
  return status;
}

/** Sees to it that a status that an item has is here. A built-in one may bear another name here; an unknown one is made, of the category that it maps to. */
export async function ensureStatus(
  importing: Importing,
  tool: HereTool,
  { name, category }: { name: string; category: StatusCategory | null },
): Promise<{ id: string; category: StatusCategory } | string> {
  const known = tool.statuses.get(name.toLowerCase());
  const broad = (of: StatusCategory) => (of.startsWith('CLOSED') ? 'CLOSED' : of);
  if (known && category && broad(known.category) !== broad(category))
    return `status "${name}" is ${known.category} here, and status_type says ${category}.`;
  if (known) return known;
  const meant = ['draft', 'open', 'closed'].includes(name.toLowerCase()) ? name.toUpperCase() : null;
  const builtIn = [...tool.statuses.values()].find((status) => status.isBuiltIn && status.category === meant);
  if (builtIn) return builtIn;
  if (!category) return `${tool.title} has no status "${name}", and no status_type says what it means.`;
  try {
    const made = await makeStatus(importing, tool, name, category);
    count(importing.report, 'statuses', 'made');
    return made;
  } catch (error) {
    return `status "${name}": ${refusalOf(error)}`;
  }
}

/** Sees to it that a tool is available in a project: by its Default fieldset, where none is applied yet. */
export const ensureAvailable = ({ world, viewer }: Importing, project: HereProject, tool: HereTool): Promise<void> =>
  transaction(world, (act) => applyDefaultFieldset(act, viewer.companyId, project.id, tool.id));
