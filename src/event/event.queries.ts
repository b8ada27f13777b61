import { sql } from 'kysely';
import type { Db } from '../database/orm.ts';
import type { EventPayload, EventType } from './event.ts';

/** An event as its readers get it. */
export interface EventRow {
  id: string;
  companyId: string;
  actId: string;
  type: EventType;
  /** RFC 3339, when it happened */
  createdAt: string;
  actorId: string | null;
  projectId: string | null;
  genericToolId: string | null;
  itemId: string | null;
  responseId: string | null;
  emailCommunicationId: string | null;
  emailId: string | null;
  payload: EventPayload;
}

const COLUMNS = sql`id, company_id as "companyId", act_id as "actId", type, created_at as "createdAt", actor_id as "actorId",
  project_id as "projectId", generic_tool_id as "genericToolId", item_id as "itemId", response_id as "responseId",
  email_communication_id as "emailCommunicationId", email_id as "emailId", payload`;

/** What an act told, in the order in which it told it; nothing of a silent one. */
export async function eventsOfAct(db: Db, actId: string): Promise<EventRow[]> {
  const { rows } = await sql<EventRow>`select ${COLUMNS} from events where act_id = ${actId} order by id`.execute(db);
  return rows;
}

/** Events by their ids, those that are still kept. */
export async function eventsNamed(db: Db, ids: readonly string[]): Promise<EventRow[]> {
  const { rows } = await sql<EventRow>`select ${COLUMNS} from events where id = any(${ids}::uuid[])`.execute(db);
  return rows;
}
