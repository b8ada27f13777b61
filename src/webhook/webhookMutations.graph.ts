import { builder } from '../graph/builder.ts';
import type { Context } from '../graph/context.ts';
import { mutation } from '../graph/payload.ts';
import { webhookDeliveryById } from './delivery.queries.ts';
import { redeliverWebhook } from './redeliver.commands.ts';
import {
  type CreateWebhookInput,
  createWebhook,
  deleteWebhook,
  rotateWebhookSecret,
  type UpdateWebhookInput,
  updateWebhook,
} from './webhook.commands.ts';
import { Webhook, WebhookDelivery, WebhookEventRef } from './webhook.graph.ts';
import { webhookById } from './webhook.queries.ts';

const ADDRESS =
  'Where events are posted: http or https (in production https), without user, password and fragment (INVALID), up to 2,000 characters (TOO_LONG). ' +
  'A name that resolves to a private or reserved address is refused (INVALID), here and whenever it is called.';

/** The webhook of a payload, as it is now. */
const webhookField = (description: string) => ({
  type: Webhook,
  nullable: true as const,
  description,
  resolve: ({ id }: { id?: string }, _args: object, { loads }: Context) => (id ? loads.load(webhookById, id) : null),
});
/** The one thing that only the payload tells. */
const secretField = (description: string) => ({
  nullable: true as const,
  description: `${description} "whsec_" and base64 of 32 bytes: verify signatures by it. It is told here, once.`,
  resolve: ({ secret }: { secret?: string }) => secret,
});

mutation<CreateWebhookInput, { id: string; secret: string }>('createWebhook', {
  description:
    'Makes a webhook, enabled, with you as its owner. Of the company: company admins. Of a project: also ADMINs of one of its tools (FORBIDDEN). ' +
    'A company has at most 50, and so has each project (TOO_MANY).',
  input: builder.inputRef<CreateWebhookInput>('CreateWebhookInput').implement({
    description: 'A new webhook, of exactly one of company and project (INVALID).',
    fields: (t) => ({
      companyId: t.id({ description: 'Your Company (NOT_FOUND): told of what happens in all of it.' }),
      projectId: t.id({ description: 'A Project that you see (NOT_FOUND): told of what happens there.' }),
      url: t.string({ required: true, description: `${ADDRESS} REQUIRED.` }),
      events: t.field({
        type: [WebhookEventRef],
        required: true,
        description: 'What to be told of (REQUIRED). IMPORT_FINISHED is not for a project (INVALID).',
      }),
      description: t.string({ description: 'What it is for, up to 255 characters (TOO_LONG).' }),
    }),
  }),
  payload: (t) => ({
    webhook: t.field(webhookField('The new webhook.')),
    secret: t.string(secretField('Its secret:')),
  }),
  run: createWebhook,
});

mutation<UpdateWebhookInput, { id: string }>('updateWebhook', {
  description:
    'Changes a webhook: its owner and company admins; its address only the owner, as long as they may have it (FORBIDDEN). Disabled, what waits for ' +
    'it ends as FAILED at once; enabled again, it is told of what happens from then on.',
  input: builder.inputRef<UpdateWebhookInput>('UpdateWebhookInput').implement({
    description: 'What to change of a webhook. Absent fields stay as they are.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'Id of a Webhook that you see (NOT_FOUND).' }),
      url: t.string({ description: `${ADDRESS} What waits goes there too.` }),
      events: t.field({ type: [WebhookEventRef], description: 'What to be told of from now on (REQUIRED, INVALID).' }),
      description: t.string({ description: 'What it is for, up to 255 characters (TOO_LONG); null clears it.' }),
      enabled: t.boolean({ description: 'Whether it is told of what happens (null: REQUIRED).' }),
    }),
  }),
  payload: (t) => ({ webhook: t.field(webhookField('The webhook as it is now.')) }),
  run: async (context, input) => ({ id: await updateWebhook(context, input) }),
});

mutation<{ id: string }, { deletedId: string }>('deleteWebhook', {
  description:
    'Deletes a webhook with the log of its deliveries; nothing is sent any more. Its owner and company admins.',
  input: builder.inputRef<{ id: string }>('DeleteWebhookInput').implement({
    description: 'A webhook to delete.',
    fields: (t) => ({ id: t.id({ required: true, description: 'Id of a Webhook that you see (NOT_FOUND).' }) }),
  }),
  payload: (t) => ({
    deletedId: t.id({
      nullable: true,
      description: 'The id of the webhook that is gone.',
      resolve: ({ deletedId }) => deletedId ?? null,
    }),
  }),
  run: async (context, input) => ({ deletedId: await deleteWebhook(context, input) }),
});

mutation<{ id: string }, { id: string; secret: string }>('rotateWebhookSecret', {
  description:
    'Gives a webhook a new secret. The one before signs beside it for 24 hours, so that receivers can change over. Only its owner, as long as they may ' +
    'have it (FORBIDDEN). At most 5 secrets sign at once (TOO_MANY).',
  input: builder.inputRef<{ id: string }>('RotateWebhookSecretInput').implement({
    description: 'Which webhook gets a new secret.',
    fields: (t) => ({ id: t.id({ required: true, description: 'Id of a Webhook that you see (NOT_FOUND).' }) }),
  }),
  payload: (t) => ({
    webhook: t.field(webhookField('The webhook.')),
    secret: t.string(secretField('The new secret:')),
  }),
  run: rotateWebhookSecret,
});

mutation<{ deliveryIds: string[] }, { ids: string[] }>('redeliverWebhook', {
  description:
    'Sends deliveries once more, whatever became of them, under the same webhook-id: all of them or none. Whether the owner sees what they are about is ' +
    'asked anew. For whoever sees the webhook.',
  input: builder.inputRef<{ deliveryIds: string[] }>('RedeliverWebhookInput').implement({
    description: 'What to send once more.',
    fields: (t) => ({
      deliveryIds: t.idList({
        required: true,
        description:
          'Ids of WebhookDeliveries that you see (NOT_FOUND), of webhooks that are enabled (INVALID); at most 100 (TOO_MANY).',
      }),
    }),
  }),
  payload: (t) => ({
    deliveries: t.field({
      type: [WebhookDelivery],
      description: 'The deliveries as they are now, in the order of the request, each once; none when refused.',
      resolve: ({ ids }, _args, { loads }) => loads.loadAll(webhookDeliveryById, ids ?? []),
    }),
  }),
  refused: { ids: [] },
  run: async (context, input) => ({ ids: await redeliverWebhook(context, input) }),
});
