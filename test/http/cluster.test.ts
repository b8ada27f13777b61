import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { CompiledQuery } from 'kysely';
import { afterAll, expect, inject, test, vi } from 'vitest';
import { mintToken } from '../../src/http/token.ts';
import { freshDatabase } from '../kit/database.ts';
import { startBalancer, startGateway } from '../kit/gateway.ts';
import { createOffice, type Payload } from '../kit/office.ts';
import type { Person } from '../kit/world.ts';

const SECRET = 'a secret that both processes know, 32 bytes or more';

type Gateway = Awaited<ReturnType<typeof startGateway>>;

// two gateways as processes of their own on one database, for all tests; each test has a company of its own there
const stack = new AsyncDisposableStack();
const database = await freshDatabase(inject('serverUrl'), inject('schemaShape'));
stack.defer(() => database.drop());
const start = (settings: Record<string, string> = {}) =>
  startGateway({
    ...settings,
    ...{ NODE_ENV: 'production', RATE_LIMIT: '0', LOG_LEVEL: 'silent' },
    ...{ DATABASE_URL: database.url, DATABASE_POOL_SIZE: '5', JWT_SECRET: SECRET },
    ...{ PUBLIC_URL: 'http://gateway.test', LINK_SECRETS: 'test:what both of them sign their links with' },
  });
const [one, other] = await Promise.all([start({ SHUTDOWN_DELAY: '1' }), start()]);
stack.use(one);
stack.use(other);
afterAll(() => stack.disposeAsync());

