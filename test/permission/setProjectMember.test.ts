import { expect, test } from 'vitest';
import type { Person } from '../kit/world.ts';
import { createSite, faultsOf, nothing, type Site } from './site.ts';

const SHOW =
  'member { user { name } permissionTemplate { name } grants { genericTool { title } accessLevel granularPermissions } }';
const set = (site: Site, who: Person, whom: Person, input: object = {}) =>
  site.tell(who, 'setProjectMember', { projectId: site.tower.gid, userId: whom.gid, ...input }, SHOW);
const remove = (site: Site, who: Person, whom: Person, input: object = {}) =>
  site.tell(who, 'removeProjectMember', { projectId: site.tower.gid, userId: whom.gid, ...input }, 'removedUserId');
const template = async (site: Site, name: string, accessLevel: string) =>
  (
    await site.tell(
      site.ada,
      'savePermissionTemplate',
      { companyId: site.home.gid, name, entries: [{ genericToolId: site.review.gid, accessLevel }] },
      'permissionTemplate { id }',
    )
  ).permissionTemplate.id as string;
const grant = (tool: { gid: string }, accessLevel: string, ...granularPermissions: string[]) => ({
  genericToolId: tool.gid,
  accessLevel,
  granularPermissions,
});

test('a company admin makes somebody a member, with template and grants', async () => {
  await using site = await createSite();
  const joe = await site.person('Joe Owner');
  const permissionTemplateId = await template(site, 'Owners', 'STANDARD');
  const grants = [grant(site.basic, 'READ_ONLY', 'CREATE_RESPONSE')];
  expect(await set(site, site.ada, joe, { permissionTemplateId, grants })).toEqual({
    member: {
      user: { name: 'Joe Owner' },
      permissionTemplate: { name: 'Owners' },
      grants: [
        {
          genericTool: { title: 'Basic Correspondence' },
          accessLevel: 'READ_ONLY',
          granularPermissions: ['CREATE_RESPONSE'],
        },
      ],
    },
    userErrors: [],
  });
  expect(await site.rightOf(joe, site.tower, site.review)).toBe('STANDARD');
  expect(await site.rightOf(joe, site.tower, site.basic)).toBe('READ_ONLY CREATE_RESPONSE');
});

test('absent fields of a membership stay, null clears, a list of grants replaces those there', async () => {
  await using site = await createSite();
  const joe = await site.person('Joe Owner');
  const bridge = await site.project('Bridge');
  const letters = await site.tool('Letters', [bridge]);
  await site.grant(joe, bridge, letters, 'ADMIN');
  const permissionTemplateId = await template(site, 'Owners', 'STANDARD');
  await set(site, site.ada, joe, { permissionTemplateId, grants: [grant(site.basic, 'STANDARD')] });
  const state = async (input: object) => {
    const { member, userErrors } = await set(site, site.ada, joe, input);
    expect(userErrors).toEqual([]);
    return [
      member.permissionTemplate?.name ?? null,
      ...member.grants.map(
        ({ genericTool, accessLevel }: never) => `${(genericTool as Person & { title: string }).title} ${accessLevel}`,
      ),
    ];
  };
  expect(await state({})).toEqual(['Owners', 'Basic Correspondence STANDARD']);
  expect(await state({ permissionTemplateId: null })).toEqual([null, 'Basic Correspondence STANDARD']);
  const both = [grant(site.review, 'ADMIN'), grant(site.basic, 'READ_ONLY')];
  expect(await state({ grants: both })).toEqual([null, 'Basic Correspondence READ_ONLY', 'Design Review ADMIN']);
  expect(await state({ grants: [grant(site.review, 'ADMIN')] })).toEqual([null, 'Design Review ADMIN']);
  expect(await state({ permissionTemplateId, grants: [] })).toEqual(['Owners']);
  expect(await state({ grants: both })).toHaveLength(3);
  expect(await state({ grants: null })).toEqual(['Owners']);
  expect(await site.rightOf(joe, bridge, letters)).toBe('ADMIN');
});

test('a grant on a tool that has left the project may stay, a new one is INVALID', async () => {
  await using site = await createSite();
  const joe = await site.person('Joe Owner');
  const gone = await site.tool('Gone', []);
  const grants = [grant(gone, 'READ_ONLY')];
  const refused = await set(site, site.ada, joe, { grants });
  expect(faultsOf(refused)).toEqual(['INVALID grants.0.genericToolId']);
  expect(refused.userErrors[0].message).toContain('Gone is not available');
  await site.grant(joe, site.tower, gone, 'STANDARD');
  expect((await set(site, site.ada, joe, { grants })).userErrors).toEqual([]);
});

