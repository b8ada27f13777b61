import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MikroORM } from '@mikro-orm/postgresql';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { openEmbedded } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openOrm } from '../../src/database/orm.ts';
import { roomyFolder } from './restingData.ts';
import { type StatementLog, watchStatements } from './statements.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** the server that tests make their databases on; its database `gateway_template` has the whole schema */
    serverUrl: string;
    /** what the schema of such a database looks like when no test has touched it */
    schemaShape: string;
    /** where the data folder is made that others are copies of (restingData.ts) */
    restingData: string;
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
  const resting = await mkdtemp(join(roomyFolder(), 'gateway-resting-'));
  const server = own ? { url: own, close: async () => {} } : await openEmbedded(folder!, { durable: false });
  await onServer(server.url, `drop database if exists ${TEMPLATE} with (force)`);
  await onServer(server.url, `create database ${TEMPLATE}`);
  const url = databaseUrl(server.url, TEMPLATE);
  await migrate(url);
  project.provide('serverUrl', server.url);
  project.provide('restingData', join(resting, 'data'));
  project.provide('schemaShape', await connected(url, shapeOf));
  return async () => {
    await server.close();
    for (const made of [folder, resting])
      if (made) await rm(made, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
}

/** A database with the whole schema, opened, with the statements that go to it; `drop` when it is done with. */
export interface TestDatabase {
  url: string;
  orm: MikroORM;
  statements: StatementLog;
  drop(): Promise<void>;
}

// emptied by their worlds, for the next ones of this worker: making and opening one takes 150 to 700 ms, emptying one 5
const free: TestDatabase[] = [];

/** A database with no rows, for one world. */
export async function freshDatabase(serverUrl: string, shape: string): Promise<TestDatabase> {
  const spare = free.pop();
  if (spare) return spare;
  const name = `world_${randomUUID().replaceAll('-', '')}`;
  const url = databaseUrl(serverUrl, name);
  await onServer(serverUrl, `create database ${name} template ${TEMPLATE}`);
  const statements: StatementLog = { count: 0, texts: [], values: [] };
  const orm = await openOrm(url, { poolSize: 25, onPool: (pool) => watchStatements(pool, statements) });
  const database: TestDatabase = {
    url,
    orm,
    statements,
    async drop() {
      if (await emptied(serverUrl, name, shape)) {
        Object.assign(statements, { count: 0, texts: [], values: [] });
        free.push(database);
      } else {
        await orm.close(true);
        await onServer(serverUrl, `drop database if exists ${name} with (force)`);
      }
    },
  };
  return database;
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
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
          and (state <> 'idle' or application_name <> 'correspondence-gateway')) as others,
      (select array_agg(tablename::text) from pg_tables where schemaname = 'public' and tablename <> 'migrations') as tables`);
    if (rows[0]!.others > 0 || (await shapeOf(client)) !== shape) return false;
    // foreign keys are not looked at: everything goes
    await client.query('set session_replication_role = replica');
    const jobs = ['_private_jobs', '_private_job_queues'].map((table) => `graphile_worker.${table}`);
    await client.query([...jobs, ...rows[0]!.tables].map((table) => `delete from ${table}`).join(';'));
    return true;
  }).catch(() => false);

const shapeOf = async (client: Client): Promise<string> =>
  (await client.query<{ shape: string }>(SHAPE)).rows[0]!.shape;
