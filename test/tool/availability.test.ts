import { afterAll, beforeAll, expect, test } from 'vitest';
import { transaction } from '../../src/database/transaction.ts';
import { toGlobalId } from '../../src/kernel/ids.ts';
import { applyDefaultFieldsets } from '../../src/tool/fieldset.commands.ts';
import { createWorld, type Person, type Project, type TestWorld, type Tool } from '../kit/world.ts';
import { call, putItem, refusalsOf } from './call.ts';

let world: TestWorld;
let ada: Person;
let tower: Project;
let bridge: Project;
beforeAll(async () => {
  world = await createWorld();
  ada = await world.person('Ada Admin', { admin: true });
  tower = await world.project('Tower');
  bridge = await world.project('Bridge');
});
afterAll(() => world[Symbol.asyncDispose]());

const save = async (input: Record<string, unknown>) => {
  const { fieldset, userErrors } = await call(world, ada, 'saveFieldset', input);
  expect(userErrors).toEqual([]);
  return fieldset;
};
const refusals = (input: Record<string, unknown>) => refusalsOf(world, ada, 'saveFieldset', input);

/** Which fieldset of a tool stands where, as "Project: Fieldset". */
const standing = async ({ gid }: Tool) => {
  const { genericTool } = await world.get(
    ada,
    'query ($id: ID!) { genericTool(id: $id) { fieldsets { id name projects { name } } } }',
    { id: gid },
  );
  return genericTool.fieldsets.flatMap(({ name, projects }: { name: string; projects: { name: string }[] }) =>
    projects.map((project) => `${project.name}: ${name}`),
  );
};
const defaultOf = async ({ gid }: Tool): Promise<string> => {
  const source = 'query ($id: ID!) { genericTool(id: $id) { fieldsets { id name } } }';
  const { genericTool } = await world.get(ada, source, { id: gid });
  return genericTool.fieldsets.find(({ name }: { name: string }) => name === 'Default').id;
};

test('applying a fieldset takes the place of the former one, items or not', async () => {
  const tool = await world.tool('Memo', [tower, bridge]);
  await putItem(world, tower, tool, ada);
  const strict = await save({ genericToolId: tool.gid, name: 'Strict', projectIds: [tower.gid, tower.gid] });
  expect(await standing(tool)).toEqual(['Bridge: Default', 'Tower: Strict']);
  await save({ id: strict.id, projectIds: [bridge.gid, tower.gid] });
  expect(await standing(tool)).toEqual(['Bridge: Strict', 'Tower: Strict']);
  await save({ id: await defaultOf(tool), projectIds: [tower.gid] });
  expect(await standing(tool)).toEqual(['Tower: Default', 'Bridge: Strict']);
});

test('a project left out loses the tool', async () => {
  const tool = await world.tool('Letters', [tower, bridge]);
  await save({ id: await defaultOf(tool), projectIds: [bridge.gid] });
  expect(await standing(tool)).toEqual(['Bridge: Default']);
  const { project } = await world.get(ada, 'query ($id: ID!) { project(id: $id) { genericTools { title } } }', {
    id: tower.gid,
  });
  expect(project.genericTools).not.toContainEqual({ title: 'Letters' });
});

test.each([
  ['items', false],
  ['archived items', true],
])('the last fieldset of a tool cannot be taken away from a project with %s of it', async (what, archived) => {
  const tool = await world.tool(`With ${what}`, [tower, bridge]);
  await putItem(world, tower, tool, ada, { archived });
  const id = await defaultOf(tool);
  expect(await refusals({ id, name: 'X', projectIds: [bridge.gid] })).toEqual(['IN_USE projectIds']);
  expect(await refusals({ id, name: 'X', projectIds: [] })).toEqual(['IN_USE projectIds']);
  expect(await standing(tool)).toEqual(['Bridge: Default', 'Tower: Default']);
  expect(await refusals({ id, projectIds: [tower.gid] })).toEqual([]);
  const strict = await save({ genericToolId: tool.gid, name: 'Strict', projectIds: [tower.gid] });
  expect(await refusalsOf(world, ada, 'deleteFieldset', { id: strict.id })).toEqual(['IN_USE id']);
  expect(await standing(tool)).toEqual(['Tower: Strict']);
});

test('the projects that keep a tool are named', async () => {
  const tool = await world.tool('Kept', [tower, bridge]);
  await putItem(world, tower, tool, ada);
  await putItem(world, bridge, tool, ada);
  const { userErrors } = await call(world, ada, 'saveFieldset', { id: await defaultOf(tool), projectIds: [] });
  expect(userErrors[0].message).toBe(
    'There are items of the tool in "Bridge", "Tower": it cannot be taken away there.',
  );
});

