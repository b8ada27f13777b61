import { defineEntity, p } from '@mikro-orm/core';
import { companyColumns } from '../database/columns.ts';

/** What happened, written in the transaction that made it true; mail, webhooks and live updates read these (the outbox). */
export const EventSchema = defineEntity({
  name: 'Event',
  tableName: 'events',
  properties: {
    ...companyColumns,
    /** one act of a person may make several events: a batch, or a response that closes its item */
    actId: p.uuid(),
    type: p.string(),
    actorId: p.uuid().nullable(),
    projectId: p.uuid().nullable(),
    genericToolId: p.uuid().nullable(),
    itemId: p.uuid().nullable(),
    responseId: p.uuid().nullable(),
    emailCommunicationId: p.uuid().nullable(),
    emailId: p.uuid().nullable(),
    /** what changed, and what the act asked for; shapes in event.ts */
    payload: p.json(),
    handledAt: p.datetime(3).nullable(),
  },
});
