import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openEmbedded } from '../../src/database/embedded.ts';
import { parseFacts } from '../../src/database/embedded-wire.ts';
import { type DataFolder, dataFolder, isAlive, restingFolder, sql, until } from './embedded-folder.ts';

let shared: DataFolder;
beforeAll(async () => {
  shared = await restingFolder();
});
afterEach(() => shared.rest());
afterAll(() => shared[Symbol.asyncDispose]());

const fast = { durable: false };
const answers = (url: string) =>
  sql(url, 'select 1').then(
    () => true,
    () => false,
  );

test('the first starter is killed, another ended by Ctrl-C in its terminal: the third one keeps the database', async () => {
  const starter = await shared.hold();
  const [typed, other] = await Promise.all([shared.hold({ detached: true }), shared.hold()]);
  const [pid, supervisor] = [shared.postmaster(), shared.supervisor()];
  await starter.kill();
  process.kill(-typed.process.pid!, 'SIGINT'); // the whole group, as a terminal does
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.kill(supervisor, signal); // as systemd does
  await new Promise((resolve) => setTimeout(resolve, 150)); // time enough to go wrong: stopping takes 40 ms
  expect(isAlive(supervisor)).toBe(true);
  expect(await answers(other.url)).toBe(true);
  expect(shared.postmaster()).toBe(pid);
  await other.close();
  expect(isAlive(pid)).toBe(false);
});

test('all holders are killed: no PostgreSQL is left, and the next start works', async () => {
  const holders = [await shared.hold(), await shared.hold()];
  await sql(holders[0]!.url, 'create table note_2 as select 1 as a');
  const [pid, supervisor] = [shared.postmaster(), shared.supervisor()];
  await Promise.all(holders.map((holder) => holder.kill()));
  await until(() => !isAlive(pid) && !isAlive(supervisor));
  const next = await openEmbedded(shared.path, fast);
  expect(await sql(next.url, 'select a from note_2')).toEqual([{ a: 1 }]);
  await next.close();
});

test('initdb is cut off, and starters are killed at any moment of the first start: the next start works', async () => {
  await using data = await dataFolder();
  mkdirSync(join(data.path, 'postgres.initdb', 'base'), { recursive: true });
  writeFileSync(join(data.path, 'postgres.initdb', 'PG_VERSION'), '18\n');
  for (const after of [40, 200, 600]) {
    const starting = data.hold();
    await new Promise((resolve) => setTimeout(resolve, after));
    await data.killHolders();
    await starting;
  }
  const next = await openEmbedded(data.path, fast);
  expect(await answers(next.url)).toBe(true);
  await next.close();
});

test('PostgreSQL is killed: it is started again for its holders, on the same port', async () => {
  const database = await openEmbedded(shared.path, fast);
  await sql(database.url, 'create table note_4 as select 1 as a');
  await sql(database.url, 'checkpoint'); // without fsync a commit alone may be lost
  const pid = shared.postmaster();
  process.kill(pid, 'SIGKILL');
  await until(async () => shared.postmaster() !== pid && (await answers(database.url)));
  expect(await sql(database.url, 'select a from note_4')).toEqual([{ a: 1 }]);
  await database.close();
});

test('the supervisor is killed: a holder starts another, and no second PostgreSQL runs on the folder', async () => {
  const holder = await shared.hold();
  const [pid, supervisor] = [shared.postmaster(), shared.supervisor()];
  process.kill(supervisor, 'SIGKILL');
  await until(async () => shared.postmaster() !== pid && (await answers(holder.url)));
  expect(isAlive(pid)).toBe(false);
  const joined = await openEmbedded(shared.path, fast);
  expect(joined.url).toBe(holder.url);
  await joined.close();
  const last = shared.postmaster();
  await holder.close();
  expect(isAlive(last)).toBe(false);
});

test('everything but PostgreSQL is killed: the next start ends it and starts it anew', async () => {
  const holder = await shared.hold();
  const [pid, supervisor] = [shared.postmaster(), shared.supervisor()];
  process.kill(holder.process.pid!, 'SIGSTOP'); // so that it does not notice
  process.kill(supervisor, 'SIGKILL');
  await holder.kill();
  expect(isAlive(pid)).toBe(true);
  const next = await openEmbedded(shared.path, fast);
  expect(isAlive(pid)).toBe(false);
  expect(await answers(next.url)).toBe(true);
  await next.close();
});

