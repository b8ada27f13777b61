import { expect, test } from 'vitest';
import { readReplyAddress } from '../../src/delivery/replyAddress.policy.ts';
import { blocked, intruder } from '../kit/locks.ts';
import type { Person } from '../kit/world.ts';
import { createSite, faultsOf, nothing, type Site } from '../permission/site.ts';

const company = (site: Site, who: Person, emailMemberIds: unknown) =>
  site.tell(who, 'updateCompany', { id: site.home.gid, emailMemberIds }, 'company { emailMembers { name } }');
const project = (site: Site, who: Person, emailMemberIds: unknown, more: object = {}) =>
  site.tell(who, 'updateProject', { id: site.tower.gid, emailMemberIds, ...more }, 'project { emailMembers { name } }');

const LISTS = `query ($company: ID!, $project: ID!) {
  company(id: $company) { emailMembers { name } inboundAddress }
  project(id: $project) { emailMembers { name } inboundAddress }
}`;
const lists = async (site: Site, who: Person) => {
  const answer = await site.get(who, LISTS, { company: site.home.gid, project: site.tower.gid });
  const names = (of: { emailMembers: { name: string }[] | null } | null) =>
    of?.emailMembers?.map(({ name }) => name) ?? null;
  return { company: names(answer.company), project: names(answer.project) };
};

test('company admins say whom mail to company and projects is for; they and those people are told', async () => {
  await using site = await createSite();
  const [zoe, ben, mia] = [await site.person('Zoe'), await site.person('Ben'), await site.person('Mia Member')];
  for (const one of [ben, mia]) await site.member(one, site.tower);
  expect(await lists(site, site.ada)).toEqual({ company: [], project: [] });
  // those who are named twice are there once
  expect(await company(site, site.ada, [zoe.gid, ben.gid, zoe.gid])).toEqual({
    company: { emailMembers: [{ name: 'Ben' }, { name: 'Zoe' }] },
    userErrors: [],
  });
  expect((await project(site, site.ada, [ben.gid, site.ada.gid])).project.emailMembers).toEqual([
    { name: 'Ada Admin' },
    { name: 'Ben' },
  ]);
  expect(await lists(site, site.ada)).toEqual({ company: ['Ben', 'Zoe'], project: ['Ada Admin', 'Ben'] });
  expect(await lists(site, ben)).toEqual({ company: ['Ben', 'Zoe'], project: ['Ada Admin', 'Ben'] });
  // Zoe does not see the project, Mia is in no list
  expect(await lists(site, zoe)).toEqual({ company: ['Ben', 'Zoe'], project: null });
  expect(await lists(site, mia)).toEqual({ company: null, project: null });

  // absent leaves, a list replaces, null clears; who has become inactive may stay, and not come back
  await site.sql`update users set active = false where id = ${ben.id}`.execute(site.db);
  expect((await project(site, site.ada, undefined, { number: '7' })).project.emailMembers).toHaveLength(2);
  expect((await project(site, site.ada, [ben.gid])).project.emailMembers).toEqual([{ name: 'Ben' }]);
  expect((await project(site, site.ada, null)).project.emailMembers).toEqual([]);
  expect(faultsOf(await project(site, site.ada, [mia.gid, ben.gid]))).toEqual(['NOT_SELECTABLE emailMemberIds.1']);
  expect(await lists(site, site.ada)).toEqual({ company: ['Ben', 'Zoe'], project: [] });
  expect((await company(site, site.ada, [])).company.emailMembers).toEqual([]);
});

