import { afterAll, beforeAll, expect, test } from 'vitest';
import { CUSTOM_FIELD_TYPES } from '../../src/tool/customField.policy.ts';
import { ITEM_FIELDS } from '../../src/tool/tool.policy.ts';
import { nothing } from '../kit/office.ts';
import { createWorld, type Person, type TestWorld, type Thing } from '../kit/world.ts';
import { call, eventsOf, refusalsOf } from './call.ts';

let world: TestWorld;
let ada: Person;
let bob: Person;
let ina: Person;
let acme: Thing;
let sue: Person;
beforeAll(async () => {
  world = await createWorld();
  ada = await world.person('Ada Admin', { admin: true });
  bob = await world.person('Bob Builder');
  ina = await world.person('Ina Inactive', { active: false });
  acme = await world.vendor('Acme');
  const south = await world.company('Southside');
  sue = await world.person('Sue South', { admin: true, companyId: south.id });
});
afterAll(() => world[Symbol.asyncDispose]());

let made = 0;
/** A definition that must go well; of a label of its own unless told. */
async function define(dataType: string, more: Record<string, unknown> = {}) {
  made += 1;
  const input = { companyId: world.home.gid, label: `Field ${made}`, dataType, ...more };
  const { customField, userErrors } = await call(world, ada, 'createCustomField', input);
  if (!customField) throw new Error(JSON.stringify(userErrors));
  return customField;
}
const refused = (more: Record<string, unknown>, who = ada) =>
  refusalsOf(world, who, 'createCustomField', { companyId: world.home.gid, label: 'New', dataType: 'STRING', ...more });
const change = async (input: Record<string, unknown>) =>
  (await call(world, ada, 'updateCustomField', input)).customField;
const refusedChange = (input: Record<string, unknown>, who = ada) => refusalsOf(world, who, 'updateCustomField', input);
const labels = (options: { label: string; active: boolean }[]) =>
  options.map(({ label, active }) => (active ? label : `(${label})`));
const listed = async (who: Person, company = world.home) =>
  (
    await world.get(who, 'query ($id: ID!) { company(id: $id) { customFields { label active } } }', { id: company.gid })
  ).company?.customFields.map(({ label }: { label: string }) => label);

test('a field of each type is defined, and found by everybody of the company and nobody else', async () => {
  for (const dataType of CUSTOM_FIELD_TYPES) {
    const field = await define(dataType, { label: ` ${dataType} `, description: ' Why ' });
    expect(field).toEqual({
      ...{ id: field.id, label: dataType, description: 'Why', dataType },
      ...{ defaultValue: null, active: true, options: [] },
    });
    const ask = 'query ($id: ID!) { node(id: $id) { ... on CustomField { label } } }';
    expect((await world.get(bob, ask, { id: field.id })).node).toEqual({ label: dataType });
    expect((await world.get(sue, ask, { id: field.id })).node).toBeNull();
  }
  expect(await listed(bob)).toEqual([...CUSTOM_FIELD_TYPES].sort());
  expect(await listed(sue)).toBeUndefined();
  expect(await listed(sue, { id: sue.companyId, gid: (await ownCompany(sue)).id })).toEqual([]);
});
const ownCompany = async (who: Person) => (await world.get(who, '{ viewer { companies { id } } }')).viewer.companies[0];

test.each<[string, unknown, unknown]>([
  ['STRING', ' Steel ', 'Steel'],
  ['STRING', '5', '5'],
  ['READ_ONLY', 'See the manual', 'See the manual'],
  ['RICH_TEXT', '<b onclick="x()">Bold</b><script>1</script>', '<b>Bold</b>'],
  ['DECIMAL', '-01.50', '-1.5'],
  ['CURRENCY', '12345678901234567890.0123456789', '12345678901234567890.0123456789'],
  ['BOOLEAN', false, false],
  ['DATE', '2024-02-29', '2024-02-29'],
  ['DATETIME', '2024-02-29T10:00:00+02:00', '2024-02-29T08:00:00.000Z'],
  ['STRING', null, null],
  ['STRING', '  ', null],
])('the default of %s can be %j', async (dataType, defaultValue, kept) => {
  expect((await define(dataType, { defaultValue })).defaultValue).toEqual(kept);
});

