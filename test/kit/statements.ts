import type { Pool, PoolClient } from 'pg';

/** What went to the database, counted at the driver: whatever library asked for it. */
export interface StatementLog {
  count: number;
  texts: string[];
  /** the values of each, in the same order */
  values: unknown[][];
}

const CONTROL = /^\s*(begin|commit|rollback|start transaction|savepoint|release|set )/i;

/** Counts the statements of every connection of a pool; those that only begin or end a transaction are left out. */
export function watchStatements(pool: Pool, log: StatementLog): void {
  pool.on('connect', (client: PoolClient) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((...args: unknown[]) => {
      const [first, second] = args as [string | { text?: string; values?: unknown[] }, unknown[] | undefined];
      const text = typeof first === 'string' ? first : (first.text ?? '');
      if (!CONTROL.test(text)) {
        log.count += 1;
        log.texts.push(text);
        log.values.push((typeof first === 'string' ? undefined : first.values) ?? second ?? []);
      }
      return query(...args);
    }) as never;
  });
}
