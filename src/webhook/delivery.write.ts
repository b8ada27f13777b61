import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../database/orm.ts';
import { type Act, transaction } from '../database/transaction.ts';
import type { World } from '../world.ts';
import type { Answer, Outcome } from './delivery.policy.ts';
import type { DueDelivery } from './due.queries.ts';
import { enqueueTurns } from './turn.ts';

const WAITING = sql`state in ('PENDING', 'RETRYING')`;

/** Ends what waits for a webhook that gets nothing more. */
export async function endWaiting({ db, now }: Pick<Act, 'db' | 'now'>, webhookId: string): Promise<void> {
  await sql`
    update webhook_deliveries set state = 'FAILED', error = 'The webhook was disabled.', next_attempt_at = null, updated_at = ${now}
    where webhook_id = ${webhookId} and ${WAITING}`.execute(db);
}

/** Ends a delivery that may not be told. */
export async function withhold(db: Db, id: string, now: Date): Promise<void> {
  await sql`
    update webhook_deliveries set state = 'WITHHELD', error = 'Its owner may not see what it is about.', next_attempt_at = null,
      updated_at = ${now}
    where id = ${id} and ${WAITING}`.execute(db);
}

/** What came of an attempt. */
export interface Attempt {
  answer: Answer;
  outcome: Outcome;
  /** until when the endpoint is slow at least; null: it was quick */
  slowUntil: Date | null;
}

/**
 * Notes an attempt and what it comes to: for the webhook, for the delivery, and the turn for the next one, in one transaction. Of two
 * that were at the same one counts; that it arrived counts always.
 */
export async function recordAttempt(world: World, due: DueDelivery, attempt: Attempt): Promise<void> {
  const { answer, outcome } = attempt;
  const { state, failures, nextInMs, pauseMs } = outcome;
  const isSlow = due.slowUntil !== null || attempt.slowUntil !== null;
  await transaction(world, async (act) => {
    const { db, now } = act;
    const isDisabled = await noteOfWebhook(act, due, attempt);
    const nextAt = nextInMs === null ? null : new Date(now.getTime() + nextInMs);
    const isAnswered = answer.status !== undefined;
    const { rows } = await sql`
      update webhook_deliveries set state = ${state}, attempts = attempts + 1, failures = ${failures},
        response_status = ${answer.status ?? null}, response_body = ${isAnswered ? answer.body : null},
        error = ${isAnswered ? null : answer.error}, next_attempt_at = ${nextAt}, updated_at = ${now}
      where id = ${due.id} and (${state === 'DELIVERED'} or (${WAITING} and attempts = ${due.attempts}))
      returning id`.execute(db);
    if (isDisabled) return endWaiting(act, due.webhookId);
    if (pauseMs !== null) await pause(act, due.webhookId, pauseMs, isSlow);
    if (rows.length > 0 && nextInMs !== null) await enqueueTurns(db, [due.webhookId], isSlow, nextInMs);
  });
}

/** Notes what an attempt says of the endpoint, if that is news, and there is no other address now. Gives whether it was disabled. */
async function noteOfWebhook({ db, now }: Act, due: DueDelivery, { outcome, slowUntil }: Attempt): Promise<boolean> {
  const { failingSince, pauseMs, disabled } = outcome;
  const news: RawBuilder<unknown>[] = [];
  if ((failingSince === null) !== (due.failingSince === null)) news.push(sql`failing_since = ${failingSince}`);
  if (pauseMs !== null) news.push(sql`paused_until = ${new Date(now.getTime() + pauseMs)}`);
  const isOver = slowUntil === null && due.slowUntil !== null && due.slowUntil <= now;
  if (slowUntil !== null || isOver) news.push(sql`slow_until = ${slowUntil}`);
  if (disabled) news.push(sql`enabled = false, disabled_at = ${now}, disabled_reason = ${disabled}`);
  if (news.length === 0) return false;
  const { rows } = await sql`
    update webhooks set ${sql.join(news)}, updated_at = ${now}
    where id = ${due.webhookId} and url = ${due.url} and enabled returning id`.execute(db);
  return disabled !== null && rows.length > 0;
}

/** Leaves all that waits for a webhook for later, because its endpoint wants to be left alone. */
async function pause({ db, now }: Act, webhookId: string, pauseMs: number, isSlow: boolean): Promise<void> {
  const until = new Date(now.getTime() + pauseMs);
  await sql`
    update webhook_deliveries set next_attempt_at = ${until}, updated_at = ${now}
    where webhook_id = ${webhookId} and ${WAITING} and next_attempt_at < ${until}`.execute(db);
  await enqueueTurns(db, [webhookId], isSlow, pauseMs);
}
