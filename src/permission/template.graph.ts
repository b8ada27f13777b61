import { Company } from '../directory/directory.graph.ts';
import { builder } from '../graph/builder.ts';
import { mutation } from '../graph/payload.ts';
import { toGlobalId } from '../kernel/ids.ts';
import type { GenericToolGrantInput } from './grant.input.ts';
import { AccessLevelRef, GranularPermissionRef, PermissionTemplateEntry } from './permission.graph.ts';
import {
  ADMINS_CHANGE_TEMPLATES,
  type DeletePermissionTemplateInput,
  deletePermissionTemplate,
  type SavePermissionTemplateInput,
  savePermissionTemplate,
} from './template.commands.ts';
import {
  entriesOfTemplate,
  listTemplates,
  type PermissionTemplateRow,
  permissionTemplateById,
} from './template.queries.ts';

export const PermissionTemplate = builder.objectRef<PermissionTemplateRow>('PermissionTemplate');
builder.node(PermissionTemplate, {
  description:
    'A level and granular permissions on each tool, given to members of projects. ' +
    'Seen by company admins, by who holds it, and by ADMINs of a tool in a project where somebody holds it.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(permissionTemplateById, id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, unique in the company whatever its case.' }),
    entries: t.field({
      type: [PermissionTemplateEntry],
      description:
        'What it gives on each tool, by title of the tool; tools without an entry are at NONE. ' +
        'Who holds it sees the entries of tools that they may read, ADMINs that of their tool.',
      resolve: async ({ id }, _args, { loads }) => (await loads.load(entriesOfTemplate, id)) ?? [],
    }),
  }),
});

builder.objectField(Company, 'permissionTemplates', (t) =>
  t.field({
    type: [PermissionTemplate],
    nullable: true,
    description: 'The permission templates, by name; null unless you are a company admin.',
    resolve: ({ id }, _args, context) => listTemplates(context, id),
  }),
);

export const GenericToolGrantInputRef = builder.inputRef<GenericToolGrantInput>('GenericToolGrantInput').implement({
  description: 'A level and granular permissions on a tool.',
  fields: (t) => ({
    genericToolId: t.id({
      required: true,
      description: 'Id of a GenericTool of the company: NOT_FOUND, INVALID if twice.',
    }),
    accessLevel: t.field({ type: AccessLevelRef, required: true, description: 'The level.' }),
    granularPermissions: t.field({
      type: [GranularPermissionRef],
      description: 'What comes on top; left out, nothing. INVALID: any at NONE, any but VIEW_VENDOR_ITEMS at ADMIN.',
    }),
  }),
});

mutation<SavePermissionTemplateInput, { id: string }>('savePermissionTemplate', {
  description:
    'Makes a permission template, or changes one: who holds it has what it says from then on. Company admins only.',
  input: builder.inputRef<SavePermissionTemplateInput>('SavePermissionTemplateInput').implement({
    description: 'The template as it shall be.',
    fields: (t) => ({
      id: t.id({ description: 'Id of the PermissionTemplate to change (NOT_FOUND); left out, a new one is made.' }),
      companyId: t.id({ description: 'Id of the Company that a new one is for (REQUIRED then, NOT_FOUND).' }),
      name: t.string({
        required: true,
        description: 'Up to 255 characters, unique in the company whatever its case (TAKEN).',
      }),
      entries: t.field({
        type: [GenericToolGrantInputRef],
        required: true,
        description: 'All of its entries, at most 500 (TOO_MANY): they replace those that it had.',
      }),
    }),
  }),
  admins: ADMINS_CHANGE_TEMPLATES,
  payload: (t) => ({
    permissionTemplate: t.field({
      type: PermissionTemplate,
      nullable: true,
      description: 'The template, as it is now.',
      resolve: ({ id }, _args, { loads }) => (id ? loads.load(permissionTemplateById, id) : null),
    }),
  }),
  run: async (context, input) => ({ id: await savePermissionTemplate(context, input) }),
});

mutation<DeletePermissionTemplateInput, { id: string }>('deletePermissionTemplate', {
  description: 'Deletes a permission template that no membership has (IN_USE). Company admins only.',
  input: builder.inputRef<DeletePermissionTemplateInput>('DeletePermissionTemplateInput').implement({
    description: 'Which one.',
    fields: (t) => ({ id: t.id({ required: true, description: 'Id of a PermissionTemplate (NOT_FOUND).' }) }),
  }),
  admins: ADMINS_CHANGE_TEMPLATES,
  payload: (t) => ({
    deletedId: t.id({
      nullable: true,
      description: 'The id that it had.',
      resolve: ({ id }) => (id ? toGlobalId('PermissionTemplate', id) : null),
    }),
  }),
  run: async (context, input) => ({ id: await deletePermissionTemplate(context, input) }),
});
