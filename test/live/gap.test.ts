import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, expect, test, vi } from 'vitest';
import { createApp } from '../../src/app.ts';
import { createOffice } from '../kit/office.ts';
import { serveOn, subscriberOf } from '../kit/subscriber.ts';

const METRICS_SECRET = 'a secret of metrics';
const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());
const office = stack.use(await createOffice({ METRICS_SECRET }));
const { tower, ada, ben, rae } = office;
const at = { projectId: tower.gid };

/** Another gateway on the same database. */
async function gateway(world = office.world) {
  const app = createApp(world);
  stack.defer(() => app.close());
  const server = stack.use(await serveOn(app.listener));
  return { app, server, hear: subscriberOf(office, server.url) };
}
const listeners = "application_name = 'gateway live' and datname = current_database()";
const listening = async () => {
  const { rows } = await office.sql<{ n: number }>`
    select count(*)::int as n from pg_stat_activity where ${office.sql.raw(listeners)}`.execute(office.db);
  return rows[0]!.n;
};
const cut = () =>
  office.sql`select pg_terminate_backend(pid) from pg_stat_activity where ${office.sql.raw(listeners)}`.execute(
    office.db,
  );

test('gateways hear of what was done through others, once somebody listens; a lost connection comes back and is told', async () => {
  const [one, other] = [await gateway(), await gateway()];
  expect(await listening()).toBe(0);
  const ears = [await one.hear(ada, at), await other.hear(rae, at), await other.hear(ben, at)];
  expect(await listening()).toBe(2);
  // through a third one, where nobody listens
  const door = await office.item(ben, { statusName: 'Open' });
  for (const ear of ears) await ear.until(1);

  await cut();
  for (const ear of ears) await ear.until(2);
  expect(await listening()).toBe(2);
  await office.update(ben, door.id, { title: 'A door' });
  for (const ear of ears) {
    await ear.until(3);
    expect(ear.told((id) => (id === door.id ? 'door' : id))).toEqual(['CREATED door', 'REFETCH', 'UPDATED door']);
    ear.stop();
  }
});

test('where no connection can be had, a stream opens all the same', async () => {
  const deaf = await gateway({ ...office.world, directUrl: 'postgres://joe:x@127.0.0.1:1/none' });
  const ear = await deaf.hear(ada, at);
  expect(ear.answers).toEqual([]);
  ear.stop();
});

test('a reader that takes nothing costs no memory, and is told that it missed something', async () => {
  const { app, server, hear } = await gateway();
  const watch = await hear(rae, at);
  const slow = connect(server.port, '127.0.0.1');
  const large = Array.from({ length: 50 }, (_, n) => `d${n}: description`).join(' ');
  const query = `subscription { itemChanged(projectId: "${tower.gid}") { kind itemId item { ${large} } } }`;
  const body = JSON.stringify({ query });
  slow.write(
    [
      ...['POST /graphql HTTP/1.1', 'host: localhost', `authorization: Bearer ${await office.token(ada)}`],
      ...['content-type: application/json', 'accept: text/event-stream', `content-length: ${body.length}`, '', body],
    ].join('\r\n'),
  );
  const kinds: string[] = [];
  let rest = '';
  slow.on('data', (data) => {
    // the end of what came before, in which a kind may have begun
    const text = rest + data;
    kinds.push(...[...text.matchAll(/"kind":"(\w+)"/g)].map(([, kind]) => kind!));
    rest = /"k(?:i|in|ind|ind"|ind":|ind":"\w*)?$/.exec(text.slice(-30))?.[0] ?? '';
  });
  await once(slow, 'data');
  slow.pause();
  const sent = async () => {
    const answer = await app.fetch(
      new Request('http://gateway.test/metrics', { headers: { authorization: `Bearer ${METRICS_SECRET}` } }),
    );
    return Number(/^gateway_stream_events_total (\d+)/m.exec(await answer.text())![1]);
  };
  // far more than sockets take in: 20 items, each a megabyte, three times
  const description = 'x'.repeat(20_000);
  const ids: string[] = [];
  for (let i = 0; i < 20; i += 1) ids.push((await office.item(ben, { statusName: 'Open', title: `${i}` })).id);
  const before = await sent();
  const dates = ['2026-05-01', '2026-05-02', '2026-05-03'];
  for (const dueDate of dates) await office.batch(ada, { ids, patch: { dueDate, description } }, 'id');
  await watch.until(80);
  // 60 for the one who watches, and those that the sockets of the slow one have
  expect((await sent()) - before).toBeLessThan(120);

  // what was ready lies for too long; the reader comes back
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 6_000);
  slow.resume();
  await vi.waitUntil(() => kinds.includes('REFETCH'), { interval: 10, timeout: 10_000 });
  vi.restoreAllMocks();
  expect(kinds.indexOf('REFETCH')).toBe(kinds.length - 1);
  await office.item(ben, { statusName: 'Open', title: 'after' });
  await vi.waitUntil(() => kinds.at(-1) === 'CREATED', { interval: 10 });

  // one that takes nothing when the gateway stops is not waited for
  slow.pause();
  await office.batch(ada, { ids, patch: { dueDate: '2026-05-04' } }, 'id');
  await watch.until(101);
  const start = performance.now();
  await app.close();
  expect(performance.now() - start).toBeLessThan(8_000);
  expect(await watch.ended).toBe('completed');
  slow.resume();
  await once(slow, 'close');
});

test('a gateway that stops ends its streams, and opens no more', async () => {
  const { app, server, hear } = await gateway();
  const ears = [await hear(ada, at), await hear(rae, at)];
  const before = await listening();
  const closing = app.close();
  for (const ear of ears) expect([await ear.ended, ...ear.told()]).toEqual(['completed']);
  await closing;
  const refused = await fetch(server.url, {
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${await office.token(ada)}`, 'content-type': 'application/json' },
      accept: 'text/event-stream',
    },
    body: JSON.stringify({ query: `subscription { itemChanged(projectId: "${tower.gid}") { kind } }` }),
  });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await listening()).toBe(before - 1);
});
