import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOffice, faultsOf, namesOf, nothing, type Payload, wordsOf } from '../kit/office.ts';
import { putItems } from '../kit/putItems.ts';
import type { Person } from '../kit/world.ts';

/** Ada is ADMIN and Ben STANDARD of Design Review in Tower, which Rae reads; in Dock Ben is STANDARD of Letters and Cleo ADMIN. */
async function createPlace() {
  const office = await createOffice();
  const dock = await office.project('Dock');
  const letters = await office.tool('Letters', [dock]);
  const cleo = await office.person('Cleo Clerk');
  const boss = await office.person('Boss', { admin: true });
  await office.grant(office.ben, dock, letters, 'STANDARD', ['CREATE_RESPONSE']);
  await office.grant(cleo, dock, letters, 'ADMIN');
  return { ...office, dock, letters, cleo, boss, there: wordsOf(office, dock, letters) };
}

let office: Awaited<ReturnType<typeof createPlace>>;
beforeAll(async () => {
  office = await createPlace();
});
afterAll(() => office[Symbol.asyncDispose]());

const LINKS = `origin { __typename ... on Item { id } ... on ExternalTopic { id } }
  createdItems { totalCount nodes { id title description } }`;
/** Where an item comes from and what comes from it, as somebody sees it: [origin, how many, ids]. */
async function links(who: Person, id: string): Promise<Payload> {
  const { item } = await office.get(who, `query ($id: ID!) { item(id: $id) { ${LINKS} } }`, { id });
  const { totalCount, nodes } = item.createdItems;
  return [item.origin?.id ?? null, totalCount, nodes.map((node: Payload) => node.id)];
}
const open = (by: Person, patch: object = {}): Promise<Payload> => office.item(by, { statusName: 'Open', ...patch });
const topic = async (externalId: string, projectId = office.tower.gid): Promise<Payload> =>
  (
    await office.tell(
      office.boss,
      'upsertTopic',
      { projectId, type: 'RFI', externalId, title: `RFI ${externalId}` },
      'topic { id }',
    )
  ).topic;

test('an item comes from another, from a topic, or from nothing; both ends show it, and history does not', async () => {
  const { ben, rae, tower } = office;
  const [a, b] = [await open(ben, { externalId: 'A-1' }), await open(ben)];
  const c = await open(ben, { originItemId: a.id });
  expect(await links(rae, c.id)).toEqual([a.id, 0, []]);
  expect(await links(rae, a.id)).toEqual([null, 1, [c.id]]);

  const { id } = await topic('7');
  const steps: [object, string | null][] = [
    [{ originItemId: b.id }, b.id],
    [{ originTopic: { type: 'RFI', id } }, id],
    [{ originTopic: { type: 'GENERIC_TOOL_ITEM', externalId: 'A-1', projectId: tower.gid } }, a.id],
    [{ originTopic: { type: 'RFI', externalId: '7', projectId: tower.gid } }, id],
    // what is not there cannot be cleared
    [{ originItemId: null }, id],
    [{ originTopic: null }, null],
    [{ originItemId: a.id, originTopic: null }, a.id],
    [{ originItemId: null }, null],
  ];
  let { version } = await office.read(ben, c.id);
  for (const [patch, origin] of steps) {
    const before = (await links(ben, c.id))[0];
    const { item, userErrors } = await office.update(ben, c.id, patch);
    expect(userErrors).toEqual([]);
    expect((await links(ben, c.id))[0]).toBe(origin);
    // a new version whenever it is another; nothing at all when it is not
    expect(item.version).toBe(origin === before ? version : version + 1);
    version = item.version;
  }
  expect(await links(ben, a.id)).toEqual([null, 0, []]);
  expect(await office.history(ben, c.id)).toEqual([]);
  const [, , event] = await office.events(c);
  // whoever hears of it may not see the other end
  expect(event).toMatchObject({ type: 'item.updated', payload: { changes: [{ field: 'origin' }] } });
  expect(JSON.stringify(event.payload)).not.toContain(b.id);
});

