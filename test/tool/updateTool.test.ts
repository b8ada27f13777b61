import { afterAll, beforeAll, expect, test } from 'vitest';
import { openOrm } from '../../src/database/orm.ts';
import { contextOf } from '../../src/graph/context.ts';
import { updateGenericTool } from '../../src/tool/tool.commands.ts';
import { numberKeyOf } from '../../src/tool/tool.policy.ts';
import { createWorld, type Person, type Project, type TestWorld } from '../kit/world.ts';
import { call, eventsOf, putItem, refusalsOf } from './call.ts';

let world: TestWorld;
let ada: Person;
let tower: Project;
beforeAll(async () => {
  world = await createWorld();
  ada = await world.person('Ada Admin', { admin: true });
  tower = await world.project('Tower');
});
afterAll(() => world[Symbol.asyncDispose]());

const update = (input: Record<string, unknown>) => call(world, ada, 'updateGenericTool', input);
const refusals = (input: Record<string, unknown>, who = ada) => refusalsOf(world, who, 'updateGenericTool', input);

const numbersOf = async (toolId: string) =>
  (await world.db.selectFrom('items').select(['number', 'numberKey']).where('genericToolId', '=', toolId).execute())
    .map(({ number, numberKey }) => [number, numberKey])
    .sort();

test('settings change one by one, and what changed is told', async () => {
  const tool = await world.tool('Memo', [tower], { abbreviation: 'M' });
  const before = (await eventsOf(world)).length;
  const { genericTool, userErrors } = await update({ id: tool.gid, title: 'Memos', adminsSeePrivateItems: false });
  expect(userErrors).toEqual([]);
  expect(genericTool).toEqual({
    title: 'Memos',
    abbreviation: 'M',
    privateByDefault: false,
    enabledOnNewProjects: false,
    sendsOverdueNotifications: false,
    adminsSeePrivateItems: false,
  });
  await update({ id: tool.gid, title: 'Memos' });
  await update({ id: tool.gid });
  expect((await eventsOf(world)).slice(before)).toMatchObject([
    {
      type: 'genericTool.updated',
      genericToolId: tool.id,
      actorId: ada.id,
      payload: {
        changes: [
          { field: 'title', old: 'Memo', new: 'Memos' },
          { field: 'adminsSeePrivateItems', old: true, new: false },
        ],
      },
    },
  ]);
});

test('a tool can take its own title in another case, not that of another', async () => {
  const tool = await world.tool('Transmittal', []);
  await world.tool('Notice', []);
  expect(await refusals({ id: tool.gid, title: 'TRANSMITTAL' })).toEqual([]);
  expect(await refusals({ id: tool.gid, title: 'nOTICE' })).toEqual(['TAKEN title']);
});

test('lists go by the new title', async () => {
  await using fresh = await createWorld();
  const admin = await fresh.person('Ada Admin', { admin: true });
  const tool = await fresh.tool('Alpha', []);
  await fresh.tool('Beta', []);
  await call(fresh, admin, 'updateGenericTool', { id: tool.gid, title: 'Zeta' });
  const { company } = await fresh.get(
    admin,
    'query ($id: ID!) { company(id: $id) { genericTools { nodes { title } } } }',
    { id: fresh.home.gid },
  );
  expect(company.genericTools.nodes).toEqual([{ title: 'Beta' }, { title: 'Zeta' }]);
});

test.each<[string, string | null, string | null]>([
  ['another', 'DR', 'Σχ-9'],
  ['none', 'DR', null],
  ['a first one', null, '𝔾²'],
  ['one as long', 'A1', 'B2'],
])('a new abbreviation rewrites numbers and keys of the items of its tool: %s', async (what, from, to) => {
  const tool = await world.tool(`Review ${what}`, [tower], { abbreviation: from });
  const other = await world.tool(`Other ${what}`, [tower], { abbreviation: from });
  const prefix = from === null ? '' : `${from}-`;
  const positions = ['001', '1000', 'interior-002', 'ß²', '-1', '٣'];
  for (const position of positions) await putItem(world, tower, tool, ada, { position, prefix });
  await putItem(world, tower, tool, ada, { position: 'old', prefix, archived: true });
  await putItem(world, tower, other, ada, { position: '7', prefix });
  expect(await refusals({ id: tool.gid, abbreviation: to })).toEqual([]);
  const numbers = [...positions, 'old'].map((position) => [
    to === null ? position : `${to}-${position}`,
    numberKeyOf(to, position),
  ]);
  expect(await numbersOf(tool.id)).toEqual(numbers.sort());
  expect(await numbersOf(other.id)).toEqual([[`${prefix}7`, numberKeyOf(from, '7')]]);
});

