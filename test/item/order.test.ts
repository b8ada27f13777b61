import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ITEM_ORDER_FIELDS, type ItemOrderInput } from '../../src/item/item.order.ts';
import { createWorld, type TestWorld } from '../kit/world.ts';
import { createManyItems, idsOf, type ManyItems } from './manyItems.ts';
import { type Filter, holds, inOrder } from './plainList.ts';

let world: ManyItems;
beforeAll(async () => {
  world = await createManyItems();
});
afterAll(() => world[Symbol.asyncDispose]());

const live = ({ rows }: ManyItems) => rows.filter((item) => !item.archived);
const expected = (world: ManyItems, orderBy?: ItemOrderInput[]): string[] =>
  inOrder(live(world), orderBy).map(({ gid }) => gid);

test('every field orders as plain TypeScript does, both ways, with what has no value first or last', async () => {
  const wrong: unknown[] = [];
  for (const field of ITEM_ORDER_FIELDS) {
    for (const direction of ['ASC', 'DESC'] as const) {
      for (const nulls of ['FIRST', 'LAST'] as const) {
        const orderBy = [{ field, direction, nulls }];
        const [theirs, ours] = [await idsOf(world, { orderBy }), expected(world, orderBy)];
        if (String(theirs) !== String(ours)) wrong.push(orderBy);
      }
    }
  }
  expect(wrong).toEqual([]);
}, 300_000);

test('newest first when nothing is asked; ascending, and without a value last, when only the field is', async () => {
  for (const orderBy of [undefined, null, []]) expect(await idsOf(world, { orderBy })).toEqual(expected(world));
  const dueDate = expected(world, [{ field: 'DUE_DATE', direction: 'ASC', nulls: 'LAST' }]);
  for (const orderBy of [[{ field: 'DUE_DATE' }], [{ field: 'DUE_DATE', direction: null, nulls: null }]])
    expect(await idsOf(world, { orderBy })).toEqual(dueDate);
  const archived = inOrder(world.rows.filter((item) => item.archived));
  expect(await idsOf(world, { filter: { archived: true } })).toEqual(archived.map(({ gid }) => gid));
});

test('up to three keys order as plain TypeScript does, the id last', async () => {
  const key = fc.record({
    field: fc.constantFrom(...ITEM_ORDER_FIELDS),
    direction: fc.constantFrom('ASC' as const, 'DESC' as const),
    nulls: fc.constantFrom('FIRST' as const, 'LAST' as const),
  });
  const orders = fc.uniqueArray(key, { minLength: 2, maxLength: 3, selector: ({ field }) => field });
  await fc.assert(
    fc.asyncProperty(orders, async (orderBy) => {
      expect(await idsOf(world, { orderBy })).toEqual(expected(world, orderBy));
    }),
    { numRuns: 10 },
  );
}, 300_000);

test('in one project, whoever sees some by class, some as themselves and some as vendor pages through the same, both ways', async () => {
  const [tower] = world.projects;
  const bob = world.people[2]!;
  for (const [n, tool] of world.tools.entries())
    await world.grant(bob, tower!, tool, n === 0 ? 'ADMIN' : 'READ_ONLY', n === 1 ? ['VIEW_VENDOR_ITEMS'] : []);
  await world.sql`update generic_tools set admins_see_private_items = false where id = ${world.tools[0]!.id}`.execute(
    world.db,
  );
  // two pages of a list in one request
  const PAGES = `query ($project: ID!, $filter: ItemFilter, $orderBy: [ItemOrder!], $first: Int, $after: String, $last: Int, $before: String) {
    project(id: $project) {
      there: items(filter: $filter, orderBy: $orderBy, first: $first, after: $after) { ...Page }
      back: items(filter: $filter, orderBy: $orderBy, last: $last, before: $before) { ...Page } } }
    fragment Page on ItemConnection { totalCount nodes { id } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } }`;
  const pages = async (variables: object) =>
    (await world.get(bob, PAGES, { project: tower!.gid, first: 9, last: 9, ...variables })).project;
  const idsIn = ({ nodes }: { nodes: { id: string }[] }) => nodes.map(({ id }) => id);
  const seen = new Set(idsIn((await pages({ first: 100 })).there));
  const hidden = live(world).filter(({ gid, project }) => project === tower && !seen.has(gid));
  expect([seen.size > 30, hidden.length > 5]).toEqual([true, true]);
  const rows = live(world).filter(({ gid }) => seen.has(gid));
  const filters: (Filter | undefined)[] = [
    undefined,
    { assignee: { in: world.people.map(({ gid }) => gid) } },
    { query: 'd' },
  ];
  for (const [kind, filter] of filters.entries()) {
    const some = rows.filter((item) => holds(item, filter ?? {}, { me: bob.gid, now: world.clock.now() }));
    expect(some.length).toBeGreaterThan(18);
    for (const [n, field] of ITEM_ORDER_FIELDS.entries()) {
      for (const [d, direction] of (['ASC', 'DESC'] as const).entries()) {
        // without filter both directions; each filter one of them, the other filter the other
        if (filter && (n + kind + d) % 2) continue;
        const nulls = (n + (filter ? kind >> 1 : d)) % 2 ? 'FIRST' : 'LAST';
        const orderBy = [{ field, direction, nulls } as const];
        const whole = inOrder(some, orderBy).map(({ gid }) => gid);
        const { there: start, back: end } = await pages({ filter, orderBy });
        const { there: next, back: previous } = await pages({
          ...{ filter, orderBy, after: start.pageInfo.endCursor, before: end.pageInfo.startCursor },
        });
        expect([start, next, previous, end].map(idsIn), JSON.stringify(orderBy)).toEqual([
          whole.slice(0, 9),
          whole.slice(9, 18),
          whole.slice(0, -9).slice(-9),
          whole.slice(-9),
        ]);
        expect([start.totalCount, start.pageInfo.hasNextPage, next.pageInfo.hasPreviousPage]).toEqual([
          whole.length,
          whole.length > 9,
          true,
        ]);
      }
    }
  }
}, 300_000);

