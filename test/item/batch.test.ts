import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOffice, faultsOf, nothing, type Office, type Payload } from '../kit/office.ts';
import { putItems } from '../kit/putItems.ts';

describe('batchUpdateItems', () => {
  let office: Office;
  beforeAll(async () => {
    office = await createOffice();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const ALONE = { completionMode: 'EACH_ON_ITS_OWN' };
  const outcomesOf = ({ results }: Payload): string[] => results.map(({ outcome }: Payload) => outcome);
  const several = (count: number, more: object = {}): Promise<Payload[]> =>
    Promise.all(Array.from({ length: count }, () => office.item(office.ada, more)));
  const idsOf = (items: Payload[]): string[] => items.map(({ id }) => id);
  const refusals = async (input: object) => {
    const before = await office.trace();
    const payload = await office.batch(office.ada, input);
    expect([payload.results, payload.updatedCount]).toEqual([[], 0]);
    expect(await office.trace()).toBe(before);
    return faultsOf(payload);
  };

  test('one patch for all, in the order of the request', async () => {
    const { ada } = office;
    const items = (await several(4)).toReversed();
    const payload = await office.batch(ada, { ids: idsOf(items), patch: { statusName: 'Open', title: 'Together' } });
    expect(payload).toMatchObject({ updatedCount: 4, userErrors: [] });
    expect(payload.results).toEqual(
      items.map(({ id, number }) => ({
        id,
        outcome: 'UPDATED',
        item: { id, number, title: 'Together', version: 2, status: { name: 'Open' } },
        userErrors: [],
      })),
    );
  });

  test('a patch for each, and UNCHANGED where it says what already is', async () => {
    const { ada } = office;
    const [one, two, three] = await several(3);
    const payload = await office.batch(ada, {
      updates: [
        { id: three.id, patch: { title: 'Three' } },
        { id: one.id, patch: { title: one.title } },
        { id: two.id, patch: { title: 'Two' }, expectedVersion: 1 },
      ],
    });
    expect(payload.updatedCount).toBe(2);
    expect(payload.results.map(({ outcome, item }: Payload) => [outcome, item.title, item.version])).toEqual([
      ['UPDATED', 'Three', 2],
      ['UNCHANGED', one.title, 1],
      ['UPDATED', 'Two', 2],
    ]);
    expect(await office.read(ada, one.id)).toEqual(one);
    expect(await office.events(one)).toHaveLength(1);
  });

  test('takes exactly one of its two forms', async () => {
    const { id } = await office.item(office.ada);
    const updates = [{ id, patch: { title: 'x' } }];
    const patch = { title: 'x' };
    for (const input of [
      {},
      { ids: [id] },
      { patch },
      { updates, ids: [id] },
      { updates, patch },
      { updates, ids: [], patch },
    ])
      expect(await refusals(input)).toEqual([expect.stringMatching(/^INVALID (updates|ids|patch)$/)]);
    for (const input of [{ updates: [] }, { ids: [], patch }, { updates: [], ids: null, patch: null }])
      expect(await refusals(input)).toEqual([]);
  });

  test('takes 500 items and not 501, none of them twice', async () => {
    const ids = Array.from({ length: 501 }, (_, n) => `item ${n}`);
    expect(await refusals({ ids, patch: {} })).toEqual(['TOO_MANY ids']);
    expect(await refusals({ updates: ids.map((id) => ({ id, patch: {} })) })).toEqual(['TOO_MANY updates']);
    const { id } = await office.item(office.ada);
    expect(await refusals({ ids: [id, 'x', id, id], patch: {} })).toEqual(['INVALID ids.2', 'INVALID ids.3']);
    const update = { id, patch: {} };
    expect(await refusals({ updates: [update, update], ...ALONE })).toEqual(['INVALID updates.1.id']);
  });

  test('what is one item’s own cannot be said of several', async () => {
    const { ada } = office;
    const items = await several(2);
    expect(
      await refusals({ ids: idsOf(items), patch: { position: 'p', externalId: null, title: 'x' }, ...ALONE }),
    ).toEqual(['INVALID patch.externalId', 'INVALID patch.position']);
    const one = await office.batch(ada, { ids: [items[0].id], patch: { position: 'alone', externalId: 'alone' } });
    expect(one.results[0].item.number).toBe('DR-alone');
  });

  test('one failure, and nothing changes: that one is FAILED, all others SKIPPED', async () => {
    const { ada, ben } = office;
    const [good, bad, same, closed] = await several(4, { statusName: 'Open' });
    const updates = [
      { id: good.id, patch: { title: 'New', assigneeIds: [ben.gid] } },
      { id: nothing('Item'), patch: {} },
      { id: bad.id, patch: { statusId: nothing('GenericToolStatus'), unit: 'u'.repeat(51) } },
      { id: same.id, patch: {} },
      { id: closed.id, patch: { statusName: 'Closed' } },
    ];
    const before = await office.trace();
    const payload = await office.batch(ada, { updates, idempotencyKey: 'undone' });
    expect(await office.trace()).toBe(before);
    expect(payload).toMatchObject({ updatedCount: 0, userErrors: [] });
    expect(outcomesOf(payload)).toEqual(['SKIPPED', 'FAILED', 'FAILED', 'SKIPPED', 'SKIPPED']);
    expect(payload.results.map(faultsOf)).toEqual([
      ['SKIPPED updates.0.id'],
      ['NOT_FOUND updates.1.id'],
      ['TOO_LONG updates.2.patch.unit', 'NOT_FOUND updates.2.patch.statusId'],
      ['SKIPPED updates.3.id'],
      ['SKIPPED updates.4.id'],
    ]);
    expect(payload.results.map(({ item }: Payload) => item)).toEqual(Array(5).fill(null));
    const shared = await office.batch(ada, { ids: [good.id, 'x'], patch: { title: null } });
    expect(shared.results.map(faultsOf)).toEqual([['REQUIRED patch.title'], ['NOT_FOUND ids.1']]);
  });

  test('each on its own: what can be updated is', async () => {
    const { ben, ada } = office;
    const his = await office.item(ben, { statusName: 'Open' });
    const hers = await office.item(ada, { statusName: 'Open' });
    const unseen = await office.item(ada);
    const input = { ids: [hers.id, his.id, unseen.id], patch: { title: 'New' }, ...ALONE };
    const payload = await office.batch(ben, input);
    expect(outcomesOf(payload)).toEqual(['FAILED', 'UPDATED', 'FAILED']);
    expect(payload.results.map(faultsOf)).toEqual([['FORBIDDEN ids.0'], [], ['NOT_FOUND ids.2']]);
    expect(payload.updatedCount).toBe(1);
    expect(await office.read(ada, hers.id)).toEqual(hers);
  });

  test('over tools and projects, with the status of that name in each', async () => {
    const { ada } = office;
    const annex = await office.project('Annex');
    const letters = await office.secondTool('Letters', {}, annex);
    const odd = await office.secondTool('Odd');
    await office.sql`update generic_tool_statuses set name = 'Ajar' where id = ${odd.statuses.Open!.id}`.execute(
      office.db,
    );
    const items = [await office.item(ada), await letters.words.item(ada), await odd.words.item(ada)];
    const input = { ids: idsOf(items), patch: { statusName: 'open' } };
    const refused = await office.batch(ada, input);
    expect(outcomesOf(refused)).toEqual(['SKIPPED', 'SKIPPED', 'FAILED']);
    expect(faultsOf(refused.results[2])).toEqual(['NOT_FOUND patch.statusName']);
    const done = await office.batch(ada, { ...input, ...ALONE }, 'genericTool { title } status { id name }');
    expect(done.results.map(({ item }: Payload) => item)).toEqual([
      { genericTool: { title: 'Design Review' }, status: { id: office.review.statuses.Open!.gid, name: 'Open' } },
      { genericTool: { title: 'Letters' }, status: { id: letters.statuses.Open!.gid, name: 'Open' } },
      null,
    ]);
  });

  test('people are chosen by the rights in each item’s own tool and project', async () => {
    const { ada, ben, rae } = office;
    const annex = await office.project('Shed');
    const tool = await office.secondTool('Shed letters', {}, annex);
    await office.grant(rae, annex, tool, 'NONE');
    const items = [await office.item(ada), await tool.words.item(ada)];
    const input = { ids: idsOf(items), patch: { assigneeIds: [ben.gid, rae.gid] }, ...ALONE };
    const { results } = await office.batch(ada, input);
    expect(results.map(faultsOf)).toEqual([[], ['NOT_SELECTABLE patch.assigneeIds.1']]);
  });

  describe('uniqueness is judged on the final state', () => {
    const move = (item: Payload, patch: object) => ({ id: item.id, patch });
    const numbers = ({ results }: Payload): string[] => results.map(({ item }: Payload) => item?.number);

    test('two numbers are swapped, three go round, external ids too', async () => {
      const { ada } = office;
      const [a, b, c] = [
        await office.item(ada, { position: 'a', externalId: 'xa' }),
        await office.item(ada, { position: 'b', externalId: 'xb' }),
        await office.item(ada, { position: 'c' }),
      ];
      expect(
        numbers(await office.batch(ada, { updates: [move(a, { position: 'B' }), move(b, { position: 'a' })] })),
      ).toEqual(['DR-B', 'DR-a']);
      const round = [move(a, { position: 'c' }), move(b, { position: 'b' }), move(c, { position: 'a' })];
      expect(numbers(await office.batch(ada, { updates: round, ...ALONE }))).toEqual(['DR-c', 'DR-b', 'DR-a']);
      const ids = [move(a, { externalId: null }), move(b, { externalId: 'xa' }), move(c, { externalId: 'xb' })];
      expect(
        (await office.batch(ada, { updates: ids }, 'externalId')).results.map(({ item }: Payload) => item.externalId),
      ).toEqual([null, 'xa', 'xb']);
    });

    test('each on its own: who is refused keeps its number, and so does whoever wanted it', async () => {
      const { ada } = office;
      const [a, b, c, d] = await several(4);
      const input = {
        updates: [
          move(a, { position: b.position }),
          move(b, { position: c.position }),
          move(c, { position: a.position, unit: 'u'.repeat(51) }),
          move(d, { position: 'free again' }),
        ],
        ...ALONE,
      };
      const payload = await office.batch(ada, input);
      expect(payload.results.map(faultsOf)).toEqual([
        ['TAKEN updates.0.patch.position'],
        ['TAKEN updates.1.patch.position'],
        // it could have had it, had the first one left
        expect.arrayContaining(['TOO_LONG updates.2.patch.unit']),
        [],
      ]);
    });

    test('each on its own: refused for its external id, it keeps its number too', async () => {
      const { ada } = office;
      await office.item(ada, { externalId: 'gone' });
      const [a, b] = await several(2);
      const updates = [move(a, { position: b.position }), move(b, { position: a.position, externalId: 'gone' })];
      const payload = await office.batch(ada, { updates, ...ALONE });
      expect(payload.results.map(faultsOf)).toEqual([
        ['TAKEN updates.0.patch.position'],
        expect.arrayContaining(['TAKEN updates.1.patch.externalId']),
      ]);
      expect([await office.read(ada, a.id), await office.read(ada, b.id)]).toEqual([a, b]);
    });

    test('all or nothing: whose number would be free if all went well is not at fault', async () => {
      const { ada, ben } = office;
      const [a, b] = await several(2, { statusName: 'Open' });
      const his = await office.item(ben, { statusName: 'Open' });
      const failing = [move(a, { position: b.position }), move(b, { position: a.position, title: null })];
      expect(outcomesOf(await office.batch(ada, { updates: failing }))).toEqual(['SKIPPED', 'FAILED']);
      const forbidden = [move(his, { position: a.position }), move(a, { position: his.position })];
      expect(outcomesOf(await office.batch(ben, { updates: forbidden }))).toEqual(['SKIPPED', 'FAILED']);
    });

    test('two that want one number: the first gets it', async () => {
      const { ada } = office;
      const [a, b, c] = await several(3);
      const updates = [move(a, { position: 'one' }), move(b, { position: 'ONE' }), move(c, { position: 'two' })];
      expect(outcomesOf(await office.batch(ada, { updates }))).toEqual(['SKIPPED', 'FAILED', 'SKIPPED']);
      const payload = await office.batch(ada, { updates, ...ALONE });
      expect(payload.results.map(faultsOf)).toEqual([[], ['TAKEN updates.1.patch.position'], []]);
      // whoever was there first is refused for something else: the number is free for the second
      const next = [
        move(a, { position: 'four', externalId: 'five' }),
        move(b, { position: 'four' }),
        move(c, { externalId: 'five', unit: 'm' }),
      ];
      expect(outcomesOf(await office.batch(ada, { updates: next.toReversed(), ...ALONE }))).toEqual([
        'UPDATED',
        'UPDATED',
        'FAILED',
      ]);
    });

    test('the same number in another tool or project is another number', async () => {
      const { ada } = office;
      const tool = await office.secondTool('Bulletin');
      const items = [await office.item(ada), await tool.words.item(ada)];
      const updates = items.map((item) => move(item, { position: 'same' }));
      expect(outcomesOf(await office.batch(ada, { updates }))).toEqual(['UPDATED', 'UPDATED']);
    });
  });

  describe('a dry run', () => {
    test('answers what the run would, with the items as they would be, and writes nothing', async () => {
      const { ada, ben } = office;
      const [a, b] = await several(2, { statusName: 'Open' });
      const updates = [
        { id: a.id, patch: { title: 'New', position: b.position, assigneeIds: [ben.gid], statusName: 'Won' } },
        { id: b.id, patch: { position: a.position } },
        { id: nothing('Item'), patch: {} },
      ];
      const shown = 'id number title version status { name } closedAt assignees { name } isOverdue viewerCanEdit';
      const masked = (payload: Payload) =>
        JSON.stringify(payload).replaceAll(/"closedAt":"[^"]*"/g, '"closedAt":"then"');
      for (const mode of ['ALL_OR_NOTHING', 'EACH_ON_ITS_OWN']) {
        const input = { updates, completionMode: mode };
        const before = await office.trace();
        const preview = await office.batch(ada, { ...input, dryRun: true }, shown);
        expect(await office.trace()).toBe(before);
        const real = await office.batch(ada, input, shown);
        expect(masked(preview)).toBe(masked(real));
        expect(preview.updatedCount).toBe(mode === 'ALL_OR_NOTHING' ? 0 : 2);
      }
    });

    test('shows no item that one would no longer see', async () => {
      const { ben, ada } = office;
      const tool = await office.secondTool('Super private', { adminsSeePrivateItems: false });
      const { id } = await tool.words.item(ben, { statusName: 'Open' });
      const input = { ids: [id], patch: { private: true } };
      const preview = await office.batch(ada, { ...input, dryRun: true });
      expect(preview).toEqual({
        updatedCount: 1,
        results: [{ id, outcome: 'UPDATED', item: null, userErrors: [] }],
        userErrors: [],
      });
      expect((await tool.words.read(ada, id)).private).toBe(false);
      expect(await office.batch(ada, input)).toEqual(preview);
    });
  });

  test('a long text, or a long list, for 500 items is read once', async () => {
    const { ada } = office;
    const tool = await office.secondTool('Notice to Proceed');
    const items = await putItems(
      office,
      Array.from({ length: 500 }, () => ({ project: office.tower, tool, by: ada, status: 'Open' })),
    );
    // 60 ms to make it safe: 30 s if that were done for each
    const description = 'plain words and <b>some</b> markup. '.repeat(2_700);
    const input = { ids: items.map(({ gid }) => gid), patch: { description, title: null } };
    const started = performance.now();
    expect(new Set(outcomesOf(await office.batch(ada, input, 'id')))).toEqual(new Set(['FAILED']));
    const crowd = Array.from({ length: 10_000 }, () => ada.gid);
    const crowded = await office.batch(ada, { ...input, patch: { assigneeIds: crowd } }, 'id');
    expect(new Set(crowded.results.flatMap(faultsOf))).toEqual(new Set(['TOO_MANY patch.assigneeIds']));
    expect(performance.now() - started).toBeLessThan(5_000);
    const unclean = { ...input, patch: { description: 'a&#7;b' } };
    const { results } = await office.batch(ada, unclean, 'id');
    expect(new Set(results.flatMap(faultsOf))).toEqual(new Set(['INVALID patch.description']));
  });

  test('takes as many statements for 500 items as for 100 or 2, and stays within the cost', async () => {
    const { ada, ben, rae } = office;
    const tool = await office.secondTool('Change Request');
    const items = await putItems(
      office,
      Array.from({ length: 500 }, () => ({ project: office.tower, tool, by: ada })),
    );
    const document = `mutation ($input: BatchUpdateItemsInput!) { batchUpdateItems(input: $input) {
      updatedCount results { id outcome item { id version status { name } assignees { name } } userErrors { code message path } } userErrors { code }
    } }`;
    const run = async (count: number, change: (n: number) => object) => {
      const updates = items.slice(0, count).map(({ gid }, n) => ({ id: gid, patch: change(n) }));
      const statements = await office.statementsOf(ada, document, { input: { updates } });
      const { data, extensions } = await office.ask(ada, document, { input: { updates, dryRun: true } });
      expect(data.batchUpdateItems.results).toHaveLength(count);
      expect(extensions.cost.requested).toBeLessThan(10_000);
      return statements;
    };
    const everything = (n: number) => ({
      title: `Title ${n}`,
      position: `p-${n}`,
      externalId: `x-${n}`,
      private: true,
      assigneeIds: n % 2 ? [ben.gid] : [rae.gid, ben.gid],
    });
    const first = await run(2, everything);
    expect(await run(100, everything)).toBe(first);
    expect(await run(500, everything)).toBe(first);
    const second = await run(2, () => ({ statusName: 'Open' }));
    expect(await run(500, () => ({ statusName: 'Open' }))).toBe(second);
    expect(second).toBeLessThan(first);
  });
});
