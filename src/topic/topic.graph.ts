import { Project } from '../directory/directory.graph.ts';
import { projectNamed } from '../directory/directory.queries.ts';
import { builder } from '../graph/builder.ts';
import { mutation } from '../graph/payload.ts';
import { ADMINS_KEEP_TOPICS, type UpsertTopicInput, upsertTopic } from './topic.commands.ts';
import type { TopicInput } from './topic.input.ts';
import type { TopicType } from './topic.policy.ts';
import { type TopicRow, topicById } from './topic.queries.ts';

export const TopicTypeRef = builder.enumType('TopicType', {
  description: 'What kind of thing correspondence is about. Three kinds are kept here; all others are external topics.',
  values: {
    CHANGE_EVENT_EVENT: { description: 'A change event.' },
    PROJECT: { description: 'A project as a whole: a Project.' },
    PRIME_CONTRACT: { description: 'A prime contract.' },
    DIRECT_COST_ITEM: { description: 'A direct cost.' },
    PURCHASE_ORDER_CONTRACT: { description: 'A purchase order.' },
    WORK_ORDER_CONTRACT: { description: 'A subcontract.' },
    PAYMENT_APPLICATION: { description: 'An application for payment.' },
    PUNCH_ITEM: { description: 'An item of a punch list.' },
    FORM: { description: 'A form.' },
    GENERIC_TOOL_ITEM: { description: 'A piece of correspondence: an Item.' },
    TASK: { description: 'A coordination or schedule task.' },
    DAILY_LOG_HEADER: { description: 'The log of a day.' },
    OBSERVATION: { description: 'An observation.' },
    SUBMITTAL_LOG: { description: 'A submittal.' },
    MEETING: { description: 'A meeting.' },
    CHECKLIST: { description: 'A checklist or inspection.' },
    INCIDENT: { description: 'An incident.' },
    SUBMITTAL_PACKAGE: { description: 'A package of submittals.' },
    BILLINGS_REQUISITION: { description: "A subcontractor's invoice." },
    RFI: { description: 'A request for information.' },
    CASE: { description: 'A matter that a contact raises: a Case.' },
  } satisfies Record<TopicType, object>,
});

export const ExternalTopic = builder.objectRef<TopicRow>('ExternalTopic');
builder.node(ExternalTopic, {
  description:
    'Something in another system that correspondence is about, known here by name and address. Seen by whoever sees its project.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(topicById, id)),
  fields: (t) => ({
    topicType: t.expose('topicType', { type: TopicTypeRef, description: 'What kind of thing it is.' }),
    externalId: t.exposeString('externalId', {
      description: 'Its id in its own system: unique in project and type.',
    }),
    title: t.exposeString('title', { description: 'What it is called.' }),
    number: t.exposeString('number', { nullable: true, description: 'Its number, as its own system counts.' }),
    url: t.exposeString('url', { nullable: true, description: 'Its web address (http or https).' }),
    project: t.field({
      type: Project,
      description: 'Where it belongs.',
      resolve: ({ projectId }, _args, { loads }) => loads.the(projectNamed, projectId),
    }),
  }),
});

export const TopicInputRef = builder.inputRef<TopicInput>('TopicInput');
TopicInputRef.implement({
  description:
    'Names a topic: its type, and either its id or its externalId, with the project where it belongs to one (INVALID: both or neither).',
  fields: (t) => ({
    type: t.field({ type: TopicTypeRef, required: true, description: 'What kind of thing it is.' }),
    id: t.id({
      description: 'Id of an Item, a Project, a Case or an ExternalTopic of that type, as the type says (NOT_FOUND).',
    }),
    externalId: t.string({ description: 'Instead of the id: the id that it has in its own system (NOT_FOUND).' }),
    projectId: t.id({
      description:
        'Id of the Project that it belongs to; REQUIRED with externalId, but for cases, which belong to none.',
    }),
  }),
});

mutation<UpsertTopicInput, { topicId: string }>('upsertTopic', {
  description:
    'Makes an external topic, or changes the one that has this type and externalId in the project. Company admins only.',
  input: builder.inputRef<UpsertTopicInput>('UpsertTopicInput').implement({
    description: 'An external topic as it shall be.',
    fields: (t) => ({
      projectId: t.id({ required: true, description: 'Id of the Project that it belongs to (NOT_FOUND).' }),
      type: t.field({
        type: TopicTypeRef,
        required: true,
        description: 'What kind of thing it is; INVALID for what is kept here: GENERIC_TOOL_ITEM, PROJECT, CASE.',
      }),
      externalId: t.string({
        required: true,
        description: 'Its id in its own system, up to 255 characters: what it is known by.',
      }),
      title: t.string({ required: true, description: 'What it is called, up to 255 characters.' }),
      number: t.string({ description: 'Its number there, up to 255 characters. Left out, it stays; null clears it.' }),
      url: t.string({
        description:
          'Its web address: http or https, up to 2,000 characters (INVALID). Left out, it stays; null clears it.',
      }),
    }),
  }),
  admins: ADMINS_KEEP_TOPICS,
  payload: (t) => ({
    topic: t.field({
      type: ExternalTopic,
      nullable: true,
      description: 'The topic, as it is now.',
      resolve: ({ topicId }, _args, { loads }) => (topicId ? loads.load(topicById, topicId) : null),
    }),
  }),
  run: async (context, input) => ({ topicId: await upsertTopic(context, input) }),
});
