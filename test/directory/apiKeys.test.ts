import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashOfSecret, isSecret, newSecret, prefixOf } from '../../src/directory/apiKey.policy.ts';
import { type Answer, createWorld, type Person, type TestWorld, type Thing } from '../kit/world.ts';

const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  secret apiKey { id name prefix expiresAt revokedAt lastUsedAt user { name } } userErrors { code message path }
} }`;
const REVOKE = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) {
  apiKey { id revokedAt } userErrors { code path }
} }`;
const KEYS = 'query ($id: ID!) { company(id: $id) { apiKeys { id name user { name } revokedAt } } }';
const WHO = '{ viewer { user { name } companies { name } } }';

let world: TestWorld;
let south: Thing;
let ada: Person;
let mia: Person;
let max: Person;
let robot: Person;
let idle: Person;
let southerner: Person;

beforeAll(async () => {
  world = await createWorld({ RATE_LIMIT: '10000' });
  south = await world.company('Southside');
  [ada, mia, max] = [
    await world.person('Ada Admin', { admin: true }),
    await world.person('Mia Member'),
    await world.person('Max Member'),
  ];
  robot = await world.person('Robot', { service: true });
  idle = await world.person('Idle Robot', { service: true, active: false });
  southerner = await world.person('Mia Member', { companyId: south.id, admin: true });
});
afterAll(() => world[Symbol.asyncDispose]());

/** What somebody's createApiKey answers. */
const create = async (who: Person, input: object = {}) =>
  (await world.get(who, CREATE, { input: { name: 'Night run', ...input } })).createApiKey;
/** A new key of somebody that must be made. */
async function keyOf(who: Person, input: object = {}, by = who) {
  const { secret, apiKey, userErrors } = await create(by, { userId: who.gid, ...input });
  expect(userErrors).toEqual([]);
  return { secret: secret as string, id: apiKey.id as string };
}
const revoke = async (who: Person, id: string) => (await world.get(who, REVOKE, { input: { id } })).revokeApiKey;

/** Asks with a bearer token as it stands. */
async function askWith(secret: string, query = WHO, { company = '', variables = {} } = {}) {
  const response = await world.app.fetch(
    new Request('http://gateway.test/graphql', {
      method: 'POST',
      headers: {
        ...{ authorization: `Bearer ${secret}`, 'content-type': 'application/json', accept: 'application/json' },
        ...(company && { 'x-company-id': company }),
      },
      body: JSON.stringify({ query, variables }),
    }),
  );
  const answer = (await response.json()) as Answer;
  return { status: response.status, headers: response.headers, ...answer };
}
const refusal = async (secret: string, company = '') => {
  const { status, data, errors } = await askWith(secret, WHO, { company });
  return [status, data ?? null, errors?.[0].extensions.code, errors?.[0].message];
};
const NO_GOOD = [
  401,
  null,
  'UNAUTHENTICATED',
  'This API key is not good: it is wrong, expired or revoked, or its user is not active.',
];

test('a secret is known by its mark, and a slip of the hand by its last digits', () => {
  const secret = newSecret();
  expect(secret).toMatch(/^cg_[0-9A-Za-z]{46}$/);
  expect(isSecret(secret)).toBe(true);
  for (let at = 0; at < secret.length; at += 1) {
    const other = secret[at] === 'x' ? 'y' : 'x';
    expect(isSecret(secret.slice(0, at) + other + secret.slice(at + 1)), `digit ${at}`).toBe(false);
  }
  for (const wrong of [secret.slice(0, -1), `${secret}0`, `${secret}\n`, 'cg_', ''])
    expect(isSecret(wrong)).toBe(false);
  expect(new Set(Array.from({ length: 200 }, newSecret)).size).toBe(200);
});

test('a key signs in as its one user, for the company of that user alone', async () => {
  const { secret, apiKey } = await create(mia, { expiresAt: '2026-12-31T00:00:00Z' });
  expect(apiKey).toMatchObject({
    ...{ name: 'Night run', prefix: secret.slice(0, 11), user: { name: 'Mia Member' } },
    ...{ expiresAt: '2026-12-31T00:00:00.000Z', revokedAt: null, lastUsedAt: null },
  });
  const me = { viewer: { user: { name: 'Mia Member' }, companies: [{ name: 'Northside Builders' }] } };
  for (const company of ['', world.home.id, world.home.gid])
    expect((await askWith(secret, WHO, { company })).data).toEqual(me);
  for (const company of [south.id, south.gid, 'rubbish'])
    expect(await refusal(secret, company)).toEqual([
      ...[401, null, 'UNAUTHENTICATED', 'This API key acts for another company than the one in X-Company-Id.'],
    ]);
});

