import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { backupTo, restoreFrom } from '../../src/database/backup.ts';
import { openEmbedded } from '../../src/database/embedded.ts';
import { type DataFolder, dataFolder, isAlive, restingFolder, sql, until } from './embedded-folder.ts';

const fast = { durable: false };
const command = (name: string, args: string[], env: NodeJS.ProcessEnv) =>
  promisify(execFile)(process.execPath, [`src/cli/${name}.ts`, ...args], { env });

let data: DataFolder;
let backup: string;
beforeAll(async () => {
  data = await restingFolder();
  const database = await openEmbedded(data.path, fast);
  await sql(database.url, `create table note as select 'of the backup' as a`);
  await database.close();
  writeFileSync(join(data.path, 'secret'), 'the secret', { mode: 0o600 });
  mkdirSync(join(data.path, 'attachments', 'a1'), { recursive: true });
  writeFileSync(join(data.path, 'attachments', 'a1', 'plan.pdf'), 'a plan');
  backup = join(data.parent, 'the backup');
  await backupTo(data.path, backup);
});
afterEach(() => data.rest());
afterAll(() => data[Symbol.asyncDispose]());

const note = (url: string) => sql(url, 'select a from note').then((rows) => rows[0]?.a);
const entries = (path: string) => readdirSync(path).sort();
const rest = (path: string) => entries(path).filter((name) => !name.startsWith('postgres'));

test('a backup holds the database and the other files, for its owner only', () => {
  expect(entries(backup)).toEqual(['backup.json', 'files', 'postgres']);
  expect(entries(join(backup, 'files'))).toEqual(['attachments', 'secret']);
  expect(readFileSync(join(backup, 'files', 'attachments', 'a1', 'plan.pdf'), 'utf8')).toBe('a plan');
  expect(statSync(backup).mode & 0o777).toBe(0o700);
  expect(existsSync(join(backup, 'postgres', 'postmaster.pid'))).toBe(false);
});

test('a backup taken while others write is one moment of the database', async () => {
  await using copy = await dataFolder();
  const database = await openEmbedded(data.path, fast);
  await sql(
    database.url,
    `drop table if exists account, entry;
     create table account (id int primary key, balance int not null);
     create table entry (id bigint generated always as identity primary key, account int, amount int, filler text);
     create index on entry (filler); insert into account select i, 0 from generate_series(1, 10) i`,
  );
  let writing = true;
  let written = 0;
  const write = async (mine: number) => {
    const client = new pg.Client(database.url);
    await client.connect();
    while (writing) {
      // in one transaction a row there and its amount here; now and then much at once, so that files grow and WAL is changed
      await client.query(
        `with e as (insert into entry (account, amount, filler)
                    select $1::int, 1, md5(random()::text) from generate_series(1, $2::int) returning 1)
         update account set balance = balance + $2::int where id = $1::int`,
        [mine, written % 50 === 0 ? 2000 : 1],
      );
      if (written % 20 === 0) await client.query('checkpoint');
      written += 1;
    }
    await client.end();
  };
  const writers = [write(1), write(2)];
  await until(() => written > 20);
  const before = Number((await sql(database.url, 'select count(*) from entry'))[0]!.count);
  const during = written;
  await backupTo(data.path, join(copy.parent, 'backup'));
  expect(written).toBeGreaterThan(during + 20); // it did not hold them up
  writing = false;
  await Promise.all(writers);
  await database.close();

  // into a new folder, with nothing to keep
  expect(await restoreFrom(copy.path, join(copy.parent, 'backup'))).toEqual({ kept: null, changed: [] });
  expect(rest(copy.path)).toEqual(['attachments', 'secret']);
  expect(entries(copy.path).filter((name) => /restor/.test(name))).toEqual([]);
  const restored = await openEmbedded(copy.path, fast);
  const [row] = await sql(
    restored.url,
    `select (select count(*) from entry)::int as entries, (select sum(balance) from account)::int as balance,
            (select count(distinct id) from entry)::int as ids`,
  );
  expect(row!.entries).toBe(row!.balance);
  expect(row!.entries).toBe(row!.ids);
  expect(row!.entries).toBeGreaterThanOrEqual(before);
  await sql(restored.url, 'create extension amcheck');
  await sql(
    restored.url,
    `select bt_index_check(indexrelid, true) from pg_index join pg_class on oid = indexrelid
                            where relam = (select oid from pg_am where amname = 'btree') and relpersistence = 'p'`,
  );
  expect(readFileSync(join(copy.path, 'secret'), 'utf8')).toBe('the secret');
  await restored.close();
});

