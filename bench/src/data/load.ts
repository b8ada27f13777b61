import { Client } from 'pg';
import { migrate } from '../../../src/database/migrate.ts';
import { checkSample } from './check.ts';
import { DIRECTORY } from './directory.ts';
import { AUDIENCES, COUNTS, ITEMS, SEARCH, sketch } from './items.ts';

/** What grows with the size: its indexes are built after its rows. */
const BIG = ['items', 'item_people', 'item_audiences', 'responses', 'item_changes', 'item_search', 'response_search'];

/** Migrates an empty database and fills it with so many items; `tell` hears how it goes. Throws if a sample breaks the gateway's rules. */
export async function load(url: string, items: number, tell: (words: string) => void): Promise<void> {
  const began = Date.now();
  await migrate(url);
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // foreign keys are not checked, no trigger runs and nothing waits for the disk: the rows are right by the way they are made
    for (const setting of [
      'session_replication_role = replica',
      'synchronous_commit = off',
      `maintenance_work_mem = '512MB'`,
      `work_mem = '256MB'`,
      'max_parallel_workers_per_gather = 0',
    ]) {
      await client.query(`set ${setting}`);
    }
    const { rows: indexes } = await client.query<{ name: string; definition: string }>(
      `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
       where i.indrelid::regclass::text = any($1) and not exists (select 1 from pg_constraint where conindid = i.indexrelid)`,
      [BIG],
    );
    for (const { name } of indexes) await client.query(`drop index ${name}`);
    for (const statement of [...DIRECTORY, sketch(items), 'analyze sketch', ...ITEMS]) await client.query(statement);
    for (const table of ['items', 'item_people', 'users']) await client.query(`analyze ${table}`);
    await client.query(AUDIENCES);
    await client.query(COUNTS);
    for (const statement of SEARCH) await client.query(statement);
    tell(`rows after ${seconds(began)} s`);
    for (const { definition } of indexes) await client.query(definition);
    await client.query('vacuum (analyze)');
    await client.query('create extension if not exists pg_stat_statements');
    await checkSample(client, items);
    tell(`indexes, vacuum and check after ${seconds(began)} s`);
  } finally {
    await client.end();
  }
}

const seconds = (since: number) => ((Date.now() - since) / 1000).toFixed(0);
