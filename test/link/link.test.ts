import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { readingOf } from '../../src/database/orm.ts';
import { viewerById } from '../../src/directory/viewer.ts';
import { contextOf } from '../../src/graph/context.ts';
import { type LinkAnswerer, linkKeys, linkTo } from '../../src/link/link.ts';
import { createWorld, type Person } from '../kit/world.ts';

const answerers: Record<string, LinkAnswerer> = {
  // shows who looks and what at, to everybody but Zoe
  echo: async ({ viewer }, options) =>
    viewer.name === 'Zoe'
      ? null
      : new Response(JSON.stringify({ name: viewer.name, options }), { headers: { 'cache-control': 'public' } }),
  other: async () => new Response('other'),
};

const world = await createWorld({ LINK_TTL: '60' });
afterAll(() => world[Symbol.asyncDispose]());
const app = createApp(world.world, answerers);

async function contextFor({ id, companyId }: Person) {
  const viewer = await viewerById(readingOf(world.orm), id, companyId);
  return contextOf(world.world, viewer!);
}
const open = (link: string, init?: RequestInit) => app.fetch(new Request(link, init));
async function look(link: string, init?: RequestInit) {
  const { status, headers, ...answer } = await open(link, init).then(async (found) => ({
    status: found.status,
    headers: [...found.headers],
    text: await found.text(),
  }));
  return { status, headers: Object.fromEntries(headers), ...answer };
}
const GUARDS = {
  'cache-control': 'private, no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
const NOTHING = {
  status: 404,
  text: 'Not found\n',
  headers: { ...GUARDS, 'content-type': 'text/plain; charset=utf-8' },
};

test('a link shows one thing to one user until it expires, whoever opens it', async () => {
  const ann = await world.person('Ann');
  const link = linkTo(await contextFor(ann), 'echo', { id: 7 });
  expect(link).toMatch(/^http:\/\/gateway\.test\/links\/echo\/[\w-]+\.test\.[\w-]{43}$/);
  const shown = await look(link);
  expect(shown).toMatchObject({ status: 200, headers: GUARDS });
  expect(JSON.parse(shown.text)).toEqual({ name: 'Ann', options: { id: 7 } });
  expect(await look(link, { method: 'HEAD' })).toMatchObject({ status: 200, text: '', headers: GUARDS });
  expect((await open(link, { method: 'POST', body: 'x' })).status).toBe(405);
  world.clock.advance(61_000);
  expect(await look(link)).toEqual(NOTHING);
});

test('forged, cut, of another kind, of nobody, without sight: all the same 404', async () => {
  const ben = await world.person('Ben');
  const context = await contextFor(ben);
  const link = linkTo(context, 'echo', {});
  const [payload, id, mac] = link.split('/').at(-1)!.split('.') as [string, string, string];
  const said = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const forged = Buffer.from(JSON.stringify({ ...said, e: said.e + 900 })).toString('base64url');
  const of = (token: string, kind = 'echo') => `http://gateway.test/links/${kind}/${token}`;
  const stranger = linkKeys(world.config, [['test', 'a secret that is not the one of this world']]);
  const nobody = { ...context, viewer: { ...context.viewer, id: world.home.id } };
  const elsewhere = { ...context, viewer: { ...context.viewer, companyId: (await world.company('Other')).id } };
  const zoe = await contextFor(await world.person('Zoe'));
  for (const bad of [
    of(`${forged}.${id}.${mac}`),
    of(`${payload}.${id}.${mac.slice(1)}`),
    of(`${payload}.other.${mac}`),
    of(`${payload}.${id}.${'A'.repeat(43)}`),
    of(`${payload}.${id}.${mac}`, 'other'),
    of(`${payload}.${id}.${mac}`, 'constructor'),
    of(`${payload}.${id}.${mac}/`),
    ...[of(''), of('x'), of('..'), 'http://gateway.test/links/', 'http://gateway.test/links/echo'],
    linkTo(context, 'unknown', {}),
    linkTo({ ...context, world: { ...world.world, links: stranger } }, 'echo', {}),
    linkTo(nobody, 'echo', {}),
    linkTo(elsewhere, 'echo', {}),
    linkTo(zoe, 'echo', {}),
  ]) {
    expect(await look(bad), bad).toEqual(NOTHING);
  }
  expect((await look(link)).status).toBe(200);
  await world.sql`update users set active = false where id = ${ben.id}`.execute(world.db);
  expect(await look(link)).toEqual(NOTHING);
});

test('a service user has links too; a former key verifies, and the first one signs', async () => {
  const robot = await world.person('Robot', { service: true });
  const context = await contextFor(robot);
  const old = linkTo(context, 'echo', {});
  const secrets: [string, string][] = [
    ['next', 'a secret that is the next one of this world'],
    ['test', 'a secret that links of tests are signed with'],
  ];
  const rotated = { ...world.world, links: linkKeys(world.config, secrets) };
  const after = createApp(rotated, answerers);
  const next = linkTo({ ...context, world: rotated }, 'echo', {});
  expect(next).toContain('.next.');
  for (const link of [old, next]) expect((await after.fetch(new Request(link))).status).toBe(200);
  expect((await look(next)).status).toBe(404);
});

test('over HTTP, HEAD has the head of GET', async () => {
  const server = createServer(app.listener).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const link = linkTo(await contextFor(await world.person('Cat')), 'echo', 'x'.repeat(3000));
  const url = link.replace('http://gateway.test', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [got, head] = [await fetch(url), await fetch(url, { method: 'HEAD' })];
  expect([got.status, head.status, await head.text()]).toEqual([200, 200, '']);
  expect(got.headers.get('referrer-policy')).toBe('no-referrer');
  expect((await got.json()).options).toHaveLength(3000);
  server.closeAllConnections();
  server.close();
});