test('a restore under a running gateway: the same URL answers from the restored data, and the former data is kept', async () => {
  const gateway = await data.hold();
  const pool = new pg.Pool({ connectionString: gateway.url });
  pool.on('error', () => {});
  const asked = () => pool.query('select a from note').then(({ rows }) => rows[0].a);
  await pool.query(`update note set a = 'later'`);
  writeFileSync(join(data.path, 'secret'), 'another secret');
  const former = data.postmaster();

  const { kept, changed } = await restoreFrom(data.path, backup);
  expect(changed).toEqual(['secret', 'attachments'].sort());
  expect(kept).toMatch(/postgres\.before-restore-\d{4}-/);
  await until(async () => (await asked().catch(() => '')) === 'of the backup');
  expect(readFileSync(join(data.path, 'secret'), 'utf8')).toBe('the secret');
  expect(isAlive(former)).toBe(false);
  expect(gateway.process.exitCode).toBe(null);

  // and back again
  const undone = await restoreFrom(data.path, kept!);
  await until(async () => (await asked().catch(() => '')) === 'later');
  expect(readFileSync(join(data.path, 'secret'), 'utf8')).toBe('another secret');
  await pool.end();

  const pid = data.postmaster();
  await gateway.close(); // it was a holder all the time
  expect(isAlive(pid)).toBe(false);
  for (const folder of [kept!, undone.kept!]) rmSync(folder, { recursive: true });
});

test('a restore while nothing runs', async () => {
  const database = await openEmbedded(data.path, fast);
  await sql(database.url, `update note set a = 'later'`);
  await database.close();
  const { kept } = await restoreFrom(data.path, backup);
  expect(data.postmaster()).toBe(0); // it does not stay
  const restored = await openEmbedded(data.path, fast);
  expect(restored.url).toBe(database.url);
  expect(await note(restored.url)).toBe('of the backup');
  await restored.close();
  rmSync(kept!, { recursive: true });
});

test('a restore brings back data that PostgreSQL does not start on any more', async () => {
  await using broken = await dataFolder();
  mkdirSync(join(broken.path, 'postgres'), { recursive: true });
  writeFileSync(join(broken.path, 'postgres', 'PG_VERSION'), '18\n');
  await expect(openEmbedded(broken.path, fast)).rejects.toThrow('postgresql.conf');
  const { kept } = await restoreFrom(broken.path, backup);
  expect(readdirSync(join(kept!, 'postgres'))).toEqual(['PG_VERSION']);
  const database = await openEmbedded(broken.path, fast);
  expect(await note(database.url)).toBe('of the backup');
  await database.close();
});

test('what is no backup, or no whole one, is refused and changes nothing', async () => {
  await using spoiled = await dataFolder();
  const database = await openEmbedded(data.path, fast);
  await sql(database.url, `update note set a = 'kept'`);
  const [pid, before] = [data.postmaster(), entries(data.path)];
  const folder = join(spoiled.parent, 'backup');
  cpSync(backup, folder, { recursive: true });
  const refused = async (part: string, spoil: (path: string) => void, words: RegExp) => {
    spoil(join(folder, part));
    await expect(restoreFrom(data.path, folder)).rejects.toThrow(words);
    rmSync(join(folder, part), { recursive: true, force: true });
    cpSync(join(backup, part), join(folder, part), { recursive: true });
    expect(entries(data.path)).toEqual(before);
    expect(await note(database.url)).toBe('kept');
  };
  const rewrite = (file: string, change: (text: string) => string) =>
    writeFileSync(file, change(readFileSync(file, 'latin1')), 'latin1');

  const remove = (path: string) => rmSync(path, { recursive: true });
  await refused('backup.json', remove, /is not a backup/);
  await refused('backup.json', (file) => writeFileSync(file, '[1'), /is not a backup/);
  await refused('backup.json', (file) => rewrite(file, (text) => text.replace(': 18', ': 17')), /PostgreSQL 17/);
  const control = 'postgres/global/pg_control';
  await refused(control, remove, /is not a whole backup/);
  await refused('postgres/base/1', remove, /is not a whole backup/);
  await refused('files/secret', remove, /is not a whole backup/);
  // its first byte becomes another one, whatever it is: it depends on the id of the process that made the folder
  const another = (byte: string) => String.fromCharCode(byte.charCodeAt(0) ^ 1);
  await refused(control, (file) => rewrite(file, (text) => text.replace(/./s, another)), /pg_control|checksum/);
  expect(data.postmaster()).toBe(pid); // PostgreSQL was not even stopped

  await expect(restoreFrom(data.path, join(spoiled.parent, 'nowhere'))).rejects.toThrow('There is no folder');
  await expect(restoreFrom(data.path, data.path)).rejects.toThrow('is not a backup');
  await expect(restoreFrom(spoiled.path, data.parent)).rejects.toThrow('is not a backup');
  expect(existsSync(spoiled.path)).toBe(false);

  // single-user mode, which recovers it, does not read this file: only starting fails
  const rules = 'postgres/pg_hba.conf';
  await refused(rules, (file) => rewrite(file, (text) => text.replace('host', 'hots')), /did not start.*pg_hba/);
  expect(data.postmaster()).not.toBe(pid); // it was stopped, and the former one started again
  await database.close();
});

