import { afterAll, beforeAll, expect, test } from 'vitest';
import { ITEM_ORDER_FIELDS } from '../../src/item/item.order.ts';
import type { Person, Project } from '../kit/world.ts';
import { createPlaces, nodesOf, type Places, type Plan } from './places.ts';
import type { Filter } from './plainList.ts';

let world: Places;
beforeAll(async () => {
  world = await createPlaces();
}, 120_000);
afterAll(() => world[Symbol.asyncDispose]());

const LIST = `query ($project: ID!, $filter: ItemFilter, $orderBy: [ItemOrder!], $after: String) {
  project(id: $project) { items(first: 50, after: $after, filter: $filter, orderBy: $orderBy) { nodes { id } pageInfo { endCursor hasNextPage } } } }`;
const EVERYWHERE = `query ($filter: ItemFilter, $orderBy: [ItemOrder!]) {
  items(first: 50, filter: $filter, orderBy: $orderBy) { nodes { id } } }`;

/** The plan of the statement that the gateway sends for a page, and what it answers. */
async function planOf(who: Person, source: string, variables: Record<string, unknown>) {
  const { statements } = world;
  const before = statements.texts.length;
  const data = await world.get(who, source, variables);
  const sent = statements.texts.map((text, n) => ({ text, values: statements.values[n]! })).slice(before);
  const [{ text, values }] = sent.filter((one) => one.text.includes('page as materialized')) as [(typeof sent)[0]];
  const plan = await world.explain(text, values);
  const page = nodesOf(plan).find((node) => node['Subplan Name'] === 'CTE page')!;
  return { plan, page, list: data.project?.items ?? data.items };
}

const inTower = (filter?: Filter) => ({
  project: world.tower.gid,
  filter: { genericTool: { eq: world.tool.gid }, ...filter },
});
const buffersOf = (plan: Plan): number => plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
const scansOf = (plan: Plan): string[] =>
  nodesOf(plan)
    .filter((node) => node['Node Type'] === 'Seq Scan' && /^item/.test(node['Relation Name']!))
    .map((node) => `all of ${node['Relation Name']}`);

test('the ids of a page, newest first, are read from the index of audiences alone, whoever asks and however far behind', async () => {
  const asked: [string, Person, Project, number][] = [
    ['READ_ONLY', world.rob, world.tower, 50],
    ['STANDARD', world.stan, world.tower, 50],
    ['ADMIN', world.ada, world.tower, 50],
    ['VIEW_VENDOR_ITEMS', world.vic, world.tower, 50],
    ['who sees 100 of 10,000', world.fay, world.dark, 50],
    ['a vendor among 10,000 private ones', world.vic, world.dark, 50],
  ];
  for (const [kind, who, project, count] of asked) {
    let after: string | null = null;
    for (const turn of [1, 2]) {
      const { plan, page, list } = await planOf(who, LIST, { ...inTower(), project: project.gid, after });
      const tables = nodesOf(page).filter((node) => node['Relation Name']);
      expect([kind, turn, list.nodes.length]).toEqual([kind, turn, count]);
      expect(new Set(tables.map((node) => `${node['Node Type']} ${node['Index Name']}`)), kind).toEqual(
        new Set(['Index Only Scan item_audiences_page']),
      );
      expect(tables.reduce((sum, node) => sum + node['Heap Fetches']!, 0)).toBe(0);
      expect(buffersOf(page), kind).toBeLessThanOrEqual(60);
      // so is whether anything lies before it: no range is read from end to end
      const ranges = nodesOf(plan).filter((node) => node['Index Name'] === 'item_audiences_page');
      expect(
        ranges.reduce((sum, node) => sum + (node['Rows Removed by Filter'] ?? 0), 0),
        kind,
      ).toBe(0);
      after = list.pageInfo.endCursor;
    }
  }
}, 60_000);

// 10,000 items in the place: whoever reads them all looks at some 10,000 buffers
const FAR_FEWER = 2_500;

test('no order reads the whole place, from either end, with what has no value first or last, nor any table of items as a whole', async () => {
  const read: Record<string, number> = {};
  for (const who of [world.stan, world.ada, world.vic]) {
    for (const field of ITEM_ORDER_FIELDS) {
      for (const direction of ['ASC', 'DESC']) {
        for (const nulls of ['FIRST', 'LAST']) {
          const { plan, page } = await planOf(who, LIST, { ...inTower(), orderBy: [{ field, direction, nulls }] });
          expect(scansOf(plan), `${who.name} ${field} ${direction}`).toEqual([]);
          read[`${who.name}: ${field} ${direction} ${nulls}`] = buffersOf(page);
        }
      }
    }
  }
  expect(Object.entries(read).filter(([, buffers]) => buffers > FAR_FEWER)).toEqual([]);
}, 120_000);

