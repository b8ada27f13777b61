import { sql } from 'kysely';
import { type Act, transaction } from '../database/transaction.ts';
import { requireAdmin } from '../directory/admin.commands.ts';
import type { Context } from '../graph/context.ts';
import { refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { Faults, NOBODY } from '../kernel/input.ts';
import { GenericToolStatusSchema } from './tool.entity.ts';
import { BUILT_IN_STATUSES, type StatusCategory, statusSortKey } from './tool.policy.ts';
import { ADMINS_CHANGE_TOOLS, lockTool, tellToolChanged } from './toolChange.commands.ts';

/** Makes the statuses that every tool has. */
export function createBuiltInStatuses({ em, now }: Act, companyId: string, genericToolId: string): void {
  BUILT_IN_STATUSES.forEach(({ name, category }, i) => {
    em.create(GenericToolStatusSchema, {
      id: newId(now, i),
      companyId,
      genericToolId,
      name,
      category,
      sortKey: statusSortKey(category, name),
      isBuiltIn: true,
    });
  });
}

export interface CreateGenericToolStatusInput {
  genericToolId: string;
  name: string;
  category: StatusCategory;
}

/** Makes a status of a tool; gives its id. Company admins only. */
export async function createStatus({ world, viewer }: Context, input: CreateGenericToolStatusInput): Promise<string> {
  const { companyId } = viewer;
  const faults = new Faults();
  const genericToolId = faults.id('GenericTool', input.genericToolId, ['genericToolId']);
  const name = faults.requiredText(input.name, ['name'], 'the name');
  faults.refuse();
  return transaction(world, async (act) => {
    await requireAdmin(act, viewer, ADMINS_CHANGE_TOOLS);
    await lockTool(act, companyId, genericToolId, input.genericToolId, ['genericToolId']);
    await refuseTaken(act, genericToolId, name);
    const { category } = input;
    const id = newId(act.now);
    const sortKey = statusSortKey(category, name);
    act.em.create(GenericToolStatusSchema, { id, companyId, genericToolId, name, category, sortKey, isBuiltIn: false });
    await act.em.flush();
    await tellToolChanged(act, viewer, genericToolId, [{ field: 'status', old: null, new: { id, name, category } }]);
    return id;
  });
}

export interface UpdateGenericToolStatusInput {
  id: string;
  name: string;
}

/** Renames a status, a built-in one too; gives its id. Company admins only. */
export async function updateStatus({ world, viewer }: Context, input: UpdateGenericToolStatusInput): Promise<string> {
  const faults = new Faults();
  const id = faults.id('GenericToolStatus', input.id, ['id']);
  const name = faults.requiredText(input.name, ['name'], 'the name');
  faults.refuse();
  return transaction(world, async (act) => {
    await requireAdmin(act, viewer, ADMINS_CHANGE_TOOLS);
    const status = await statusToChange(act, viewer.companyId, id, input.id);
    const { category, name: old, genericToolId } = status;
    await refuseTaken(act, genericToolId, name, id);
    if (old === name) return id;
    Object.assign(status, { name, sortKey: statusSortKey(category, name) });
    await act.em.flush();
    await tellToolChanged(act, viewer, genericToolId, [
      { field: 'status', old: { id, name: old, category }, new: { id, name, category } },
    ]);
    return id;
  });
}

export interface DeleteGenericToolStatusInput {
  id: string;
}

/** Deletes a status that is neither built-in nor in use; gives the id that it was named by. Company admins only. */
export async function deleteStatus({ world, viewer }: Context, input: DeleteGenericToolStatusInput): Promise<string> {
  const faults = new Faults();
  const id = faults.id('GenericToolStatus', input.id, ['id']);
  faults.refuse();
  await transaction(world, async (act) => {
    await requireAdmin(act, viewer, ADMINS_CHANGE_TOOLS);
    const status = await statusToChange(act, viewer.companyId, id, input.id);
    const { name, category, genericToolId, isBuiltIn } = status;
    if (isBuiltIn) refuse('IN_USE', `"${name}" is built-in; it can be renamed, not deleted.`, ['id']);
    const users = await usersOfStatus(act, id);
    if (users) refuse('IN_USE', `"${name}" is the status of ${users}.`, ['id']);
    act.em.remove(status);
    await act.em.flush();
    await tellToolChanged(act, viewer, genericToolId, [{ field: 'status', old: { id, name, category }, new: null }]);
  });
  return input.id;
}

/** A status of the company, with its tool locked; `gid` is what the input calls it. NOT_FOUND when there is none. */
async function statusToChange(act: Act, companyId: string, id: string, gid: string) {
  const known = await act.db
    .selectFrom('generic_tool_statuses')
    .select('genericToolId')
    .where('id', '=', id)
    .where('companyId', '=', companyId)
    .executeTakeFirst();
  if (known) await lockTool(act, companyId, known.genericToolId, gid, ['id']);
  // looked for again: it may have gone while we waited
  const status = known && (await act.em.findOne(GenericToolStatusSchema, { id }));
  const faults = new Faults();
  if (!status) faults.notFound('GenericToolStatus', gid, ['id']);
  faults.refuse();
  return status!;
}

/**
 * What keeps a status from being deleted, in words; no names, as company admins need not see items. The status is taken first:
 * whoever is putting an item into it is waited for, and whoever comes later finds it gone.
 */
async function usersOfStatus({ db }: Act, id: string): Promise<string | null> {
  await sql`select from generic_tool_statuses where id = ${id} for update`.execute(db);
  const { rows } = await sql<{ items: boolean; responses: boolean }>`
    select exists (select 1 from items where status_id = ${id}) as items,
      exists (select 1 from responses where status_id = ${id}) as responses`.execute(db);
  if (rows[0]!.items) return 'items';
  return rows[0]!.responses ? 'items at the time of a response' : null;
}

async function refuseTaken({ db }: Act, toolId: string, name: string, ownId = NOBODY): Promise<void> {
  const taken = await db
    .selectFrom('generic_tool_statuses')
    .select('name')
    .where('genericToolId', '=', toolId)
    .where('id', '<>', ownId)
    .where(sql<boolean>`lower(name collate "pg_c_utf8") = lower(${name}::text collate "pg_c_utf8")`)
    .executeTakeFirst();
  if (taken) refuse('TAKEN', `The tool has a status "${taken.name}" already.`, ['name']);
}
