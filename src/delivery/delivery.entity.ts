import { defineEntity, p } from '@mikro-orm/core';
import { companyColumns } from '../database/columns.ts';

/** One mail to one recipient: where it stands. What it says is composed when it is sent. */
export const EmailDeliverySchema = defineEntity({
  name: 'EmailDelivery',
  tableName: 'email_deliveries',
  properties: {
    ...companyColumns,
    projectId: p.uuid().nullable(),
    /** who composes it (worker/composers.ts) */
    kind: p.string(),
    address: p.string(),
    name: p.string(),
    userId: p.uuid().nullable(),
    emailId: p.uuid().nullable(),
    state: p.string(),
    queuedAt: p.datetime(3),
    attempts: p.integer(),
    lastError: p.text().nullable(),
    nextAttemptAt: p.datetime(3).nullable(),
    sentAt: p.datetime(3).nullable(),
    messageId: p.string(),
    resends: p.integer(),
    claimedUntil: p.datetime(3).nullable(),
  },
});
