import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openEmbedded } from '../../src/database/embedded.ts';
import { type DataFolder, dataFolder, isAlive, restingFolder, sql, until } from './embedded-folder.ts';

let shared: DataFolder;
beforeAll(async () => {
  shared = await restingFolder();
});
afterEach(() => shared.rest());
afterAll(() => shared[Symbol.asyncDispose]());

const fast = { durable: false };

test('a new folder gets a PostgreSQL 18 of its own, on loopback, with a password, in UTF-8', async () => {
  await using data = await dataFolder();
  const database = await openEmbedded(data.path); // durable, as in earnest
  const [row] = await sql(
    database.url,
    `select current_setting('server_version_num')::int / 10000 as major, current_setting('listen_addresses') as listen,
            current_setting('unix_socket_directories') as sockets, current_setting('fsync') as fsync, current_database(),
            pg_encoding_to_char(encoding) as encoding, datlocale, datcollate, lower('ÄÖ') as lower, 'a' > 'B' as by_code_point
       from pg_database where datname = current_database()`,
  );
  expect(row).toEqual({
    major: 18,
    listen: '127.0.0.1',
    sockets: '',
    fsync: 'on',
    current_database: 'gateway',
    encoding: 'UTF8',
    datlocale: 'C.UTF-8',
    datcollate: 'C',
    lower: 'äö',
    by_code_point: true,
  });
  expect(statSync(join(data.path, 'postgres.json')).mode & 0o777).toBe(0o600);
  expect(statSync(join(data.path, 'postgres.log')).mode & 0o777).toBe(0o600);
  const wrong = new URL(database.url);
  wrong.password = 'guess';
  await expect(sql(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
  expect(readFileSync(join(data.path, 'postgres.log'), 'utf8')).not.toContain(new URL(database.url).password);
  await database.close();
});

test('close waits until PostgreSQL has ended, and the next start finds the data and the same URL', async () => {
  const first = await openEmbedded(shared.path, fast);
  await sql(first.url, 'create table note_2 as select 1 as a');
  const pid = shared.postmaster();
  expect(isAlive(pid)).toBe(true);
  await first.close();
  await first.close(); // twice does no harm
  expect(isAlive(pid)).toBe(false);
  await until(() => !isAlive(shared.supervisor()));

  const second = await openEmbedded(shared.path, fast);
  expect(second.url).toBe(first.url);
  expect(await sql(second.url, 'select a from note_2')).toEqual([{ a: 1 }]);
  await second.close();
});

test('who comes later joins; PostgreSQL stays until the last one lets go, whoever started it', async () => {
  const starter = await shared.hold();
  const pid = shared.postmaster();
  const joined = await openEmbedded(shared.path, fast);
  const again = await openEmbedded(shared.path, fast);
  expect(joined.url).toBe(starter.url);
  expect(again.url).toBe(starter.url);
  await starter.close();
  await again.close();
  expect(await sql(joined.url, 'select 1 as a')).toEqual([{ a: 1 }]);
  expect(shared.postmaster()).toBe(pid);
  await joined.close();
  expect(isAlive(pid)).toBe(false);
});

test('two first starters at once get the same database, again and again', async () => {
  for (let i = 0; i < 4; i++) {
    await using unused = await dataFolder();
    const data = i === 0 ? unused : shared; // nothing there at all, or a database at rest
    const [one, other] = await Promise.all([data.hold(), data.hold()]);
    expect(one.url).toMatch(/^postgres:/);
    expect(other.url).toBe(one.url);
    await one.close();
    expect(await sql(other.url, 'select 1 as a')).toEqual([{ a: 1 }]);
    await other.close();
  }
});

test('opening while the last one lets go gives a database that stays', async () => {
  let former = await openEmbedded(shared.path, fast);
  for (let i = 0; i < 6; i++) {
    const closing = former.close();
    // earlier and later in what closing takes (about 40 ms): joined in time, during the stop, or started anew
    await new Promise((resolve) => setTimeout(resolve, i * 10));
    former = await openEmbedded(shared.path, fast);
    await closing;
    expect(await sql(former.url, 'select 1 as a')).toEqual([{ a: 1 }]);
  }
  await former.close();
});

test('the holder of a database can end without closing it', async () => {
  const source = new URL('../../src/database/embedded.ts', import.meta.url).href;
  const script = `import { openEmbedded } from '${source}'; await openEmbedded(process.argv[1], { durable: false }); console.log('token')`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, shared.path]);
  expect(stdout).toBe('token\n'); // nothing of PostgreSQL's words on it
  await until(() => !isAlive(shared.supervisor()) && !existsSync(join(shared.path, 'postgres', 'postmaster.pid')));
});
