import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { openEmbedded } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** the server that tests make their databases on; its database `gateway_template` has the whole schema */
    serverUrl: string;
    /** what the schema of such a database looks like when no test has touched it */
    schemaShape: string;
  }
}

// a name of one's own where several runs share a server
const TEMPLATE = process.env.GATEWAY_TEST_TEMPLATE ?? 'gateway_template';

export const databaseUrl = (serverUrl: string, name: string): string => {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
};

async function connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, lock_timeout: 1000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const onServer = (serverUrl: string, sql: string) =>
  connected(databaseUrl(serverUrl, 'postgres'), (client) => client.query(sql));

/** Once for all tests: a PostgreSQL of its own (or TEST_DATABASE_URL's), with a migrated database to clone. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const own = process.env.TEST_DATABASE_URL;
  const folder = own ? null : await mkdtemp(join(tmpdir(), 'gateway-test-'));
  const server = own ? { url: own, close: async () => {} } : await openEmbedded(folder!, { durable: false });
  await onServer(server.url, `drop database if exists ${TEMPLATE} with (force)`);
  await onServer(server.url, `create database ${TEMPLATE}`);
  const url = databaseUrl(server.url, TEMPLATE);
  await migrate(url);
  project.provide('serverUrl', server.url);
  project.provide('schemaShape', await connected(url, shapeOf));
  return async () => {
    await server.close();
    if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
}

// emptied by their worlds, for the next ones of this worker: making one takes 90 to 500 ms, emptying one 2
const free = new Map<string, string[]>();

/** A database with the whole schema and no rows, for one world; `drop` when it is done with. */
export async function freshDatabase(serverUrl: string, shape: string): Promise<{ url: string; drop(): Promise<void> }> {
  const spare = free.get(serverUrl)?.pop();
  const name = spare ?? `world_${randomUUID().replaceAll('-', '')}`;
  if (!spare) await onServer(serverUrl, `create database ${name} template ${TEMPLATE}`);
  return {
    url: databaseUrl(serverUrl, name),
    async drop() {
      if (await emptied(serverUrl, name, shape)) free.set(serverUrl, [...(free.get(serverUrl) ?? []), name]);
      else await onServer(serverUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

// what a test can leave behind besides rows: a database that has anything of the kind is not used again
const SHAPE = `select md5(concat(
  (select string_agg(relname, ',' order by relname) from pg_class where relnamespace = 'public'::regnamespace),
  (select string_agg(tgname, ',' order by tgname) from pg_trigger where not tgisinternal),
  (select string_agg(proname, ',' order by proname) from pg_proc where pronamespace = 'public'::regnamespace),
  (select string_agg(conname, ',' order by conname) from pg_constraint where connamespace = 'public'::regnamespace),
  (select string_agg(name, ',' order by name) from migrations))) as shape`;

/** Empties a database; false when it is no longer like a new one, or somebody still holds it. */
const emptied = (serverUrl: string, name: string, shape: string): Promise<boolean> =>
  connected(databaseUrl(serverUrl, name), async (client) => {
    const { rows } = await client.query<{ others: number; tables: string[] }>(`select
      (select count(*)::int from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend') as others,
      (select array_agg(tablename::text) from pg_tables where schemaname = 'public' and tablename <> 'migrations') as tables`);
    if (rows[0]!.others > 0 || (await shapeOf(client)) !== shape) return false;
    // foreign keys are not looked at: everything goes
    await client.query('set session_replication_role = replica');
    await client.query(rows[0]!.tables.map((table) => `delete from ${table}`).join(';'));
    return true;
  }).catch(() => false);

const shapeOf = async (client: Client): Promise<string> =>
  (await client.query<{ shape: string }>(SHAPE)).rows[0]!.shape;
