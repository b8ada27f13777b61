import { LockMode } from '@mikro-orm/core';
import { type Act, transaction } from '../database/transaction.ts';
import { requireAdmin } from '../directory/admin.commands.ts';
import { ProjectSchema, UserSchema } from '../directory/directory.entity.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Context } from '../graph/context.ts';
import { newId } from '../kernel/ids.ts';
import { Faults, NOBODY } from '../kernel/input.ts';
import { type GenericToolGrantInput, readGrants, refuseUnavailable, replaceGrants } from './grant.input.ts';
import type { MemberRow } from './member.queries.ts';
import { GenericToolGrantSchema, PermissionTemplateSchema, ProjectMemberSchema } from './permission.entity.ts';

export const ADMINS_CHANGE_MEMBERS =
  'Only company admins may change who is a member of a project, and with what template.';

export interface SetProjectMemberInput {
  projectId: string;
  userId: string;
  permissionTemplateId?: string | null;
  grants?: readonly GenericToolGrantInput[] | null;
}

/**
 * Makes somebody a member of a project, or changes the membership; absent fields stay as they are, a list of grants replaces theirs
 * there. Gives the membership. Company admins only.
 */
export async function setProjectMember({ world, viewer }: Context, input: SetProjectMemberInput): Promise<MemberRow> {
  return transaction(world, async (act) => {
    const { em } = act;
    const faults = new Faults();
    await requireAdmin(act, viewer, ADMINS_CHANGE_MEMBERS);
    const { companyId } = viewer;
    const { projectId, userId } = await findEnds(act, viewer, input, faults);
    const templateId = await readTemplate(act, viewer, input.permissionTemplateId, faults);
    const member = await em.findOne(
      ProjectMemberSchema,
      { projectId, userId },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    );
    const held = await em.find(GenericToolGrantSchema, { projectId, userId });
    const grants = await readGrants(act, companyId, input.grants ?? [], faults, ['grants']);
    await refuseUnavailable(act, { companyId, projectId }, held, grants, faults, (i) => ['grants', i, 'genericToolId']);
    faults.refuse();
    const id = member?.id ?? newId(act.now);
    const permissionTemplateId = templateId === undefined ? (member?.permissionTemplateId ?? null) : templateId;
    if (member) member.permissionTemplateId = permissionTemplateId;
    else em.create(ProjectMemberSchema, { id, companyId, projectId, userId, permissionTemplateId });
    await em.flush();
    if (input.grants !== undefined) {
      replaceGrants(em, held, grants, (grant) =>
        em.create(GenericToolGrantSchema, {
          id: newId(act.now),
          companyId,
          projectId,
          userId,
          ...grant,
          granularPermissions: [...grant.granularPermissions],
        }),
      );
    }
    return { id, projectId, userId, permissionTemplateId };
  });
}

export interface RemoveProjectMemberInput {
  projectId: string;
  userId: string;
}

/** Ends a membership; what was granted there goes with it. Gives the user's id. Company admins only. */
export async function removeProjectMember(
  { world, viewer }: Context,
  input: RemoveProjectMemberInput,
): Promise<string> {
  return transaction(world, async (act) => {
    const faults = new Faults();
    await requireAdmin(act, viewer, ADMINS_CHANGE_MEMBERS);
    const { projectId, userId, projectName, userName } = await findEnds(act, viewer, input, faults);
    faults.refuse();
    const lockMode = LockMode.PESSIMISTIC_WRITE;
    const member = await act.em.findOne(ProjectMemberSchema, { projectId, userId }, { lockMode });
    if (!member) faults.add('NOT_FOUND', `${userName} is not a member of ${projectName}.`, ['userId']);
    faults.refuse();
    act.em.remove(member!);
    return userId;
  });
}

/** Project and user of a membership, of the viewer's company. */
async function findEnds(
  { em }: Act,
  { companyId }: Viewer,
  input: { projectId: string; userId: string },
  faults: Faults,
): Promise<{ projectId: string; userId: string; projectName: string; userName: string }> {
  const projectId = faults.id('Project', input.projectId, ['projectId']);
  const userId = faults.id('User', input.userId, ['userId']);
  const project = await em.findOne(ProjectSchema, { id: projectId, companyId });
  const user = await em.findOne(UserSchema, { id: userId, companyId });
  if (!project && projectId !== NOBODY) faults.notFound('Project', input.projectId, ['projectId']);
  if (!user && userId !== NOBODY) faults.notFound('User', input.userId, ['userId']);
  return { projectId, userId, projectName: project?.name ?? '', userName: user?.name ?? '' };
}

/** The id of a template of the viewer's company, which cannot be deleted before the act ends; undefined and null as given. */
async function readTemplate(
  { em }: Act,
  { companyId }: Viewer,
  value: string | null | undefined,
  faults: Faults,
): Promise<string | null | undefined> {
  if (value == null) return value;
  const path = ['permissionTemplateId'];
  const id = faults.id('PermissionTemplate', value, path);
  if (id === NOBODY) return id;
  const lockMode = LockMode.PESSIMISTIC_READ;
  const template = await em.findOne(PermissionTemplateSchema, { id, companyId }, { lockMode });
  if (!template) faults.notFound('PermissionTemplate', value, path);
  return id;
}
