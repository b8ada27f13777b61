import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOffice, faultsOf, nothing, type Office } from '../kit/office.ts';

describe('the life of an item', () => {
  let office: Office;
  beforeAll(async () => {
    office = await createOffice();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const CATEGORIES = {
    Draft: 'draft',
    Open: 'open',
    'On Hold': 'open',
    Closed: 'closed',
    Won: 'closed',
    Lost: 'closed',
  };
  const names = Object.keys(CATEGORIES) as (keyof typeof CATEGORIES)[];
  const pairs = names.flatMap((from) => names.map((to) => ({ from, to })));

  test.each(pairs)('from $from to $to', async ({ from, to }) => {
    const { ada, review } = office;
    const [was, becomes] = [CATEGORIES[from], CATEGORIES[to]];
    const before = await office.item(ada, { statusName: from });
    const { item, userErrors } = await office.update(ada, before.id, { statusId: review.statuses[to]!.gid });
    if (was !== 'draft' && becomes === 'draft') {
      expect(faultsOf({ userErrors })).toEqual(['INVALID patch.statusId']);
      expect(await office.read(ada, before.id)).toEqual(before);
      return;
    }
    expect(userErrors).toEqual([]);
    expect(item.status.name).toBe(to);
    expect(item.version).toBe(from === to ? 1 : 2);
    // issuing sets issuedAt for good; closing sets closedAt, moving among closed ones keeps it, reopening clears it
    expect(item.issuedAt).toBe(was === 'draft' && becomes !== 'draft' ? item.updatedAt : before.issuedAt);
    expect(item.closedAt).toBe(becomes !== 'closed' ? null : was === 'closed' ? before.closedAt : item.updatedAt);
  });

  test('closed again, it was issued when it was and closed when it is', async () => {
    const { ada } = office;
    const issued = await office.item(ada, { statusName: 'Open' });
    const closed = (await office.update(ada, issued.id, { statusName: 'Won' })).item;
    const open = (await office.update(ada, issued.id, { statusName: 'On Hold' })).item;
    const again = (await office.update(ada, issued.id, { statusName: 'Lost' })).item;
    expect([closed, open, again].map((item) => item.issuedAt)).toEqual(Array(3).fill(issued.issuedAt));
    expect(open.closedAt).toBe(null);
    expect(again.closedAt > closed.closedAt).toBe(true);
  });

  test('the status is looked up in the tool of the item, by name whatever its case', async () => {
    const { ada, review, secondTool } = office;
    const other = await secondTool('Basic Correspondence');
    await office.sql`update generic_tool_statuses set name = 'Offen' where id = ${other.statuses.Open!.id}`.execute(
      office.db,
    );
    const item = await office.item(ada);
    const foreign = await other.words.item(ada);
    expect((await office.update(ada, item.id, { statusName: ' oPEN ' })).item.status.name).toBe('Open');
    expect((await office.update(ada, foreign.id, { statusName: 'offen' })).item.status.name).toBe('Offen');
    expect(faultsOf(await office.update(ada, foreign.id, { statusName: 'Open' }))).toEqual([
      'NOT_FOUND patch.statusName',
    ]);
    for (const statusId of ['', 'x', item.id, nothing('GenericToolStatus'), other.statuses.Open!.gid])
      expect(faultsOf(await office.update(ada, item.id, { statusId }))).toEqual(['NOT_FOUND patch.statusId']);
    const both = { statusId: review.statuses.Closed!.gid, statusName: 'Closed' };
    expect(faultsOf(await office.update(ada, item.id, both))).toEqual(['INVALID patch.statusName']);
    expect(faultsOf(await office.update(ada, item.id, { statusId: null }))).toEqual(['REQUIRED patch.statusId']);
    expect(faultsOf(await office.update(ada, item.id, { statusName: null }))).toEqual(['REQUIRED patch.statusName']);
    expect(faultsOf(await office.update(ada, item.id, { statusName: '' }))).toEqual(['NOT_FOUND patch.statusName']);
  });

  test('who closes their own item cannot reopen or change it; an ADMIN can', async () => {
    const { ada, ben } = office;
    const item = await office.item(ben, { statusName: 'Open' });
    expect((await office.update(ben, item.id, { statusName: 'Closed' })).item.version).toBe(2);
    for (const patch of [{ statusName: 'Open' }, { statusName: 'Won' }, { title: 'x' }])
      expect(faultsOf(await office.update(ben, item.id, patch))).toEqual(['FORBIDDEN id']);
    expect((await office.update(ada, item.id, { statusName: 'Open' })).item.closedAt).toBe(null);
  });

  test('a status that is deleted while it is being given is NOT_FOUND', async () => {
    const { ada, secondTool } = office;
    const { statuses, words } = await secondTool('Bulletin');
    const item = await words.item(ada);
    await using intruder = await office.intruder();
    const writes = {
      Won: () => words.update(ada, item.id, { statusName: 'Won' }),
      Lost: () => words.create(ada, { statusName: 'Lost', title: 'x' }),
    };
    for (const [status, write] of Object.entries(writes)) {
      await intruder.run('begin');
      await intruder.run('delete from generic_tool_statuses where id = $1', [statuses[status]!.id]);
      const answer = write();
      await office.blocked();
      await intruder.run('commit');
      expect(faultsOf(await answer)).toEqual([expect.stringMatching(/^NOT_FOUND (patch|item).statusName$/)]);
    }
  });
});
