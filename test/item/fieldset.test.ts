import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOffice, faultsOf, type Office } from '../kit/office.ts';

describe('what a fieldset says', () => {
  let office: Office;
  beforeAll(async () => {
    office = await createOffice();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  /** Every part of a patch that a fieldset can hide or require. */
  const parts = () => ({
    description: 'Oak',
    dueDate: '2026-08-31',
    scheduleImpact: { status: 'TBD' },
    costImpact: { status: 'TBD' },
    receivedFromId: office.rae.gid,
    assigneeIds: [office.rae.gid],
    distributionMemberIds: [office.ben.gid],
    quantity: '1',
    unit: 'm',
  });
  const ALL = {
    DESCRIPTION: 'description',
    DUE_DATE: 'dueDate',
    SCHEDULE_IMPACT: 'scheduleImpact',
    COST_IMPACT: 'costImpact',
    RECEIVED_FROM: 'receivedFromId',
    ASSIGNEES: 'assigneeIds',
    DISTRIBUTION: 'distributionMemberIds',
    QUANTITY: 'quantity',
  } as const;
  const each = <T extends string>(rule: T) => Object.fromEntries(Object.keys(ALL).map((field) => [field, rule]));
  const missing = (prefix: string, ...more: string[]) =>
    [...Object.values(ALL), ...more].map((part) => `REQUIRED ${prefix}.${part}`).toSorted();
  const sorted = (payload: Parameters<typeof faultsOf>[0]) => faultsOf(payload).toSorted();

  test('hidden fields cannot be written, not even cleared, and keep and show what they have', async () => {
    const { ada } = office;
    const tool = await office.secondTool('Bulletin');
    const { words } = tool;
    const before = await words.item(ada, parts());
    await words.rule(tool, each('hidden'));
    const hidden = Object.keys(parts())
      .map((part) => `INVALID patch.${part}`)
      .toSorted();
    expect(sorted(await words.update(ada, before.id, parts()))).toEqual(hidden);
    const nulls = Object.fromEntries(Object.keys(parts()).map((part) => [part, null]));
    expect(sorted(await words.update(ada, before.id, nulls))).toEqual(hidden);
    expect(sorted(await words.create(ada, nulls))).toEqual(hidden.map((fault) => fault.replace('patch', 'item')));
    expect(
      sorted(await words.batch(ada, { ids: [before.id], patch: { dueDate: null } }).then((b) => b.results[0])),
    ).toEqual(['INVALID patch.dueDate']);
    const open = (await words.update(ada, before.id, { title: 'Seen', statusName: 'Open' })).item;
    expect(open).toEqual({
      ...before,
      title: 'Seen',
      status: { name: 'Open', category: 'OPEN' },
      version: 2,
      updatedAt: open.updatedAt,
      issuedAt: open.updatedAt,
    });
  });

  test('a Draft may be incomplete; leaving Draft takes all that is required', async () => {
    const { ada } = office;
    const tool = await office.secondTool('Letters');
    const { words } = tool;
    await words.rule(tool, each('required'));
    const { item } = await words.create(ada, {});
    expect((await words.update(ada, item.id, { unit: 'm' })).item.unit).toBe('m');
    for (const statusName of ['Open', 'Closed', 'Lost'])
      expect(sorted(await words.update(ada, item.id, { statusName }))).toEqual(missing('patch', 'title'));
    expect(sorted(await words.update(ada, item.id, { ...parts(), quantity: null, statusName: 'Open' }))).toEqual([
      'REQUIRED patch.quantity',
      'REQUIRED patch.title',
    ]);
    const issued = await words.update(ada, item.id, { ...parts(), title: 'Now', statusName: 'Open' });
    expect(issued.item.status.name).toBe('Open');
    const partly = Object.entries(parts()).slice(0, 8);
    for (const [part] of partly)
      expect(faultsOf(await words.update(ada, item.id, { [part]: null }))).toEqual([`REQUIRED patch.${part}`]);
    expect((await words.update(ada, item.id, { unit: null })).userErrors).toEqual([]);
  });

  describe('of an issued item that lacks what is required since', () => {
    async function incomplete(statusName: string, title: string) {
      const tool = await office.secondTool(title);
      const item = await tool.words.item(office.ada, { statusName });
      await tool.words.rule(tool, { ASSIGNEES: 'required', DUE_DATE: 'required' });
      return { item, words: tool.words };
    }

    test('Open: a change of anything but the status is refused until it is complete', async () => {
      const { ada, rae } = office;
      const { item, words } = await incomplete('Open', 'Addendum');
      const faults = ['REQUIRED patch.assigneeIds', 'REQUIRED patch.dueDate'];
      expect(sorted(await words.update(ada, item.id, { title: 'New' }))).toEqual(faults);
      expect(sorted(await words.update(ada, item.id, { title: 'New', statusName: 'Closed' }))).toEqual(faults);
      expect(faultsOf(await words.update(ada, item.id, { dueDate: '2026-01-01' }))).toEqual([
        'REQUIRED patch.assigneeIds',
      ]);
      const { results } = await words.batch(ada, { updates: [{ id: item.id, patch: { private: true } }] });
      expect(sorted(results[0])).toEqual(['REQUIRED updates.0.patch.assigneeIds', 'REQUIRED updates.0.patch.dueDate']);
      expect(sorted(await words.respond(ada, item.id, { itemPatch: { unit: 'm' } }))).toEqual(
        faults.map((fault) => fault.replace('patch', 'itemPatch')),
      );
      const whole = await words.update(ada, item.id, { dueDate: '2026-01-01', assigneeIds: [rae.gid], title: 'New' });
      expect(whole.item).toMatchObject({ title: 'New', version: 2 });
    });

    test('Open: a change of the status alone is never refused, whatever else the patch repeats', async () => {
      const { ada } = office;
      const { item, words } = await incomplete('Open', 'Change Request');
      expect((await words.update(ada, item.id, { title: item.title })).item).toEqual(item);
      const held = await words.update(ada, item.id, { statusName: 'On Hold', title: ` ${item.title} `, dueDate: null });
      expect(held.item.status.name).toBe('On Hold');
      const { response, item: closed } = await words.respond(ada, item.id, { itemPatch: { statusName: 'Won' } });
      expect([response.status.name, closed.status.name]).toEqual(['Won', 'Won']);
      const { results } = await words.batch(ada, { ids: [item.id], patch: { statusName: 'Open' } });
      expect(results[0]).toMatchObject({ outcome: 'UPDATED', item: { status: { name: 'Open' } } });
    });

    test('Closed: it can be changed and reopened, but its title not taken away', async () => {
      const { ada } = office;
      const { item, words } = await incomplete('Closed', 'Site Instruction');
      expect((await words.update(ada, item.id, { unit: 'm' })).item.unit).toBe('m');
      expect(faultsOf(await words.update(ada, item.id, { title: null }))).toEqual(['REQUIRED patch.title']);
      expect((await words.update(ada, item.id, { statusName: 'Open', unit: 'km' })).item.status.name).toBe('Open');
    });
  });

  test('hidden responses are no new responses, and old ones stay', async () => {
    const { ada } = office;
    const tool = await office.secondTool('General Correspondence');
    const { words } = tool;
    const item = await words.item(ada, { statusName: 'Open' });
    await words.respond(ada, item.id, { notes: 'Before' });
    await words.rule(tool, { RESPONSES: 'hidden' });
    const before = await words.trace();
    expect(faultsOf(await words.respond(ada, item.id, { itemPatch: { title: 'x' } }))).toEqual(['INVALID itemId']);
    expect(await words.trace()).toBe(before);
    const document = 'query ($id: ID!) { item(id: $id) { viewerCanRespond responses { nodes { notes } } } }';
    expect((await office.get(ada, document, { id: item.id })).item).toEqual({
      viewerCanRespond: false,
      responses: { nodes: [{ notes: 'Before' }] },
    });
  });
});
