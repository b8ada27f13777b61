import { sql } from 'kysely';
import { z } from 'zod';
import { readingOf } from '../database/orm.ts';
import { defineJob } from '../job/job.ts';
import type { World } from '../world.ts';
import { attempt } from './attempt.ts';
import { endWaiting } from './delivery.write.ts';
import { nextDue } from './due.queries.ts';
import { resealed, type SealedSecret } from './secret.policy.ts';
import { enqueueTurns, SLOW_TURN, TURN } from './turn.ts';

// then others get theirs. With the last attempt it is shorter than a process that stops waits (20 s)
const TURN_MS = 3_000;

/** Tells an endpoint what is due, until nothing is, or its time is over, or it turns out to belong to the other lane. */
async function takeTurn(world: World, webhookId: string, isSlowLane: boolean): Promise<void> {
  const db = readingOf(world.orm);
  const end = performance.now() + TURN_MS;
  for (;;) {
    const now = world.clock.now();
    const due = await nextDue(db, webhookId, now);
    if (!due) return;
    if (!due.enabled) return endWaiting({ db, now }, webhookId);
    const isSlow = due.slowUntil !== null;
    if (isSlow !== isSlowLane || performance.now() > end) return enqueueTurns(db, [webhookId], isSlow);
    await attempt(world, due);
  }
}

/** Attempts to tell an endpoint of events, one at a time (its queue). */
export const deliverWebhook = defineJob({
  ...TURN,
  lane: 'webhooks',
  deed: (world, { webhookId }) => takeTurn(world, webhookId, false),
});

/** The same for an endpoint that was slow lately: however many there are, they hold up only each other. */
export const deliverSlowWebhook = defineJob({
  ...SLOW_TURN,
  lane: 'slowWebhooks',
  deed: (world, { webhookId }) => takeTurn(world, webhookId, true),
});

// a turn that is late is under way, or waits behind others; a minute is no accident
const LATE = '1 minute';

/** Gives a turn to webhooks that missed theirs, whatever became of it: jobs that gave up, clocks that were put right. */
export const wakeWebhooks = defineJob({
  name: 'wakeWebhooks',
  lane: 'events',
  payload: z.unknown(),
  async deed({ orm, clock }) {
    const db = readingOf(orm);
    const now = clock.now();
    const { rows } = await sql<{ id: string; isSlow: boolean }>`
      select w.id, w.slow_until is not null as "isSlow" from webhooks w where exists (
        select from webhook_deliveries d where d.webhook_id = w.id and d.state in ('PENDING', 'RETRYING')
          and d.next_attempt_at < ${now}::timestamptz - ${LATE}::interval)`.execute(db);
    for (const isSlow of [false, true])
      await enqueueTurns(
        db,
        rows.filter((row) => row.isSlow === isSlow).map(({ id }) => id),
        isSlow,
      );
  },
});

/** Seals secrets anew that are sealed under an older key of LINK_SECRETS, which can go after a day. */
export const resealSecrets = defineJob({
  name: 'resealSecrets',
  lane: 'events',
  payload: z.unknown(),
  async deed({ orm, links }) {
    const db = readingOf(orm);
    const { rows } = await sql<{ id: string; secrets: SealedSecret[] }>`select id, secrets from webhooks`.execute(db);
    for (const { id, secrets } of rows) {
      const next = resealed(links.keys, id, secrets);
      if (!next) continue;
      // one that was rotated meanwhile is sealed under the newest already
      await sql`update webhooks set secrets = ${JSON.stringify(next)}::jsonb
        where id = ${id} and secrets = ${JSON.stringify(secrets)}::jsonb`.execute(db);
    }
  },
});
