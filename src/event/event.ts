import { type RawBuilder, sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import { newId } from '../kernel/ids.ts';

/** What can happen, by the names that webhooks tell it by (domain.md 6). */
export type EventType =
  | 'genericTool.created'
  | 'genericTool.updated'
  | 'item.created'
  | 'item.issued'
  | 'item.updated'
  | 'item.closed'
  | 'item.reopened'
  | 'item.archived'
  | 'item.restored'
  | 'response.created'
  | 'response.updated'
  | 'emailCommunication.created'
  | 'email.sent'
  | 'email.received'
  | 'import.finished';

/** One changed field with its values before and after: ids of people and of other rows, not their names. */
export interface FieldChange {
  field: string;
  old: unknown;
  new: unknown;
}

/** What an event says beyond who, when and about what; plain JSON. */
export interface EventPayload {
  changes?: FieldChange[];
  /** what else its readers need to know, such as whether the act asked for no mail */
  [more: string]: unknown;
}

/** Something that has happened, told of by the command that made it true. */
export interface NewEvent {
  type: EventType;
  projectId?: string;
  genericToolId?: string;
  itemId?: string;
  responseId?: string;
  emailCommunicationId?: string;
  emailId?: string;
  payload: EventPayload;
}

/**
 * Writes the events of an act to the outbox, in its transaction: one statement for any number, none for none.
 * Readers take them in the order of the list, so tell all of an act in one call. A silent act's events count as handled.
 */
export async function recordEvents(
  act: Act,
  companyId: string,
  actorId: string | null,
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length > 0) await insertEvents(act, companyId, actorId, events).execute(act.db);
}

/** The same as a statement, for whoever writes other rows with it. */
export function insertEvents(
  act: Act,
  companyId: string,
  actorId: string | null,
  events: readonly NewEvent[],
): RawBuilder<unknown> {
  const rows = events.map((event, i) => ({ id: newId(act.now, i), ...event }));
  const { now, actId } = act;
  return sql`
    insert into events (id, company_id, created_at, updated_at, act_id, type, actor_id,
      project_id, generic_tool_id, item_id, response_id, email_communication_id, email_id, payload, handled_at)
    select event.id, ${companyId}, ${now}, ${now}, ${actId}, event.type, ${actorId},
      event."projectId", event."genericToolId", event."itemId", event."responseId", event."emailCommunicationId", event."emailId", event.payload, ${act.silent ? now : null}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as event(id uuid, type text, "projectId" uuid,
      "genericToolId" uuid, "itemId" uuid, "responseId" uuid, "emailCommunicationId" uuid, "emailId" uuid, payload jsonb)`;
}
