import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nothing, type Payload } from '../kit/office.ts';
import type { Person } from '../kit/world.ts';
import { createSecret, type Secret } from './secret.ts';

let office: Secret;
beforeAll(async () => {
  office = await createSecret();
});
afterAll(() => office[Symbol.asyncDispose]());

describe('mutations', () => {
  /** What somebody gets for an id, with the id itself taken out. */
  const answer = async (who: Person, mutation: string, inputOf: (id: string) => object, id: string) => {
    const shown = mutation === 'batchUpdateItems' ? RESULTS : '__typename';
    const payload = await office.tell(who, mutation, inputOf(id), shown);
    return JSON.stringify(payload).replaceAll(id, '<id>');
  };
  const RESULTS = 'updatedCount results { id outcome item { id } userErrors { code message path } }';
  const long = 'x'.repeat(300);
  const attempts: [string, string, (id: string) => object][] = [
    ['a change', 'updateItem', (id) => ({ id, patch: { title: 'New' } })],
    ['the right version', 'updateItem', (id) => ({ id, patch: { title: 'New' }, expectedVersion: 2 })],
    ['a wrong version', 'updateItem', (id) => ({ id, patch: { title: 'New' }, expectedVersion: 77 })],
    ['no change', 'updateItem', (id) => ({ id, patch: {} })],
    ['a bad change', 'updateItem', (id) => ({ id, patch: { title: long, statusName: 'None', assigneeIds: ['x'] } })],
    ['a status back', 'updateItem', (id) => ({ id, patch: { statusName: 'Draft' } })],
    ['a batch', 'batchUpdateItems', (id) => ({ ids: [id], patch: { title: 'New' } })],
    ['a dry run', 'batchUpdateItems', (id) => ({ ids: [id], patch: { title: 'New' }, dryRun: true })],
    ['a batch with a version', 'batchUpdateItems', (id) => ({ updates: [{ id, patch: {}, expectedVersion: 1 }] })],
    ['a response', 'createResponse', (id) => ({ itemId: id, notes: 'Yes.' })],
    ['an empty response', 'createResponse', (id) => ({ itemId: id, notes: '', expectedVersion: 1 })],
    ['a response with a change', 'createResponse', (id) => ({ itemId: id, notes: 'Yes.', itemPatch: { title: long } })],
    ['archiving', 'archiveItems', (id) => ({ ids: [id] })],
    ['restoring', 'restoreItems', (id) => ({ ids: [id] })],
  ];
  test.each(
    attempts,
  )('%s is answered to the letter as for an id that never existed', async (_what, mutation, inputOf) => {
    const before = await office.trace();
    for (const who of [office.rae, office.ben, office.nan, office.out]) {
      const answered = await answer(who, mutation, inputOf, office.hidden.id);
      expect(answered).toBe(await answer(who, mutation, inputOf, nothing('Item')));
      expect(answered).toContain('NOT_FOUND');
    }
    expect(await office.trace()).toBe(before);
  });

  test('so is switching a response to it', async () => {
    const inputOf = (id: string) => ({ id, official: false });
    const answered = await answer(office.ben, 'updateResponse', inputOf, office.hidden.response);
    expect(answered).toBe(await answer(office.ben, 'updateResponse', inputOf, nothing('Response')));
    expect(answered).toContain('NOT_FOUND');
  });

  test('in a batch with others it fails alone, and shows nothing', async () => {
    const mine = await office.item(office.ben, { title: 'Mine' });
    const { results } = await office.batch(office.ben, {
      ids: [office.hidden.id, mine.id],
      patch: { unit: 'm' },
      completionMode: 'EACH_ON_ITS_OWN',
    });
    expect(results).toMatchObject([
      { id: office.hidden.id, outcome: 'FAILED', item: null, userErrors: [{ code: 'NOT_FOUND' }] },
      { id: mine.id, outcome: 'UPDATED', item: { id: mine.id }, userErrors: [] },
    ]);
    await office.sql`update items set archived_at = now() where title = 'Mine'`.execute(office.db);
  });
});

describe('whoever gives away their own sight', () => {
  /** Ada is ADMIN of a tool whose private items ADMINs do not see; Hal makes one that is not private yet. */
  async function openClaim(): Promise<string> {
    const { id } = await claims.words.item(office.hal, { statusName: 'Open' });
    return id;
  }
  let claims: Awaited<ReturnType<Secret['secondTool']>>;
  beforeAll(async () => {
    claims = await office.secondTool('Claims', { adminsSeePrivateItems: false });
    await office.grant(office.hal, office.tower, claims, 'STANDARD');
  });
  const hide = { private: true };
  const SHOWN = 'item { id title } userErrors { code }';
  const deeds: [string, (id: string) => object][] = [
    ['updateItem', (id) => ({ id, patch: hide })],
    ['batchUpdateItems', (id) => ({ ids: [id], patch: hide })],
    ['createResponse', (id) => ({ itemId: id, notes: 'Yes.', itemPatch: hide })],
  ];

  test.each(
    deeds,
  )('by %s is told that it was done, and no more, also when the call is repeated', async (mutation, inputOf) => {
    const id = await openClaim();
    const input = { ...inputOf(id), idempotencyKey: `hide ${id}` };
    const shown = { batchUpdateItems: `results { outcome ${SHOWN} }`, createResponse: 'response { id } item { id }' }[
      mutation
    ];
    const payload = await office.tell(office.ada, mutation, input, shown ?? 'item { id }');
    const nobody = { updateItem: { item: null }, createResponse: { response: null, item: null } }[mutation];
    expect(payload).toEqual({
      userErrors: [],
      ...(nobody ?? { results: [{ outcome: 'UPDATED', item: null, userErrors: [] }] }),
    });
    expect(await office.tell(office.ada, mutation, input, shown ?? 'item { id }')).toEqual(payload);
    const { item, node } = await office.get(
      office.ada,
      'query ($id: ID!) { item(id: $id) { id } node(id: $id) { id } }',
      { id },
    );
    expect([item, node, (await office.read(office.hal, id)).private]).toEqual([null, null, true]);
  });

  test('by a dry run is shown nothing, as then there would be nothing to see', async () => {
    const id = await openClaim();
    const input = { ids: [id], patch: hide, dryRun: true };
    const { results } = await office.tell(office.ada, 'batchUpdateItems', input, `results { outcome ${SHOWN} }`);
    expect(results).toEqual([{ outcome: 'UPDATED', item: null, userErrors: [] }]);
    expect((await office.read(office.ada, id)).private).toBe(false);
  });

  test('cannot take it back, nor answer or archive it', async () => {
    const id = await openClaim();
    await office.update(office.ada, id, hide);
    const { ada } = office;
    const payloads = [
      await office.update(ada, id, { private: false }),
      await office.respond(ada, id),
      await office.archive(ada, id),
    ];
    expect(payloads.flatMap(({ userErrors }) => userErrors.map(({ code }: Payload) => code))).toEqual(
      Array(3).fill('NOT_FOUND'),
    );
  });
});

test('a number that a hidden item has is TAKEN: known and accepted, and all that is told', async () => {
  const { position } = office.hidden;
  const { item, userErrors } = await office.create(office.ben, { position });
  const message = `Another item has the number "${position}" already.`;
  expect([item, userErrors]).toEqual([null, [{ code: 'TAKEN', path: ['item', 'position'], message }]]);
});