test('defaults of people, firms and options are ids', async () => {
  expect((await define('USER', { defaultValue: bob.gid })).defaultValue).toBe(bob.gid);
  expect((await define('USERS', { defaultValue: [bob.gid, ada.gid, bob.gid] })).defaultValue).toEqual([
    bob.gid,
    ada.gid,
  ]);
  expect((await define('COMPANY', { defaultValue: acme.gid })).defaultValue).toBe(acme.gid);
  const one = await define('SINGLE_SELECT', { options: ['Red', 'Green'], defaultValue: ' green ' });
  expect(one.defaultValue).toBe(one.options[1].id);
  const some = await define('MULTI_SELECT', { options: ['Red', 'Green', 'Blue'], defaultValue: ['blue', 'Red'] });
  expect(some.defaultValue).toEqual([some.options[0].id, some.options[2].id]);
  expect((await change({ id: one.id, defaultValue: one.options[0].id })).defaultValue).toBe(one.options[0].id);
  // a default out of use is none
  expect((await change({ id: one.id, deactivateOptionIds: [one.options[0].id] })).defaultValue).toBeNull();
  expect(await refusedChange({ id: one.id, defaultValue: 'Red' })).toEqual(['NOT_SELECTABLE defaultValue']);
  const left = await change({ id: some.id, deactivateOptionIds: [some.options[0].id] });
  expect(left.defaultValue).toEqual([some.options[2].id]);
  expect((await change({ id: some.id, defaultValue: null })).defaultValue).toBeNull();
});

test.each<[string, Record<string, unknown>, string[]]>([
  ['no label', { label: ' ' }, ['REQUIRED label']],
  ['a long label', { label: 'x'.repeat(256) }, ['TOO_LONG label']],
  ['a label of two lines', { label: 'a\nb' }, ['INVALID label']],
  ['a long description', { description: 'x'.repeat(2001) }, ['TOO_LONG description']],
  ['another company', { companyId: nothing('Company') }, ['NOT_FOUND companyId']],
  ['options of a text', { options: ['A'] }, ['INVALID options']],
  [
    'an option twice and one without a label',
    { dataType: 'SINGLE_SELECT', options: ['A', ' a', ''] },
    ['INVALID options.1', 'REQUIRED options.2'],
  ],
  [
    '501 options',
    { dataType: 'MULTI_SELECT', options: Array.from({ length: 501 }, (_, n) => `O${n}`) },
    ['TOO_MANY options'],
  ],
  ['a number for a text', { defaultValue: 5 }, ['INVALID defaultValue']],
  ['a list for a text', { defaultValue: ['a'] }, ['INVALID defaultValue']],
  ['an object for a text', { defaultValue: { a: 1 } }, ['INVALID defaultValue']],
  ['a long text', { defaultValue: 'x'.repeat(256) }, ['TOO_LONG defaultValue']],
  ['a control character', { defaultValue: 'a\u0000b' }, ['INVALID defaultValue']],
  ['long rich text', { dataType: 'RICH_TEXT', defaultValue: 'x'.repeat(10_001) }, ['TOO_LONG defaultValue']],
  ['a number for a decimal', { dataType: 'DECIMAL', defaultValue: 1.5 }, ['INVALID defaultValue']],
  ['words for a decimal', { dataType: 'CURRENCY', defaultValue: '1,50' }, ['INVALID defaultValue']],
  ['a text for a boolean', { dataType: 'BOOLEAN', defaultValue: 'true' }, ['INVALID defaultValue']],
  ['no day', { dataType: 'DATE', defaultValue: '2025-02-29' }, ['INVALID defaultValue']],
  ['no moment', { dataType: 'DATETIME', defaultValue: '2025-02-28' }, ['INVALID defaultValue']],
  ['an id of nobody', { dataType: 'USER', defaultValue: nothing('User') }, ['NOT_FOUND defaultValue']],
  ['no id', { dataType: 'USER', defaultValue: 'Bob' }, ['NOT_FOUND defaultValue']],
  ['a user for users', { dataType: 'USERS', defaultValue: nothing('User') }, ['INVALID defaultValue']],
  [
    'rubbish among users',
    { dataType: 'USERS', defaultValue: [null, 7, 'x'] },
    [0, 1].map((n) => `INVALID defaultValue.${n}`).concat('NOT_FOUND defaultValue.2'),
  ],
  [
    '201 users',
    { dataType: 'USERS', defaultValue: Array.from({ length: 201 }, (_, n) => `${n}`) },
    ['TOO_MANY defaultValue'],
  ],
  ['a user for a firm', { dataType: 'COMPANY', defaultValue: nothing('User') }, ['NOT_FOUND defaultValue']],
  ['a location', { dataType: 'LOCATION', defaultValue: nothing('Location') }, ['INVALID defaultValue']],
  ['no option', { dataType: 'SINGLE_SELECT', options: ['A'], defaultValue: 'B' }, ['NOT_FOUND defaultValue']],
  ['one option for some', { dataType: 'MULTI_SELECT', options: ['A'], defaultValue: 'A' }, ['INVALID defaultValue']],
])('%s is refused', async (_what, input, faults) => {
  expect(await refused(input)).toEqual(faults);
});

