import { builder } from '../graph/builder.ts';
import { mutation } from '../graph/payload.ts';
import {
  type CreateGenericToolInput,
  createGenericTool,
  type UpdateGenericToolInput,
  updateGenericTool,
} from './tool.commands.ts';
import { GenericTool, MEANING } from './tool.graph.ts';
import { genericToolById } from './tool.queries.ts';
import { ADMINS_CHANGE_TOOLS } from './toolChange.commands.ts';

const CreateGenericToolInputRef = builder.inputType('CreateGenericToolInput', {
  description: 'A new tool, from scratch or from a template. What is given here goes before what the template says.',
  fields: (t) => ({
    companyId: t.id({ required: true, description: 'Id of the Company.' }),
    templateKey: t.string({ description: 'Key of a GenericToolTemplate; NOT_FOUND if there is none.' }),
    title: t.string({
      description:
        'Its name, at most 255 characters; REQUIRED without a template. TAKEN if a tool of the company has it, whatever its case.',
    }),
    abbreviation: t.string({ description: `${MEANING.abbreviation} At most 20 characters; null: no prefix.` }),
    privateByDefault: t.boolean({ description: `${MEANING.privateByDefault} By default true.` }),
    enabledOnNewProjects: t.boolean({ description: `${MEANING.enabledOnNewProjects} By default false.` }),
    sendsOverdueNotifications: t.boolean({ description: `${MEANING.sendsOverdueNotifications} By default false.` }),
    adminsSeePrivateItems: t.boolean({ description: `${MEANING.adminsSeePrivateItems} By default true.` }),
    externalId: t.string({
      description: 'The id that it has in the system it comes from. TAKEN if another tool of the company has it.',
    }),
  }),
});

mutation<CreateGenericToolInput, { id: string }>('createGenericTool', {
  description:
    'Makes a tool with the statuses Draft, Open and Closed and the fieldset "Default". It is available in no project yet. Company admins only.',
  input: CreateGenericToolInputRef,
  admins: ADMINS_CHANGE_TOOLS,
  payload: (t) => ({
    genericTool: t.field({
      type: GenericTool,
      nullable: true,
      description: 'The new tool.',
      resolve: ({ id }, _args, { loads }) => (id ? loads.load(genericToolById, id) : null),
    }),
  }),
  run: async (context, input) => ({ id: await createGenericTool(context, input) }),
});

const UpdateGenericToolInputRef = builder.inputType('UpdateGenericToolInput', {
  description: 'What to change about a tool. Absent fields stay as they are.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Id of a GenericTool.' }),
    title: t.string({
      description: 'Its name, at most 255 characters. TAKEN if another tool of the company has it, whatever its case.',
    }),
    abbreviation: t.string({
      description: `${MEANING.abbreviation} At most 20 characters; null: no prefix. The numbers of all its items are rewritten.`,
    }),
    privateByDefault: t.boolean({ description: MEANING.privateByDefault }),
    enabledOnNewProjects: t.boolean({ description: MEANING.enabledOnNewProjects }),
    sendsOverdueNotifications: t.boolean({ description: MEANING.sendsOverdueNotifications }),
    adminsSeePrivateItems: t.boolean({ description: MEANING.adminsSeePrivateItems }),
  }),
});

mutation<UpdateGenericToolInput, { id: string }>('updateGenericTool', {
  description: 'Changes settings of a tool. Company admins only.',
  input: UpdateGenericToolInputRef,
  admins: ADMINS_CHANGE_TOOLS,
  payload: (t) => ({
    genericTool: t.field({
      type: GenericTool,
      nullable: true,
      description: 'The tool as it is now.',
      resolve: ({ id }, _args, { loads }) => (id ? loads.load(genericToolById, id) : null),
    }),
  }),
  run: async (context, input) => ({ id: await updateGenericTool(context, input) }),
});