test('a restore that was killed in the middle of renaming goes on at the next start; a mere copy of it goes away', async () => {
  const started = join(data.path, 'postgres.restored-2026-11-21T10-00-00.000Z');
  mkdirSync(join(started, 'files'), { recursive: true });
  renameSync(join(data.path, 'postgres'), join(started, 'postgres'));
  writeFileSync(join(started, 'files', 'secret'), 'the restored secret');
  const copy = join(data.path, 'postgres.restoring-2026-11-21T11-00-00.000Z');
  mkdirSync(join(copy, 'postgres'), { recursive: true });
  const database = await openEmbedded(data.path, fast);
  expect(await sql(database.url, 'select 1 as a from note')).toEqual([{ a: 1 }]);
  expect(readFileSync(join(data.path, 'secret'), 'utf8')).toBe('the restored secret');
  expect(existsSync(started)).toBe(false);
  expect(existsSync(copy)).toBe(false);
  await database.close();
});

test('a backup goes into a new folder only, and not into the data folder', async () => {
  const occupied = join(data.parent, 'occupied');
  mkdirSync(occupied);
  writeFileSync(join(occupied, 'mine'), 'mine');
  await expect(backupTo(data.path, occupied)).rejects.toThrow('is not empty');
  await expect(backupTo(data.path, join(occupied, 'mine'))).rejects.toThrow('is a file');
  await expect(backupTo(data.path, join(data.path, 'backup'))).rejects.toThrow('lies in the data folder');
  await expect(backupTo(data.path, data.path)).rejects.toThrow('is not empty');
  await expect(backupTo(join(data.parent, 'nowhere'), join(data.parent, 'new'))).rejects.toThrow(
    'There is no database',
  );
  expect(entries(occupied)).toEqual(['mine']);
  expect(existsSync(join(data.parent, 'nowhere'))).toBe(false);

  // what fails under way leaves nothing
  const database = await openEmbedded(data.path, fast);
  const target = join(data.parent, 'interrupted');
  const backingUp = expect(backupTo(data.path, target)).rejects.toThrow();
  await until(() => entries(data.parent).some((name) => name.startsWith('interrupted.partial')));
  await until(
    async () =>
      (
        await sql(
          database.url,
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'backup'`,
        )
      ).length > 0,
  );
  await backingUp;
  expect(entries(data.parent).filter((name) => name.startsWith('interrupted'))).toEqual([]);
  await database.close();
});

test('the commands say what they did, and why they refuse', async () => {
  const env = { ...process.env, DATA_DIR: data.path, DATABASE_URL: '', NODE_ENV: '' };
  const target = join(data.parent, 'by command');
  expect((await command('backup', [target], env)).stdout).toMatch(
    /^Backup of .* written to .*by command: \d+ files, \d+ MB\.\n$/,
  );
  const { stdout } = await command('restore', [target], env);
  expect(stdout).toMatch(/^Restored .*\nThe former data is kept in .*postgres\.before-restore-.*\n/);

  const refusal = (name: string, args: string[], more: NodeJS.ProcessEnv = {}) =>
    command(name, args, { ...env, ...more }).then(
      () => 'it worked',
      ({ code, stdout, stderr }) => `${code} ${stdout}${stderr}`,
    );
  expect(await refusal('backup', [])).toBe('1 Usage: npm run backup -- FOLDER (a new one)\n');
  expect(await refusal('restore', ['a', 'b'])).toMatch(/^1 Usage: .*\n$/);
  const server = { DATABASE_URL: 'postgres://127.0.0.1:1/none' };
  expect(await refusal('backup', [target], server)).toMatch(/^1 DATABASE_URL is set: .*pg_dump.*\n$/);
  expect(await refusal('restore', [target], server)).toMatch(/^1 DATABASE_URL is set: .*\n$/);
});
