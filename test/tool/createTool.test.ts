import { afterAll, beforeAll, expect, test } from 'vitest';
import { ITEM_FIELDS } from '../../src/tool/tool.policy.ts';
import { createWorld, type Person, type TestWorld } from '../kit/world.ts';
import { call, eventsOf, refusalsOf } from './call.ts';

let world: TestWorld;
let ada: Person;
let bob: Person;
beforeAll(async () => {
  world = await createWorld();
  ada = await world.person('Ada Admin', { admin: true });
  bob = await world.person('Bob Builder');
});
afterAll(() => world[Symbol.asyncDispose]());

const create = (input: Record<string, unknown>, who = ada) =>
  call(world, who, 'createGenericTool', { companyId: world.home.gid, ...input });
const refusals = (input: Record<string, unknown>, who = ada) =>
  refusalsOf(world, who, 'createGenericTool', { companyId: world.home.gid, ...input });

test('a tool from scratch has the usual settings, the built-in statuses and a Default fieldset, and is nowhere available', async () => {
  const { genericTool, userErrors } = await create({
    title: '  Design Review ',
    abbreviation: 'DR',
    externalId: '126160',
  });
  expect(userErrors).toEqual([]);
  expect(genericTool).toMatchObject({
    externalId: '126160',
    title: 'Design Review',
    abbreviation: 'DR',
    privateByDefault: true,
    enabledOnNewProjects: false,
    sendsOverdueNotifications: false,
    adminsSeePrivateItems: true,
    statuses: [
      { name: 'Draft', category: 'DRAFT', isBuiltIn: true, isUsed: false },
      { name: 'Open', category: 'OPEN', isBuiltIn: true, isUsed: false },
      { name: 'Closed', category: 'CLOSED', isBuiltIn: true, isUsed: false },
    ],
    fieldsets: [{ name: 'Default', sections: [], projects: [] }],
    projects: { totalCount: 0 },
  });
  expect(genericTool.fieldsets[0].fields).toEqual(
    ITEM_FIELDS.map((field, i) => ({
      field,
      visible: true,
      required: ['TITLE', 'STATUS'].includes(field),
      position: i + 1,
      section: null,
    })),
  );
});

test('a template fills in what is not said; what is said goes before it', async () => {
  const plain = await create({ templateKey: 'notice_of_delay' });
  expect(plain.genericTool).toMatchObject({
    title: 'Notice of Delay',
    abbreviation: 'NOD',
    adminsSeePrivateItems: true,
  });
  const own = await create({
    templateKey: 'letters',
    title: 'Post',
    abbreviation: null,
    privateByDefault: false,
    enabledOnNewProjects: true,
    sendsOverdueNotifications: true,
    adminsSeePrivateItems: false,
  });
  expect(own.genericTool).toMatchObject({
    title: 'Post',
    abbreviation: null,
    privateByDefault: false,
    enabledOnNewProjects: true,
    sendsOverdueNotifications: true,
    adminsSeePrivateItems: false,
  });
});

test('making a tool is told', async () => {
  await using fresh = await createWorld();
  const admin = await fresh.person('Ada Admin', { admin: true });
  await call(fresh, admin, 'createGenericTool', { companyId: fresh.home.gid, title: 'Memo', privateByDefault: false });
  const events = await eventsOf(fresh);
  expect(events).toMatchObject([{ type: 'genericTool.created', actorId: admin.id }]);
  expect(events[0]!.payload.changes).toEqual([
    { field: 'title', old: null, new: 'Memo' },
    { field: 'privateByDefault', old: null, new: false },
    { field: 'enabledOnNewProjects', old: null, new: false },
    { field: 'sendsOverdueNotifications', old: null, new: false },
    { field: 'adminsSeePrivateItems', old: null, new: true },
  ]);
});