test('people of other companies, and inactive ones, are no default', async () => {
  expect(await refused({ dataType: 'USER', defaultValue: sue.gid })).toEqual(['NOT_FOUND defaultValue']);
  expect(await refused({ dataType: 'USERS', defaultValue: [bob.gid, ina.gid] })).toEqual([
    'NOT_SELECTABLE defaultValue.1',
  ]);
});

test('labels are unique among those in use', async () => {
  const zone = await define('STRING', { label: 'Zone' });
  expect(await refused({ label: 'zONE' })).toEqual(['TAKEN label']);
  expect(await refusedChange({ id: zone.id, label: 'ZONE' })).toEqual([]);
  expect((await change({ id: zone.id, active: false })).active).toBe(false);
  const second = await define('DATE', { label: 'Zone' });
  expect(await refusedChange({ id: zone.id, active: true })).toEqual(['TAKEN label']);
  expect(await refusedChange({ id: zone.id, active: true, label: 'Zone 1' })).toEqual([]);
  expect(await refusedChange({ id: second.id, label: 'zone 1' })).toEqual(['TAKEN label']);
  const raced = await Promise.all(['A race', 'a RACE', 'A Race'].map((label) => refused({ label })));
  expect(raced.flat()).toEqual(['TAKEN label', 'TAKEN label']);
});

test('options are added last, go out of use, and come back to their place', async () => {
  const { id, options } = await define('SINGLE_SELECT', { options: ['Red', 'Green'] });
  expect(options.map(({ position }: { position: number }) => position)).toEqual([1, 2]);
  const shown = async (input: object) => labels((await change({ id, ...input })).options);
  expect(await shown({ addOptions: ['Blue'], deactivateOptionIds: [options[0].id] })).toEqual([
    '(Red)',
    'Green',
    'Blue',
  ]);
  expect(await refusedChange({ id, addOptions: ['White', 'GREEN'] })).toEqual(['TAKEN addOptions.1']);
  expect(await refusedChange({ id, addOptions: ['White', 'white', ''] })).toEqual([
    'INVALID addOptions.1',
    'REQUIRED addOptions.2',
  ]);
  expect(await refusedChange({ id, deactivateOptionIds: ['x', nothing('CustomFieldOption'), options[0].id] })).toEqual([
    'NOT_FOUND deactivateOptionIds.0',
    'NOT_FOUND deactivateOptionIds.1',
  ]);
  expect(await shown({ addOptions: ['red'] })).toEqual(['red', 'Green', 'Blue']);
  expect((await change({ id })).options[0].id).toBe(options[0].id);
  const text = await define('STRING');
  expect(await refusedChange({ id: text.id, addOptions: ['A'] })).toEqual(['INVALID addOptions']);
  expect(await refusedChange({ id: text.id, deactivateOptionIds: [options[0].id] })).toEqual([
    'NOT_FOUND deactivateOptionIds.0',
  ]);
  const added = await Promise.all(
    ['White', 'WHITE', 'Black'].map((label) => refusedChange({ id, addOptions: [label] })),
  );
  expect(added.flat()).toEqual(['TAKEN addOptions.0']);
});

test('only company admins define fields, of their own company', async () => {
  const field = await define('STRING');
  expect(await refused({}, bob)).toEqual(['FORBIDDEN']);
  expect(await refused({}, sue)).toEqual(['NOT_FOUND companyId']);
  expect(await refusedChange({ id: field.id, label: 'X' }, bob)).toEqual(['FORBIDDEN']);
  for (const id of [field.id, nothing('CustomField'), bob.gid, 'x'])
    expect(await refusedChange({ id, label: 'X' }, sue)).toEqual(['NOT_FOUND id']);
  expect(await refusedChange({ id: field.id, label: null, active: null })).toEqual([
    'REQUIRED label',
    'REQUIRED active',
  ]);
  expect(await refusedChange({ id: field.id, label: '' })).toEqual(['REQUIRED label']);
});

