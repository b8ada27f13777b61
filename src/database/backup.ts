import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { openEmbedded, restoreEmbedded } from './embedded.ts';
import { type Copied, copyTree, flushFolder } from './embedded-copy.ts';
import { isReserved, readManifest, writeManifest } from './embedded-restore.ts';
import type { Restored } from './embedded-wire.ts';

/**
 * Copy the database and the other files of a data folder, as they are at one moment, into a new folder; writing goes on
 * meanwhile. Gives how much was copied. Throws, and leaves nothing, when the folder is not empty or anything fails.
 */
export async function backupTo(dataDir: string, folder: string): Promise<Copied> {
  if (!existsSync(join(dataDir, 'postgres'))) throw new Error(`There is no database in ${resolve(dataDir)}.`);
  const data = realpathSync(dataDir);
  const target = newFolder(folder, data);
  // a half one has another name, so that it never looks whole
  const partial = `${target}.partial-${randomBytes(4).toString('hex')}`;
  mkdirSync(partial, { mode: 0o700 });
  try {
    const database = await openEmbedded(data);
    const rows = await copyDatabase(database.url, join(data, 'postgres'), join(partial, 'postgres')).finally(
      database.close,
    );
    // after the database: a file is whole before its row says so, and goes a day after nothing has it any more, so none is missing
    const files = await copyTree(data, join(partial, 'files'), { skip: isReserved, flush: true });
    const copied = { files: rows.files + files.files, bytes: rows.bytes + files.bytes };
    writeManifest(partial, new Date(), copied);
    await flushFolder(partial);
    renameSync(partial, target); // an empty folder gives way
    await flushFolder(dirname(target));
    return copied;
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Put a backup in the place of a data folder's database and files. A gateway that runs on it loses its connections for a
 * moment. Tells where the former data is kept and which other files changed; throws, with all as it was, when it fails.
 */
export async function restoreFrom(dataDir: string, folder: string): Promise<Restored> {
  const backup = resolve(folder);
  readManifest(backup);
  return restoreEmbedded(dataDir, realpathSync(backup));
}

function newFolder(folder: string, dataDir: string): string {
  const wanted = resolve(folder);
  const found = statSync(wanted, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) throw new Error(`${wanted} is a file: name a new folder.`);
  if (found && readdirSync(wanted).length > 0) throw new Error(`${wanted} is not empty: name a new folder.`);
  mkdirSync(dirname(wanted), { recursive: true });
  const target = join(realpathSync(dirname(wanted)), basename(wanted));
  if (`${target}${sep}`.startsWith(`${dataDir}${sep}`)) {
    throw new Error(`${wanted} lies in the data folder ${dataDir}, and would be lost with it: name one elsewhere.`);
  }
  return target;
}

// What a base backup leaves empty, as pg_basebackup does: PostgreSQL makes it anew, or the WAL is copied afterwards
const EMPTY = ['dynshmem', 'notify', 'replslot', 'serial', 'snapshots', 'stat_tmp', 'subtrans', 'wal'].map(
  (n) => `pg_${n}`,
);
const OF_THE_PROCESS = /^postmaster\.(pid|opts)$|(^|\/)(pgsql_tmp|pg_internal\.init)/;
const CONTROL = join('global', 'pg_control'); // last, by its own way

const unwanted = (path: string): boolean =>
  EMPTY.includes(dirname(path)) || OF_THE_PROCESS.test(path) || path === CONTROL;

/**
 * PostgreSQL's low-level base backup: the folder as it is while it changes, and the WAL that makes it one moment again. `url` is
 * of the server that runs on the folder `from`; a server started on `to` recovers to that moment.
 */
export async function copyDatabase(url: string, from: string, to: string): Promise<Copied> {
  const client = new pg.Client({ connectionString: url, application_name: 'backup' });
  client.on('error', () => {}); // the statement under way, or the next one, tells
  await client.connect();
  try {
    const one = async (sql: string) => (await client.query<Record<string, string>>(sql)).rows[0]!;
    const { tablespaces } = await one(`select count(*) as tablespaces from pg_tablespace where spcname !~ '^pg_'`);
    if (tablespaces !== '0') throw new Error('The database has tablespaces outside its folder; use pg_basebackup.');
    // keeps the WAL from being reused until we are done; temporary: it goes with this connection
    await one(`select pg_create_physical_replication_slot('backup_' || pg_backend_pid(), true, true)`);
    const { first } = await one(`select pg_walfile_name(pg_backup_start('correspondence-gateway', true)) as first`);
    const copied = await copyTree(from, to, { skip: unwanted, flush: true });
    const add = async (path: string, content: Buffer | string) => {
      await writeFile(join(to, path), content, { mode: 0o600, flush: true });
      copied.files += 1;
      copied.bytes += Buffer.byteLength(content);
    };
    await add(CONTROL, await readSteady(join(from, CONTROL)));
    const { last, labelfile } = await one(`select labelfile, pg_walfile_name(lsn) as last from pg_backup_stop(false)`);
    await add('backup_label', labelfile!);
    const wal = (await readdir(join(from, 'pg_wal')))
      .filter((name) => /^[0-9A-F]{24}$/.test(name) && name >= first! && name <= last!)
      .sort();
    if (wal[0] !== first || wal.at(-1) !== last)
      throw new Error(`PostgreSQL has lost its WAL from ${first} to ${last}.`);
    for (const name of wal) await add(join('pg_wal', name), await readFile(join(from, 'pg_wal', name)));
    return copied;
  } finally {
    await client.end();
  }
}

/** pg_control is rewritten in place now and then: what reads the same twice was not read in between. */
async function readSteady(file: string): Promise<Buffer> {
  for (let former = await readFile(file); ; ) {
    await sleep(10);
    const content = await readFile(file);
    if (content.equals(former)) return content;
    former = content;
  }
}
