import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOffice, faultsOf, type Office, type Payload } from '../kit/office.ts';

describe('several people at once', () => {
  let office: Office;
  beforeAll(async () => {
    office = await createOffice();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const times = <T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, n) => work(n)));

  test('20 updates with one expectedVersion: one wins, 19 are told the version that there is now', async () => {
    const { ada } = office;
    const { id } = await office.item(ada);
    const answers = await times(20, (n) => office.update(ada, id, { title: `Title ${n}` }, { expectedVersion: 1 }));
    const winners = answers.filter(({ item }) => item);
    const losers = answers.filter(({ item }) => !item);
    expect([winners.length, losers.length]).toEqual([1, 19]);
    expect(new Set(losers.flatMap(faultsOf))).toEqual(new Set(['CONFLICT expectedVersion']));
    for (const { userErrors } of losers) expect(userErrors[0].message).toContain('is at version 2, not 1');
    expect(await office.read(ada, id)).toEqual(winners[0].item);
    expect(await office.history(ada, id)).toEqual([`title: Broken lintel > ${winners[0].item.title}`]);
  });

  test('20 updates that expect nothing: all are done, one after the other', async () => {
    const { ada } = office;
    const { id } = await office.item(ada);
    const answers = await times(20, (n) => office.update(ada, id, { title: `Title ${n}` }));
    expect(answers.flatMap(faultsOf)).toEqual([]);
    const history = await office.history(ada, id);
    expect(history).toHaveLength(20);
    // each change starts where the one before it ended
    let title = 'Broken lintel';
    for (const change of history) {
      expect(change).toContain(`title: ${title} > `);
      title = change.split(' > ')[1]!;
    }
    expect(await office.read(ada, id)).toMatchObject({ title, version: 21 });
    const versions = (await office.events({ id })).map(({ payload }: Payload) => payload.version);
    expect(versions).toEqual(Array.from({ length: 21 }, (_, n) => n + 1));
  });

  test('an expected version is the present one or a CONFLICT, even where nothing would change', async () => {
    const { ada, ben } = office;
    const item = await office.item(ada, { statusName: 'Open' });
    for (const expectedVersion of [0, 2, -1, 2_147_483_647]) {
      expect(faultsOf(await office.update(ada, item.id, {}, { expectedVersion }))).toEqual([
        'CONFLICT expectedVersion',
      ]);
      expect(faultsOf(await office.respond(ada, item.id, { expectedVersion }))).toEqual(['CONFLICT expectedVersion']);
    }
    expect(faultsOf(await office.update(ben, item.id, {}, { expectedVersion: 7 }))).toEqual(['FORBIDDEN id']);
    const { results } = await office.batch(ada, {
      updates: [
        { id: item.id, patch: { title: 'x' }, expectedVersion: 9 },
        { id: (await office.item(ada)).id, patch: { title: 'x' }, expectedVersion: 1 },
      ],
    });
    expect(results.map(faultsOf)).toEqual([['CONFLICT updates.0.expectedVersion'], ['SKIPPED updates.1.id']]);
    expect((await office.update(ada, item.id, { title: 'x' }, { expectedVersion: 1 })).item.version).toBe(2);
    expect((await office.update(ada, item.id, { title: 'y' }, { expectedVersion: null })).item.version).toBe(3);
    expect((await office.respond(ada, item.id, { expectedVersion: 3 })).response.position).toBe(1);
  });

  test('batches over the same items in opposite order do not hold each other up', async () => {
    const { ada } = office;
    const ids: string[] = (await times(20, () => office.item(ada))).map(({ id }) => id);
    const answers = await times(12, (n) =>
      office.batch(ada, { ids: n % 2 ? ids : ids.toReversed(), patch: { title: `Title ${n}` } }, 'version'),
    );
    expect(answers.map(({ updatedCount }) => updatedCount)).toEqual(Array(12).fill(20));
    expect((await Promise.all(ids.map((id) => office.read(ada, id)))).map(({ version }) => version)).toEqual(
      Array(20).fill(13),
    );
  });

  test('batches that swap the same numbers at once leave each number once', async () => {
    const { ada } = office;
    const { words } = await office.secondTool('Swaps');
    const [a, b, c] = await times(3, () => words.item(ada));
    const turn = (...order: Payload[]) => ({
      updates: [a, b, c].map(({ id }, n) => ({ id, patch: { position: order[n].position } })),
    });
    const answers = await times(12, (n) => words.batch(ada, n % 2 ? turn(b, c, a) : turn(c, a, b), 'position'));
    expect(answers.flatMap(({ results }) => results.flatMap(faultsOf))).toEqual([]);
    const now = await times(3, (n) => words.read(ada, [a, b, c][n].id));
    expect(now.map(({ position }) => position).toSorted()).toEqual(['001', '002', '003']);
  });

  test('whoever loses in a deadlock tries again, and the client hears nothing of it', async () => {
    const { ada } = office;
    const [first, second] = [await office.item(ada), await office.item(ada)];
    const lock = 'select 1 from items where number = $1 for update';
    await using intruder = await office.intruder();
    // the gateway's session looks for deadlocks after a second, this one long after: the gateway's is ended
    await intruder.run(`set deadlock_timeout = '1min'`);
    await intruder.run('begin');
    await intruder.run(lock, [second.number]);
    const answer = office.batch(ada, { ids: [first.id, second.id], patch: { title: 'Both' } });
    await office.blocked();
    await intruder.run(lock, [first.number]);
    await intruder.run('commit');
    expect(await answer).toMatchObject({ updatedCount: 2, userErrors: [] });
  });
});
