import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { buildSchema, parse, print, validate } from 'graphql';
import { expect, test } from 'vitest';
import { costOf } from '../../src/graph/cost.ts';

const schema = buildSchema(`
  interface Node { id: ID! }
  union Hit = Item | User
  type Query {
    node(id: ID!): Node
    nodes(ids: [ID!]!): [Node]!
    viewer: User!
    hit: Hit
    item(id: ID!): Item
    items(orderBy: [String!], first: Int, after: String, last: Int, before: String): ItemConnection!
    short(first: Int = 3): ItemConnection!
    defaults(toolIds: [ID!]): [Status!]!
    itemStatistics(filter: ItemFilter): [ItemStatistic!]!
  }
  input ItemFilter { title: String ids: [ID!] }
  type ItemStatistic { status: Status! count: Int! }
  type PageInfo { hasNextPage: Boolean! }
  type ItemConnection { nodes: [Item!]! edges: [ItemEdge!]! pageInfo: PageInfo! totalCount: Int! }
  type ItemEdge { cursor: String! node: Item! }
  type Item implements Node {
    id: ID! title: String! tags: [String!]! status: Status! assignees: [User!]! children(first: Int, after: String): ItemConnection!
  }
  type Status { name: String! }
  type User implements Node { id: ID! name: String! vendor: Vendor totalCount: Int }
  type Vendor { name: String! }
  type Mutation {
    createItem(input: CreateItem!): CreateItemPayload!
    batchUpdateItems(input: Batch!): BatchUpdateItemsPayload!
    sync(input: Sync!): SyncPayload!
  }
  input CreateItem { title: String patch: Patch }
  input Patch { title: String assigneeIds: [ID!] }
  input Batch { ids: [ID!] patch: Patch updates: [Update!] dryRun: Boolean }
  input Update { id: ID! patch: Patch }
  input Sync { users: [ID!] vendors: [ID!] }
  type UserError { code: String! path: [String!]! }
  type CreateItemPayload { item: Item userErrors: [UserError!]! }
  type Result { outcome: String! item: Item userErrors: [UserError!]! }
  type BatchUpdateItemsPayload { results: [Result!]! updatedCount: Int! userErrors: [UserError!]! }
  type SyncPayload { created: Int! rows: [Row!]! userErrors: [UserError!]! }
  type Row { id: ID! }
  type Subscription { itemChanged: Item }
`);

const cost = (source: string, variables?: Record<string, unknown>, operationName?: string) =>
  costOf(schema, parse(source), operationName, variables);
const ids = (n: number) => Array.from({ length: n }, (_, i) => String(i));

