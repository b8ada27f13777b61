import { afterAll, expect, test } from 'vitest';
import { removeUnusedFiles } from '../../src/file/file.jobs.ts';
import { toGlobalId, uuidOf } from '../../src/kernel/ids.ts';
import { createArchive } from '../kit/files.ts';
import { faultsOf, nothing, type Payload } from '../kit/office.ts';
import type { Person } from '../kit/world.ts';

const office = await createArchive();
afterAll(() => office[Symbol.asyncDispose]());
const { ada, ben, rae, bring, item, update, batch, history, events, rule, review } = office;

const SHOWN = 'attachments { id kind name size contentType url externalId createdBy { name } } attachmentsZipUrl';
const shownTo = async (who: Person, id: string): Promise<Payload> =>
  (await office.get(who, `query ($id: ID!) { item(id: $id) { version ${SHOWN} } }`, { id })).item;
const namesOn = async (id: string): Promise<string[]> =>
  (await shownTo(ada, id)).attachments.map(({ name }: Payload) => name);
const drawing = { kind: 'DRAWING_REVISION', externalId: '77', name: 'A-101 rev 2', url: 'https://docs.example.com/77' };

test('uploads and references are attached, shown, told by history and events, and taken off', async () => {
  const made = await item(ben, { uploadIds: [await bring(ben, 'plan.txt', 'a plan')], references: [drawing] });
  const { attachments, attachmentsZipUrl } = await shownTo(rae, made.id).then(
    (found) => found ?? shownTo(ada, made.id),
  );
  expect(attachments).toMatchObject([
    {
      kind: 'UPLOAD',
      name: 'plan.txt',
      size: 6,
      contentType: 'text/plain',
      externalId: null,
      createdBy: { name: 'Ben Standard' },
    },
    {
      kind: 'DRAWING_REVISION',
      name: 'A-101 rev 2',
      size: null,
      contentType: null,
      url: drawing.url,
      externalId: '77',
    },
  ]);
  expect(attachments[0].url).toMatch(/^http:\/\/gateway\.test\/links\/attachment\//);
  expect(attachmentsZipUrl).toBeNull();
  const [plan] = attachments;
  const { item: changed } = await update(ben, made.id, {
    removeAttachmentIds: [plan.id],
    uploadIds: [await bring(ben, 'b.txt')],
  });
  expect(changed.version).toBe(2);
  expect(await namesOn(made.id)).toEqual(['A-101 rev 2', 'b.txt']);
  expect(await history(ben, made.id)).toEqual(['attachments: plan.txt > ', 'attachments:  > b.txt']);
  const told = (await events(made)).at(-1)!.payload.changes;
  expect(told).toMatchObject([
    { field: 'attachments', old: uuidOf('Attachment', plan.id) },
    { field: 'attachments', new: uuidOf('Attachment', (await shownTo(ben, made.id)).attachments[1].id) },
  ]);
  const { item: same } = await update(ben, made.id, { uploadIds: [], references: null, removeAttachmentIds: [] });
  expect(same.version).toBe(2);
});

test('an upload is its user’s own, whole, and used once', async () => {
  const made = await item(ben);
  const hers = await bring(ada);
  const used = await bring(ben);
  const { uploadId: unfinished } = await office.announce(ben, 'x.txt', 3);
  const old = await bring(ben);
  await office.sql`update files set removed = true where id = ${uuidOf('Upload', old)}`.execute(office.db);
  await update(ben, made.id, { uploadIds: [used] });
  const wrong = [hers, used, unfinished, old, nothing('Upload'), 'rubbish', made.id];
  const good = await bring(ben);
  const before = await office.trace();
  expect(faultsOf(await update(ben, made.id, { uploadIds: [good, ...wrong] }))).toEqual(
    wrong.map((_, n) => `NOT_FOUND patch.uploadIds.${n + 1}`),
  );
  expect(faultsOf(await office.create(ben, { title: 'x', uploadIds: wrong }))).toEqual(
    wrong.map((_, n) => `NOT_FOUND item.uploadIds.${n}`),
  );
  expect(await office.trace()).toBe(before);
  // two calls at once: one of them finds it used
  const both = await Promise.all([1, 2].map(() => update(ben, made.id, { uploadIds: [good, good] })));
  expect(both.flatMap(faultsOf)).toEqual(['NOT_FOUND patch.uploadIds.0']);
  expect(await namesOn(made.id)).toHaveLength(2);
});

test('what makes no sense is refused', async () => {
  const made = await item(ben);
  const other = await item(ben, { references: [drawing] });
  const [theirs] = (await shownTo(ben, other.id)).attachments;
  for (const [patch, faults] of [
    [{ references: [{ ...drawing, kind: 'UPLOAD' }] }, ['INVALID references.0.kind']],
    [{ references: [{ ...drawing, url: 'javascript:alert(1)' }] }, ['INVALID references.0.url']],
    [
      { references: [drawing, { ...drawing, name: ' ', externalId: 'x'.repeat(256) }] },
      ['REQUIRED references.1.name', 'TOO_LONG references.1.externalId'],
    ],
    [{ references: Array(101).fill(drawing) }, ['TOO_MANY references']],
    [{ uploadIds: Array(101).fill('x') }, ['TOO_MANY uploadIds']],
    [{ removeAttachmentIds: [theirs.id, 'x'] }, ['NOT_FOUND removeAttachmentIds.0', 'NOT_FOUND removeAttachmentIds.1']],
  ] as const)
    expect(faultsOf(await update(ben, made.id, patch))).toEqual(faults.map((fault) => fault.replace(' ', ' patch.')));
  await update(ben, made.id, { references: Array(100).fill(drawing) });
  await update(ben, made.id, { references: Array(100).fill(drawing) });
  expect(faultsOf(await update(ben, made.id, { references: [drawing] }))).toEqual(['TOO_MANY patch.references']);
  expect(faultsOf(await update(rae, made.id, { references: [drawing] }))).toEqual(['NOT_FOUND id']);
});

test('a fieldset hides and requires them, and a frozen item takes no more', async () => {
  const draft = await item(ben);
  await rule(review, { ATTACHMENTS: 'required' });
  expect(faultsOf(await update(ben, draft.id, { statusName: 'Open' }))).toEqual(['REQUIRED patch.uploadIds']);
  expect(faultsOf(await update(ben, draft.id, { statusName: 'Open', uploadIds: [await bring(ben)] }))).toEqual([]);
  const [only] = (await shownTo(ben, draft.id)).attachments;
  expect(faultsOf(await update(ben, draft.id, { removeAttachmentIds: [only.id] }))).toEqual([
    'REQUIRED patch.uploadIds',
  ]);
  await rule(review, { ATTACHMENTS: 'hidden' });
  expect(faultsOf(await update(ben, draft.id, { references: [drawing] }))).toEqual(['INVALID patch.references']);
  expect(await namesOn(draft.id)).toEqual(['notes.txt']);
  await rule(review, { ATTACHMENTS: 'free' });
  await office.sql`update companies set issued_items_are_frozen = true`.execute(office.db);
  expect(faultsOf(await update(ben, draft.id, { references: [drawing] }))).toEqual(['FROZEN patch.references']);
  await office.sql`update companies set issued_items_are_frozen = false`.execute(office.db);
});

test('a batch gives each item its own attachment of one file, which stays as long as one of them has it', async () => {
  const [one, two] = [await item(ben, { statusName: 'Open' }), await item(ben, { statusName: 'Open' })];
  const ids = [one.id, two.id];
  const patch = { uploadIds: [await bring(ben, 'shared.txt')] };
  const dry = await batch(ben, { ids, patch, dryRun: true }, 'attachments { name }');
  expect(dry.results[0].item.attachments).toEqual([{ name: 'shared.txt' }]);
  expect((await batch(ben, { ids, patch })).updatedCount).toBe(2);
  const [his, hers] = await Promise.all(ids.map(async (id) => (await shownTo(ben, id)).attachments[0]));
  expect(his.id).not.toBe(hers.id);
  const both = { ids, patch: { removeAttachmentIds: [his.id] } };
  expect(faultsOf(await batch(ben, both))).toEqual(['INVALID patch.removeAttachmentIds']);
  const read = async (url: string) => (await office.openLink(url)).status;
  const dayLater = async () => {
    office.clock.advance(25 * 3_600_000);
    await removeUnusedFiles(office);
  };
  await update(ben, one.id, { removeAttachmentIds: [his.id] });
  expect(await read(his.url)).toBe(404);
  await dayLater();
  expect(await read((await shownTo(ben, two.id)).attachments[0].url)).toBe(200);
  const before = (await office.stored()).length;
  await update(ben, two.id, { removeAttachmentIds: [hers.id] });
  await removeUnusedFiles(office);
  expect((await office.stored()).length).toBe(before);
  await dayLater();
  expect((await office.stored()).length).toBeLessThan(before);
  expect(await history(ben, two.id)).toEqual(['attachments:  > shared.txt', 'attachments: shared.txt > ']);
});

test('an attachment is seen with its item alone', async () => {
  const secret = await item(ben, { private: true, statusName: 'Open', uploadIds: [await bring(ben)] });
  const [{ id }] = (await shownTo(ben, secret.id)).attachments;
  const node = async (who: Person, of: string) =>
    (await office.get(who, 'query ($id: ID!) { node(id: $id) { ... on Attachment { name } } }', { id: of })).node;
  expect(await node(ada, id)).toEqual({ name: 'notes.txt' });
  expect([await node(rae, id), await node(ada, nothing('Attachment'))]).toEqual([null, null]);
  const uploadGid = toGlobalId('Upload', uuidOf('Attachment', id)!);
  const { errors } = await office.ask(ada, 'query ($id: ID!) { node(id: $id) { id } }', { id: uploadGid });
  expect(errors![0].extensions.code).toBe('BAD_USER_INPUT');
});

test('a page of items with attachments is a constant number of statements, and without them not one more', async () => {
  for (const n of [1, 2, 3]) await item(ben, { statusName: 'Open', references: Array(n).fill(drawing) });
  const page = (first: number, shown: string) => `{ items(first: ${first}) { nodes { number ${shown} } } }`;
  const statements = async (first: number, shown = '') => office.statementsOf(ada, page(first, shown));
  const plain = await statements(3);
  expect(await statements(3, SHOWN)).toBe(plain + 1);
  expect(await statements(10, SHOWN)).toBe(plain + 1);
});
