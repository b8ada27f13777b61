import { Company, Project, User } from '../directory/directory.graph.ts';
import { projectById, userById } from '../directory/directory.queries.ts';
import { builder } from '../graph/builder.ts';
import { connectionType } from '../graph/connection.ts';
import { DELIVERY_STATES, type DeliveryState } from './delivery.policy.ts';
import { listDeliveries, type WebhookDeliveryRow, webhookDeliveryById } from './delivery.queries.ts';
import { shownPayload } from './payload.queries.ts';
import { messageIdOf } from './sign.ts';
import { nameOfEvent, WEBHOOK_EVENTS, type WebhookEventName } from './webhook.policy.ts';
import { type WebhookRow, webhookById, webhooksOfCompany, webhooksOfProject } from './webhook.queries.ts';

const EVENTS: Record<WebhookEventName, string> = {
  GENERIC_TOOL_CREATED: 'A tool was made.',
  GENERIC_TOOL_UPDATED:
    'A tool was changed, its statuses and fieldsets included; to webhooks of a project, what its items start with there (defaults).',
  ITEM_CREATED: 'An item was made; a Draft is told to whoever sees it.',
  ITEM_ISSUED: 'An item left Draft, or was made issued.',
  ITEM_UPDATED: 'An item was changed.',
  ITEM_CLOSED: 'An item was closed.',
  ITEM_REOPENED: 'A closed item was opened again.',
  ITEM_ARCHIVED: 'An item was put away; told to whoever sees archived ones.',
  ITEM_RESTORED: 'An item was brought back.',
  RESPONSE_CREATED: 'An item was responded to.',
  RESPONSE_UPDATED: 'A response became official, or is no more.',
  EMAIL_COMMUNICATION_CREATED: 'A thread of emails began.',
  EMAIL_RECEIVED: 'An email came in.',
  EMAIL_SENT: 'An email was sent.',
  IMPORT_FINISHED: 'An import into the company is over. Only for webhooks of the company.',
};
export const WebhookEventRef = builder.enumType('WebhookEvent', {
  description: 'What a webhook can be told of. Payloads name it as their type in the way of "item.created".',
  values: Object.fromEntries(
    Object.entries(WEBHOOK_EVENTS).map(([name, type]) => [
      name,
      { description: `"${type}": ${EVENTS[name as WebhookEventName]}` },
    ]),
  ) as Record<WebhookEventName, { description: string }>,
});

const STATES: Record<DeliveryState, string> = {
  PENDING: 'Waits for its first attempt, or for one that was asked for.',
  DELIVERED: 'The endpoint answered with 2xx.',
  RETRYING: 'The last attempt failed; there will be another.',
  FAILED: 'The last of eight attempts failed, or the webhook was disabled meanwhile.',
  WITHHELD: 'Not sent: the owner may not see what it is about, or may not have the webhook, or is not active.',
};
const WebhookDeliveryState = builder.enumType('WebhookDeliveryState', {
  description: 'What became of a delivery so far.',
  values: Object.fromEntries(DELIVERY_STATES.map((state) => [state, { description: STATES[state] }])) as Record<
    DeliveryState,
    { description: string }
  >,
});
const DisabledReason = builder.enumType('WebhookDisabledReason', {
  description: 'Why a webhook is disabled.',
  values: {
    REQUESTED: { description: 'Somebody disabled it.' },
    GONE: { description: 'The endpoint answered with 410: it wants nothing more.' },
    FAILING: { description: 'Nothing but failures for five days.' },
  } as const,
});

export const Webhook = builder.objectRef<WebhookRow>('Webhook');
export const WebhookDelivery = builder.objectRef<WebhookDeliveryRow>('WebhookDelivery');

