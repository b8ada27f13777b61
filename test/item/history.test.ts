import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOffice, type Office, type Payload } from '../kit/office.ts';

describe('the history of an item', () => {
  let office: Office;
  beforeAll(async () => {
    office = await createOffice();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  test('has one row for each changed field, old and new as they were shown', async () => {
    const { ada, rae, ben } = office;
    const item = await office.item(ada, { statusName: 'Open', position: 'h-1' });
    await office.update(ada, item.id, {
      externalId: 'E 1',
      position: 'h-2',
      title: 'Cracked lintel',
      description: '<p>Oak</p>',
      statusName: 'On Hold',
      private: true,
      dueDate: '2026-08-31',
      scheduleImpact: { status: 'YES_KNOWN', days: 2.5 },
      costImpact: { status: 'YES_UNKNOWN' },
      receivedFromId: rae.gid,
      quantity: '1.50',
      unit: 'm²',
    });
    expect((await office.history(ada, item.id)).toSorted()).toEqual(
      [
        'externalId:  > E 1',
        'number: DR-h-1 > DR-h-2',
        'title: Broken lintel > Cracked lintel',
        'description:  > <p>Oak</p>',
        'status: Open > On Hold',
        'private: No > Yes',
        'dueDate:  > 2026-08-31',
        'scheduleImpact:  > Yes: 2.5 days',
        'costImpact:  > Yes (Unknown)',
        'receivedFrom:  > Rae Reader',
        'quantity:  > 1.5',
        'unit:  > m²',
      ].toSorted(),
    );
    const cleared = { description: null, dueDate: null, costImpact: { status: 'NO_IMPACT' }, receivedFromId: ben.gid };
    await office.update(ada, item.id, { ...cleared, scheduleImpact: { status: 'YES_KNOWN', days: 3 } });
    expect((await office.history(ada, item.id)).slice(12).toSorted()).toEqual([
      'costImpact: Yes (Unknown) > No Impact',
      'description: <p>Oak</p> > ',
      'dueDate: 2026-08-31 > ',
      'receivedFrom: Rae Reader > Ben Standard',
      'scheduleImpact: Yes: 2.5 days > Yes: 3 days',
    ]);
  });

  test('has one row for each person added or removed', async () => {
    const { ada, ben, rae } = office;
    const item = await office.item(ada, { assigneeIds: [ada.gid, ben.gid] });
    await office.update(ada, item.id, { assigneeIds: [rae.gid, ada.gid], distributionMemberIds: [ben.gid, rae.gid] });
    expect(await office.history(ada, item.id)).toEqual([
      'assignees: Ben Standard > ',
      'assignees:  > Rae Reader',
      'distributionMembers:  > Ben Standard',
      'distributionMembers:  > Rae Reader',
    ]);
  });

  test('keeps what was shown when names change later, and tells people and statuses of one name apart', async () => {
    const { ada, tower, review } = office;
    const [one, two] = [await office.person('Sam One'), await office.person('Sam Two')];
    for (const sam of [one, two]) await office.grant(sam, tower, review, 'READ_ONLY');
    await office.sql`update users set name = 'Sam' where name like 'Sam %'`.execute(office.db);
    const item = await office.item(ada, { receivedFromId: one.gid, assigneeIds: [one.gid] });
    await office.update(ada, item.id, { receivedFromId: two.gid, assigneeIds: [two.gid] });
    await office.sql`update users set name = 'Samuel' where id = ${two.id}`.execute(office.db);
    expect(await office.history(ada, item.id)).toEqual([
      'receivedFrom: Sam > Sam',
      'assignees: Sam > ',
      'assignees:  > Sam',
    ]);
  });

  test('says who and when, in the words of screens and of programs', async () => {
    const { ada, ben } = office;
    const item = await office.item(ben);
    await office.update(ben, item.id, { dueDate: '2026-08-31' });
    const { item: updated } = await office.update(ada, item.id, { title: 'Later' });
    const document = `query ($id: ID!) { item(id: $id) { changes { totalCount nodes { id field label createdBy { name } createdAt } } } }`;
    const { changes } = (await office.get(ada, document, { id: item.id })).item;
    expect(changes.totalCount).toBe(2);
    expect(changes.nodes).toMatchObject([
      { field: 'title', label: 'Subject', createdBy: { name: 'Ada Admin' }, createdAt: updated.updatedAt },
      { field: 'dueDate', label: 'Due Date', createdBy: { name: 'Ben Standard' } },
    ]);
    const again = (await office.get(ada, document, { id: item.id })).item.changes;
    expect(again).toEqual(changes);
  });

  test('shows changes of the Draft only to its creator and ADMINs; that it was issued to everybody', async () => {
    const { ada, ben, rae } = office;
    const { id } = await office.item(ben);
    await office.update(ben, id, { title: 'Second thoughts' });
    await office.update(ben, id, { statusName: 'Open', title: 'Last words', assigneeIds: [rae.gid] });
    await office.update(ada, id, { title: 'Official words' });
    const all = [
      'title: Broken lintel > Second thoughts',
      'title: Second thoughts > Last words',
      'status: Draft > Open',
      'assignees:  > Rae Reader',
      'title: Last words > Official words',
    ];
    expect(await office.history(ben, id)).toEqual(all);
    expect(await office.history(ada, id)).toEqual(all);
    expect(await office.history(rae, id)).toEqual([all[2], all[4]]);
    const document = 'query ($id: ID!) { item(id: $id) { changes { totalCount nodes { id } } } }';
    expect((await office.get(rae, document, { id })).item.changes.totalCount).toBe(2);
    const secret = (await office.get(ben, document, { id })).item.changes.nodes.at(-1).id;
    const lookup = 'query ($id: ID!) { node(id: $id) { id } }';
    expect((await office.get(ben, lookup, { id: secret })).node).toEqual({ id: secret });
    expect((await office.get(rae, lookup, { id: secret })).node).toBe(null);
  });

  test('does not speak of creation, of responses, or of what was refused', async () => {
    const { ada } = office;
    const item = await office.item(ada, { statusName: 'Open', description: 'x' });
    await office.respond(ada, item.id);
    await office.update(ada, item.id, { title: null });
    await office.update(ada, item.id, { title: item.title });
    expect(await office.history(ada, item.id)).toEqual([]);
  });

  test('is in order over many changes, also those of one batch and of a response', async () => {
    const { ada } = office;
    const items: Payload[] = [
      await office.item(ada, { statusName: 'Open' }),
      await office.item(ada, { statusName: 'Open' }),
    ];
    const ids = items.map(({ id }) => id);
    await office.batch(ada, { ids, patch: { title: 'One', unit: 'm' } });
    await office.respond(ada, ids[0]!, { itemPatch: { title: 'Two', statusName: 'Won' } });
    await office.archive(ada, ids[0]!);
    await office.restore(ada, ids[0]!);
    expect(await office.history(ada, ids[0]!)).toEqual([
      'title: Broken lintel > One',
      'unit:  > m',
      'title: One > Two',
      'status: Open > Won',
      'archived: No > Yes',
      'archived: Yes > No',
    ]);
    expect(await office.history(ada, ids[1]!)).toEqual(['title: Broken lintel > One', 'unit:  > m']);
  });
});
