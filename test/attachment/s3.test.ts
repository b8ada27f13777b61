import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from '@20minutes/s3rver';
import { afterAll, expect, test } from 'vitest';
import { removeUnusedFiles } from '../../src/file/file.jobs.ts';
import { filesOf } from '../kit/files.ts';
import { createOffice, type Payload } from '../kit/office.ts';

// a server that speaks S3, with files in a folder
const folder = await mkdtemp(join(tmpdir(), 'gateway-s3-'));
const bucket = new S3rver({ directory: folder, silent: true, configureBuckets: [{ name: 'letters' }] });
await bucket.configureBuckets();
const answer = bucket.callback();
// it knows nothing of uploads in parts that were left behind: this is how S3 tells of them
const begun = [
  ['old', '2026-03-02T08:00:00Z'],
  ['new', '2026-03-03T08:30:00Z'],
];
const aborted: string[] = [];
const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url!, 'http://s3');
  const uploadId = searchParams.get('uploadId');
  if (request.method === 'DELETE' && uploadId) {
    aborted.push(uploadId);
    response.writeHead(204).end();
  } else if (request.method === 'GET' && searchParams.has('uploads')) {
    const rows = begun.map(
      ([id, at]) => `<Upload><Key>files/x</Key><UploadId>${id}</UploadId><Initiated>${at}</Initiated></Upload>`,
    );
    response.end(`<ListMultipartUploadsResult>${rows.join('')}</ListMultipartUploadsResult>`);
  } else answer(request, response);
}).listen(0, '127.0.0.1');
await new Promise((listening) => server.once('listening', listening));
const office = await createOffice({
  S3_BUCKET: 'letters',
  S3_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  S3_ACCESS_KEY_ID: 'S3RVER',
  S3_SECRET_ACCESS_KEY: 'S3RVER',
  S3_FORCE_PATH_STYLE: 'true',
});
const { announce, put, bring } = filesOf(office);
afterAll(async () => {
  office.storage.close();
  await office[Symbol.asyncDispose]();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});
const { ben, item } = office;

const stored = async () =>
  (await readdir(join(folder, 'letters'), { recursive: true })).filter((name) => name.endsWith('._S3rver_object'));
const shown = async (id: string): Promise<Payload> =>
  (await office.get(ben, 'query ($id: ID!) { item(id: $id) { attachments { name url } attachmentsZipUrl } }', { id }))
    .item;
const sumOf = (bytes: ArrayBuffer | Uint8Array) => createHash('md5').update(new Uint8Array(bytes)).digest('hex');

test('small files and such of many parts go to the bucket, and are got from there for a minute', async () => {
  for (const size of [5, 8 * 1024 * 1024, 17_000_000]) {
    const bytes = randomBytes(size);
    const made = await item(ben, { uploadIds: [await bring(ben, 'size.bin', bytes)] });
    const { attachments } = await shown(made.id);
    const answer = await office.openLink(attachments[0].url);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([302, 'private, no-store']);
    const address = answer.headers.get('location')!;
    expect(Number(new URL(address).searchParams.get('X-Amz-Expires'))).toBeLessThanOrEqual(60);
    const got = await fetch(address);
    expect([got.status, sumOf(await got.arrayBuffer())]).toEqual([200, sumOf(bytes)]);
    expect(got.headers.get('content-type')).toBe('application/octet-stream');
    expect(got.headers.get('content-disposition')).toBe('attachment; filename="size.bin"');
    expect((await fetch(address, { headers: { range: 'bytes=1-2' } })).status).toBe(206);
    expect((await fetch(address.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'))).status).toBe(403);
  }
});

test('without sight no address is given', async () => {
  const made = await item(ben, { uploadIds: [await bring(ben)] });
  const { attachments } = await shown(made.id);
  await office.archive(office.ada, made.id);
  const answer = await office.openLink(attachments[0].url);
  expect([answer.status, answer.headers.get('location')]).toEqual([404, null]);
});

test('what breaks off leaves nothing; what nothing uses goes', async () => {
  const before = await stored();
  const { url } = await announce(ben, 'big.bin', 30_000_000);
  let sent = 0;
  const broken = new ReadableStream({
    pull(controller) {
      sent += 1;
      if (sent === 12) controller.error(new Error('gone'));
      else controller.enqueue(randomBytes(1_000_000));
    },
  });
  expect((await put(url, broken)).status).toBe(400);
  expect(await stored()).toEqual(before);
  expect((await put(url, randomBytes(100))).status).toBe(201);
  office.clock.advance(25 * 3_600_000);
  aborted.length = 0;
  expect(await removeUnusedFiles(office)).toBe(1);
  expect(await stored()).toEqual(before);
  expect(aborted).toEqual(['old']);
});

test('a zip is read from the bucket', async () => {
  const made = await item(ben, { uploadIds: [await bring(ben, 'a.txt'), await bring(ben, 'b.txt')] });
  const answer = await office.openLink((await shown(made.id)).attachmentsZipUrl);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect([answer.status, String(bytes.length)]).toEqual([200, answer.headers.get('content-length')]);
  expect(bytes.includes('a.txt') && bytes.includes('b.txt')).toBe(true);
});