test('the Default fieldset cannot be deleted, another can, with its sections and fields', async () => {
  const tool = await world.tool('Deleted', [tower]);
  expect(await refusalsOf(world, ada, 'deleteFieldset', { id: await defaultOf(tool) })).toEqual(['IN_USE id']);
  const { id } = await save({
    genericToolId: tool.gid,
    name: 'Strict',
    sections: [{ name: 'A' }],
    fields: [{ field: 'DUE_DATE', visible: true, required: true, section: 'A' }],
    projectIds: [tower.gid],
  });
  expect(await call(world, ada, 'deleteFieldset', { id })).toEqual({ deletedId: id, userErrors: [] });
  expect(await standing(tool)).toEqual([]);
  expect(await refusalsOf(world, ada, 'deleteFieldset', { id })).toEqual(['NOT_FOUND id']);
});

test('taking a tool away waits for the item that is just being made', async () => {
  const tool = await world.tool('Waiting', [tower]);
  const id = await defaultOf(tool);
  const { answer } = await world.db.transaction().execute(async (tx) => {
    await world.sql`
      select from fieldset_projects where project_id = ${tower.id} and generic_tool_id = ${tool.id} for share`.execute(
      tx,
    );
    const answer = refusals({ id, projectIds: [] });
    for (let waiting = 0; waiting === 0; ) {
      const { rows } = await world.sql`
        select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
        world.db,
      );
      waiting = rows.length;
    }
    await putItem({ ...world, db: tx }, tower, tool, ada);
    return { answer };
  });
  expect(await answer).toEqual(['IN_USE projectIds']);
});

test('fieldsets that want one project at once: one has it in the end, and none fails', async () => {
  const tool = await world.tool('Raced', []);
  const made = await Promise.all(['A', 'B', 'C'].map((name) => save({ genericToolId: tool.gid, name })));
  const wants = made.flatMap(({ id }) => [id, id]).map((id) => refusals({ id, projectIds: [tower.gid] }));
  expect((await Promise.all(wants)).flat()).toEqual([]);
  expect(await standing(tool)).toEqual([expect.stringMatching(/^Tower: [ABC]$/)]);
});

test('a fieldset is applied to a thousand projects in as many statements as to ten', async () => {
  await using big = await createWorld();
  const admin = await big.person('Ada Admin', { admin: true });
  await big.sql`
    insert into projects (id, company_id, created_at, updated_at, name, name_key, time_zone)
    select gen_random_uuid(), ${big.home.id}, now(), now(), 'P' || n, 'p' || n, 'UTC'
    from generate_series(1, 1000) n`.execute(big.db);
  const { nodes } = (await big.get(admin, '{ viewer { projects(first: 100) { nodes { id } } } }')).viewer.projects;
  const { rows } = await big.sql<{ id: string }>`select id from projects`.execute(big.db);
  const counts: number[] = [];
  const lists = [
    nodes.slice(0, 10).map(({ id }: { id: string }) => id),
    rows.map(({ id }) => toGlobalId('Project', id)),
  ];
  for (const projectIds of lists) {
    const tool = await big.tool(`Tool of ${projectIds.length}`, []);
    const before = big.statements.count;
    expect(
      await refusalsOf(big, admin, 'saveFieldset', { genericToolId: tool.gid, name: 'Strict', projectIds }),
    ).toEqual([]);
    counts.push(big.statements.count - before);
  }
  const { count } = (
    await big.sql<{ count: number }>`select count(*)::int as count from fieldset_projects`.execute(big.db)
  ).rows[0]!;
  expect(count).toBe(1010);
  expect(counts[1]! - counts[0]!).toBeLessThanOrEqual(4);
});

test('more projects than one call takes are refused', async () => {
  const tool = await world.tool('Everywhere', []);
  const input = { genericToolId: tool.gid, name: 'Strict', projectIds: Array(5_001).fill(tower.gid) };
  expect(await refusals(input)).toEqual(['TOO_MANY projectIds']);
  expect(await refusals({ ...input, projectIds: input.projectIds.slice(1) })).toEqual([]);
});

test('new projects get the Default fieldset of every tool that is enabled on them', async () => {
  await using fresh = await createWorld();
  const admin = await fresh.person('Ada Admin', { admin: true });
  const south = await fresh.company('Southside');
  const sue = await fresh.person('Sue South', { admin: true, companyId: south.id });
  const [one, two] = [await fresh.project('One'), await fresh.project('Two')];
  for (const [title, enabledOnNewProjects] of [
    ['Memo', true],
    ['Letters', true],
    ['Rare', false],
  ] as const)
    await call(fresh, admin, 'createGenericTool', { companyId: fresh.home.gid, title, enabledOnNewProjects });
  await call(fresh, sue, 'createGenericTool', { companyId: south.gid, title: 'Theirs', enabledOnNewProjects: true });
  for (const ids of [[], [one.id, two.id], [one.id]])
    await transaction(fresh, (act) => applyDefaultFieldsets(act, fresh.home.id, ids));
  for (const { gid } of [one, two]) {
    const { project } = await fresh.get(
      admin,
      'query ($id: ID!) { project(id: $id) { fieldsets { name genericTool { title } } } }',
      { id: gid },
    );
    expect(project.fieldsets).toEqual([
      { name: 'Default', genericTool: { title: 'Letters' } },
      { name: 'Default', genericTool: { title: 'Memo' } },
    ]);
  }
});
