import { expect, test } from 'vitest';
import { driftIn } from '../kit/facts.ts';
import { createOffice } from '../kit/office.ts';
import { putItems } from '../kit/putItems.ts';
import type { Person } from '../kit/world.ts';

/** Val of an old firm and Bob are assignees of a private Open item; Cy manages the directory. */
async function createCase() {
  const office = await createOffice();
  const cy = await office.person('Cy Companyadmin', { admin: true });
  const val = await office.person('Val Mover', { vendor: 'Old Firm' });
  const bob = await office.person('Bob Builder', { vendor: 'Builders' });
  for (const who of [val, bob]) await office.grant(who, office.tower, office.review, 'READ_ONLY');
  const put = { project: office.tower, tool: office.review, by: office.ada, status: 'Open', private: true };
  const [item] = await putItems(office, [{ ...put, assignees: [val, bob] }]);
  const move = (who: Person, firm: string) => {
    const vendors = [{ externalId: firm, name: firm }];
    const users = [{ externalId: who.name, name: who.name, email: who.email, vendorExternalId: firm }];
    return office.tell(cy, 'syncDirectory', { companyId: office.home.gid, vendors, users }, 'updated');
  };
  return { ...office, cy, val, bob, item: item!, move };
}
type Case = Awaited<ReturnType<typeof createCase>>;

const PATCHES: Record<string, (site: Case) => object> = {
  'it is closed': () => ({ statusName: 'Closed' }),
  'they are taken off it': ({ bob }) => ({ assigneeIds: [bob.gid] }),
  'they are taken off it, and others come': ({ bob, rae }) => ({ assigneeIds: [bob.gid], receivedFromId: rae.gid }),
  'they get another role on it': ({ val }) => ({ assigneeIds: [], distributionMemberIds: [val.gid] }),
  'it is made public': () => ({ private: false }),
  'something else is said': () => ({ title: 'Broken sill' }),
};

test.each(
  Object.keys(PATCHES),
)('somebody moves to another firm while %s: audiences say who is there afterwards', async (what) => {
  await using site = await createCase();
  await using intruder = await site.intruder();
  // the update has locked the item and written people and audiences when it comes to a stop at the history
  await intruder.run('begin');
  await intruder.run('lock table item_changes in share mode');
  const updating = site.update(site.ada, site.item.gid, PATCHES[what]!(site));
  await site.blocked(1);
  const moving = site.move(site.val, 'New Firm');
  await site.blocked(2);
  await intruder.run('commit');
  expect((await updating).userErrors).toEqual([]);
  expect(await moving).toEqual({ updated: 1, userErrors: [] });
  expect(await driftIn(site.db)).toEqual([]);
});

test('somebody comes onto an item while they move to another firm: its audiences speak of the new one', async () => {
  await using site = await createCase();
  await using intruder = await site.intruder();
  const [other] = await putItems(site, [
    { project: site.tower, tool: site.review, by: site.ada, status: 'Open', private: true },
  ]);
  // the move has changed the user and locked the items that they are on when it comes to a stop at the audiences
  await intruder.run('begin');
  await intruder.run('lock table item_audiences in share mode');
  const moving = site.move(site.val, 'New Firm');
  await site.blocked(1);
  const updating = site.update(site.ada, other!.gid, { assigneeIds: [site.val.gid] });
  await site.blocked(2);
  await intruder.run('commit');
  expect(await moving).toEqual({ updated: 1, userErrors: [] });
  expect((await updating).userErrors).toEqual([]);
  expect(await driftIn(site.db)).toEqual([]);
});
