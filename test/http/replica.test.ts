import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openOrm } from '../../src/database/orm.ts';
import { openReplicas } from '../../src/database/replica.ts';
import type { TestDatabase } from '../kit/database.ts';
import { createOffice, type Payload } from '../kit/office.ts';
import { createPrimary, run } from '../kit/replica.ts';
import { type StatementLog, watchStatements } from '../kit/statements.ts';
import type { Person } from '../kit/world.ts';

const log = (): StatementLog => ({ count: 0, texts: [], values: [] });

// one server with a replica for all tests, which leave the replica running; each has a company of its own
const stack = new AsyncDisposableStack();
const primary = stack.use(await createPrimary());
await migrate(primary.url);
const replica = await primary.replica();
afterAll(() => stack.disposeAsync());

/**
 * An office whose own gateway knows the primary alone, and two processes of a gateway with the replica, which may be an hour behind:
 * so what they read of it is told by nothing else.
 */
async function createTwo() {
  const stack = new AsyncDisposableStack();
  stack.defer(() => replica.resume());
  const onPrimary = log();
  const orm = await openOrm(primary.url, { poolSize: 10 });
  const database: TestDatabase = { url: primary.url, orm, statements: log(), drop: () => orm.close(true) };
  const office = stack.use(await createOffice({}, database));
  const process = async () => {
    const own = await openOrm(primary.url, { poolSize: 5, onPool: (pool) => watchStatements(pool, onPrimary) });
    stack.defer(() => own.close(true));
    const onReplica = log();
    const replicas = await openReplicas(primary.url, [replica.url], {
      poolSize: 5,
      maxLagMs: 3_600_000,
      log: office.world.log,
      onPool: (pool) => watchStatements(pool, onReplica),
    });
    stack.defer(() => replicas.close());
    const app = createApp({ ...office.world, orm: own, replicas });
    const get = async (who: Person, query: string, variables: object = {}): Promise<Payload> => {
      const headers = {
        authorization: `Bearer ${await office.token(who)}`,
        'content-type': 'application/json',
        // the people of all tests have the same addresses
        'x-company-id': who.companyId,
      };
      const body = JSON.stringify({ query, variables });
      const url = 'http://gateway.test/graphql';
      const answer = (await (await app.fetch(new Request(url, { method: 'POST', headers, body }))).json()) as Payload;
      if (answer.errors) throw new Error(JSON.stringify(answer.errors));
      return answer.data;
    };
    return { get, onReplica };
  };
  const [a, b] = [await process(), await process()];
  const { tower, review } = office;
  const readsReplica = async (who: Person, { get, onReplica } = a): Promise<boolean> => {
    const before = onReplica.count;
    await get(who, '{ items(first: 1) { nodes { id } } }');
    return onReplica.count > before;
  };
  return {
    ...office,
    a,
    b,
    onPrimary,
    /** both processes read the replica for these people */
    async ready(...people: Person[]): Promise<void> {
      await replica.caughtUp();
      for (const who of people) for (const at of [a, b]) while (!(await readsReplica(who, at))) await sleep(20);
    },
    readsReplica,
    /** titles of the items that somebody is shown, newest first */
    titles: async (who: Person, { get } = a): Promise<string[]> =>
      (
        await get(
          who,
          '{ items(first: 100) { nodes { title status { name } genericTool { title } project { name } } } }',
        )
      ).items.nodes.map(({ title }: Payload) => title),
    createThrough: ({ get }: typeof a, who: Person, item: object): Promise<Payload> =>
      get(
        who,
        `mutation ($input: CreateItemInput!) { createItem(input: $input) {
          item { id title assignees { name } responses { nodes { id } } project { items(first: 100) { totalCount nodes { title } } } }
          userErrors { message } } }`,
        { input: { projectId: tower.gid, genericToolId: review.gid, item } },
      ).then(({ createItem }) => createItem.item),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const READS = `query ($project: ID!, $item: ID!) {
  items(first: 10, orderBy: [{ field: TITLE }]) { totalCount nodes { title assignees { name } status { name } } }
  item(id: $item) {
    title viewerCanEdit responses { totalCount nodes { notes createdBy { name } } } changes { totalCount nodes { label newValue } }
  }
  project(id: $project) { items(first: 5) { nodes { number } } itemStatistics { count status { name } } }
}`;

test('lists, items, their responses and history, counts and rights come from the replica, the user and names do not', async () => {
  await using two = await createTwo();
  const { a, ada, ben, tower, onPrimary } = two;
  const item = await two.item(ada, { statusName: 'Open', assigneeIds: [ben.gid] });
  await two.respond(ada, item.id);
  await two.update(ada, item.id, { title: 'Cracked lintel' });
  await two.ready(ben);
  const variables = { project: tower.gid, item: item.id };
  // the second time names are remembered
  const shown = await a.get(ben, READS, variables);
  Object.assign(onPrimary, log());
  Object.assign(a.onReplica, log());
  expect(await a.get(ben, READS, variables)).toEqual(shown);
  expect(shown).toEqual(await two.get(ben, READS, variables));
  // the user, whether the company freezes items, and which fields the tool shows
  expect(onPrimary.count).toBe(3);
  expect(onPrimary.texts.join()).not.toMatch(
    /\b(items|item_(people|audiences|changes|counts)|responses|tool_rights)\b/,
  );
  expect(a.onReplica.count).toBeGreaterThan(6);
});

test('whoever wrote sees it at once, through every process; others as soon as the replica has it', async () => {
  await using two = await createTwo();
  const { a, b, ada, ben, titles, createThrough } = two;
  await createThrough(a, ada, { title: 'First', statusName: 'Open' });
  await two.ready(ada, ben);
  await replica.pause();
  const made = await createThrough(a, ada, { title: 'Second', statusName: 'Open', assigneeIds: [ben.gid] });
  // the answer of a mutation shows what it did
  expect(made).toMatchObject({
    title: 'Second',
    assignees: [{ name: 'Ben Standard' }],
    project: { items: { totalCount: 2 } },
  });
  for (const process of [b, a]) expect(await titles(ada, process)).toEqual(['Second', 'First']);
  for (const process of [a, b]) expect(await titles(ben, process)).toEqual(['First']);
  expect(await two.readsReplica(ben)).toBe(true);
  // what was refused, or would have been done, was not written: nobody reads the primary for it
  const patch = { updates: [{ id: made.id, patch: { title: 'Never' } }], dryRun: true };
  const dryRun = 'mutation ($input: BatchUpdateItemsInput!) { batchUpdateItems(input: $input) { updatedCount } }';
  expect(await a.get(ben, dryRun, { input: patch })).toBeDefined();
  expect(await two.readsReplica(ben, b)).toBe(true);
  await replica.resume();
  await two.ready(ada, ben);
  expect(await titles(ben)).toEqual(['Second', 'First']);
  expect(await two.readsReplica(ada)).toBe(true);
});

test('a changed right acts at the next request on every process, however far behind the replica is', async () => {
  await using two = await createTwo();
  const { a, b, ada, rae, ben, tower, review, titles, sql, db } = two;
  const vera = await two.person('Vera Vendor', { vendor: 'Glass' });
  const carl = await two.person('Carl Colleague', { vendor: 'Glass' });
  await two.grant(vera, tower, review, 'READ_ONLY', ['VIEW_VENDOR_ITEMS']);
  await two.grant(carl, tower, review, 'READ_ONLY');
  await two.item(ada, { title: 'Secret', statusName: 'Open', private: true, assigneeIds: [carl.gid] });
  await two.item(ada, { title: 'Open to all', statusName: 'Open' });
  const all = ['Open to all', 'Secret'];
  await two.ready(ada, rae, vera);
  const both = (who: Person) => Promise.all([a, b].map((process) => titles(who, process)));

  /** Makes a change while the replica stands still, and asks on both processes; then lets the replica catch up. */
  const whilePaused = async (change: () => Promise<unknown>, who: Person, expected: string[]) => {
    await two.ready(who);
    await replica.pause();
    await change();
    expect(await both(who)).toEqual([expected, expected]);
    await replica.resume();
  };
  await whilePaused(() => two.grant(rae, tower, review, 'NONE'), rae, []);
  await whilePaused(() => two.grant(rae, tower, review, 'ADMIN'), rae, all);
  const setting = (on: boolean) =>
    sql`update generic_tools set admins_see_private_items = ${on} where id = ${review.id}`.execute(db);
  await whilePaused(() => setting(false), rae, ['Open to all']);
  await whilePaused(() => setting(true), rae, all);
  expect(await both(vera)).toEqual([all, all]);
  const vendor = await two.vendor('Steel');
  await whilePaused(() => sql`update users set vendor_id = ${vendor.id} where id = ${vera.id}`.execute(db), vera, [
    'Open to all',
  ]);
  await whilePaused(() => sql`delete from fieldset_projects where generic_tool_id = ${review.id}`.execute(db), rae, []);
  await two.ready(ben);
  await replica.pause();
  await sql`update users set active = false where id = ${ben.id}`.execute(db);
  for (const process of [a, b]) await expect(titles(ben, process)).rejects.toThrow('No active user');
  await replica.resume();
});

test('nobody is shown what they were never allowed to see: rows are not older than the rights they are looked at with', async () => {
  await using two = await createTwo();
  const { ada, out, tower, review, titles, ready } = two;
  const item = await two.item(ada, { title: 'Accusation', statusName: 'Open' });
  await two.grant(out, tower, review, 'NONE');
  await ready(ada, out);
  await replica.pause();
  // first it is made private, then Out Sider is let in: the replica still has it open to all
  await two.update(ada, item.id, { private: true });
  await two.grant(out, tower, review, 'READ_ONLY');
  expect(await titles(out)).toEqual([]);
  await replica.resume();
});

test('names and statuses that are gone trouble nobody who reads an item as it was', async () => {
  await using two = await createTwo();
  const { ada, ben, review, titles, sql, db } = two;
  const held = review.statuses['On Hold']!;
  await two.item(ada, { title: 'Waiting', statusId: held.gid });
  await two.ready(ben);
  await replica.pause();
  await sql`update items set status_id = ${review.statuses.Open!.id} where status_id = ${held.id}`.execute(db);
  await sql`delete from generic_tool_statuses where id = ${held.id}`.execute(db);
  expect(await titles(ben)).toEqual(['Waiting']);
  await replica.resume();
});

test('every table that decides who sees what tells when it changes', async () => {
  const decides = await run(
    primary.url,
    `select distinct table_name::text as name from information_schema.view_table_usage where view_name = 'tool_rights'`,
  );
  const told = await run(
    primary.url,
    `select tgrelid::regclass::text as name from pg_trigger where tgname = 'rights_changed' and tgtype & 28 = 28`,
  );
  expect(decides.length).toBe(4);
  const alsoOfMail = ['team_users', 'cases', 'email_members'];
  expect(told.map(({ name }) => name)).toEqual(
    expect.arrayContaining([...decides.map(({ name }) => name), ...alsoOfMail]),
  );
});

test('requests go on while the replica dies and comes back', async () => {
  await using two = await createTwo();
  const { a, b, ada, ben } = two;
  for (let n = 0; n < 5; n += 1) await two.item(ada, { title: `Item ${n}`, statusName: 'Open' });
  await two.ready(ben);
  const expected = await two.titles(ben);
  let asked = 0;
  let over = false;
  const askers = [a, b, a, b].map(async (process) => {
    for (; !over; asked += 1) expect(await two.titles(ben, process)).toEqual(expected);
  });
  await sleep(100);
  await replica.signal('SIGKILL');
  await sleep(300);
  expect(await two.readsReplica(ben)).toBe(false);
  await replica.start();
  await two.ready(ben);
  over = true;
  await Promise.all(askers);
  expect(asked).toBeGreaterThan(20);
});
