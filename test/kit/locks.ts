import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { Client } from 'pg';
import type { Db } from '../../src/database/orm.ts';

/** A connection beside the gateway's, to be in its way with. */
export async function intruder({ url }: { url: string }) {
  const client = new Client({ connectionString: url });
  await client.connect();
  return {
    run: (statement: string, values: unknown[] = []) => client.query(statement, values),
    [Symbol.asyncDispose]: () => client.end(),
  };
}

/** Ends when so many statements of the gateway wait for a lock. */
export async function blocked({ db }: { db: Db }, count = 1): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
    if (rows[0]!.n >= count) return;
    await setTimeout(5);
  }
}
