import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOffice, faultsOf, namesOf, nothing, type Office, type Payload } from '../kit/office.ts';

describe('updateItem', () => {
  let office: Office;
  beforeAll(async () => {
    office = await createOffice();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  /** An item about which everything is said. */
  const fullItem = (more: object = {}) =>
    office.item(office.ada, {
      externalId: crypto.randomUUID(),
      description: '<p>Walnut &amp; oak</p>',
      dueDate: '2026-08-31',
      scheduleImpact: { status: 'YES_KNOWN', days: 2.5 },
      costImpact: { status: 'YES_KNOWN', amount: '1250.75' },
      receivedFromId: office.rae.gid,
      assigneeIds: [office.rae.gid, office.ben.gid],
      distributionMemberIds: [office.ben.gid],
      quantity: '1.5',
      unit: 'm²',
      statusName: 'Open',
      ...more,
    });
  const refusals = async (id: string, patch: object, who = office.ada) => {
    const before = await office.trace();
    const faults = faultsOf(await office.update(who, id, patch));
    expect(await office.trace()).toBe(before);
    return faults;
  };

  const CLEARED: [string, unknown, unknown?][] = [
    ['externalId', null],
    ['description', null],
    ['dueDate', null],
    ['scheduleImpact', null],
    ['costImpact', null],
    ['receivedFromId', null],
    ['assigneeIds', []],
    ['distributionMemberIds', []],
    ['quantity', null],
    ['unit', null],
  ];
  test.each(CLEARED)('null clears %s, and leaves all else', async (part, cleared) => {
    const before = await fullItem();
    const field = part.replace(/Ids?$/, '').replace('assignee', 'assignees').replace('Member', 'Members');
    const name = part === 'externalId' ? 'externalId' : field;
    const { item } = await office.update(office.ada, before.id, { [part]: null });
    expect(item).toEqual({ ...before, [name]: cleared, version: 2, updatedAt: expect.any(String) });
    expect(item.updatedAt > before.updatedAt).toBe(true);
  });

  test('the word null is a text like any other', async () => {
    const { id } = await office.item(office.ada, { statusName: 'Open' });
    const { item } = await office.update(office.ada, id, { unit: 'null', externalId: 'null', description: 'null' });
    expect(item).toMatchObject({ unit: 'null', externalId: 'null', description: 'null', version: 2 });
  });

  test('what an item must have cannot be cleared', async () => {
    const { id } = await fullItem();
    const nulls = { title: null, position: null, private: null, statusName: null };
    expect((await refusals(id, nulls)).toSorted()).toEqual([
      'REQUIRED patch.position',
      'REQUIRED patch.private',
      'REQUIRED patch.statusName',
      'REQUIRED patch.title',
    ]);
    const draft = await office.item(office.ada);
    expect((await office.update(office.ada, draft.id, { title: ' ' })).item.title).toBe('');
  });

  test('everything can be said at once, and is one change', async () => {
    const { ada, ben, rae } = office;
    const before = await office.item(ada);
    const { item } = await office.update(ada, before.id, {
      externalId: 'all at once',
      position: 'west-7',
      title: 'Cracked lintel',
      description: 'See <em>photo</em>',
      statusName: 'On Hold',
      private: true,
      dueDate: '2026-01-31',
      scheduleImpact: { status: 'TBD' },
      costImpact: { status: 'YES_KNOWN', amount: '0.10' },
      receivedFromId: ben.gid,
      assigneeIds: [rae.gid],
      distributionMemberIds: [rae.gid, ben.gid],
      quantity: '3',
      unit: 'pcs',
    });
    expect(item).toMatchObject({
      externalId: 'all at once',
      number: 'DR-west-7',
      title: 'Cracked lintel',
      description: 'See <em>photo</em>',
      status: { name: 'On Hold' },
      private: true,
      dueDate: '2026-01-31',
      scheduleImpact: { status: 'TBD', days: null },
      costImpact: { status: 'YES_KNOWN', amount: '0.1' },
      receivedFrom: { name: 'Ben Standard' },
      quantity: '3',
      unit: 'pcs',
      version: 2,
      createdAt: before.createdAt,
    });
    expect(item.issuedAt).toBe(item.updatedAt);
    expect([namesOf(item.assignees), namesOf(item.distributionMembers)]).toEqual([
      ['Rae Reader'],
      ['Rae Reader', 'Ben Standard'],
    ]);
    expect((await office.update(ada, item.id, { title: 'Mended lintel' })).item.version).toBe(3);
  });

  test('what already is, however it is written, changes nothing', async () => {
    const { ada, rae, ben, review } = office;
    const item = await fullItem();
    const before = await office.trace();
    const same = await office.update(
      ada,
      item.id,
      {
        externalId: ` ${item.externalId}`,
        position: ` ${item.position} `,
        title: ' Broken lintel ',
        description: '<p onclick="x">Walnut & oak</p>',
        statusId: review.statuses.Open!.gid,
        private: false,
        dueDate: '2026-08-31',
        scheduleImpact: { status: 'YES_KNOWN', days: 2.5 },
        costImpact: { status: 'YES_KNOWN', amount: '01250.750' },
        receivedFromId: rae.gid,
        assigneeIds: [rae.gid, ben.gid, rae.gid],
        distributionMemberIds: [ben.gid],
        quantity: '1.50',
        unit: 'm² ',
      },
      { idempotencyKey: 'same' },
    );
    expect(same).toEqual({ item, userErrors: [] });
    expect((await office.update(ada, item.id, {})).item).toEqual(item);
    expect(await office.trace()).toBe(before);
  });

  test('a list replaces the list, in its order', async () => {
    const { ada, ben, rae } = office;
    const { id } = await fullItem();
    const turned = (await office.update(ada, id, { assigneeIds: [ben.gid, ada.gid, rae.gid] })).item;
    expect(namesOf(turned.assignees)).toEqual(['Ben Standard', 'Ada Admin', 'Rae Reader']);
    expect(namesOf((await office.read(ada, id)).assignees)).toEqual(['Ben Standard', 'Ada Admin', 'Rae Reader']);
  });

  test('who can no longer be chosen may stay, and be nowhere added', async () => {
    const { ada, ben, tower, review } = office;
    const kim = await office.person('Kim');
    const lou = await office.person('Lou');
    for (const one of [kim, lou]) await office.grant(one, tower, review, 'READ_ONLY');
    const everywhere = (people: string[]) => ({ assigneeIds: people, distributionMemberIds: people });
    const { id } = await office.item(ada, { ...everywhere([kim.gid, lou.gid]), receivedFromId: kim.gid });
    await office.sql`update users set active = false where id = ${kim.id}`.execute(office.db);
    await office.sql`delete from project_members where user_id = ${lou.id}`.execute(office.db);
    const { item } = await office.update(ada, id, {
      ...everywhere([lou.gid, ben.gid, kim.gid]),
      receivedFromId: kim.gid,
    });
    expect(namesOf(item.assignees)).toEqual(['Lou', 'Ben Standard', 'Kim']);
    expect(item.receivedFrom.name).toBe('Kim');
    expect(await refusals(id, { receivedFromId: lou.gid })).toEqual(['NOT_SELECTABLE patch.receivedFromId']);
    await office.update(ada, id, { assigneeIds: [ben.gid], receivedFromId: null });
    expect(await refusals(id, { assigneeIds: [kim.gid, ben.gid, lou.gid], receivedFromId: kim.gid })).toEqual([
      'NOT_SELECTABLE patch.receivedFromId',
      'NOT_SELECTABLE patch.assigneeIds.0',
      'NOT_SELECTABLE patch.assigneeIds.2',
    ]);
  });

  test('everything that is wrong is told at once, and nothing changes', async () => {
    const { nan, tower } = office;
    await fullItem({ externalId: 'theirs', position: 'theirs' });
    const { id } = await fullItem();
    const faults = await refusals(id, {
      externalId: 'theirs',
      position: 'Theirs',
      title: 'x'.repeat(256),
      description: '<p>a&#0;&#1;</p>',
      statusName: 'Draft',
      scheduleImpact: { status: 'N_A', days: 0 },
      receivedFromId: '',
      assigneeIds: [nan.gid, tower.gid, nothing('User')],
      unit: 'a\u0000',
    });
    expect(faults.toSorted()).toEqual(
      [
        'TAKEN patch.externalId',
        'TAKEN patch.position',
        'TOO_LONG patch.title',
        'INVALID patch.description',
        'INVALID patch.statusName',
        'INVALID patch.scheduleImpact.days',
        'NOT_FOUND patch.receivedFromId',
        'NOT_SELECTABLE patch.assigneeIds.0',
        'NOT_FOUND patch.assigneeIds.1',
        'NOT_FOUND patch.assigneeIds.2',
        'INVALID patch.unit',
      ].toSorted(),
    );
  });

  test('an item that one does not see is NOT_FOUND like one that never was; one that one sees without the right FORBIDDEN', async () => {
    const { ben, rae, ada, tower } = office;
    const draft = await office.item(ada);
    const open = await office.item(ada, { statusName: 'Open' });
    const answers = await Promise.all(
      [draft.id, nothing('Item'), tower.gid, '', 'x'].map((id) => office.update(rae, id, { title: 'x' })),
    );
    expect(new Set(answers.flatMap(faultsOf))).toEqual(new Set(['NOT_FOUND id']));
    const messages = answers.map(({ userErrors }: Payload) => userErrors[0].message.replace(/".*"/, ''));
    expect(new Set(messages).size).toBe(1);
    expect(await refusals(open.id, { title: 'x' }, ben)).toEqual(['FORBIDDEN id']);
    expect(await refusals(open.id, {}, rae)).toEqual(['FORBIDDEN id']);
  });

  test('whoever loses sight by their own change gets no item back', async () => {
    const { ben, secondTool } = office;
    const tool = await secondTool('Super private', { adminsSeePrivateItems: false });
    const theirs = await tool.words.item(ben, { statusName: 'Open' });
    expect(await tool.words.update(office.ada, theirs.id, { private: true })).toEqual({ item: null, userErrors: [] });
    expect(await tool.words.read(ben, theirs.id)).toMatchObject({ private: true, version: 2 });
  });

  test('what a company froze when it was issued takes its status and nothing else', async () => {
    const { ada, home } = office;
    const draft = await office.item(ada);
    const { id } = await fullItem();
    const closed = await fullItem({ statusName: 'Closed' });
    await office.sql`update companies set issued_items_are_frozen = true where id = ${home.id}`.execute(office.db);
    try {
      expect(
        (await refusals(id, { title: 'x', statusName: 'Closed', dueDate: '2026-08-31', assigneeIds: null })).toSorted(),
      ).toEqual(['FROZEN patch.assigneeIds', 'FROZEN patch.dueDate', 'FROZEN patch.title']);
      expect(await refusals(closed.id, { private: true })).toEqual(['FROZEN patch.private']);
      expect((await office.update(ada, id, { statusName: 'Closed' })).item.status.name).toBe('Closed');
      const { item } = await office.update(ada, draft.id, { title: 'Last words', statusName: 'Open' });
      expect(item).toMatchObject({ title: 'Last words', status: { name: 'Open' } });
      expect(await refusals(draft.id, { title: 'x' })).toEqual(['FROZEN patch.title']);
      const { userErrors } = await office.respond(ada, draft.id, { itemPatch: { unit: 'm' } });
      expect(faultsOf({ userErrors })).toEqual(['FROZEN itemPatch.unit']);
      expect((await office.respond(ada, draft.id, { itemPatch: { statusName: 'Won' } })).item.status.name).toBe('Won');
    } finally {
      await office.sql`update companies set issued_items_are_frozen = false where id = ${home.id}`.execute(office.db);
    }
  });

  test('the updated item is later than it was, even when the clock was put back', async () => {
    const { ada, clock } = office;
    const item = await office.item(ada);
    clock.advance(-3_600_000);
    try {
      const later = (await office.update(ada, item.id, { title: 'One' })).item;
      expect(later.updatedAt > item.updatedAt).toBe(true);
      const again = (await office.update(ada, item.id, { title: 'Two' })).item;
      expect(again.updatedAt > later.updatedAt).toBe(true);
      expect(await office.history(ada, item.id)).toEqual(['title: Broken lintel > One', 'title: One > Two']);
      const events = await office.events(item);
      expect(events.map(({ payload }: Payload) => payload.version)).toEqual([1, 2, 3]);
    } finally {
      clock.advance(3_600_000);
    }
  });
});
