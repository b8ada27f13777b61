import { expect, test } from 'vitest';
import { createOffice, faultsOf, namesOf } from '../kit/office.ts';

/** An office whose new items in Design Review start with something of everything. */
async function createSite() {
  const office = await createOffice();
  const change = async (input: object) => {
    const place = { projectId: office.tower.gid, genericToolId: office.review.gid };
    const answer = await office.tell(
      office.ada,
      'updateGenericToolDefaults',
      { ...place, ...input },
      'defaults { private }',
    );
    expect(answer.userErrors).toEqual([]);
  };
  const { rae, ben, ada } = office;
  const distributionMemberIds = [rae.gid, ben.gid, ada.gid];
  await change({ description: '<p>Please review.</p>', dueInWorkingDays: 3, distributionMemberIds });
  return Object.assign(office, { change });
}

test('what a new item says nothing about starts as the project has it; what it says, null included, holds', async () => {
  await using site = await createSite();
  const { ben, ada } = site;
  // a Thursday in Los Angeles
  site.clock.set('2026-03-05T20:00:00Z');
  const item = await site.item(ben);
  expect(item).toMatchObject({
    description: '<p>Please review.</p>',
    dueDate: '2026-03-10',
    private: false,
    status: { name: 'Draft' },
  });
  expect(namesOf(item.distributionMembers)).toEqual(['Rae Reader', 'Ben Standard', 'Ada Admin']);
  const own = {
    description: 'Mine',
    dueDate: '2027-01-01',
    distributionMemberIds: [ada.gid],
    private: true,
    statusName: 'Open',
  };
  const said = await site.item(ben, own);
  expect(said).toMatchObject({ description: 'Mine', dueDate: '2027-01-01', private: true, status: { name: 'Open' } });
  expect(namesOf(said.distributionMembers)).toEqual(['Ada Admin']);
  for (const none of [null, []]) {
    const bare = await site.item(ben, { description: null, dueDate: null, distributionMemberIds: none });
    expect(bare).toMatchObject({ description: null, dueDate: null, distributionMembers: [] });
  }
  // a later change of the defaults changes no item, and a patch of an item asks them nothing
  await site.change({ description: null, dueInWorkingDays: null, distributionMemberIds: [] });
  expect(await site.item(ben)).toMatchObject({ description: null, dueDate: null, distributionMembers: [] });
  const { item: patched } = await site.update(ben, item.id, { title: 'Other' });
  expect(patched).toMatchObject({ description: '<p>Please review.</p>', dueDate: '2026-03-10' });
});

test('who no longer qualifies is left out of new items', async () => {
  await using site = await createSite();
  const { ben, rae, ada, tower, review, db, sql } = site;
  const members = async () => namesOf((await site.item(ada)).distributionMembers);
  await site.grant(rae, tower, review, 'NONE');
  expect(await members()).toEqual(['Ben Standard', 'Ada Admin']);
  await sql`update users set active = false where id = ${ben.id}`.execute(db);
  expect(await members()).toEqual(['Ada Admin']);
  await site.grant(rae, tower, review, 'READ_ONLY');
  expect(await members()).toEqual(['Rae Reader', 'Ada Admin']);
});

test('defaults see what they bring, and fill what issued items must have; a hidden field starts empty', async () => {
  await using site = await createSite();
  const { ada, rae, ben } = site;
  await site.rule(site.review, { DESCRIPTION: 'required', DUE_DATE: 'required', DISTRIBUTION: 'required' });
  const item = await site.item(ada, { statusName: 'Open', private: true });
  expect((await site.read(rae, item.id)).number).toBe(item.number);
  expect(
    faultsOf(await site.create(ben, { title: 'T', statusName: 'Open', description: null, dueDate: null })),
  ).toEqual(['REQUIRED item.description', 'REQUIRED item.dueDate']);
  await site.rule(site.review, { DESCRIPTION: 'hidden', DUE_DATE: 'hidden', DISTRIBUTION: 'hidden' });
  const bare = await site.item(ada, { statusName: 'Open' });
  expect(bare).toMatchObject({ description: null, dueDate: null, distributionMembers: [] });
});

const MOMENTS: [moment: string, zone: string, days: number, due: string][] = [
  // Friday evening in Los Angeles is Saturday in Auckland and in London
  ['2026-03-07T04:00:00Z', 'America/Los_Angeles', 0, '2026-03-06'],
  ['2026-03-07T04:00:00Z', 'America/Los_Angeles', 1, '2026-03-09'],
  ['2026-03-07T04:00:00Z', 'Europe/London', 0, '2026-03-09'],
  ['2026-03-07T04:00:00Z', 'Pacific/Auckland', 1, '2026-03-09'],
  // Sunday there, Monday here
  ['2026-03-08T12:00:00Z', 'Pacific/Kiritimati', 1, '2026-03-10'],
  ['2026-03-08T12:00:00Z', 'America/Los_Angeles', 1, '2026-03-09'],
  // the night in which clocks go forward in Los Angeles
  ['2026-03-09T06:59:59Z', 'America/Los_Angeles', 5, '2026-03-13'],
  ['2026-03-09T07:00:00Z', 'America/Los_Angeles', 5, '2026-03-16'],
];

test('working days are counted from the day that it is in the project', async () => {
  await using site = await createSite();
  for (const [moment, zone, days, due] of MOMENTS) {
    await site.sql`update projects set time_zone = ${zone} where id = ${site.tower.id}`.execute(site.db);
    await site.change({ dueInWorkingDays: days });
    site.clock.set(moment);
    expect([moment, zone, days, (await site.item(site.ben)).dueDate]).toEqual([moment, zone, days, due]);
  }
});

test('defaults cost a new item no statement', async () => {
  await using site = await createSite();
  const source = `mutation ($input: CreateItemInput!) { createItem(input: $input) { item { id number } userErrors { code } } }`;
  const input = { projectId: site.tower.gid, genericToolId: site.review.gid, item: { title: 'T' } };
  await site.get(site.ben, source, { input });
  expect(await site.statementsOf(site.ben, source, { input })).toBe(5);
});