test('who does not see the other end is told nothing of it', async () => {
  const { ada, ben, rae, cleo, there } = office;
  const secret = await open(ada, { private: true });
  const [seen, hidden] = [await open(ben), await open(ada)];
  await office.update(ada, seen.id, { originItemId: secret.id });
  expect(await links(ada, seen.id)).toEqual([secret.id, 0, []]);
  expect(await links(rae, seen.id)).toEqual([null, 0, []]);
  const letter = await there.item(ben, { originItemId: hidden.id, statusName: 'Open' });
  const own = await open(ben, { originItemId: hidden.id });
  const draft = await office.item(ben, { originItemId: hidden.id });
  const gone = await open(ben, { originItemId: hidden.id });
  await office.archive(ada, gone.id);
  expect(await links(ben, hidden.id)).toEqual([null, 3, [draft.id, own.id, letter.id]]);
  expect(await links(ada, hidden.id)).toEqual([null, 2, [draft.id, own.id]]);
  expect(await links(rae, hidden.id)).toEqual([null, 1, [own.id]]);
  expect(await links(cleo, letter.id)).toEqual([null, 0, []]);
  // page by page, and the other way round
  const page = async (args: string) =>
    (
      await office.get(
        ben,
        `query ($id: ID!) { item(id: $id) { createdItems(${args}) { nodes { id } pageInfo { hasNextPage endCursor } } } }`,
        {
          id: hidden.id,
        },
      )
    ).item.createdItems;
  const first = await page('first: 2');
  expect([first.nodes.map(({ id }: Payload) => id), first.pageInfo.hasNextPage]).toEqual([[draft.id, own.id], true]);
  const rest = await page(`after: "${first.pageInfo.endCursor}"`);
  expect([rest.nodes.map(({ id }: Payload) => id), rest.pageInfo.hasNextPage]).toEqual([[letter.id], false]);
  // of a topic too
  const rfi = await topic('created');
  const fromTopic = await open(ben, { originTopic: { type: 'RFI', id: rfi.id } });
  const source = `query ($id: ID!) { node(id: $id) { ... on ExternalTopic { createdItems { totalCount nodes { id title } } } } }`;
  const { createdItems } = (await office.get(rae, source, { id: rfi.id })).node;
  expect(createdItems).toEqual({ totalCount: 1, nodes: [{ id: fromTopic.id, title: fromTopic.title }] });
});

