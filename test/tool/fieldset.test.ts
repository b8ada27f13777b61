import { afterAll, beforeAll, expect, test } from 'vitest';
import { ITEM_FIELDS } from '../../src/tool/tool.policy.ts';
import { createWorld, type Person, type Project, type TestWorld } from '../kit/world.ts';
import { call, eventsOf, refusalsOf } from './call.ts';

let world: TestWorld;
let ada: Person;
let tower: Project;
beforeAll(async () => {
  world = await createWorld();
  ada = await world.person('Ada Admin', { admin: true });
  tower = await world.project('Tower');
});
afterAll(() => world[Symbol.asyncDispose]());

const save = (input: Record<string, unknown>) => call(world, ada, 'saveFieldset', input);
const refusals = (input: Record<string, unknown>, who = ada) => refusalsOf(world, who, 'saveFieldset', input);
const said = (field: string, visible: boolean, required: boolean, more = {}) => ({ field, visible, required, ...more });
const unsaid = (field: string) => ({
  field,
  visible: true,
  required: ['TITLE', 'STATUS'].includes(field),
  section: null,
});

test('a fieldset is made: what is not listed is visible and not required, but for title and status', async () => {
  const tool = await world.tool('Memo', []);
  const { fieldset, userErrors } = await save({
    genericToolId: tool.gid,
    name: ' Strict ',
    sections: [{ name: 'People' }, { name: 'Dates' }],
    fields: [
      said('DUE_DATE', true, true, { section: 'dates' }),
      said('ASSIGNEES', true, true, { section: 'People', position: 7 }),
      said('QUANTITY', false, false),
    ],
    projectIds: [tower.gid],
  });
  expect(userErrors).toEqual([]);
  expect(fieldset).toMatchObject({
    name: 'Strict',
    genericTool: { title: 'Memo' },
    sections: [
      { name: 'People', position: 1 },
      { name: 'Dates', position: 2 },
    ],
    projects: [{ name: 'Tower' }],
  });
  expect(fieldset.fields).toMatchObject([
    said('DUE_DATE', true, true, { position: 1, section: { name: 'Dates' } }),
    said('QUANTITY', false, false, { position: 3, section: null }),
    said('ASSIGNEES', true, true, { position: 7, section: { name: 'People' } }),
    ...ITEM_FIELDS.filter((field) => !['DUE_DATE', 'QUANTITY', 'ASSIGNEES'].includes(field)).map((field, i) => ({
      ...unsaid(field),
      position: 8 + i,
    })),
  ]);
});

test('a change leaves what it does not speak of; a list replaces the list', async () => {
  const tool = await world.tool('Letters', []);
  const { fieldset: made } = await save({
    genericToolId: tool.gid,
    name: 'Strict',
    sections: [{ name: 'People' }, { name: 'Dates' }],
    fields: [said('DUE_DATE', true, true, { section: 'Dates' }), said('ASSIGNEES', true, false, { section: 'People' })],
    projectIds: [tower.gid],
  });
  expect((await save({ id: made.id })).fieldset).toEqual(made);
  expect((await save({ id: made.id, name: 'Stern' })).fieldset).toEqual({ ...made, name: 'Stern' });

  // "people" stays the same section under its new spelling; Dates goes, and its field stands under none
  const resectioned = (await save({ id: made.id, sections: [{ name: 'Money' }, { name: 'people' }] })).fieldset;
  expect(resectioned.sections).toEqual([
    { id: expect.any(String), name: 'Money', position: 1 },
    { id: made.sections[0].id, name: 'people', position: 2 },
  ]);
  const [dueDate, assignees, ...others] = made.fields;
  expect(resectioned.fields).toEqual([
    { ...dueDate, section: null },
    { ...assignees, section: { id: made.sections[0].id, name: 'people' } },
    ...others,
  ]);

  const refielded = (await save({ id: made.id, fields: [said('DESCRIPTION', true, true, { section: 'MONEY' })] }))
    .fieldset;
  expect(refielded.fields[0]).toMatchObject(said('DESCRIPTION', true, true, { section: { name: 'Money' } }));
  expect(refielded.fields.slice(1)).toMatchObject(
    ITEM_FIELDS.filter((field) => field !== 'DESCRIPTION').map((field) => unsaid(field)),
  );
  expect(refielded.sections).toEqual(resectioned.sections);
  expect(refielded.projects).toEqual([{ name: 'Tower' }]);

  const bare = (await save({ id: made.id, sections: null, fields: null, projectIds: null })).fieldset;
  expect(bare.fields).toMatchObject(ITEM_FIELDS.map((field, i) => ({ ...unsaid(field), position: i + 1 })));
  expect([bare.sections, bare.projects]).toEqual([[], []]);
});

