import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import { type Act, transaction } from '../database/transaction.ts';
import { ownCompany, requireAdmin } from '../directory/admin.commands.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Context } from '../graph/context.ts';
import { refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { Faults, NOBODY } from '../kernel/input.ts';
import { sortKey } from '../kernel/text.ts';
import { type GenericToolGrantInput, readGrants, replaceGrants } from './grant.input.ts';
import { PermissionTemplateEntrySchema, PermissionTemplateSchema, ProjectMemberSchema } from './permission.entity.ts';

export const ADMINS_CHANGE_TEMPLATES = 'Only company admins may change permission templates.';

export interface SavePermissionTemplateInput {
  id?: string | null;
  companyId?: string | null;
  name: string;
  entries: readonly GenericToolGrantInput[];
}

/** Makes a template, or changes the one with that id: its entries are replaced as a whole. Gives its id. Company admins only. */
export async function savePermissionTemplate(
  { world, viewer }: Context,
  input: SavePermissionTemplateInput,
): Promise<string> {
  return transaction(world, async (act) => {
    const { em } = act;
    const faults = new Faults();
    await requireAdmin(act, viewer, ADMINS_CHANGE_TEMPLATES);
    if (input.companyId != null) ownCompany(faults, viewer, input.companyId, ['companyId']);
    else if (input.id == null) faults.add('REQUIRED', 'A new template needs a companyId.', ['companyId']);
    const template = input.id == null ? null : await lockTemplate(act, viewer, input.id, faults);
    const name = faults.requiredText(input.name, ['name'], 'the name');
    const grants = await readGrants(act, viewer.companyId, input.entries, faults, ['entries']);
    faults.refuse();
    const { companyId } = viewer;
    const id = template?.id ?? newId(act.now);
    await refuseTakenName(act, companyId, id, name);
    if (template) Object.assign(template, { name, nameKey: sortKey(name) });
    else em.create(PermissionTemplateSchema, { id, companyId, name, nameKey: sortKey(name) });
    await em.flush();
    const entries = await em.find(PermissionTemplateEntrySchema, { permissionTemplateId: id });
    replaceGrants(em, entries, grants, (grant) =>
      em.create(PermissionTemplateEntrySchema, {
        id: newId(act.now),
        companyId,
        permissionTemplateId: id,
        ...grant,
        granularPermissions: [...grant.granularPermissions],
      }),
    );
    return id;
  });
}

export interface DeletePermissionTemplateInput {
  id: string;
}

/** Deletes a template; IN_USE while a membership has it. Gives its id. Company admins only. */
export async function deletePermissionTemplate(
  { world, viewer }: Context,
  input: DeletePermissionTemplateInput,
): Promise<string> {
  return transaction(world, async (act) => {
    const faults = new Faults();
    await requireAdmin(act, viewer, ADMINS_CHANGE_TEMPLATES);
    const template = await lockTemplate(act, viewer, input.id, faults);
    faults.refuse();
    const { id, name } = template!;
    const members = await act.em.count(ProjectMemberSchema, { permissionTemplateId: id });
    if (members > 0)
      refuse('IN_USE', `${name} is the template of ${members} ${members === 1 ? 'membership' : 'memberships'}.`, [
        'id',
      ]);
    // its entries go with it
    act.em.remove(template!);
    return id;
  });
}

/** A template of the viewer's company, held until the act ends; NOT_FOUND and null if there is none. */
async function lockTemplate({ em }: Act, { companyId }: Viewer, value: string, faults: Faults) {
  const id = faults.id('PermissionTemplate', value, ['id']);
  if (id === NOBODY) return null;
  const lockMode = LockMode.PESSIMISTIC_WRITE;
  const template = await em.findOne(PermissionTemplateSchema, { id, companyId }, { lockMode });
  if (!template) faults.notFound('PermissionTemplate', value, ['id']);
  return template;
}

async function refuseTakenName({ db }: Act, companyId: string, id: string, name: string): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select name from permission_templates
    where company_id = ${companyId} and id <> ${id}
      and lower(name collate "pg_c_utf8") = lower(${name} collate "pg_c_utf8")`.execute(db);
  if (rows[0]) refuse('TAKEN', `There is a permission template "${rows[0].name}" already.`, ['name']);
}
