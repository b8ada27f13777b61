import { afterAll, beforeAll, expect, test } from 'vitest';
import { createArchive } from '../kit/files.ts';
import { faultsOf, type Payload } from '../kit/office.ts';
import type { Person } from '../kit/world.ts';

let office: Awaited<ReturnType<typeof createArchive>>;
beforeAll(async () => {
  office = await createArchive();
});
afterAll(() => office[Symbol.asyncDispose]());

const attachmentsOf = async (who: Person, id: string): Promise<Payload[]> =>
  (
    await office.get(
      who,
      'query ($id: ID!) { item(id: $id) { attachments { id kind name size contentType externalId url createdBy { name } } } }',
      { id },
    )
  ).item.attachments;
const namesIn = async (who: Person, id: string): Promise<string[]> =>
  (await attachmentsOf(who, id)).map(({ name }) => name);
const read = async (url: string) => (await office.openLink(url)).text();
const DRAWING = {
  kind: 'DRAWING_REVISION',
  externalId: 'D-7',
  name: 'Lintel, section',
  url: 'https://d.example.com/7',
};

test('an item made out of another has its attachments: its own, of the same files', async () => {
  const { ada, ben, rae } = office;
  const letters = await office.secondTool('Letters');
  const origin = await office.item(ada, {
    ...{ private: true, statusName: 'Open', distributionMemberIds: [ben.gid] },
    ...{ uploadIds: [await office.bring(ada, 'crack.txt', 'a photo')], references: [DRAWING] },
  });
  const { id } = await letters.words.item(ben, { originItemId: origin.id, private: false, statusName: 'Open' });
  // Rae sees the letter and not what it was made out of
  const [file, drawing] = await attachmentsOf(rae, id);
  expect(file).toMatchObject({ kind: 'UPLOAD', name: 'crack.txt', size: 7, createdBy: { name: ben.name } });
  expect(drawing).toMatchObject(DRAWING);
  expect(await read(file.url)).toBe('a photo');
  // taken off there, it stays here
  const [there] = await attachmentsOf(ada, origin.id);
  expect(there.id).not.toBe(file.id);
  expect((await office.update(ada, origin.id, { removeAttachmentIds: [there.id] })).userErrors).toEqual([]);
  expect(await namesIn(ada, origin.id)).toEqual([DRAWING.name]);
  expect(await read((await attachmentsOf(rae, id))[0].url)).toBe('a photo');

  // whoever says what is attached has said it all, nothing included; where there is no such field nothing is
  const make = async (patch: object) =>
    namesIn(ben, (await letters.words.item(ben, { originItemId: origin.id, ...patch })).id);
  expect(await make({})).toEqual([DRAWING.name]);
  expect(await make({ uploadIds: [await office.bring(ben, 'own.txt')] })).toEqual(['own.txt']);
  expect(await make({ references: [] })).toEqual([]);
  expect(await make({ uploadIds: null })).toEqual([]);
  await letters.words.rule(letters, { ATTACHMENTS: 'hidden' });
  expect(await make({})).toEqual([]);
  await letters.words.rule(letters, { ATTACHMENTS: 'required' });
  expect(await make({ statusName: 'Open' })).toEqual([DRAWING.name]);
  const without = await letters.words.create(ben, { originItemId: origin.id, references: null, statusName: 'Open' });
  expect(faultsOf(without)).toEqual(['REQUIRED item.uploadIds']);
});

test('an item made out of a response has those of the response, and not those of its item', async () => {
  const { ada, ben } = office;
  const item = await office.item(ben, { statusName: 'Open', uploadIds: [await office.bring(ben, 'item.txt')] });
  const uploadIds = [await office.bring(ada, 'answer.txt', 'Yes.')];
  const { response } = await office.respond(ada, item.id, {
    notes: null,
    official: true,
    uploadIds,
    references: [DRAWING],
  });
  const made = (await office.create(ben, {}, { originResponseId: response.id })).item;
  expect(made.description).toBe(null);
  const [file, drawing] = await attachmentsOf(ben, made.id);
  expect([file.name, drawing.name, await read(file.url)]).toEqual(['answer.txt', DRAWING.name, 'Yes.']);
});