test('a service user signs in by API key only', async () => {
  const { secret } = await keyOf(robot, {}, ada);
  expect((await askWith(secret)).data.viewer.user.name).toBe('Robot');
  expect(await refusal(await world.token(robot))).toEqual([
    ...[401, null, 'UNAUTHENTICATED', 'No active user matches this sign-in.'],
  ]);
  // and makes the next one by itself, before this one ends
  const next = await askWith(secret, CREATE, { variables: { input: { name: 'Next year' } } });
  expect((await askWith(next.data.createApiKey.secret)).data.viewer.user.name).toBe('Robot');
});

test('everybody makes keys for themself, company admins for service users too', async () => {
  const faults = async (who: Person, input: object) =>
    (await create(who, input)).userErrors.map(({ code, message, path }: never) => [code, message, path]);
  const forPeople = 'You can make API keys for yourself; for service users company admins can.';
  expect(await faults(mia, { userId: max.gid })).toEqual([['FORBIDDEN', forPeople, ['userId']]]);
  expect(await faults(mia, { userId: robot.gid })).toEqual([['FORBIDDEN', forPeople, ['userId']]]);
  expect(await faults(ada, { userId: mia.gid })).toEqual([
    ['FORBIDDEN', 'Only Mia Member can make API keys for Mia Member, who is no service user.', ['userId']],
  ]);
  expect(await faults(ada, { userId: idle.gid })).toMatchObject([
    ['NOT_SELECTABLE', expect.stringMatching(/not active/), ['userId']],
  ]);
  for (const userId of [southerner.gid, world.home.gid, 'rubbish'])
    expect(await faults(ada, { userId })).toMatchObject([['NOT_FOUND', expect.stringMatching(/no User/), ['userId']]]);
  expect(await faults(mia, { name: ' ', expiresAt: '2026-03-01T00:00:00Z' })).toMatchObject([
    ['REQUIRED', 'The name is missing.', ['name']],
    ['INVALID', 'The key would never be good: 2026-03-01T00:00:00.000Z has passed.', ['expiresAt']],
  ]);
  expect(await faults(mia, { name: 'x'.repeat(256) })).toMatchObject([
    ['TOO_LONG', expect.stringMatching(/256/), ['name']],
  ]);
});

test('a key that is wrong, revoked or expired, or whose user is not active, is refused in the same words', async () => {
  const [good, revoked, expiring, doomed] = [
    await keyOf(mia),
    await keyOf(mia),
    await keyOf(mia, { expiresAt: '2026-03-03T00:00:00Z' }),
    await keyOf(max),
  ];
  for (const { secret } of [good, revoked, expiring, doomed]) expect((await askWith(secret)).status).toBe(200);
  await revoke(mia, revoked.id);
  await world.sql`update users set active = false where id = ${max.id}`.execute(world.db);
  world.clock.set('2026-03-03T00:00:00Z');
  const before = world.statements.count;
  const cut = [good.secret.slice(0, -1), `${good.secret.slice(0, -1)}~`, 'cg_', `cg_${'0'.repeat(46)}`];
  for (const secret of cut) expect(await refusal(secret)).toEqual(NO_GOOD);
  expect(world.statements.count, 'typing errors do not reach the database').toBe(before);
  for (const secret of [newSecret(), revoked.secret, expiring.secret, doomed.secret])
    expect(await refusal(secret)).toEqual(NO_GOOD);
  expect((await askWith(good.secret)).status).toBe(200);
  await world.sql`update users set active = true where id = ${max.id}`.execute(world.db);
  expect((await askWith(doomed.secret)).status).toBe(200);
});