builder.node(WebhookDelivery, {
  description:
    'One event for one webhook: what became of telling it. Kept for 30 days, for whoever sees the webhook. Attempts: at once, and after failures ' +
    '5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h later, or when Retry-After asks for it (a day at most); each has 15 s.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(webhookDeliveryById, id)),
  fields: (t) => ({
    event: t.field({ type: WebhookEventRef, description: 'What it tells.', resolve: ({ type }) => nameOfEvent(type) }),
    messageId: t.string({
      description:
        'What the header webhook-id says: the same at each attempt and replay, and for each webhook told of the event.',
      resolve: ({ eventId }) => messageIdOf(eventId),
    }),
    payload: t.field({
      type: 'JSON',
      nullable: true,
      description:
        'What is posted, as far as you see it now: type, timestamp, and data with ids, actorId, version of the item, and changes (field; old ' +
        'and new unless they are text; ids of people). Under 20 KB; changesCut tells that values were left out for that. Null when you do not see what it is about.',
      resolve: async ({ eventId }, _args, { loads }) => (await loads.load(shownPayload, eventId))?.payload ?? null,
    }),
    state: t.expose('state', { type: WebhookDeliveryState, description: 'What became of it.' }),
    attempts: t.exposeInt('attempts', { description: 'How many times it was sent so far, replays included.' }),
    responseStatus: t.exposeInt('responseStatus', {
      nullable: true,
      description:
        'The status that the last attempt was answered with; null before the first, and when there was no answer.',
    }),
    responseBody: t.string({
      nullable: true,
      description:
        'The first 4 KB of the last answer. Null too when you do not see all of what was sent: it may come back in the answer.',
      resolve: async ({ eventId, responseBody }, _args, { loads }) =>
        responseBody !== null && (await loads.load(shownPayload, eventId))?.whole ? responseBody : null,
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why the last attempt had no answer, or why there is none to come; null otherwise.',
    }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next attempt is due; null when there is none.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made, right after the event.' }),
  }),
});

const WebhookDeliveryConnection = connectionType('WebhookDelivery', WebhookDelivery);

builder.node(Webhook, {
  description:
    'An endpoint that is told of events as in Standard Webhooks (https://www.standardwebhooks.com): POST of JSON with a signature. It is told what its ' +
    'owner sees, at the moment of each attempt. Seen by its owner and by company admins; its secret by nobody.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(webhookById, id)),
  fields: (t) => ({
    url: t.exposeString('url', { description: 'The address that is called.' }),
    description: t.exposeString('description', { nullable: true, description: 'What it is for.' }),
    events: t.field({
      type: [WebhookEventRef],
      description: 'What it is told of.',
      resolve: ({ events }) => events.map(nameOfEvent),
    }),
    enabled: t.exposeBoolean('enabled', { description: 'Whether it is told of what happens.' }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was disabled; null while it is enabled.',
    }),
    disabledReason: t.expose('disabledReason', {
      type: DisabledReason,
      nullable: true,
      description: 'Why it was disabled; null while it is enabled.',
    }),
    failingSince: t.expose('failingSince', {
      type: 'DateTime',
      nullable: true,
      description:
        'The first of the failures since the last success; null if there is none. After five days of them it is disabled.',
    }),
    project: t.field({
      type: Project,
      nullable: true,
      description: 'The project whose events it is told of; null: all of the company, or you do not see it.',
      resolve: ({ projectId }, _args, { loads }) => (projectId ? loads.load(projectById, projectId) : null),
    }),
    owner: t.field({
      type: User,
      description: 'Who made it: what they see is told. While they are not active, nothing is.',
      resolve: ({ ownerId }, _args, { loads }) => loads.the(userById, ownerId),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    deliveries: t.connection(
      {
        type: WebhookDelivery,
        description: 'What was and is to be sent to it, newest event first, for 30 days.',
        resolve: (webhook, args, context) => listDeliveries(context, webhook, args),
      },
      WebhookDeliveryConnection,
    ),
  }),
});

builder.objectField(Company, 'webhooks', (t) =>
  t.field({
    type: [Webhook],
    nullable: true,
    description:
      'The webhooks of the company itself (those of its projects: Project.webhooks), newest first, at most 50: for company admins all, for others those ' +
      'that they own. Null for a company that you do not act for.',
    resolve: ({ id }, _args, { loads }) => loads.load(webhooksOfCompany, id),
  }),
);

builder.objectField(Project, 'webhooks', (t) =>
  t.field({
    type: [Webhook],
    nullable: true,
    description:
      'The webhooks of the project, newest first, at most 50: for company admins all, for others those that they own.',
    resolve: async ({ id }, _args, { loads }) => (await loads.load(webhooksOfProject, id)) ?? [],
  }),
);
