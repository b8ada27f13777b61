import { afterAll, expect, test, vi } from 'vitest';
import { createApp } from '../../src/app.ts';
import { linkAnswerers } from '../../src/http/linkAnswerers.ts';
import { createOffice } from '../kit/office.ts';
import { serveOn, subscribe, subscriberOf } from '../kit/subscriber.ts';
import type { Person } from '../kit/world.ts';

const METRICS_SECRET = 'a secret of metrics';
const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());
const office = stack.use(await createOffice({ MAX_STREAMS: '2', METRICS_SECRET }));
const server = stack.use(await serveOn(office.app.listener));
// the same, which looks at those who listen all the time
const watchful = createApp(office.world, linkAnswerers, 20);
stack.defer(() => watchful.close());
const watching = stack.use(await serveOn(watchful.listener));
const { tower, ada, ben, rae } = office;
const at = { projectId: tower.gid };
const hear = subscriberOf(office, server.url);

const metric = async (name: string) => {
  const answer = await office.app.fetch(
    new Request('http://gateway.test/metrics', { headers: { authorization: `Bearer ${METRICS_SECRET}` } }),
  );
  return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(await answer.text())![1]);
};
const noneOpen = () => vi.waitUntil(async () => (await metric('gateway_streams')) === 0, { interval: 10 });

const CREATE_KEY = `mutation ($input: CreateApiKeyInput!) {
  createApiKey(input: $input) { apiKey { id } secret userErrors { message } }
}`;
const REVOKE_KEY = 'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { userErrors { message } } }';

/** A stream that somebody opens by an API key of theirs, and how to end the key. */
async function byKey(who: Person, url: string, expiresAt?: string) {
  const { createApiKey } = await office.get(who, CREATE_KEY, { input: { name: 'screen', expiresAt } });
  const { apiKey, secret } = createApiKey;
  return {
    ear: await subscribe(url, { authorization: `Bearer ${secret}` }, at),
    revoke: () => office.get(who, REVOKE_KEY, { input: { id: apiKey.id } }),
  };
}
const setActive = (who: Person, active: boolean) =>
  office.sql`update users set active = ${active} where id = ${who.id}`.execute(office.db);

test('a stream ends at the first change after its key, its user or its token has; others hear on', async () => {
  const kim = await office.person('Kim');
  await office.grant(kim, tower, office.review, 'ADMIN');
  const { ear: keyed, revoke } = await byKey(ben, server.url);
  const { ear: brief } = await byKey(ben, server.url, new Date(office.clock.now().getTime() + 3_600_000).toISOString());
  const [gone, stays] = [await hear(kim, at), await byKey(rae, server.url)];
  await office.item(ada, { statusName: 'Open' });
  for (const ear of [keyed, brief, gone]) await ear.until(1);
  await revoke();
  await setActive(kim, false);
  office.clock.advance(3_700_000);
  await office.item(ada, { statusName: 'Open' });
  for (const ear of [keyed, brief, gone]) {
    expect(await ear.ended).toBe('completed');
    expect(ear.told().map((told) => told.split(' ').slice(0, 2).join(' '))).toEqual([
      expect.stringMatching(/^CREATED/),
      '! UNAUTHENTICATED',
    ]);
  }
  expect(keyed.answers[1]!.errors![0].message).toBe('This sign-in is not good any more.');
  await stays.ear.until(2);
  const token = await hear(ada, at);
  office.clock.advance(13 * 3_600_000);
  await office.item(ben, { statusName: 'Open' });
  expect(await token.ended).toBe('completed');
  expect(token.answers).toMatchObject([{ errors: [{ message: 'The token has expired: get a new one.' }] }]);
  await stays.ear.until(3);
  stays.ear.stop();
  await noneOpen();
});

test('where nothing changes it ends at the next beat, which is one statement for all', async () => {
  const lia = await office.person('Lia');
  await office.grant(lia, tower, office.review, 'READ_ONLY');
  const { ear: keyed, revoke } = await byKey(ben, watching.url);
  const other = subscriberOf(office, watching.url);
  const [gone, late] = [await other(lia, at), await other(ada, at)];
  const { ear: stays } = await byKey(rae, watching.url);
  // somebody who was let in again was never gone; a key that was not used is as good as one that was
  const before = office.statements.count;
  await vi.waitUntil(() => office.statements.count >= before + 3, { interval: 5 });
  expect(new Set(office.statements.texts.slice(before).map((text) => text.trim().split('\n')[0])).size).toBe(1);
  await revoke();
  await setActive(lia, false);
  for (const ear of [keyed, gone]) expect([await ear.ended, ...ear.told()]).toEqual(['completed', '! UNAUTHENTICATED']);
  office.clock.advance(13 * 3_600_000);
  expect([await late.ended, ...late.told()]).toEqual(['completed', '! UNAUTHENTICATED']);
  await office.item(ben, { statusName: 'Open' });
  await stays.until(1);
  stays.stop();
});

test('a user has so many streams at once, wherever they go; who leaves makes room', async () => {
  const open = await Promise.all([hear(ada, at), hear(ada, at), hear(ada, at), hear(ben, at)]);
  expect(await metric('gateway_streams')).toBe(3);
  const refused = await Promise.race(open.slice(0, 3).map(async (ear) => ({ ear, end: await ear.ended })));
  expect((refused.end as { error: { response: Response } }).error.response.status).toBe(429);
  const said = await fetch(server.url, {
    method: 'POST',
    headers: { ...(await headersOf(ada)), accept: 'text/event-stream' },
    body: JSON.stringify({ query: `subscription { itemChanged(projectId: "${tower.gid}") { kind } }` }),
  });
  expect([said.status, said.headers.get('retry-after')]).toEqual([429, '30']);
  expect(await said.text()).toMatch(/You have 2 streams open already.*"code":"RATE_LIMITED"/);
  for (const ear of open) ear.stop();
  await noneOpen();
  const again = await hear(ada, at);
  await office.item(ben, { statusName: 'Open' });
  await again.until(1);
  again.stop();
  await noneOpen();
});

const headersOf = async (who: Person) => ({
  authorization: `Bearer ${await office.token(who)}`,
  'content-type': 'application/json',
});

test('whoever leaves at once leaves nothing behind', async () => {
  const body = JSON.stringify({ query: `subscription { itemChanged(projectId: "${tower.gid}") { kind } }` });
  const headers = { ...(await headersOf(rae)), accept: 'text/event-stream' };
  for (const ms of [0, 1, 2, 3, 5, 8]) {
    const leaving = new AbortController();
    const asked = fetch(server.url, { method: 'POST', headers, body, signal: leaving.signal }).catch(() => {});
    await new Promise((later) => setTimeout(later, ms));
    leaving.abort();
    await asked;
  }
  await noneOpen();
});
