import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CustomThing, putCustomFields } from '../kit/customFields.ts';
import { createOffice, faultsOf, nothing, type Office, type Payload } from '../kit/office.ts';
import { putReferences } from '../kit/reference.ts';
import type { Person, Thing, Tool } from '../kit/world.ts';

let office: Office;
let boss: Person;
let acme: Thing;
let places: Record<string, Thing>;
let away: Record<string, Thing>;
type Label = keyof typeof WANTED;
let fields: Record<Label, CustomThing>;
/** in no fieldset of the tool */
let elsewhere: CustomThing;

const WANTED = {
  Line: { dataType: 'STRING' },
  Text: { dataType: 'RICH_TEXT' },
  Number: { dataType: 'DECIMAL' },
  Money: { dataType: 'CURRENCY' },
  Flag: { dataType: 'BOOLEAN' },
  Day: { dataType: 'DATE' },
  Moment: { dataType: 'DATETIME' },
  One: { dataType: 'SINGLE_SELECT', options: ['Red', 'Green', 'Blue'] },
  Some: { dataType: 'MULTI_SELECT', options: ['North', 'East', 'South'] },
  Person: { dataType: 'USER' },
  People: { dataType: 'USERS' },
  Firm: { dataType: 'COMPANY' },
  Place: { dataType: 'LOCATION' },
  Note: { dataType: 'READ_ONLY', defaultValue: 'See the manual' },
  Hidden: { dataType: 'STRING', visible: false },
} as const;

beforeAll(async () => {
  office = await createOffice();
  boss = await office.person('Bea Boss', { admin: true });
  acme = await office.vendor('Acme');
  await office.vendor('Bolts');
  fields = await putCustomFields(office, boss, office.review, WANTED as never);
  elsewhere = (await putCustomFields(office, boss, null, { Elsewhere: { dataType: 'STRING' } })).Elsewhere;
  places = await putReferences(office, office.tower, [
    { kind: 'LOCATION', name: 'Room', path: 'House>Level 2>Room' },
    { kind: 'LOCATION', name: 'Cellar', active: false },
    { kind: 'TRADE', name: 'Masonry' },
  ]);
  const bridge = await office.project('Bridge');
  away = await putReferences(office, bridge, [{ kind: 'LOCATION', name: 'Pier' }]);
});
afterAll(() => office[Symbol.asyncDispose]());

const give = (values: Partial<Record<Label, unknown>>) => ({
  customFields: Object.entries(values).map(([label, value]) => ({
    customFieldId: fields[label as Label].gid,
    value,
  })),
});
const SHOWN = 'customFields { customField { label } value displayValue }';
/** What somebody sees of the custom fields of an item, by label: those with a value. */
async function values(id: string, who = office.ada): Promise<Payload> {
  const { item } = await office.get(who, `query ($id: ID!) { item(id: $id) { ${SHOWN} } }`, { id });
  return Object.fromEntries(
    item.customFields
      .filter(({ value }: Payload) => value !== null)
      .map(({ customField, value, displayValue }: Payload) => [customField.label, [value, displayValue]]),
  );
}

const option = (label: 'One' | 'Some', name: string) => fields[label].options[name]!.gid;

