import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOffice, type Office, type Payload } from '../kit/office.ts';

describe('the events of items', () => {
  let office: Office;
  beforeAll(async () => {
    office = await createOffice();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const typesOf = (events: Payload[]): string[] => events.map(({ type }) => type);
  /** What an act on an item told, by its types; all of it under one act. */
  async function told(item: Payload, act: () => Promise<Payload>): Promise<string[]> {
    const before = (await office.events(item)).length;
    await act();
    const events = (await office.events(item)).slice(before);
    expect(new Set(events.map(({ actId }) => actId)).size).toBeLessThan(2);
    return typesOf(events);
  }

  test('a made item is created, and issued or closed if it is', async () => {
    const { ada } = office;
    const typesFor = async (statusName: string) => typesOf(await office.events(await office.item(ada, { statusName })));
    expect(await typesFor('Draft')).toEqual(['item.created']);
    expect(await typesFor('Open')).toEqual(['item.created', 'item.issued']);
    expect(await typesFor('Won')).toEqual(['item.created', 'item.issued', 'item.closed']);
  });

  test('each act is told by what it did', async () => {
    const { ada, ben } = office;
    const item = await office.item(ada);
    const update = (patch: object) => told(item, () => office.update(ada, item.id, patch));
    expect(await update({ title: 'A' })).toEqual(['item.updated']);
    expect(await update({ statusName: 'Open' })).toEqual(['item.issued']);
    expect(await update({ statusName: 'On Hold' })).toEqual(['item.updated']);
    expect(await update({ title: 'B', assigneeIds: [ben.gid] })).toEqual(['item.updated']);
    expect(await update({ title: 'B' })).toEqual([]);
    expect(await update({ statusName: 'Closed' })).toEqual(['item.closed']);
    expect(await update({ statusName: 'Won' })).toEqual(['item.updated']);
    expect(await update({ statusName: 'Open', title: 'C' })).toEqual(['item.reopened', 'item.updated']);
    expect(await update({ statusName: 'Lost', title: 'D' })).toEqual(['item.closed', 'item.updated']);
    expect(await told(item, () => office.archive(ada, item.id))).toEqual(['item.archived']);
    expect(await told(item, () => office.archive(ada, item.id))).toEqual([]);
    expect(await told(item, () => office.restore(ada, item.id))).toEqual(['item.restored']);
    const draft = await office.item(ada);
    expect(await told(draft, () => office.update(ada, draft.id, { statusName: 'Won', title: 'x' }))).toEqual([
      'item.issued',
      'item.closed',
      'item.updated',
    ]);
  });

  test('responses are told, with what they changed', async () => {
    const { ada } = office;
    const item = await office.item(ada, { statusName: 'Open' });
    expect(await told(item, () => office.respond(ada, item.id))).toEqual(['response.created']);
    const { response } = await office.respond(ada, item.id, { official: true, itemPatch: { title: item.title } });
    expect(await told(item, () => office.switchOfficial(ada, response.id, true))).toEqual([]);
    expect(await told(item, () => office.switchOfficial(ada, response.id, false))).toEqual(['response.updated']);
    const [last] = (await office.events(item)).slice(-1);
    expect(last.payload).toEqual({ changes: [{ field: 'official', old: true, new: false }] });
    expect(last.responseId).not.toBe(null);
    const act = { itemPatch: { statusName: 'Closed' }, skipEmails: true };
    expect(await told(item, () => office.respond(ada, item.id, act))).toEqual(['item.closed', 'response.created']);
    const [closed, created] = (await office.events(item)).slice(-2);
    expect([closed.payload.skipEmails, created.payload.skipEmails, created.payload.official]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('tell ids of people and rows, values that are no text, and never a text', async () => {
    const { ada, ben, rae, review } = office;
    const item = await office.item(ada, { assigneeIds: [ben.gid], statusName: 'Open' });
    await office.update(ada, item.id, {
      externalId: 'secret x',
      position: 'secret-1',
      title: 'secret title',
      description: 'secret words',
      unit: 'secret m',
      statusName: 'On Hold',
      private: true,
      dueDate: '2026-08-31',
      scheduleImpact: { status: 'YES_KNOWN', days: 2 },
      costImpact: { status: 'YES_KNOWN', amount: '10.50' },
      receivedFromId: rae.gid,
      assigneeIds: [rae.gid],
      distributionMemberIds: [ben.gid],
      quantity: '7',
    });
    const [event] = (await office.events(item)).slice(-1);
    expect(event).toMatchObject({ type: 'item.updated', actorId: ada.id, handledAt: null });
    expect(JSON.stringify(event.payload)).not.toMatch(/secret|Rae|Ben|Hold/);
    const { changes, ...rest } = event.payload;
    expect(rest).toEqual({
      ...{ version: 2, skipEmails: false },
      cast: {
        was: 'OPEN',
        is: 'OPEN',
        creator: ada.id,
        receivedFrom: rae.id,
        assignees: [rae.id],
        distribution: [ben.id],
      },
    });
    const byField = (a: Payload, b: Payload) => (a.field < b.field ? -1 : 1);
    expect(changes.toSorted(byField)).toEqual(
      [
        { field: 'assignees', old: ben.id },
        { field: 'assignees', new: rae.id },
        { field: 'costImpact', old: null, new: { status: 'YES_KNOWN', amount: '10.5' } },
        { field: 'description' },
        { field: 'distributionMembers', new: ben.id },
        { field: 'dueDate', old: null, new: '2026-08-31' },
        { field: 'externalId' },
        { field: 'number' },
        { field: 'private', old: false, new: true },
        { field: 'quantity', old: null, new: '7' },
        { field: 'receivedFrom', old: null, new: rae.id },
        { field: 'scheduleImpact', old: null, new: { status: 'YES_KNOWN', days: 2 } },
        { field: 'status', old: review.statuses.Open!.id, new: review.statuses['On Hold']!.id },
        { field: 'title' },
        { field: 'unit' },
      ].toSorted(byField),
    );
  });

  test('one batch is one act, and keeps that it wants no mail', async () => {
    const { ada } = office;
    const items = [await office.item(ada), await office.item(ada)];
    await office.batch(ada, { ids: items.map(({ id }) => id), patch: { statusName: 'Open' }, skipEmails: true });
    const [one, two] = await Promise.all(items.map(async (item) => (await office.events(item)).at(-1)));
    expect([one.type, two.type, one.payload.skipEmails]).toEqual(['item.issued', 'item.issued', true]);
    expect(one.actId).toBe(two.actId);
    const [made] = await office.events(await office.item(ada, {}, { skipEmails: true }));
    expect(made.payload).toEqual({ version: 1, skipEmails: true, changes: [] });
    expect(made.actId).not.toBe(one.actId);
  });

  test('of a silent world count as handled', async () => {
    const { ada, world } = office;
    world.silent = true;
    try {
      const item = await office.item(ada, { statusName: 'Open' });
      await office.update(ada, item.id, { title: 'x' });
      await office.respond(ada, item.id);
      await office.archive(ada, item.id);
      const events = await office.events(item);
      expect(events).toHaveLength(5);
      for (const { handledAt } of events) expect(handledAt).not.toBe(null);
    } finally {
      world.silent = false;
    }
    const [event] = await office.events(await office.item(ada));
    expect(event.handledAt).toBe(null);
  });

  test('stand and fall with what they tell: when they cannot be written nothing is', async () => {
    const { ada, ben } = office;
    const item = await office.item(ada, { statusName: 'Open' });
    const { response } = await office.respond(ada, item.id);
    const gone = await office.item(ada);
    await office.archive(ada, gone.id);
    const before = await office.trace();
    await office.sql`alter table events add constraint no_more check (created_at is null) not valid`.execute(office.db);
    const everything = { title: 'x', position: 'x', assigneeIds: [ben.gid], private: true, statusName: 'Won' };
    const acts = [
      () => office.create(ada, everything),
      () => office.update(ada, item.id, everything, { idempotencyKey: 'k' }),
      () => office.batch(ada, { updates: [{ id: item.id, patch: everything }], completionMode: 'EACH_ON_ITS_OWN' }),
      () => office.respond(ada, item.id, { itemPatch: everything }),
      () => office.switchOfficial(ada, response.id, true),
      () => office.archive(ada, item.id),
      () => office.restore(ada, gone.id),
    ];
    for (const act of acts) {
      await expect(act()).rejects.toThrow('INTERNAL_SERVER_ERROR');
      expect(await office.trace()).toBe(before);
    }
    await office.sql`alter table events drop constraint no_more`.execute(office.db);
    expect(await told(item, acts[1]!)).toEqual(['item.closed', 'item.updated']);
  });
});