test('rubbish, strangers and those without the right are refused, and nothing changes', async () => {
  await using site = await createSite();
  const [mia, ina] = [await site.person('Mia Member'), await site.person('Ina', { active: false })];
  const south = await site.company('Southside');
  const sam = await site.person('Sam Southside', { companyId: south.id, admin: true });
  await company(site, site.ada, [mia.gid]);
  await project(site, site.ada, [mia.gid]);
  for (const change of [company, project]) {
    const tried = async (who: Person, ids: unknown, more?: object) => faultsOf(await change(site, who, ids, more!));
    expect(await tried(site.ada, [nothing('User'), sam.gid, ina.gid, 'x', site.tower.gid])).toEqual([
      'NOT_FOUND emailMemberIds.0',
      'NOT_FOUND emailMemberIds.1',
      'NOT_SELECTABLE emailMemberIds.2',
      'NOT_FOUND emailMemberIds.3',
      'NOT_FOUND emailMemberIds.4',
    ]);
    expect(
      await tried(
        site.ada,
        Array.from({ length: 101 }, () => mia.gid),
      ),
    ).toEqual(['TOO_MANY emailMemberIds']);
    expect(await tried(mia, [])).toEqual(['FORBIDDEN']);
    expect(await tried(sam, [sam.gid])).toContain('NOT_FOUND id');
  }
  expect(faultsOf(await project(site, site.ada, [ina.gid], { timeZone: 'Mars/Olympus' }))).toEqual([
    'NOT_SELECTABLE emailMemberIds.0',
    'INVALID timeZone',
  ]);
  expect(await lists(site, site.ada)).toEqual({ company: ['Mia Member'], project: ['Mia Member'] });
});

test('of two who change the list of a project at once, the one who comes last says who is on it', async () => {
  await using site = await createSite();
  const people = await Promise.all(['A', 'B', 'C', 'D'].map((name) => site.person(name)));
  const ids = people.map(({ gid }) => gid);
  await using gate = await intruder(site);
  await gate.run('begin; select from projects for update');
  const calls = Promise.all([project(site, site.ada, ids.slice(0, 2)), project(site, site.ada, ids.slice(2))]);
  await blocked(site, 2);
  await gate.run('commit');
  await calls;
  expect([
    ['A', 'B'],
    ['C', 'D'],
  ]).toContainEqual((await lists(site, site.ada)).project);
});

test('company and projects have an address, signed for what it is; who sees neither learns neither', async () => {
  await using site = await createSite();
  const [mia, out] = [await site.person('Mia Member'), await site.person('Out Sider')];
  await site.member(mia, site.tower);
  const bridge = await site.project('Bridge');
  const ask = { company: site.home.gid, project: site.tower.gid };
  const answer = await site.get(mia, LISTS, ask);
  const target = (address: string) => readReplyAddress(site.mailer.replyKeys, address);
  expect(target(answer.company.inboundAddress)).toEqual({ kind: 'company', id: site.home.id, epoch: 0 });
  expect(target(answer.project.inboundAddress)).toEqual({ kind: 'project', id: site.tower.id, epoch: 0 });
  expect((await site.get(out, LISTS, ask)).project).toBe(null);
  expect((await site.get(mia, LISTS, { ...ask, project: bridge.gid })).project).toBe(null);
  // of a company that one could act for and does not, nothing is told
  const south = await site.company('Southside');
  await site.person('Mia Member', { companyId: south.id, admin: true });
  const { viewer } = await site.get(mia, '{ viewer { companies { name inboundAddress emailMembers { id } } } }');
  expect(viewer.companies).toContainEqual({ name: 'Southside', inboundAddress: null, emailMembers: null });
});

test('a page of projects takes as many statements with their lists as one of them', async () => {
  await using site = await createSite();
  const more = await Promise.all(Array.from({ length: 9 }, (_, n) => site.project(`Project ${n}`)));
  const mia = await site.person('Mia Member');
  for (const { gid } of [site.tower, ...more])
    await site.tell(site.ada, 'updateProject', { id: gid, emailMemberIds: [mia.gid] }, 'project { id }');
  const ask = 'query ($first: Int) { viewer { projects(first: $first) { nodes { name emailMembers { email } } } } }';
  const statements = (first: number) => site.statementsOf(site.ada, ask, { first });
  await statements(1);
  expect(await statements(10)).toBe(await statements(1));
});
