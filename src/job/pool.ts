import { Pool } from 'pg';

/**
 * Connections for jobs, beside those of requests. One that breaks while nobody uses it is no loss; while somebody does, their
 * statement fails and tells. With `patienceMs`, a statement that has no answer for so long has failed too.
 */
export function jobPool(connectionString: string, max: number, patienceMs?: number): Pool {
  const pool = new Pool({
    connectionString,
    max,
    keepAlive: true,
    // they are used all the time; and a timer of one that has gone would keep the process for its ten seconds
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
    application_name: 'gateway worker',
  });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