test('no common filter reads a table of items as a whole; nor the whole place, whether it fits many or few', async () => {
  const [one, other] = world.crowd;
  const { Draft, Open } = world.tool.statuses;
  const filters: Record<string, Filter> = {
    status: { status: { eq: Open!.gid } },
    drafts: { status: { eq: Draft!.gid } },
    category: { statusCategory: { in: ['CLOSED'] } },
    'category of drafts': { statusCategory: { eq: 'DRAFT' } },
    private: { private: { eq: true } },
    public: { private: { eq: false } },
    creator: { createdBy: { in: [one!.gid, other!.gid] } },
    sender: { receivedFrom: { eq: one!.gid } },
    assignee: { assignee: { eq: one!.gid } },
    'not an assignee': { assignee: { notIn: [one!.gid] } },
    'distribution member': { distributionMember: { eq: one!.gid } },
    'the viewer': { assignee: { isMe: true } },
    ids: { ids: [] },
    'a day': { dueDate: { eq: '2025-01-20' } },
    'due since': { dueDate: { gte: '2025-01-10' } },
    'not due': { dueDate: { null: true } },
    'created in an hour': { createdAt: { gte: '2025-01-05T00:00:00Z', lt: '2025-01-05T01:00:00Z' } },
    'updated since': { updatedAt: { gte: '2025-01-10T00:00:00Z' } },
    overdue: { overdue: { eq: true } },
    'a number': { number: { eq: '300' } },
    'a title': { title: { eq: 'nobody called it this' } },
    'part of most titles': { title: { contains: 'a' } },
  };
  const read: Record<string, number> = {};
  for (const who of [world.stan, world.ada]) {
    for (const [name, filter] of Object.entries(filters)) {
      for (const field of ['CREATED_AT', 'DUE_DATE', 'TITLE']) {
        const { plan, page } = await planOf(who, LIST, { ...inTower(filter), orderBy: [{ field, direction: 'DESC' }] });
        expect(scansOf(plan), `${name} ${field}`).toEqual([]);
        read[`${who.name}: ${name} by ${field}`] = buffersOf(page);
      }
    }
  }
  expect(Object.entries(read).filter(([, buffers]) => buffers > FAR_FEWER)).toEqual([]);
}, 120_000);

test('of all projects together no table of items is read as a whole', async () => {
  for (const who of [world.stan, world.ada, world.fay]) {
    for (const [filter, field] of [
      [undefined, 'CREATED_AT'],
      [{ statusCategory: { eq: 'OPEN' } }, 'CREATED_AT'],
      [{ assignee: { isMe: true } }, 'DUE_DATE'],
    ] as [Filter | undefined, string][]) {
      const { plan } = await planOf(who, EVERYWHERE, { filter, orderBy: [{ field, direction: 'DESC' }] });
      expect(scansOf(plan), `${who.name} ${field}`).toEqual([]);
    }
  }
}, 60_000);

test('what is found by few and by many is the same as what a plain search finds', async () => {
  const [one] = world.crowd;
  const { Open } = world.tool.statuses;
  const filters: [Filter, string][] = [
    [{ status: { eq: Open!.gid } }, 'state in (2, 3)'],
    [{ statusCategory: { eq: 'CLOSED' } }, 'state = 4'],
    [{ title: { contains: 'a' } }, `md5(g::text) like '%a%'`],
    [{ title: { contains: 'abc' } }, `md5(g::text) like '%abc%'`],
    [{ createdBy: { eq: one!.gid } }, `creator = '${one!.id}'`],
    [
      { createdBy: { in: world.crowd.slice(0, 30).map(({ gid }) => gid) } },
      `creator in (${world.crowd.slice(0, 30).map(({ id }) => `'${id}'`)})`,
    ],
  ];
  for (const [filter, condition] of filters) {
    for (const [orderBy, order] of [
      [{ field: 'CREATED_AT', direction: 'ASC' }, 'c, id'],
      [{ field: 'DUE_DATE', direction: 'DESC', nulls: 'LAST' }, 'due desc nulls last, id desc'],
      [{ field: 'TITLE' }, 'md5(g::text), id'],
      [{ field: 'ASSIGNEE', direction: 'DESC', nulls: 'FIRST' }, 'name_key collate "C" desc, item.id desc'],
    ] as const) {
      const expected = await world.plainly(`not private and state > 1 and ${condition}`, order);
      const found: string[] = [];
      for (let after: string | null = null; found.length < Math.min(100, expected.length); ) {
        const { project } = await world.get(world.stan, LIST, { ...inTower(filter), orderBy: [orderBy], after });
        found.push(...project.items.nodes.map(({ id }: { id: string }) => id));
        after = project.items.pageInfo.endCursor;
      }
      expect(found, `${condition} by ${order}`).toEqual(expected);
    }
  }
}, 60_000);
