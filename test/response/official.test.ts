import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOffice, faultsOf, nothing, type Office } from '../kit/office.ts';

describe('updateResponse', () => {
  let office: Office;
  beforeAll(async () => {
    office = await createOffice();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  test('the creator of the item and ADMINs say which responses are official, nobody else', async () => {
    const { ada, ben, rae, tower, review } = office;
    const lee = await office.person('Lee Answers');
    await office.grant(lee, tower, review, 'STANDARD', ['CREATE_RESPONSE']);
    const item = await office.item(ben, { statusName: 'Open', assigneeIds: [lee.gid] });
    const { response } = await office.respond(lee, item.id, { official: true });
    expect((await office.switchOfficial(ben, response.id, false)).response).toEqual({ ...response, official: false });
    expect((await office.switchOfficial(ada, response.id, true)).response.official).toBe(true);
    const before = await office.trace();
    const refused = await office.switchOfficial(lee, response.id, false);
    expect([refused.response, faultsOf(refused)]).toEqual([null, ['FORBIDDEN id']]);
    expect(faultsOf(await office.switchOfficial(rae, response.id, false))).toEqual(['FORBIDDEN id']);
    expect(await office.trace()).toBe(before);
    expect(await office.read(ben, item.id)).toEqual(item);
  });

  test('an unofficial response that one does not see is NOT_FOUND like one that never was', async () => {
    const { ada, rae, ben, tower } = office;
    const item = await office.item(ada, { statusName: 'Open' });
    const { response } = await office.respond(ada, item.id);
    const elsewhere = await office.company('Southside');
    const fay = await office.person('Fay Far', { companyId: elsewhere.id });
    for (const [who, id] of [
      [rae, response.id],
      [ben, response.id],
      [fay, response.id],
      [ada, nothing('Response')],
      [ada, item.id],
      [ada, tower.gid],
      [ada, ''],
    ] as const)
      expect(faultsOf(await office.switchOfficial(who, id, true))).toEqual(['NOT_FOUND id']);
    expect((await office.switchOfficial(ada, response.id, true)).response.official).toBe(true);
  });

  test('it is possible on a closed item, and says nothing new when it is so already', async () => {
    const { ada } = office;
    const item = await office.item(ada, { statusName: 'Open' });
    const { response, item: closed } = await office.respond(ada, item.id, { itemPatch: { statusName: 'Closed' } });
    expect((await office.switchOfficial(ada, response.id, true)).response.official).toBe(true);
    const before = await office.trace();
    expect((await office.switchOfficial(ada, response.id, true)).response.official).toBe(true);
    expect(await office.trace()).toBe(before);
    expect(await office.read(ada, item.id)).toEqual(closed);
  });

  test('switched to and fro by several at once, each switch is told once', async () => {
    const { ada } = office;
    const item = await office.item(ada, { statusName: 'Open' });
    const { response } = await office.respond(ada, item.id);
    await Promise.all(Array.from({ length: 10 }, () => office.switchOfficial(ada, response.id, true)));
    const types = (await office.events(item)).map(({ type }) => type);
    expect(types).toEqual(['item.created', 'item.issued', 'response.created', 'response.updated']);
  });
});
