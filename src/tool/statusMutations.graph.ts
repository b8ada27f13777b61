import { builder } from '../graph/builder.ts';
import { mutation } from '../graph/payload.ts';
import {
  type CreateGenericToolStatusInput,
  createStatus,
  type DeleteGenericToolStatusInput,
  deleteStatus,
  type UpdateGenericToolStatusInput,
  updateStatus,
} from './status.commands.ts';
import { GenericToolStatus, StatusCategoryEnum } from './status.graph.ts';
import { statusById } from './status.queries.ts';
import { ADMINS_CHANGE_TOOLS } from './toolChange.commands.ts';

const name = 'Its name, at most 255 characters. TAKEN if another status of the tool has it, whatever its case.';

const CreateGenericToolStatusInputRef = builder.inputType('CreateGenericToolStatusInput', {
  description: 'A new status of a tool.',
  fields: (t) => ({
    genericToolId: t.id({ required: true, description: 'Id of a GenericTool.' }),
    name: t.string({ required: true, description: name }),
    category: t.field({ type: StatusCategoryEnum, required: true, description: 'What it means; it never changes.' }),
  }),
});

mutation<CreateGenericToolStatusInput, { id: string }>('createGenericToolStatus', {
  description: 'Adds a status to a tool. Company admins only.',
  input: CreateGenericToolStatusInputRef,
  admins: ADMINS_CHANGE_TOOLS,
  payload: (t) => ({
    status: t.field({
      type: GenericToolStatus,
      nullable: true,
      description: 'The new status.',
      resolve: ({ id }, _args, { loads }) => (id ? loads.load(statusById, id) : null),
    }),
  }),
  run: async (context, input) => ({ id: await createStatus(context, input) }),
});

const UpdateGenericToolStatusInputRef = builder.inputType('UpdateGenericToolStatusInput', {
  description: 'A new name for a status.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Id of a GenericToolStatus.' }),
    name: t.string({ required: true, description: name }),
  }),
});

mutation<UpdateGenericToolStatusInput, { id: string }>('updateGenericToolStatus', {
  description: 'Renames a status, a built-in one too. Company admins only.',
  input: UpdateGenericToolStatusInputRef,
  admins: ADMINS_CHANGE_TOOLS,
  payload: (t) => ({
    status: t.field({
      type: GenericToolStatus,
      nullable: true,
      description: 'The status as it is now.',
      resolve: ({ id }, _args, { loads }) => (id ? loads.load(statusById, id) : null),
    }),
  }),
  run: async (context, input) => ({ id: await updateStatus(context, input) }),
});

const DeleteGenericToolStatusInputRef = builder.inputType('DeleteGenericToolStatusInput', {
  description: 'Which status to delete.',
  fields: (t) => ({
    id: t.id({
      required: true,
      description:
        'Id of a GenericToolStatus. IN_USE if it is built-in, if items have it (archived ones too), or had it when they were answered.',
    }),
  }),
});

mutation<DeleteGenericToolStatusInput, { deletedId: string }>('deleteGenericToolStatus', {
  description: 'Deletes a status that nothing needs. Company admins only.',
  input: DeleteGenericToolStatusInputRef,
  admins: ADMINS_CHANGE_TOOLS,
  payload: (t) => ({
    deletedId: t.id({
      nullable: true,
      description: 'The id that it had.',
      resolve: ({ deletedId }) => deletedId,
    }),
  }),
  run: async (context, input) => ({ deletedId: await deleteStatus(context, input) }),
});
