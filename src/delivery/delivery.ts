import { sql } from 'kysely';
import { z } from 'zod';
import type { Act } from '../database/transaction.ts';
import { enqueue, type JobName } from '../job/job.ts';
import { newId } from '../kernel/ids.ts';
import type { World } from '../world.ts';
import { type Address, addressFault, headerText } from './address.policy.ts';
import { type DeliveryKind, messageIdOf } from './delivery.policy.ts';

/** What the job `sendEmail` (worker/sendEmail.ts) is called, and told. */
export const sendEmailJob = {
  name: 'sendEmail',
  payload: z.object({ deliveryId: z.string() }),
} satisfies JobName<{ deliveryId: string }>;

/** A mail that is to go to somebody. */
export interface NewDelivery extends Address {
  /** given where other rows name it; else one is made */
  id?: string;
  companyId: string;
  projectId?: string | null;
  kind: DeliveryKind;
  /** the user whose address it is */
  userId?: string | null;
  /** of an EMAIL: the mail of a thread that it is */
  emailId?: string | null;
  /** where all recipients get the same message; else one is made for each */
  messageId?: string;
}

/** One waiting job for a delivery: sending it anew takes the place of the one that waits. */
export const jobKey = (deliveryId: string): string => `delivery:${deliveryId}`;

/**
 * Puts mails on their way, in the transaction of the act: a row for each recipient, and the job that sends it. An address that no mail
 * can be sent to is FAILED at once, and holds up nobody else. Two statements for any number, none for none.
 */
export async function queueDeliveries(
  { mailer: { domain } }: Pick<World, 'mailer'>,
  { db, now }: Pick<Act, 'db' | 'now'>,
  deliveries: readonly NewDelivery[],
): Promise<void> {
  if (deliveries.length === 0) return;
  const rows = deliveries.map(({ id = newId(now), projectId = null, userId = null, emailId = null, name, ...rest }) => {
    const fault = addressFault(rest.address);
    return {
      ...{ ...rest, id, projectId, userId, emailId, name: headerText(name), fault },
      ...{ state: fault ? 'FAILED' : 'QUEUED', messageId: rest.messageId ?? messageIdOf(id, 0, domain) },
    };
  });
  await sql`
    insert into email_deliveries (id, company_id, created_at, updated_at, project_id, kind, address, name, user_id, email_id,
      state, queued_at, attempts, last_error, next_attempt_at, message_id, resends)
    select d.id, d."companyId", ${now}, ${now}, d."projectId", d.kind, d.address, d.name, d."userId", d."emailId",
      d.state, ${now}, 0, d.fault, case when d.fault is null then ${now}::timestamptz end, d."messageId", 0
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as d(id uuid, "companyId" uuid, "projectId" uuid, kind text,
      address text, name text, "userId" uuid, "emailId" uuid, state text, fault text, "messageId" text)`.execute(db);
  const good = rows.filter(({ fault }) => !fault);
  await enqueue(
    db,
    sendEmailJob,
    good.map(({ id }) => ({ payload: { deliveryId: id }, key: jobKey(id) })),
  );
}

/**
 * Sends mails anew, in the transaction of the act. What was sent, failed or bounced goes as another message, with a Message-ID of its
 * own; what is deferred is tried now; what is on its way already stays so. Gives the ids of those that this puts on their way.
 */
export async function requeueDeliveries(
  { mailer: { domain } }: Pick<World, 'mailer'>,
  { db, now }: Pick<Act, 'db' | 'now'>,
  deliveryIds: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update email_deliveries set
      resends = resends + (state <> 'DEFERRED')::int,
      message_id = case when state = 'DEFERRED' then message_id
        else '<' || id || '.' || resends + 1 || '@' || ${domain} || '>' end,
      state = 'QUEUED', queued_at = ${now}, attempts = 0, last_error = null, next_attempt_at = ${now}, sent_at = null, updated_at = ${now}
    where id = any(${deliveryIds}::uuid[]) and state <> 'QUEUED'
    returning id`.execute(db);
  const ids = rows.map(({ id }) => id);
  await enqueue(
    db,
    sendEmailJob,
    ids.map((id) => ({ payload: { deliveryId: id }, key: jobKey(id) })),
  );
  return ids;
}
