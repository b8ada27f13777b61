import type { MikroORM } from '@mikro-orm/postgresql';
import { runMigrations } from 'graphile-worker';
import { Client } from 'pg';
import { silentLogger } from '../job/log.ts';
import { jobPool } from '../job/pool.ts';
import { openOrm } from './orm.ts';

// any number that nothing else locks; the digits of "gateway" on a telephone
const MIGRATION_LOCK = 4_283_929;

// pg_c_utf8, by which texts are compared without case, came with 17
const OLDEST_SERVER = 170_000;

/**
 * Brings the database at a URL up to this version's schema and gives the names of the migrations that ran; none when it is there
 * already. Processes that start at once take turns at an advisory lock, so that each migration runs once. A migration takes as
 * long as it takes: it has a connection of its own, without the time limits of requests.
 */
export async function migrate(url: string): Promise<string[]> {
  const turn = new Client({ connectionString: url });
  await turn.connect();
  try {
    await refuseUnfit(turn);
    // in a transaction, so that it ends with it also where a pooler lends connections out one transaction at a time
    await turn.query('begin; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0');
    await turn.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const orm = await openOrm(url, { poolSize: 1, timeLimitMs: 0 });
    try {
      const done = (await orm.migrator.up()).map(({ name }) => name);
      await migrateJobs(url);
      return done;
    } finally {
      await orm.close(true);
    }
  } finally {
    await turn.end();
  }
}

/** The tables that jobs wait in, which are graphile-worker's own: brought up to its version. */
async function migrateJobs(url: string): Promise<void> {
  const pgPool = jobPool(url, 1);
  try {
    await runMigrations({ pgPool, logger: silentLogger });
  } finally {
    await pgPool.end();
  }
}

/** A server that cannot carry the schema is told apart from a broken one. */
async function refuseUnfit(client: Client): Promise<void> {
  const { rows } = await client.query<{ version: string; encoding: string }>(
    `select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding`,
  );
  const { version, encoding } = rows[0]!;
  if (Number(version) < OLDEST_SERVER) throw new Error(`The gateway needs PostgreSQL 17 or newer, not ${version}.`);
  if (encoding !== 'UTF8') throw new Error(`The gateway needs a database in UTF8, not ${encoding}.`);
}

/** Whether the database has all migrations of this version. */
export async function isMigrated(orm: MikroORM): Promise<boolean> {
  return (await orm.migrator.getPending()).length === 0;
}
