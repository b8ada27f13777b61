import { execute, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { viewerOf } from '../../src/directory/viewer.ts';
import { contextOf } from '../../src/graph/context.ts';
import { schema } from '../../src/graph/schema.ts';
import { fromGlobalId } from '../../src/kernel/ids.ts';
import { GRANULAR_PERMISSIONS } from '../../src/permission/permission.policy.ts';
import { relatedById } from '../../src/related/related.queries.ts';
import { createOffice, faultsOf, nothing, type Payload, wordsOf } from '../kit/office.ts';
import { putItems } from '../kit/putItems.ts';
import type { Person, Project } from '../kit/world.ts';

const ROW = 'id note createdBy { name } item { id number } topic { ... on ExternalTopic { id title } }';

/**
 * Ada is ADMIN and Ben STANDARD of Design Review in Tower, which Rae reads; in Dock, where Rae is not, Ben is STANDARD of Letters and
 * Cleo their ADMIN.
 */
async function createPlace() {
  const office = await createOffice();
  const dock = await office.project('Dock');
  const letters = await office.tool('Letters', [dock]);
  const cleo = await office.person('Cleo Clerk');
  const boss = await office.person('Boss', { admin: true });
  await office.grant(office.ben, dock, letters, 'STANDARD');
  await office.grant(cleo, dock, letters, 'ADMIN');
  await office.grant(office.rae, office.tower, office.review, 'READ_ONLY', [...GRANULAR_PERMISSIONS]);
  const there = wordsOf(office, dock, letters);
  return { ...office, dock, letters, cleo, boss, there };
}

let office: Awaited<ReturnType<typeof createPlace>>;
beforeAll(async () => {
  office = await createPlace();
});
afterAll(() => office[Symbol.asyncDispose]());

const relate = (who: Person, itemId: string, other: object): Promise<Payload> =>
  office.tell(who, 'addRelatedItem', { itemId, ...other }, `relatedItem { ${ROW} }`);
const remove = (who: Person, id: string): Promise<Payload> =>
  office.tell(who, 'removeRelatedItem', { id }, 'removedId');
/** What an item is related to, as somebody sees it. */
const relatedTo = async (who: Person, id: string): Promise<Payload[]> =>
  (await office.get(who, `query ($id: ID!) { item(id: $id) { relatedItems { ${ROW} } } }`, { id })).item.relatedItems;
const node = async (who: Person, id: string): Promise<Payload> =>
  (await office.get(who, `query ($id: ID!) { node(id: $id) { id ... on RelatedItem { ${ROW} } } }`, { id })).node;
const open = (by: Person, title = 'Lintel'): Promise<Payload> => office.item(by, { title, statusName: 'Open' });
const topic = async (externalId: string, project: Project = office.tower): Promise<Payload> =>
  (
    await office.tell(
      office.boss,
      'upsertTopic',
      { projectId: project.gid, type: 'RFI', externalId, title: `RFI ${externalId}` },
      'topic { id }',
    )
  ).topic;

test('two items list each other; who does not see one end sees neither the other nor the note', async () => {
  const { ben, rae, cleo, ada } = office;
  const lintel = await open(ben);
  const letter = await office.there.item(ben, { title: 'Delay', statusName: 'Open' });
  const trace = await office.trace();
  const { relatedItem, userErrors } = await relate(ben, lintel.id, {
    relatedItemId: letter.id,
    note: ' Caused by it ',
  });
  expect(userErrors).toEqual([]);
  expect(relatedItem).toMatchObject({
    note: 'Caused by it',
    item: { id: letter.id },
    topic: null,
    createdBy: { name: ben.name },
  });
  const [back] = await relatedTo(ben, letter.id);
  expect(await relatedTo(ben, lintel.id)).toEqual([relatedItem]);
  expect(back).toMatchObject({ note: 'Caused by it', item: { id: lintel.id } });
  // a row says the same wherever it is met
  for (const row of [relatedItem, back]) expect(await node(ben, row.id)).toEqual(row);
  // no change of the items: no version, no history, no events
  expect(await office.trace()).toBe(trace);

  for (const row of [relatedItem, back])
    for (const who of [rae, ada, cleo, office.nan, office.out]) expect(await node(who, row.id)).toBe(null);
  expect(await relatedTo(rae, lintel.id)).toEqual([]);
  expect(await relatedTo(ada, lintel.id)).toEqual([]);
  expect(await relatedTo(cleo, letter.id)).toEqual([]);

  // from either end, both are gone
  expect(await remove(ben, back.id)).toEqual({ removedId: back.id, userErrors: [] });
  expect(await relatedTo(ben, lintel.id)).toEqual([]);
  expect(await relatedTo(ben, letter.id)).toEqual([]);
  expect(faultsOf(await remove(ben, relatedItem.id))).toEqual(['NOT_FOUND id']);
});

test('an external topic is related to items; who does not see its project does not see it', async () => {
  const { ben, rae, cleo, dock } = office;
  const lintel = await open(ben);
  const { id } = await topic('7');
  const far = await topic('8', dock);
  const [near] = [(await relate(ben, lintel.id, { topic: { type: 'RFI', id } })).relatedItem];
  expect(near).toMatchObject({ item: null, topic: { id, title: 'RFI 7' } });
  const other = { type: 'RFI', externalId: '8', projectId: dock.gid };
  expect((await relate(ben, lintel.id, { topic: other })).relatedItem.topic.id).toBe(far.id);
  expect(await relatedTo(ben, lintel.id)).toHaveLength(2);
  expect(await relatedTo(rae, lintel.id)).toEqual([near]);
  const [row] = (await relatedTo(ben, lintel.id)).filter((one) => one.topic.id === far.id);
  for (const who of [rae, cleo]) expect(await node(who, row.id)).toBe(null);
  expect(faultsOf(await remove(rae, row.id))).toEqual(['NOT_FOUND id']);
  expect(faultsOf(await remove(rae, near.id))).toEqual(['FORBIDDEN id']);
  expect((await remove(ben, row.id)).userErrors).toEqual([]);
  expect(await relatedTo(ben, lintel.id)).toEqual([near]);
});

test('it takes the right on one end, and sight of the other', async () => {
  const { ada, ben, rae, cleo, review, tower } = office;
  const stan = await office.person('Stan Standard');
  await office.grant(stan, tower, review, 'STANDARD');
  const [adas, bens, raes] = [await open(ada), await open(ben), await open(rae)];
  // not one of their own, or below STANDARD whatever they hold beside
  for (const [who, from, to] of [
    [stan, adas, bens],
    [ben, adas, raes],
    [rae, raes, adas],
  ] as const) {
    const payload = await relate(who, from.id, { relatedItemId: to.id });
    expect(faultsOf(payload)).toEqual(['FORBIDDEN itemId']);
    expect(payload.userErrors[0].message).toContain('ADMIN on Design Review');
  }
  expect((await relate(ben, adas.id, { relatedItemId: bens.id })).userErrors).toEqual([]);
  const { relatedItem } = await relate(ada, raes.id, { relatedItemId: bens.id });
  expect(relatedItem).not.toBe(null);
  // by the same right it is taken away
  expect(faultsOf(await remove(stan, relatedItem.id))).toEqual(['FORBIDDEN id']);
  expect(faultsOf(await remove(rae, relatedItem.id))).toEqual(['FORBIDDEN id']);
  expect((await remove(ben, relatedItem.id)).userErrors).toEqual([]);
  // ADMIN of the tool at the other end
  await office.grant(cleo, tower, review, 'READ_ONLY');
  const letter = await office.there.item(ben, { statusName: 'Open' });
  expect((await relate(cleo, adas.id, { relatedItemId: letter.id })).userErrors).toEqual([]);
  await office.grant(cleo, tower, review, 'NONE');
  // a closed one of their own too, as it is no change of it
  await office.update(ada, bens.id, { statusName: 'Won' });
  expect((await relate(ben, bens.id, { topic: { type: 'RFI', id: (await topic('closed')).id } })).userErrors).toEqual(
    [],
  );
});

describe('refused', () => {
  test('itself, twice in either direction, and what is named badly', async () => {
    const { ben, tower } = office;
    const [a, b] = [await open(ben), await office.item(ben, { externalId: 'B-1' })];
    const rfi = { type: 'RFI', id: (await topic('twice')).id };
    await relate(ben, a.id, { relatedItemId: b.id });
    await relate(ben, a.id, { topic: rfi });
    const byExternalId = { type: 'GENERIC_TOOL_ITEM', externalId: 'B-1', projectId: tower.gid };
    const refusals: [string, object, string[]][] = [
      [a.id, { relatedItemId: a.id }, ['INVALID relatedItemId']],
      [a.id, { relatedItemId: b.id }, ['TAKEN relatedItemId']],
      [b.id, { relatedItemId: a.id }, ['TAKEN relatedItemId']],
      [a.id, { topic: byExternalId }, ['TAKEN topic']],
      [a.id, { topic: rfi }, ['TAKEN topic']],
      [a.id, {}, ['INVALID relatedItemId']],
      [a.id, { relatedItemId: b.id, topic: rfi }, ['INVALID relatedItemId']],
      [a.id, { topic: { type: 'RFI' } }, ['INVALID topic']],
      [a.id, { topic: { ...rfi, externalId: 'twice', projectId: tower.gid } }, ['INVALID topic']],
      [a.id, { topic: { type: 'RFI', externalId: 'twice' } }, ['REQUIRED topic.projectId']],
      [a.id, { topic: { type: 'PROJECT', id: tower.gid } }, ['INVALID topic.type']],
      [a.id, { topic: { type: 'CASE', id: a.id } }, ['INVALID topic.type']],
      [a.id, { topic: { ...rfi, type: 'FORM' } }, ['NOT_FOUND topic.id']],
      [a.id, { topic: { type: 'RFI', id: b.id } }, ['NOT_FOUND topic.id']],
      [a.id, { topic: { type: 'RFI', externalId: 'a\0b', projectId: tower.gid } }, ['NOT_FOUND topic.externalId']],
      [a.id, { topic: { type: 'RFI', externalId: '', projectId: tower.gid } }, ['NOT_FOUND topic.externalId']],
      [a.id, { topic: { type: 'RFI', externalId: 'twice', projectId: 'x' } }, ['NOT_FOUND topic.externalId']],
      [b.id, { relatedItemId: a.id, note: 'x'.repeat(2_001) }, ['TOO_LONG note']],
      [b.id, { relatedItemId: 'x', note: 'a\u0007' }, ['INVALID note', 'NOT_FOUND relatedItemId']],
      ['x', { relatedItemId: a.id }, ['NOT_FOUND itemId']],
    ];
    for (const [itemId, other, faults] of refusals) {
      const payload = await relate(ben, itemId, other);
      expect([other, faultsOf(payload), payload.relatedItem]).toEqual([other, faults, null]);
    }
    expect(await relatedTo(ben, a.id)).toHaveLength(2);
    for (const id of ['x', a.id, nothing('RelatedItem')])
      expect(faultsOf(await remove(ben, id))).toEqual(['NOT_FOUND id']);
  });

  test('what is hidden, to the letter as what never existed', async () => {
    const { ada, ben, rae, dock, cleo } = office;
    const mine = await open(ben);
    const hidden = await office.item(ada, { private: true, statusName: 'Open', externalId: 'H-1' });
    const elsewhere = await office.there.item(cleo, { statusName: 'Open' });
    const far = await topic('hidden', dock);
    const told = (
      await relate(ada, hidden.id, { topic: { type: 'RFI', id: (await topic('told')).id }, note: 'secret' })
    ).relatedItem;
    const reader = await open(rae);
    await office.grant(rae, office.tower, office.review, 'STANDARD');
    const answer = async (who: Person, inputOf: (id: string) => object, id: string) => {
      const payload = await office.tell(who, 'addRelatedItem', inputOf(id), '__typename');
      expect(payload.userErrors.map(({ code }: Payload) => code)).toContain('NOT_FOUND');
      return JSON.stringify(payload).replaceAll(id, '<id>');
    };
    const near = (itemId: string) => ({ itemId, relatedItemId: mine.id });
    const other = (relatedItemId: string) => ({ itemId: reader.id, relatedItemId });
    const both = (id: string) => ({ itemId: id, relatedItemId: id });
    const asTopic = (id: string) => ({ itemId: reader.id, topic: { type: 'GENERIC_TOOL_ITEM', id } });
    const byExternal = (externalId: string) => ({
      itemId: reader.id,
      topic: { type: 'GENERIC_TOOL_ITEM', externalId, projectId: office.tower.gid },
    });
    const topics = (id: string) => ({ itemId: reader.id, topic: { type: 'RFI', id } });
    for (const { id } of [hidden, elsewhere])
      for (const inputOf of [near, other, both, asTopic])
        expect(await answer(rae, inputOf, id)).toBe(await answer(rae, inputOf, nothing('Item')));
    expect(await answer(rae, byExternal, 'H-1')).toBe(await answer(rae, byExternal, 'H-2'));
    expect(await answer(rae, topics, far.id)).toBe(await answer(rae, topics, nothing('ExternalTopic')));
    const gone = async (id: string) =>
      JSON.stringify(await office.tell(rae, 'removeRelatedItem', { id }, 'removedId')).replaceAll(id, '<id>');
    expect(await gone(told.id)).toBe(await gone(nothing('RelatedItem')));
    expect(await node(rae, told.id)).toBe(null);
  });

  test('the two hundred and first; what somebody does not see does not count for them', async () => {
    const { ben, ada, tower, review } = office;
    const of = { project: tower, tool: review, status: 'Open' };
    const [many, ...others] = await putItems(office, [
      ...Array.from({ length: 201 }, () => ({ ...of, by: ben })),
      ...Array.from({ length: 2 }, () => ({ ...of, by: ada, private: true })),
    ]);
    const rows = others.filter((_, n) => n !== 199).map(({ id }) => id);
    await office.sql`
      insert into related_items (id, company_id, created_at, updated_at, project_id, item_id, related_item_id, created_by_id)
      select gen_random_uuid(), ${tower.companyId}, now(), now(), ${tower.id}, ends.a, ends.b, ${ben.id}
      from unnest(${rows}::uuid[]) other(id) cross join lateral (values (${many!.id}::uuid, other.id), (other.id, ${many!.id}::uuid)) ends(a, b)`.execute(
      office.db,
    );
    const last = others[199]!.gid;
    // 199 that Ben sees and 2 that he does not
    expect(await relatedTo(ben, many!.gid)).toHaveLength(199);
    expect((await relate(ben, last, { relatedItemId: many!.gid })).userErrors).toEqual([]);
    const more = (await open(ben)).id;
    expect(faultsOf(await relate(ben, many!.gid, { relatedItemId: more }))).toEqual(['TOO_MANY itemId']);
    expect(faultsOf(await relate(ben, more, { relatedItemId: many!.gid }))).toEqual(['TOO_MANY relatedItemId']);
  });

  test('while one of the two is archived; restored, it is all there again', async () => {
    const { ada, ben } = office;
    const [a, b, c] = [await open(ben), await open(ben), await open(ben)];
    const { relatedItem } = await relate(ben, a.id, { relatedItemId: b.id });
    await office.archive(ada, b.id);
    expect(await relatedTo(ben, a.id)).toEqual([]);
    expect(await node(ben, relatedItem.id)).toBe(null);
    expect((await relatedTo(ada, a.id)).map(({ item }) => item.id)).toEqual([b.id]);
    expect(faultsOf(await relate(ben, c.id, { relatedItemId: b.id }))).toEqual(['NOT_FOUND relatedItemId']);
    expect(faultsOf(await relate(ada, c.id, { relatedItemId: b.id }))).toEqual(['CLOSED relatedItemId']);
    expect(faultsOf(await relate(ada, b.id, { relatedItemId: c.id }))).toEqual(['CLOSED itemId']);
    expect(faultsOf(await remove(ada, relatedItem.id))).toEqual(['CLOSED id']);
    expect(faultsOf(await remove(ben, relatedItem.id))).toEqual(['NOT_FOUND id']);
    await office.restore(ada, b.id);
    expect(await relatedTo(ben, a.id)).toEqual([relatedItem]);
    await office.db.updateTable('companies').set({ issuedItemsAreFrozen: true }).execute();
    expect((await relate(ben, c.id, { relatedItemId: b.id })).userErrors).toEqual([]);
    expect((await remove(ben, relatedItem.id)).userErrors).toEqual([]);
    await office.db.updateTable('companies').set({ issuedItemsAreFrozen: false }).execute();
  });
});

test('of those who relate the same at once, or take it away, one does', async () => {
  const { ada, ben } = office;
  const [a, b] = [await open(ben), await open(ben)];
  for (let round = 0; round < 3; round += 1) {
    const payloads = await Promise.all([
      relate(ben, a.id, { relatedItemId: b.id }),
      relate(ben, b.id, { relatedItemId: a.id }),
      relate(ada, a.id, { relatedItemId: b.id }),
      relate(ada, b.id, { relatedItemId: a.id }),
    ]);
    expect(payloads.flatMap(faultsOf)).toEqual(Array(3).fill('TAKEN relatedItemId'));
    const rows = [...(await relatedTo(ben, a.id)), ...(await relatedTo(ben, b.id))];
    expect(rows).toHaveLength(2);
    const removed = await Promise.all(rows.flatMap(({ id }) => [remove(ben, id), remove(ada, id)]));
    expect(removed.flatMap(faultsOf)).toEqual(Array(3).fill('NOT_FOUND id'));
    expect(await relatedTo(ben, a.id)).toEqual([]);
  }
});

test('a row that was not looked for through both of its ends is refused, and its note with it', async () => {
  const { ada, rae } = office;
  const [seen, hidden] = [await open(ada), await office.item(ada, { private: true })];
  const { relatedItem } = await relate(ada, seen.id, { relatedItemId: hidden.id, note: 'secret' });
  const contextValue = contextOf(office.world, await viewerOf(office.db, rae.email, 'email', rae.companyId));
  const id = fromGlobalId(relatedItem.id)!.uuid;
  const [itemId, relatedItemId] = [seen, hidden].map((item) => fromGlobalId(item.id)!.uuid);
  const row = { id, itemId: itemId!, relatedItemId: relatedItemId!, topicId: null, note: 'secret' };
  contextValue.loads.know(relatedById, id, { ...row, createdById: ada.id, createdAt: '2026-03-02T09:00:00Z' });
  const document = parse('query ($id: ID!) { node(id: $id) { ... on RelatedItem { note } } }');
  const { data, errors } = await execute({ schema, document, contextValue, variableValues: { id: relatedItem.id } });
  expect([data, errors?.[0]?.extensions.code]).toEqual([{ node: null }, 'FORBIDDEN']);
});

test('a page of items brings what they are related to in as many statements as one item', async () => {
  const { ben, tower, review } = office;
  const items = await putItems(
    office,
    Array.from({ length: 50 }, () => ({ project: tower, tool: review, by: ben, status: 'Open' })),
  );
  const rfi = { topic: { type: 'RFI', id: (await topic('page')).id } };
  for (const [n, { gid }] of items.entries()) {
    if (n > 0) expect((await relate(ben, gid, { relatedItemId: items[0]!.gid })).userErrors).toEqual([]);
    if (n % 5 === 0) await relate(ben, gid, rfi);
  }
  const source = `query ($n: Int) { items(first: $n) { nodes {
    relatedItems { note createdBy { name } item { number title } topic { ... on ExternalTopic { title project { name } } } }
  } } }`;
  await office.get(ben, source, { n: 5 });
  const counted = [await office.statementsOf(ben, source, { n: 5 }), await office.statementsOf(ben, source, { n: 50 })];
  const { items: page } = await office.get(ben, source, { n: 50 });
  expect(page.nodes.flatMap((item: Payload) => item.relatedItems)).toHaveLength(49 * 2 + 10);
  expect(counted).toEqual([6, 6]);
});
