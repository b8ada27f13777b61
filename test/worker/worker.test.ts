import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, afterEach, expect, inject, test, vi } from 'vitest';
import { z } from 'zod';
import { countJobs } from '../../src/job/job.queries.ts';
import { type AnyJob, defineJob, enqueue } from '../../src/job/job.ts';
import { startWorker } from '../../src/worker/worker.ts';
import { databaseUrl } from '../kit/database.ts';
import { createWorld } from '../kit/world.ts';

const METRICS = 'a secret of metrics';
const stack = new AsyncDisposableStack();
const world = stack.use(await createWorld({ METRICS_SECRET: METRICS }));
afterAll(() => stack.disposeAsync());

const said: string[] = [];
const note = defineJob({
  name: 'note',
  lane: 'webhooks',
  payload: z.object({ say: z.string() }),
  async deed(_, { say }) {
    said.push(say);
  },
});
const poison = defineJob({
  name: 'poison',
  lane: 'webhooks',
  payload: z.unknown(),
  async deed() {
    throw new Error('never mind');
  },
});
const lastTry = { ...poison, name: 'lastTry', attempts: 1 };
const cuts: string[] = [];
const stuck = defineJob({
  name: 'stuck',
  lane: 'events',
  payload: z.unknown(),
  limitMs: 150,
  async deed(_world, _payload, signal) {
    signal!.addEventListener('abort', () => cuts.push((signal!.reason as Error).message));
    await new Promise(() => {});
  },
});
const after: AnyJob = { ...note, name: 'after', lane: 'events' };
const jobs: AnyJob[] = [note, poison, lastTry, stuck, after];
const SOON = { timeout: 10_000, interval: 20 };

const work = async (options: Parameters<typeof startWorker>[1] = {}) => {
  const worker = await startWorker(world, { jobs, lookMs: 100, pollMs: 200, ...options });
  return Object.assign(worker, { [Symbol.asyncDispose]: () => worker.close() });
};
const counts = async () =>
  Object.fromEntries((await countJobs(world.db)).map((c) => [`${c.name} ${c.state}`, c.count]));
const notes = (words: string[]) =>
  enqueue(
    world.db,
    note,
    words.map((say) => ({ payload: { say } })),
  );
afterEach(async () => {
  said.length = 0;
  cuts.length = 0;
  await sql`delete from graphile_worker._private_jobs`.execute(world.db);
});
/** The connections of workers to this database. */
const CONNECTIONS = sql`pg_stat_activity where datname = current_database() and application_name = 'gateway worker'`;
const cutConnections = () => sql`select pg_terminate_backend(pid) from ${CONNECTIONS}`.execute(world.db);

test('what always fails, what nobody knows, and what nobody can read hold up nothing, and can be seen', async () => {
  await using _worker = await work();
  await enqueue(world.db, poison, [{ payload: 1, queue: 'a' }, { payload: 2 }]);
  await enqueue(world.db, lastTry, [{ payload: null }]);
  await enqueue(world.db, { ...note, name: 'ofTomorrow' }, [{ payload: { say: 'x' } }]);
  await enqueue(world.db, note as AnyJob, [{ payload: { tell: 'x' } }, { payload: [1] }, { payload: null }]);
  await notes(['well']);
  await vi.waitFor(async () => {
    expect(said).toEqual(['well']);
    expect(await counts()).toEqual({
      'poison failing': 2,
      'lastTry given_up': 1,
      'ofTomorrow due': 1,
      'note failing': 3,
    });
  }, SOON);
  const { rows } = await sql<{ error: string }>`
    select last_error as error from graphile_worker.jobs where task_identifier = 'note'`.execute(world.db);
  expect(rows.map(({ error }) => JSON.parse(error)[0].code)).toEqual(Array(3).fill('invalid_type'));
  const headers = { authorization: `Bearer ${METRICS}` };
  const shown = await (await world.app.fetch(new Request('http://gateway.test/metrics', { headers }))).text();
  expect(shown).toContain('gateway_jobs{name="lastTry",state="given_up"} 1');
  expect(shown).toContain('gateway_jobs{name="poison",state="failing"} 2');
});

