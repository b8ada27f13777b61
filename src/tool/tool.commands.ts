import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import { transaction } from '../database/transaction.ts';
import { ownCompany, requireAdmin } from '../directory/admin.commands.ts';
import { recordEvents } from '../event/event.ts';
import type { Context } from '../graph/context.ts';
import { refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { Faults, NOBODY } from '../kernel/input.ts';
import { naturalKey, sortKey } from '../kernel/text.ts';
import { createDefaultFieldset } from './fieldset.commands.ts';
import { createBuiltInStatuses } from './status.commands.ts';
import { TOOL_TEMPLATES, type ToolTemplate } from './template.policy.ts';
import { GenericToolSchema } from './tool.entity.ts';
import { prefixOf } from './tool.policy.ts';
import { ADMINS_CHANGE_TOOLS, changesBetween, lockTool, tellToolChanged } from './toolChange.commands.ts';

// it stands in front of every number; the longest of the templates has three letters
const MAX_ABBREVIATION = 20;

// 200,000 items took 28 s on two cores at a load of nine; other statements end after a minute
const RENUMBER_TIMEOUT_MS = 15 * 60_000;

interface Switches {
  privateByDefault?: boolean | null;
  enabledOnNewProjects?: boolean | null;
  sendsOverdueNotifications?: boolean | null;
  adminsSeePrivateItems?: boolean | null;
}

export interface CreateGenericToolInput extends Switches {
  companyId: string;
  templateKey?: string | null;
  title?: string | null;
  abbreviation?: string | null;
  externalId?: string | null;
}

/**
 * Makes a tool from scratch or from a template, with its built-in statuses and its Default fieldset; gives its id. What is left out
 * comes from the template, else from domain.md 2. Company admins only.
 */
export async function createGenericTool({ world, viewer }: Context, input: CreateGenericToolInput): Promise<string> {
  const faults = new Faults();
  const companyId = ownCompany(faults, viewer, input.companyId, ['companyId']);
  const template = templateOf(faults, input.templateKey);
  const titlePath = template && input.title == null ? 'templateKey' : 'title';
  const title = faults.requiredText(input.title ?? template?.title, [titlePath], 'the title');
  const externalId = faults.text(input.externalId, ['externalId'], 'the external id') ?? null;
  const abbreviation = abbreviationOf(faults, input.abbreviation);
  const settings = {
    title,
    abbreviation: abbreviation === undefined ? (template?.abbreviation ?? null) : abbreviation,
    privateByDefault: input.privateByDefault ?? true,
    enabledOnNewProjects: input.enabledOnNewProjects ?? false,
    sendsOverdueNotifications: input.sendsOverdueNotifications ?? false,
    adminsSeePrivateItems: input.adminsSeePrivateItems ?? template?.adminsSeePrivateItems ?? true,
  };
  faults.refuse();
  return transaction(world, async (act) => {
    await requireAdmin(act, viewer, ADMINS_CHANGE_TOOLS);
    await refuseTakenTitle(act, companyId, title, [titlePath]);
    if (externalId !== null) await refuseTakenExternalId(act, companyId, externalId);
    const id = newId(act.now);
    act.em.create(GenericToolSchema, { id, companyId, externalId, ...settings, titleKey: sortKey(title) });
    await act.em.flush();
    createBuiltInStatuses(act, companyId, id);
    await createDefaultFieldset(act, companyId, id);
    const changes = changesBetween({}, externalId === null ? settings : { ...settings, externalId });
    await recordEvents(act, companyId, viewer.id, [
      { type: 'genericTool.created', genericToolId: id, payload: { changes } },
    ]);
    return id;
  });
}

export interface UpdateGenericToolInput extends Switches {
  id: string;
  title?: string | null;
  abbreviation?: string | null;
}

const SWITCHES = [
  'privateByDefault',
  'enabledOnNewProjects',
  'sendsOverdueNotifications',
  'adminsSeePrivateItems',
] as const satisfies (keyof Switches)[];

/** Changes settings of a tool; gives its id. A new abbreviation rewrites the numbers of its items. Company admins only. */
export async function updateGenericTool({ world, viewer }: Context, input: UpdateGenericToolInput): Promise<string> {
  const faults = new Faults();
  const id = faults.id('GenericTool', input.id, ['id']);
  const abbreviation = abbreviationOf(faults, input.abbreviation);
  const patch = {
    ...(input.title !== undefined && { title: faults.requiredText(input.title, ['title'], 'the title') }),
    ...(abbreviation !== undefined && { abbreviation }),
    ...switchesOf(faults, input),
  };
  faults.refuse();
  await transaction(world, async (act) => {
    await requireAdmin(act, viewer, ADMINS_CHANGE_TOOLS);
    await lockTool(act, viewer.companyId, id, input.id, ['id']);
    if (patch.title !== undefined) await refuseTakenTitle(act, viewer.companyId, patch.title, ['title'], id);
    const tool = await act.em.findOneOrFail(GenericToolSchema, { id });
    const old = { ...tool };
    Object.assign(tool, patch, patch.title !== undefined && { titleKey: sortKey(patch.title) });
    await act.em.flush();
    if (tool.abbreviation !== old.abbreviation)
      await renumberItems(act, id, prefixOf(old.abbreviation ?? null), prefixOf(tool.abbreviation ?? null));
    await tellToolChanged(act, viewer, id, changesBetween<typeof patch>(old as typeof patch, patch));
  });
  return id;
}

/** The switches that were given; null is none of the two. */
function switchesOf(faults: Faults, input: Switches): Partial<Record<keyof Switches, boolean>> {
  const given: Partial<Record<keyof Switches, boolean>> = {};
  for (const name of SWITCHES) {
    const value = input[name];
    if (value === null) faults.add('REQUIRED', `${name} is true or false.`, [name]);
    else if (value !== undefined) given[name] = value;
  }
  return given;
}

const abbreviationOf = (faults: Faults, abbreviation: string | null | undefined) =>
  faults.text(abbreviation, ['abbreviation'], 'the abbreviation', { max: MAX_ABBREVIATION });

function templateOf(faults: Faults, key: string | null | undefined): ToolTemplate | undefined {
  if (key == null) return undefined;
  const template = TOOL_TEMPLATES.find((known) => known.key === key);
  if (!template)
    faults.add(
      'NOT_FOUND',
      `There is no template ${JSON.stringify(key.slice(0, 100))}; there are ${TOOL_TEMPLATES.map((known) => known.key).join(', ')}.`,
      ['templateKey'],
    );
  return template;
}

async function refuseTakenTitle(
  { db }: Act,
  companyId: string,
  title: string,
  path: string[],
  ownId = NOBODY,
): Promise<void> {
  const taken = await db
    .selectFrom('generic_tools')
    .select('title')
    .where('companyId', '=', companyId)
    .where('id', '<>', ownId)
    .where(sql<boolean>`lower(title collate "pg_c_utf8") = lower(${title}::text collate "pg_c_utf8")`)
    .executeTakeFirst();
  if (taken) refuse('TAKEN', `A tool of the company has the title "${taken.title}" already.`, path);
}

async function refuseTakenExternalId({ db }: Act, companyId: string, externalId: string): Promise<void> {
  const taken = await db
    .selectFrom('generic_tools')
    .select('title')
    .where('companyId', '=', companyId)
    .where('externalId', '=', externalId)
    .executeTakeFirst();
  if (taken) refuse('TAKEN', `The tool "${taken.title}" has the external id "${externalId}" already.`, ['externalId']);
}

/**
 * Rewrites numbers and their keys of all items of a tool, in one statement: what was the old prefix becomes the new one.
 * Creates hold a share of the rows taken here from before they read the abbreviation, so that none slips in with the old one.
 */
async function renumberItems({ db }: Act, toolId: string, from: string, to: string): Promise<void> {
  await sql`select set_config('statement_timeout', ${String(RENUMBER_TIMEOUT_MS)}, true)`.execute(db);
  await sql`
    select from fieldset_projects where generic_tool_id = ${toolId} order by project_id for update`.execute(db);
  await sql`
    update items set number = ${to}::text || position,
      number_key = ${naturalKey(to)}::text || substr(number_key, char_length(${naturalKey(from)}::text) + 1)
    where generic_tool_id = ${toolId}`.execute(db);
}