test('an item shows the fields of its fieldset in order, and what it was given comes back', async () => {
  const { ada, ben, rae } = office;
  const item = await office.item(ada, { statusName: 'Open' });
  const { item: bare } = await office.get(rae, `query ($id: ID!) { item(id: $id) { ${SHOWN} } }`, { id: item.id });
  expect(bare.customFields.map(({ customField }: Payload) => customField.label)).toEqual(
    Object.keys(WANTED).filter((label) => label !== 'Hidden'),
  );
  expect(await values(item.id)).toEqual({ Note: ['See the manual', 'See the manual'] });
  const { userErrors } = await office.update(
    ada,
    item.id,
    give({
      Line: ' Steel é ',
      Text: '<p>Two &amp; <b>three</b></p><p>lines<script>x</script></p>',
      Number: '-001.50',
      Money: '12345678901234567890.0123456789',
      Flag: false,
      Day: '2024-02-29',
      Moment: '2024-02-29T10:00:00+02:00',
      One: option('One', 'Green'),
      Some: [option('Some', 'South'), option('Some', 'North'), option('Some', 'South')],
      Person: ben.gid,
      People: [rae.gid, ada.gid],
      Firm: acme.gid,
      Place: places.Room!.gid,
    }),
  );
  expect(userErrors).toEqual([]);
  expect(await values(item.id, rae)).toEqual({
    Line: ['Steel é', 'Steel é'],
    Text: ['<p>Two &amp; <b>three</b></p><p>lines</p>', 'Two & three\nlines'],
    Number: ['-1.5', '-1.5'],
    Money: ['12345678901234567890.0123456789', '12345678901234567890.0123456789'],
    Flag: [false, 'No'],
    Day: ['2024-02-29', '2024-02-29'],
    Moment: ['2024-02-29T08:00:00.000Z', '2024-02-29T08:00:00.000Z'],
    One: [option('One', 'Green'), 'Green'],
    Some: [[option('Some', 'North'), option('Some', 'South')], 'North, South'],
    Person: [ben.gid, 'Ben Standard'],
    People: [[rae.gid, ada.gid], 'Rae Reader, Ada Admin'],
    Firm: [acme.gid, 'Acme'],
    Place: [places.Room!.gid, 'House>Level 2>Room'],
    Note: ['See the manual', 'See the manual'],
  });
  // lists bring them too
  const list = `query ($id: ID!) { items(filter: { ids: [$id] }) { nodes { ${SHOWN} } } }`;
  const { items } = await office.get(rae, list, { id: item.id });
  expect(items.nodes[0].customFields).toHaveLength(14);
  expect(items.nodes[0].customFields[0]).toMatchObject({ value: 'Steel é' });

  // what was read can be written back, and is no change
  const read = await values(item.id);
  delete read.Note;
  const again = give(Object.fromEntries(Object.entries<Payload>(read).map(([label, [value]]) => [label, value])));
  expect((await office.update(ada, item.id, again)).item.version).toBe(2);
  const same = give({ Number: '-1.500', Moment: '2024-02-29T08:00:00Z', Some: read.Some[0].toReversed() });
  expect((await office.update(ada, item.id, same)).item.version).toBe(2);

  // merged by id; null clears one, an empty text and an empty list too; null for all clears all
  await office.update(ada, item.id, give({ Line: null, Text: '<p> </p>', People: [], Number: '7' }));
  const left = await values(item.id);
  expect(Object.keys(left)).toEqual([
    'Number',
    'Money',
    'Flag',
    'Day',
    'Moment',
    'One',
    'Some',
    'Person',
    'Firm',
    'Place',
    'Note',
  ]);
  expect(left.Number).toEqual(['7', '7']);
  await office.update(ada, item.id, { customFields: [] });
  expect(await values(item.id)).toEqual(left);
  await office.update(ada, item.id, { customFields: null });
  expect(await values(item.id)).toEqual({ Note: ['See the manual', 'See the manual'] });
  const { rows } = await office.sql<{ values: unknown }>`
    select custom_values as values from items where number = ${item.number}`.execute(office.db);
  expect(rows[0]!.values).toBeNull();
});

