import { sql } from 'kysely';
import { readingOf } from '../database/orm.ts';
import { transaction } from '../database/transaction.ts';
import { type DeliveryKind, letterName, type Outcome, waitAfter } from '../delivery/delivery.policy.ts';
import { jobKey, sendEmailJob } from '../delivery/delivery.ts';
import { SEND_MS } from '../delivery/smtp.ts';
import { defineJob, enqueue } from '../job/job.ts';
import type { World } from '../world.ts';
import { type ComposedDelivery, type Composers, composers } from './composers.ts';

/** A delivery that waits to be sent. */
interface Waiting extends ComposedDelivery {
  kind: DeliveryKind;
  messageId: string;
  resends: number;
  /** RFC 3339 */
  queuedAt: string;
  claimedUntil: string | null;
}

// An attempt is over before that, and what it came to has been written: a worker that was killed meanwhile leaves the delivery to
// others then. Clocks of two machines may differ by half of it.
const CLAIM_MS = SEND_MS + 60_000;
// what a statement may take is no reason to come a moment too early
const MARGIN_MS = 1_000;

/**
 * Sends a mail to its recipient, if it still waits. The mail is composed now; then the delivery is claimed, so that no two workers
 * send it; and what comes of it is written with the job of the next attempt. Killed after the server took the mail, and before that was
 * written, it is sent once more, with the same Message-ID.
 */
export const sendEmailBy = (by: Composers) =>
  defineJob({
    ...sendEmailJob,
    lane: 'mail',
    async deed(world, { deliveryId }) {
      const { mailer, clock } = world;
      const delivery = await waiting(world, deliveryId);
      if (!delivery) return;
      const held = delivery.claimedUntil === null ? 0 : Date.parse(delivery.claimedUntil) - clock.now().getTime();
      if (held > 0) return again(world, deliveryId, held + MARGIN_MS);
      const pause = mailer.pause();
      if (pause) return record(world, delivery, pause, delivery.claimedUntil);
      const mail = await compose(by, world, delivery);
      if (!mail) return forgetDelivery(world, delivery);
      const claim = await claimed(world, delivery);
      // another one was faster: it writes what comes of it
      if (!claim) return again(world, deliveryId, CLAIM_MS);
      const { companyId, messageId, resends, address } = delivery;
      const outcome = await mailer
        .send({
          companyId,
          name: letterName(deliveryId, resends),
          messageId,
          recipient: { name: delivery.name, address },
          mail,
        })
        .catch(async (error) => {
          await unclaim(world, delivery, claim);
          throw error;
        });
      await record(world, delivery, outcome, claim);
    },
  });

/** The job as the worker does it. */
export const sendEmail = sendEmailBy(composers);

async function waiting(world: World, deliveryId: string): Promise<Waiting | null> {
  const { rows } = await sql<Waiting>`
    select id, company_id as "companyId", project_id as "projectId", kind, user_id as "userId", address, name,
      message_id as "messageId", resends, queued_at as "queuedAt", claimed_until as "claimedUntil"
    from email_deliveries where id = ${deliveryId} and state in ('QUEUED', 'DEFERRED')`.execute(readingOf(world.orm));
  return rows[0] ?? null;
}

function compose(by: Composers, world: World, { kind, ...delivery }: Waiting) {
  const composer = by[kind];
  // another version of the gateway may have one: the job is tried again
  if (!composer) throw new Error(`nobody here composes mails of the kind ${kind}`);
  return composer(world, delivery);
}

const again = (world: World, deliveryId: string, inMs: number) =>
  enqueue(readingOf(world.orm), sendEmailJob, [{ payload: { deliveryId }, inMs, key: jobKey(deliveryId) }]);

/** Takes the delivery for this worker; gives until when, or null where another one has it, or it waits no more. */
async function claimed({ orm, clock }: World, { id, messageId }: Waiting): Promise<Date | null> {
  const now = clock.now();
  const until = new Date(now.getTime() + CLAIM_MS);
  const { numAffectedRows } = await sql`
    update email_deliveries set claimed_until = ${until}, attempts = attempts + 1, updated_at = ${now}
    where id = ${id} and message_id = ${messageId} and state in ('QUEUED', 'DEFERRED')
      and (claimed_until is null or claimed_until <= ${now})`.execute(readingOf(orm));
  return numAffectedRows === 1n ? until : null;
}

async function unclaim({ orm }: World, { id }: Waiting, claim: Date): Promise<void> {
  await sql`update email_deliveries set claimed_until = null where id = ${id} and claimed_until = ${claim}`.execute(
    readingOf(orm),
  );
}

/** Writes what came of an attempt, with the job of the next one; nothing where it was sent anew meanwhile. */
async function record(world: World, delivery: Waiting, outcome: Outcome, claim: Date | string | null): Promise<void> {
  const { id, messageId, queuedAt } = delivery;
  await transaction(world, async ({ db, now }) => {
    const wait =
      outcome.kind === 'PUT_OFF' || outcome.kind === 'NO_SERVER'
        ? waitAfter(outcome.kind, now.getTime() - Date.parse(queuedAt))
        : null;
    const state = outcome.kind === 'SENT' ? 'SENT' : wait === null ? 'FAILED' : 'DEFERRED';
    const { numAffectedRows } = await sql`
      update email_deliveries set state = ${state}, last_error = ${outcome.kind === 'SENT' ? null : outcome.words},
        sent_at = ${state === 'SENT' ? now : null}, next_attempt_at = ${wait === null ? null : new Date(now.getTime() + wait)},
        claimed_until = null, updated_at = ${now}
      where id = ${id} and message_id = ${messageId} and claimed_until is not distinct from ${claim}::timestamptz
        and state in ('QUEUED', 'DEFERRED')`.execute(db);
    if (numAffectedRows === 1n && wait !== null)
      await enqueue(db, sendEmailJob, [{ payload: { deliveryId: id }, inMs: wait, key: jobKey(id) }]);
  });
}

async function forgetDelivery({ orm }: World, { id, messageId, claimedUntil }: Waiting): Promise<void> {
  await sql`
    delete from email_deliveries where id = ${id} and message_id = ${messageId} and state in ('QUEUED', 'DEFERRED')
      and claimed_until is not distinct from ${claimedUntil}::timestamptz`.execute(readingOf(orm));
}
