import { expect, test } from 'vitest';
import type { GranularPermission } from '../../src/permission/permission.policy.ts';
import type { Person } from '../kit/world.ts';
import { createSite, type Site } from './site.ts';

const permissionsOf = async (site: Site, who: Person) =>
  (
    await site.get(
      who,
      `query ($id: ID!) { project(id: $id) { permissions {
        genericTool { title } accessLevel permittedActions viewerCanCreate
      } } }`,
      { id: site.tower.gid },
    )
  ).project?.permissions;

test('a member is told level and stored permissions of each tool that they may read, by title', async () => {
  await using site = await createSite();
  const hidden = await site.tool('Claims', [site.tower]);
  const elsewhere = await site.tool('Elsewhere', []);
  const joe = await site.person('Joe Owner');
  await site.grant(joe, site.tower, site.review, 'READ_ONLY', ['CREATE_RESPONSE']);
  await site.grant(joe, site.tower, site.basic, 'STANDARD', ['CREATE', 'VIEW_VENDOR_ITEMS']);
  await site.grant(joe, site.tower, hidden, 'NONE');
  await site.grant(joe, site.tower, elsewhere, 'ADMIN');
  expect(await permissionsOf(site, joe)).toEqual([
    {
      genericTool: { title: 'Basic Correspondence' },
      accessLevel: 'STANDARD',
      permittedActions: ['CREATE', 'VIEW_VENDOR_ITEMS'],
      viewerCanCreate: true,
    },
    {
      genericTool: { title: 'Design Review' },
      accessLevel: 'READ_ONLY',
      permittedActions: ['CREATE_RESPONSE'],
      viewerCanCreate: false,
    },
  ]);
});

test('a company admin who is no member has no permissions, and who is no member sees no project', async () => {
  await using site = await createSite();
  const stranger = await site.person('Sam Stranger');
  expect(await permissionsOf(site, site.ada)).toEqual([]);
  expect(await permissionsOf(site, stranger)).toBe(undefined);
});

test.each([
  ['READ_ONLY', [], false],
  ['READ_ONLY', ['CREATE'], true],
  ['READ_ONLY', ['EDIT_ITEMS_THEY_CREATED', 'CREATE_RESPONSE'], false],
  ['STANDARD', [], true],
  ['ADMIN', [], true],
] as const)('viewerCanCreate at %s with %j is %s', async (level, granular, expected) => {
  await using site = await createSite();
  const joe = await site.person('Joe Owner');
  await site.grant(joe, site.tower, site.review, level, [...granular] as GranularPermission[]);
  expect((await permissionsOf(site, joe))[0].viewerCanCreate).toBe(expected);
});

test("a direct grant replaces the template's entry for that tool as a whole, NONE included", async () => {
  await using site = await createSite();
  const { tower, review, basic, ada } = site;
  const claims = await site.tool('Claims', [tower]);
  const joe = await site.person('Joe Owner');
  const { permissionTemplate } = await site.tell(
    ada,
    'savePermissionTemplate',
    {
      companyId: site.home.gid,
      name: 'Owners',
      entries: [review, basic, claims].map(({ gid }) => ({
        genericToolId: gid,
        accessLevel: 'STANDARD',
        granularPermissions: ['VIEW_VENDOR_ITEMS'],
      })),
    },
    'permissionTemplate { id }',
  );
  await site.tell(
    ada,
    'setProjectMember',
    {
      projectId: tower.gid,
      userId: joe.gid,
      permissionTemplateId: permissionTemplate.id,
      grants: [
        { genericToolId: review.gid, accessLevel: 'READ_ONLY' },
        { genericToolId: basic.gid, accessLevel: 'NONE' },
      ],
    },
    'member { user { id } }',
  );
  expect(await site.rightOf(joe, tower, review)).toBe('READ_ONLY');
  expect(await site.rightOf(joe, tower, basic)).toBe(null);
  expect(await site.rightOf(joe, tower, claims)).toBe('STANDARD VIEW_VENDOR_ITEMS');
});

test('permissions of many projects take as many statements as those of one', async () => {
  await using site = await createSite();
  const joe = await site.person('Joe Owner');
  await site.grant(joe, site.tower, site.review, 'STANDARD');
  const ask = `{ viewer { projects { nodes { permissions { genericTool { title } accessLevel } } } } }`;
  const one = await site.statementsOf(joe, ask);
  for (const name of ['Bridge', 'Tunnel', 'Dam']) {
    const project = await site.project(name);
    const tool = await site.tool(`Tool of ${name}`, [project]);
    await site.grant(joe, project, tool, 'READ_ONLY');
  }
  expect(await site.statementsOf(joe, ask)).toBe(one);
});