test('history and events tell of each changed field: as it was shown, and in ids', async () => {
  const { ada, ben, rae } = office;
  const item = await office.item(ada, { statusName: 'Open', ...give({ Line: 'Steel', One: option('One', 'Red') }) });
  expect(await office.history(rae, item.id)).toEqual([]);
  await office.update(
    ada,
    item.id,
    give({
      Line: 'Wood',
      One: option('One', 'Blue'),
      People: [ben.gid, rae.gid],
      Text: '<b>x</b>',
      Place: places.Room!.gid,
    }),
  );
  await office.update(ada, item.id, give({ People: [rae.gid], Line: null, Firm: acme.gid, Flag: true }));
  const key = (label: Label) => `customField:${fields[label].gid}`;
  expect((await office.history(rae, item.id)).sort()).toEqual(
    [
      `${key('Line')}: Steel > Wood`,
      `${key('One')}: Red > Blue`,
      `${key('People')}:  > Ben Standard, Rae Reader`,
      `${key('Text')}:  > x`,
      `${key('Place')}:  > House>Level 2>Room`,
      `${key('Line')}: Wood > `,
      `${key('People')}: Ben Standard, Rae Reader > Rae Reader`,
      `${key('Firm')}:  > Acme`,
      `${key('Flag')}:  > Yes`,
    ].sort(),
  );
  const labels = `query ($id: ID!) { item(id: $id) { changes(first: 50) { nodes { field label } } } }`;
  const { nodes } = (await office.get(rae, labels, { id: item.id })).item.changes;
  expect(nodes).toContainEqual({ field: key('One'), label: 'One' });
  const [, first, second] = (await office.events(item)).filter(({ type }) => type !== 'item.issued');
  const told = (event: Payload) =>
    Object.fromEntries(event.payload.changes.map(({ field, ...change }: Payload) => [field, change]));
  expect(told(first)).toEqual({
    [key('Line')]: {},
    [key('Text')]: {},
    [key('One')]: { old: fields.One.options.Red!.id, new: fields.One.options.Blue!.id },
    [key('People')]: { old: null, new: [ben.id, rae.id] },
    [key('Place')]: { old: null, new: places.Room!.id },
  });
  expect(told(second)[key('Flag')]).toEqual({ old: null, new: true });
  expect(JSON.stringify(told(second))).not.toContain('Wood');
});

const refusals = (): [string, object, string[]][] => [
  ['a number', give({ Line: 5 }), ['INVALID customFields.0.value']],
  ['a long line', give({ Line: 'x'.repeat(256) }), ['TOO_LONG customFields.0.value']],
  ['two lines', give({ Line: 'a\nb' }), ['INVALID customFields.0.value']],
  ['long rich text', give({ Text: 'x'.repeat(10_001) }), ['TOO_LONG customFields.0.value']],
  [
    'decimals that are none',
    give({ Number: 1, Money: '1e3' }),
    ['INVALID customFields.0.value', 'INVALID customFields.1.value'],
  ],
  [
    'days that are none',
    give({ Day: '29.02.2024', Moment: '2024-02-29' }),
    ['INVALID customFields.0.value', 'INVALID customFields.1.value'],
  ],
  ['a text for yes', give({ Flag: 'yes' }), ['INVALID customFields.0.value']],
  ['an option of another field', give({ One: option('Some', 'North') }), ['NOT_FOUND customFields.0.value']],
  ['a label', give({ One: 'Red' }), ['NOT_FOUND customFields.0.value']],
  ['one for some', give({ Some: option('Some', 'North') }), ['INVALID customFields.0.value']],
  [
    'rubbish among options',
    give({ Some: [option('Some', 'North'), 'x', null, {}] }),
    ['NOT_FOUND customFields.0.value.1', 'INVALID customFields.0.value.2', 'INVALID customFields.0.value.3'],
  ],
  [
    'people who cannot be chosen',
    give({ People: [office.ben.gid, office.ina.gid, office.out.gid, office.nan.gid, nothing('User'), 'x'] }),
    [
      ...[1, 2, 3].map((n) => `NOT_SELECTABLE customFields.0.value.${n}`),
      ...[4, 5].map((n) => `NOT_FOUND customFields.0.value.${n}`),
    ],
  ],
  [
    'a firm for a person',
    give({ Person: acme.gid, Firm: office.ben.gid }),
    ['NOT_FOUND customFields.0.value', 'NOT_FOUND customFields.1.value'],
  ],
  ['a trade for a place', give({ Place: places.Masonry!.gid }), ['NOT_FOUND customFields.0.value']],
  ['a place elsewhere', give({ Place: away.Pier!.gid }), ['NOT_FOUND customFields.0.value']],
  ['a place out of use', give({ Place: places.Cellar!.gid }), ['NOT_SELECTABLE customFields.0.value']],
  [
    'what cannot be written',
    give({ Note: 'x', Hidden: 'x' }),
    ['INVALID customFields.0.customFieldId', 'INVALID customFields.1.customFieldId'],
  ],
  [
    'a field of other fieldsets',
    { customFields: [{ customFieldId: elsewhere.gid, value: 'x' }] },
    ['INVALID customFields.0.customFieldId'],
  ],
  [
    'fields that there are not',
    {
      customFields: [
        { customFieldId: nothing('CustomField'), value: 'x' },
        { customFieldId: 'x', value: null },
      ],
    },
    [0, 1].map((n) => `NOT_FOUND customFields.${n}.customFieldId`),
  ],
  [
    'a field twice',
    { customFields: [...give({ Line: 'a' }).customFields, ...give({ Line: 'b' }).customFields] },
    ['INVALID customFields.1.customFieldId'],
  ],
  ['no value', { customFields: [{ customFieldId: fields.Line.gid }] }, ['REQUIRED customFields.0.value']],
  [
    '16 fields',
    { customFields: Array.from({ length: 16 }, () => ({ customFieldId: fields.Line.gid, value: 'x' })) },
    ['TOO_MANY customFields'],
  ],
];