/** An office, and a load balancer in front of these gateways to reach it by. */
async function createCluster(gateways: readonly Gateway[] = [one, other]) {
  const stack = new AsyncDisposableStack();
  const office = await createOffice({}, { ...database, drop: async () => {} });
  const balancer = stack.use(await startBalancer(gateways.map(({ origin }) => origin)));
  const served = new Map<string, number>();

  /** What comes back: its status, and its data where it went well. */
  async function send(who: Person, query: string, variables: object = {}, origin = balancer.origin) {
    const token = await mintToken(office.config.signIn, SECRET, { ...who, externalId: null }, new Date());
    const headers = {
      ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json', 'x-company-id': who.companyId },
    };
    const body = JSON.stringify({ query, variables });
    const answer = await fetch(`${origin}/graphql`, { method: 'POST', headers, body });
    const by = answer.headers.get('x-served-by') ?? origin;
    served.set(by, (served.get(by) ?? 0) + 1);
    const { data, errors }: Payload = answer.ok ? await answer.json() : await answer.text().then(() => ({}));
    return { status: answer.status, data, errors };
  }
  async function get(who: Person, query: string, variables: object = {}, origin = balancer.origin): Promise<Payload> {
    const { status, data, errors } = await send(who, query, variables, origin);
    if (status !== 200 || errors) throw new Error(`${status} ${JSON.stringify(errors)}`);
    return data;
  }
  const { tower, review } = office;
  const create = (item: object, more: object = {}) => ({
    input: { projectId: tower.gid, genericToolId: review.gid, item: { title: 'Lintel', ...item }, ...more },
  });
  return {
    ...office,
    balancer,
    served,
    send,
    get,
    create,
    both: (who: Person, query: string, variables: object = {}) =>
      Promise.all(gateways.map(({ origin }) => get(who, query, variables, origin))),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const CREATE =
  'mutation ($input: CreateItemInput!) { createItem(input: $input) { item { id number position version } userErrors { code } } }';
const UPDATE =
  'mutation ($input: UpdateItemInput!) { updateItem(input: $input) { item { title version } userErrors { code } } }';
const TITLES = '{ items(first: 100, orderBy: [{ field: CREATED_AT, direction: ASC }]) { nodes { title } } }';
const titlesOf = ({ items }: Payload): string[] => items.nodes.map(({ title }: Payload) => title);

test('one sees through the balancer what one has done, whichever process did it', async () => {
  await using cluster = await createCluster();
  const { ada, get, create, served } = cluster;
  const { id, version } = (await get(ada, CREATE, create({ title: 'Title 0' }))).createItem.item;
  for (let n = 1; n <= 6; n += 1) {
    const { updateItem } = await get(ada, UPDATE, {
      input: { id, expectedVersion: version + n - 1, patch: { title: `Title ${n}` } },
    });
    expect(updateItem).toMatchObject({ item: { title: `Title ${n}` }, userErrors: [] });
    expect(titlesOf(await get(ada, TITLES))).toEqual([`Title ${n}`]);
    const { item } = await get(ada, 'query ($id: ID!) { item(id: $id) { title changes { totalCount } } }', { id });
    expect(item).toEqual({ title: `Title ${n}`, changes: { totalCount: n } });
  }
  // the balancer did its part: 19 requests
  expect([...served.values()].every((count) => count > 6)).toBe(true);
  expect(served.size).toBe(2);
});

test('rights, settings and names that change on one process hold at the next request on both', async () => {
  await using cluster = await createCluster();
  const { ada, rae, ben, tower, review, get, both, create, sql, db } = cluster;
  const boss = await cluster.person('Bo Boss', { admin: true });
  const vera = await cluster.person('Vera Vendor', { vendor: 'Glass' });
  const carl = await cluster.person('Carl Colleague', { vendor: 'Glass' });
  await cluster.grant(vera, tower, review, 'READ_ONLY', ['VIEW_VENDOR_ITEMS']);
  await cluster.grant(carl, tower, review, 'READ_ONLY');
  await get(ada, CREATE, create({ title: 'Public', statusName: 'Open' }));
  await get(ada, CREATE, create({ title: 'Private', statusName: 'Open', private: true, assigneeIds: [carl.gid] }));
  const seen = async (who: Person) => (await both(who, TITLES)).map(titlesOf);
  const twice = (...titles: string[]) => [titles, titles];
  const tell = (mutation: string, input: object) => {
    const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
    return get(
      boss,
      `mutation ($input: ${type}!) { ${mutation}(input: $input) { userErrors { code message } } }`,
      { input },
      one.origin,
    ).then((data) => expect(data[mutation].userErrors).toEqual([]));
  };
  const grant = (who: Person, accessLevel: string) =>
    tell('setGenericToolGrant', {
      projectId: tower.gid,
      userId: who.gid,
      genericToolId: review.gid,
      accessLevel,
      granularPermissions: [],
    });

  expect(await seen(rae)).toEqual(twice('Public'));
  await grant(rae, 'ADMIN');
  expect(await seen(rae)).toEqual(twice('Public', 'Private'));
  await tell('updateGenericTool', { id: review.gid, adminsSeePrivateItems: false });
  expect(await seen(rae)).toEqual(twice('Public'));
  await grant(rae, 'NONE');
  expect(await seen(rae)).toEqual(twice());
  expect(await seen(vera)).toEqual(twice('Public', 'Private'));
  const sync = (user: object) => tell('syncDirectory', { companyId: cluster.home.gid, ...user });
  await sql`update users set external_id = id::text where company_id = ${cluster.home.id}`.execute(db);
  const about = (who: Person) => ({ externalId: who.id, name: who.name, email: who.email });
  await sync({
    vendors: [{ externalId: 'steel', name: 'Steel' }],
    users: [{ ...about(vera), vendorExternalId: 'steel' }],
  });
  expect(await seen(vera)).toEqual(twice('Public'));
  // names
  const assigned = `{ items(filter: { title: { eq: "Public" } }) { nodes { createdBy { name } status { name } genericTool { title } } } }`;
  await both(ben, assigned);
  await sync({ users: [{ ...about(ada), name: 'Ada Lovelace' }] });
  await tell('updateGenericTool', { id: review.gid, title: 'Reviews' });
  for (const { items } of await both(ben, assigned)) {
    expect(items.nodes).toEqual([
      { createdBy: { name: 'Ada Lovelace' }, status: { name: 'Open' }, genericTool: { title: 'Reviews' } },
    ]);
  }
  await sync({ users: [{ ...about(ben), active: false }] });
  for (const { origin } of [one, other]) {
    expect((await cluster.send(ben, TITLES, {}, origin)).status).toBe(401);
  }
});

test('a repeated call is done once, whichever processes it and its repeats come to', async () => {
  await using cluster = await createCluster();
  const { ada, get, create } = cluster;
  const call = create({ title: 'Once' }, { idempotencyKey: 'the same' });
  const answers = await Promise.all(Array.from({ length: 12 }, () => get(ada, CREATE, call)));
  expect(new Set(answers.map(({ createItem }) => createItem.item.id)).size).toBe(1);
  expect(titlesOf(await get(ada, TITLES))).toEqual(['Once']);
});

test('numbers are unique and without gaps, however many create at once through both', async () => {
  await using cluster = await createCluster();
  const { ada, ben, get, create } = cluster;
  const made = await Promise.all(
    Array.from({ length: 30 }, (_, n) => get(n % 2 ? ada : ben, CREATE, create({ title: `Item ${n}` }))),
  );
  const numbers = made.map(({ createItem }) => Number(createItem.item.position)).sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
});

/** Items of a company of which something is missing: audiences, the event of their making, a person, or events and history of changes. */
const HALF_DONE = `
  select i.number from items i
  where i.company_id = $1 and (not exists (select 1 from item_audiences a where a.item_id = i.id)
    or not exists (select 1 from events e where e.item_id = i.id and e.type = 'item.created')
    or (select count(*) from events e where e.item_id = i.id and e.type = 'item.updated') <> i.version - 1
    or (select count(*) from item_changes c where c.item_id = i.id and c.field = 'title') <> i.version - 1
    or (select count(*) from item_people p where p.item_id = i.id) <> 1)`;

/** Writes and reads through the balancer, until told to stop; tells what came of each call by its status. */
function load({ ada, ben, send, create }: Awaited<ReturnType<typeof createCluster>>) {
  const statuses: Record<number, number> = {};
  const made: string[] = [];
  let over = false;
  const client = async (who: Person, n: number) => {
    let mine: string | undefined;
    for (let round = 0; !over; round += 1) {
      const title = `${n} ${round}`;
      const isNew = !mine || round % 3 === 0;
      const { status, data, errors } = isNew
        ? await send(who, CREATE, create({ title, statusName: 'Open', assigneeIds: [ben.gid] }))
        : await send(who, UPDATE, { input: { id: mine, patch: { title } } });
      statuses[status] = (statuses[status] ?? 0) + 1;
      expect(errors).toBeUndefined();
      if (status !== 200) continue;
      if (isNew) {
        mine = data.createItem.item.id as string;
        made.push(mine);
      }
      const read = await send(who, 'query ($id: ID!) { item(id: $id) { title } }', { id: mine });
      statuses[read.status] = (statuses[read.status] ?? 0) + 1;
      if (read.status === 200) expect(read.data.item.title).toBe(title);
    }
  };
  const clients = Promise.all(Array.from({ length: 6 }, (_, n) => client(n % 2 ? ada : ben, n)));
  return {
    statuses,
    made,
    /** ends when so many more items are made */
    async goOn(more: number): Promise<void> {
      for (const wanted = made.length + more; made.length < wanted; ) await Promise.race([clients, sleep(10)]);
    },
    async stop() {
      over = true;
      await clients;
    },
  };
}

test('a process that is killed under load takes what it was doing with it, and nothing else', async () => {
  await using mortal = await start();
  await using cluster = await createCluster([mortal, other]);
  const { home, sql, db, balancer, served } = cluster;
  const { statuses, made, goOn, stop } = load(cluster);
  await goOn(12);
  mortal.stop('SIGKILL');
  await mortal.ended;
  await goOn(8);
  served.clear();
  await goOn(6);
  await stop();
  // what was under way there is a 502: done or not, but not half. Everything else went well, on the other one since
  expect(Object.keys(statuses).filter((status) => !['200', '502'].includes(status))).toEqual([]);
  expect(statuses[502] ?? 0).toBeLessThanOrEqual(6);
  expect([...served.keys()]).toEqual([other.origin]);
  expect([...balancer.ready]).toEqual([other.origin]);
  expect((await db.executeQuery(CompiledQuery.raw(HALF_DONE, [home.id]))).rows).toEqual([]);
  // what was answered is there, and no number is lost with what was not
  const { rows } = await sql<{ last: number; made: number }>`
    select max(position_number)::int as last, count(*)::int as made from items where company_id = ${home.id}`.execute(
    db,
  );
  const [all] = rows;
  expect(all!.made).toBeGreaterThanOrEqual(made.length);
  expect(all!.made).toBeLessThanOrEqual(made.length + (statuses[502] ?? 0));
  expect(all!.last).toBe(all!.made);
});

test('a process that is told to stop finishes its answers: no request is lost', async () => {
  // the first of the two ends here
  await using cluster = await createCluster();
  const { statuses, goOn, stop } = load(cluster);
  await goOn(10);
  one.stop('SIGTERM');
  await vi.waitUntil(async () => (await fetch(`${one.origin}/ready`)).status === 503, { interval: 20 });
  const last = await fetch(`${one.origin}/health`);
  expect([last.status, last.headers.get('connection')]).toEqual([200, 'close']);
  expect(await one.ended).toEqual({ code: 0, signal: null });
  cluster.served.clear();
  await goOn(5);
  await stop();
  expect(Object.keys(statuses)).toEqual(['200']);
  expect([...cluster.served.keys()]).toEqual([other.origin]);
});

test('a second signal does not wait', async () => {
  // the second of the two ends here. A body that never ends would be waited for
  const slow = request(`${other.origin}/graphql`, { method: 'POST', headers: { 'content-length': 100 } });
  slow.on('error', () => {}).write('{');
  slow.on('response', (response) => response.resume());
  await sleep(100);
  let over = false;
  void other.ended.then(() => (over = true));
  other.stop('SIGINT');
  await sleep(100); // the same signal once more, by way of npm: at the same moment the two would be one
  other.stop('SIGINT');
  await sleep(700);
  expect(over).toBe(false);
  other.stop('SIGINT');
  expect(await other.ended).toEqual({ code: 130, signal: null });
});
