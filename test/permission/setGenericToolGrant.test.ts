import { expect, test } from 'vitest';
import type { Person, Tool } from '../kit/world.ts';
import { createSite, faultsOf, nothing, type Site } from './site.ts';

const SHOW = 'member { user { name } grants { genericTool { title } accessLevel granularPermissions } }';
const grant = (
  site: Site,
  who: Person,
  whom: Person,
  what: Tool,
  accessLevel: string | null | undefined,
  more: object = {},
) =>
  site.tell(
    who,
    'setGenericToolGrant',
    { projectId: site.tower.gid, userId: whom.gid, genericToolId: what.gid, accessLevel, ...more },
    SHOW,
  );

/** Rita is ADMIN of Design Review in Tower, Joe a member without rights. */
async function story() {
  const site = await createSite();
  const [rita, joe] = [await site.person('Rita Review'), await site.person('Joe Owner')];
  await site.grant(rita, site.tower, site.review, 'ADMIN');
  await site.member(joe, site.tower);
  return { ...site, rita, joe };
}

test('a company admin grants any right, and takes it away', async () => {
  await using site = await story();
  const { ada, joe, basic, tower } = site;
  const given = await grant(site, ada, joe, basic, 'READ_ONLY', {
    granularPermissions: ['VIEW_VENDOR_ITEMS', 'CREATE'],
  });
  expect(given).toEqual({
    member: {
      user: { name: 'Joe Owner' },
      grants: [
        {
          genericTool: { title: 'Basic Correspondence' },
          accessLevel: 'READ_ONLY',
          granularPermissions: ['CREATE', 'VIEW_VENDOR_ITEMS'],
        },
      ],
    },
    userErrors: [],
  });
  expect(await site.rightOf(joe, tower, basic)).toBe('READ_ONLY CREATE VIEW_VENDOR_ITEMS');
  await grant(site, ada, joe, basic, 'ADMIN');
  expect(await site.rightOf(joe, tower, basic)).toBe('ADMIN');
  expect((await grant(site, ada, joe, basic, null)).member.grants).toEqual([]);
  expect(await site.rightOf(joe, tower, basic)).toBe(null);
  expect((await grant(site, ada, joe, basic, null)).userErrors).toEqual([]);
});

test('a company admin may grant to themself', async () => {
  await using site = await story();
  await site.member(site.ada, site.tower);
  expect((await grant(site, site.ada, site.ada, site.review, 'ADMIN')).userErrors).toEqual([]);
  expect(await site.rightOf(site.ada, site.tower, site.review)).toBe('ADMIN');
});

test('taking a grant away brings the template back', async () => {
  await using site = await story();
  const { ada, joe, review, tower } = site;
  const entries = [{ genericToolId: review.gid, accessLevel: 'STANDARD' }];
  const input = { companyId: site.home.gid, name: 'Owners', entries };
  const { permissionTemplate } = await site.tell(ada, 'savePermissionTemplate', input, 'permissionTemplate { id }');
  const seat = { projectId: tower.gid, userId: joe.gid, permissionTemplateId: permissionTemplate.id };
  await site.tell(ada, 'setProjectMember', seat, 'member { user { id } }');
  await grant(site, ada, joe, review, 'NONE');
  expect(await site.rightOf(joe, tower, review)).toBe(null);
  await grant(site, ada, joe, review, null);
  expect(await site.rightOf(joe, tower, review)).toBe('STANDARD');
});

test('an ADMIN of the tool in the project grants rights on it, up to ADMIN, and sees only those on their tool', async () => {
  await using site = await story();
  const { rita, joe, review, basic, tower } = site;
  await site.grant(joe, tower, basic, 'STANDARD');
  const given = await grant(site, rita, joe, review, 'ADMIN');
  expect(given.member.grants).toEqual([
    { genericTool: { title: 'Design Review' }, accessLevel: 'ADMIN', granularPermissions: [] },
  ]);
  expect(await site.rightOf(joe, tower, review)).toBe('ADMIN');
});

test('an ADMIN of the tool never changes their own grant', async () => {
  await using site = await story();
  const refused = await grant(site, site.rita, site.rita, site.review, 'READ_ONLY');
  expect(faultsOf(refused)).toEqual(['FORBIDDEN userId']);
  expect(faultsOf(await grant(site, site.rita, site.rita, site.review, null))).toEqual(['FORBIDDEN userId']);
  expect(await site.rightOf(site.rita, site.tower, site.review)).toBe('ADMIN');
});