test('what makes no sense is refused on create and update alike, with its place', async () => {
  const { ada } = office;
  const item = await office.item(ada, { statusName: 'Open' });
  const before = await office.trace();
  for (const [what, patch, faults] of refusals()) {
    const at = (path: string) => faults.map((fault) => fault.replace(' ', ` ${path}.`));
    expect
      .soft([what, ...faultsOf(await office.create(ada, { title: 'New', ...patch }))])
      .toEqual([what, ...at('item')]);
    expect.soft([what, ...faultsOf(await office.update(ada, item.id, patch))]).toEqual([what, ...at('patch')]);
  }
  expect(await office.trace()).toBe(before);
});

test('values of another company are nobody', async () => {
  const south = await office.company('Southside');
  const sue = await office.person('Sue South', { companyId: south.id });
  const bolts = await office.vendor('Bolts', south.id);
  const item = await office.item(office.ada);
  expect(faultsOf(await office.update(office.ada, item.id, give({ Person: sue.gid, Firm: bolts.gid })))).toEqual([
    'NOT_FOUND patch.customFields.0.value',
    'NOT_FOUND patch.customFields.1.value',
  ]);
});

test('whoever and whatever is there may stay: options out of use, people without access, places', async () => {
  const { ada } = office;
  const eve = await office.person('Eve Former');
  await office.grant(eve, office.tower, office.review, 'READ_ONLY');
  const item = await office.item(ada, {
    statusName: 'Open',
    ...give({
      Some: [option('Some', 'East'), option('Some', 'South')],
      One: option('One', 'Green'),
      People: [eve.gid],
    }),
  });
  const change = (input: object) =>
    office.tell(boss, 'updateCustomField', input, 'customField { options { label active } }');
  await change({ id: fields.Some.gid, deactivateOptionIds: [option('Some', 'East')] });
  await change({ id: fields.One.gid, deactivateOptionIds: [option('One', 'Green')] });
  await office.grant(eve, office.tower, office.review, 'NONE');
  const more = give({
    Some: [option('Some', 'North'), option('Some', 'East')],
    One: option('One', 'Green'),
    People: [office.ben.gid, eve.gid],
  });
  expect(faultsOf(await office.update(ada, item.id, more))).toEqual([]);
  expect(await values(item.id)).toMatchObject({
    Some: [[option('Some', 'North'), option('Some', 'East')], 'North, East'],
    One: [option('One', 'Green'), 'Green'],
    People: [expect.anything(), 'Ben Standard, Eve Former'],
  });
  const other = await office.item(ada);
  const anew = give({ Some: [option('Some', 'East')], One: option('One', 'Green'), People: [eve.gid] });
  expect(faultsOf(await office.update(ada, other.id, anew))).toEqual([
    'NOT_SELECTABLE patch.customFields.0.value.0',
    'NOT_SELECTABLE patch.customFields.1.value',
    'NOT_SELECTABLE patch.customFields.2.value.0',
  ]);
  await change({ id: fields.Some.gid, addOptions: ['East'] });
  await change({ id: fields.One.gid, addOptions: ['Green'] });
});

