import { Project, User } from '../directory/directory.graph.ts';
import { userById } from '../directory/directory.queries.ts';
import { builder } from '../graph/builder.ts';
import { connectionType } from '../graph/connection.ts';
import { mutation } from '../graph/payload.ts';
import { toGlobalId } from '../kernel/ids.ts';
import { type SetGenericToolGrantInput, setGenericToolGrant } from './grant.commands.ts';
import {
  ADMINS_CHANGE_MEMBERS,
  type RemoveProjectMemberInput,
  removeProjectMember,
  type SetProjectMemberInput,
  setProjectMember,
} from './member.commands.ts';
import { grantsOf, listMembers, type MemberRow, templateOf } from './member.queries.ts';
import { AccessLevelRef, GenericToolGrant, GranularPermissionRef } from './permission.graph.ts';
import { GenericToolGrantInputRef, PermissionTemplate } from './template.graph.ts';

const ProjectMember = builder.objectRef<MemberRow>('ProjectMember').implement({
  description:
    'A user who belongs to a project. What they were given is seen by themself, company admins, and ADMINs of a tool there.',
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'The user.',
      resolve: async ({ userId }, _args, { loads }) => (await loads.load(userById, userId))!,
    }),
    permissionTemplate: t.field({
      type: PermissionTemplate,
      nullable: true,
      description: 'The template that says what they may do; null if there is none, or you may not see it.',
      resolve: (member, _args, context) => templateOf(context, member),
    }),
    grants: t.field({
      type: [GenericToolGrant],
      nullable: true,
      description:
        'What was granted to them directly, by title of the tool, as far as you may see it (ADMINs: on their tool); null if you may see none.',
      resolve: (member, _args, context) => grantsOf(context, member),
    }),
  }),
});
const ProjectMemberConnection = connectionType('ProjectMember', ProjectMember);

builder.objectField(Project, 'members', (t) =>
  t.connection(
    {
      type: ProjectMember,
      description: 'Who belongs to the project, by name, inactive users too.',
      args: {
        query: t.arg.string({ description: 'Only who has this text in name or e-mail address, whatever its case.' }),
      },
      resolve: ({ id }, { query, ...args }, context) => listMembers(context, id, query, args),
    },
    ProjectMemberConnection,
  ),
);

const ends = {
  projectId: 'Id of a Project that you see (NOT_FOUND).',
  userId: 'Id of a User of the company (NOT_FOUND).',
};

mutation<SetProjectMemberInput, { member: MemberRow }>('setProjectMember', {
  description: 'Makes somebody a member of a project, or changes their membership. Company admins only.',
  input: builder.inputRef<SetProjectMemberInput>('SetProjectMemberInput').implement({
    description: 'The membership. Absent fields stay as they are.',
    fields: (t) => ({
      projectId: t.id({ required: true, description: ends.projectId }),
      userId: t.id({ required: true, description: ends.userId }),
      permissionTemplateId: t.id({ description: 'Id of a PermissionTemplate (NOT_FOUND); null takes it away.' }),
      grants: t.field({
        type: [GenericToolGrantInputRef],
        description:
          'What they are granted directly there: it replaces what they had, null and the empty list take all away. ' +
          'At most 500 (TOO_MANY); INVALID for tools that are not available in the project.',
      }),
    }),
  }),
  admins: ADMINS_CHANGE_MEMBERS,
  payload: (t) => ({
    member: t.field({
      type: ProjectMember,
      nullable: true,
      description: 'The membership, as it is now.',
      resolve: ({ member }) => member,
    }),
  }),
  run: async (context, input) => ({ member: await setProjectMember(context, input) }),
});

mutation<RemoveProjectMemberInput, { userId: string }>('removeProjectMember', {
  description:
    'Ends a membership; what was granted to them there goes with it. They stay on items, and see nothing of the project. Company admins only.',
  input: builder.inputRef<RemoveProjectMemberInput>('RemoveProjectMemberInput').implement({
    description: 'Whose membership, where.',
    fields: (t) => ({
      projectId: t.id({ required: true, description: ends.projectId }),
      userId: t.id({ required: true, description: 'Id of a User who is a member (NOT_FOUND).' }),
    }),
  }),
  admins: ADMINS_CHANGE_MEMBERS,
  payload: (t) => ({
    removedUserId: t.id({
      nullable: true,
      description: 'Id of the User who was a member.',
      resolve: ({ userId }) => (userId ? toGlobalId('User', userId) : null),
    }),
  }),
  run: async (context, input) => ({ userId: await removeProjectMember(context, input) }),
});

mutation<SetGenericToolGrantInput, { member: MemberRow }>('setGenericToolGrant', {
  description:
    "Grants a member rights on a tool in a project directly, in the place of their template's, or takes such a grant away. " +
    'Company admins, and ADMINs of the tool in the project; these never to themselves (FORBIDDEN).',
  input: builder.inputRef<SetGenericToolGrantInput>('SetGenericToolGrantInput').implement({
    description: 'The grant as it shall be.',
    fields: (t) => ({
      projectId: t.id({ required: true, description: ends.projectId }),
      userId: t.id({ required: true, description: 'Id of a User who is a member of the project (NOT_FOUND).' }),
      genericToolId: t.id({
        required: true,
        description: 'Id of a GenericTool that you see (NOT_FOUND) and that is available in the project (INVALID).',
      }),
      accessLevel: t.field({
        type: AccessLevelRef,
        description: 'The level. REQUIRED: null, which takes the grant away, must be written out.',
      }),
      granularPermissions: t.field({
        type: [GranularPermissionRef],
        description:
          'What comes on top; left out, nothing. INVALID: any at NONE or null, any but VIEW_VENDOR_ITEMS at ADMIN.',
      }),
    }),
  }),
  payload: (t) => ({
    member: t.field({
      type: ProjectMember,
      nullable: true,
      description: 'The membership, as it is now.',
      resolve: ({ member }) => member,
    }),
  }),
  run: async (context, input) => ({ member: await setGenericToolGrant(context, input) }),
});
