import { Company } from '../directory/directory.graph.ts';
import { builder } from '../graph/builder.ts';
import { toGlobalId } from '../kernel/ids.ts';
import type { CUSTOM_FIELD_TYPES, CustomFieldOption } from './customField.policy.ts';
import { type CustomFieldRow, customFieldById, customFieldsOfCompany } from './customField.queries.ts';
import { customValueInGraph } from './customValue.policy.ts';

export const CustomFieldTypeEnum = builder.enumType('CustomFieldType', {
  description: 'What a custom field can hold, and what JSON a value of it is, in and out.',
  values: {
    STRING: { description: 'A line of text, up to 255 characters.' },
    RICH_TEXT: { description: 'Rich text (HTML), made safe; up to 10,000 characters.' },
    DECIMAL: { description: 'An exact decimal number as a string, as Decimal: "1250.75".' },
    CURRENCY: { description: 'A sum of money, as Decimal: "1250.75".' },
    BOOLEAN: { description: 'Either true or false; null: nobody has said.' },
    DATE: { description: 'A day, as Date: "2020-08-31".' },
    DATETIME: { description: 'A moment, as DateTime: "2020-08-31T14:00:00.000Z".' },
    SINGLE_SELECT: { description: 'One of the options: its id.' },
    MULTI_SELECT: { description: 'Some of the options: a list of ids, always in the order of the options.' },
    USER: { description: 'The id of a User.' },
    USERS: { description: 'A list of ids of Users, at most 200, in the order in which they were named.' },
    COMPANY: { description: 'A firm: the id of a Vendor.' },
    LOCATION: { description: 'The id of a Location of the project.' },
    READ_ONLY: { description: 'A text that is the same on all items: the default of the definition. Not written.' },
  } satisfies Record<(typeof CUSTOM_FIELD_TYPES)[number], object>,
});

const CustomFieldOptionRef = builder.objectRef<CustomFieldOption>('CustomFieldOption').implement({
  description: 'What can be chosen in a custom field of a select.',
  fields: (t) => ({
    id: t.id({ description: 'Its id: a value.', resolve: ({ id }) => toGlobalId('CustomFieldOption', id) }),
    label: t.exposeString('label', { description: 'What it is called, unique in the field whatever its case.' }),
    position: t.exposeInt('position', {
      description: 'Where it stands among the options, from 1 on; items are ordered by it.',
    }),
    active: t.exposeBoolean('active', {
      description: 'Whether it can be chosen. One out of use stays on items that have it.',
    }),
  }),
});

export const CustomField = builder.objectRef<CustomFieldRow>('CustomField');
builder.node(CustomField, {
  description:
    'A field that the company has defined for its items; fieldsets say where they have it. Seen by all of the company; values only with their items.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(customFieldById, id)),
  fields: (t) => ({
    label: t.exposeString('label', {
      description: 'What it is called, unique among those in use in the company whatever its case.',
    }),
    description: t.exposeString('description', { nullable: true, description: 'What it is for.' }),
    dataType: t.expose('dataType', { type: CustomFieldTypeEnum, description: 'What it holds; it never changes.' }),
    defaultValue: t.field({
      type: 'JSON',
      nullable: true,
      description:
        'What a new item gets where its maker says nothing, if it can be chosen there; the text of a READ_ONLY field.',
      resolve: ({ dataType, defaultValue }) => customValueInGraph(dataType, defaultValue),
    }),
    active: t.exposeBoolean('active', {
      description: 'Whether it can be written and put into fieldsets. Values of one out of use are kept and shown.',
    }),
    options: t.field({
      type: [CustomFieldOptionRef],
      description: 'The options of a select by position, those out of use too; empty for other types.',
      resolve: ({ options }) => options,
    }),
  }),
});

builder.objectFields(Company, (t) => ({
  customFields: t.field({
    type: [CustomField],
    description: 'The fields that the company has defined, by label, those out of use too.',
    resolve: async ({ id }, _args, { loads }) => (await loads.load(customFieldsOfCompany, id)) ?? [],
  }),
}));