test('defaults are for new items whose maker says nothing, as far as they can be chosen there', async () => {
  const { ada, ben, out } = office;
  const memo = await office.secondTool('Memo');
  const own = await putCustomFields(office, boss, memo as unknown as Tool, {
    Colour: { dataType: 'SINGLE_SELECT', options: ['White', 'Black'], defaultValue: 'Black' },
    Sides: { dataType: 'MULTI_SELECT', options: ['Left', 'Right'], defaultValue: ['Left', 'Right'] },
    Motto: { dataType: 'STRING', defaultValue: 'Ad astra' },
    Maker: { dataType: 'COMPANY', defaultValue: acme.gid },
    Owner: { dataType: 'USER', defaultValue: out.gid },
    Crew: { dataType: 'USERS', defaultValue: [out.gid, ben.gid] },
    Sure: { dataType: 'BOOLEAN', defaultValue: false },
    Unseen: { dataType: 'STRING', defaultValue: 'x', visible: false },
  });
  const bare = await memo.words.item(ada);
  expect(await values(bare.id)).toEqual({
    Colour: [own.Colour.options.Black!.gid, 'Black'],
    Sides: [[own.Sides.options.Left!.gid, own.Sides.options.Right!.gid], 'Left, Right'],
    Motto: ['Ad astra', 'Ad astra'],
    Maker: [acme.gid, 'Acme'],
    Crew: [[ben.gid], 'Ben Standard'],
    Sure: [false, 'No'],
  });
  const said = await memo.words.item(ada, {
    customFields: [
      { customFieldId: own.Motto.gid, value: null },
      { customFieldId: own.Sure.gid, value: true },
    ],
  });
  const shown = await values(said.id);
  expect([shown.Motto, shown.Sure[0], shown.Maker[0]]).toEqual([undefined, true, acme.gid]);
  await office.tell(
    boss,
    'updateCustomField',
    { id: own.Sides.gid, deactivateOptionIds: [own.Sides.options.Left!.gid] },
    'customField { id }',
  );
  await office.tell(boss, 'updateCustomField', { id: own.Motto.gid, active: false }, 'customField { id }');
  const last = await values((await memo.words.item(ada)).id);
  expect([last.Sides[1], last.Motto]).toEqual(['Right', undefined]);
  expect(await values((await memo.words.item(ada, { customFields: null })).id)).toEqual({});
  // a value of a field that is out of use, or hidden, stays and is shown
  expect((await values(bare.id)).Motto).toEqual(['Ad astra', 'Ad astra']);
  const patch = { customFields: [{ customFieldId: own.Motto.gid, value: 'New' }] };
  expect(faultsOf(await memo.words.update(ada, bare.id, patch))).toEqual([
    'INVALID patch.customFields.0.customFieldId',
  ]);
  await memo.words.update(ada, bare.id, { customFields: null });
  expect(Object.keys(await values(bare.id))).toEqual(['Motto']);
});

test('required custom fields are enforced like the others, on every path', async () => {
  const { ada, ben } = office;
  const letters = await office.secondTool('Letters');
  const { create, update, batch, respond, item } = letters.words;
  const own = await putCustomFields(office, boss, letters as unknown as Tool, {
    Must: { dataType: 'BOOLEAN', required: true },
    Gone: { dataType: 'STRING', required: true },
  });
  await office.tell(boss, 'updateCustomField', { id: own.Gone.gid, active: false }, 'customField { id }');
  const must = (value: unknown) => ({ customFields: [{ customFieldId: own.Must.gid, value }] });
  expect(faultsOf(await create(ben, { title: 'A', statusName: 'Open' }))).toEqual(['REQUIRED item.customFields']);
  const draft = await item(ben);
  expect(faultsOf(await update(ben, draft.id, { statusName: 'Open' }))).toEqual(['REQUIRED patch.customFields']);
  const { results } = await batch(ben, { ids: [draft.id], patch: { statusName: 'Open' } });
  expect(faultsOf(results[0])).toEqual(['REQUIRED patch.customFields']);
  expect(faultsOf(await update(ben, draft.id, { statusName: 'Open', ...must(false) }))).toEqual([]);
  expect(faultsOf(await update(ben, draft.id, must(null)))).toEqual(['REQUIRED patch.customFields']);
  expect(faultsOf(await update(ben, draft.id, { title: 'B', customFields: null }))).toEqual([
    'REQUIRED patch.customFields',
  ]);
  // a status alone is never refused
  await office.sql`update items set custom_values = null where title = 'Broken lintel'`.execute(office.db);
  expect(faultsOf(await update(ben, draft.id, { statusName: 'On Hold' }))).toEqual([]);
  const answer = await respond(ada, draft.id, { itemPatch: { title: 'C' } });
  expect(faultsOf(answer)).toEqual(['REQUIRED itemPatch.customFields']);
});

