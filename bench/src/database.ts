import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { openEmbedded } from '../../src/database/embedded.ts';
import { load } from './data/load.ts';
import { SIZES, type SizeName } from './data/sizes.ts';

const BENCH = fileURLToPath(new URL('..', import.meta.url));
/** The measured copies: writes do not touch the rows that are kept between runs. */
const COPIES = ['bench', 'bench_peers'] as const;

/**
 * The peers' copy has the index that their lists need and the gateway does without, so that neither pays for the other's: without it they
 * sort all items of a tool for a page (36 ms against 11 of the gateway at M). And it has none of the counters and words that they do not read, and
 * none of the indexes by which the gateway orders lists otherwise: their writes do not keep them. PostGraphile is told of a reference that
 * the gateway's schema does not check.
 */
const FOR_PEERS = `create index peers_newest on items (project_id, generic_tool_id, created_at desc, id desc);
${['insert', 'update', 'delete'].map((kind) => `drop trigger count_items_on_${kind} on items;`).join('')}
drop trigger search_items_on_insert on items; drop trigger search_items_on_update on items;
drop index ${['number', 'title', 'due_date', 'created_at', 'updated_at', 'issued_at', 'closed_at', 'assignee', 'status'].map((key) => `items_by_${key}`).join()}, items_newest;
comment on table item_people is '@foreignKey (item_id) references items (id)';`;

export interface BenchDatabase {
  /** the copy that the gateway and the limit work on: the gateway's schema as it is */
  url: string;
  /** the copy of the peers, made for their way of asking */
  peersUrl: string;
  /** the process of PostgreSQL whose children are its backends */
  pid: number;
  close(): Promise<void>;
}

/** Opens the kept data of a size, made first when they are missing or out of date, and a fresh copy of them to measure on. */
export async function openDatabase(size: SizeName, tell: (words: string) => void): Promise<BenchDatabase> {
  const folder = join(BENCH, '.data', size);
  const stamp = join(folder, 'stamp');
  const wanted = generation();
  if (read(stamp) !== wanted) {
    tell(`making ${SIZES[size].toLocaleString('en')} items in ${folder}`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const database = await openEmbedded(folder, { durable: false });
    try {
      await configure(database.url);
      await load(database.url, SIZES[size], tell);
    } finally {
      await database.close();
    }
    writeFileSync(stamp, wanted);
  }
  const database = await openEmbedded(folder);
  try {
    const [url, peersUrl] = await copy(database.url);
    await asClient(peersUrl, (client) => client.query(FOR_PEERS));
    const pid = Number(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
    return { url, peersUrl, pid, close: database.close };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** What the rows come from: migrations and generator. Other rows are made when any of it changes. */
function generation(): string {
  const hash = createHash('sha256');
  const files = [
    ...globSync(join(BENCH, '../src/database/migrations/*.ts')),
    ...globSync(join(BENCH, 'src/data/*.ts')),
  ];
  for (const file of files.sort()) hash.update(readFileSync(file));
  return hash.digest('hex');
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Settings of the server that hold from its next start on. Statements are counted only when asked (measure/statements.ts). */
async function configure(url: string): Promise<void> {
  await asClient(url, async (client) => {
    await client.query(`alter system set shared_preload_libraries = 'pg_stat_statements'`);
    await client.query(`alter system set pg_stat_statements.track = 'none'`);
    await client.query(`alter system set pg_stat_statements.track_utility = off`);
    // of the many rows of L at once; and no vacuum in the midst of a measurement
    await client.query(`alter system set max_wal_size = '8GB'`);
    await client.query('alter system set autovacuum = off');
  });
}

async function copy(url: string): Promise<[string, string]> {
  const other = (database: string) => Object.assign(new URL(url), { pathname: `/${database}` }).href;
  await asClient(other('postgres'), async (client) => {
    for (const name of COPIES) {
      await client.query(`drop database if exists ${name} with (force)`);
      await client.query(`create database ${name} template gateway strategy file_copy`);
    }
    await client.query('checkpoint');
  });
  return [other(COPIES[0]), other(COPIES[1])];
}

/** Does something with a connection of its own. */
export async function asClient<T>(url: string, deed: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await deed(client);
  } finally {
    await client.end();
  }
}
