import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Logger } from 'pino';

const AGAIN_MS = 1_000;
// jobs of a killed process are taken over at the second look that finds it dead: after five to ten seconds
const LOOK_MS = 5_000;
// a database that does not answer for so long is gone
const PATIENCE_MS = 10_000;

/** The key of the advisory lock that says that a pool of workers is alive. Shared: a connection that broke may hold it a while longer. */
const KEY = 'hashtextextended($1, 0)';
const SAY = `select pg_advisory_lock_shared(${KEY})`;
const IS_ALIVE = `exists (select from pg_locks l where l.locktype = 'advisory' and l.granted
  and l.database = (select oid from pg_database where datname = current_database())
  and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended(held.by, 0))`;

/** One connection that says, by advisory locks, which pools of workers of this process are alive, and looks after the jobs of the dead. */
export interface Lifeline {
  /** before a pool takes its first job */
  announce(pool: string): Promise<void>;
  /** when a pool is at nothing any more: what it left locked is free at once */
  forget(pool: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Jobs that a process was at when it was killed stay locked: graphile-worker gives them to others after four hours. Here each of its
 * pools holds an advisory lock under the name that it locks jobs by, over one connection, which ends with the process; and each
 * process looks now and then for jobs that are locked by nobody. Should a live process lose that connection, it has a look's time to
 * come back; then its jobs may run twice at worst, which they bear.
 */
export async function openLifeline(url: string, log: Logger, { lookMs = LOOK_MS } = {}): Promise<Lifeline> {
  const pools = new Set<string>();
  const announced = new Map<string, Promise<void>>();
  // those whose locks the connection holds: each once
  const said = new Set<string>();
  let closed = false;
  let client: Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  let missing = new Set<string>();

  async function connect(): Promise<void> {
    const next = new Client({
      connectionString: url,
      keepAlive: true,
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
      application_name: 'gateway worker',
    });
    next.on('error', () => lost(next));
    next.on('end', () => lost(next));
    try {
      await next.connect();
      // the server is to notice within half a minute that a whole machine is gone
      await next.query('set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 4');
      for (const pool of pools) {
        await next.query(SAY, [pool]);
        said.add(pool);
      }
    } catch (error) {
      said.clear();
      next.end().catch(() => {});
      throw error;
    }
    client = next;
  }

  function lost(which: Client): void {
    if (client !== which) return;
    client = null;
    said.clear();
    missing = new Set();
    which.end().catch(() => {});
    if (closed) return;
    log.warn('the connection that says that the worker is alive was lost');
    void again();
  }

  async function again(): Promise<void> {
    while (!closed && !client) {
      await sleep(AGAIN_MS, undefined, { ref: false });
      if (closed) return;
      await connect().catch((error) =>
        log.warn({ err: error }, 'the connection that says that the worker is alive cannot be had'),
      );
    }
  }

  let turn: Promise<unknown> = Promise.resolve();
  /** Asks over the connection, one after the other; one that gives no answer is let go of. */
  function ask<Row>(text: string, values: unknown[]): Promise<Row[] | null> {
    const answer = turn.then(() => askNow<Row>(text, values));
    turn = answer;
    return answer;
  }
  async function askNow<Row>(text: string, values: unknown[]): Promise<Row[] | null> {
    const asked = client;
    if (!asked) return null;
    try {
      return (await asked.query(text, values)).rows as Row[];
    } catch (error) {
      log.warn({ err: error }, 'the connection that says that the worker is alive does not answer');
      lost(asked);
      return null;
    }
  }

  async function look(): Promise<void> {
    const held = await ask<{ by: string }>(
      `select held.by from (
        select locked_by as by from graphile_worker.jobs where locked_by is not null
        union select locked_by from graphile_worker._private_job_queues where locked_by is not null
      ) held where not (held.by = any($1::text[])) and not ${IS_ALIVE}`,
      [[...pools]],
    );
    const dead = (held ?? []).map(({ by }) => by).filter((by) => missing.has(by));
    missing = new Set(held?.map(({ by }) => by));
    if (dead.length === 0) return;
    await ask('select graphile_worker.force_unlock_workers($1::text[])', [dead]);
    log.warn({ dead }, 'jobs of processes that are gone go on here');
  }
  /** Says that a pool is alive, as often as it takes. A new connection says all that there are. */
  async function say(pool: string): Promise<void> {
    pools.add(pool);
    while (!said.has(pool)) {
      if (closed) throw new Error('The worker stops.');
      if (await ask(SAY, [pool])) said.add(pool);
      else await sleep(AGAIN_MS, undefined, { ref: false });
    }
  }

  async function lookOut(): Promise<void> {
    await look();
    if (!closed) timer = setTimeout(lookOut, lookMs).unref();
  }

  await connect();
  await lookOut();
  return {
    announce(pool) {
      // each of its workers asks for it
      if (!announced.has(pool)) announced.set(pool, say(pool));
      return announced.get(pool)!;
    },
    async forget(pool) {
      pools.delete(pool);
      announced.delete(pool);
      said.delete(pool);
      await ask(`select pg_advisory_unlock_shared(${KEY})`, [pool]);
      await ask('select graphile_worker.force_unlock_workers(array[$1])', [pool]);
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
