import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Viewer } from '../directory/viewer.ts';
import { refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { Faults } from '../kernel/input.ts';
import type { World } from '../world.ts';
import { type Act, codeOf, transaction } from './transaction.ts';

/** What came of a call: an answer that can be kept as JSON, and whether anything was written at all. */
export interface Deed<Answer> {
  answer: Answer;
  wrote: boolean;
}

// api.md, Concurrency: how long a repeat is known, and how long it waits for the first call
const KEPT = '24 hours';
export const WAIT_MS = 10_000;
// a little of what is past keeping goes with each new key, so that no sweep is ever needed
const SWEPT = 20;

/**
 * Runs a command in one transaction. With an idempotency key, a repeat of the same input within 24 hours is answered with what
 * the first call came to, another input is INVALID, and a repeat while the first still runs waits for it, then CONFLICT.
 * A deed that wrote nothing leaves nothing behind, not even its key.
 */
export async function once<Answer>(
  world: World,
  viewer: Viewer,
  mutation: string,
  input: { idempotencyKey?: string | null },
  work: (act: Act) => Promise<Deed<Answer>>,
  waitMs = WAIT_MS,
): Promise<Answer> {
  const key = keyOf(input);
  return await transaction(world, async (act, undo) => {
    const known =
      key === null
        ? null
        : await takeKey<Answer>(act, viewer, mutation, key, hashOf({ ...input, idempotencyKey: key }), waitMs);
    if (known) return known.answer;
    const { answer, wrote } = await work(act);
    if (!wrote) return undo(answer);
    if (key !== null) {
      await sql`update idempotency_keys set outcome = ${JSON.stringify({ answer })}::jsonb
        where user_id = ${viewer.id} and mutation = ${mutation} and key = ${key}`.execute(act.db);
    }
    return answer;
  });
}

/** The key of a call, null when it has none. Refused when it is empty, too long, or holds what no text may. */
export function keyOf({ idempotencyKey }: { idempotencyKey?: string | null }): string | null {
  if (idempotencyKey == null) return null;
  const faults = new Faults();
  const key = faults.requiredText(idempotencyKey, ['idempotencyKey'], 'the idempotency key');
  faults.refuse();
  return key;
}

/** Takes a key for this call (null), or finds what the call that took it came to. */
async function takeKey<Answer>(
  act: Act,
  viewer: Viewer,
  mutation: string,
  key: string,
  hash: string,
  waitMs: number,
): Promise<{ answer: Answer } | null> {
  const { db, now } = act;
  await sql`delete from idempotency_keys where id in (
    select id from idempotency_keys where created_at < ${now}::timestamptz - ${KEPT}::interval
    order by created_at limit ${SWEPT} for update skip locked)`.execute(db);
  await sql`set local lock_timeout = ${sql.lit(waitMs)}`.execute(db);
  try {
    // waits here while another call with the key runs: the unique index holds it up until that one ends
    const { rows } = await sql`
      insert into idempotency_keys (id, company_id, created_at, updated_at, user_id, mutation, key, input_hash)
      values (${newId(now)}, ${viewer.companyId}, ${now}, ${now}, ${viewer.id}, ${mutation}, ${key}, ${hash})
      on conflict (user_id, mutation, key) do update
        set created_at = excluded.created_at, updated_at = excluded.updated_at, input_hash = excluded.input_hash, outcome = null
        where idempotency_keys.created_at < ${now}::timestamptz - ${KEPT}::interval
      returning id`.execute(db);
    if (rows.length > 0) return null;
  } catch (error) {
    if (codeOf(error) === LOCK_NOT_AVAILABLE)
      refuse('CONFLICT', `Another call with the idempotency key ${JSON.stringify(key)} still runs; ask again later.`, [
        'idempotencyKey',
      ]);
    throw error;
  } finally {
    await sql`set local lock_timeout = 0`.execute(db).catch(() => {}); // in vain when the transaction is lost already
  }
  const { rows } = await sql<{ inputHash: string; outcome: { answer: Answer } }>`
    select input_hash as "inputHash", outcome from idempotency_keys
    where user_id = ${viewer.id} and mutation = ${mutation} and key = ${key}`.execute(db);
  const [first] = rows;
  if (first?.inputHash !== hash)
    refuse('INVALID', `The idempotency key ${JSON.stringify(key)} was used for another input.`, ['idempotencyKey']);
  return first.outcome;
}

const LOCK_NOT_AVAILABLE = '55P03';

/** The same for equal inputs, in whatever order their fields were written. */
const hashOf = (input: unknown): string => createHash('sha256').update(canonical(input)).digest('base64url');

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value === null || typeof value !== 'object' || value instanceof Date) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`)
    .join()}}`;
}