/** A tool with these items, made through the door. */
async function withItems(world: TestWorld, items: Record<string, unknown>[]) {
  const tower = await world.project('Tower');
  const review = await world.tool('Design Review', [tower], { abbreviation: 'DR' });
  const ada = await world.person('Ada Admin', { admin: true });
  await world.grant(ada, tower, review, 'ADMIN');
  const tell = async (mutation: string, input: object) => {
    const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
    const source = `mutation ($input: ${type}!) { payload: ${mutation}(input: $input) { userErrors { message } } }`;
    expect((await world.get(ada, source, { input })).payload).toEqual({ userErrors: [] });
  };
  for (const item of items) await tell('createItem', { projectId: tower.gid, genericToolId: review.gid, item });
  /** what a field of all items is, in an order */
  const listed = async (field: string, orderBy: ItemOrderInput): Promise<unknown[]> => {
    const source = `query ($orderBy: [ItemOrder!]) { items(orderBy: $orderBy, first: 100) { nodes { value: ${field} } } }`;
    const { items: found } = await world.get(ada, source, { orderBy: [orderBy] });
    return found.nodes.map(({ value }: { value: unknown }) => value);
  };
  return { tower, review, ada, tell, listed };
}

test('numbers are in the order in which people count', async () => {
  await using world = await createWorld();
  const positions = ['1000', 'interior-10', '999', 'Interior-9', '10b', '2', '10a', '0010', '1', 'interior-002'];
  const { listed } = await withItems(
    world,
    positions.map((position) => ({ position, title: 'x' })),
  );
  const counted = ['1', '2', '0010', '10a', '10b', '999', '1000', 'interior-002', 'Interior-9', 'interior-10'];
  expect(await listed('number', { field: 'NUMBER' })).toEqual(counted.map((position) => `DR-${position}`));
  expect(await listed('number', { field: 'NUMBER', direction: 'DESC' })).toEqual(
    counted.toReversed().map((position) => `DR-${position}`),
  );
});

test('titles are in the order of their letters, whatever their case and accents', async () => {
  await using world = await createWorld();
  const titles = [
    'Zebra',
    'ärger',
    'Apfel',
    'ápice',
    'éclair',
    'Echo',
    'eclipse',
    'ÉCHELLE',
    'zèbre',
    'Азбука',
    'абак',
  ];
  const { listed } = await withItems(
    world,
    titles.map((title) => ({ title })),
  );
  expect(await listed('title', { field: 'TITLE' })).toEqual([
    'Apfel',
    'ápice',
    'ärger',
    'ÉCHELLE',
    'Echo',
    'éclair',
    'eclipse',
    'Zebra',
    'zèbre',
    'абак',
    'Азбука',
  ]);
});