describe('refused', () => {
  test('two origins, itself, in a circle, and what can be none', async () => {
    const { ben, tower } = office;
    const a = await open(ben);
    const b = await open(ben, { originItemId: a.id });
    const c = await open(ben, { originItemId: b.id, externalId: 'C-1' });
    const rfi = { type: 'RFI', id: (await topic('two')).id };
    const refusals: [object, string[]][] = [
      [{ originItemId: b.id, originTopic: rfi }, ['INVALID patch.originTopic']],
      [{ originItemId: a.id }, ['INVALID patch.originItemId']],
      [{ originItemId: b.id }, ['INVALID patch.originItemId']],
      [{ originItemId: c.id }, ['INVALID patch.originItemId']],
      [
        { originTopic: { type: 'GENERIC_TOOL_ITEM', externalId: 'C-1', projectId: tower.gid } },
        ['INVALID patch.originTopic'],
      ],
      [{ originTopic: { type: 'PROJECT', id: tower.gid } }, ['INVALID patch.originTopic']],
      [{ originTopic: { type: 'CASE', externalId: '1', projectId: tower.gid } }, ['INVALID patch.originTopic']],
      [{ originTopic: { type: 'RFI' } }, ['INVALID patch.originTopic']],
      [{ originTopic: { type: 'RFI', externalId: '1' } }, ['REQUIRED patch.originTopic.projectId']],
      [{ originTopic: { ...rfi, type: 'FORM' } }, ['NOT_FOUND patch.originTopic.id']],
      [
        { originTopic: { type: 'RFI', externalId: '\0', projectId: tower.gid } },
        ['NOT_FOUND patch.originTopic.externalId'],
      ],
      [{ originItemId: rfi.id }, ['NOT_FOUND patch.originItemId']],
      [{ originItemId: 'x', title: '' }, ['NOT_FOUND patch.originItemId', 'REQUIRED patch.title']],
    ];
    for (const [patch, faults] of refusals)
      expect([patch, faultsOf(await office.update(ben, a.id, patch))]).toEqual([patch, faults]);
    expect(await links(ben, a.id)).toEqual([null, 1, [b.id]]);
    // on the final state: the other one comes from nothing in the same batch
    const turn = (updates: object[], more: object = {}) => office.batch(ben, { updates, ...more });
    const [fromB, fromC, free] = [{ originItemId: b.id }, { originItemId: c.id }, { originItemId: null }];
    const turned = await turn([
      { id: a.id, patch: fromC },
      { id: b.id, patch: free },
    ]);
    expect([turned.updatedCount, (await links(ben, a.id))[0], (await links(ben, b.id))[0]]).toEqual([2, c.id, null]);
    // of two that close a circle the later one is refused
    const [d, e] = [await open(ben), await open(ben)];
    const both = [
      { id: d.id, patch: { originItemId: e.id } },
      { id: e.id, patch: { originItemId: d.id } },
    ];
    const { results } = await turn(both, { completionMode: 'EACH_ON_ITS_OWN' });
    expect(results.map(faultsOf)).toEqual([[], ['INVALID updates.1.patch.originItemId']]);
    expect(
      faultsOf(
        (
          await turn([
            { id: b.id, patch: { originItemId: a.id } },
            { id: c.id, patch: fromB },
          ])
        ).results[0],
      ),
    ).toEqual(['INVALID updates.0.patch.originItemId']);
  });

  test('what is hidden, to the letter as what never existed, also when it is the origin already', async () => {
    const { ada, ben, there, cleo } = office;
    const hidden = await open(ada, { private: true, externalId: 'H-1' });
    const mine = await office.item(ben);
    await office.update(ada, mine.id, { originItemId: hidden.id });
    const elsewhere = await there.item(cleo);
    const far = await topic('far', (await office.project('Far')).gid);
    const answer = async (patchOf: (id: string) => object, id: string) => {
      const payloads = [
        await office.update(ben, mine.id, patchOf(id)),
        await office.create(ben, { title: 'New', ...patchOf(id) }),
        await office.batch(ben, { ids: [mine.id], patch: patchOf(id) }),
        await office.respond(ada, (await open(ada)).id, { itemPatch: patchOf(nothing('Item')) }),
      ];
      for (const payload of payloads) expect(JSON.stringify(payload)).toContain('NOT_FOUND');
      return JSON.stringify(payloads.slice(0, 3)).replaceAll(id, '<id>');
    };
    const byId = (originItemId: string) => ({ originItemId });
    const asTopic = (id: string) => ({ originTopic: { type: 'GENERIC_TOOL_ITEM', id } });
    const byExternal = (externalId: string) => ({
      originTopic: { type: 'GENERIC_TOOL_ITEM', externalId, projectId: office.tower.gid },
    });
    for (const { id } of [hidden, elsewhere])
      for (const patchOf of [byId, asTopic])
        expect(await answer(patchOf, id)).toBe(await answer(patchOf, nothing('Item')));
    expect(await answer(byExternal, 'H-1')).toBe(await answer(byExternal, 'H-2'));
    const ofTopic = (id: string) => ({ originTopic: { type: 'RFI', id } });
    expect(await answer(ofTopic, far.id)).toBe(await answer(ofTopic, nothing('ExternalTopic')));
    // a circle by way of what one does not see is not told of
    const first = await open(ben);
    const between = await open(ada, { originItemId: first.id, private: true });
    const last = await open(ben);
    await office.update(ada, last.id, { originItemId: between.id });
    expect(faultsOf(await office.update(ada, first.id, { originItemId: last.id }))).toEqual([
      'INVALID patch.originItemId',
    ]);
    expect(faultsOf(await office.update(ben, first.id, { originItemId: last.id }))).toEqual([]);
    expect(await links(ada, first.id)).toEqual([last.id, 1, [between.id]]);
  });

  test('who may not edit it, and a frozen one', async () => {
    const { ada, ben, rae } = office;
    const [a, b] = [await open(ada), await open(ben)];
    expect(faultsOf(await office.update(rae, a.id, { originItemId: b.id }))).toEqual(['FORBIDDEN id']);
    expect(faultsOf(await office.update(ben, a.id, { originItemId: b.id }))).toEqual(['FORBIDDEN id']);
    await office.db.updateTable('companies').set({ issuedItemsAreFrozen: true }).execute();
    expect(faultsOf(await office.update(ben, b.id, { originItemId: a.id }))).toEqual(['FROZEN patch.originItemId']);
    await office.db.updateTable('companies').set({ issuedItemsAreFrozen: false }).execute();
  });
});

