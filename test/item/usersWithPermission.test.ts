import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toGlobalId } from '../../src/kernel/ids.ts';
import { type Facts, type ItemOfTables, readFacts, sightOf } from '../kit/facts.ts';
import { maySee } from '../kit/oracle.ts';
import { type Answer, createWorld, type Person, type TestWorld } from '../kit/world.ts';
import { type Planted, plans, plant } from './generated.ts';

const SEED = Number(process.env.SEED ?? 20_260_302);

let world: TestWorld;
beforeAll(async () => {
  world = await createWorld({ MAX_COST: '1000000' });
});
afterAll(() => world[Symbol.asyncDispose]());

const PEOPLE = `query ($ids: [ID!]!, $first: Int, $after: String) { nodes(ids: $ids) { ... on Item {
  id usersWithPermission(first: $first, after: $after) { totalCount nodes { name } pageInfo { hasNextPage endCursor } }
} } }`;

/** Who sees an item by the table of the domain, and is active. */
const seeing = (facts: Facts, users: readonly Person[], item: ItemOfTables): Person[] =>
  users.filter(({ id }) => facts.users.get(id)!.active && maySee(sightOf(facts, id, item)));

/** Compares what those who see some items are told with what the table says; gives how many pairs of item and person there were. */
async function compare({ company, users }: Planted): Promise<{ pairs: number; seen: number }> {
  // some left since: they see nothing any more, and their firms go on to count
  await world.sql`update users set active = false where id = ${users[1]!.id}`.execute(world.db);
  const facts = await readFacts(world.db, company.id);
  const due = facts.items.map((item) => ({ id: toGlobalId('Item', item.id), people: seeing(facts, users, item) }));
  let seen = 0;
  for (const who of users.filter(({ id }) => facts.users.get(id)!.active)) {
    const theirs = due.filter(({ people }) => people.includes(who));
    const { nodes } = await world.get(who, PEOPLE, { ids: theirs.map(({ id }) => id), first: 100 });
    for (const [n, { id, people }] of theirs.entries()) {
      const names = people.map(({ name }) => name).toSorted();
      expect(nodes[n]).toMatchObject({
        id,
        usersWithPermission: { totalCount: names.length, nodes: names.map((name) => ({ name })) },
      });
      seen += names.length;
    }
  }
  return { pairs: due.length * users.length, seen };
}

test('an item names everybody who sees it, and nobody else', async () => {
  const all = { pairs: 0, seen: 0 };
  const agrees = fc.asyncProperty(plans, async (plan) => {
    const { pairs, seen } = await compare(await plant(world, plan));
    all.pairs += pairs;
    all.seen += seen;
  });
  await fc.assert(agrees, { seed: SEED, numRuns: 4, endOnFailure: true });
  expect(all.pairs).toBeGreaterThan(600);
  expect(all.seen).toBeGreaterThan(200);
}, 60_000);

test('page by page, and in as many statements for 20 items as for 2', async () => {
  const [plan] = fc.sample(plans, { seed: SEED + 1, numRuns: 1 });
  const { company, root, projects, tools, users } = await plant(world, plan!);
  const admin = users[0]!;
  const ids: string[] = [];
  for (const project of projects)
    for (const tool of tools) await world.grant(admin, project, tool, 'ADMIN', ['VIEW_VENDOR_ITEMS']);
  const { items } = await readFacts(world.db, company.id);
  const { nodes } = await world.get(admin, PEOPLE, { ids: items.map(({ id }) => toGlobalId('Item', id)), first: 100 });
  ids.push(...nodes.filter(Boolean).map(({ id }: { id: string }) => id));
  const counts: number[] = [];
  for (const n of [2, 20]) counts.push(await world.statementsOf(admin, PEOPLE, { ids: ids.slice(0, n), first: 5 }));
  expect(counts[1]).toBe(counts[0]);

  const most = nodes.filter(Boolean).toSorted((a: never, b: never) => countOf(b) - countOf(a))[0];
  expect(countOf(most)).toBeGreaterThan(3);
  const names: string[] = [];
  for (let after: string | null = null; ; ) {
    const answer: Answer['data'] = await world.get(admin, PEOPLE, { ids: [most.id], first: 2, after });
    const page = answer.nodes[0].usersWithPermission;
    names.push(...page.nodes.map(({ name }: { name: string }) => name));
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  expect(names).toEqual(most.usersWithPermission.nodes.map(({ name }: { name: string }) => name));
  // a company admin without access sees no item, and so nobody
  const { nodes: none } = await world.get(root, PEOPLE, { ids: [most.id], first: 2 });
  expect(none).toEqual([null]);
});

const countOf = (item: { usersWithPermission: { totalCount: number } }): number => item.usersWithPermission.totalCount;
