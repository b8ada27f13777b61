import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { once, WAIT_MS } from '../../src/database/idempotency.ts';
import { viewerOf } from '../../src/directory/viewer.ts';
import { createOffice, faultsOf, type Office, type Payload } from '../kit/office.ts';

describe('an idempotency key', () => {
  let office: Office;
  beforeAll(async () => {
    office = await createOffice();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const keys = async (): Promise<string[]> =>
    (await office.db.selectFrom('idempotency_keys').select('key').orderBy('key').execute()).map(({ key }) => key);
  const together = (count: number, work: () => Promise<Payload>): Promise<Payload[]> =>
    Promise.all(Array.from({ length: count }, work));

  test('20 times at once makes one item, and 20 equal answers', async () => {
    const { ada } = office;
    const tool = await office.secondTool('Bulletin');
    const answers = await together(20, () =>
      tool.words.create(ada, { title: 'Once', statusName: 'Open' }, { idempotencyKey: 'at once' }),
    );
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0].item).toMatchObject({ position: '001', version: 1 });
    expect(await tool.words.events(answers[0].item)).toHaveLength(2);
    expect((await tool.words.create(ada, {})).item.position).toBe('002');
  });

  test('20 times at once changes, batches and responds once', async () => {
    const { ada } = office;
    const { id } = await office.item(ada, { statusName: 'Open' });
    const key = { idempotencyKey: 'once' };
    const updates = await together(20, () => office.update(ada, id, { title: 'One' }, key));
    for (const answer of updates) expect(answer).toEqual(updates[0]);
    const batches = await together(20, () => office.batch(ada, { ids: [id], patch: { title: 'Two' }, ...key }));
    for (const answer of batches) expect(answer).toEqual(batches[0]);
    const answers = await together(20, () => office.respond(ada, id, { itemPatch: { title: 'Three' }, ...key }));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ response: { position: 1 }, item: { title: 'Three', version: 4 } });
  });

  test('a repeat shows the objects as they are now, and with another input it is INVALID', async () => {
    const { ada } = office;
    const key = { idempotencyKey: 'repeated' };
    const { item } = await office.create(ada, { title: 'First' }, key);
    await office.update(ada, item.id, { title: 'Since then' });
    const before = await office.trace();
    expect((await office.create(ada, { title: 'First' }, key)).item).toMatchObject({
      id: item.id,
      title: 'Since then',
    });
    expect(faultsOf(await office.create(ada, { title: 'Other' }, key))).toEqual(['INVALID idempotencyKey']);
    expect(faultsOf(await office.create(ada, { title: 'First', unit: null }, key))).toEqual(['INVALID idempotencyKey']);
    expect(await office.trace()).toBe(before);
  });

  test('the order of fields, defaults, and how the input came, do not matter', async () => {
    const { ada } = office;
    const { id } = await office.item(ada, { statusName: 'Open' });
    const first = await office.respond(ada, id, { idempotencyKey: 'same', itemPatch: { title: 'A', unit: 'm' } });
    const literal = `mutation { createResponse(input: {
      itemPatch: { unit: "m", title: "A" }, official: false, idempotencyKey: " same ", notes: "Seen.", itemId: "${id}"
    }) { response { id } } }`;
    expect((await office.get(ada, literal)).createResponse.response.id).toBe(first.response.id);
    const batch = { ids: [id], patch: { title: 'B' }, idempotencyKey: 'same' };
    expect((await office.batch(ada, batch)).updatedCount).toBe(1);
    const spelled = { dryRun: false, completionMode: 'ALL_OR_NOTHING', ...batch };
    expect((await office.batch(ada, spelled)).updatedCount).toBe(1);
  });

  test('belongs to one person and one mutation', async () => {
    const { ada, ben } = office;
    const key = { idempotencyKey: 'shared' };
    const [hers, his] = [await office.create(ada, {}, key), await office.create(ben, {}, key)];
    expect(hers.item.id).not.toBe(his.item.id);
    expect((await office.update(ada, his.item.id, { title: 'x' }, key)).item.version).toBe(2);
  });

  test('is not kept by what wrote nothing: errors, nothing to do, a dry run, our own fault', async () => {
    const { ada, ben } = office;
    const { id } = await office.item(ada, { title: 'A', statusName: 'Open' });
    const known = await keys();
    const key = { idempotencyKey: 'nothing' };
    expect(faultsOf(await office.create(ada, { statusName: 'Open' }, key))).toEqual(['REQUIRED item.title']);
    expect(faultsOf(await office.update(ben, id, { title: 'x' }, key))).toEqual(['FORBIDDEN id']);
    expect((await office.update(ada, id, { title: 'A' }, key)).item.version).toBe(1);
    expect((await office.batch(ada, { ids: [id], patch: { title: 'B' }, dryRun: true, ...key })).updatedCount).toBe(1);
    expect((await office.batch(ada, { ids: [id], patch: { title: 'A' }, ...key })).updatedCount).toBe(0);
    expect((await office.batch(ada, { ids: [id], patch: { title: ' ' }, ...key })).updatedCount).toBe(0);
    expect(faultsOf(await office.respond(ada, id, { notes: '', ...key }))).toEqual(['REQUIRED notes']);
    expect(await keys()).toEqual(known);
    await office.sql`alter table events add constraint no_more check (created_at is null) not valid`.execute(office.db);
    await expect(office.create(ada, {}, key)).rejects.toThrow('INTERNAL_SERVER_ERROR');
    await office.sql`alter table events drop constraint no_more`.execute(office.db);
    expect(await keys()).toEqual(known);
    expect((await office.create(ada, { title: 'Corrected' }, key)).item.title).toBe('Corrected');
  });

  test('a batch of which something was written is answered with all its outcomes', async () => {
    const { ada } = office;
    const [first, second] = [await office.item(ada), await office.item(ada)];
    const input = {
      updates: [
        { id: first.id, patch: { title: 'One' } },
        { id: second.id, patch: { unit: 'x'.repeat(51) } },
        { id: 'nothing', patch: {} },
      ],
      completionMode: 'EACH_ON_ITS_OWN',
      idempotencyKey: 'outcomes',
    };
    const answer = await office.batch(ada, input);
    expect(answer.results.map(({ outcome }: Payload) => outcome)).toEqual(['UPDATED', 'FAILED', 'FAILED']);
    const before = await office.trace();
    expect(await office.batch(ada, input)).toEqual(answer);
    expect(await office.trace()).toBe(before);
  });

  test('is known for 24 hours; after that the same call is a new one, and old keys are swept away', async () => {
    const { ada, clock } = office;
    const key = { idempotencyKey: 'yesterday' };
    const { item } = await office.create(ada, { title: 'A' }, key);
    clock.advance(24 * 3_600_000 - 10_000);
    expect((await office.create(ada, { title: 'A' }, key)).item.id).toBe(item.id);
    clock.advance(10_000);
    const { item: other } = await office.create(ada, { title: 'B' }, key);
    expect(other.id).not.toBe(item.id);
    expect((await office.create(ada, { title: 'B' }, key)).item.id).toBe(other.id);
    await office.create(ada, {}, { idempotencyKey: 'today' });
    expect((await keys()).length).toBeLessThan(5);
  });

  test('repeated after sight was lost answers without the item', async () => {
    const { ben, tower, review } = office;
    const key = { idempotencyKey: 'lost' };
    const { item } = await office.create(ben, { title: 'Mine' }, key);
    await office.grant(ben, tower, review, 'NONE');
    expect(await office.create(ben, { title: 'Mine' }, key)).toEqual({ item: null, userErrors: [] });
    await office.grant(ben, tower, review, 'STANDARD');
    expect((await office.create(ben, { title: 'Mine' }, key)).item.id).toBe(item.id);
  });

  test('the second call waits for the first, and gets CONFLICT when that takes too long', async () => {
    const { ada } = office;
    expect(WAIT_MS).toBe(10_000);
    await using intruder = await office.intruder();
    await intruder.run('begin');
    await intruder.run('lock table fieldset_projects');
    const first = office.create(ada, { title: 'Slow' }, { idempotencyKey: 'slow' });
    await office.blocked();
    const viewer = await viewerOf(office.db, ada.email, 'email', ada.companyId);
    const second = once(office.world, viewer, 'createItem', { idempotencyKey: 'slow' }, () => expect.fail('ran'), 200);
    await expect(second).rejects.toMatchObject({ errors: [{ code: 'CONFLICT', path: ['idempotencyKey'] }] });
    const third = office.create(ada, { title: 'Slow' }, { idempotencyKey: 'slow' });
    await office.blocked(2);
    await intruder.run('commit');
    expect((await third).item.id).toBe((await first).item.id);
  });

  test('the second call runs when the first came to nothing', async () => {
    const { ada } = office;
    await using intruder = await office.intruder();
    await intruder.run('begin');
    await intruder.run('lock table fieldset_projects');
    const key = { idempotencyKey: 'refused' };
    const first = office.create(ada, { statusName: 'Open' }, key);
    await office.blocked();
    const second = office.create(ada, { statusName: 'Open', title: 'Complete' }, key);
    await office.blocked(2);
    await intruder.run('commit');
    expect(faultsOf(await first)).toEqual(['REQUIRED item.title']);
    expect((await second).item.title).toBe('Complete');
  });

  test('has 1 to 255 characters, and none that no text may have', async () => {
    const { ada } = office;
    const { id } = await office.item(ada);
    const wrong = {
      '': 'REQUIRED',
      ' ': 'REQUIRED',
      'a\u0000': 'INVALID',
      'a\nb': 'INVALID',
      ['k'.repeat(256)]: 'TOO_LONG',
    };
    for (const [idempotencyKey, code] of Object.entries(wrong)) {
      const fault = [`${code} idempotencyKey`];
      expect(faultsOf(await office.create(ada, {}, { idempotencyKey }))).toEqual(fault);
      expect(faultsOf(await office.batch(ada, { ids: [id], patch: {}, dryRun: true, idempotencyKey }))).toEqual(fault);
    }
    expect((await office.create(ada, {}, { idempotencyKey: 'k'.repeat(255) })).userErrors).toEqual([]);
  });
});