test('of two who close a circle at once, one is refused', async () => {
  const { ada, ben } = office;
  for (let round = 0; round < 3; round += 1) {
    const [a, b] = [await open(ben), await open(ben)];
    const payloads = await Promise.all([
      office.update(ben, a.id, { originItemId: b.id }),
      office.update(ada, b.id, { originItemId: a.id }),
    ]);
    expect(payloads.flatMap(faultsOf)).toEqual(['INVALID patch.originItemId']);
  }
});

describe('made out of', () => {
  /** An item as somebody is shown it, with where it comes from. */
  const whole = async (who: Person, id: string) => {
    const item = await office.read(who, id);
    return {
      title: item.title,
      description: item.description,
      private: item.private,
      to: namesOf(item.assignees),
      cc: namesOf(item.distributionMembers),
      from: item.receivedFrom?.name ?? null,
      origin: (await links(who, id))[0],
    };
  };

  test('an item, it takes over what is not given, and whom it can', async () => {
    const { ada, ben, rae, there, cleo, dock, letters } = office;
    const origin = await open(ben, {
      ...{
        title: 'Lintel',
        description: '<p>It <b>broke</b></p>',
        dueDate: '2026-05-01',
        quantity: '3',
        externalId: 'L-1',
      },
      ...{ assigneeIds: [rae.gid, ben.gid], distributionMemberIds: [ada.gid, ben.gid], receivedFromId: ben.gid },
    });
    // Rae and Ada have no access to Letters in Dock
    const { id } = await there.item(ben, { title: undefined, originItemId: origin.id });
    expect(await whole(ben, id)).toEqual({
      ...{ title: 'Lintel', description: '<p>It <b>broke</b></p>', private: false },
      ...{ to: [ben.name], cc: [ben.name], from: ben.name, origin: origin.id },
    });
    expect(await office.read(ben, id)).toMatchObject({ dueDate: null, quantity: null, externalId: null });
    const given = await there.item(ben, {
      ...{ originItemId: origin.id, title: 'Own', description: null, assigneeIds: [cleo.gid], receivedFromId: null },
      ...{ distributionMemberIds: [] },
    });
    expect(await whole(ben, given.id)).toEqual({
      ...{ title: 'Own', description: null, private: false, to: [cleo.name], cc: [], from: null, origin: origin.id },
    });
    // whoever is not taken over is judged as anybody else
    const named = await there.create(ben, { originItemId: origin.id, assigneeIds: [rae.gid] });
    expect(faultsOf(named)).toEqual(['NOT_SELECTABLE item.assigneeIds.0']);
    // by its external id, and into fields that are not there
    await there.rule(letters, {
      DESCRIPTION: 'hidden',
      ASSIGNEES: 'hidden',
      DISTRIBUTION: 'hidden',
      RECEIVED_FROM: 'hidden',
    });
    const byExternalId = { type: 'GENERIC_TOOL_ITEM', externalId: 'L-1', projectId: office.tower.gid };
    const bare = await there.item(ben, { title: undefined, originTopic: byExternalId });
    await there.rule(letters, { DESCRIPTION: 'free', ASSIGNEES: 'free', DISTRIBUTION: 'free', RECEIVED_FROM: 'free' });
    expect(await whole(ben, bare.id)).toEqual({
      ...{ title: 'Lintel', description: null, private: false, to: [], cc: [], from: null, origin: origin.id },
    });
    // READ_ONLY with CREATE is enough; without it the tool says no
    await office.grant(rae, dock, letters, 'READ_ONLY', ['CREATE']);
    expect((await there.create(rae, { originItemId: origin.id })).userErrors).toEqual([]);
    expect(faultsOf(await office.create(rae, { originItemId: origin.id }))).toEqual(['FORBIDDEN genericToolId']);
    // what takes no more than it could be given can be issued at once
    expect((await there.create(ben, { originItemId: origin.id, statusName: 'Open' })).item.status.name).toBe('Open');
  });

  test('a private one, it is private unless said otherwise', async () => {
    const { ben, there } = office;
    const origin = await open(ben, { private: true });
    const [quiet, loud] = [
      await there.item(ben, { originItemId: origin.id }),
      await there.item(ben, { originItemId: origin.id, private: false }),
    ];
    expect([quiet.private, loud.private]).toEqual([true, false]);
  });

  test('a response, it has the title of the item and the words of the response', async () => {
    const { ada, ben, rae } = office;
    const item = await open(ben, { title: 'Lintel', description: 'Old', assigneeIds: [ben.gid] });
    await office.grant(rae, office.tower, office.review, 'READ_ONLY', ['CREATE']);
    const official = (await office.respond(ada, item.id, { notes: '<p>Yes.</p>', official: true })).response;
    const inside = (await office.respond(ada, item.id, { notes: 'Between us.' })).response;
    const make = (who: Person, originResponseId: string, patch: object = {}) =>
      office.create(who, patch, { originResponseId });
    const { id } = (await make(rae, official.id)).item;
    const bare = { to: [], cc: [], from: null, origin: item.id };
    expect(await whole(rae, id)).toEqual({ title: 'Lintel', description: '<p>Yes.</p>', private: false, ...bare });
    // not everybody who reads the tool sees this one
    const quiet = (await make(ben, inside.id, { title: 'Asked' })).item;
    expect(await whole(ben, quiet.id)).toEqual({ title: 'Asked', description: 'Between us.', private: true, ...bare });
    const answer = async (responseId: string) =>
      JSON.stringify(await make(rae, responseId)).replaceAll(responseId, '<id>');
    expect(await answer(inside.id)).toBe(await answer(nothing('Response')));
    expect(await answer(inside.id)).toContain('NOT_FOUND');
    const hidden = await open(ada, { private: true });
    const { response } = await office.respond(ada, hidden.id, { official: true });
    expect(await answer(response.id)).toBe(await answer(nothing('Response')));
    for (const other of [{ originItemId: item.id }, { originTopic: { type: 'RFI', id: (await topic('r')).id } }])
      expect(faultsOf(await make(ben, official.id, other))).toEqual(['INVALID originResponseId']);
    expect(faultsOf(await make(ben, item.id))).toEqual(['NOT_FOUND originResponseId']);
    await office.grant(rae, office.tower, office.review, 'READ_ONLY');
  });
});

