import { builder } from '../graph/builder.ts';
import { mutation } from '../graph/payload.ts';
import { type DeleteFieldsetInput, deleteFieldset, saveFieldset } from './fieldset.commands.ts';
import { Fieldset, ItemFieldEnum } from './fieldset.graph.ts';
import type { SaveFieldsetInput } from './fieldset.input.ts';
import { fieldsetById } from './fieldset.queries.ts';
import { ADMINS_CHANGE_TOOLS } from './toolChange.commands.ts';

const FieldsetSectionInput = builder.inputType('FieldsetSectionInput', {
  description: 'A heading of a fieldset.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: 'Its name, at most 255 characters; INVALID if two have it, whatever its case.',
    }),
  }),
});

const FieldsetFieldInput = builder.inputType('FieldsetFieldInput', {
  description: 'What a fieldset says about one field.',
  fields: (t) => ({
    field: t.field({
      type: ItemFieldEnum,
      description:
        'Which built-in field. Either this or customFieldId is REQUIRED; INVALID with both, or if listed twice.',
    }),
    customFieldId: t.id({
      description:
        'Which CustomField (NOT_FOUND), at most 15 of them (TOO_MANY). INVALID for one out of use that the fieldset does not have yet.',
    }),
    visible: t.boolean({
      required: true,
      description: 'Whether it is shown. INVALID if false for NUMBER, STATUS, TITLE or PRIVATE.',
    }),
    required: t.boolean({
      required: true,
      description:
        'Whether an issued item must have a value. INVALID if false for TITLE or STATUS, and if true for a field that is hidden or READ_ONLY, ' +
        'or that items cannot have a value in: the message says why.',
    }),
    section: t.string({
      description:
        'Name of the section that it stands under, whatever its case; INVALID if the fieldset has none such.',
    }),
    position: t.int({ description: 'Where it stands, 0 to 1000; by default its place in the list, from 1 on.' }),
  }),
});

const SaveFieldsetInputRef = builder.inputType('SaveFieldsetInput', {
  description: 'A fieldset to make or change. Absent fields stay as they are; a list replaces the list.',
  fields: (t) => ({
    id: t.id({ description: 'Id of the Fieldset to change; absent, one is made.' }),
    genericToolId: t.id({ description: 'Id of the GenericTool that a new fieldset is for; REQUIRED then.' }),
    name: t.string({
      description:
        'Its name, at most 255 characters; REQUIRED for a new one. TAKEN if another fieldset of the tool has it, whatever its case.',
    }),
    sections: t.field({
      type: [FieldsetSectionInput],
      description:
        'Its headings in their order, at most 50. One whose name was there stays the same; fields under one that goes stand under none.',
    }),
    fields: t.field({
      type: [FieldsetFieldInput],
      description:
        'What it says about fields. Built-in ones not listed are visible and not required (TITLE and STATUS: required); custom ones not ' +
        'listed are not in it: items keep their values, for the day when it has them again.',
    }),
    projectIds: t.idList({
      description:
        'Ids of the Projects that it is applied to from now on, at most 5,000; there it takes the place of the former fieldset of ' +
        'the tool. Where it was and is not listed, the tool is taken away: IN_USE if there are items of the tool, archived ones too.',
    }),
  }),
});

mutation<SaveFieldsetInput, { id: string }>('saveFieldset', {
  description: 'Makes or changes a fieldset, and says which projects it is applied to. Company admins only.',
  input: SaveFieldsetInputRef,
  admins: ADMINS_CHANGE_TOOLS,
  payload: (t) => ({
    fieldset: t.field({
      type: Fieldset,
      nullable: true,
      description: 'The fieldset as it is now.',
      resolve: ({ id }, _args, { loads }) => (id ? loads.load(fieldsetById, id) : null),
    }),
  }),
  run: async (context, input) => ({ id: await saveFieldset(context, input) }),
});

const DeleteFieldsetInputRef = builder.inputType('DeleteFieldsetInput', {
  description: 'Which fieldset to delete.',
  fields: (t) => ({
    id: t.id({
      required: true,
      description:
        'Id of a Fieldset. IN_USE if it is a "Default" one, or if it is applied to a project with items of the tool, archived ones too.',
    }),
  }),
});

mutation<DeleteFieldsetInput, { deletedId: string }>('deleteFieldset', {
  description:
    'Deletes a fieldset; its tool is no longer available in the projects that it was applied to. Company admins only.',
  input: DeleteFieldsetInputRef,
  admins: ADMINS_CHANGE_TOOLS,
  payload: (t) => ({
    deletedId: t.id({
      nullable: true,
      description: 'The id that it had.',
      resolve: ({ deletedId }) => deletedId,
    }),
  }),
  run: async (context, input) => ({ deletedId: await deleteFieldset(context, input) }),
});
