import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IDFilter, StringFilter } from '../../src/item/item.comparators.ts';
import { newId, toGlobalId } from '../../src/kernel/ids.ts';
import { STATUS_CATEGORIES } from '../../src/tool/tool.policy.ts';
import { createWorld } from '../kit/world.ts';
import { createManyItems, idsOf, type ManyItems } from './manyItems.ts';
import { type Filter, holds } from './plainList.ts';

let world: ManyItems;
beforeAll(async () => {
  world = await createManyItems();
});
afterAll(() => world[Symbol.asyncDispose]());

const nobodys = (type: string): string => toGlobalId(type, newId(new Date(0)));

/** The ids that a filter must find, worked out in plain TypeScript; archived ones only when asked for. */
const expected = ({ rows, ann, clock }: ManyItems, filter: Filter): string[] =>
  rows
    .filter((item) => item.archived === (filter.archived === true))
    .filter((item) => holds(item, filter, { me: ann.gid, now: clock.now() }))
    .map(({ gid }) => gid)
    .sort();

const found = async (world: ManyItems, filter: Filter): Promise<string[]> => (await idsOf(world, { filter })).sort();

/** Every comparator of every field, with values that some items have. */
function singleFilters({ rows, people, vendors, projects, tools }: ManyItems): Filter[] {
  const gids = (things: { gid: string }[]) => things.map(({ gid }) => gid);
  const idFields: [keyof Filter, string[], string][] = [
    ['project', gids(projects), 'Project'],
    ['genericTool', gids(tools), 'GenericTool'],
    ['status', gids(rows.map(({ status }) => status)), 'GenericToolStatus'],
    ['createdBy', gids(people), 'User'],
    ['receivedFrom', gids(people), 'User'],
    ['assignee', gids(people), 'User'],
    ['distributionMember', gids(people), 'User'],
    ['vendor', gids(vendors), 'Vendor'],
  ];
  const ids = idFields.flatMap(([field, values, type]): Filter[] => {
    const [one, other] = [values[0]!, values[1]!];
    const comparators: IDFilter[] = [
      { eq: one },
      { eq: nobodys(type) },
      { in: [one, other, nobodys(type)] },
      { in: [] },
      { notIn: [one, other] },
      { notIn: [nobodys(type)] },
      { notIn: [] },
      { null: true },
      { null: false },
      { in: [one, other], notIn: [one] },
      { eq: null, in: null, notIn: null, isMe: null, null: null },
      {},
      ...(type === 'User' ? [{ isMe: true }, { isMe: false }, { isMe: true, eq: other }] : []),
    ];
    return comparators.map((comparator) => ({ [field]: comparator }));
  });
  const texts = (field: 'title' | 'number' | 'statusName', some: string[], part: string, start: string): Filter[] =>
    (
      [
        { eq: some[0]!.toUpperCase() },
        { eq: 'nothing of the sort' },
        { in: [some[0]!.toLowerCase(), some[1]!.toUpperCase(), 'nothing of the sort'] },
        { in: [] },
        { contains: part },
        { contains: '' },
        { startsWith: start },
        { startsWith: part },
        { startsWith: '' },
        { null: true },
        { null: false },
        {},
      ] satisfies StringFilter[]
    ).map((comparator) => ({ [field]: comparator }));
  const ranges = (field: 'dueDate' | 'createdAt' | 'updatedAt' | 'issuedAt' | 'closedAt'): Filter[] => {
    const values = rows.map((item) => item[field]).filter((value) => value !== null);
    const [low, high] = [values.toSorted()[Math.floor(values.length / 4)]!, values.toSorted().at(-20)!];
    return [
      ...(field === 'dueDate' ? [{ eq: low }] : []),
      { gte: low },
      { gt: low },
      { lte: low },
      { lt: low },
      { gte: low, lt: high },
      { gt: high, lt: low },
      { null: true },
      { null: false },
      { null: false, gt: low },
      { null: true, gt: low },
      {},
    ].map((comparator) => ({ [field]: comparator }));
  };
  const [draft, open, won] = ['DRAFT', 'OPEN', 'CLOSED_SUCCESSFUL'] as const;
  return [
    {},
    ...ids,
    ...texts('title', ['Broken lintel', 'ÉCLAIRAGE'], 'LAIRAG', 'éCL'),
    ...texts('number', [rows[0]!.number, rows[1]!.number], 'INTERIOR-', 'dr-'),
    ...texts('statusName', ['On Hold', 'Won'], 'O', 'c'),
    // letters beyond ASCII
    ...['дверь', 'ДВЕРЬ', 'åNGSTRÖM', 'ωMEGA', 'Zürich', 'ZÜRICH'].map((contains) => ({ title: { contains } })),
    // what LIKE takes for more than itself
    ...['%', '_', '50%', 'a_b', '\\', 'C:\\', '\\plans', '%%', "'", '"'].flatMap((text) => [
      { title: { contains: text } },
      { title: { startsWith: text } },
      { query: text },
    ]),
    { query: 'lintel' },
    { query: 'LINTEL broken' },
    { query: ' lintel\t\ncracked ' },
    { query: 'drawing 100%' },
    { query: 'ärger dr-' },
    { query: '' },
    { query: '   ' },
    { query: 'lintel door' },
    { private: { eq: true } },
    { private: { eq: false } },
    { private: {} },
    { overdue: { eq: true } },
    { overdue: { eq: false } },
    { overdue: { eq: null } },
    { archived: true },
    { archived: false },
    { archived: null },
    { archived: true, private: { eq: true } },
    { statusCategory: { eq: open } },
    { statusCategory: { in: [draft, won] } },
    { statusCategory: { in: [] } },
    { statusCategory: { notIn: [open, draft] } },
    { statusCategory: { notIn: [] } },
    { statusCategory: { notIn: [...STATUS_CATEGORIES] } },
    { statusCategory: { eq: open, in: [draft] } },
    { ids: [rows[0]!.gid, rows[7]!.gid, nobodys('Item')] },
    { ids: [] },
    ...ranges('dueDate'),
    ...ranges('createdAt'),
    ...ranges('updatedAt'),
    ...ranges('issuedAt'),
    ...ranges('closedAt'),
    { and: [] },
    { or: [] },
    { and: [], or: [], title: { contains: 'lintel' } },
    { or: [{ title: { contains: 'lintel' } }, { private: { eq: true } }] },
    { and: [{ title: { contains: 'lintel' } }, { private: { eq: true } }] },
    { or: [{}, { ids: [] }] },
    { and: [{}, { ids: [] }] },
    { not: {} },
    { not: { ids: [] } },
    { not: { not: { title: { contains: 'lintel' } } } },
    // of what is missing
    { not: { dueDate: { gt: '2026-03-01' } } },
    { not: { dueDate: { null: true } } },
    { not: { closedAt: { lt: '2026-03-02T00:00:00Z' } } },
    { not: { receivedFrom: { isMe: true } } },
    { not: { receivedFrom: { notIn: gids(people) } } },
    { not: { assignee: { eq: people[1]!.gid } } },
    { not: { or: [{ dueDate: { gt: '2026-03-01' } }, { receivedFrom: { isMe: true } }] } },
    { not: { and: [{ dueDate: { gt: '2026-03-01' } }, { receivedFrom: { isMe: false } }] } },
    { project: null, title: null, and: null, or: null, not: null, ids: null, query: null, dueDate: null },
  ];
}