test('a stale postmaster.pid does not matter, whosever number is in it', async () => {
  await (await openEmbedded(shared.path, fast)).close();
  const file = join(shared.path, 'postgres', 'postmaster.pid');
  // somebody else's living process (in a container the same numbers come again at every start), and nobody's
  const stranger = spawn('sleep', ['60']);
  try {
    for (const pid of [stranger.pid, -stranger.pid!, 999_999_999]) {
      writeFileSync(file, `${pid}\n${shared.path}/postgres\n1700000000\n5432\n\n127.0.0.1\n  123456   789\nready   \n`);
      const database = await openEmbedded(shared.path, fast);
      expect(await answers(database.url)).toBe(true);
      await database.close();
    }
    expect(isAlive(stranger.pid!)).toBe(true);
  } finally {
    stranger.kill();
  }
  writeFileSync(file, 'hello\n');
  const database = await openEmbedded(shared.path, fast);
  expect(await answers(database.url)).toBe(true);
  await database.close();
});

test('a lost or torn postgres.json costs the password, not the data', async () => {
  const first = await openEmbedded(shared.path, fast);
  await sql(first.url, 'create table note_9 as select 1 as a');
  await first.close();
  const file = join(shared.path, 'postgres.json');
  const rubbish = '{"password":"\'","port":"x","supervisor":{"port":-1,"token":1}}';
  for (const text of ['{"passw', 'null', '[]', '""', rubbish])
    expect(parseFacts(text)).toEqual({ password: undefined, port: undefined, supervisor: undefined });
  for (const spoil of [() => rmSync(file), () => writeFileSync(file, rubbish)]) {
    spoil();
    const database = await openEmbedded(shared.path, fast);
    expect(await sql(database.url, 'select a from note_9')).toEqual([{ a: 1 }]);
    await database.close();
  }
});

test('when the former port is taken, another one is used', async () => {
  const first = await openEmbedded(shared.path, fast);
  await first.close();
  const { port } = new URL(first.url);
  const squatter = createServer().listen(Number(port), '127.0.0.1');
  const second = await openEmbedded(shared.path, fast);
  expect(new URL(second.url).port).not.toBe(port);
  expect(await answers(second.url)).toBe(true);
  await second.close();
  squatter.close();
});

test('strangers at the port of the supervisor, and one in its place, are not taken for holders or for it', async () => {
  const database = await openEmbedded(shared.path, fast);
  const { port } = JSON.parse(readFileSync(join(shared.path, 'postgres.json'), 'utf8')).supervisor;
  const hangUp = async (words: string | Buffer) => {
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk) => (heard += chunk)).on('error', () => {});
    socket.write(words);
    await new Promise((resolve) => socket.once('close', resolve));
    return heard;
  };
  expect(await hangUp('GET / HTTP/1.1\r\n\r\n')).toBe('');
  expect(await hangUp('{"token":"","folder":"","hold":true}\n')).toBe('');
  expect(await hangUp('null\n')).toBe('');
  expect(await hangUp(Buffer.alloc(300_000, 'x'))).toBe('');
  expect(await answers(database.url)).toBe(true);
  await database.close();

  await until(() => !isAlive(shared.supervisor()));
  // a program that got the port afterwards and never says a word we know
  const squatter = createServer((socket) => void socket.on('error', () => {}).end('220 hello\r\n'));
  // the port of a process that has just ended may be free a moment later
  await until(
    () =>
      new Promise<boolean>((resolve) => {
        const failed = () => resolve(false);
        squatter.once('error', failed).listen(port, '127.0.0.1', () => resolve(true));
      }),
  );
  const next = await openEmbedded(shared.path, fast);
  expect(await answers(next.url)).toBe(true);
  await next.close();
  squatter.close();
});

test('a copy of a folder in use is another database', async () => {
  await using copy = await dataFolder();
  const database = await openEmbedded(shared.path, fast);
  cpSync(shared.path, copy.path, { recursive: true });
  const other = await openEmbedded(copy.path, fast);
  expect(new URL(other.url).port).not.toBe(new URL(database.url).port);
  await sql(other.url, 'create table note_12 as select 1 as a');
  await expect(sql(database.url, 'select a from note_12')).rejects.toThrow('does not exist');
  await other.close();
  expect(await answers(database.url)).toBe(true);
  await database.close();
});

test('a PostgreSQL that cannot start says why', async () => {
  await (await openEmbedded(shared.path, fast)).close();
  const version = join(shared.path, 'postgres', 'PG_VERSION');
  writeFileSync(version, '17\n');
  await expect(openEmbedded(shared.path, fast)).rejects.toThrow(/did not start: FATAL: .*incompatible/);
  writeFileSync(version, '18\n');
  const database = await openEmbedded(shared.path, fast); // the failure left nothing behind
  await database.close();
});
