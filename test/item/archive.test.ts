import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toGlobalId } from '../../src/kernel/ids.ts';
import { createOffice, faultsOf, nothing, type Office, type Payload } from '../kit/office.ts';

describe('archiveItems and restoreItems', () => {
  let office: Office;
  beforeAll(async () => {
    office = await createOffice();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const audiences = async (): Promise<Payload[]> =>
    (
      await office.sql<Payload>`select * from item_audiences where not archived order by item_id, audience`.execute(
        office.db,
      )
    ).rows;

  test('archived items are gone for all but ADMINs, and come back as they were', async () => {
    const { ada, ben, rae } = office;
    const before: Payload[] = [
      await office.item(ben, { statusName: 'Closed', assigneeIds: [rae.gid], private: true, externalId: 'kept' }),
      await office.item(ben),
    ];
    const seen = await audiences();
    const ids = before.map(({ id }) => id);
    const { items, userErrors } = await office.archive(ada, ...ids);
    expect(userErrors).toEqual([]);
    expect(items).toEqual(
      before.map((item, n) => ({ ...item, version: 2, updatedAt: items[n].updatedAt, archivedAt: items[n].updatedAt })),
    );
    for (const id of ids) {
      expect(await office.read(ben, id)).toBe(null);
      expect((await office.read(ada, id)).archivedAt).not.toBe(null);
    }
    expect((await audiences()).length).toBeLessThan(seen.length);
    const back = (await office.restore(ada, ...ids)).items;
    expect(back).toEqual(before.map((item, n) => ({ ...item, version: 3, updatedAt: back[n].updatedAt })));
    expect(await office.read(ben, ids[0]!)).toEqual(back[0]);
    expect(await audiences()).toEqual(seen);
  });

  test('what is there already is left alone; an item named twice is archived once', async () => {
    const { ada } = office;
    const [one, two] = [await office.item(ada), await office.item(ada)];
    await office.archive(ada, one.id);
    const archived = await office.read(ada, one.id);
    const { items } = await office.archive(ada, two.id, one.id, two.id);
    expect(items.map(({ id }: Payload) => id)).toEqual([two.id, one.id]);
    expect(await office.read(ada, one.id)).toEqual(archived);
    const before = await office.trace();
    expect((await office.archive(ada, one.id, two.id)).items).toHaveLength(2);
    expect((await office.archive(ada)).items).toEqual([]);
    expect(await office.trace()).toBe(before);
    await office.restore(ada, one.id);
    expect((await office.restore(ada, one.id)).items[0].version).toBe(3);
  });

  test('takes ADMIN on all of them: all or none', async () => {
    const { ada, ben } = office;
    const mine = await office.item(ben, { statusName: 'Open' });
    const hers = await office.item(ada);
    const before = await office.trace();
    expect(faultsOf(await office.archive(ben, mine.id, hers.id, nothing('Item'), 'x'))).toEqual([
      'FORBIDDEN ids.0',
      'NOT_FOUND ids.1',
      'NOT_FOUND ids.2',
      'NOT_FOUND ids.3',
    ]);
    const refused = await office.archive(ada, hers.id, mine.id, nothing('Item'));
    expect(refused.items).toEqual([]);
    expect(faultsOf(refused)).toEqual(['NOT_FOUND ids.2']);
    expect(await office.trace()).toBe(before);
    await office.archive(ada, mine.id);
    expect(faultsOf(await office.restore(ben, mine.id))).toEqual(['NOT_FOUND ids.0']);
    const many = Array.from({ length: 501 }, (_, n) =>
      toGlobalId('Item', `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`),
    );
    expect(faultsOf(await office.archive(ada, ...many))).toEqual(['TOO_MANY ids']);
  });

  test('an archived item is neither changed nor answered until it is restored', async () => {
    const { ada, ben } = office;
    const { id } = await office.item(ben, { statusName: 'Open' });
    const { response } = await office.respond(ada, id);
    await office.archive(ada, id);
    const before = await office.trace();
    for (const patch of [{ title: 'x' }, { statusName: 'Closed' }, {}])
      expect(faultsOf(await office.update(ada, id, patch))).toEqual(['CLOSED id']);
    const { results } = await office.batch(ada, {
      ids: [id],
      patch: { title: 'x' },
      completionMode: 'EACH_ON_ITS_OWN',
    });
    expect(faultsOf(results[0])).toEqual(['CLOSED ids.0']);
    expect(faultsOf(await office.respond(ada, id))).toEqual(['CLOSED itemId']);
    expect(faultsOf(await office.switchOfficial(ada, response.id, true))).toEqual(['CLOSED id']);
    expect(faultsOf(await office.update(ben, id, { title: 'x' }))).toEqual(['NOT_FOUND id']);
    expect(faultsOf(await office.respond(ben, id))).toEqual(['NOT_FOUND itemId']);
    expect(await office.trace()).toBe(before);
    await office.restore(ada, id);
    expect((await office.update(ben, id, { title: 'Back' })).item.title).toBe('Back');
  });

  test('the numbers of archived items stay taken', async () => {
    const { ada } = office;
    const { words } = await office.secondTool('Letters');
    const item = await words.item(ada);
    await words.archive(ada, item.id);
    expect((await words.create(ada, {})).item.position).toBe('002');
    expect(faultsOf(await words.create(ada, { position: '001' }))).toEqual(['TAKEN item.position']);
    expect((await words.restore(ada, item.id)).items[0].position).toBe('001');
  });

  test('archived and restored by several at once, each happens once', async () => {
    const { ada } = office;
    const { id } = await office.item(ada);
    await Promise.all(Array.from({ length: 10 }, () => office.archive(ada, id)));
    await Promise.all(Array.from({ length: 10 }, () => office.restore(ada, id)));
    expect(await office.read(ada, id)).toMatchObject({ version: 3, archivedAt: null });
    expect(await office.history(ada, id)).toEqual(['archived: No > Yes', 'archived: Yes > No']);
  });
});