test('keys are seen and ended by their owner and by company admins; a secret is shown once and kept nowhere', async () => {
  const { id, secret } = await keyOf(max, { name: 'Of Max' });
  const names = async (who: Person) =>
    (await world.get(who, KEYS, { id: world.home.gid })).company.apiKeys.map(
      ({ name, user }: { name: string; user: { name: string } }) => `${name} ${user.name}`,
    );
  expect((await names(max))[0]).toBe('Of Max Max Member');
  expect((await names(ada))[0]).toBe('Of Max Max Member');
  expect(await names(mia)).not.toContain('Of Max Max Member');
  const node = async (who: Person) =>
    (await world.get(who, 'query ($id: ID!) { node(id: $id) { ... on ApiKey { name } } }', { id })).node;
  expect([await node(max), await node(ada), await node(mia), await node(southerner)]).toEqual([
    ...[{ name: 'Of Max' }, { name: 'Of Max' }, null, null],
  ]);
  for (const stranger of [mia, southerner])
    expect((await revoke(stranger, id)).userErrors).toEqual([{ code: 'NOT_FOUND', path: ['id'] }]);
  const { apiKey } = await revoke(ada, id);
  expect(apiKey.revokedAt).toEqual(expect.any(String));
  expect((await revoke(max, id)).apiKey).toEqual(apiKey);
  expect(await refusal(secret)).toEqual(NO_GOOD);
  // other companies tell nothing, not even that there are none
  await world.person('Ada Admin', { companyId: south.id });
  const { viewer } = await world.get(ada, '{ viewer { companies { name apiKeys { id } } } }');
  expect(viewer.companies[1]).toEqual({ name: 'Southside', apiKeys: null });

  const { rows } = await world.sql<{ kept: string }>`select api_keys::text as kept from api_keys
    where secret_hash = ${hashOfSecret(secret)}`.execute(world.db);
  expect(rows).toHaveLength(1);
  expect(rows[0]!.kept).not.toContain(secret.slice(prefixOf(secret).length));
});

test('its use is noted once a minute, and costs requests nothing', async () => {
  const { id, secret } = await keyOf(mia);
  const used = async () =>
    (await world.get(mia, 'query ($id: ID!) { node(id: $id) { ... on ApiKey { lastUsedAt } } }', { id })).node
      .lastUsedAt;
  const noted = () => expect.poll(used).toBeTruthy();
  await Promise.all(Array.from({ length: 5 }, () => askWith(secret)));
  await noted();
  const first = await used();
  world.clock.advance(50_000);
  const before = world.statements.count;
  const by = { variables: { id: world.home.gid } };
  await askWith(secret, KEYS, by);
  const [byKey, between] = [world.statements.count - before, world.statements.count];
  await askWith(await world.token(mia), KEYS, by);
  const byToken = world.statements.count - between;
  expect([byKey, await used()]).toEqual([byToken, first]);
  world.clock.advance(10_000);
  await askWith(secret);
  await expect.poll(used).not.toBe(first);
  // what cannot be noted keeps nobody out
  world.clock.advance(61_000);
  await world.sql`alter table api_keys add constraint stuck check (last_used_at is null) not valid`.execute(world.db);
  expect((await askWith(secret)).status).toBe(200);
  await world.sql`alter table api_keys drop constraint stuck`.execute(world.db);
});

test('what counts for a user counts for all their keys: the rate limit, idempotency keys, the number of keys', async () => {
  const ron = await world.person('Ron Repeater');
  const tower = await world.project('Tower');
  const review = await world.tool('Design Review', [tower]);
  await world.grant(ron, tower, review, 'STANDARD');
  const keys = [await keyOf(ron), await keyOf(ron)];
  const CREATE_ITEM = `mutation ($input: CreateItemInput!) { createItem(input: $input) { item { id } userErrors { code } } }`;
  const input = { projectId: tower.gid, genericToolId: review.gid, item: { title: 'Lintel' }, idempotencyKey: 'once' };
  const [one, two] = await Promise.all(
    keys.map(({ secret }) => askWith(secret, CREATE_ITEM, { variables: { input } })),
  );
  expect(one!.data.createItem).toMatchObject({ item: { id: expect.any(String) }, userErrors: [] });
  expect(two!.data).toEqual(one!.data);
  const remaining = async (secret: string) => Number((await askWith(secret)).headers.get('ratelimit-remaining'));
  const left = await remaining(keys[0]!.secret);
  expect(await remaining(keys[1]!.secret)).toBeLessThan(left);

  // twenty at most, however they are asked for; revoked ones make room, and the latest fifty of them are kept
  const made = await Promise.all(Array.from({ length: 22 }, () => create(ron)));
  expect(made.filter(({ secret }) => secret)).toHaveLength(18);
  expect(made.find(({ secret }) => !secret)).toMatchObject({
    apiKey: null,
    userErrors: [{ code: 'TOO_MANY', path: [] }],
  });
  await world.sql`insert into api_keys select gen_random_uuid(), company_id, created_at, updated_at, user_id, name, prefix,
    secret_hash || n, null, created_at, null from api_keys, generate_series(1, 60) n where secret_hash = ${hashOfSecret(keys[0]!.secret)}`.execute(
    world.db,
  );
  await revoke(ron, keys[0]!.id);
  expect((await create(ron)).userErrors).toEqual([]);
  const { apiKeys } = (await world.get(ron, KEYS, { id: world.home.gid })).company;
  expect(apiKeys.filter(({ revokedAt }: { revokedAt: string | null }) => revokedAt)).toHaveLength(50);
  expect(apiKeys).toHaveLength(70);
});
