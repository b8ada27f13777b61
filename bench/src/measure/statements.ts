import { setTimeout as sleep } from 'node:timers/promises';
import { asClient } from '../database.ts';

// how long the processes of PostgreSQL may take to hear of a changed setting
const HEARD_MS = 300;

/** Gives a function that tells how many SQL statements something takes, BEGIN and COMMIT apart; counting ends with `stop`. */
export async function countStatements(url: string): Promise<{
  during(deed: () => Promise<unknown>): Promise<number>;
  stop(): Promise<void>;
}> {
  await track(url, 'top');
  return {
    during: (deed) =>
      asClient(url, async (client) => {
        await client.query('select pg_stat_statements_reset()');
        await deed();
        const { rows } = await client.query<{ calls: number }>(
          `select coalesce(sum(calls), 0)::int as calls from pg_stat_statements where query not like '%pg_stat_statements%'`,
        );
        return rows[0]!.calls;
      }),
    stop: () => track(url, 'none'),
  };
}

const track = (url: string, what: 'top' | 'none') =>
  asClient(url, async (client) => {
    await client.query(`alter system set pg_stat_statements.track = '${what}'`);
    await client.query('select pg_reload_conf()');
    await sleep(HEARD_MS);
  });
