import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import { newId } from '../kernel/ids.ts';
import type { ItemRole, NotificationEvent } from '../permission/defaults.policy.ts';

/** What all notifications of an act have in common. */
export interface TellingAct {
  companyId: string;
  actId: string;
  actorId: string | null;
  /** when it was */
  actedAt: string;
}

/** One item of one person's mail. */
export interface NewNotification {
  itemId: string;
  projectId: string;
  recipientId: string;
  deliveryId: string;
  event: NotificationEvent;
  others: readonly NotificationEvent[];
  joined: readonly ItemRole[];
  lost: readonly ItemRole[];
  reopened: boolean;
  responseId: string | null;
}

// some 2 MB of JSON a statement
const ROWS_AT_A_TIME = 5_000;

/** Stores what mails tell of; their deliveries have to be there. */
export async function insertNotifications(
  { db, now }: Pick<Act, 'db' | 'now'>,
  { companyId, actId, actorId, actedAt }: TellingAct,
  notifications: readonly NewNotification[],
): Promise<void> {
  const rows = notifications.map((row, n) => ({ id: newId(now, n), ...row }));
  for (let from = 0; from < rows.length; from += ROWS_AT_A_TIME)
    await sql`
      insert into item_notifications (id, company_id, created_at, updated_at, project_id, item_id, recipient_id, act_id, actor_id,
        acted_at, event, others, joined, lost, reopened, response_id, delivery_id)
      select n.id, ${companyId}, ${now}, ${now}, n."projectId", n."itemId", n."recipientId", ${actId}, ${actorId},
        ${actedAt}::timestamptz, n.event, n.others, n.joined, n.lost, n.reopened, n."responseId", n."deliveryId"
      from jsonb_to_recordset(${JSON.stringify(rows.slice(from, from + ROWS_AT_A_TIME))}::jsonb) as n(id uuid, "projectId" uuid,
        "itemId" uuid, "recipientId" uuid, event text, others text[], joined text[], lost text[], reopened boolean,
        "responseId" uuid, "deliveryId" uuid)`.execute(db);
}