test('rewriting numbers takes as many statements for many items as for one', async () => {
  const counts: number[] = [];
  for (const items of [1, 30]) {
    const tool = await world.tool(`Counted ${items}`, [tower], { abbreviation: 'C' });
    for (let i = 0; i < items; i += 1) await putItem(world, tower, tool, ada, { position: String(i), prefix: 'C-' });
    const before = world.statements.count;
    await update({ id: tool.gid, abbreviation: 'D' });
    counts.push(world.statements.count - before);
  }
  expect(counts[1]).toBe(counts[0]);
});

test('rewriting numbers may take longer than a statement may otherwise', async () => {
  const tool = await world.tool('Slow', [tower], { abbreviation: 'S' });
  const itemId = await putItem(world, tower, tool, ada, { position: '001', prefix: 'S-' });
  const orm = await openOrm(world.url, { poolSize: 2, timeLimitMs: 1_000 });
  const viewer = { ...ada, vendorId: null, isCompanyAdmin: true, companies: [] };
  try {
    const updated = await world.db.transaction().execute(async (tx) => {
      await world.sql`select from items where id = ${itemId} for update`.execute(tx);
      const updating = updateGenericTool(contextOf({ ...world, orm }, viewer), { id: tool.gid, abbreviation: 'T' });
      // held for longer than that limit
      await Promise.race([updating, new Promise((resolve) => setTimeout(resolve, 2_000))]);
      return { updating };
    });
    await updated.updating;
  } finally {
    await orm.close(true);
  }
  expect(await numbersOf(tool.id)).toEqual([['T-001', numberKeyOf('T', '001')]]);
});

test.each<[string, Record<string, unknown>, string[]]>([
  ['a title of null', { title: null }, ['REQUIRED title']],
  ['a blank title', { title: ' ' }, ['REQUIRED title']],
  ['a title of 256 characters', { title: 'x'.repeat(256) }, ['TOO_LONG title']],
  ['a title that reads backwards', { title: 'a\u202eb' }, ['INVALID title']],
  ['a long abbreviation', { abbreviation: 'x'.repeat(21) }, ['TOO_LONG abbreviation']],
  [
    'switches that are neither on nor off',
    {
      privateByDefault: null,
      enabledOnNewProjects: null,
      sendsOverdueNotifications: null,
      adminsSeePrivateItems: null,
    },
    [
      'REQUIRED privateByDefault',
      'REQUIRED enabledOnNewProjects',
      'REQUIRED sendsOverdueNotifications',
      'REQUIRED adminsSeePrivateItems',
    ],
  ],
])('%s is refused', async (what, input, expected) => {
  const tool = await world.tool(`Refused ${what}`, []);
  expect(await refusals({ id: tool.gid, ...input })).toEqual(expected);
});

test('a tool of another company, of nobody, and what is no tool at all are not found', async () => {
  const south = await world.company('Southside');
  const sue = await world.person('Sue South', { admin: true, companyId: south.id });
  const theirs = await world.tool('Theirs', [], { companyId: south.id });
  for (const id of [theirs.gid, ada.gid, 'rubbish', '']) {
    expect(await refusals({ id, title: 'Mine' })).toEqual(['NOT_FOUND id']);
  }
  expect(await refusals({ id: theirs.gid, title: 'Ours' }, sue)).toEqual([]);
});

test('only company admins change tools, ADMINs of the tool do not', async () => {
  const tool = await world.tool('Guarded', [tower]);
  const bob = await world.person('Bob Builder');
  await world.grant(bob, tower, tool, 'ADMIN');
  expect(await refusals({ id: tool.gid, title: 'By Bob' }, bob)).toEqual(['FORBIDDEN']);
});

test('two tools that ask for one title at once: one gets it', async () => {
  const tools = [await world.tool('One', []), await world.tool('Two', []), await world.tool('Three', [])];
  const answers = await Promise.all(tools.map(({ gid }) => refusals({ id: gid, title: 'Wanted by all' })));
  expect(answers.flat()).toEqual(['TAKEN title', 'TAKEN title']);
});

test('changes of one tool at once come one after the other, and none is lost', async () => {
  const tool = await world.tool('Busy', [tower], { abbreviation: 'A0' });
  await putItem(world, tower, tool, ada, { position: '001', prefix: 'A0-' });
  await Promise.all(Array.from({ length: 6 }, (_, i) => update({ id: tool.gid, abbreviation: `A${i + 1}` })));
  const { abbreviation } = await world.db
    .selectFrom('generic_tools')
    .select('abbreviation')
    .where('id', '=', tool.id)
    .executeTakeFirstOrThrow();
  expect(await numbersOf(tool.id)).toEqual([[`${abbreviation}-001`, numberKeyOf(abbreviation!, '001')]]);
});
