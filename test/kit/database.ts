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
  }
}

// a name of one's own where several runs share a server
const TEMPLATE = process.env.GATEWAY_TEST_TEMPLATE ?? 'gateway_template';

export const databaseUrl = (serverUrl: string, name: string): string => {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
};

async function onServer(serverUrl: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl(serverUrl, 'postgres') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

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
  return async () => {
    await server.close();
    if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
}

/** A database with the whole schema and no rows, for one world. */
export async function freshDatabase(serverUrl: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `world_${randomUUID().replaceAll('-', '')}`;
  // file_copy is the faster way for a small template: 40 against 90 ms
  await onServer(serverUrl, `create database ${name} template ${TEMPLATE} strategy file_copy`);
  return {
    url: databaseUrl(serverUrl, name),
    drop: () => onServer(serverUrl, `drop database if exists ${name} with (force)`),
  };
}
