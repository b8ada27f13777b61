import { builder } from '../graph/builder.ts';
import { mutation } from '../graph/payload.ts';
import {
  ADMINS_CHANGE_FIELDS,
  type CreateCustomFieldInput,
  createCustomField,
  type UpdateCustomFieldInput,
  updateCustomField,
} from './customField.commands.ts';
import { CustomField, CustomFieldTypeEnum } from './customField.graph.ts';
import { customFieldById } from './customField.queries.ts';

const label =
  'What it is called, at most 255 characters. TAKEN if another one in use in the company has it, whatever its case.';
const description = 'What it is for, at most 2,000 characters.';
const defaultValue =
  'What a new item gets where its maker says nothing, a value as its type wants it (INVALID, NOT_FOUND, NOT_SELECTABLE); options can be ' +
  'named by their labels too. The text of a READ_ONLY field. INVALID for a LOCATION.';

const CreateCustomFieldInputRef = builder.inputType('CreateCustomFieldInput', {
  description: 'A custom field to define.',
  fields: (t) => ({
    companyId: t.id({ required: true, description: 'Id of the Company.' }),
    label: t.string({ required: true, description: label }),
    description: t.string({ description }),
    dataType: t.field({ type: CustomFieldTypeEnum, required: true, description: 'What it holds; for good.' }),
    defaultValue: t.field({ type: 'JSON', description: defaultValue }),
    options: t.stringList({
      description:
        'Labels of the options of a select in their order, at most 500 (TOO_MANY), each up to 255 characters; two of a kind, or options of another type, are INVALID.',
    }),
  }),
});

const customField = {
  type: CustomField,
  nullable: true,
  description: 'The definition as it is now.',
} as const;

mutation<CreateCustomFieldInput, { id: string }>('createCustomField', {
  description:
    'Defines a custom field of the company, at most 500 (TOO_MANY). No item has it until a fieldset lists it (saveFieldset). Company admins only.',
  input: CreateCustomFieldInputRef,
  admins: ADMINS_CHANGE_FIELDS,
  payload: (t) => ({
    customField: t.field({
      ...customField,
      resolve: ({ id }, _args, { loads }) => (id ? loads.load(customFieldById, id) : null),
    }),
  }),
  run: async (context, input) => ({ id: await createCustomField(context, input) }),
});

const UpdateCustomFieldInputRef = builder.inputType('UpdateCustomFieldInput', {
  description: 'What to change about a custom field. Absent fields stay as they are.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Id of a CustomField (NOT_FOUND).' }),
    label: t.string({ description: label }),
    description: t.string({ description: `${description} null: none.` }),
    active: t.boolean({
      description:
        'Whether it can be written and put into fieldsets. Out of use it keeps its values, and its label is free for another; in use again it is TAKEN if one has it.',
    }),
    defaultValue: t.field({ type: 'JSON', description: `${defaultValue} null: none.` }),
    addOptions: t.stringList({
      description:
        'Labels of options to add, which come last; one that is out of use is in use again, in its place. TAKEN if it is in use, INVALID if it stands there twice or the field is no select, TOO_MANY beyond 500 in all.',
    }),
    deactivateOptionIds: t.idList({
      description:
        'Options that cannot be chosen any more (NOT_FOUND); items that have them keep them. A default that names one is none then.',
    }),
  }),
});

mutation<UpdateCustomFieldInput, { id: string }>('updateCustomField', {
  description: 'Changes the definition of a custom field; its type stays. Company admins only.',
  input: UpdateCustomFieldInputRef,
  admins: ADMINS_CHANGE_FIELDS,
  payload: (t) => ({
    customField: t.field({
      ...customField,
      resolve: ({ id }, _args, { loads }) => (id ? loads.load(customFieldById, id) : null),
    }),
  }),
  run: async (context, input) => ({ id: await updateCustomField(context, input) }),
});
