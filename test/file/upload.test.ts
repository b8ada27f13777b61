import { createHash } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { removeUnusedFiles } from '../../src/file/file.jobs.ts';
import { uuidOf } from '../../src/kernel/ids.ts';
import { createArchive } from '../kit/files.ts';
import { faultsOf } from '../kit/office.ts';

const office = await createArchive({ MAX_UPLOAD_BYTES: '1000000', CORS_ORIGINS: 'https://app.example.com' });
afterAll(() => office[Symbol.asyncDispose]());
const { ada, ben, sql, db, announce, put, stored } = office;

const rowOf = async (uploadId: string) =>
  (await sql<Record<string, unknown>>`select * from files where id = ${uuidOf('Upload', uploadId)}`.execute(db))
    .rows[0];
const streamOf = (...pieces: (string | Error | Promise<string>)[]) =>
  new ReadableStream({
    async pull(controller) {
      const piece = await pieces.shift();
      if (piece instanceof Error) controller.error(piece);
      else if (piece === undefined) controller.close();
      else controller.enqueue(Buffer.from(piece));
    },
  });

test('what is announced is checked', async () => {
  for (const [name, size, fault] of [
    ['plan.pdf', 0, 'INVALID size'],
    ['plan.pdf', -1, 'INVALID size'],
    ['plan.pdf', 1_000_001, 'INVALID size'],
    ['../..', 1, 'REQUIRED name'],
    ['/etc/', 1, 'REQUIRED name'],
    ['\u202E\u0000', 1, 'REQUIRED name'],
    ['ä'.repeat(128), 1, 'TOO_LONG name'],
  ] as const)
    expect(faultsOf(await announce(ben, name, size)), name).toEqual([fault]);
  const { errors } = await office.ask(ben, 'mutation { createUpload(input: { name: "x", size: 5000000000 }) { url } }');
  expect(errors![0].message).toContain('5000000000');
});

test('one PUT stores the bytes, their sum and the type that they show, under a clean name', async () => {
  const bytes = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  const { uploadId, url } = await announce(ben, 'C:\\temp\\..\\Fa\u0007çade \u202Egpj.html', 100);
  const answer = await put(url, bytes, { 'content-type': 'text/html' });
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'private, no-store']);
  expect(await rowOf(uploadId)).toMatchObject({
    name: 'Façade gpj.html',
    size: '16',
    content_type: 'image/png',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    receiving_since: null,
  });
  expect(await stored()).toEqual([uuidOf('Upload', uploadId)]);
  expect((await put(url, bytes)).status).toBe(409);
});

test('what is too long, empty, cut, packed or broken off leaves nothing, and may be tried again', async () => {
  const { uploadId, url } = await announce(ben, 'notes.txt', 10);
  const before = await stored();
  expect((await put(url, 'x'.repeat(11))).status).toBe(413);
  expect((await put(url, streamOf('123456', '78901'))).status).toBe(413);
  expect((await put(url, streamOf('123456'), { 'content-length': '7' })).status).toBe(400);
  expect((await put(url, streamOf('12'), { 'content-length': '5000000000' })).status).toBe(413);
  expect((await put(url, '')).status).toBe(400);
  expect((await put(url, 'x', { 'content-encoding': 'gzip' })).status).toBe(415);
  expect((await put(url, streamOf('123', new Error('gone')))).status).toBe(400);
  expect(await rowOf(uploadId)).toMatchObject({ stored_at: null, receiving_since: null });
  expect(await stored()).toEqual(before);
  expect((await put(url, streamOf('12345', '67890'))).status).toBe(201);
  expect(await rowOf(uploadId)).toMatchObject({ size: '10', content_type: 'text/plain' });
});

test('of two PUTs at once one is taken', async () => {
  const { uploadId, url } = await announce(ben, 'notes.txt', 10);
  const end = Promise.withResolvers<string>();
  const first = put(url, streamOf('first', end.promise));
  await expect.poll(async () => (await rowOf(uploadId))!.receiving_since).not.toBeNull();
  expect((await put(url, 'second')).status).toBe(409);
  end.resolve('!');
  expect((await first).status).toBe(201);
  expect(await rowOf(uploadId)).toMatchObject({ size: '6' });
});

test('the address is for PUT, for a quarter of an hour, and for somebody who is still active', async () => {
  const { url } = await announce(ben, 'notes.txt', 10);
  for (const [method, status] of [
    ['GET', 405],
    ['POST', 405],
    ['DELETE', 405],
  ] as const)
    expect((await office.openLink(url, { method })).status).toBe(status);
  const preflight = await office.openLink(url, {
    method: 'OPTIONS',
    headers: { origin: 'https://app.example.com', 'access-control-request-method': 'PUT' },
  });
  expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT');
  const token = url.split('/').at(-1)!;
  for (const other of [`/uploads/${token}x`, '/uploads/', '/uploads/x.y.z', `/uploads/${token}/x`])
    expect((await put(`http://gateway.test${other}`, 'x')).status).toBe(404);
  expect((await office.openLink(`http://gateway.test/links/upload/${token}`)).status).toBe(404);
  await sql`update users set active = false where id = ${ben.id}`.execute(db);
  expect((await put(url, 'x')).status).toBe(404);
  await sql`update users set active = true where id = ${ben.id}`.execute(db);
  office.clock.advance(15 * 60_000 + 1000);
  expect((await put(url, 'x')).status).toBe(404);
});

test('somebody has a hundred uploads at most, also when they ask for many at once; a day later they are gone', async () => {
  await sql`
    insert into files (id, company_id, created_at, updated_at, created_by_id, name, announced_size, due_at)
    select gen_random_uuid(), company_id, now(), now(), id, 'x', 1, ${office.clock.now()}::timestamptz + interval '1 day'
    from users, generate_series(1, 97) where id = ${ada.id}`.execute(db);
  const answers = await Promise.all(Array.from({ length: 6 }, (_, n) => announce(ada, `${n}.txt`, 10)));
  expect(answers.filter(({ uploadId }) => uploadId)).toHaveLength(3);
  expect(faultsOf(answers.find(({ uploadId }) => !uploadId)!)).toEqual(['TOO_MANY']);
  expect((await put(answers.find(({ url }) => url)!.url, 'kept')).status).toBe(201);
  await removeUnusedFiles(office);
  expect(await stored()).not.toEqual([]);
  office.clock.advance(25 * 3_600_000);
  // killed in the middle: the rows tell of what is left
  const broken = { ...office, storage: { ...office.storage, remove: async () => Promise.reject(new Error('killed')) } };
  await expect(removeUnusedFiles(broken)).rejects.toThrow('killed');
  expect(await stored()).not.toEqual([]);
  office.clock.advance(3_600_000);
  const removed = await Promise.all([removeUnusedFiles(office), removeUnusedFiles(office)]);
  expect(removed[0]! + removed[1]!).toBeGreaterThan(100);
  expect(await stored()).toEqual([]);
  expect((await sql`select from files`.execute(db)).rows).toEqual([]);
  expect((await announce(ada, 'again.txt', 10)).uploadId).not.toBeNull();
});