test('what a fieldset comes to say is told; nothing when it says the same', async () => {
  const tool = await world.tool('Told', []);
  const before = (await eventsOf(world)).length;
  const { fieldset } = await save({ genericToolId: tool.gid, name: 'Short', projectIds: [tower.gid] });
  await save({
    id: fieldset.id,
    sections: [{ name: 'Dates' }],
    fields: [said('DUE_DATE', true, true, { section: 'Dates', position: 9 })],
    projectIds: [],
  });
  await save({ id: fieldset.id, name: 'Short', sections: [{ name: 'Dates' }], projectIds: [] });
  await call(world, ada, 'deleteFieldset', { id: fieldset.id });
  const events = (await eventsOf(world)).slice(before);
  expect(events.map(({ type, genericToolId, actorId }) => [type, genericToolId, actorId])).toEqual(
    Array(3).fill(['genericTool.updated', tool.id, ada.id]),
  );
  const [made, changed, deleted] = events.map(
    ({ payload }) => payload.changes as Record<string, Record<string, unknown>>[],
  );
  expect(made).toMatchObject([
    {
      field: 'fieldset',
      old: null,
      new: { name: 'Short', sections: [], projectIds: [tower.id], TITLE: { required: true } },
    },
  ]);
  expect(changed).toHaveLength(1);
  expect(changed![0]!.old).toMatchObject({ sections: [], projectIds: [tower.id], DUE_DATE: { required: false } });
  expect(changed![0]!.new).toMatchObject({
    sections: ['Dates'],
    projectIds: [],
    DUE_DATE: { visible: true, required: true, position: 9, section: 'Dates' },
  });
  expect(changed![0]!.new).not.toHaveProperty('name');
  expect(deleted).toMatchObject([{ field: 'fieldset', old: { name: 'Short', projectIds: [] }, new: null }]);
});

test.each<[string, Record<string, unknown>, string[]]>([
  ['neither fieldset nor tool', { genericToolId: undefined }, ['REQUIRED genericToolId']],
  ['no name', { name: undefined }, ['REQUIRED name']],
  ['a blank name', { name: ' ' }, ['REQUIRED name']],
  ['a name of 256 characters', { name: 'x'.repeat(256) }, ['TOO_LONG name']],
  ['a name of 255 characters', { name: 'x'.repeat(255) }, []],
  ['a name with a backspace', { name: 'a\b' }, ['INVALID name']],
  ['a name that is taken, whatever its case', { name: 'dEFAULT' }, ['TAKEN name']],
  [
    'two sections of one name',
    { sections: [{ name: 'A' }, { name: 'B' }, { name: ' a' }] },
    ['INVALID sections.2.name'],
  ],
  ['a section without a name', { sections: [{ name: 'A' }, { name: '' }] }, ['REQUIRED sections.1.name']],
  ['a section with a long name', { sections: [{ name: 'x'.repeat(256) }] }, ['TOO_LONG sections.0.name']],
  ['50 sections', { sections: Array.from({ length: 50 }, (_, i) => ({ name: `S${i}` })) }, []],
  ['51 sections', { sections: Array.from({ length: 51 }, (_, i) => ({ name: `S${i}` })) }, ['TOO_MANY sections']],
  [
    'a field listed twice',
    { fields: [said('DUE_DATE', true, true), said('DUE_DATE', true, false)] },
    ['INVALID fields.1.field'],
  ],
  ['a field that is not named', { fields: [{ visible: true, required: false }] }, ['REQUIRED fields.0.field']],
  [
    'a section that there is not',
    { sections: [{ name: 'A' }], fields: [said('DUE_DATE', true, true, { section: 'B' })] },
    ['INVALID fields.0.section'],
  ],
  [
    'a section where there are none',
    { fields: [said('DUE_DATE', true, true, { section: 'B' })] },
    ['INVALID fields.0.section'],
  ],
  [
    'a position before all',
    { fields: [said('DUE_DATE', true, true, { position: -1 })] },
    ['INVALID fields.0.position'],
  ],
  [
    'a position out of reach',
    { fields: [said('DUE_DATE', true, true, { position: 1001 })] },
    ['INVALID fields.0.position'],
  ],
  [
    'hiding what is always visible',
    { fields: ['NUMBER', 'STATUS', 'TITLE', 'PRIVATE'].map((field) => said(field, false, true)) },
    [0, 1, 2, 3].map((i) => `INVALID fields.${i}.visible`),
  ],
  [
    'not requiring what is always required',
    { fields: ['TITLE', 'STATUS'].map((field) => said(field, true, false)) },
    [0, 1].map((i) => `INVALID fields.${i}.required`),
  ],
  [
    'requiring what others add to an item',
    { fields: [said('ATTACHMENTS', true, true), said('RESPONSES', true, true)] },
    ['INVALID fields.1.required'],
  ],
  ['hiding it', { fields: ['ATTACHMENTS', 'RESPONSES'].map((field) => said(field, false, false)) }, []],
  ['requiring what is hidden', { fields: [said('DUE_DATE', false, true)] }, ['INVALID fields.0.required']],
  ['rubbish for a project', { projectIds: ['rubbish', ''] }, ['NOT_FOUND projectIds.0', 'NOT_FOUND projectIds.1']],
  [
    'all of it at once',
    { name: '', sections: [{ name: '' }], fields: [said('TITLE', false, false)], projectIds: ['x'] },
    ['REQUIRED name', 'REQUIRED sections.0.name', 'INVALID fields.0.visible', 'NOT_FOUND projectIds.0'],
  ],
])('%s', async (what, input, expected) => {
  const tool = await world.tool(`For ${what}`, []);
  expect(await refusals({ genericToolId: tool.gid, name: 'Fresh', ...input })).toEqual(expected);
  const { rows } = await world.sql`
    select 1 from fieldsets where generic_tool_id = ${tool.id} and not is_default`.execute(world.db);
  expect(rows).toHaveLength(expected.length > 0 ? 0 : 1);
});

