import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type Person, type Project, type TestWorld, type Tool } from '../kit/world.ts';
import { call, eventsOf, putItem, refusalsOf } from './call.ts';

let world: TestWorld;
let ada: Person;
let tower: Project;
let memo: Tool;
beforeAll(async () => {
  world = await createWorld();
  ada = await world.person('Ada Admin', { admin: true });
  tower = await world.project('Tower');
  memo = await world.tool('Memo', [tower]);
});
afterAll(() => world[Symbol.asyncDispose]());

const refusals = (mutation: string, input: Record<string, unknown>, who = ada) =>
  refusalsOf(world, who, mutation, input);
const statusesOf = async ({ gid }: Tool) =>
  (
    await world.get(ada, 'query ($id: ID!) { genericTool(id: $id) { statuses { name } } }', { id: gid })
  ).genericTool.statuses.map(({ name }: { name: string }) => name);

test('a status is made, listed by category and name, renamed and deleted, and each is told', async () => {
  const tool = await world.tool('Letters', []);
  const before = (await eventsOf(world)).length;
  const made = await call(world, ada, 'createGenericToolStatus', {
    genericToolId: tool.gid,
    name: ' Éscalated ',
    category: 'OPEN',
  });
  expect(made).toEqual({
    status: {
      id: expect.any(String),
      name: 'Éscalated',
      category: 'OPEN',
      isBuiltIn: false,
      isUsed: false,
      genericTool: { title: 'Letters' },
    },
    userErrors: [],
  });
  expect(await statusesOf(tool)).toEqual(['Draft', 'Éscalated', 'On Hold', 'Open', 'Closed', 'Won', 'Lost']);
  const { id } = made.status;
  const renamed = await call(world, ada, 'updateGenericToolStatus', { id, name: 'Zoomed' });
  expect(renamed.status).toEqual({ id, name: 'Zoomed', category: 'OPEN', isBuiltIn: false });
  expect(await statusesOf(tool)).toEqual(['Draft', 'On Hold', 'Open', 'Zoomed', 'Closed', 'Won', 'Lost']);
  await call(world, ada, 'updateGenericToolStatus', { id, name: 'Zoomed' });
  expect(await call(world, ada, 'deleteGenericToolStatus', { id })).toEqual({ deletedId: id, userErrors: [] });
  expect(await statusesOf(tool)).toEqual(['Draft', 'On Hold', 'Open', 'Closed', 'Won', 'Lost']);
  const [first, second, third, ...more] = (await eventsOf(world)).slice(before);
  expect(more).toEqual([]);
  const [escalated, zoomed] = ['Éscalated', 'Zoomed'].map((name) => ({
    id: expect.any(String),
    name,
    category: 'OPEN',
  }));
  expect(first).toMatchObject({ type: 'genericTool.updated', genericToolId: tool.id, actorId: ada.id });
  expect([first, second, third].map((event) => event!.payload.changes)).toEqual([
    [{ field: 'status', old: null, new: escalated }],
    [{ field: 'status', old: escalated, new: zoomed }],
    [{ field: 'status', old: zoomed, new: null }],
  ]);
});

test('a built-in status can be renamed, not deleted', async () => {
  const tool = await world.tool('Transmittal', []);
  const { gid } = tool.statuses.Draft!;
  expect(await refusals('updateGenericToolStatus', { id: gid, name: 'In the making' })).toEqual([]);
  expect((await statusesOf(tool))[0]).toBe('In the making');
  expect(await refusals('deleteGenericToolStatus', { id: gid })).toEqual(['IN_USE id']);
});

test.each([
  ['an item', false],
  ['an archived item', true],
])('a status that %s has is used and cannot be deleted', async (what, archived) => {
  const tool = await world.tool(`Used by ${what}`, [tower]);
  await putItem(world, tower, tool, ada, { status: 'Won', archived });
  const { genericTool } = await world.get(
    ada,
    'query ($id: ID!) { genericTool(id: $id) { statuses { name isUsed } } }',
    { id: tool.gid },
  );
  expect(genericTool.statuses.filter(({ isUsed }: { isUsed: boolean }) => isUsed)).toEqual([
    { name: 'Won', isUsed: true },
  ]);
  expect(await refusals('deleteGenericToolStatus', { id: tool.statuses.Won!.gid })).toEqual(['IN_USE id']);
  expect(await refusals('deleteGenericToolStatus', { id: tool.statuses.Lost!.gid })).toEqual([]);
});

test('a status that a response was given with cannot be deleted, though no item has it any more', async () => {
  const tool = await world.tool('Answered', [tower]);
  const itemId = await putItem(world, tower, tool, ada, { status: 'Open' });
  await world.sql`
    insert into responses (id, company_id, created_at, updated_at, project_id, item_id, position, notes, official, status_id, created_by_id)
    values (gen_random_uuid(), ${world.home.id}, now(), now(), ${tower.id}, ${itemId}, 1, 'Yes', true,
      ${tool.statuses['On Hold']!.id}, ${ada.id})`.execute(world.db);
  expect(await refusals('deleteGenericToolStatus', { id: tool.statuses['On Hold']!.gid })).toEqual(['IN_USE id']);
});

