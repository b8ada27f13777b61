import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test, vi } from 'vitest';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';
import { uuidOf } from '../../src/kernel/ids.ts';
import { createArchive } from '../kit/files.ts';
import type { Payload } from '../kit/office.ts';
import type { Person } from '../kit/world.ts';

const office = await createArchive();
afterAll(() => office[Symbol.asyncDispose]());
const { ada, ben, rae, bring, item, update, openLink } = office;

const shown = async (who: Person, id: string): Promise<Payload> =>
  (await office.get(who, 'query ($id: ID!) { item(id: $id) { attachments { url } attachmentsZipUrl } }', { id })).item;
const linkOf = async (who: Person, id: string): Promise<string> => (await shown(who, id)).attachments[0].url;
const get = async (url: string, headers: Record<string, string> = {}) => {
  const answer = await openLink(url, { headers });
  return { status: answer.status, head: Object.fromEntries(answer.headers), text: await answer.text() };
};

test('a file is saved, never shown: its type as sniffed, its name in every alphabet', async () => {
  const evil = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  for (const [name, type] of [
    ['x.svg', 'text/plain'],
    ['x.html', 'text/plain'],
    ['Liste.csv', 'text/csv'],
  ] as const) {
    const made = await item(ben, { uploadIds: [await bring(ben, name, evil)] });
    const { status, head, text } = await get(await linkOf(ben, made.id));
    expect([status, text]).toEqual([200, evil]);
    expect(head).toMatchObject({
      'content-type': `${type}; charset=utf-8`,
      'content-disposition': `attachment; filename="${name}"`,
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
      'content-length': String(evil.length),
      etag: `"${createHash('sha256').update(evil).digest('hex')}"`,
    });
  }
  const made = await item(ben, { uploadIds: [await bring(ben, 'Größe "5\' 図面".pdf', 'x')] });
  expect((await get(await linkOf(ben, made.id))).head['content-disposition']).toBe(
    `attachment; filename="Gro_e _5' ___.pdf"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%225%27%20%E5%9B%B3%E9%9D%A2%22.pdf`,
  );
});

test('parts of a file', async () => {
  const made = await item(ben, { uploadIds: [await bring(ben, 'digits.txt', '0123456789')] });
  const url = await linkOf(ben, made.id);
  const { etag } = (await get(url)).head;
  for (const [range, ifRange, status, text, contentRange] of [
    ['bytes=2-4', null, 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', etag, 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', null, 206, '789', 'bytes 7-9/10'],
    ['bytes=8-99', null, 206, '89', 'bytes 8-9/10'],
    ['bytes=10-', null, 416, '', 'bytes */10'],
    ['bytes=-0', null, 416, '', 'bytes */10'],
    ['bytes=4-2', null, 200, '0123456789', undefined],
    ['bytes=0-1,3-4', null, 200, '0123456789', undefined],
    ['lines=1-2', null, 200, '0123456789', undefined],
    ['bytes=2-4', '"another"', 200, '0123456789', undefined],
  ] as const) {
    const found = await get(url, { range, ...(ifRange && { 'if-range': ifRange }) });
    expect([found.status, found.text, found.head['content-range']], range).toEqual([status, text, contentRange]);
  }
  const head = await openLink(url, { method: 'HEAD', headers: { range: 'bytes=2-4' } });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([206, '3', '']);
});

test('a link is worth as much as its user sees at the moment', async () => {
  const made = await item(ben, { statusName: 'Open', uploadIds: [await bring(ben), await bring(ben)] });
  const { attachments, attachmentsZipUrl } = await shown(rae, made.id);
  const links = [attachments[0].url, attachmentsZipUrl];
  const statuses = () => Promise.all(links.map(async (link) => (await get(link)).status));
  expect(await statuses()).toEqual([200, 200]);
  await update(ben, made.id, { private: true });
  expect(await statuses()).toEqual([404, 404]);
  await update(ben, made.id, { private: false });
  await office.archive(ada, made.id);
  expect(await statuses()).toEqual([404, 404]);
  await office.restore(ada, made.id);
  expect(await statuses()).toEqual([200, 200]);
  await office.sql`update users set active = false where id = ${rae.id}`.execute(office.db);
  expect(await statuses()).toEqual([404, 404]);
  await office.sql`update users set active = true where id = ${rae.id}`.execute(office.db);
  // references have nothing to be downloaded
  const { item: referring } = await update(ben, made.id, {
    references: [{ kind: 'FORM', externalId: '1', name: 'x' }],
  });
  expect((await shown(rae, referring.id)).attachments[2].url).toBeNull();
});

