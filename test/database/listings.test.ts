import { expect, test } from 'vitest';
import { putItems } from '../kit/putItems.ts';
import { createWorld, type Project } from '../kit/world.ts';

/** Ten projects that Ann belongs to, with 0 to 9 items and members each. */
async function createSite() {
  const world = await createWorld({ MAX_COST: '1000000' });
  const projects: Project[] = [];
  for (let n = 0; n < 10; n += 1) projects.push(await world.project(`Project ${n}`));
  const review = await world.tool('Design Review', projects);
  const ann = await world.person('Ann Example', { vendor: 'JJ Developers' });
  const people = [];
  for (let n = 0; n < 9; n += 1) people.push(await world.person(`Person ${n}`));
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
  const { items } = await world.get(ann, '{ items(orderBy: [{ field: TITLE }], first: 30) { edges { cursor } } }');
  const byTitle = [{ field: 'TITLE' }];
  for (const variables of [
    {},
    { first: 2 },
    { last: 3, orderBy: byTitle },
    { first: 0 },
    { first: 2, after: items.edges[29].cursor, orderBy: byTitle },
    { first: 50, filter: { title: { contains: '.1' } }, orderBy: [{ field: 'DUE_DATE' }] },
    { filter: { ids: [] } },
  ]) {
    const together = await world.get(
      ann,
      `query (${VARIABLES}) { viewer { projects(first: 10) { nodes { ...Lists } } } } ${LISTS}`,
      { tool, ...variables },
    );
    const alone = [];
    for (const { gid } of projects) {
      const one = `query ($id: ID!, ${VARIABLES}) { project(id: $id) { ...Lists } } ${LISTS}`;
      alone.push((await world.get(ann, one, { id: gid, tool, ...variables })).project);
    }
    expect(together.viewer.projects.nodes, JSON.stringify(variables)).toEqual(alone);
  }
});

test('lists with more parameters than one statement can have are read by several', async () => {
  await using world = await createSite();
  // 250 words of three parameters each, for nine lists of each of ten projects: 67,500
  const filterOf = (word: string) => ({
    or: Array.from({ length: 25 }, () => ({ query: `i t e m it te em ite tem ${word}` })),
  });
  const aliases = [...'abcdefghi'];
  const source = `query (${aliases.map((name) => `$${name}: ItemFilter`)}) { viewer { projects(first: 10) { nodes {
    ${aliases.map((name) => `${name}: items(first: 1, filter: $${name}) { nodes { title } }`).join('\n')}
  } } } }`;
  const filters = Object.fromEntries(aliases.map((name, n) => [name, filterOf(`.${n}`)]));
  const { viewer } = await world.get(world.ann, source, filters);
  const titles = viewer.projects.nodes.map((project: Record<string, { nodes: { title: string }[] }>) =>
    aliases.map((name) => project[name]!.nodes[0]?.title ?? null),
  );
  expect(titles[1]).toEqual(['Item 1.0', ...Array(8).fill(null)]);
  expect(titles[9]).toEqual(aliases.map((_, n) => `Item 9.${n}`));
});

test('the same list asked for twice is read once', async () => {
  await using world = await createSite();
  const once = await world.statementsOf(world.ann, '{ a: items { nodes { title } } }');
  const twice = '{ a: items { nodes { title } } b: items { nodes { title } pageInfo { hasNextPage } } }';
  expect(await world.statementsOf(world.ann, twice)).toBe(once);
});
