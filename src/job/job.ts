import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type { Db } from '../database/orm.ts';
import type { World } from '../world.ts';

/**
 * Where a job waits for its turn. Each lane has workers of its own, so that a mail server that is stuck holds up no webhook,
 * endpoints that are known to be slow hold up no others, and none of them holds up what makes them.
 */
export type Lane = 'events' | 'mail' | 'webhooks' | 'slowWebhooks';

/** What a job is known by to those who enqueue it. */
export interface JobName<Payload> {
  name: string;
  payload: z.ZodType<Payload>;
  attempts?: number;
}

/**
 * Work that is done after an act, by the worker: a name, the shape of what it is told, and the deed. A deed can run twice, at once or
 * one after the other, and can be killed at any point: it looks at what is there, and what it did before it does not do again.
 * What it throws is tried again, later and later, `attempts` times (25 unless told, some three days). One that takes longer than
 * `limitMs` has failed too: `signal` says so, for what it waits for to be let go of.
 */
export interface Job<Payload> extends JobName<Payload> {
  lane: Lane;
  /** two minutes unless told */
  limitMs?: number;
  deed(world: World, payload: Payload, signal?: AbortSignal): Promise<void>;
}

/** A job, as it is written down in one file. */
export const defineJob = <Payload>(job: Job<Payload>): Job<Payload> => job;

// biome-ignore lint/suspicious/noExplicitAny: the worker has jobs of every shape, and parses what it gives to each
export type AnyJob = Job<any>;

export interface Enqueue {
  /** how long to wait with it, by the clock of the database */
  inMs?: number;
  /** jobs of one queue run one after the other; those of none all at once */
  queue?: string;
  /** takes the place of a waiting job with the same key */
  key?: string;
}

/** A job with what it is to be told, and when. */
export interface Wanted<Payload> extends Enqueue {
  payload: Payload;
}

/**
 * Enqueues a job in the transaction of `db`, once for each thing that it is to be told: one statement for any number, none for none.
 * It runs when the transaction has been committed, and never if it was undone.
 */
export async function enqueue<Payload>(
  db: Db,
  job: JobName<Payload>,
  wanted: readonly Wanted<Payload>[],
): Promise<void> {
  if (wanted.length > 0) await enqueueing(job, wanted).execute(db);
}

/** The same as a statement. */
export const enqueueing = <Payload>(job: JobName<Payload>, wanted: readonly Wanted<Payload>[]): RawBuilder<unknown> =>
  enqueueingRows(
    job,
    sql`jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w(payload json, queue text, "inMs" float8, key text)`,
  );

/** The same for rows `w` of a query: payload (json), queue, "inMs", key. */
export function enqueueingRows<Payload>(job: JobName<Payload>, rows: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select count(*) from graphile_worker.add_jobs(array(
      select row(${job.name}, w.payload, w.queue, now() + w."inMs" * interval '1 millisecond', ${job.attempts ?? null}::integer, w.key,
        null, null)::graphile_worker.job_spec
      from ${rows}))`;
}
