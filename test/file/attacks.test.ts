import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { readingOf } from '../../src/database/orm.ts';
import { viewerById } from '../../src/directory/viewer.ts';
import { removeUnusedFiles } from '../../src/file/file.jobs.ts';
import { receive } from '../../src/file/receive.commands.ts';
import { contextOf } from '../../src/graph/context.ts';
import { uuidOf } from '../../src/kernel/ids.ts';
import { createArchive } from '../kit/files.ts';
import { startGateway } from '../kit/gateway.ts';
import { LINK_SECRET } from '../kit/world.ts';

const office = await createArchive();
afterAll(() => office[Symbol.asyncDispose]());
const { ben, announce, put, stored, sql, db, clock } = office;
clock.set(new Date().toISOString());

const rowOf = async (uploadId: string) =>
  (await sql<Record<string, unknown>>`select * from files where id = ${uuidOf('Upload', uploadId)}`.execute(db))
    .rows[0];
/** Begins a PUT over a real connection and stays in the middle of it. */
function half(origin: string, url: string) {
  const begun = request(url.replace('http://gateway.test', origin), {
    method: 'PUT',
    headers: { 'content-length': 1_000_000 },
  });
  begun.on('error', () => {}).write(Buffer.alloc(500_000));
  return begun;
}

test('a connection that is cut in the middle leaves nothing, and the upload may be tried again', async () => {
  const server = createServer(office.app.listener).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { uploadId, url } = await announce(ben, 'x.bin', 1_000_000);
  const begun = half(origin, url);
  await expect.poll(stored).toHaveLength(1);
  begun.destroy();
  await expect.poll(async () => (await rowOf(uploadId))!.receiving_since).toBeNull();
  expect(await stored()).toEqual([]);
  const here = url.replace('http://gateway.test', origin);
  const tooMuch = await fetch(here, { method: 'PUT', body: Buffer.alloc(1_000_001) });
  expect([tooMuch.status, tooMuch.headers.get('connection')]).toEqual([413, 'close']);
  expect((await fetch(here, { method: 'PUT', body: Buffer.alloc(1_000_000) })).status).toBe(201);
  server.closeAllConnections();
  server.close();
});

test('who sends nothing for a while, or takes too long in all, is not waited for', async () => {
  const viewer = await viewerById(readingOf(office.orm), ben.id, ben.companyId);
  const context = contextOf(office.world, viewer!);
  const { uploadId } = await announce(ben, 'x.txt', 1_000_000);
  const every = (ms: number) =>
    new ReadableStream<Uint8Array>({
      async pull(controller) {
        await sleep(ms);
        controller.enqueue(Buffer.from('x'));
      },
    });
  const before = await stored();
  const id = uuidOf('Upload', uploadId)!;
  const brought = (ms: number, patience: { idleMs: number; totalMs: number }) =>
    receive(context, id, { body: every(ms), length: null }, patience);
  expect(await brought(200, { idleMs: 20, totalMs: 60_000 })).toBe('SLOW');
  expect(await brought(5, { idleMs: 60_000, totalMs: 60 })).toBe('SLOW');
  expect(await stored()).toEqual(before);
});

test('a gateway that is killed in the middle of a PUT leaves what is removed a day later', async () => {
  const { uploadId, url } = await announce(ben, 'x.bin', 1_000_000);
  const before = await stored();
  {
    await using gateway = await startGateway({
      ...{ DATABASE_URL: office.url, DATA_DIR: office.folder, LINK_SECRETS: `test:${LINK_SECRET}` },
      ...{ JWT_SECRET: 'x'.repeat(32), LOG_LEVEL: 'silent' },
    });
    half(gateway.origin, url);
    await expect.poll(async () => (await stored()).length).toBe(before.length + 1);
    gateway.stop('SIGKILL');
    await gateway.ended;
  }
  const item = await office.item(ben);
  expect((await office.update(ben, item.id, { uploadIds: [uploadId] })).userErrors[0].code).toBe('NOT_FOUND');
  expect((await put(url, 'x')).status).toBe(409);
  clock.advance(25 * 3_600_000);
  await removeUnusedFiles(office);
  expect(await rowOf(uploadId)).toBeUndefined();
  expect((await stored()).filter((name) => name.startsWith(uuidOf('Upload', uploadId)!))).toEqual([]);
});
