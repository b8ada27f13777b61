import { afterAll, expect, test } from 'vitest';
import { createArchive } from '../kit/files.ts';
import { faultsOf, type Payload } from '../kit/office.ts';
import type { Person } from '../kit/world.ts';

const office = await createArchive();
afterAll(() => office[Symbol.asyncDispose]());
const { ada, ben, rae, bring, item, tell, respond, events } = office;

const SHOWN = 'id notes attachments { id name url } attachmentsZipUrl';
const answer = (who: Person, itemId: string, input: object): Promise<Payload> =>
  tell(who, 'createResponse', { itemId, ...input }, `response { ${SHOWN} } item { version attachments { name } }`);
const open = async (url: string): Promise<number> => (await office.openLink(url)).status;

test('a response may be nothing but attachments; what it brings is its own, not the item’s', async () => {
  const asked = await item(ben, { statusName: 'Open' });
  const uploadIds = [await bring(ben, 'a.txt'), await bring(ben, 'b.txt')];
  const references = [{ kind: 'FORM', externalId: '5', name: 'Form 5' }];
  expect(faultsOf(await answer(ada, asked.id, { notes: ' ' }))).toEqual(['REQUIRED notes']);
  expect(faultsOf(await answer(ada, asked.id, { uploadIds }))).toEqual([
    'NOT_FOUND uploadIds.0',
    'NOT_FOUND uploadIds.1',
  ]);
  const { response, item: after } = await answer(ada, asked.id, {
    uploadIds: [await bring(ada, 'c.txt')],
    references,
    itemPatch: { uploadIds: [await bring(ada, 'item.txt')] },
  });
  expect(response).toMatchObject({ notes: '', attachmentsZipUrl: null });
  expect(response.attachments.map(({ name }: Payload) => name)).toEqual(['c.txt', 'Form 5']);
  expect(after).toEqual({ version: 2, attachments: [{ name: 'item.txt' }] });
  const told = (await events(asked)).find(({ type }) => type === 'response.created');
  expect(told.payload.attachmentIds).toHaveLength(2);
});

test('with an unofficial response its attachments are hidden, as nodes and as links', async () => {
  const asked = await item(ben, { statusName: 'Open', private: false });
  const uploadIds = [await bring(ada, 'a.txt'), await bring(ada, 'b.txt')];
  const { response } = await answer(ada, asked.id, { uploadIds, official: true });
  const [first] = response.attachments;
  const asRae = (document: string, variables: object): Promise<Payload> => office.get(rae, document, { ...variables });
  const node = async () =>
    (await asRae('query ($id: ID!) { node(id: $id) { ... on Attachment { name url } } }', { id: first.id })).node;
  const listed = async () =>
    (await asRae(`query ($id: ID!) { item(id: $id) { responses { nodes { ${SHOWN} } } } }`, { id: asked.id })).item
      .responses.nodes;
  const { url } = await node();
  const [{ attachmentsZipUrl }] = await listed();
  expect([await open(url), await open(attachmentsZipUrl)]).toEqual([200, 200]);
  await office.switchOfficial(ben, response.id, false);
  expect([await node(), await listed()]).toEqual([null, []]);
  expect([await open(url), await open(attachmentsZipUrl)]).toEqual([404, 404]);
  expect(await open(first.url)).toBe(200);
  await office.archive(ada, asked.id);
  expect(await open(first.url)).toBe(200);
  await office.switchOfficial(ben, response.id, true);
  expect([await node(), await open(url)]).toEqual([null, 404]);
});

test('attachments of all responses of a page are one statement', async () => {
  const asked = await item(ben, { statusName: 'Open' });
  const statements = () =>
    office.statementsOf(ada, `query ($id: ID!) { item(id: $id) { responses { nodes { ${SHOWN} } } } }`, {
      id: asked.id,
    });
  await respond(ada, asked.id);
  const one = await statements();
  await answer(ada, asked.id, { uploadIds: [await bring(ada, 'a.txt'), await bring(ada, 'b.txt')] });
  await answer(ada, asked.id, { uploadIds: [await bring(ada, 'c.txt')] });
  expect(await statements()).toBe(one);
});