test('every comparator finds what a plain evaluation finds', async () => {
  const filters = singleFilters(world);
  const wrong: unknown[] = [];
  const sizes = new Set<number>();
  const compare = async (filter: Filter) => {
    const [theirs, ours] = [await found(world, filter), expected(world, filter)];
    sizes.add(ours.length);
    if (String(theirs) !== String(ours)) wrong.push({ filter, found: theirs.length, expected: ours.length });
  };
  for (let n = 0; n < filters.length; n += 10) await Promise.all(filters.slice(n, n + 10).map(compare));
  expect(wrong).toEqual([]);
  // the table proves something: its filters find nothing, everything, and much between
  expect(filters.length).toBeGreaterThan(200);
  expect(sizes.size).toBeGreaterThan(30);
  expect([sizes.has(0), sizes.has(104)]).toEqual([true, true]);
}, 300_000);

/** Filters of all kinds, nested `depth` deep. */
function filters({ rows, people, vendors, projects, tools }: ManyItems): fc.Arbitrary<Filter> {
  const gids = (things: { gid: string }[]) => [...new Set(things.map(({ gid }) => gid))];
  const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 8 });
  /** one comparator of several, seldom two */
  const comparing = (comparators: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> => {
    const one = fc
      .constantFrom(...Object.keys(comparators))
      .chain((name) => maybe(comparators[name]!).map((value) => ({ [name]: value })));
    return fc.oneof(
      { weight: 4, arbitrary: one },
      fc.tuple(one, one).map(([a, b]) => ({ ...a, ...b })),
    );
  };
  const ids = (values: string[], type: string, people = false) => {
    const id = fc.constantFrom(...values, nobodys(type));
    const list = fc.array(id, { maxLength: 3 });
    const common = { eq: id, in: list, notIn: list, null: fc.boolean() };
    return comparing(people ? { ...common, isMe: fc.boolean() } : common);
  };
  const texts = (values: string[]) => {
    const value = fc.constantFrom(...values);
    const part = fc
      .tuple(value, fc.nat(6), fc.integer({ min: 1, max: 4 }))
      .map(([text, from, length]) => text.slice(from, from + length));
    const cased = (text: fc.Arbitrary<string>) =>
      fc.tuple(text, fc.boolean()).map(([it, upper]) => (upper ? it.toUpperCase() : it));
    const list = fc.array(cased(value), { maxLength: 3 });
    return comparing({
      eq: cased(value),
      in: list,
      contains: cased(part),
      startsWith: cased(part),
      null: fc.boolean(),
    });
  };
  const range = (field: 'dueDate' | 'createdAt' | 'updatedAt' | 'issuedAt' | 'closedAt') => {
    const value = fc.constantFrom(...new Set(rows.map((item) => item[field]).filter((it) => it !== null)));
    const common = { gte: value, gt: value, lte: value, lt: value, null: fc.boolean() };
    return comparing(field === 'dueDate' ? { ...common, eq: value } : common);
  };
  const person = ids(gids(people), 'User', true);
  const category = fc.constantFrom(...STATUS_CATEGORIES);
  const flag = comparing({ eq: fc.boolean() });
  const fields: Record<string, fc.Arbitrary<unknown>> = {
    ids: fc.array(fc.constantFrom(...gids(rows)), { maxLength: 40 }),
    project: ids(gids(projects), 'Project'),
    genericTool: ids(gids(tools), 'GenericTool'),
    status: ids(gids(rows.map(({ status }) => status)), 'GenericToolStatus'),
    statusName: texts(['Draft', 'Open', 'On Hold', 'Closed', 'Won', 'Lost']),
    statusCategory: comparing({
      eq: category,
      in: fc.array(category, { maxLength: 3 }),
      notIn: fc.array(category, { maxLength: 3 }),
    }),
    number: texts(rows.map(({ number }) => number)),
    title: texts(rows.map(({ title }) => title)),
    query: fc
      .array(fc.constantFrom('lintel', 'BROKEN', '100%', 'dr', 'é', '_', ''), { maxLength: 3 })
      .map((words) => words.join(' ')),
    private: flag,
    overdue: flag,
    createdBy: person,
    receivedFrom: person,
    assignee: person,
    distributionMember: person,
    vendor: ids(gids(vendors), 'Vendor'),
    dueDate: range('dueDate'),
    createdAt: range('createdAt'),
    updatedAt: range('updatedAt'),
    issuedAt: range('issuedAt'),
    closedAt: range('closedAt'),
  };
  const leaf = fc
    .constantFrom(...Object.keys(fields))
    .chain((name) => maybe(fields[name]!).map((value) => ({ [name]: value }) as Filter));
  const nested = (depth: number): fc.Arbitrary<Filter> => {
    if (depth === 0) return fc.oneof(leaf, fc.constant({}));
    const inner = nested(depth - 1);
    const list = fc.array(inner, { maxLength: 3 });
    const branch = fc.oneof(
      list.map((and) => ({ and })),
      list.map((or) => ({ or })),
      inner.map((not) => ({ not })),
      leaf,
    ) as fc.Arbitrary<Filter>;
    return fc.array(branch, { minLength: 1, maxLength: 2 }).map((parts) => Object.assign({}, ...parts));
  };
  return nested(3);
}