/** What a zip holds, as an unpacker reads it that trusts no names. */
async function unpacked(bytes: Buffer): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const zip = await new Promise<ZipFile>((resolve, reject) =>
    fromBuffer(bytes, { lazyEntries: true, strictFileNames: true }, (error, file) =>
      error ? reject(error) : resolve(file),
    ),
  );
  await new Promise((end, fail) => {
    zip.on('end', end).on('error', fail);
    zip.on('entry', (entry: Entry) =>
      zip.openReadStream(entry, async (error, stream) => {
        if (error) return fail(error);
        found[entry.fileName] = await text(stream);
        zip.readEntry();
      }),
    );
    zip.readEntry();
  });
  return found;
}

test('a zip holds every uploaded file once, under a name that unpacks safely', async () => {
  const names = ['a.txt', 'A.TXT', 'a (2).txt', 'CON.txt', 'b?.txt', '..\\..\\evil.sh', 'ü.txt'];
  const uploadIds: string[] = [];
  for (const [n, name] of names.entries()) uploadIds.push(await bring(ben, name, `content ${n}`));
  const made = await item(ben, {
    position: 'int/1',
    uploadIds,
    references: [{ kind: 'IMAGE', externalId: '1', name: 'x' }],
  });
  // what was stored before names were cleaned, or by somebody else
  await office.sql`update attachments set name = '../../etc/cron.d/x' where name = 'ü.txt'`.execute(office.db);
  const { attachmentsZipUrl } = await shown(ben, made.id);
  const answer = await openLink(attachmentsZipUrl);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'application/zip',
    'content-length': String(bytes.length),
    'content-disposition': expect.stringContaining('filename="1.zip"'),
  });
  expect(await unpacked(bytes)).toEqual({
    'a.txt': 'content 0',
    'A (2).TXT': 'content 1',
    'a (2) (2).txt': 'content 2',
    '_CON.txt': 'content 3',
    'b_.txt': 'content 4',
    'evil.sh': 'content 5',
    x: 'content 6',
  });
  expect((await openLink(attachmentsZipUrl, { method: 'HEAD' })).headers.get('content-length')).toBe(
    String(bytes.length),
  );
});

test('a file that is lost breaks off the answer and is told by the log, not by a link that hangs', async () => {
  const made = await item(ben, { uploadIds: [await bring(ben, 'a.txt', 'x'.repeat(1000)), await bring(ben, 'b.txt')] });
  // Yoga's listener says there what our log says as well
  using _quiet = vi.spyOn(console, 'error').mockImplementation(() => {});
  const server = createServer(office.app.listener).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const here = (url: string) =>
    url.replace('http://gateway.test', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const { attachments, attachmentsZipUrl } = await shown(ben, made.id);
  expect((await (await fetch(here(attachments[0].url))).text()).length).toBe(1000);
  const { rows } = await office.sql<{ id: string }>`
    select file_id as id from attachments where name = 'b.txt' and item_id = ${uuidOf('Item', made.id)}`.execute(
    office.db,
  );
  await rm(join(office.folder, 'files', rows[0]!.id.slice(-2), rows[0]!.id));
  expect((await fetch(here(attachments[1].url))).status).toBe(500);
  await expect(fetch(here(attachmentsZipUrl)).then((answer) => answer.arrayBuffer())).rejects.toThrow();
  server.closeAllConnections();
  server.close();
});
