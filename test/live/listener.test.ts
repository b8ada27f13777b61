import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import pino from 'pino';
import { afterAll, expect, test, vi } from 'vitest';
import { listenTo } from '../../src/live/listener.ts';
import { createWorld } from '../kit/world.ts';

const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());
const world = stack.use(await createWorld());
const log = pino({ level: 'silent' });

/** A door to the database that can be shut, or let nothing through any more without a word. */
async function doorTo(url: string) {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const door = { isDeaf: false, isShut: false, entered: 0 };
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    door.entered += 1;
    if (door.isShut) return void socket.destroy();
    if (door.isDeaf) return;
    const inner = connect(Number(port), hostname).on('error', () => {});
    sockets.add(inner);
    socket.pipe(inner);
    inner.on('data', (data) => !door.isDeaf && socket.write(data));
    socket.on('close', () => inner.destroy());
    inner.on('close', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const address = new URL(url);
  address.port = String((server.address() as AddressInfo).port);
  return Object.assign(door, {
    url: address.href,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  });
}

async function hearing(url: string) {
  const heard: string[] = [];
  const seen = { gaps: 0 };
  const listener = listenTo(url, 'acts', {
    ...{ log, checkMs: 20, patienceMs: 1_000 },
    onNotice: (notice) => heard.push(notice),
    onGap: () => {
      seen.gaps += 1;
    },
  });
  stack.defer(() => listener.close());
  await listener.ready;
  return { listener, heard, seen };
}
const say = (words: string) => world.sql`select pg_notify('acts', ${words})`.execute(world.db);
const until = (condition: () => boolean) => vi.waitUntil(condition, { interval: 5, timeout: 10_000 });

test('a connection that has died without a word is found, and made anew', async () => {
  await using door = await doorTo(world.url);
  const { heard, seen, listener } = await hearing(door.url);
  await say('one');
  await until(() => heard.length === 1);
  door.isDeaf = true;
  await say('two');
  await until(() => door.entered >= 2);
  expect(seen.gaps).toBe(0);
  door.isDeaf = false;
  await until(() => seen.gaps === 1);
  await say('three');
  await until(() => heard.length === 2);
  expect(heard).toEqual(['one', 'three']);
  // each time that it is lost is a gap, not each try
  door.isShut = true;
  const { entered } = door;
  await world.sql`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'gateway live' and datname = current_database()`.execute(world.db);
  await until(() => door.entered >= entered + 2);
  door.isShut = false;
  await until(() => seen.gaps === 2);
  await listener.close();
});

test('who cannot hear at first does not wait, and is told when they can', async () => {
  await using door = await doorTo(world.url);
  door.isShut = true;
  const { heard, seen, listener } = await hearing(door.url);
  expect(seen.gaps).toBe(0);
  door.isShut = false;
  await until(() => seen.gaps === 1);
  await say('one');
  await until(() => heard.length === 1);
  await listener.close();
});

test('it can be closed at any time', async () => {
  await using door = await doorTo(world.url);
  door.isDeaf = true;
  for (const ms of [0, 30, 150]) {
    const listener = listenTo(door.url, 'acts', { log, patienceMs: 100, onNotice: () => {}, onGap: () => {} });
    await new Promise((later) => setTimeout(later, ms));
    await listener.close();
  }
  const entered = door.entered;
  await new Promise((later) => setTimeout(later, 150));
  expect(door.entered).toBe(entered);
});