test('any nested filter finds what a plain evaluation finds', async () => {
  let something = 0;
  await fc.assert(
    fc.asyncProperty(filters(world), async (filter) => {
      const ours = expected(world, filter);
      if (ours.length > 0 && ours.length < 104) something += 1;
      expect(await found(world, filter)).toEqual(ours);
    }),
    { numRuns: 30 },
  );
  // a fair part of the filters says something about these items: 30 drawn anew each time, some 12 as a rule
  expect(something).toBeGreaterThan(2);
}, 300_000);

test('what somebody does not see is found by no filter, not even by one that denies', async () => {
  const hidden = world.hidden.map(({ gid }) => gid);
  const [one] = world.hidden;
  for (const filter of [
    { ids: hidden },
    { not: { ids: world.rows.slice(0, 50).map(({ gid }) => gid) } },
    { not: { title: { eq: 'nothing' } } },
    { genericTool: { eq: one!.tool.gid } },
    { status: { eq: one!.status.gid } },
    { project: { in: world.hidden.map(({ project }) => project.gid).slice(0, 50) } },
    { genericTool: { notIn: world.tools.map(({ gid }) => gid) } },
    { archived: true },
    { archived: true, not: {} },
    { number: { eq: one!.number } },
  ] satisfies Filter[]) {
    const seen = await found(world, filter);
    expect(seen.filter((id) => hidden.includes(id))).toEqual([]);
    expect(seen).toEqual(expected(world, filter));
  }
});

