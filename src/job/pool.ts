import { Pool } from 'pg';

/**
 * Connections for jobs, beside those of requests. One that breaks while nobody uses it is no loss; while somebody does, their
 * statement fails and tells.
 */
export function jobPool(connectionString: string, max: number): Pool {
  const pool = new Pool({ connectionString, max, application_name: 'gateway worker' });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