test.each<[string, number, Record<string, unknown>?]>([
  ['{ __typename }', 0],
  ['{ viewer { id name } }', 1],
  ['{ viewer { id vendor { name } } }', 2],
  ['{ viewer { totalCount } }', 1],
  ['{ a: viewer { id } b: viewer { id } }', 2],
  ['{ items { nodes { id } } }', 1 + 25],
  ['{ items(first: 50) { nodes { id } } }', 1 + 50],
  ['{ items(last: 10) { nodes { id } } }', 1 + 10],
  ['{ items(first: 10, last: 20) { nodes { id } } }', 1 + 20],
  ['{ items(first: null) { nodes { id } } }', 1 + 25],
  ['{ items(first: 0) { nodes { id } } }', 1],
  ['{ items(first: -5) { nodes { id } } }', 1],
  ['{ items(first: 2000000000) { nodes { id } } }', 1 + 100],
  ['{ short { nodes { id } } }', 1 + 3],
  ['{ items(first: 10) { edges { cursor node { id } } } }', 1 + 10 * 2],
  ['{ items(first: 10) { pageInfo { hasNextPage } } }', 1 + 1],
  ['{ items(first: 10) { totalCount } }', 1 + 100],
  ['{ items(first: 10) { t: totalCount nodes { id tags } } }', 1 + 100 + 10],
  ['{ items(first: 10, orderBy: ["a", "b", "c"]) { nodes { id } } }', 1 + 10],
  [
    '{ items(first: 50) { nodes { id status { name } assignees { name vendor { name } } } } }',
    1 + 50 * (1 + 1 + 5 * 2),
  ],
  ['{ items(first: 10) { nodes { children(first: 20) { nodes { id } } } } }', 1 + 10 * (1 + 1 + 20)],
  ['query ($n: Int) { items(first: $n) { nodes { id } } }', 1 + 40, { n: 40 }],
  ['query ($n: Int = 30) { items(first: $n) { nodes { id } } }', 1 + 30],
  ['query ($n: Int = 30) { items(first: $n) { nodes { id } } }', 1 + 60, { n: 60 }],
  ['query ($n: Int = 30) { items(first: $n) { nodes { id } } }', 1 + 25, { n: null }],
  ['query ($n: Int) { items(first: $n) { nodes { id } } }', 1 + 25],
  ['query ($n: Int) { items(first: $n) { nodes { id } } }', 1 + 25, { n: 'many' }],
  ['{ nodes(ids: ["a", "b", "c"]) { id } }', 3],
  ['{ nodes(ids: []) { id } }', 0],
  ['query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', 700, { ids: ids(700) }],
  ['query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', 5, { ids: 'one' }],
  ['{ itemStatistics { count } }', 5],
  ['{ itemStatistics { count status { name } } }', 5 * 2],
  ['{ itemStatistics(filter: null) { count } }', 5],
  ['{ itemStatistics(filter: {}) { count } }', 100 + 5],
  ['{ itemStatistics(filter: { ids: ["a", "b"] }) { count } }', 100 + 5],
  ['{ a: itemStatistics(filter: { title: "x" }) { count } b: itemStatistics { count } }', 100 + 5 + 5],
  ['query ($f: ItemFilter) { itemStatistics(filter: $f) { count } }', 100 + 5, { f: { title: 'x' } }],
  ['query ($f: ItemFilter) { itemStatistics(filter: $f) { count } }', 5, { f: null }],
  ['query ($f: ItemFilter) { itemStatistics(filter: $f) { count } }', 5],
  ['query ($f: ItemFilter = { title: "x" }) { itemStatistics(filter: $f) { count } }', 100 + 5],
  ['{ defaults { name } }', 5],
  ['{ defaults(toolIds: ["a", "b"]) { name } }', 2],
  ['{ node(id: "a") { id ... on Item { title status { name } } ... on User { vendor { name } } } }', 1 + 1 + 1],
  ['{ hit { ... on Item { status { name } } ... { ... on User { id } } } }', 1 + 1],
  ['{ viewer { id vendor @skip(if: true) { name } } }', 1],
  ['{ viewer { id vendor @include(if: false) { name } } }', 1],
  ['{ viewer { id vendor @include(if: true) @skip(if: false) { name } } }', 2],
  [
    'query ($on: Boolean!) { viewer { id ...V @include(if: $on) } } fragment V on User { vendor { name } }',
    1,
    { on: false },
  ],
  [
    'query ($on: Boolean!) { viewer { id ...V @include(if: $on) } } fragment V on User { vendor { name } }',
    2,
    { on: true },
  ],
  ['query ($on: Boolean = false) { viewer { id ... @include(if: $on) { vendor { name } } } }', 1],
  ['{ items(first: 10) { ...C } } fragment C on ItemConnection { nodes { id } totalCount }', 1 + 10 + 100],
  [
    '{ a: items(first: 10) { ...C } b: items(first: 20) { ...C } } fragment C on ItemConnection { nodes { id } }',
    11 + 21,
  ],
  ['mutation { createItem(input: { title: "x" }) { item { id } userErrors { code } } }', 1 + 1 + 5],
  ['mutation { createItem(input: { patch: { assigneeIds: ["a", "b"] } }) { item { id } } }', 1 + 1],
  [
    'mutation ($i: Batch!) { batchUpdateItems(input: $i) { updatedCount } }',
    500,
    { i: { ids: ids(500), dryRun: true } },
  ],
  ['mutation ($i: Batch!) { batchUpdateItems(input: $i) { results { outcome } } }', 500, { i: { ids: ids(500) } }],
  [
    'mutation ($i: Batch!) { batchUpdateItems(input: $i) { results { item { status { name } } userErrors { code } } userErrors { code } } }',
    500 * (1 + 1 + 1 + 5) + 5,
    { i: { updates: ids(500).map((id) => ({ id })) } },
  ],
  ['mutation { batchUpdateItems(input: { updates: [{ id: 1 }, { id: 2 }] }) { results { item { id } } } }', 2 * 2],
  ['mutation ($u: [Update!]) { batchUpdateItems(input: { updates: $u }) { updatedCount } }', 7, { u: ids(7) }],
  ['mutation { batchUpdateItems(input: { ids: [] }) { updatedCount } }', 1],
  ['mutation ($i: Sync!) { sync(input: $i) { rows { id } } }', 5000, { i: { users: ids(3000), vendors: ids(2000) } }],
  ['subscription { itemChanged { status { name } } }', 2],
  ['{ __schema { types { fields { name type { name } } } } }', 500],
  ['{ a: __type(name: "Item") { name } b: __type(name: "Item") { name } }', 1000],
  // what validation has refused before is not our business, but must do no harm
  ['{ nobody { knows } viewer { what { is } } ...Missing }', 1],
  ['{ items { ...A } } fragment A on ItemConnection { nodes { id } ...B } fragment B on ItemConnection { ...A }', 26],
])('%s costs %d', (source, expected, variables) => {
  expect(cost(source, variables)).toBe(expected);
});

