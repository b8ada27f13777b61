import { defineEntity, p } from '@mikro-orm/core';
import { companyColumns } from '../database/columns.ts';
import type { SealedSecret } from './secret.policy.ts';

/** An endpoint that is told of events, in the name of its owner: only what they see goes there. */
export const WebhookSchema = defineEntity({
  name: 'Webhook',
  tableName: 'webhooks',
  properties: {
    ...companyColumns,
    projectId: p.uuid().nullable(),
    ownerId: p.uuid(),
    url: p.text(),
    events: p.array(),
    description: p.string().nullable(),
    enabled: p.boolean(),
    secrets: p.json<SealedSecret[]>(),
    disabledAt: p.datetime(3).nullable(),
    disabledReason: p.string().nullable(),
    failingSince: p.datetime(3).nullable(),
    pausedUntil: p.datetime(3).nullable(),
    slowUntil: p.datetime(3).nullable(),
  },
});

/** One event for one endpoint. What it says is made of the event whenever it is sent or looked at. */
export const WebhookDeliverySchema = defineEntity({
  name: 'WebhookDelivery',
  tableName: 'webhook_deliveries',
  properties: {
    ...companyColumns,
    projectId: p.uuid().nullable(),
    webhookId: p.uuid(),
    eventId: p.uuid(),
    type: p.string(),
    state: p.string(),
    attempts: p.integer(),
    failures: p.integer(),
    responseStatus: p.integer().nullable(),
    responseBody: p.text().nullable(),
    error: p.text().nullable(),
    nextAttemptAt: p.datetime(3).nullable(),
  },
});