test('a page of items brings where they come from, and what comes from them, in as many statements as one item', async () => {
  const { ben, tower, review } = office;
  const items = await putItems(
    office,
    Array.from({ length: 50 }, () => ({ project: tower, tool: review, by: ben, status: 'Open' })),
  );
  const rfi = { type: 'RFI', id: (await topic('page')).id };
  const updates = items.slice(1).map(({ gid }, n) => ({
    id: gid,
    patch: n % 5 ? { originItemId: items[n]!.gid } : { originTopic: rfi },
  }));
  const before = office.statements.count;
  expect((await office.batch(ben, { updates })).updatedCount).toBe(49);
  const many = office.statements.count - before;
  const [one] = [await open(ben)];
  const start = office.statements.count;
  await office.batch(ben, { updates: [{ id: one.id, patch: { originItemId: items[0]!.gid } }] });
  expect([office.statements.count - start, many]).toEqual([many, many]);
  const source = `query ($n: Int) { items(first: $n) { nodes {
    origin { ... on Item { number title } ... on ExternalTopic { title } } createdItems(first: 2) { totalCount nodes { number title } }
  } } }`;
  await office.get(ben, source, { n: 5 });
  const counted = [await office.statementsOf(ben, source, { n: 5 }), await office.statementsOf(ben, source, { n: 50 })];
  expect(counted).toEqual([7, 7]);
});