test('what keeps a status is not named: company admins need not see items', async () => {
  const tool = await world.tool('Secret', [tower]);
  await putItem(world, tower, tool, ada, { status: 'Won', position: 'affair' });
  const { userErrors } = await call(world, ada, 'deleteGenericToolStatus', { id: tool.statuses.Won!.gid });
  expect(userErrors[0].message).toBe('"Won" is the status of items.');
});

test('names are unique in a tool whatever their case, not beyond it', async () => {
  const tool = await world.tool('Named', []);
  const create = (name: string, genericToolId = tool.gid) =>
    refusals('createGenericToolStatus', { genericToolId, name, category: 'CLOSED' });
  expect(await create('oPEN')).toEqual(['TAKEN name']);
  expect(await create('Void')).toEqual([]);
  expect(await create('Void', memo.gid)).toEqual([]);
  const { gid } = tool.statuses.Won!;
  expect(await refusals('updateGenericToolStatus', { id: gid, name: 'LOST' })).toEqual(['TAKEN name']);
  expect(await refusals('updateGenericToolStatus', { id: gid, name: 'WON' })).toEqual([]);
});

test('of many at once with one name one is made', async () => {
  const tool = await world.tool('Raced', []);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      refusals('createGenericToolStatus', {
        genericToolId: tool.gid,
        name: i % 2 ? 'Void' : 'VOID',
        category: 'CLOSED',
      }),
    ),
  );
  expect(answers.flat()).toEqual(Array(7).fill('TAKEN name'));
});

test('a status deleted many times at once is deleted once', async () => {
  const tool = await world.tool('Deleted', []);
  const { gid } = tool.statuses.Won!;
  const answers = await Promise.all(Array.from({ length: 5 }, () => refusals('deleteGenericToolStatus', { id: gid })));
  expect(answers.flat()).toEqual(Array(4).fill('NOT_FOUND id'));
});

test('a delete waits for the item that is just being put into the status', async () => {
  const tool = await world.tool('Waiting', [tower]);
  const { Lost } = tool.statuses;
  const itemId = await putItem(world, tower, tool, ada);
  const deleting = await world.db.transaction().execute(async (tx) => {
    await world.sql`update items set status_id = ${Lost!.id} where id = ${itemId}`.execute(tx);
    const answer = refusals('deleteGenericToolStatus', { id: Lost!.gid });
    // it must stand at the lock before we commit
    for (let waiting = 0; waiting === 0; ) {
      const { rows } = await world.sql`
        select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
        world.db,
      );
      waiting = rows.length;
    }
    return { answer };
  });
  expect(await deleting.answer).toEqual(['IN_USE id']);
});

const TEXTS: [string, string, string[]][] = [
  ['a blank name', ' ', ['REQUIRED name']],
  ['a name of 256 characters', 'x'.repeat(256), ['TOO_LONG name']],
  ['a name of 255 characters', 'x'.repeat(255), []],
  ['a name with NUL', 'a\0', ['INVALID name']],
  ['a name with a tab', 'a\tb', ['INVALID name']],
];
test.each(TEXTS)('%s', async (what, name, expected) => {
  const tool = await world.tool(`For ${what}`, []);
  expect(await refusals('createGenericToolStatus', { genericToolId: tool.gid, name, category: 'OPEN' })).toEqual(
    expected,
  );
  expect(await refusals('updateGenericToolStatus', { id: tool.statuses.Lost!.gid, name: `${name}` })).toEqual(
    expected.length > 0 ? expected : ['TAKEN name'],
  );
});

test('statuses and tools of another company, of nobody, and ids of other kinds are not found', async () => {
  const south = await world.company('Southside');
  const theirs = await world.tool('Theirs', [], { companyId: south.id });
  for (const id of [theirs.statuses.Won!.gid, memo.gid, 'rubbish', '']) {
    expect(await refusals('updateGenericToolStatus', { id, name: 'Mine' })).toEqual(['NOT_FOUND id']);
    expect(await refusals('deleteGenericToolStatus', { id })).toEqual(['NOT_FOUND id']);
  }
  for (const genericToolId of [theirs.gid, memo.statuses.Won!.gid, 'rubbish', '']) {
    expect(await refusals('createGenericToolStatus', { genericToolId, name: 'Mine', category: 'OPEN' })).toEqual([
      'NOT_FOUND genericToolId',
    ]);
  }
});

test('only company admins change statuses, ADMINs of the tool do not', async () => {
  const bob = await world.person('Bob Builder');
  await world.grant(bob, tower, memo, 'ADMIN');
  const { gid: id } = memo.statuses.Won!;
  expect(
    await refusals('createGenericToolStatus', { genericToolId: memo.gid, name: 'X', category: 'OPEN' }, bob),
  ).toEqual(['FORBIDDEN']);
  expect(await refusals('updateGenericToolStatus', { id, name: 'X' }, bob)).toEqual(['FORBIDDEN']);
  expect(await refusals('deleteGenericToolStatus', { id }, bob)).toEqual(['FORBIDDEN']);
});