test.each<[string, Record<string, unknown>, string[]]>([
  ['no title', {}, ['REQUIRED title']],
  ['a blank title', { title: ' \t ' }, ['REQUIRED title']],
  ['a blank title beside a template', { title: '', templateKey: 'bulletin' }, ['REQUIRED title']],
  ['a title of 256 characters', { title: 'x'.repeat(256) }, ['TOO_LONG title']],
  ['a title with NUL', { title: 'a\0b' }, ['INVALID title']],
  ['a title of two lines', { title: 'a\nb' }, ['INVALID title']],
  ['a title with half a character', { title: 'a\ud800' }, ['INVALID title']],
  ['an abbreviation of 21 characters', { title: 'A1', abbreviation: 'x'.repeat(21) }, ['TOO_LONG abbreviation']],
  ['an abbreviation with a bell', { title: 'A1', abbreviation: 'D\u0007R' }, ['INVALID abbreviation']],
  ['an external id with an escape', { title: 'A1', externalId: '\u001b' }, ['INVALID externalId']],
  ['a template that there is not', { templateKey: 'love_letters' }, ['NOT_FOUND templateKey', 'REQUIRED title']],
  ['all of it at once', { abbreviation: 'x'.repeat(21) }, ['REQUIRED title', 'TOO_LONG abbreviation']],
])('%s is refused', async (_what, input, expected) => {
  expect((await refusals(input)).sort()).toEqual([...expected].sort());
});

test('a title of 255 characters, and one of an abbreviation of blanks, are fine', async () => {
  expect(await refusals({ title: 'x'.repeat(255) })).toEqual([]);
  expect((await create({ title: 'Blank', abbreviation: '  ' })).genericTool.abbreviation).toBeNull();
});

test('a title is taken whatever its case, and the path says where it came from', async () => {
  await create({ title: 'Straße', externalId: 'S-1' });
  expect(await refusals({ title: 'STRAßE' })).toEqual(['TAKEN title']);
  expect(await refusals({ title: 'Strasse', externalId: 'S-1' })).toEqual(['TAKEN externalId']);
  await create({ title: 'ADDENDUM' });
  expect(await refusals({ templateKey: 'addendum' })).toEqual(['TAKEN templateKey']);
  expect(await refusals({ templateKey: 'addendum', title: 'Addendum 2' })).toEqual([]);
});

test('another company has its own titles, and cannot be named', async () => {
  const south = await world.company('Southside');
  const sue = await world.person('Sue South', { admin: true, companyId: south.id });
  await create({ title: 'Shared title' });
  expect(await refusals({ companyId: south.gid, title: 'Shared title' }, sue)).toEqual([]);
  expect(await refusals({ companyId: south.gid, title: 'Mine' })).toEqual(['NOT_FOUND companyId']);
  expect(await refusals({ companyId: 'rubbish', title: 'Mine' })).toEqual(['NOT_FOUND companyId']);
  expect(await refusals({ companyId: ada.gid, title: 'Mine' })).toEqual(['NOT_FOUND companyId']);
});

test('only company admins make tools', async () => {
  expect(await refusals({ title: 'By Bob' }, bob)).toEqual(['FORBIDDEN']);
  expect(await refusals({ title: '' }, bob)).toEqual(['FORBIDDEN']);
});

test('of many at once with one title one is made', async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) => refusals({ title: i % 2 ? 'Race' : 'rACE', abbreviation: 'R' })),
  );
  expect(answers.filter((refused) => refused.length === 0)).toHaveLength(1);
  expect(answers.filter((refused) => refused.length > 0)).toEqual(Array(7).fill(['TAKEN title']));
  const { rows } = await world.sql`select 1 from generic_tools where lower(title) = 'race'`.execute(world.db);
  expect(rows).toHaveLength(1);
});

test('templates are offered until a tool has their title', async () => {
  await using fresh = await createWorld();
  const admin = await fresh.person('Ada Admin', { admin: true });
  const query =
    'query ($id: ID!) { company(id: $id) { genericToolTemplates { key title abbreviation adminsSeePrivateItems } } }';
  const offered = async () => (await fresh.get(admin, query, { id: fresh.home.gid })).company.genericToolTemplates;
  const all = await offered();
  expect(all.map(({ title, abbreviation }: Record<string, string>) => `${title} ${abbreviation}`)).toEqual([
    'Addendum ADD',
    'Bulletin B',
    'Change Request CR',
    'Client Instruction CI',
    'Extension of Time EOT',
    'General Correspondence GC',
    'Letters L',
    'Notice of Delay NOD',
    'Notice to Proceed NTP',
    'Notification of Backcharge NOB',
    'Site Instruction SI',
  ]);
  expect(all.every((template: { adminsSeePrivateItems: boolean }) => template.adminsSeePrivateItems)).toBe(true);
  await fresh.tool('sITE inSTRUCTION', []);
  await call(fresh, admin, 'createGenericTool', { companyId: fresh.home.gid, templateKey: 'bulletin' });
  expect(await offered()).toEqual(
    all.filter(({ title }: Record<string, string>) => !['Site Instruction', 'Bulletin'].includes(title!)),
  );
});
