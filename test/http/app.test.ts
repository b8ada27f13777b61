import { serverAudits } from 'graphql-http';
import { Client } from 'pg';
import { expect, inject, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { listen } from '../../src/http/listen.ts';
import { mintToken } from '../../src/http/token.ts';
import { databaseUrl } from '../kit/database.ts';
import { createWorld, type Person, type TestWorld } from '../kit/world.ts';

const SECRET = 'a secret of thirty-two bytes, or more';

/** The whole gateway over a test world, on loopback. */
async function serve(world: TestWorld, settings: Record<string, string> = {}) {
  const config = loadConfig({ JWT_SECRET: SECRET, ...settings });
  const server = await listen(createApp({ ...world, config }).listener, '127.0.0.1', 0);
  const origin = `http://127.0.0.1:${server.port}`;
  const authorization = async ({ id, email }: Person) =>
    `Bearer ${await mintToken(config.signIn, SECRET, { id, email, externalId: null }, world.clock.now())}`;
  return {
    origin,
    authorization,
    async post(who: Person, query: string, headers: Record<string, string> = {}) {
      const response = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: await authorization(who), ...headers },
        body: JSON.stringify({ query }),
      });
      // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
      return { status: response.status, json: (await response.json()) as any };
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

test('the 61 audits of GraphQL over HTTP pass on the default settings', async () => {
  await using world = await createWorld();
  const ann = await world.person('Ann');
  await using server = await serve(world);
  const authorization = await server.authorization(ann);
  const audits = serverAudits({
    url: `${server.origin}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, { ...init, headers: { ...init.headers, authorization } }),
  });
  const results = await Promise.all(audits.map((audit) => audit.fn()));
  expect(results.filter(({ status }) => status !== 'ok').map(({ id, name }) => `${id} ${name}`)).toEqual([]);
  expect(results).toHaveLength(61);
});

test('a request acts as the user of the company that it names', async () => {
  await using world = await createWorld();
  const other = await world.company('Southside Builders');
  const ann = await world.person('Ann');
  const annThere = await world.person('Ann', { companyId: other.id });
  await using server = await serve(world);
  const who = '{ viewer { user { id } } }';
  expect((await server.post(ann, who)).json.data.viewer.user.id).toBe(ann.gid);
  expect((await server.post(ann, who, { 'x-company-id': other.gid })).json.data.viewer.user.id).toBe(annThere.gid);
  const elsewhere = await server.post(ann, who, { 'x-company-id': '0198b3c0-0000-7000-8000-000000000001' });
  expect(elsewhere).toMatchObject({ status: 401, json: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } });
  const stranger = { ...ann, email: 'stranger@example.com' };
  expect(await server.post(stranger, who)).toMatchObject({ status: 401 });
});

test('the bucket is that of the user, and the field rateLimit tells it', async () => {
  await using world = await createWorld();
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  await using server = await serve(world, { RATE_LIMIT: '10000', MAX_COST: '100' });
  const ask = '{ rateLimit { limit remaining cost } viewer { user { id } } }';
  await server.post(ann, ask);
  expect((await server.post(ann, ask)).json.data.rateLimit).toEqual({ limit: 10_000, remaining: 9_994, cost: 3 });
  expect((await server.post(bob, ask)).json.data.rateLimit.remaining).toBe(9_997);
});

test('introspection of the whole schema is cheap, within the limits, and quick however often it is asked for', async () => {
  await using world = await createWorld();
  const ann = await world.person('Ann');
  await using server = await serve(world);
  const types =
    '{ kind name description fields(includeDeprecated: true) { name description args { name description } type { name fields { name } } } }';
  const all = Array.from({ length: 5 }, (_, n) => `a${n}: __schema { types ${types} }`).join(' ');
  const { json } = await server.post(ann, `{ ${all} }`);
  expect(json.errors).toBeUndefined();
  expect(json.extensions.cost.requested).toBe(2_500);
});

test('the gateway is ready while its database answers, and again when it is back', async () => {
  await using world = await createWorld();
  const ann = await world.person('Ann');
  await using server = await serve(world);
  expect((await fetch(`${server.origin}/ready`)).status).toBe(200);
  // as when the database server goes away: connections are cut, and no new one is let in
  const name = new URL(world.url).pathname.slice(1);
  const admin = new Client({ connectionString: databaseUrl(inject('serverUrl'), 'postgres') });
  await admin.connect();
  await admin.query(`alter database ${name} with allow_connections false`);
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  expect((await fetch(`${server.origin}/ready`)).status).toBe(503);
  expect((await fetch(`${server.origin}/health`)).status).toBe(200);
  const meanwhile = await server.post(ann, '{ viewer { user { id } } }');
  expect(meanwhile).toMatchObject({
    status: 500,
    json: { errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
  });
  await admin.query(`alter database ${name} with allow_connections true`);
  await admin.end();
  expect((await fetch(`${server.origin}/ready`)).status).toBe(200);
  expect((await server.post(ann, '{ viewer { user { id } } }')).status).toBe(200);
});
