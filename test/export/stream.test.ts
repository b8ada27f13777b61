import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createOffice } from '../kit/office.ts';
import { putItems } from '../kit/putItems.ts';

test('over a connection: a caller who goes ends the reading, and what fails half way does not look whole', async () => {
  await using office = await createOffice();
  const { rae, ben, tower, review } = office;
  await putItems(
    office,
    Array.from({ length: 600 }, () => ({
      project: tower,
      tool: review,
      by: ben,
      title: 'x',
      status: 'Open',
    })),
  );
  // ten megabytes a chunk of 250, the first of which is more than a connection takes in that nobody reads from; of no words: those cost seconds
  await office.sql`update items set description = repeat('-', 42000)`.execute(office.db);
  const columns = ['DESCRIPTION', 'TITLE', 'NUMBER', 'STATUS', 'CREATED_AT'];
  const source = `query ($id: ID!, $columns: [String!]) { project(id: $id) {
    long: itemsExportUrl(format: CSV, columns: $columns) short: itemsExportUrl(format: CSV, columns: ["TITLE"]) } }`;
  const { project } = await office.get(rae, source, { id: tower.gid, columns });
  const server = createServer(office.app.listener).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [url, short] = [project.long, project.short].map((link) => link.replace('http://gateway.test', origin));
  const open = () => new Promise<IncomingMessage>((answer, failed) => get(url, answer).once('error', failed));
  const chunks = () => office.statements.texts.filter((text) => text.includes('named as materialized')).length;
  const settled = async () => {
    for (let before = -1; before !== chunks(); ) {
      before = chunks();
      await new Promise((wait) => setTimeout(wait, 150));
    }
  };

  // who does not read is not read for
  const idle = await open();
  await settled();
  expect(chunks()).toBeLessThan(3);
  const before = chunks();
  idle.destroy();
  await settled();
  expect(chunks()).toBe(before);
  // their place is free again
  const all = await Promise.all(Array.from({ length: 4 }, () => fetch(short)));
  expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect((await all[0]!.text()).split('\r\n')).toHaveLength(602);
  for (const answer of all.slice(1)) await answer.body!.cancel();

  const failing = await open();
  await office.sql`alter table item_audiences rename to gone`.execute(office.db);
  const ended = new Promise<string>((told) => {
    failing.once('end', () => told('whole')).once('error', (error) => told((error as NodeJS.ErrnoException).code!));
  });
  failing.resume();
  expect(await ended).toBe('ECONNRESET');
  await office.sql`alter table gone rename to item_audiences`.execute(office.db);
  server.closeAllConnections();
  server.close();
});
