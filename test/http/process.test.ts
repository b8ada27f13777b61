import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test, vi } from 'vitest';
import { userByEmail } from '../../src/http/tokenUser.ts';
import { createWorld, type Person } from '../kit/world.ts';

const source = (path: string) => fileURLToPath(new URL(`../../src/${path}`, import.meta.url));

const { PATH, NODE_COMPILE_CACHE } = process.env;

/** Runs a file of ours as a process; `until` waits for a text on stdout. */
function run(path: string, args: string[], env: Record<string, string>) {
  const child: ChildProcess = spawn(process.execPath, [source(path), ...args], {
    env: { PATH, NODE_COMPILE_CACHE, HOST: '127.0.0.1', PORT: '0', ...env },
  });
  const seen = { out: '', err: '' };
  child.stdout!.on('data', (data) => {
    seen.out += data;
  });
  child.stderr!.on('data', (data) => {
    seen.err += data;
  });
  const ended = once(child, 'close').then(([code]) => ({ code, ...seen }));
  return {
    child,
    ended,
    async origin() {
      for (;;) {
        const found = /http:\/\/localhost:\d+/.exec(seen.out)?.[0];
        if (found) return found;
        if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${seen.err}`);
        await new Promise((later) => setTimeout(later, 20));
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function folder() {
  const path = await mkdtemp(join(tmpdir(), 'process-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

// one database and one folder for all; the gateway that the first test signs in at is the one that the last stops
const stack = new AsyncDisposableStack();
const world = stack.use(await createWorld());
const data = stack.use(await folder());
const env = { DATABASE_URL: world.url, DATA_DIR: data.path };
const gateway = stack.use(run('main.ts', [], env));
afterAll(() => stack.disposeAsync());
let token: string;
let joe: Person;

test('a token from the command line signs in; nothing else is on stdout', async () => {
  joe = await world.person('Joe Owner');
  await world.person('Old Timer', { active: false });
  await world.person('Robot', { service: true });
  const origin = await gateway.origin();
  const { code, out, err } = await run('cli/token.ts', [joe.email.toUpperCase()], env).ended;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  token = out.trim();
  const answer = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: '{"query":"{ viewer { user { name } } }"}',
  });
  expect(await answer.json()).toMatchObject({ data: { viewer: { user: { name: 'Joe Owner' } } } });
  const refused = await run('cli/token.ts', ['old.timer@example.com'], env).ended;
  expect(refused).toEqual({ code: 1, out: '', err: 'No active user has the e-mail address old.timer@example.com.\n' });
  // the same without a process each
  for (const email of ['nobody@example.com', 'old.timer@example.com', 'robot@example.com'])
    expect(await userByEmail(world.db, email), email).toBe(undefined);
});

test('a gateway that trusts somebody else’s keys makes no tokens', async () => {
  const env = { JWT_JWKS_URL: 'http://127.0.0.1:1/keys', DATABASE_URL: 'postgres://127.0.0.1:1/none' };
  expect(await run('cli/token.ts', ['joe@example.com'], env).ended).toEqual({
    code: 1,
    out: '',
    err: 'Tokens come from whoever publishes JWT_JWKS_URL; the gateway cannot make any.\n',
  });
});

test('settings that are wrong are told before anything starts', async () => {
  const { code, out, err } = await run('main.ts', [], { NODE_ENV: 'production', PORT: 'many' }).ended;
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err.trim().split('\n')).toEqual([
    'These settings (environment variables) are missing or wrong:',
    '  PORT: must be a whole number',
    expect.stringMatching(/^ {2}JWT_SECRET or JWT_JWKS_URL: /),
    expect.stringMatching(/^ {2}LINK_SECRETS: must be set in production/),
    expect.stringMatching(/^ {2}PUBLIC_URL: must be set in production/),
  ]);
});

test('a port in use, and a database that is not there, are one sentence each', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const taken = { ...env, PORT: String(port) };
  expect(await run('main.ts', [], taken).ended).toEqual({
    code: 1,
    out: '',
    err: `Port ${port} of 127.0.0.1 is in use: stop what runs there, or set PORT to another one.\n`,
  });
  other.close();
  const nowhere = await run('main.ts', [], { ...taken, DATABASE_URL: 'postgres://joe:secret@127.0.0.1:1/none' }).ended;
  expect(nowhere).toMatchObject({ code: 1, out: '' });
  expect(nowhere.err).not.toContain('secret');
  expect(nowhere.err.trim().split('\n').length).toBe(1);
});

test('told to stop, it finishes what is under way, ends streams, takes nothing new, and ends well', async () => {
  const origin = await gateway.origin();
  const tower = await world.project('Tower');
  await world.member(joe, tower);
  const stream = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    body: JSON.stringify({ query: `subscription { itemChanged(projectId: "${tower.gid}") { kind } }` }),
  });
  // an idle connection that is kept alive must not keep the gateway waiting
  await (await fetch(`${origin}/health`)).text();
  const body = '{"query":"{ viewer { user { name } } }"}';
  const slow = request(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'content-length': body.length },
  });
  const answered = once(slow, 'response');
  slow.write(body.slice(0, 10));
  await new Promise((later) => setTimeout(later, 100));
  gateway.child.kill('SIGTERM');
  const isGone = async () =>
    !(await fetch(`${origin}/health`).then(
      (health) => health.text(),
      () => null,
    ));
  await vi.waitUntil(isGone, { interval: 20 });
  const before = performance.now();
  slow.end(body.slice(10));
  const [response] = await answered;
  let text = '';
  for await (const chunk of response) text += chunk;
  expect(JSON.parse(text).data.viewer.user.name).toBe('Joe Owner');
  expect(await stream.text()).toMatch(/^:\n\n(:\n\n)*event: complete\ndata:\n\n$/);
  expect(await gateway.ended).toMatchObject({ code: 0, err: '' });
  expect(performance.now() - before).toBeLessThan(8_000);
});