test('archived items are found only by ADMINs, and only when asked for', async () => {
  const stan = await world.person('Stan Standard');
  for (const project of world.projects)
    for (const tool of world.tools) await world.grant(stan, project, tool, 'STANDARD');
  const archived = world.rows.filter((item) => item.archived).map(({ gid }) => gid);
  const ask = 'query ($filter: ItemFilter) { items(filter: $filter, first: 100) { totalCount nodes { id } } }';
  for (const filter of [{ archived: true }, { archived: true, ids: archived }, { ids: archived }])
    expect((await world.get(stan, ask, { filter })).items).toEqual({ totalCount: 0, nodes: [] });
  expect(await found(world, { archived: true })).toEqual(archived.toSorted());
  expect(await found(world, { ids: archived })).toEqual([]);
});

test('overdue goes by the day of each project', async () => {
  // midnight in Auckland is 11:00 UTC, in Los Angeles 08:00 UTC
  for (const time of [
    '2026-03-01T10:59:59.000Z',
    '2026-03-01T11:00:00.000Z',
    '2026-03-02T07:59:59.000Z',
    '2026-03-02T08:00:00.000Z',
    '2026-03-02T10:59:59.000Z',
    '2026-03-02T11:00:00.000Z',
  ]) {
    world.clock.set(time);
    const overdue = expected(world, { overdue: { eq: true } });
    expect(overdue.length).toBeGreaterThan(3);
    expect(await found(world, { overdue: { eq: true } }), time).toEqual(overdue);
    const { items } = await world.get(world.ann, '{ items(first: 100) { nodes { id isOverdue } } }');
    for (const { id, isOverdue } of items.nodes) expect(isOverdue).toBe(overdue.includes(id));
  }
});

const list = <T>(length: number, value: T): T[] => Array.from({ length }, () => value);
const user = nobodys('User');

