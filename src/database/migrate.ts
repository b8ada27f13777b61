import type { MikroORM } from '@mikro-orm/postgresql';
import { Client } from 'pg';

// any number that nothing else locks; the digits of "gateway" on a telephone
const MIGRATION_LOCK = 4_283_929;

/**
 * Brings the database up to this version's schema; does nothing where it is already.
 * Processes that start at once take turns at an advisory lock of a connection of its own, so that each migration runs once.
 */
export async function migrate(orm: MikroORM, url: string): Promise<string[]> {
  const turn = new Client({ connectionString: url });
  await turn.connect();
  try {
    await turn.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const done = await orm.migrator.up();
    return done.map(({ name }) => name);
  } finally {
    await turn.end();
  }
}

/** Whether the database has all migrations of this version. */
export async function isMigrated(orm: MikroORM): Promise<boolean> {
  return (await orm.migrator.getPending()).length === 0;
}
