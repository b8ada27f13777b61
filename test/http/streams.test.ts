import { afterAll, expect, test, vi } from 'vitest';
import { startTiny } from './tinyServer.ts';

const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());
const server = stack.use(await startTiny({ RATE_LIMIT: '10000', MAX_COST: '500' }));
const TICKS = 'subscription { ticks }';

/** The events of an answer, as `name data`. */
async function eventsOf(answer: Response): Promise<string[]> {
  return (await answer.text())
    .split('\n\n')
    .map((event) => event.split('\n').filter((line) => !line.startsWith(':') && line !== ''))
    .filter((lines) => lines.length > 0)
    .map((lines) =>
      lines
        .map((line) => line.replace(/^\w+: ?/, ''))
        .join(' ')
        .trim(),
    );
}
const asked = (query: string, { headers = {}, ...init }: RequestInit & { headers?: Record<string, string> } = {}) =>
  fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.token}`, ...headers },
    body: JSON.stringify({ query }),
    ...init,
  });
const EVENTS = { accept: 'text/event-stream' };

test('a subscription is a stream of events that nothing on the way keeps back, and accidents in it are masked', async () => {
  const answer = await asked(TICKS, { headers: EVENTS });
  expect([
    answer.status,
    ...['content-type', 'cache-control', 'x-accel-buffering'].map((name) => answer.headers.get(name)),
  ]).toEqual([...[200, 'text/event-stream', expect.stringContaining('no-store, no-transform'), 'no']]);
  const [first, second, ...rest] = await eventsOf(answer);
  expect(first).toBe('next {"data":{"ticks":1}}');
  expect(second).not.toContain('swordfish');
  const { errors } = JSON.parse(second!.slice('next '.length));
  expect(errors).toMatchObject([{ path: ['ticks'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
  expect(server.logged.find(({ id }) => id === errors[0].extensions.id)!.err!.message).toContain('swordfish');
  expect(rest).toEqual(['next {"data":{"ticks":3}}', 'complete']);
});

test('it can be asked for by GET, and by whoever takes anything; who takes no events is refused', async () => {
  const get = await fetch(`${server.url}?query=${encodeURIComponent(TICKS)}`, {
    headers: { authorization: `Bearer ${server.token}`, ...EVENTS },
  });
  expect((await eventsOf(get)).length).toBe(4);
  for (const accept of ['*/*', 'application/json, text/event-stream;q=0.5']) {
    const answer = await asked(TICKS, { headers: { accept } });
    expect([accept, answer.status, (await eventsOf(answer)).length]).toEqual([accept, 200, 4]);
  }
  for (const accept of ['application/json', 'application/graphql-response+json', 'multipart/mixed']) {
    const answer = await asked('subscription { silence }', { headers: { accept } });
    expect([accept, answer.status]).toEqual([accept, 406]);
    if (accept !== 'multipart/mixed')
      expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  }
  expect(server.state.listening).toBe(0);
});

test('what cannot be subscribed to is told as an event, and so are queries for whoever wants events', async () => {
  const refused = await asked('subscription { refused }', { headers: EVENTS });
  expect(await eventsOf(refused)).toEqual([
    expect.stringMatching(/^next .*There is no such thing.*"BAD_USER_INPUT"/),
    'complete',
  ]);
  const invalid = await asked('subscription { tocks }', { headers: EVENTS });
  expect([invalid.status, ...(await eventsOf(invalid))]).toEqual([
    200,
    expect.stringContaining('Cannot query field'),
    'complete',
  ]);
  const nobody = await asked(TICKS, { headers: { ...EVENTS, authorization: 'Bearer x.y.z' } });
  expect([nobody.status, await nobody.text()]).toEqual([401, expect.stringContaining('UNAUTHENTICATED')]);
  const query = await asked('{ hello }', { headers: EVENTS });
  expect(await eventsOf(query)).toEqual([expect.stringContaining('"hello":"Hello you"'), 'complete']);
});

test('whoever leaves ends what they listened to', async () => {
  const leaving = new AbortController();
  const answer = await asked('subscription { silence }', { headers: EVENTS, signal: leaving.signal });
  await answer.body!.getReader().read();
  expect(server.state.listening).toBe(1);
  leaving.abort();
  await vi.waitUntil(() => server.state.listening === 0, { interval: 5 });
});

test('a stream is paid for once, when it opens; one that is too dear does not', async () => {
  const left = async () => Number((await asked('{ hello }')).headers.get('ratelimit-remaining'));
  const pages = (first: number) =>
    asked(`subscription { pages(first: ${first}) { nodes { id } } }`, { headers: EVENTS });
  const before = await left();
  expect((await eventsOf(await pages(99))).length).toBe(4);
  expect(before - (await left())).toBe(100);
  const dear = await asked(
    'subscription { pages(first: 100) { nodes { self { self { self { self { self { id } } } } } } } }',
    {
      headers: EVENTS,
    },
  );
  expect(await eventsOf(dear)).toEqual([expect.stringContaining('QUERY_TOO_COSTLY'), 'complete']);
  while ((await pages(99)).status === 200);
  const refused = await pages(99);
  expect([refused.status, await refused.text()]).toEqual([429, expect.stringContaining('RATE_LIMITED')]);
});