test('who may not edit writes no values; frozen items take none; unseen ones are not there', async () => {
  const { ben, rae, nan, ada } = office;
  const item = await office.item(ada, { statusName: 'Open', ...give({ Line: 'Secret' }) });
  for (const who of [ben, rae])
    expect(faultsOf(await office.update(who, item.id, give({ Line: 'x' })))).toEqual(['FORBIDDEN id']);
  expect(faultsOf(await office.update(nan, item.id, give({ Line: 'x' })))).toEqual(['NOT_FOUND id']);
  await office.sql`update companies set issued_items_are_frozen = true`.execute(office.db);
  expect(faultsOf(await office.update(ada, item.id, give({ Line: 'x' })))).toEqual(['FROZEN patch.customFields']);
  await office.sql`update companies set issued_items_are_frozen = false`.execute(office.db);
  // two at once: none is lost
  const both = await Promise.all([
    office.update(ada, item.id, give({ Number: '1' })),
    office.update(ada, item.id, give({ Day: '2024-01-01' })),
  ]);
  expect(both.flatMap(faultsOf)).toEqual([]);
  expect(await values(item.id)).toMatchObject({
    Line: ['Secret', 'Secret'],
    Number: ['1', '1'],
    Day: ['2024-01-01', '2024-01-01'],
  });
});

test('what a fieldset drops is kept, and comes back with the field', async () => {
  const { ada } = office;
  const notes = await office.secondTool('Notes');
  const own = await putCustomFields(office, boss, notes as unknown as Tool, { Kept: { dataType: 'STRING' } });
  const item = await notes.words.item(ada, { customFields: [{ customFieldId: own.Kept.gid, value: 'Here' }] });
  const { genericTool } = await office.get(boss, 'query ($id: ID!) { genericTool(id: $id) { fieldsets { id } } }', {
    id: notes.gid,
  });
  const save = (fieldsOfIt: object[]) =>
    office.tell(boss, 'saveFieldset', { id: genericTool.fieldsets[0].id, fields: fieldsOfIt }, 'fieldset { id }');
  await save([]);
  expect(await values(item.id)).toEqual({});
  await notes.words.update(ada, item.id, { title: 'Other', customFields: null });
  await save([{ customFieldId: own.Kept.gid, visible: false, required: false }]);
  expect(await values(item.id)).toEqual({ Kept: ['Here', 'Here'] });
});

test('pages, single items and batches take as many statements with one value as with many', async () => {
  const { ada, ben, rae } = office;
  const full = give({
    Line: 'a',
    People: [ben.gid, rae.gid],
    Firm: acme.gid,
    Place: places.Room!.gid,
    One: option('One', 'Red'),
  });
  const items: Payload[] = [];
  for (let n = 0; n < 12; n += 1) items.push(await office.item(ada, { statusName: 'Open', ...(n % 2 ? full : {}) }));
  const page = `query ($first: Int!) { items(first: $first) { nodes { title ${SHOWN} } } }`;
  const one = `query ($id: ID!) { item(id: $id) { title ${SHOWN} } }`;
  const counts = async () => {
    await office.get(ada, page, { first: 50 });
    const sizes = [];
    for (const first of [1, 50]) sizes.push(await office.statementsOf(ada, page, { first }));
    for (const item of items.slice(0, 2)) sizes.push(await office.statementsOf(ada, one, { id: item.id }));
    return sizes;
  };
  expect(await counts()).toEqual([3, 3, 2, 2]);
  const batch = `mutation ($input: BatchUpdateItemsInput!) { batchUpdateItems(input: $input) { updatedCount results { item { ${SHOWN} } } } }`;
  const of = async (ids: string[], line: string) =>
    office.statementsOf(ada, batch, { input: { ids, patch: give({ Line: line, Person: ben.gid }) } });
  const few = await of([items[1].id], 'b');
  expect(
    await of(
      items.map(({ id }) => id),
      'c',
    ),
  ).toBe(few);
});