test('whoever sees the tool but is no ADMIN of it in that project is FORBIDDEN', async () => {
  await using site = await story();
  const bridge = await site.project('Bridge');
  const stan = await site.person('Stan Standard');
  await site.grant(stan, site.tower, site.review, 'STANDARD', ['VIEW_VENDOR_ITEMS']);
  await site.grant(stan, bridge, site.basic, 'STANDARD');
  expect(faultsOf(await grant(site, stan, site.joe, site.review, 'READ_ONLY'))).toEqual(['FORBIDDEN genericToolId']);
  const letters = await site.tool('Letters', [bridge, site.tower]);
  await site.grant(stan, bridge, letters, 'ADMIN');
  const refused = await grant(site, stan, site.joe, letters, 'READ_ONLY');
  expect(faultsOf(refused)).toEqual(['FORBIDDEN genericToolId']);
  expect(refused.userErrors[0].message).toBe(
    'Only company admins and ADMINs of Letters in the project may grant rights on it.',
  );
});

test('a tool that somebody may not read anywhere does not exist for them', async () => {
  await using site = await story();
  const refused = await grant(site, site.rita, site.joe, site.basic, 'READ_ONLY');
  const absent = await grant(site, site.rita, site.joe, { ...site.basic, gid: nothing('GenericTool') }, 'READ_ONLY');
  expect(faultsOf(refused)).toEqual(['NOT_FOUND genericToolId']);
  expect(faultsOf(absent)).toEqual(['NOT_FOUND genericToolId']);
  expect(refused.userErrors[0].message.replace(site.basic.gid, '')).toBe(
    absent.userErrors[0].message.replace(nothing('GenericTool'), ''),
  );
});

test('seeing the project comes first, and only members can be granted rights', async () => {
  await using site = await story();
  const { rita, ada, joe, review } = site;
  const bridge = await site.project('Bridge');
  const out = await site.person('Out Sider');
  expect(faultsOf(await grant(site, rita, joe, review, 'READ_ONLY', { projectId: bridge.gid }))).toEqual([
    'NOT_FOUND projectId',
  ]);
  expect(faultsOf(await grant(site, out, joe, review, 'READ_ONLY'))).toEqual(['NOT_FOUND projectId']);
  const refused = await grant(site, ada, out, review, 'READ_ONLY');
  expect(faultsOf(refused)).toEqual(['NOT_FOUND userId']);
  expect(refused.userErrors[0].message).toBe('Out Sider is not a member of Tower.');
});

test('a tool that is not available in the project is INVALID, but a grant left over from before can go', async () => {
  await using site = await story();
  const gone = await site.tool('Gone', []);
  expect(faultsOf(await grant(site, site.ada, site.joe, gone, 'READ_ONLY'))).toEqual(['INVALID genericToolId']);
  await site.grant(site.joe, site.tower, gone, 'STANDARD');
  expect((await grant(site, site.ada, site.joe, gone, null)).member.grants).toEqual([]);
});

test('levels and granular permissions that cannot go together are INVALID, a level left out is REQUIRED', async () => {
  await using site = await story();
  const tried = async (accessLevel: string | null | undefined, ...granularPermissions: string[]) =>
    faultsOf(await grant(site, site.rita, site.joe, site.review, accessLevel, { granularPermissions }));
  expect(await tried('NONE', 'VIEW_VENDOR_ITEMS')).toEqual(['INVALID granularPermissions']);
  for (const idle of ['CREATE', 'EDIT_ITEMS_THEY_CREATED', 'CREATE_RESPONSE', 'RESPOND_TO_VENDOR_ITEMS'])
    expect(await tried('ADMIN', idle)).toEqual(['INVALID granularPermissions']);
  expect(await tried(null, 'CREATE')).toEqual(['INVALID granularPermissions']);
  expect(await tried(undefined)).toEqual(['REQUIRED accessLevel']);
  expect(await tried('ADMIN', 'VIEW_VENDOR_ITEMS')).toEqual([]);
});

test('malformed ids and those of another company are NOT_FOUND', async () => {
  await using site = await story();
  const abroad = await site.company('Southside');
  const far = await site.project('Far', { companyId: abroad.id });
  const sam = await site.person('Sam Southside', { companyId: abroad.id });
  const foreign = await site.tool('Foreign', [far], { companyId: abroad.id });
  await site.grant(sam, far, foreign, 'STANDARD');
  const tried = async (input: object) => faultsOf(await grant(site, site.ada, site.joe, site.review, 'ADMIN', input));
  expect(await tried({ projectId: far.gid })).toEqual(['NOT_FOUND projectId']);
  expect(await tried({ userId: sam.gid })).toEqual(['NOT_FOUND userId']);
  expect(await tried({ genericToolId: foreign.gid })).toEqual(['NOT_FOUND genericToolId']);
  expect(await tried({ projectId: far.gid, userId: sam.gid, genericToolId: foreign.gid })).toEqual([
    'NOT_FOUND projectId',
    'NOT_FOUND userId',
  ]);
  expect(await tried({ projectId: '', userId: '\0', genericToolId: site.joe.gid })).toEqual([
    'NOT_FOUND projectId',
    'NOT_FOUND userId',
    'NOT_FOUND genericToolId',
  ]);
});
