import { expect, test } from 'vitest';
import type { Person } from '../kit/world.ts';
import { createSite, faultsOf, nothing, type Site } from '../permission/site.ts';

const company = (site: Site, who: Person, input: object) =>
  site.tell(
    who,
    'updateCompany',
    { id: site.home.gid, ...input },
    'company { name issuedItemsAreFrozen itemUrlTemplate }',
  );
const project = (site: Site, who: Person, input: object) =>
  site.tell(who, 'updateProject', { id: site.tower.gid, ...input }, 'project { name number timeZone }');

test('a company admin changes the settings of the company; absent fields stay, null clears', async () => {
  await using site = await createSite();
  const url = 'https://erp.example.com/items/{itemId}?from=gateway';
  expect(
    await company(site, site.ada, { name: ' Northside ', issuedItemsAreFrozen: true, itemUrlTemplate: url }),
  ).toEqual({
    company: { name: 'Northside', issuedItemsAreFrozen: true, itemUrlTemplate: url },
    userErrors: [],
  });
  expect((await company(site, site.ada, { itemUrlTemplate: null })).company).toEqual({
    name: 'Northside',
    issuedItemsAreFrozen: true,
    itemUrlTemplate: null,
  });
});

const REFUSED_OF_COMPANY: [object, string][] = [
  [{ name: null }, 'REQUIRED name'],
  [{ name: ' ' }, 'REQUIRED name'],
  [{ name: 'x'.repeat(256) }, 'TOO_LONG name'],
  [{ name: 'two\nlines' }, 'INVALID name'],
  [{ issuedItemsAreFrozen: null }, 'REQUIRED issuedItemsAreFrozen'],
  [{ itemUrlTemplate: 'https://example.com/items' }, 'INVALID itemUrlTemplate'],
  [{ itemUrlTemplate: 'javascript:alert({itemId})' }, 'INVALID itemUrlTemplate'],
  [{ itemUrlTemplate: '{itemId}' }, 'INVALID itemUrlTemplate'],
  [{ itemUrlTemplate: 'https://me:secret@example.com/{itemId}' }, 'INVALID itemUrlTemplate'],
  [{ itemUrlTemplate: `https://example.com/{itemId}/${'x'.repeat(2000)}` }, 'TOO_LONG itemUrlTemplate'],
  [{ id: nothing('Company') }, 'NOT_FOUND id'],
  [{ id: '' }, 'NOT_FOUND id'],
];
test('updateCompany refuses rubbish', async () => {
  await using site = await createSite();
  for (const [input, fault] of REFUSED_OF_COMPANY) {
    const refused = await company(site, site.ada, input);
    expect.soft([input, refused.company, faultsOf(refused)]).toEqual([input, null, [fault]]);
  }
});

test('only company admins change company and projects, and only of their own company', async () => {
  await using site = await createSite();
  const rita = await site.person('Rita Review');
  await site.grant(rita, site.tower, site.review, 'ADMIN');
  expect(faultsOf(await company(site, rita, { name: 'Mine' }))).toEqual(['FORBIDDEN']);
  expect(faultsOf(await project(site, rita, { name: 'Mine' }))).toEqual(['FORBIDDEN']);
  const south = await site.company('Southside');
  const sam = await site.person('Sam Southside', { companyId: south.id, admin: true });
  expect(faultsOf(await company(site, sam, { name: 'Mine' }))).toEqual(['NOT_FOUND id']);
  expect(faultsOf(await project(site, sam, { name: 'Mine' }))).toEqual(['NOT_FOUND id']);
  expect((await company(site, site.ada, {})).company.name).toBe('Northside Builders');
});

test('a company admin changes name, number and time zone of a project', async () => {
  await using site = await createSite();
  expect(await project(site, site.ada, { name: 'Tower II', number: '219542', timeZone: 'Europe/Berlin' })).toEqual({
    project: { name: 'Tower II', number: '219542', timeZone: 'Europe/Berlin' },
    userErrors: [],
  });
  expect((await project(site, site.ada, { number: null })).project).toEqual({
    name: 'Tower II',
    number: null,
    timeZone: 'Europe/Berlin',
  });
});

test('a renamed project moves in lists by name', async () => {
  await using site = await createSite();
  await site.project('Bridge');
  await project(site, site.ada, { name: 'Arena' });
  const { viewer } = await site.get(site.ada, '{ viewer { projects { nodes { name } } } }');
  expect(viewer.projects.nodes).toEqual([{ name: 'Arena' }, { name: 'Bridge' }]);
});

const REFUSED_OF_PROJECT: [object, string[]][] = [
  [{ name: null }, ['REQUIRED name']],
  [{ timeZone: null }, ['REQUIRED timeZone']],
  [{ timeZone: 'Mars/Olympus' }, ['INVALID timeZone']],
  [{ timeZone: '+01:00' }, ['INVALID timeZone']],
  [{ timeZone: 'EST' }, ['INVALID timeZone']],
  [{ timeZone: 'Europe/Berlin\0' }, ['INVALID timeZone', 'INVALID timeZone']],
  [{ number: 'x'.repeat(256) }, ['TOO_LONG number']],
  [{ id: nothing('Project'), name: '' }, ['REQUIRED name', 'NOT_FOUND id']],
  [{ id: 'rubbish' }, ['NOT_FOUND id']],
];
test('updateProject refuses rubbish', async () => {
  await using site = await createSite();
  for (const [input, faults] of REFUSED_OF_PROJECT) {
    const refused = await project(site, site.ada, input);
    expect.soft([input, refused.project, faultsOf(refused)]).toEqual([input, null, faults]);
  }
});

test('whoever loses the right to manage the company while the call waits is too late', async () => {
  await using site = await createSite();
  await site.person('Bea Admin', { admin: true });
  // another call holds Ada's row and takes her right away
  const other = site.orm.em.fork();
  await other.begin();
  await other.execute('update users set is_company_admin = false where id = ?', [site.ada.id]);
  const waiting = project(site, site.ada, { name: 'Mine' });
  await new Promise((wait) => setTimeout(wait, 200));
  await other.commit();
  expect(faultsOf(await waiting)).toEqual(['FORBIDDEN']);
});