test('the longest titles are taken, of letters that fold to many', async () => {
  await using world = await createWorld();
  // syllables of Korean are three letters each in the key, nine bytes that cannot be packed; some signs of Arabic are words
  const ofLetters = (from: number, count: number) =>
    String.fromCharCode(...Array.from({ length: 255 }, (_, n) => from + ((n * 7919 + n * n * 31) % count)));
  const titles = [ofLetters(0xac00, 11_172), ofLetters(0xfdf0, 11), ofLetters(0x3300, 88), '\u{1f9f1}'.repeat(127)];
  const { listed } = await withItems(
    world,
    titles.map((title) => ({ title })),
  );
  expect(new Set(await listed('title', { field: 'TITLE' }))).toEqual(new Set(titles));
});

test('the order follows when a tool, a status or a person gets another name', async () => {
  await using world = await createWorld();
  const { tower, review, ada, tell, listed } = await withItems(world, [
    { title: 'a', position: '5', statusName: 'Open' },
    { title: 'b', position: '10', statusName: 'On Hold' },
    { title: 'c', position: '7', statusName: 'Draft' },
  ]);
  const basic = await world.tool('Basic Correspondence', [tower], { abbreviation: 'BC' });
  await world.grant(ada, tower, basic, 'ADMIN');
  const [zoe, yan] = [await world.person('Zoe'), await world.person('Yan')];
  for (const person of [zoe, yan]) await world.grant(person, tower, review, 'READ_ONLY');
  const { items } = await world.get(ada, '{ items(orderBy: [{ field: TITLE }]) { nodes { id } } }');
  const [a, b] = items.nodes;
  await tell('createItem', { projectId: tower.gid, genericToolId: basic.gid, item: { title: 'd', position: '6' } });
  await tell('updateItem', { id: a.id, patch: { assigneeIds: [zoe.gid, yan.gid] } });
  await tell('updateItem', { id: b.id, patch: { assigneeIds: [yan.gid] } });

  expect(await listed('number', { field: 'NUMBER' })).toEqual(['BC-6', 'DR-5', 'DR-7', 'DR-10']);
  expect(await listed('title', { field: 'STATUS' })).toEqual(['c', 'd', 'b', 'a']);
  expect(await listed('title', { field: 'GENERIC_TOOL' })).toEqual(['d', 'a', 'b', 'c']);
  expect(await listed('title', { field: 'ASSIGNEE' })).toEqual(['b', 'a', 'c', 'd']);

  await tell('updateGenericTool', { id: review.gid, title: 'Álbum', abbreviation: null });
  await tell('updateGenericToolStatus', { id: review.statuses['On Hold']!.gid, name: 'Waiting' });
  await tell('syncDirectory', {
    companyId: world.home.gid,
    users: [{ externalId: 'y', email: yan.email, name: 'Zz Yan' }],
  });
  expect(await listed('number', { field: 'NUMBER' })).toEqual(['5', '7', '10', 'BC-6']);
  expect(await listed('title', { field: 'STATUS' })).toEqual(['c', 'd', 'a', 'b']);
  expect(await listed('title', { field: 'GENERIC_TOOL' })).toEqual(['a', 'b', 'c', 'd']);
  expect(await listed('title', { field: 'ASSIGNEE', nulls: 'FIRST' })).toEqual(['c', 'd', 'a', 'b']);
});

test('an order that makes no sense is BAD_USER_INPUT and named', async () => {
  await using world = await createWorld();
  const ann = await world.person('Ann Example');
  const fields = (...names: string[]) => names.map((field) => ({ field }));
  for (const [orderBy, culprit] of [
    [fields('NUMBER', 'TITLE', 'STATUS', 'DUE_DATE'), 'orderBy: 4 keys'],
    [fields('TITLE', 'NUMBER', 'TITLE'), 'TITLE'],
    [[{ field: 'TITLE' }, {}], 'orderBy.1'],
    [[{ field: null }], 'orderBy.0'],
    [[{ direction: 'DESC' }], 'orderBy.0'],
    [fields('COLOUR'), 'COLOUR'],
    [[{ field: 'TITLE', direction: 'UP' }], 'UP'],
    [[{ field: 'TITLE', nulls: 'MIDDLE' }], 'MIDDLE'],
    [[null], 'orderBy[0]'],
  ] as [unknown, string][]) {
    const source = 'query ($orderBy: [ItemOrder!]) { items(orderBy: $orderBy) { nodes { id } } }';
    const { errors } = await world.ask(ann, source, { orderBy });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors![0].message).toContain(culprit);
  }
});
