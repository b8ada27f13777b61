import { LockMode } from '@mikro-orm/core';
import { type Act, transaction } from '../database/transaction.ts';
import { isAdminNow } from '../directory/admin.commands.ts';
import { ProjectSchema, UserSchema } from '../directory/directory.entity.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Context } from '../graph/context.ts';
import { newId } from '../kernel/ids.ts';
import { Faults } from '../kernel/input.ts';
import { GenericToolSchema } from '../tool/tool.entity.ts';
import { refuseUnavailable, stored } from './grant.input.ts';
import type { MemberRow } from './member.queries.ts';
import { GenericToolGrantSchema, ProjectMemberSchema } from './permission.entity.ts';
import { type AccessLevel, type GranularPermission, refuseGrant } from './permission.policy.ts';
import { rightsOf } from './permission.queries.ts';

export interface SetGenericToolGrantInput {
  projectId: string;
  userId: string;
  genericToolId: string;
  accessLevel?: AccessLevel | null;
  granularPermissions?: readonly GranularPermission[] | null;
}

/**
 * Gives a member of a project a level on a tool directly, or (level null) takes that away, so that their template counts again.
 * Company admins; ADMINs of the tool in the project, but never to themselves. Gives the membership.
 */
export async function setGenericToolGrant(
  { world, viewer }: Context,
  input: SetGenericToolGrantInput,
): Promise<MemberRow> {
  return transaction(world, async (act) => {
    const { em } = act;
    const faults = new Faults();
    const scope = {
      projectId: faults.id('Project', input.projectId, ['projectId']),
      userId: faults.id('User', input.userId, ['userId']),
      genericToolId: faults.id('GenericTool', input.genericToolId, ['genericToolId']),
    };
    faults.refuse();
    const isAdmin = await isAdminNow(act, viewer);
    const member = await findMember(act, viewer, isAdmin, input, scope, faults);
    await refuseGranting(act, viewer, isAdmin, input, scope, faults);
    const held = await em.findOne(GenericToolGrantSchema, scope);
    const { accessLevel, granularPermissions } = readLevel(input, faults);
    const grant = accessLevel && { genericToolId: scope.genericToolId, accessLevel, granularPermissions };
    await refuseUnavailable(
      act,
      { ...scope, companyId: viewer.companyId },
      held ? [held] : [],
      grant ? [grant] : [],
      faults,
      () => ['genericToolId'],
    );
    faults.refuse();
    if (grant && held) Object.assign(held, grant);
    else if (grant) {
      em.create(GenericToolGrantSchema, { id: newId(act.now), companyId: viewer.companyId, ...scope, ...grant });
    } else if (held) em.remove(held);
    return member;
  });
}

interface Scope {
  projectId: string;
  userId: string;
  genericToolId: string;
}

/**
 * The membership that a grant is for, in a project that the viewer sees. It and the viewer's own are held until the act ends, in the
 * same order whoever asks: of two ADMINs who take the right from each other at once, one is too late.
 */
async function findMember(
  { em }: Act,
  viewer: Viewer,
  isAdmin: boolean,
  input: SetGenericToolGrantInput,
  { projectId, userId }: Scope,
  faults: Faults,
): Promise<MemberRow> {
  const { companyId } = viewer;
  const members = await em.find(
    ProjectMemberSchema,
    { projectId, companyId, userId: { $in: [viewer.id, userId] } },
    { orderBy: { id: 'ASC' }, lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  const project = await em.findOne(ProjectSchema, { id: projectId, companyId });
  const sees = project && (isAdmin || members.some((member) => member.userId === viewer.id));
  if (!sees) faults.notFound('Project', input.projectId, ['projectId']);
  const member = members.find((row) => row.userId === userId);
  const user = await em.findOne(UserSchema, { id: userId, companyId });
  if (!user) faults.notFound('User', input.userId, ['userId']);
  else if (sees && !member) faults.add('NOT_FOUND', `${user.name} is not a member of ${project.name}.`, ['userId']);
  faults.refuse();
  return { id: member!.id, projectId, userId, permissionTemplateId: member!.permissionTemplateId ?? null };
}

/** Refuses whoever does not see the tool, or sees it but may grant nothing on it here, or not to themself. */
async function refuseGranting(
  { em, db }: Act,
  viewer: Viewer,
  isAdmin: boolean,
  input: SetGenericToolGrantInput,
  { projectId, userId, genericToolId }: Scope,
  faults: Faults,
): Promise<void> {
  const tool = await em.findOne(GenericToolSchema, { id: genericToolId, companyId: viewer.companyId });
  const rights = isAdmin ? [] : (await rightsOf(db, viewer)).filter((right) => right.genericToolId === genericToolId);
  const here = rights.find((right) => right.projectId === projectId);
  if (!tool || (!isAdmin && rights.length === 0))
    faults.notFound('GenericTool', input.genericToolId, ['genericToolId']);
  else if (!isAdmin && here?.accessLevel !== 'ADMIN') {
    const message = `Only company admins and ADMINs of ${tool.title} in the project may grant rights on it.`;
    faults.add('FORBIDDEN', message, ['genericToolId']);
  } else if (!isAdmin && userId === viewer.id)
    faults.add('FORBIDDEN', `Nobody may change their own rights on ${tool.title}, but company admins.`, ['userId']);
  faults.refuse();
}

/** The level that an input asks for, with what comes on top; null takes the grant away. */
function readLevel({ accessLevel, granularPermissions }: SetGenericToolGrantInput, faults: Faults) {
  const grant = { accessLevel: accessLevel ?? null, granularPermissions: stored(granularPermissions) };
  if (accessLevel === undefined)
    faults.add('REQUIRED', 'The access level is missing; null takes the grant away.', ['accessLevel']);
  else if (accessLevel === null && grant.granularPermissions.length > 0)
    faults.add('INVALID', `${grant.granularPermissions.join(', ')} cannot be given without a level.`, [
      'granularPermissions',
    ]);
  const refusal = accessLevel && refuseGrant({ ...grant, accessLevel });
  if (refusal) faults.add('INVALID', refusal, ['granularPermissions']);
  return grant;
}