test('jobs that never end are cut, and others have their turn', async () => {
  await using _worker = await work();
  // twice as many as the lane has places
  await enqueue(
    world.db,
    stuck,
    Array.from({ length: 8 }, () => ({ payload: null })),
  );
  await enqueue(world.db, after, [{ payload: { say: 'at last' } }]);
  await vi.waitFor(() => expect(said).toEqual(['at last']), SOON);
  await vi.waitFor(async () => expect(await counts()).toEqual({ 'stuck failing': 8 }), SOON);
  expect(cuts).toEqual(Array(8).fill('stuck took longer than 0.15 s'));
});

test('a worker that is closed ends what is under way, and cuts off what does not end', async () => {
  const worker = await work({ stopMs: 200 });
  const patient = { ...stuck, limitMs: 60_000 };
  await worker.close();
  const other = await work({ stopMs: 200, jobs: [patient] });
  await enqueue(world.db, patient, [{ payload: null }]);
  await vi.waitFor(async () => expect(await counts()).toEqual({ 'stuck running': 1 }), SOON);
  const start = performance.now();
  await other.close();
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(cuts).toEqual(['stuck was cut off: the worker stops']);
  expect(await counts()).toEqual({ 'stuck failing': 1 });
  const left = async () => (await sql`select from ${CONNECTIONS}`.execute(world.db)).rows;
  await vi.waitFor(async () => expect(await left()).toEqual([]), SOON);
});

test('connections that are cut again and again lose nothing, and the workers come back by themselves', async () => {
  await using _worker = await work();
  const words = Array.from({ length: 200 }, (_, n) => `word ${n}`);
  for (let at = 0; at < words.length; at += 50) {
    await notes(words.slice(at, at + 50));
    await cutConnections();
    await new Promise((later) => setTimeout(later, 30));
  }
  await vi.waitFor(async () => expect(await counts()).toEqual({}), SOON);
  expect([...new Set(said)].sort()).toEqual(words.sort());
  // and what is new is heard of again, not only looked for
  const { rows } = await sql`select from ${CONNECTIONS} and query like 'LISTEN%'`.execute(world.db);
  expect(rows).toHaveLength(2);
});

test('a database that is away for a while is waited for', async () => {
  await using _worker = await work({ pollMs: 5_000 });
  const name = new URL(world.url).pathname.slice(1);
  const open = async (whether: boolean) => {
    const client = new Client({ connectionString: databaseUrl(inject('serverUrl'), 'postgres') });
    await client.connect();
    await client.query(`alter database ${name} with allow_connections ${whether}`);
    await client.end();
  };
  await open(false);
  try {
    await notes(['before']);
    await cutConnections();
    await notes(['meanwhile']);
    await new Promise((later) => setTimeout(later, 800));
  } finally {
    await open(true);
  }
  await vi.waitFor(() => expect([...new Set(said)].sort()).toEqual(['before', 'meanwhile']), SOON);
  await vi.waitFor(async () => expect(await counts()).toEqual({}), SOON);
});

test('what a process was at when it was killed is done by another', async () => {
  const file = fileURLToPath(new URL('./stuckWorker.ts', import.meta.url));
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [file], { env: { PATH, NODE_COMPILE_CACHE, DATABASE_URL: world.url } });
  await notes(['under way', 'under way too']);
  await enqueue(world.db, note, [
    { payload: { say: 'first of a queue' }, queue: 'q' },
    { payload: { say: 'second of a queue' }, queue: 'q' },
  ]);
  const begun: string[] = [];
  for await (const line of createInterface(child.stdout!)) if (begun.push(line) === 3) break;
  expect(await counts()).toEqual({ 'note running': 3, 'note due': 1 });
  // a worker that lives beside it leaves it alone
  await using _worker = await work();
  await new Promise((later) => setTimeout(later, 400));
  expect(said).toEqual([]);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await vi.waitFor(async () => expect(await counts()).toEqual({}), SOON);
  expect(said.sort()).toEqual(['first of a queue', 'second of a queue', 'under way', 'under way too']);
});
