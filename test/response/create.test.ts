import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOffice, faultsOf, nothing, type Office, type Payload } from '../kit/office.ts';

describe('createResponse', () => {
  let office: Office;
  beforeAll(async () => {
    office = await createOffice();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const open = (more: object = {}) => office.item(office.ada, { statusName: 'Open', ...more });
  const refusals = async (who = office.ada, ...call: [id: string, input?: object]) => {
    const before = await office.trace();
    const { response, item, userErrors } = await office.respond(who, ...call);
    expect([response, item]).toEqual([null, null]);
    expect(await office.trace()).toBe(before);
    return faultsOf({ userErrors });
  };

  test('responses count 1, 2, ... in their item, and leave its version and time as they are', async () => {
    const { ada } = office;
    const item = await open();
    const first = await office.respond(ada, item.id, { notes: ' <p>Oak, please.</p> ' });
    expect(first).toEqual({
      response: {
        id: expect.any(String),
        notes: '<p>Oak, please.</p>',
        official: false,
        position: 1,
        status: { name: 'Open' },
        createdBy: { name: 'Ada Admin' },
      },
      item,
      userErrors: [],
    });
    const second = await office.respond(ada, item.id, { notes: 'Yes.', official: true });
    expect(second.response).toMatchObject({ position: 2, official: true });
    expect((await office.respond(ada, (await open()).id)).response.position).toBe(1);
  });

  test('30 parallel responses get 30 positions without gaps', async () => {
    const { ada } = office;
    const { id } = await open();
    const answers: Payload[] = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        office.respond(ada, id, n % 3 ? {} : { itemPatch: { title: `Title ${n}` } }),
      ),
    );
    const positions = answers.map(({ response }) => response.position);
    expect(positions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
    expect((await office.read(ada, id)).version).toBe(11);
  });

  test('notes say something, safely', async () => {
    const { ada } = office;
    const { id } = await open();
    for (const notes of [
      undefined,
      null,
      '',
      ' \n ',
      '<p><br></p>',
      '<script>steal()</script>',
      '<img src=x onerror=steal()>',
    ])
      expect(await refusals(ada, id, { notes })).toEqual(['REQUIRED notes']);
    expect(await refusals(ada, id, { notes: 'a\u0000' })).toEqual(['INVALID notes']);
    expect(await refusals(ada, id, { notes: 'a&#8;' })).toEqual(['INVALID notes']);
    expect(await refusals(ada, id, { notes: 'x'.repeat(100_001) })).toEqual(['TOO_LONG notes']);
    const { response } = await office.respond(ada, id, {
      notes: '<b onclick="steal()">A</b> & <a href="javascript:x">b</a>\nc',
    });
    expect(response.notes).toBe('<b>A</b> &amp; <a>b</a>\nc');
  });

  test('a Draft takes none, a closed or archived item neither, whoever asks', async () => {
    const { ada, ben } = office;
    const draft = await office.item(ben);
    for (const who of [ada, ben]) expect(await refusals(who, draft.id)).toEqual(['INVALID itemId']);
    for (const statusName of ['Closed', 'Won', 'Lost']) {
      const { id } = await office.item(ben, { statusName });
      for (const who of [ada, ben]) {
        expect(await refusals(who, id)).toEqual(['CLOSED itemId']);
        // judged on the state before the call: reopening it in the same call does not help
        expect(await refusals(who, id, { itemPatch: { statusName: 'Open' } })).toEqual(['CLOSED itemId']);
      }
    }
    const archived = await open();
    await office.archive(ada, archived.id);
    expect(await refusals(ada, archived.id)).toEqual(['CLOSED itemId']);
    expect(await refusals(ben, archived.id)).toEqual(['NOT_FOUND itemId']);
  });

  test('what one does not see is NOT_FOUND like what never was; without the right it is FORBIDDEN', async () => {
    const { rae, ben, nan, tower } = office;
    const shut = await open({ private: true });
    for (const id of [shut.id, nothing('Item'), tower.gid, '', 'x'])
      expect(await refusals(rae, id, { notes: '' })).toEqual(['NOT_FOUND itemId']);
    const { id } = await open();
    expect(await refusals(nan, id)).toEqual(['NOT_FOUND itemId']);
    expect(await refusals(ben, id)).toEqual(['FORBIDDEN itemId']);
    expect((await office.respond(ben, id)).userErrors[0].message).toContain('CREATE_RESPONSE');
  });

  test('responding and changing the item is one act: the response keeps the status after it', async () => {
    const { ada, ben } = office;
    const item = await open();
    const { response, item: closed } = await office.respond(ada, item.id, {
      official: true,
      itemPatch: { statusName: 'Won', assigneeIds: [ben.gid] },
    });
    expect(response.status.name).toBe('Won');
    expect(closed).toMatchObject({ version: 2, status: { name: 'Won' }, assignees: [{ name: 'Ben Standard' }] });
    expect(closed.closedAt).toBe(closed.updatedAt);
    const again = await open();
    const same = await office.respond(ada, again.id, { itemPatch: { title: again.title, statusName: 'Open' } });
    expect(same.item).toEqual(again);
  });

  test('takes both rights: a refused patch is no response, and a refused response no patch', async () => {
    const { ada, ben, tower, review } = office;
    const lee = await office.person('Lee Answers');
    await office.grant(lee, tower, review, 'READ_ONLY', ['CREATE_RESPONSE']);
    const { id } = await open({ assigneeIds: [lee.gid] });
    expect(await refusals(lee, id, { itemPatch: { title: 'x' } })).toEqual(['FORBIDDEN itemId']);
    expect((await office.respond(lee, id)).response.position).toBe(1);
    const his = await office.item(ben, { statusName: 'Open' });
    expect(await refusals(ben, his.id, { itemPatch: { title: 'x' } })).toEqual(['FORBIDDEN itemId']);
    expect(
      (
        await refusals(ada, id, {
          notes: ' ',
          itemPatch: { unit: 'u'.repeat(51), statusName: 'Gone', receivedFromId: 'x' },
        })
      ).toSorted(),
    ).toEqual([
      'NOT_FOUND itemPatch.receivedFromId',
      'NOT_FOUND itemPatch.statusName',
      'REQUIRED notes',
      'TOO_LONG itemPatch.unit',
    ]);
    expect(await refusals(ada, id, { itemPatch: { statusName: 'Draft' } })).toEqual(['INVALID itemPatch.statusName']);
    const other = await open();
    expect(await refusals(ada, id, { itemPatch: { position: other.position } })).toEqual(['TAKEN itemPatch.position']);
  });

  test('whoever responds and gives away their sight gets neither back', async () => {
    const { tower } = office;
    const tool = await office.secondTool('Super private', { adminsSeePrivateItems: false });
    const { ada, ben } = office;
    const { id } = await tool.words.item(ben, { statusName: 'Open' });
    const input = { notes: 'Between us', itemPatch: { private: true } };
    expect(await tool.words.respond(ada, id, input)).toEqual({ response: null, item: null, userErrors: [] });
    const document = 'query ($id: ID!) { item(id: $id) { project { id } private responses { nodes { notes } } } }';
    expect((await office.get(ben, document, { id })).item).toEqual({
      project: { id: tower.gid },
      private: true,
      responses: { nodes: [{ notes: 'Between us' }] },
    });
  });

  test('a response against a closing of the item: it comes first or it is CLOSED', async () => {
    const { ada } = office;
    const items = await Promise.all(Array.from({ length: 10 }, () => open()));
    const answers = await Promise.all(
      items.map(({ id }) => Promise.all([office.respond(ada, id), office.update(ada, id, { statusName: 'Closed' })])),
    );
    for (const [{ response, userErrors }, { item }] of answers) {
      expect(item.status.name).toBe('Closed');
      expect(response ? [response.status.name] : faultsOf({ userErrors })).toEqual([
        response ? 'Open' : 'CLOSED itemId',
      ]);
    }
  });
});
