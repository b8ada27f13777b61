import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { Client } from 'pg';
import pino from 'pino';
import { afterAll, expect, inject, test } from 'vitest';
import { type Db, openOrm, readingOf } from '../../src/database/orm.ts';
import { openReplicas } from '../../src/database/replica.ts';
import { createPrimary, type Replica, run } from '../kit/replica.ts';

// one primary with two replicas for all tests: each leaves them as they were, but for the last
const stack = new AsyncDisposableStack();
const primary = stack.use(await createPrimary());
await run(primary.url, 'create table notes (words text)');
const [first, second] = [await primary.replica(), await primary.replica()];
afterAll(() => stack.disposeAsync());

/** What a process makes of these replicas (of the first, unless told otherwise) when it has found them well. */
async function openProcess(standbys: Replica[] = [first], { maxLagMs = 60_000 } = {}) {
  const stack = new AsyncDisposableStack();
  // whatever a test did to them
  for (const standby of standbys) stack.defer(() => standby.resume().catch(() => {}));
  const orm = stack.adopt(await openOrm(primary.url, { poolSize: 2 }), (opened) => opened.close(true));
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line) => lines.push(line) });
  const urls = standbys.map(({ url }) => url);
  const options = { poolSize: 2, maxLagMs, log };
  const replicas = stack.adopt(await openReplicas(primary.url, urls, options), (opened) => opened.close());
  const db = readingOf(orm);
  await until(() => lines.length === standbys.length);
  return {
    lines,
    said: () => lines.map((line) => JSON.parse(line).msg.replace('the replica is ', '')),
    lagging: (needs: string | bigint = 0n) => replicas.lagging(db, BigInt(needs)),
    where: (needs: string | bigint = 0n) => serverOf(replicas.lagging(db, BigInt(needs)).db),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Writes a line and gives the transaction that did. */
async function write(words: string): Promise<string> {
  const [row] = await run(
    primary.url,
    `insert into notes values ('${words}') returning pg_current_xact_id()::text as id`,
  );
  return String(row!.id);
}

/** Where a query is answered. */
async function serverOf(db: Db): Promise<'primary' | number> {
  const { rows } = await sql<{ standby: boolean; port: number }>`
    select pg_is_in_recovery() as standby, inet_server_port() as port`.execute(db);
  return rows[0]!.standby ? rows[0]!.port : 'primary';
}

const portOf = ({ url }: { url: string }): number => Number(new URL(url).port);

/** Waits until something is so: at most ten seconds. */
async function until(isSo: () => unknown): Promise<void> {
  for (const giveUpAt = Date.now() + 10_000; !(await isSo()); await sleep(20)) {
    if (Date.now() > giveUpAt) throw new Error('It has not become so in ten seconds.');
  }
}

test('a replica is read when it has shown that it follows, and an answer is never older than the lag that is allowed', async () => {
  await using process = await openProcess([first], { maxLagMs: 1_000 });
  const { where, said } = process;
  const count = async (): Promise<number> =>
    (await sql<{ n: number }>`select count(*)::int as n from notes`.execute(process.lagging().db)).rows[0]!.n;
  expect(said()).toEqual(['read']);
  expect(await where()).toBe(portOf(first));
  await first.caughtUp();
  await first.pause();
  const before = await count();
  await write('later');
  const written = performance.now();
  let stale = 0;
  for (let asked = written; (await count()) === before; asked = performance.now(), await sleep(2))
    stale = asked - written;
  expect(stale).toBeLessThan(1_000);
  // nothing has to happen for one that stands still to be too old
  await until(() => said().length === 2);
  expect(said()).toEqual(['read', 'not read: behind']);
  expect(await where()).toBe('primary');
  await first.resume();
  await until(() => said().length === 3);
  expect(await where()).toBe(portOf(first));
});

test('who needs a transaction that a replica has not carried out reads the primary', async () => {
  await using process = await openProcess();
  const { where } = process;
  await first.pause();
  const mine = await write('mine');
  // longer than from one look to the next
  for (let n = 0; n < 6; n += 1, await sleep(60)) {
    expect(await where(mine)).toBe('primary');
    // others still read the replica
    expect(await where()).toBe(portOf(first));
  }
  await first.resume();
  await until(async () => (await where(mine)) === portOf(first));

  // an older transaction that is still under way: only those before it are surely all there
  const slow = new Client({ connectionString: primary.url });
  await slow.connect();
  await slow.query('begin');
  await slow.query(`insert into notes values ('slow')`);
  const next = await write('next');
  await first.caughtUp();
  await sleep(300);
  expect(await where(next)).toBe('primary');
  expect(await where(mine)).toBe(portOf(first));
  await slow.query('commit');
  await slow.end();
  await until(async () => (await where(next)) === portOf(first));
});

test('what a request reads never goes back in time', async () => {
  await using process = await openProcess([first, second]);
  const { lagging, where } = process;
  // requests take turns at the replicas
  expect(new Set([await where(), await where()])).toEqual(new Set([portOf(first), portOf(second)]));
  // each stays at the one where it began
  const request = lagging();
  const began = await serverOf(request.db);
  for (let n = 0; n < 6; n += 1) expect(await serverOf(request.db)).toBe(began);
  // and at the primary once it has gone over
  request.catchUp();
  for (let n = 0; n < 6; n += 1) expect(await serverOf(request.db)).toBe('primary');
  const [one, other] = began === portOf(first) ? [first, second] : [second, first];
  const kept = [lagging(), lagging()];
  await one.signal('SIGKILL');
  expect(new Set(await Promise.all(kept.map(({ db }) => serverOf(db))))).toEqual(new Set(['primary', portOf(other)]));
  await one.start();
});

test('a replica that dies takes no request with it, and is read again when it is back', async () => {
  await using process = await openProcess();
  const { where, lagging, said, lines } = process;
  const underWay = Array.from({ length: 4 }, () => sql`select pg_sleep(0.2)`.execute(lagging().db));
  await sleep(50);
  await first.signal('SIGKILL');
  await Promise.all(underWay);
  for (let n = 0; n < 20; n += 1) expect(await where()).toBe('primary');
  await until(() => said().at(-1) === 'not read: gone');
  await sleep(400);
  // told once, however often it was looked for
  expect(said().slice(-2)).toEqual(['read', 'not read: gone']);
  expect(lines.join()).not.toContain(new URL(first.url).password);
  await first.start();
  await until(async () => (await where()) === portOf(first));
});

test('a replica that falls silent holds nobody up for long', async () => {
  await using process = await openProcess();
  const { where, lagging } = process;
  await first.signal('SIGSTOP');
  const started = performance.now();
  // asked before it is known that nobody answers there, over a connection that is open and over one that is not
  const asked = [lagging(), lagging(), lagging()].map(({ db }) => serverOf(db));
  expect(await Promise.all(asked)).toEqual(['primary', 'primary', 'primary']);
  expect(performance.now() - started).toBeLessThan(8_000);
  expect(await where()).toBe('primary');
  await first.signal('SIGCONT');
  await until(async () => (await where()) === portOf(first));
});

test('what a replica refuses is asked of the primary; what is wrong is wrong there too; nothing is written', async () => {
  await using process = await openProcess();
  const { where, lagging } = process;
  // a statement that only the primary carries out
  const { rows } = await sql<{ id: string }>`select pg_current_xact_id()::text as id`.execute(lagging().db);
  expect(Number(rows[0]!.id)).toBeGreaterThan(0);
  await expect(sql`select 1 / 0`.execute(lagging().db)).rejects.toThrow('division by zero');
  // neither tells against the replica
  expect(await where()).toBe(portOf(first));
  await expect(
    lagging()
      .db.transaction()
      .execute(async () => 1),
  ).rejects.toThrow('for reading');
});

test('strangers are not taken for replicas: another server, another database, the primary itself, and who is not there', async () => {
  const elsewhere = new URL(first.url);
  elsewhere.pathname = '/postgres';
  const urls = [inject('serverUrl'), primary.url, elsewhere.href, 'postgres://joe:secret@127.0.0.1:1/none'];
  await using process = await openProcess(urls.map((url) => ({ ...first, url })));
  const strange = 'not read: not a replica of this database';
  expect(process.said().sort()).toEqual(['not read: gone', strange, strange, strange]);
  expect(process.lines.join()).not.toContain('secret');
  for (let n = 0; n < 8; n += 1) expect(await process.where()).toBe('primary');
});

test('a replica that became a server of its own is left', async () => {
  await using process = await openProcess([second]);
  await second.caughtUp();
  await second.promote();
  await until(() => process.said().at(-1) === 'not read: not a replica of this database');
  await run(second.url, `insert into notes values ('astray')`);
  const { rows } = await sql`select from notes where words = 'astray'`.execute(process.lagging().db);
  expect(rows).toEqual([]);
});