test('why a field cannot be required is said', async () => {
  const tool = await world.tool('Reasons', []);
  const { userErrors } = await save({
    genericToolId: tool.gid,
    name: 'Fresh',
    fields: [said('RESPONSES', true, true)],
  });
  expect(userErrors.map(({ message }: { message: string }) => message)).toEqual([
    'RESPONSES cannot be required: it is what others add to an item, no content of it.',
  ]);
});

test('a change can break the same rules, and a refused one changes nothing', async () => {
  const tool = await world.tool('Changed', [tower]);
  const { fieldset } = await save({ genericToolId: tool.gid, name: 'Strict', sections: [{ name: 'A' }] });
  const { id } = fieldset;
  expect(await refusals({ id, name: null })).toEqual(['REQUIRED name']);
  expect(await refusals({ id, name: 'DEFAULT' })).toEqual(['TAKEN name']);
  expect(await refusals({ id, name: 'STRICT' })).toEqual([]);
  expect(await refusals({ id, name: 'X', fields: [said('DUE_DATE', true, true, { section: 'B' })] })).toEqual([
    'INVALID fields.0.section',
  ]);
  expect(
    await refusals({ id, name: 'X', sections: [], fields: [said('DUE_DATE', true, true, { section: 'A' })] }),
  ).toEqual(['INVALID fields.0.section']);
  expect(await refusals({ id, name: 'X', sections: [], projectIds: [ada.gid] })).toEqual(['NOT_FOUND projectIds.0']);
  expect((await save({ id })).fieldset).toEqual({ ...fieldset, name: 'STRICT' });
});

test('a fieldset stays with its tool', async () => {
  const [tool, other] = [await world.tool('Home', []), await world.tool('Away', [])];
  const { fieldset } = await save({ genericToolId: tool.gid, name: 'Strict' });
  expect(await refusals({ id: fieldset.id, genericToolId: other.gid, name: 'X' })).toEqual(['INVALID genericToolId']);
  expect(await refusals({ id: fieldset.id, genericToolId: tool.gid, name: 'X' })).toEqual([]);
});

test('fieldsets, tools and projects of another company, of nobody, and ids of other kinds are not found', async () => {
  const south = await world.company('Southside');
  const dock = await world.project('Dock', { companyId: south.id });
  const theirs = await world.tool('Theirs', [dock], { companyId: south.id });
  const sue = await world.person('Sue South', { admin: true, companyId: south.id });
  const { genericTool } = await world.get(sue, 'query ($id: ID!) { genericTool(id: $id) { fieldsets { id } } }', {
    id: theirs.gid,
  });
  const ours = await world.tool('Ours', []);
  for (const id of [genericTool.fieldsets[0].id, ours.gid, 'rubbish', '']) {
    expect(await refusals({ id, name: 'Mine' })).toEqual(['NOT_FOUND id']);
    expect(await refusalsOf(world, ada, 'deleteFieldset', { id })).toEqual(['NOT_FOUND id']);
  }
  for (const genericToolId of [theirs.gid, tower.gid, 'rubbish']) {
    expect(await refusals({ genericToolId, name: 'Mine' })).toEqual(['NOT_FOUND genericToolId']);
  }
  expect(await refusals({ genericToolId: ours.gid, name: 'Mine', projectIds: [tower.gid, dock.gid] })).toEqual([
    'NOT_FOUND projectIds.1',
  ]);
});

test('only company admins change fieldsets, ADMINs of the tool do not', async () => {
  const bob = await world.person('Bob Builder');
  const tool = await world.tool('Guarded', [tower]);
  await world.grant(bob, tower, tool, 'ADMIN');
  const { fieldset } = await save({ genericToolId: tool.gid, name: 'Strict' });
  expect(await refusals({ genericToolId: tool.gid, name: 'By Bob' }, bob)).toEqual(['FORBIDDEN']);
  expect(await refusals({ id: fieldset.id, name: 'By Bob' }, bob)).toEqual(['FORBIDDEN']);
  expect(await refusalsOf(world, bob, 'deleteFieldset', { id: fieldset.id })).toEqual(['FORBIDDEN']);
});

test('of many fieldsets of one name at once one is made', async () => {
  const tool = await world.tool('Raced', []);
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, i) =>
      refusals({ genericToolId: tool.gid, name: i % 2 ? 'Short' : 'SHORT', projectIds: [tower.gid] }),
    ),
  );
  expect(answers.flat()).toEqual(Array(5).fill('TAKEN name'));
});
