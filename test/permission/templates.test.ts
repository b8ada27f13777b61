import { expect, test } from 'vitest';
import type { Person } from '../kit/world.ts';
import { createSite, faultsOf, nothing, type Site } from './site.ts';

const SHOW = 'permissionTemplate { id name entries { genericTool { title } accessLevel granularPermissions } }';
const save = (site: Site, who: Person, input: object) =>
  site.tell(who, 'savePermissionTemplate', { companyId: site.home.gid, name: 'Owners', entries: [], ...input }, SHOW);
const remove = (site: Site, who: Person, id: string) => site.tell(who, 'deletePermissionTemplate', { id }, 'deletedId');
const seat = (site: Site, who: Person, permissionTemplateId: string | null) =>
  site.tell(
    site.ada,
    'setProjectMember',
    { projectId: site.tower.gid, userId: who.gid, permissionTemplateId },
    'member { user { id } }',
  );

const listed = async (site: Site, who: Person) =>
  (await site.get(who, 'query ($id: ID!) { company(id: $id) { permissionTemplates { name } } }', { id: site.home.gid }))
    .company.permissionTemplates;
const looked = async (site: Site, who: Person, id: string) =>
  (
    await site.get(
      who,
      `query ($id: ID!) { node(id: $id) { ... on PermissionTemplate { name entries { genericTool { title } } } } }`,
      { id },
    )
  ).node;

test('a template is made with its entries, and changed as a whole', async () => {
  await using site = await createSite();
  const { review, basic, ada } = site;
  const made = await save(site, ada, {
    name: '  Owners ',
    entries: [
      {
        genericToolId: review.gid,
        accessLevel: 'STANDARD',
        granularPermissions: ['VIEW_VENDOR_ITEMS', 'CREATE', 'CREATE'],
      },
      { genericToolId: basic.gid, accessLevel: 'NONE' },
    ],
  });
  expect(made).toMatchObject({
    permissionTemplate: {
      name: 'Owners',
      entries: [
        { genericTool: { title: 'Basic Correspondence' }, accessLevel: 'NONE', granularPermissions: [] },
        {
          genericTool: { title: 'Design Review' },
          accessLevel: 'STANDARD',
          granularPermissions: ['CREATE', 'VIEW_VENDOR_ITEMS'],
        },
      ],
    },
    userErrors: [],
  });
  const changed = await save(site, ada, {
    id: made.permissionTemplate.id,
    name: 'owners',
    entries: [{ genericToolId: review.gid, accessLevel: 'ADMIN', granularPermissions: ['VIEW_VENDOR_ITEMS'] }],
  });
  expect(changed.permissionTemplate).toEqual({
    id: made.permissionTemplate.id,
    name: 'owners',
    entries: [
      { genericTool: { title: 'Design Review' }, accessLevel: 'ADMIN', granularPermissions: ['VIEW_VENDOR_ITEMS'] },
    ],
  });
});

test('what a template says from now on is what its holders have', async () => {
  await using site = await createSite();
  const joe = await site.person('Joe Owner');
  const entry = { genericToolId: site.review.gid, accessLevel: 'READ_ONLY' };
  const { permissionTemplate } = await save(site, site.ada, { entries: [entry] });
  await seat(site, joe, permissionTemplate.id);
  expect(await site.rightOf(joe, site.tower, site.review)).toBe('READ_ONLY');
  await save(site, site.ada, { id: permissionTemplate.id, entries: [{ ...entry, accessLevel: 'ADMIN' }] });
  expect(await site.rightOf(joe, site.tower, site.review)).toBe('ADMIN');
  await save(site, site.ada, { id: permissionTemplate.id, entries: [] });
  expect(await site.rightOf(joe, site.tower, site.review)).toBe(null);
});

test('templates are listed by name for company admins, and null for everybody else', async () => {
  await using site = await createSite();
  for (const name of ['Züri', 'architects', 'Owners']) await save(site, site.ada, { name });
  const joe = await site.person('Joe Owner');
  await site.grant(joe, site.tower, site.review, 'ADMIN');
  expect(await listed(site, site.ada)).toEqual([{ name: 'architects' }, { name: 'Owners' }, { name: 'Züri' }]);
  expect(await listed(site, joe)).toBe(null);
});

test('a template is seen by company admins, its holders, and ADMINs of a tool where somebody holds it', async () => {
  await using site = await createSite();
  const { tower, review, basic } = site;
  const bridge = await site.project('Bridge');
  const letters = await site.tool('Letters', [bridge]);
  const entries = [review, basic].map(({ gid }) => ({ genericToolId: gid, accessLevel: 'READ_ONLY' }));
  const { id } = (await save(site, site.ada, { entries })).permissionTemplate;
  const [joe, rita, mia, bert] = [
    await site.person('Joe Owner'),
    await site.person('Rita Review'),
    await site.person('Mia Member'),
    await site.person('Bert Bridge'),
  ];
  await seat(site, joe, id);
  await site.grant(rita, tower, review, 'ADMIN');
  await site.grant(mia, tower, review, 'STANDARD');
  await site.grant(bert, bridge, letters, 'ADMIN');
  const titles = async (who: Person) =>
    (await looked(site, who, id))?.entries.map(({ genericTool }: never) => (genericTool as { title: string }).title);
  expect(await titles(site.ada)).toEqual(['Basic Correspondence', 'Design Review']);
  expect(await titles(joe)).toEqual(['Basic Correspondence', 'Design Review']);
  expect(await titles(rita)).toEqual(['Design Review']);
  expect(await titles(mia)).toBe(undefined);
  expect(await titles(bert)).toBe(undefined);
  const abroad = await site.company('Southside');
  const stranger = await site.person('Sam Southside', { companyId: abroad.id, admin: true });
  expect(await titles(stranger)).toBe(undefined);
});