test('what is wrong with a membership is told with its path, and nothing changes', async () => {
  await using site = await createSite();
  const joe = await site.person('Joe Owner');
  const abroad = await site.company('Southside');
  const [foreignProject, foreignUser] = [
    await site.project('Far', { companyId: abroad.id }),
    await site.person('Sam Southside', { companyId: abroad.id, admin: true }),
  ];
  const foreignTool = await site.tool('Foreign', [], { companyId: abroad.id });
  const foreignTemplate = (
    await site.tell(
      foreignUser,
      'savePermissionTemplate',
      { companyId: abroad.gid, name: 'Far', entries: [] },
      'permissionTemplate { id }',
    )
  ).permissionTemplate.id;
  for (const [projectId, userId, permissionTemplateId, toolId] of [
    [foreignProject.gid, foreignUser.gid, foreignTemplate, foreignTool.gid],
    [nothing('Project'), nothing('User'), nothing('PermissionTemplate'), nothing('GenericTool')],
    [joe.gid, site.tower.gid, site.tower.gid, joe.gid],
    ['', 'x', '\0', '💥'.repeat(40)],
  ]) {
    const grants = [grant({ gid: toolId! }, 'READ_ONLY')];
    const refused = await set(site, site.ada, joe, { projectId, userId, permissionTemplateId, grants });
    expect(refused.member).toBe(null);
    expect(faultsOf(refused)).toEqual([
      'NOT_FOUND projectId',
      'NOT_FOUND userId',
      'NOT_FOUND permissionTemplateId',
      'NOT_FOUND grants.0.genericToolId',
    ]);
  }
  const grants = [grant(site.review, 'NONE', 'CREATE'), grant(site.review, 'STANDARD')];
  expect(faultsOf(await set(site, site.ada, joe, { grants }))).toEqual([
    'INVALID grants.0.granularPermissions',
    'INVALID grants.1.genericToolId',
  ]);
  const many = Array.from({ length: 501 }, () => grant(site.review, 'READ_ONLY'));
  expect(faultsOf(await set(site, site.ada, joe, { grants: many }))).toEqual(['TOO_MANY grants']);
  const { rows } = await site.sql`select from project_members`.execute(site.db);
  expect(rows).toHaveLength(0);
});

test('whoever leaves a project loses template and grants there, and sees it no more', async () => {
  await using site = await createSite();
  const joe = await site.person('Joe Owner');
  await set(site, site.ada, joe, {
    permissionTemplateId: await template(site, 'Owners', 'STANDARD'),
    grants: [grant(site.basic, 'ADMIN')],
  });
  expect(await remove(site, site.ada, joe)).toEqual({ removedUserId: joe.gid, userErrors: [] });
  const { project } = await site.get(joe, 'query ($id: ID!) { project(id: $id) { id } }', { id: site.tower.gid });
  expect(project).toBe(null);
  await site.member(joe, site.tower);
  expect(await site.rightOf(joe, site.tower, site.basic)).toBe(null);
  expect(await site.rightOf(joe, site.tower, site.review)).toBe(null);
});

test('only a member can be removed', async () => {
  await using site = await createSite();
  const joe = await site.person('Joe Owner');
  const abroad = await site.company('Southside');
  const sam = await site.person('Sam Southside', { companyId: abroad.id });
  const far = await site.project('Far', { companyId: abroad.id });
  await site.member(sam, far);
  const refused = await remove(site, site.ada, joe);
  expect(refused).toEqual({
    removedUserId: null,
    userErrors: [{ code: 'NOT_FOUND', path: ['userId'], message: 'Joe Owner is not a member of Tower.' }],
  });
  expect(faultsOf(await remove(site, site.ada, sam, { projectId: far.gid }))).toEqual([
    'NOT_FOUND projectId',
    'NOT_FOUND userId',
  ]);
  expect(faultsOf(await remove(site, site.ada, joe, { userId: nothing('User') }))).toEqual(['NOT_FOUND userId']);
});

test('only company admins change memberships: not even ADMINs of a tool there', async () => {
  await using site = await createSite();
  const [joe, rita] = [await site.person('Joe Owner'), await site.person('Rita Review')];
  await site.grant(rita, site.tower, site.review, 'ADMIN');
  await site.member(joe, site.tower);
  expect(faultsOf(await set(site, rita, joe))).toEqual(['FORBIDDEN']);
  expect(faultsOf(await remove(site, rita, joe))).toEqual(['FORBIDDEN']);
  expect(faultsOf(await remove(site, rita, rita))).toEqual(['FORBIDDEN']);
});
