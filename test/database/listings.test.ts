import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { counts } from '../../src/database/listings.ts';
import { putItems } from '../kit/putItems.ts';
import { createWorld, type Project } from '../kit/world.ts';

/** Six projects that Ann belongs to, with 0 to 5 items and members each. */
async function createSite() {
  const world = await createWorld({ MAX_COST: '1000000' });
  const projects: Project[] = [];
  for (let n = 0; n < 6; n += 1) projects.push(await world.project(`Project ${n}`));
  const review = await world.tool('Design Review', projects);
  const ann = await world.person('Ann Example', { vendor: 'JJ Developers' });
  const people = [];
  for (let n = 0; n < 5; n += 1) people.push(await world.person(`Person ${n}`));
  for (const [n, project] of projects.entries()) {
    await world.grant(ann, project, review, 'STANDARD');
    for (const person of people.slice(0, n)) await world.grant(person, project, review, 'READ_ONLY');
    const items = Array.from({ length: n }, (_, k) => ({ project, tool: review, by: ann, title: `Item ${n}.${k}` }));
    if (n > 0) await putItems(world, items);
  }
  return Object.assign(world, { projects, review, ann });
}

const LISTS = `fragment Lists on Project {
  name
  items(first: $first, last: $last, after: $after, filter: $filter, orderBy: $orderBy) {
    totalCount edges { cursor node { title } } pageInfo { hasNextPage hasPreviousPage }
  }
  archived: items(filter: { archived: true }) { totalCount }
  members(first: $first, last: $last) { totalCount edges { cursor node { user { name } } } pageInfo { hasNextPage hasPreviousPage } }
  availableReaders(first: $first, last: $last, query: "person", genericToolId: $tool) { totalCount nodes { name } }
  userAvailability(first: $first, last: $last) { totalCount nodes { user { name } genericTools { potentialAssignee } } pageInfo { hasNextPage } }
}`;
const VARIABLES = '$tool: ID!, $first: Int, $last: Int, $after: String, $filter: ItemFilter, $orderBy: [ItemOrder!]';

test('the lists of many projects, read together, are those of each alone', async () => {
  await using world = await createSite();
  const { ann, projects, review } = world;
  const tool = review.gid;
  const { items } = await world.get(ann, '{ items(orderBy: [{ field: TITLE }], first: 10) { edges { cursor } } }');
  const byTitle = [{ field: 'TITLE' }];
  for (const [turn, variables] of [
    {},
    { first: 2 },
    { last: 3, orderBy: byTitle },
    { first: 0 },
    { first: 2, after: items.edges[9].cursor, orderBy: byTitle },
    { first: 50, filter: { title: { contains: '.1' } }, orderBy: [{ field: 'DUE_DATE' }] },
    { filter: { ids: [] } },
  ].entries()) {
    const together = await world.get(
      ann,
      `query (${VARIABLES}) { viewer { projects(first: 10) { nodes { ...Lists } } } } ${LISTS}`,
      { tool, ...variables },
    );
    const alone = [];
    // every other project, the others the next time
    const some = <T>(all: T[]): T[] => all.filter((_, n) => (n + turn) % 2 === 0);
    for (const { gid } of some(projects)) {
      const one = `query ($id: ID!, ${VARIABLES}) { project(id: $id) { ...Lists } } ${LISTS}`;
      alone.push((await world.get(ann, one, { id: gid, tool, ...variables })).project);
    }
    expect(some(together.viewer.projects.nodes), JSON.stringify(variables)).toEqual(alone);
  }
});

test('lists with more parameters than one statement can have are read by several', async () => {
  await using world = await createWorld();
  // a filter can have some thousands: asked for by many aliases of many projects, more than the 65,535 of a statement
  const list = (length: number, value: number) =>
    sql<{
      count: number;
    }>`(select sum(n)::int as count from unnest(array[${sql.join(Array(length).fill(value))}]::int[]) n)`;
  const wanted: [length: number, value: number][] = [
    ...Array.from({ length: 40 }, (_, n): [number, number] => [2_000, n]),
    [30_001, 1],
    [7, 7],
    [7, 7],
  ];
  const asked = wanted.map(([length, value]) => list(length, value));
  const before = world.statements.values.length;
  const found = await counts.fetch({ db: world.db }, asked);
  expect(asked.map((one) => found.get(one))).toMatchObject(
    wanted.map(([length, value]) => [{ count: length * value }]),
  );
  // 30,000 at once; more alone, when one list has more; equal ones once
  expect(world.statements.values.slice(before).map(({ length }) => length)).toEqual([
    30_000, 30_000, 20_000, 30_001, 7,
  ]);
});

test('the same list asked for twice is read once', async () => {
  await using world = await createSite();
  const once = await world.statementsOf(world.ann, '{ a: items { nodes { title } } }');
  const twice = '{ a: items { nodes { title } } b: items { nodes { title } pageInfo { hasNextPage } } }';
  expect(await world.statementsOf(world.ann, twice)).toBe(once);
});
