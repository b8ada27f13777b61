import { sql } from 'kysely';
import { readingOf } from '../database/orm.ts';
import { transaction } from '../database/transaction.ts';
import { enqueue } from '../job/job.ts';
import type { World } from '../world.ts';
import { type DeliveryKind, GIVEN_UP_AFTER_MS, type Outcome, waitAfter } from './delivery.policy.ts';
import { jobKey, sendEmailJob } from './delivery.ts';
import type { Mailer } from './mailer.ts';

/** A delivery that waits to be sent. */
export interface Waiting {
  id: string;
  companyId: string;
  projectId: string | null;
  kind: DeliveryKind;
  userId: string | null;
  address: string;
  name: string;
  messageId: string;
  /** how often it was sent anew */
  resends: number;
  /** RFC 3339 */
  queuedAt: string;
  claimedUntil: string | null;
}

// A delivery is claimed for as long as an attempt can take, and this: to write what it came to, and because clocks of two machines
// differ. Of a worker that was killed meanwhile others take it over then.
const CLAIM_MORE_MS = 60_000;
// so that whoever comes back finds that it is over
const MARGIN_MS = 1_000;

const claimMs = ({ attemptMs }: Mailer): number => attemptMs + CLAIM_MORE_MS;

/** A delivery, if it still waits. */
export async function waitingDelivery({ orm }: World, id: string): Promise<Waiting | null> {
  const { rows } = await sql<Waiting>`
    select id, company_id as "companyId", project_id as "projectId", kind, user_id as "userId", address, name,
      message_id as "messageId", resends, queued_at as "queuedAt", claimed_until as "claimedUntil"
    from email_deliveries where id = ${id} and state in ('QUEUED', 'DEFERRED')`.execute(readingOf(orm));
  return rows[0] ?? null;
}

/** How long another worker still has it, in milliseconds; 0 if none has. */
export const heldFor = ({ clock }: World, { claimedUntil }: Waiting): number =>
  claimedUntil === null ? 0 : Math.max(0, Date.parse(claimedUntil) - clock.now().getTime());

/** Looks again when the other worker must be done with it, or is gone. */
export const lookAgain = ({ orm, mailer }: World, { id }: Waiting, heldMs = claimMs(mailer)): Promise<void> =>
  enqueue(readingOf(orm), sendEmailJob, [{ payload: { deliveryId: id }, inMs: heldMs + MARGIN_MS, key: jobKey(id) }]);

/** Takes a delivery for this worker, and counts the attempt; null where another one has it, or it waits no more. */
export async function claim({ orm, clock, mailer }: World, delivery: Waiting): Promise<Waiting | null> {
  const now = clock.now();
  const claimedUntil = new Date(now.getTime() + claimMs(mailer)).toISOString();
  const { numAffectedRows } = await sql`
    update email_deliveries set claimed_until = ${claimedUntil}, attempts = attempts + 1, updated_at = ${now}
    where ${unchanged(delivery)}`.execute(readingOf(orm));
  return numAffectedRows === 1n ? { ...delivery, claimedUntil } : null;
}

/** As this worker has seen it: still waiting, the same message, and nobody has claimed it since. */
const unchanged = ({ id, messageId, claimedUntil }: Waiting) => sql`
  id = ${id} and message_id = ${messageId} and state in ('QUEUED', 'DEFERRED')
    and claimed_until is not distinct from ${claimedUntil}::timestamptz`;

/** Gives a delivery back, without an outcome. */
export async function release({ orm }: World, delivery: Waiting): Promise<void> {
  await sql`update email_deliveries set claimed_until = null where ${unchanged(delivery)}`.execute(readingOf(orm));
}

/** Writes what came of an attempt, with the job of the next one; nothing where it was sent anew meanwhile. */
export async function record(world: World, delivery: Waiting, outcome: Outcome): Promise<void> {
  await transaction(world, async ({ db, now }) => {
    const isForNow = outcome.kind === 'PUT_OFF' || outcome.kind === 'NO_SERVER';
    const wait = isForNow ? waitAfter(outcome.kind, ageOf(delivery, now)) : null;
    const state = outcome.kind === 'SENT' ? 'SENT' : wait === null ? 'FAILED' : 'DEFERRED';
    const { numAffectedRows } = await sql`
      update email_deliveries set state = ${state}, last_error = ${outcome.kind === 'SENT' ? null : outcome.words},
        sent_at = ${state === 'SENT' ? now : null}, next_attempt_at = ${wait === null ? null : new Date(now.getTime() + wait)},
        claimed_until = null, updated_at = ${now}
      where ${unchanged(delivery)}`.execute(db);
    if (numAffectedRows === 1n && wait !== null)
      await enqueue(db, sendEmailJob, [{ payload: { deliveryId: delivery.id }, inMs: wait, key: jobKey(delivery.id) }]);
  });
}

const ageOf = ({ queuedAt }: Waiting, now: Date): number => now.getTime() - Date.parse(queuedAt);

/** Whether it has been on its way for so long that it is given up. */
export const isGivenUp = ({ clock }: World, delivery: Waiting): boolean =>
  ageOf(delivery, clock.now()) > GIVEN_UP_AFTER_MS;

/** Removes a delivery that nobody may be told of any more. */
export async function removeDelivery({ orm }: World, delivery: Waiting): Promise<void> {
  await sql`delete from email_deliveries where ${unchanged(delivery)}`.execute(readingOf(orm));
}

// an hour late: a worker that is busy is not, and one that was off has the jobs
const FORGOTTEN_MS = 3_600_000;
const AT_A_TIME = 1_000;

/**
 * Makes jobs for deliveries that wait and have none, such as when the jobs were lost, or failed so often that they are tried no more.
 * Gives how many, at most 1,000.
 */
export async function requeueForgotten(world: World): Promise<number> {
  return transaction(world, async ({ db, now }) => {
    const { rows } = await sql<{ id: string }>`
      select d.id from email_deliveries d
      where d.state in ('QUEUED', 'DEFERRED') and d.next_attempt_at < ${new Date(now.getTime() - FORGOTTEN_MS)}
        and not exists (
          select from graphile_worker.jobs j where j.key = 'delivery:' || d.id and j.attempts < j.max_attempts)
      order by d.next_attempt_at limit ${AT_A_TIME}`.execute(db);
    const wanted = rows.map(({ id }) => ({ payload: { deliveryId: id }, key: jobKey(id) }));
    await enqueue(db, sendEmailJob, wanted);
    return rows.length;
  });
}
