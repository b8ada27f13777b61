import { expect, test } from 'vitest';
import { createOffice, faultsOf } from '../kit/office.ts';

/** A company that freezes what is issued; Ada is ADMIN, Ben STANDARD, each with an item of their own. */
async function createFrozen() {
  const office = await createOffice();
  await office.db.updateTable('companies').set({ issuedItemsAreFrozen: true }).execute();
  return office;
}

const ABILITIES = 'viewerCanEdit viewerCanChangeStatus viewerCanRespond viewerCanArchive';

test.each([
  'Open',
  'Closed',
])('an issued item (%s) takes status, responses, archive and restore, and nothing else', async (statusName) => {
  await using office = await createFrozen();
  const { ada, rae } = office;
  const item = await office.item(ada, { statusName });
  const { id } = item;
  const { item: abilities } = await office.get(ada, `query ($id: ID!) { item(id: $id) { ${ABILITIES} } }`, { id });
  expect(abilities).toEqual({
    viewerCanEdit: false,
    viewerCanChangeStatus: true,
    viewerCanRespond: statusName === 'Open',
    viewerCanArchive: true,
  });
  const patches = {
    title: 'New',
    description: 'New',
    position: '77',
    externalId: 'E-77',
    private: true,
    dueDate: '2026-05-01',
    scheduleImpact: { status: 'TBD' },
    costImpact: { status: 'TBD' },
    receivedFromId: rae.gid,
    assigneeIds: [rae.gid],
    distributionMemberIds: [],
    quantity: '1',
    unit: 'm',
  };
  for (const [part, value] of Object.entries(patches)) {
    const path = ['patch', part].join('.');
    expect(faultsOf(await office.update(ada, id, { [part]: value }))).toEqual([`FROZEN ${path}`]);
    // beside a status it is no better, and the status stays
    const both = await office.update(ada, id, { statusName: 'Won', [part]: value });
    expect(faultsOf(both)).toEqual([`FROZEN ${path}`]);
    expect(both.userErrors[0].message).toContain(part);
  }
  expect(await office.read(ada, id)).toEqual(item);
  expect((await office.update(ada, id, { statusName: 'Lost' })).item.status.name).toBe('Lost');
  expect((await office.update(ada, id, { statusName: 'Open' })).item.status.name).toBe('Open');
  expect((await office.respond(ada, id)).userErrors).toEqual([]);
  expect(faultsOf(await office.respond(ada, id, { itemPatch: { title: 'New' } }))).toEqual(['FROZEN itemPatch.title']);
  const closing = await office.respond(ada, id, { itemPatch: { statusName: 'Won' } });
  expect([closing.userErrors, closing.item.status.name]).toEqual([[], 'Won']);
  expect((await office.switchOfficial(ada, closing.response.id, true)).userErrors).toEqual([]);
  expect((await office.archive(ada, id)).userErrors).toEqual([]);
  expect((await office.restore(ada, id)).userErrors).toEqual([]);
});

test('a Draft is not frozen, and is issued with all that is said in the same patch', async () => {
  await using office = await createFrozen();
  const { ben } = office;
  const { id } = await office.item(ben);
  expect((await office.update(ben, id, { title: 'New' })).userErrors).toEqual([]);
  const { item } = await office.update(ben, id, { statusName: 'Open', title: 'Newer', private: true });
  expect(item).toMatchObject({ title: 'Newer', private: true, status: { name: 'Open' } });
  expect(faultsOf(await office.update(ben, id, { title: 'Newest' }))).toEqual(['FROZEN patch.title']);
});

test('whoever may not edit hears that, and not that the item is frozen', async () => {
  await using office = await createFrozen();
  const { id } = await office.item(office.ada, { statusName: 'Open' });
  expect(faultsOf(await office.update(office.ben, id, { title: 'New' }))).toEqual(['FORBIDDEN id']);
});

test('in a batch only what is frozen fails', async () => {
  await using office = await createFrozen();
  const { ada } = office;
  const [open, draft] = [await office.item(ada, { statusName: 'Open' }), await office.item(ada)];
  const { results } = await office.batch(ada, {
    ids: [open.id, draft.id],
    patch: { title: 'New' },
    completionMode: 'EACH_ON_ITS_OWN',
  });
  expect(results.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['FAILED', 'UPDATED']);
  expect(faultsOf(results[0])).toEqual(['FROZEN patch.title']);
});