const REFUSED: [what: string, filter: unknown, culprit: string][] = [
  ['a fourth level of not', { not: { not: { not: { not: {} } } } }, 'filter.not.not.not.not'],
  ['a fourth level of and', { and: [{ and: [{ and: [{ and: [{}] }] }] }] }, 'filter.and.0.and.0.and.0.and.0'],
  ['a fourth level of all kinds', { or: [{}, { not: { and: [{ or: [{}] }] } }] }, 'filter.or.1.not.and.0.or.0'],
  ['51 filters in or', { or: list(51, {}) }, 'filter.or'],
  ['a bomb of filters', { and: list(20, { or: list(20, { overdue: { eq: true } }) }) }, 'filter: more than 300'],
  ['a bomb of nothing', { and: list(50, { and: list(50, { and: list(50, {}) }) }) }, 'filter: more than 300'],
  ['51 ids', { ids: list(51, nobodys('Item')) }, 'filter.ids'],
  ['51 of one', { createdBy: { in: list(51, user) } }, 'filter.createdBy.in'],
  ['51 of many', { assignee: { notIn: list(51, user) } }, 'filter.assignee.notIn'],
  ['51 projects', { project: { in: list(51, nobodys('Project')) } }, 'filter.project.in'],
  ['51 titles', { title: { in: list(51, 'x') } }, 'filter.title.in'],
  ['51 categories', { statusCategory: { in: list(51, 'OPEN') } }, 'filter.statusCategory.in'],
  ['isMe of a project', { project: { isMe: true } }, 'filter.project.isMe'],
  ['isMe of a tool', { or: [{ genericTool: { isMe: false } }] }, 'filter.or.0.genericTool.isMe'],
  ['isMe of a status', { status: { isMe: true } }, 'filter.status.isMe'],
  ['isMe of a vendor', { vendor: { isMe: false } }, 'filter.vendor.isMe'],
  ['an id that is none', { project: { eq: '219542' } }, 'filter.project.eq: "219542"'],
  ['an id of another type', { assignee: { in: [user, nobodys('Vendor')] } }, 'filter.assignee.in: '],
  ['an item that is a user', { ids: [user] }, 'filter.ids'],
  ['a tool that is a project', { genericTool: { eq: nobodys('Project') } }, 'filter.genericTool.eq'],
  ['an empty id', { status: { notIn: [''] } }, 'filter.status.notIn: ""'],
  ['archived below the top', { and: [{ archived: true }] }, 'filter.and.0.archived'],
  ['archived: false below the top', { not: { archived: false } }, 'filter.not.archived'],
  ['a NUL', { title: { contains: 'a\0b' } }, 'filter.title.contains'],
  ['a NUL in a query', { query: 'a\0b' }, 'filter.query'],
  ['a control character', { number: { eq: 'DR-\u001b1' } }, 'filter.number.eq'],
  ['half a character', { statusName: { in: ['\ud800'] } }, 'filter.statusName.in'],
  ['a text of 256 characters', { title: { eq: 'x'.repeat(256) } }, 'filter.title.eq: 256 characters'],
  ['256 wildcards', { title: { startsWith: '%'.repeat(256) } }, 'filter.title.startsWith: 256 characters'],
  ['a query of 256 characters', { query: 'x'.repeat(256) }, 'filter.query: 256 characters'],
  ['a query of 11 words', { query: 'a b c d e f g h i j k' }, 'filter.query: 11 words'],
  ['a date that is none', { dueDate: { eq: '08/31/2020' } }, '08/31/2020'],
  ['a day that there is not', { dueDate: { lt: '2026-02-30' } }, '2026-02-30'],
  ['a date for a moment', { createdAt: { gt: '2026-02-28' } }, '2026-02-28'],
  ['a category that there is not', { statusCategory: { eq: 'LOST' } }, 'LOST'],
  ['a field that there is not', { colour: { eq: 'red' } }, 'colour'],
];

test('what makes no sense is BAD_USER_INPUT and named', async () => {
  await using world = await createWorld();
  const ann = await world.person('Ann Example');
  const tower = await world.project('Tower');
  await world.member(ann, tower);
  for (const [what, filter, culprit] of REFUSED) {
    const sources = [
      'query ($filter: ItemFilter) { items(filter: $filter) { nodes { id } } }',
      'query ($filter: ItemFilter) { items(filter: $filter, orderBy: [{ field: TITLE }]) { totalCount } }',
      `query ($filter: ItemFilter) { project(id: "${tower.gid}") { items(filter: $filter) { totalCount } } }`,
    ];
    // a hundred thousand filters take a second to be read
    for (const source of what === 'a bomb of nothing' ? sources.slice(0, 1) : sources) {
      const { errors } = await world.ask(ann, source, { filter });
      expect(errors, what).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(errors![0].message, what).toContain(culprit);
    }
  }
});

test('what is just within the limits is taken', async () => {
  const ids = world.rows.slice(0, 50).map(({ gid }) => gid);
  const wild = '%_\\'.repeat(85);
  for (const filter of [
    { ids },
    { project: { in: list(50, world.projects[0]!.gid) } },
    { assignee: { notIn: list(50, user) } },
    { title: { in: list(50, 'Zebra Crossing') } },
    { or: list(50, { title: { eq: 'zebra crossing' } }) },
    {
      or: list(50, {
        title: { contains: 'zebra' },
        dueDate: { gte: '2026-03-01', null: false },
        createdBy: { isMe: false },
      }),
    },
    { and: [{ or: [{ not: { title: { eq: 'zebra crossing' } } }] }] },
    { not: { title: { contains: wild } } },
    { not: { title: { startsWith: wild } } },
    { not: { title: { eq: 'İ'.repeat(255) } } },
    { not: { query: wild } },
    { query: 'z e b r a c o s n' },
    { createdAt: { gte: '0001-01-01T00:00:00Z', lt: '9999-12-31T23:59:59.999Z' } },
    { not: { closedAt: { gt: '0001-01-01T00:00:00+00:00' } } },
    { issuedAt: { lte: '9999-12-31T00:00:00-23:59' } },
    { updatedAt: { gt: '2026-03-01T23:59:59.123456789+05:45' } },
    { dueDate: { gt: '0001-01-01', lt: '9999-12-31' } },
  ] satisfies Filter[]) {
    expect(await found(world, filter)).toEqual(expected(world, filter));
  }
  expect(wild.length).toBe(255);
});
