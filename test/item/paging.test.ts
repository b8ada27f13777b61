import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ITEM_ORDER_FIELDS, type ItemOrderInput } from '../../src/item/item.order.ts';
import { putItems } from '../kit/putItems.ts';
import type { Person } from '../kit/world.ts';
import { createManyItems, type ManyItems } from './manyItems.ts';
import { type Filter, holds, inOrder } from './plainList.ts';

interface PageArgs {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
  filter?: Filter;
  orderBy?: ItemOrderInput[];
}
interface Page {
  ids: string[];
  cursors: string[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

const PAGE = `query ($filter: ItemFilter, $orderBy: [ItemOrder!], $first: Int, $after: String, $last: Int, $before: String) {
  items(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

// for all that only read; what changes items has a world of its own
let world: ManyItems;
beforeAll(async () => {
  world = await createManyItems();
});
afterAll(() => world[Symbol.asyncDispose]());

/** A page, whose ends must be those that it tells. */
async function pageOf(world: ManyItems, args: PageArgs, who: Person = world.ann): Promise<Page> {
  const { edges, pageInfo } = (await world.get(who, PAGE, { ...args })).items;
  const page: Page = {
    ids: edges.map(({ node }: { node: { id: string } }) => node.id),
    cursors: edges.map(({ cursor }: { cursor: string }) => cursor),
    pageInfo,
  };
  expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([page.cursors[0] ?? null, page.cursors.at(-1) ?? null]);
  return page;
}

/** All ids, page after page from one end to the other; between two pages `meanwhile` may happen. */
async function walk(
  world: ManyItems,
  way: 'forwards' | 'backwards',
  size: number,
  args: PageArgs,
  meanwhile?: () => Promise<unknown>,
): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = null; ; await meanwhile?.()) {
    const { ids: more, pageInfo }: Page = await pageOf(world, {
      ...args,
      ...(way === 'forwards' ? { first: size, after: cursor } : { last: size, before: cursor }),
    });
    const [ahead, behind, end] =
      way === 'forwards'
        ? [pageInfo.hasNextPage, pageInfo.hasPreviousPage, pageInfo.endCursor]
        : [pageInfo.hasPreviousPage, pageInfo.hasNextPage, pageInfo.startCursor];
    if (!meanwhile) expect(behind).toBe(cursor !== null);
    if (way === 'forwards') ids.push(...more);
    else ids.unshift(...more);
    if (!ahead) return ids;
    // a page that begins with the row of its cursor would go on for ever
    expect(ids.length).toBeLessThan(300);
    expect(more.length).toBe(size);
    cursor = end;
  }
}

const expected = (world: ManyItems, { filter = {}, orderBy }: PageArgs): string[] =>
  inOrder(
    world.rows.filter((item) => !item.archived && holds(item, filter, { me: world.ann.gid, now: world.clock.now() })),
    orderBy,
  ).map(({ gid }) => gid);

const WAYS = ['forwards', 'backwards'] as const;

// each field, one way up and walked one way under one filter, the other way up and the other way under the other
test.each<[number, Filter]>([
  [35, {}],
  [13, { receivedFrom: { null: true } }],
])(
  'pages of %i, walked from either end, give every list whole and in its order',
  async (size, filter) => {
    const turned = size === 13 ? 1 : 0;
    const orders = ITEM_ORDER_FIELDS.flatMap((field, n) =>
      (['ASC', 'DESC'] as const).map((direction, d): [ItemOrderInput, (typeof WAYS)[number]] => [
        { field, direction, nulls: (n + d + turned) % 2 ? 'FIRST' : 'LAST' },
        WAYS[(n + d) % 2]!,
      ]),
    );
    const half = orders.filter((_, n) => n % 2 === turned);
    for (const [key, way] of [[undefined, 'forwards'], [undefined, 'backwards'], ...half] as const) {
      const orderBy = key && [key];
      const whole = expected(world, { filter, orderBy });
      expect(whole.length).toBeGreaterThan(2 * 13);
      expect(await walk(world, way, size, { filter, orderBy }), `${way} ${JSON.stringify(orderBy)}`).toEqual(whole);
    }
  },
  300_000,
);

test('pages of one, walked from either end, give a list whole and in its order', async () => {
  const filter: Filter = {
    or: [
      { dueDate: { null: true }, private: { eq: true } },
      { assignee: { isMe: true }, private: { eq: true } },
      { receivedFrom: { isMe: true }, private: { eq: false } },
    ],
  };
  for (const [orderBy, ways] of [
    [undefined, WAYS],
    [[{ field: 'DUE_DATE', direction: 'DESC', nulls: 'FIRST' }], ['backwards']],
    [
      [
        { field: 'ASSIGNEE', nulls: 'FIRST' },
        { field: 'CLOSED_AT', direction: 'DESC' },
      ],
      ['forwards'],
    ],
  ] satisfies [ItemOrderInput[] | undefined, readonly (typeof WAYS)[number][]][]) {
    const whole = expected(world, { filter, orderBy });
    expect(whole.length).toBeGreaterThan(12);
    for (const way of ways) expect(await walk(world, way, 1, { filter, orderBy })).toEqual(whole);
  }
}, 300_000);

test('pages of any size in any order give the list whole and in its order', async () => {
  const key = fc.record({
    field: fc.constantFrom(...ITEM_ORDER_FIELDS),
    direction: fc.constantFrom('ASC' as const, 'DESC' as const),
    nulls: fc.constantFrom('FIRST' as const, 'LAST' as const),
  });
  const orderBy = fc.uniqueArray(key, { minLength: 1, maxLength: 3, selector: ({ field }) => field });
  const filter = fc.constantFrom<Filter>({}, { private: { eq: true } }, { dueDate: { null: false } }, { ids: [] });
  const way = fc.constantFrom(...WAYS);
  await fc.assert(
    fc.asyncProperty(orderBy, filter, way, fc.integer({ min: 5, max: 60 }), async (orderBy, filter, way, size) => {
      expect(await walk(world, way, size, { orderBy, filter })).toEqual(expected(world, { orderBy, filter }));
    }),
    { numRuns: 6 },
  );
}, 300_000);

// newest first is read by a statement of its own, which also says what is behind: it is asked everything
test.each<[string, ItemOrderInput[] | undefined, (number | null)[]]>([
  ['newest first', undefined, [0, 1, 2, 3, 9, null]],
  ['by due date', [{ field: 'DUE_DATE', nulls: 'FIRST' }], [0, 2, 9, null]],
])(
  'whether there is more is exact, whatever is asked: %s',
  async (name, orderBy, sizes) => {
    const five = await world.project(`Five ${name}`);
    const letters = await world.tool(`Letters ${name}`, [five]);
    const stan = await world.person(`Stan ${name}`);
    await world.grant(stan, five, letters, 'STANDARD');
    // some seen by class, some as their creator
    const places = Array.from({ length: 5 }, (_, n) => ({
      project: five,
      tool: letters,
      by: stan,
      private: n % 2 === 1,
    }));
    const made = await putItems(
      world,
      places.map((place) => ({ ...place, status: 'Open' })),
    );
    const days = [null, '2026-03-02', '2026-03-01', null, '2026-03-01'];
    await world.sql`update items i set due_date = day.value from unnest(${made.map(({ id }) => id)}::uuid[], ${days}::date[]) day(id, value)
      where i.id = day.id`.execute(world.db);
    const { ids, cursors } = await pageOf(world, { orderBy }, stan);
    expect(ids.length).toBe(5);
    const ends = [null, 0, 2, 4];
    for (const from of ends) {
      for (const to of ends) {
        const nothing = from !== null && to !== null && from >= to;
        for (const size of nothing ? [1, null] : sizes) {
          for (const backwards of size === null ? [false] : [false, true]) {
            const args = {
              after: from === null ? null : cursors[from]!,
              before: to === null ? null : cursors[to]!,
              ...(backwards ? { last: size } : { first: size }),
            };
            const inside = ids.slice(from === null ? 0 : from + 1, to ?? undefined);
            const page = backwards ? inside.slice(Math.max(0, inside.length - size!)) : inside.slice(0, size ?? 25);
            // where the page stands, also when it is empty
            const start =
              page.length > 0 ? ids.indexOf(page[0]!) : backwards ? (to ?? 5) : from === null ? 0 : from + 1;
            const what = JSON.stringify({ from, to, size, backwards });
            const found = await pageOf(world, { ...args, orderBy }, stan);
            expect(found.ids, what).toEqual(page);
            if (nothing) continue; // no side is right
            expect(found.pageInfo, what).toMatchObject({
              hasPreviousPage: start > 0,
              hasNextPage: start + page.length < ids.length,
            });
          }
        }
      }
    }
  },
  300_000,
);

test('rows that come and go between two pages neither lose nor repeat any other', async () => {
  await using world = await createManyItems();
  const { sql, db } = world;
  const orders: [ItemOrderInput[], readonly (typeof WAYS)[number][]][] = [
    [[{ field: 'CREATED_AT', direction: 'DESC' }], WAYS],
    [[{ field: 'DUE_DATE', direction: 'ASC', nulls: 'FIRST' }], ['forwards']],
    [[{ field: 'ASSIGNEE', direction: 'DESC', nulls: 'LAST' }, { field: 'TITLE' }], ['backwards']],
  ];
  for (const [orderBy, ways] of orders) {
    for (const way of ways) {
      const before = expected(world, { orderBy });
      const seen: string[] = [];
      const gone = new Set<string>();
      let turn = 0;
      const meanwhile = async () => {
        // the row that the cursor points to, one before it and one after it go; and new ones come at both ends
        turn += 1;
        const here = way === 'forwards' ? turn * 20 - 1 : before.length - turn * 20;
        for (const gid of [before[here]!, before[here - 3]!, before[here + 3]!].filter(Boolean)) gone.add(gid);
        await sql`update items set archived_at = now() where id = any(${uuids([...gone])}::uuid[])`.execute(db);
        await sql`update item_audiences set archived = true where item_id = any(${uuids([...gone])}::uuid[])`.execute(
          db,
        );
        for (const item of [
          { title: 'new', dueDate: null },
          { title: '', dueDate: '2030-01-01' },
        ]) {
          const source = `mutation ($input: CreateItemInput!) { createItem(input: $input) { userErrors { message } } }`;
          const input = { projectId: world.projects[0]!.gid, genericToolId: world.tools[0]!.gid, item };
          await world.get(world.ann, source, { input });
        }
      };
      seen.push(...(await walk(world, way, 20, { orderBy }, meanwhile)));
      expect(new Set(seen).size).toBe(seen.length);
      const stayed = before.filter((gid) => !gone.has(gid));
      const known = new Set(before);
      expect(seen.filter((gid) => known.has(gid) && !gone.has(gid))).toEqual(stayed);
      await sql`delete from item_audiences a using items i where i.id = a.item_id and not i.id = any(${uuids(before)}::uuid[])
        and i.created_at > ${world.clock.now()}::timestamptz - interval '1 hour' and i.title in ('new', '')`.execute(
        db,
      );
      await sql`update items set archived_at = null where id = any(${uuids([...gone])}::uuid[])`.execute(db);
      await sql`update item_audiences set archived = false where item_id = any(${uuids([...gone])}::uuid[])`.execute(
        db,
      );
    }
  }
}, 300_000);

test('a cursor holds when its row has gone for good, and under another filter', async () => {
  await using world = await createManyItems();
  const { sql, db } = world;
  for (const orderBy of [
    undefined,
    [{ field: 'TITLE' }],
    [{ field: 'ISSUED_AT', direction: 'DESC', nulls: 'FIRST' }],
  ] as const) {
    const whole = expected(world, { orderBy: orderBy as ItemOrderInput[] | undefined });
    const { cursors } = await pageOf(world, { first: 30, orderBy: orderBy as ItemOrderInput[] | undefined });
    const [gone] = uuids([whole[29]!]);
    for (const table of ['item_people', 'item_audiences'])
      await sql`delete from ${sql.table(table)} where item_id = ${gone}`.execute(db);
    await sql`delete from items where id = ${gone}`.execute(db);
    world.rows.splice(
      world.rows.findIndex(({ id }) => id === gone),
      1,
    );
    const args = { orderBy: orderBy as ItemOrderInput[] | undefined };
    expect((await pageOf(world, { ...args, first: 100, after: cursors[29]! })).ids).toEqual(whole.slice(30, 130));
    expect((await pageOf(world, { ...args, last: 100, before: cursors[29]! })).ids).toEqual(whole.slice(0, 29));
    const filter: Filter = { private: { eq: false } };
    const some = new Set(expected(world, { filter }));
    expect((await pageOf(world, { ...args, filter, first: 100, after: cursors[29]! })).ids).toEqual(
      whole
        .slice(30)
        .filter((gid) => some.has(gid))
        .slice(0, 100),
    );
  }
});

const uuids = (gids: string[]): string[] => gids.map((gid) => Buffer.from(gid, 'base64url').toString().split(':')[1]!);
const pack = (parts: unknown): string => Buffer.from(JSON.stringify(parts)).toString('base64url');
const unpack = (cursor: string): unknown[] => JSON.parse(Buffer.from(cursor, 'base64url').toString());

test('what is no cursor of this order is BAD_USER_INPUT', async () => {
  const orderBy: ItemOrderInput[] = [{ field: 'DUE_DATE' }, { field: 'ISSUED_AT' }, { field: 'TITLE' }];
  const filter: Filter = { dueDate: { null: false }, issuedAt: { null: false } };
  const good = (await pageOf(world, { orderBy, filter, first: 1 })).cursors[0]!;
  const [digest, day, time, title, id] = unpack(good) as string[];
  const cursorOf = async (order: ItemOrderInput[] | undefined) =>
    (await pageOf(world, { orderBy: order, first: 1 })).cursors[0]!;
  const { project } = await world.get(
    world.ann,
    `{ project(id: "${world.projects[0]!.gid}") { members(first: 1) { edges { cursor } } } }`,
  );
  const bad: Record<string, string> = {
    'of newest first': await cursorOf(undefined),
    'of the other direction': await cursorOf(orderBy.map((key) => ({ ...key, direction: 'DESC' }))),
    'of one key the other way': await cursorOf([orderBy[0]!, orderBy[1]!, { field: 'TITLE', direction: 'DESC' }]),
    'of nulls elsewhere': await cursorOf(orderBy.map((key) => ({ ...key, nulls: 'FIRST' }))),
    'of fewer keys': await cursorOf(orderBy.slice(0, 2)),
    'of other keys': await cursorOf([{ field: 'ISSUED_AT' }, { field: 'DUE_DATE' }, { field: 'TITLE' }]),
    'of a list of people': project.members.edges[0].cursor,
    empty: '',
    'a text': 'next page please',
    'an offset': '25',
    'cut off': good.slice(0, -9),
    'with a letter too many': `A${good}`,
    'not base64': `${good}=!?`,
    'not UTF-8': Buffer.from([0xff, 0xfe, 0x80]).toString('base64url'),
    'no list': pack({ digest, day, time, title, id }),
    'an empty list': pack([]),
    null: pack(null),
    'no digest': pack([day, time, title, id]),
    'too few values': pack([digest, day, time, title]),
    'too many values': pack([digest, day, time, title, id, id]),
    'an id that is none': pack([digest, day, time, title, 'x']),
    'an id in capitals': pack([digest, day, time, title, 'ABCDEF00-0000-7000-8000-000000000000']),
    'no id': pack([digest, day, time, title, null]),
    'a null that cannot be': pack([digest, day, time, null, id]),
    'a number for a text': pack([digest, day, time, 7, id]),
    'a list for a text': pack([digest, day, time, ['x'], id]),
    'an object for a text': pack([digest, day, time, {}, id]),
    'a NUL in a text': pack([digest, day, time, 'a\0b', id]),
    'half a character in a text': Buffer.from(`["${digest}","${day}","${time}","\\ud800","${id}"]`).toString(
      'base64url',
    ),
    ...Object.fromEntries(
      [
        '2024-02-30',
        '2023-02-29',
        '2024-13-01',
        '2024-00-10',
        '0000-01-01',
        '24-01-01',
        '2024-1-1',
        'infinity',
        'today',
        '2024-01-01 BC',
        '',
      ].map((text) => [`the day ${text}`, pack([digest, text, time, title, id])]),
    ),
    ...Object.fromEntries(
      [
        '2024-02-30 10:00:00+00',
        '2024-02-28 25:00:00+00',
        '2024-02-28 10:61:00+00',
        '2024-02-28 10:00:61+00',
        '0000-02-28 10:00:00+00',
        '2024-02-28 10:00:00+99',
        '2024-02-28 10:00:00+16',
        '2024-02-28 10:00:00-24:00',
        '2024-02-28 10:00:00+10:60',
        '2024-02-28 10:00:00.1234567+00',
        '2024-02-28 10:00:00',
        '2024-02-28',
        'infinity',
        'now',
        "2024-02-28 10:00:00+00' or true --",
      ].map((text) => [`the time ${text}`, pack([digest, day, text, title, id])]),
    ),
    'a bomb of brackets': Buffer.from('['.repeat(200_000)).toString('base64url'),
    'a bomb of nested lists': Buffer.from('['.repeat(200_000) + ']'.repeat(200_000)).toString('base64url'),
    'a huge list': pack(Array.from({ length: 100_000 }, () => 1)),
    'a huge text': pack([digest, day, time, 'x'.repeat(500_000), id]),
  };
  for (const [what, cursor] of Object.entries(bad)) {
    for (const args of [{ after: cursor }, { before: cursor }, { last: 3, before: cursor, after: good }]) {
      const { data, errors } = await world.ask(world.ann, PAGE, { filter, orderBy, ...args });
      expect(errors, `${what}: ${JSON.stringify(args).slice(0, 200)}`).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT' } },
      ]);
      expect(data?.items ?? null).toBe(null);
      expect(errors![0].message).toContain(
        cursor === good
          ? ''
          : `${'after' in args && args.after === cursor ? 'after' : 'before'}: "${cursor.slice(0, 40)}`,
      );
      expect(errors![0].message.length).toBeLessThan(300);
    }
  }
  // the same by hand with values that could be: a cursor is no secret, and shows nothing but what the viewer sees
  for (const parts of [
    [digest, null, null, 'm', id],
    [digest, '9999-12-31', '9999-12-31 23:59:59.999+00', '\u{10ffff}', id],
    [digest, '0001-01-01', '0001-01-01 00:00:00+00', '', id],
    [digest, '2024-02-29', '2024-02-29 23:59:59+05:30', "'; drop table items; --", id],
  ]) {
    const { ids } = await pageOf(world, { filter, orderBy, first: 100, after: pack(parts) });
    expect(expected(world, { filter, orderBy })).toEqual(expect.arrayContaining(ids));
  }
}, 300_000);

test('pages that cannot be are BAD_USER_INPUT', async () => {
  for (const [args, culprit] of [
    [{ first: 101 }, 'first: 101'],
    [{ last: 101 }, 'last: 101'],
    [{ first: -1 }, 'first: -1'],
    [{ last: -2_147_483_648 }, 'last: -2147483648'],
    [{ first: 2_147_483_647 }, 'first: 2147483647'],
    [{ first: 1, last: 1 }, 'first and last'],
    [{ first: 0, last: 0 }, 'first and last'],
    [{ first: 2_147_483_648 }, '2147483648'],
    [{ first: 1.5 }, '1.5'],
    [{ first: '10' }, '"10"'],
    [{ after: 7 }, '7'],
  ] as [object, string][]) {
    const { data, errors } = await world.ask(world.ann, PAGE, { ...args });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors![0].message).toContain(culprit);
    expect(data?.items ?? null).toBe(null);
  }
  const { length: byDefault } = (await pageOf(world, {})).ids;
  expect([byDefault, (await pageOf(world, { first: 100 })).ids.length]).toEqual([25, 100]);
  expect((await pageOf(world, { first: null, last: null, after: null, before: null })).ids.length).toBe(25);
});
