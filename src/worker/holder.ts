import { Client } from 'pg';
import type { Logger } from 'pino';

const AGAIN_MS = 1_000;
// what a killed process was at is waited for as long as this at most
const LOOK_MS = 10_000;

/** The key of the advisory lock that says that somebody who holds jobs is alive. */
const KEY = 'hashtextextended($1, 0)';
const IS_HELD = `exists (select from pg_locks l where l.locktype = 'advisory' and l.granted
  and l.database = (select oid from pg_database where datname = current_database())
  and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended(held.by, 0))`;

/** One connection that says, by advisory locks, that the workers of this process are alive, and looks after the jobs of the dead. */
export interface Holder {
  /** before a worker takes its first job */
  announce(id: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Jobs that a process was at when it was killed stay locked: graphile-worker gives them to others after four hours. Here each of its
 * pools holds an advisory lock under the name that it locks jobs by, over one connection, which ends with the process; and each
 * process looks now and then for jobs that are locked by nobody. Should a live process lose that connection, its jobs may run twice
 * at worst, which they bear.
 */
export async function openHolder(url: string, log: Logger): Promise<Holder> {
  const ids: string[] = [];
  let closed = false;
  let client: Client | null = null;
  let look: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    const next = new Client({ connectionString: url, keepAlive: true, application_name: 'gateway worker' });
    next.on('error', () => {});
    next.on('end', () => {
      if (closed || client !== next) return;
      client = null;
      log.warn('the connection that says that the worker is alive was lost');
      setTimeout(again, AGAIN_MS).unref();
    });
    await next.connect();
    for (const id of ids) await next.query(`select pg_advisory_lock(${KEY})`, [id]);
    client = next;
  }

  async function again(): Promise<void> {
    if (closed) return;
    await connect().catch((error) => {
      log.warn({ err: error }, 'the connection that says that the worker is alive cannot be had');
      setTimeout(again, AGAIN_MS).unref();
    });
  }

  async function freeDead(): Promise<void> {
    const { rows } = (await client?.query<{ by: string }>(`
        select held.by from (
          select locked_by as by from graphile_worker.jobs where locked_by is not null
          union select locked_by from graphile_worker._private_job_queues where locked_by is not null
        ) held where not ${IS_HELD}`)) ?? { rows: [] };
    if (rows.length === 0) return;
    const dead = rows.map(({ by }) => by);
    await client?.query('select graphile_worker.force_unlock_workers($1::text[])', [dead]);
    log.warn({ dead }, 'jobs of processes that are gone go on here');
  }

  await connect();
  const lookOut = () =>
    freeDead()
      .catch((error) => log.error({ err: error }, 'jobs of processes that are gone could not be looked for'))
      .finally(() => {
        if (!closed) look = setTimeout(lookOut, LOOK_MS).unref();
      });
  await lookOut();
  return {
    async announce(id) {
      ids.push(id);
      await client?.query(`select pg_advisory_lock(${KEY})`, [id]);
    },
    async close() {
      closed = true;
      clearTimeout(look);
      await client?.end();
    },
  };
}
