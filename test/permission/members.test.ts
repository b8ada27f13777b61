import { expect, test } from 'vitest';
import type { Person } from '../kit/world.ts';
import { createSite, type Site } from './site.ts';

const MEMBERS = `query ($id: ID!, $query: String, $first: Int) { project(id: $id) { members(query: $query, first: $first) {
  totalCount
  nodes {
    user { name active }
    permissionTemplate { name entries { genericTool { title } accessLevel granularPermissions } }
    grants { genericTool { title } accessLevel granularPermissions }
  }
} } }`;

const members = async (site: Site, who: Person, variables: object = {}) =>
  (await site.get(who, MEMBERS, { id: site.tower.gid, ...variables })).project?.members.nodes;

/** A member as somebody sees them: the template with its entries, and the grants. */
async function seen(site: Site, who: Person, whom: Person) {
  const [member] = await members(site, who, { query: whom.name });
  const list = (rights: { genericTool: { title: string }; accessLevel: string }[] | null | undefined) =>
    rights?.map(({ genericTool, accessLevel }) => `${genericTool.title} ${accessLevel}`) ?? null;
  return { template: list(member.permissionTemplate?.entries), grants: list(member.grants) };
}

/** Joe holds the template "Owners" (Review STANDARD, Basic READ_ONLY, Claims NONE) and a grant on Basic; Rita is ADMIN of Review. */
async function story() {
  const site = await createSite();
  const { tower, review, basic, ada } = site;
  const claims = await site.tool('Claims', [tower]);
  const [joe, rita, mia] = [
    await site.person('Joe Owner'),
    await site.person('Rita Review'),
    await site.person('Mia Member'),
  ];
  const entry = (tool: { gid: string }, accessLevel: string) => ({ genericToolId: tool.gid, accessLevel });
  const { permissionTemplate } = await site.tell(
    ada,
    'savePermissionTemplate',
    {
      companyId: site.home.gid,
      name: 'Owners',
      entries: [entry(review, 'STANDARD'), entry(basic, 'READ_ONLY'), entry(claims, 'NONE')],
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
      grants: [entry(basic, 'STANDARD'), entry(claims, 'NONE')],
    },
    'member { user { id } }',
  );
  await site.grant(rita, tower, review, 'ADMIN');
  await site.member(mia, tower);
  return { ...site, claims, joe, rita, mia, template: permissionTemplate.id as string };
}

test('members of a project are seen by its members and company admins, by name, inactive ones too', async () => {
  await using site = await story();
  const ina = await site.person('Ina Inactive', { active: false });
  await site.member(ina, site.tower);
  const names = async (who: Person) => (await members(site, who))?.map(({ user }: never) => (user as Person).name);
  const all = ['Ina Inactive', 'Joe Owner', 'Mia Member', 'Rita Review'];
  expect(await names(site.mia)).toEqual(all);
  expect(await names(site.ada)).toEqual(all);
  expect(await names(await site.person('Sam Stranger'))).toBe(undefined);
  expect(await members(site, site.mia, { query: 'owner_example' })).toHaveLength(0);
  expect(await members(site, site.mia, { query: 'JOE.owner@example' })).toHaveLength(1);
});

test('a company admin sees templates and grants whole', async () => {
  await using site = await story();
  expect(await seen(site, site.ada, site.joe)).toEqual({
    template: ['Basic Correspondence READ_ONLY', 'Claims NONE', 'Design Review STANDARD'],
    grants: ['Basic Correspondence STANDARD', 'Claims NONE'],
  });
});

test('the user themself sees theirs, on tools that they may read', async () => {
  await using site = await story();
  expect(await seen(site, site.joe, site.joe)).toEqual({
    template: ['Basic Correspondence READ_ONLY', 'Design Review STANDARD'],
    grants: ['Basic Correspondence STANDARD'],
  });
});

test('an ADMIN of a tool sees what members have on that tool', async () => {
  await using site = await story();
  expect(await seen(site, site.rita, site.joe)).toEqual({ template: ['Design Review STANDARD'], grants: [] });
  await site.grant(site.joe, site.tower, site.review, 'READ_ONLY', ['CREATE']);
  expect(await seen(site, site.rita, site.joe)).toEqual({
    template: ['Design Review STANDARD'],
    grants: ['Design Review READ_ONLY'],
  });
});

test('an ADMIN of a tool elsewhere, and everybody else, sees null', async () => {
  await using site = await story();
  const nothing = { template: null, grants: null };
  expect(await seen(site, site.mia, site.joe)).toEqual(nothing);
  const bridge = await site.project('Bridge');
  const letters = await site.tool('Letters', [bridge]);
  const bert = await site.person('Bert Bridge');
  await site.grant(bert, bridge, letters, 'ADMIN');
  await site.grant(bert, site.tower, site.review, 'STANDARD');
  expect(await seen(site, bert, site.joe)).toEqual(nothing);
});

test('holding a template does not tell who else holds it', async () => {
  await using site = await story();
  await site.tell(
    site.ada,
    'setProjectMember',
    { projectId: site.tower.gid, userId: site.mia.gid, permissionTemplateId: site.template },
    'member { user { id } }',
  );
  expect((await seen(site, site.mia, site.mia)).template).toEqual([
    'Basic Correspondence READ_ONLY',
    'Design Review STANDARD',
  ]);
  expect((await seen(site, site.mia, site.joe)).template).toBe(null);
});

test('a page of forty members takes as many statements as one of two', async () => {
  await using site = await story();
  const count = (who: Person, first: number) => site.statementsOf(who, MEMBERS, { id: site.tower.gid, first });
  const [two, twoOfRita] = [await count(site.ada, 2), await count(site.rita, 2)];
  for (let i = 0; i < 40; i += 1) {
    const person = await site.person(`Member ${i}`);
    await site.tell(
      site.ada,
      'setProjectMember',
      {
        projectId: site.tower.gid,
        userId: person.gid,
        permissionTemplateId: site.template,
        grants: [{ genericToolId: site.review.gid, accessLevel: 'READ_ONLY' }],
      },
      'member { user { id } }',
    );
  }
  // tools of grants and of entries come together or one after the other, depending on which they are
  expect(await count(site.ada, 40)).toBeLessThanOrEqual(two);
  expect(await count(site.rita, 40)).toBeLessThanOrEqual(twoOfRita);
  expect(Math.max(two, twoOfRita)).toBeLessThanOrEqual(11);
});