test('a page of fifty items with their people, and a batch of five hundred, cost well under what one may', async () => {
  const real = buildSchema(await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8'));
  const person = '{ id name vendor { name } }';
  const page = parse(`query ($project: ID!) {
    project(id: $project) {
      items(first: 50) {
        nodes {
          id number title genericTool { title } status { name } createdBy ${person} assignees ${person} distributionMembers ${person}
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`);
  expect(validate(real, page)).toEqual([]);
  expect(costOf(real, page)).toBe(1 + 1 + 1 + 50 * (1 + 1 + 1 + 2 + 10 + 10));
  const batch = parse(`mutation ($input: BatchUpdateItemsInput!) {
    batchUpdateItems(input: $input) {
      updatedCount
      results { id outcome item { number status { name } } userErrors { code message path } }
      userErrors { code message path }
    }
  }`);
  expect(validate(real, batch)).toEqual([]);
  expect(costOf(real, batch, null, { input: { ids: ids(500), patch: { statusName: 'Open' } } })).toBe(500 * 8 + 5);
});

test('only the operation that runs is counted', () => {
  const source = 'query A { viewer { id } } query B { items { nodes { id } } }';
  expect(cost(source, {}, 'A')).toBe(1);
  expect(cost(source, {}, 'B')).toBe(26);
  expect(cost(source, {}, 'C')).toBe(0);
});

test('a bomb of fragments is weighed in no time, and is too dear', () => {
  const levels = Array.from({ length: 500 }, (_, n) => {
    const spread = n === 499 ? 'id' : `a: children { nodes { ...F${n + 1} } } b: children { nodes { ...F${n + 1} } }`;
    return `fragment F${n} on Item { ${spread} }`;
  });
  const document = parse(`{ item(id: 1) { ...F0 } } ${levels.join(' ')}`);
  const before = performance.now();
  expect(costOf(schema, document)).toBe(Number.MAX_SAFE_INTEGER);
  expect(performance.now() - before).toBeLessThan(2_000);
});

/** Selections of an Item, or of what hangs on it, that are valid whatever comes. */
const { item: itemSelection } = fc.letrec<{ item: string; some: string[] }>((tie) => ({
  item: tie('some').map((fields) => ['id', ...fields.map((field, n) => field.replace('#', String(n)))].join(' ')),
  some: fc.array(
    fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('title', 'f#: status { name }', 'f#: assignees { id vendor { name } }'),
      tie('item').map((inner) => `f#: children { nodes { ${inner} } }`),
      fc
        .tuple(fc.integer({ min: 0, max: 100 }), fc.boolean(), tie('item'))
        .map(([first, count, inner]) =>
          count
            ? `f#: children(first: ${first}) { totalCount edges { node { ${inner} } } }`
            : `f#: children(first: ${first}) { nodes { ${inner} } }`,
        ),
      tie('item').map((inner) => `... on Item { ${inner} }`),
    ),
    { maxLength: 3 },
  ),
}));

test('asking for more never costs less, and a fragment costs what its fields cost', () => {
  fc.assert(
    fc.property(itemSelection, itemSelection, fc.integer({ min: 0, max: 99 }), (one, more, first) => {
      const ask = (fields: string, size = first) => `query { items(first: ${size}) { nodes { ${fields} } } }`;
      const alone = cost(ask(one));
      const together = `${one} ... on Item { x: children { nodes { ${more} } } }`;
      expect(cost(ask(together))).toBeGreaterThanOrEqual(alone);
      expect(cost(ask(one, first + 1))).toBeGreaterThanOrEqual(alone);
      expect(cost(`${ask('...F')} fragment F on Item { ${one} }`)).toBe(alone);
      expect(cost(print(parse(ask(one))))).toBe(alone);
    }),
    { numRuns: 150 },
  );
});