test('a fieldset has custom fields among its others; what it does not list is no longer in it', async () => {
  const tool = await world.tool('Memo', []);
  const [zone, note] = [await define('STRING', { label: 'Area' }), await define('READ_ONLY', { label: 'Note' })];
  const save = (input: Record<string, unknown>) => call(world, ada, 'saveFieldset', input);
  const { fieldset } = await save({
    genericToolId: tool.gid,
    name: 'Own',
    sections: [{ name: 'Site' }],
    fields: [
      { customFieldId: zone.id, visible: true, required: true, section: 'site' },
      { field: 'DUE_DATE', visible: true, required: false },
      { customFieldId: note.id, visible: false, required: false, position: 2 },
    ],
  });
  const own = (label: string, more: object) => ({ field: null, customField: { label }, ...more });
  expect(fieldset.fields.slice(0, 3)).toMatchObject([
    own('Area', { visible: true, required: true, position: 1, section: { name: 'Site' } }),
    { field: 'DUE_DATE', customField: null, position: 2 },
    own('Note', { visible: false, required: false, position: 2, section: null }),
  ]);
  expect(fieldset.fields).toHaveLength(ITEM_FIELDS.length + 2);
  const count = async () => (await eventsOf(world)).length;
  const before = await count();
  expect((await save({ id: fieldset.id })).fieldset).toEqual(fieldset);
  expect(await count()).toBe(before);
  const [, , ...built] = fieldset.fields;
  const less = (await save({ id: fieldset.id, fields: [{ customFieldId: note.id, visible: true, required: false }] }))
    .fieldset;
  expect(less.fields.filter(({ customField }: { customField: unknown }) => customField)).toMatchObject([
    own('Note', { visible: true, position: 1 }),
  ]);
  expect(less.fields).toHaveLength(built.length + 1);
  const told = (await eventsOf(world)).at(-1)!.payload as { changes: { old: object; new: object }[] };
  expect(JSON.stringify(told)).toContain('"customField:');

  // a changed definition is told of for the tools that have it, and shown at once
  const events = await count();
  await change({ id: note.id, label: 'Remark' });
  await change({ id: note.id, label: 'Remark' });
  await change({ id: zone.id, label: 'Area 51' });
  expect((await eventsOf(world)).slice(events)).toMatchObject([
    {
      type: 'genericTool.updated',
      genericToolId: tool.id,
      payload: { changes: [{ field: 'customField', old: { label: 'Note' }, new: { label: 'Remark' } }] },
    },
  ]);
  expect((await save({ id: fieldset.id })).fieldset.fields[0].customField.label).toBe('Remark');
});

test('what a fieldset cannot say of custom fields is refused', async () => {
  const tool = await world.tool('Refusals', []);
  const [area, note, gone] = [await define('STRING'), await define('READ_ONLY'), await define('STRING')];
  const many = await Promise.all(Array.from({ length: 16 }, () => define('STRING')));
  const abroad = { companyId: (await ownCompany(sue)).id, label: 'Theirs', dataType: 'STRING' };
  const { customField: theirs } = await call(world, sue, 'createCustomField', abroad);
  const refusals = (fields: object[]) =>
    refusalsOf(world, ada, 'saveFieldset', { genericToolId: tool.gid, name: 'Own', fields });
  const own = (id: string, visible = true, required = false) => ({ customFieldId: id, visible, required });
  expect(await refusals([own(theirs.id), own(nothing('CustomField')), own('x'), own('x')])).toEqual([
    'NOT_FOUND fields.2.customFieldId',
    'NOT_FOUND fields.3.customFieldId',
  ]);
  expect(await refusals([own(theirs.id), own(nothing('CustomField'))])).toEqual([
    'NOT_FOUND fields.0.customFieldId',
    'NOT_FOUND fields.1.customFieldId',
  ]);
  expect(await refusals([own(area.id), own(area.id), { ...own(note.id), field: 'TITLE' }])).toEqual([
    'INVALID fields.1.customFieldId',
    'INVALID fields.2.customFieldId',
  ]);
  expect(await refusals([own(area.id, false, true), own(note.id, true, true)])).toEqual(['INVALID fields.0.required']);
  expect(await refusals([own(note.id, true, true)])).toEqual(['INVALID fields.0.required']);
  expect(await refusals(many.map(({ id }) => own(id)))).toEqual(['TOO_MANY fields']);
  const { fieldset } = await call(world, ada, 'saveFieldset', {
    ...{ genericToolId: tool.gid, name: 'Own' },
    fields: [...many.slice(0, 14), gone].map(({ id }) => own(id)),
  });
  await change({ id: gone.id, active: false });
  // what is there may stay
  expect(await refusalsOf(world, ada, 'saveFieldset', { id: fieldset.id, fields: [own(gone.id)] })).toEqual([]);
  await call(world, ada, 'saveFieldset', { id: fieldset.id, fields: [] });
  expect(await refusalsOf(world, ada, 'saveFieldset', { id: fieldset.id, fields: [own(gone.id)] })).toEqual([
    'INVALID fields.0.customFieldId',
  ]);
});

test('lists of definitions and fieldsets take as many statements however many there are', async () => {
  const fields = `query ($id: ID!) { company(id: $id) { customFields { label options { label } } genericTools { nodes { fieldsets { fields { customField { label options { label } } } } } } } }`;
  await world.get(ada, fields, { id: world.home.gid });
  const before = await world.statementsOf(ada, fields, { id: world.home.gid });
  for (let n = 0; n < 3; n += 1) await define('SINGLE_SELECT', { options: ['A', 'B'] });
  await world.get(ada, fields, { id: world.home.gid });
  expect(await world.statementsOf(ada, fields, { id: world.home.gid })).toBe(before);
});
