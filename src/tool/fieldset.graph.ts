import { Project } from '../directory/directory.graph.ts';
import { builder } from '../graph/builder.ts';
import { requireUuid, toGlobalId } from '../kernel/ids.ts';
import { projectsOfFieldset } from './availability.queries.ts';
import { CustomField } from './customField.graph.ts';
import { customFieldById } from './customField.queries.ts';
import {
  type FieldsetFieldRow,
  type FieldsetRow,
  type FieldsetSectionRow,
  fieldsetById,
  fieldsetsOfTool,
  fieldsOfFieldset,
  listApplied,
  sectionsOfFieldset,
} from './fieldset.queries.ts';
import { GenericTool } from './tool.graph.ts';
import { genericToolById } from './tool.queries.ts';

export const ItemFieldEnum = builder.enumType('ItemField', {
  description: 'A built-in field of items.',
  values: {
    ASSIGNEES: { description: 'Who is to answer.' },
    ATTACHMENTS: { description: 'Files and references.' },
    COST_CODE: { description: 'What it is booked on.' },
    COST_IMPACT: { description: 'Whether it costs, and how much.' },
    DESCRIPTION: { description: 'What it is about, as rich text.' },
    DISTRIBUTION: { description: 'Who is kept informed.' },
    DUE_DATE: { description: 'By which day an answer is wanted.' },
    LOCATION: { description: 'Where on the site.' },
    NUMBER: { description: 'Prefix and position. Always visible.' },
    PRIVATE: { description: 'Whether only those involved see it. Always visible.' },
    RECEIVED_FROM: { description: 'Who brought it up.' },
    RESPONSES: { description: 'The answers; hidden: nobody can respond. Never required.' },
    SCHEDULE_IMPACT: { description: 'Whether it delays, and by how many days.' },
    SCHEDULE_TASKS: { description: 'Tasks of the schedule that it touches.' },
    SPECIFICATION_SECTION: { description: 'The section of the specification that it is about.' },
    STATUS: { description: 'The status. Always visible and required.' },
    SUB_JOB: { description: 'The sub job that it belongs to.' },
    TITLE: { description: 'The subject. Always visible and required.' },
    TRADES: { description: 'The trades that it touches.' },
    QUANTITY: { description: 'How much, and of which unit.' },
  } as const,
});

export const Fieldset = builder.objectRef<FieldsetRow>('Fieldset');

const FieldsetSection = builder.objectRef<FieldsetSectionRow>('FieldsetSection').implement({
  description: 'A heading of a fieldset, with fields under it.',
  fields: (t) => ({
    id: t.id({ description: 'Its id.', resolve: ({ id }) => toGlobalId('FieldsetSection', id) }),
    name: t.exposeString('name', { description: 'Its name, unique in the fieldset whatever its case.' }),
    position: t.exposeInt('position', { description: 'Where it stands among the sections, from 1 on.' }),
  }),
});

const FieldsetField = builder.objectRef<FieldsetFieldRow>('FieldsetField').implement({
  description: 'What a fieldset says about one field of items.',
  fields: (t) => ({
    field: t.expose('field', {
      type: ItemFieldEnum,
      nullable: true,
      description: 'Which built-in field; null for a custom one.',
    }),
    customField: t.field({
      type: CustomField,
      nullable: true,
      description: 'Which custom field; null for a built-in one.',
      resolve: ({ customFieldId }, _args, { loads }) =>
        customFieldId === null ? null : loads.at(customFieldById, customFieldId),
    }),
    visible: t.exposeBoolean('visible', {
      description: 'Whether it is shown. A hidden field keeps its value; writing it is INVALID.',
    }),
    required: t.exposeBoolean('required', { description: 'Whether an issued item must have a value.' }),
    position: t.exposeInt('position', { description: 'Where it stands among the fields; the least comes first.' }),
    section: t.field({
      type: FieldsetSection,
      nullable: true,
      description: 'The heading that it stands under, if any.',
      resolve: async ({ fieldsetId, sectionId }, _args, { loads }) =>
        (await loads.load(sectionsOfFieldset, fieldsetId))?.find(({ id }) => id === sectionId) ?? null,
    }),
  }),
});

builder.node(Fieldset, {
  description:
    'Which fields items of a tool show and require. A tool is available in a project when one of its fieldsets is applied to it; ' +
    'there is at most one for each tool and project. Seen by whoever sees the tool.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(fieldsetById, id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, unique in the tool whatever its case.' }),
    genericTool: t.field({
      type: GenericTool,
      description: 'The tool that it belongs to.',
      resolve: async ({ genericToolId }, _args, { loads }) => (await loads.load(genericToolById, genericToolId))!,
    }),
    fields: t.field({
      type: [FieldsetField],
      description: 'Every built-in field and the custom fields that it has, by position.',
      resolve: async ({ id }, _args, { loads }) => (await loads.load(fieldsOfFieldset, id)) ?? [],
    }),
    sections: t.field({
      type: [FieldsetSection],
      description: 'Its headings, by position.',
      resolve: async ({ id }, _args, { loads }) => (await loads.load(sectionsOfFieldset, id)) ?? [],
    }),
    projects: t.field({
      type: [Project],
      description:
        'The projects that it is applied to, by name: those where you have READ_ONLY or more on the tool; company admins see all.',
      resolve: async ({ id }, _args, { loads }) => (await loads.load(projectsOfFieldset, id)) ?? [],
    }),
  }),
});

builder.objectFields(GenericTool, (t) => ({
  fieldsets: t.field({
    type: [Fieldset],
    description: 'Its fieldsets, by name.',
    resolve: async ({ id }, _args, { loads }) => (await loads.load(fieldsetsOfTool, id)) ?? [],
  }),
}));

builder.objectFields(Project, (t) => ({
  fieldsets: t.field({
    type: [Fieldset],
    description:
      'The fieldsets that are applied here, one for each available tool that you may read here, by title of the tool.',
    args: { genericToolId: t.arg.id({ description: 'Only that of this GenericTool.' }) },
    resolve: ({ id }, { genericToolId }, context) =>
      listApplied(
        context,
        id,
        genericToolId == null ? null : requireUuid('GenericTool', genericToolId, 'genericToolId'),
      ),
  }),
}));