test('a template is deleted, but not while a membership has it', async () => {
  await using site = await createSite();
  const [joe, zoe] = [await site.person('Joe Owner'), await site.person('Zoë Owner')];
  const entries = [{ genericToolId: site.review.gid, accessLevel: 'READ_ONLY' }];
  const { id } = (await save(site, site.ada, { entries })).permissionTemplate;
  await seat(site, joe, id);
  await seat(site, zoe, id);
  expect(await remove(site, site.ada, id)).toEqual({
    deletedId: null,
    userErrors: [{ code: 'IN_USE', path: ['id'], message: 'Owners is the template of 2 memberships.' }],
  });
  await seat(site, joe, null);
  await site.tell(site.ada, 'removeProjectMember', { projectId: site.tower.gid, userId: zoe.gid }, 'removedUserId');
  expect(await remove(site, site.ada, id)).toEqual({ deletedId: id, userErrors: [] });
  expect(faultsOf(await remove(site, site.ada, id))).toEqual(['NOT_FOUND id']);
  expect(await listed(site, site.ada)).toEqual([]);
});

test('only company admins save and delete templates', async () => {
  await using site = await createSite();
  const { id } = (await save(site, site.ada, {})).permissionTemplate;
  const joe = await site.person('Joe Owner');
  await site.grant(joe, site.tower, site.review, 'ADMIN');
  expect(faultsOf(await save(site, joe, { name: 'Mine' }))).toEqual(['FORBIDDEN']);
  expect(faultsOf(await save(site, joe, { id }))).toEqual(['FORBIDDEN']);
  expect(faultsOf(await remove(site, joe, id))).toEqual(['FORBIDDEN']);
});

test('what is wrong with a template is told, all at once, and nothing changes', async () => {
  await using site = await createSite();
  const abroad = await site.company('Southside');
  const foreign = await site.tool('Foreign', [], { companyId: abroad.id });
  const tool = (gid: string, accessLevel: string, ...granularPermissions: string[]) => ({
    genericToolId: gid,
    accessLevel,
    granularPermissions,
  });
  const bad = await save(site, site.ada, {
    name: '  ',
    entries: [
      tool(site.review.gid, 'NONE', 'CREATE'),
      tool(site.basic.gid, 'ADMIN', 'VIEW_VENDOR_ITEMS', 'CREATE_RESPONSE'),
      tool(site.review.gid, 'READ_ONLY'),
      tool(foreign.gid, 'READ_ONLY'),
      tool(site.ada.gid, 'READ_ONLY'),
      tool('\0', 'READ_ONLY'),
    ],
  });
  expect(bad.permissionTemplate).toBe(null);
  expect(faultsOf(bad)).toEqual([
    'REQUIRED name',
    'INVALID entries.0.granularPermissions',
    'INVALID entries.1.granularPermissions',
    'INVALID entries.2.genericToolId',
    'NOT_FOUND entries.3.genericToolId',
    'NOT_FOUND entries.4.genericToolId',
    'NOT_FOUND entries.5.genericToolId',
  ]);
  expect(bad.userErrors[2].message).toContain('CREATE_RESPONSE cannot be given with level ADMIN');
  expect(bad.userErrors[3].message).toContain('Design Review');
  expect(await listed(site, site.ada)).toEqual([]);
  const many = Array.from({ length: 501 }, () => tool(site.review.gid, 'READ_ONLY'));
  expect(faultsOf(await save(site, site.ada, { entries: many }))).toEqual(['TOO_MANY entries']);
});

test('the name of a template is unique whatever its case, and within its length', async () => {
  await using site = await createSite();
  const { id } = (await save(site, site.ada, { name: 'Straße' })).permissionTemplate;
  expect(faultsOf(await save(site, site.ada, { name: 'STRAßE' }))).toEqual(['TAKEN name']);
  expect(faultsOf(await save(site, site.ada, { name: 'x'.repeat(256) }))).toEqual(['TOO_LONG name']);
  expect(faultsOf(await save(site, site.ada, { name: 'a\0b' }))).toEqual(['INVALID name']);
  expect((await save(site, site.ada, { id, name: 'STRAßE' })).userErrors).toEqual([]);
  const other = (await save(site, site.ada, { name: 'Other' })).permissionTemplate;
  expect(faultsOf(await save(site, site.ada, { id: other.id, name: 'straßE' }))).toEqual(['TAKEN name']);
  const abroad = await site.company('Southside');
  const sam = await site.person('Sam Southside', { companyId: abroad.id, admin: true });
  expect((await save(site, sam, { companyId: abroad.gid, name: 'Straße' })).userErrors).toEqual([]);
});

test('ids of templates and companies that are not there, malformed, or of another company are NOT_FOUND', async () => {
  await using site = await createSite();
  const abroad = await site.company('Southside');
  const sam = await site.person('Sam Southside', { companyId: abroad.id, admin: true });
  const { id: foreign } = (await save(site, sam, { companyId: abroad.gid })).permissionTemplate;
  for (const id of [foreign, nothing('PermissionTemplate'), site.review.gid, '', 'x\0y', 'é'.repeat(60)]) {
    expect(faultsOf(await save(site, site.ada, { id }))).toEqual(['NOT_FOUND id']);
    expect(faultsOf(await remove(site, site.ada, id))).toEqual(['NOT_FOUND id']);
  }
  expect(faultsOf(await save(site, site.ada, { companyId: abroad.gid }))).toEqual(['NOT_FOUND companyId']);
  expect(faultsOf(await save(site, site.ada, { companyId: null }))).toEqual(['REQUIRED companyId']);
});
