import { sql } from 'kysely';
import { type Act, transaction } from '../database/transaction.ts';
import { requireAdmin } from '../directory/admin.commands.ts';
import type { Context } from '../graph/context.ts';
import { refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { Faults, NOBODY } from '../kernel/input.ts';
import { applyFieldset, requireProjects } from './availability.commands.ts';
import { MAX_CUSTOM_FIELDS } from './customField.policy.ts';
import { requireCustomFields } from './fieldset.customFields.ts';
import { readFieldset, type SaveFieldsetInput, type WantedFieldset } from './fieldset.input.ts';
import { describeFieldset, writeFields, writeSections } from './fieldset.write.ts';
import { FieldsetSchema } from './tool.entity.ts';
import { ADMINS_CHANGE_TOOLS, changesBetween, lockTool, tellToolChanged } from './toolChange.commands.ts';

/** Makes the fieldset that every tool has, and that new projects get where the tool is enabled on them. */
export async function createDefaultFieldset(act: Act, companyId: string, genericToolId: string): Promise<void> {
  const fieldset = { id: newId(act.now), companyId, genericToolId };
  act.em.create(FieldsetSchema, { ...fieldset, name: 'Default', isDefault: true });
  await act.em.flush();
  await writeFields(act, fieldset, []);
}

/**
 * Makes the tools that are enabled on new projects available in these: each with its Default fieldset. One statement for any
 * number; the projects' rows must be there.
 */
export async function applyDefaultFieldsets(act: Act, companyId: string, projectIds: readonly string[]): Promise<void> {
  if (projectIds.length === 0) return;
  await sql`
    insert into fieldset_projects (project_id, generic_tool_id, company_id, fieldset_id)
    select project.id, tool.id, tool.company_id, fieldset.id
    from unnest(${projectIds}::uuid[]) project(id)
    cross join generic_tools tool
    join fieldsets fieldset on fieldset.generic_tool_id = tool.id and fieldset.is_default
    where tool.company_id = ${companyId} and tool.enabled_on_new_projects
    on conflict do nothing`.execute(act.db);
}

/** Makes a tool available in a project by its Default fieldset, unless one is applied there already. */
export async function applyDefaultFieldset(
  { db }: Act,
  companyId: string,
  projectId: string,
  toolId: string,
): Promise<void> {
  await sql`
    insert into fieldset_projects (project_id, generic_tool_id, company_id, fieldset_id)
    select ${projectId}, generic_tool_id, company_id, id from fieldsets
    where generic_tool_id = ${toolId} and company_id = ${companyId} and is_default
    on conflict do nothing`.execute(db);
}

/**
 * Puts custom fields into the fieldset that is applied for a tool in a project, visible and not required, behind what it has; those that
 * are in it stay as they are. Gives those that are too many for it.
 */
export async function placeCustomFields(
  { db, now }: Act,
  companyId: string,
  projectId: string,
  toolId: string,
  fieldIds: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from fieldsets where company_id = ${companyId} and id = (
      select fieldset_id from fieldset_projects where project_id = ${projectId} and generic_tool_id = ${toolId}
    ) for no key update`.execute(db);
  if (!rows[0]) return [...fieldIds];
  const { rows: there } = await sql<{ id: string | null; position: number }>`
    select custom_field_id as id, position from fieldset_fields where fieldset_id = ${rows[0].id}`.execute(db);
  const known = new Set(there.map(({ id }) => id));
  const room = MAX_CUSTOM_FIELDS - there.filter(({ id }) => id !== null).length;
  const fresh = fieldIds.filter((id) => !known.has(id));
  const added = fresh.slice(0, Math.max(0, room));
  const last = Math.max(0, ...there.map(({ position }) => position));
  await sql`
    insert into fieldset_fields (id, company_id, created_at, updated_at, fieldset_id, custom_field_id, visible, required, position)
    select given.id, ${companyId}, ${now}, ${now}, ${rows[0].id}, given.field, true, false, ${last} + given.n
    from unnest(${added.map((_, n) => newId(now, n))}::uuid[], ${added}::uuid[]) with ordinality as given(id, field, n)`.execute(
    db,
  );
  return fresh.slice(added.length);
}

/**
 * Makes or changes a fieldset; gives its id. What is left out stays as it is; a list replaces the list, so that it is applied to
 * exactly the projects listed. Company admins only.
 */
export async function saveFieldset({ world, viewer }: Context, input: SaveFieldsetInput): Promise<string> {
  const { companyId } = viewer;
  const faults = new Faults();
  const wanted = readFieldset(faults, input);
  faults.refuse();
  const projectIds = wanted.projectIds ?? (wanted.id === null ? [] : undefined);
  return transaction(world, async (act) => {
    await requireAdmin(act, viewer, ADMINS_CHANGE_TOOLS);
    const known = wanted.id === null ? null : await fieldsetToChange(act, companyId, wanted.id, input.id!);
    const genericToolId = known?.genericToolId ?? wanted.toolId!;
    if (known) refuseOtherTool(known.genericToolId, wanted);
    else await lockTool(act, companyId, genericToolId, input.genericToolId!, ['genericToolId']);
    await requireProjects(act, companyId, projectIds ?? [], input.projectIds ?? []);
    if (wanted.name !== undefined) await refuseTaken(act, genericToolId, wanted.name, known?.id);
    const fieldset = { id: known?.id ?? newId(act.now), companyId, genericToolId };
    const { id } = fieldset;
    await requireCustomFields(act, fieldset, wanted.fields ?? []);
    const old = known && (await describeFieldset(act, id));
    if (!known) act.em.create(FieldsetSchema, { ...fieldset, name: wanted.name!, isDefault: false });
    else if (wanted.name !== undefined) known.name = wanted.name;
    await act.em.flush();
    if (wanted.sections) await writeSections(act, fieldset, wanted.sections);
    if (wanted.fields || !known) await writeFields(act, fieldset, wanted.fields ?? []);
    const moved = projectIds && (await applyFieldset(act, fieldset, projectIds, ['projectIds']));
    const changes = changesBetween(old ?? {}, await describeFieldset(act, id));
    if (moved && moved.came.length + moved.went.length > 0)
      changes.push({ field: 'projectIds', old: moved.went, new: moved.came });
    const told = (side: 'old' | 'new') => ({ id, ...Object.fromEntries(changes.map((c) => [c.field, c[side]])) });
    await tellToolChanged(
      act,
      viewer,
      genericToolId,
      changes.length === 0 ? [] : [{ field: 'fieldset', old: known && told('old'), new: told('new') }],
    );
    return id;
  });
}

export interface DeleteFieldsetInput {
  id: string;
}

/**
 * Deletes a fieldset, and takes its tool away from the projects that it is applied to; gives the id that it was named by. IN_USE
 * for a Default one, and where there are items of the tool. Company admins only.
 */
export async function deleteFieldset({ world, viewer }: Context, input: DeleteFieldsetInput): Promise<string> {
  const faults = new Faults();
  const id = faults.id('Fieldset', input.id, ['id']);
  faults.refuse();
  await transaction(world, async (act) => {
    await requireAdmin(act, viewer, ADMINS_CHANGE_TOOLS);
    const fieldset = await fieldsetToChange(act, viewer.companyId, id, input.id);
    const { name, genericToolId, isDefault } = fieldset;
    if (isDefault) refuse('IN_USE', `"${name}" is what new projects get; it can be changed, not deleted.`, ['id']);
    const { went } = await applyFieldset(act, fieldset, [], ['id']);
    act.em.remove(fieldset);
    await act.em.flush();
    const old = { id, name, projectIds: went };
    await tellToolChanged(act, viewer, genericToolId, [{ field: 'fieldset', old, new: null }]);
  });
  return input.id;
}

/** A fieldset of the company, with its tool locked; `gid` is what the input calls it. NOT_FOUND when there is none. */
async function fieldsetToChange(act: Act, companyId: string, id: string, gid: string) {
  const known = await act.db
    .selectFrom('fieldsets')
    .select('genericToolId')
    .where('id', '=', id)
    .where('companyId', '=', companyId)
    .executeTakeFirst();
  if (known) await lockTool(act, companyId, known.genericToolId, gid, ['id']);
  // looked for again: it may have gone while we waited
  const fieldset = known && (await act.em.findOne(FieldsetSchema, { id }));
  const faults = new Faults();
  if (!fieldset) faults.notFound('Fieldset', gid, ['id']);
  faults.refuse();
  return fieldset!;
}

function refuseOtherTool(toolId: string, wanted: WantedFieldset): void {
  if (wanted.toolId !== null && wanted.toolId !== toolId)
    refuse('INVALID', 'The fieldset belongs to another tool; it cannot go from one to another.', ['genericToolId']);
}

async function refuseTaken({ db }: Act, toolId: string, name: string, ownId = NOBODY): Promise<void> {
  const taken = await db
    .selectFrom('fieldsets')
    .select('name')
    .where('genericToolId', '=', toolId)
    .where('id', '<>', ownId)
    .where(sql<boolean>`lower(name collate "pg_c_utf8") = lower(${name}::text collate "pg_c_utf8")`)
    .executeTakeFirst();
  if (taken) refuse('TAKEN', `The tool has a fieldset "${taken.name}" already.`, ['name']);
}
