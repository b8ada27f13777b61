import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { seedDemo } from '../../seeds/demo.ts';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { greeting } from '../../src/http/greeting.ts';
import { listen } from '../../src/http/listen.ts';
import { createWorld } from '../kit/world.ts';

interface Settings {
  tokens: string[];
  options: { defaultTabs: { query: string; variables: string; headers: string }[] };
}

/** The gateway in demo mode, seeded, on loopback. */
async function startDemo() {
  const dataDir = await mkdtemp(join(tmpdir(), 'demo-'));
  const world = await createWorld();
  const demo = { ...world, config: loadConfig({ DATA_DIR: dataDir }) };
  await seedDemo(demo);
  const app = createApp(demo);
  const server = await listen(app.listener, '127.0.0.1', 0);
  return {
    server,
    greeting: () => greeting(demo, server),
    /** the settings in the page, as a browser gets it that takes us for `host` */
    page: (host: string) =>
      new Promise<Settings>((resolve, reject) => {
        const headers = { accept: 'text/html', host: `${host}:${server.port}` };
        request({ host: '127.0.0.1', port: server.port, path: '/graphql', headers }, async (response) => {
          let html = '';
          for await (const chunk of response) html += chunk;
          resolve(JSON.parse(/id="settings">(.*?)<\/script>/s.exec(html)![1]!));
        })
          .on('error', reject)
          .end();
      }),
    async post(headers: Record<string, string>, body: object) {
      const response = await fetch(`http://127.0.0.1:${server.port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
      return { status: response.status, ...((await response.json()) as any) };
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      await server.close();
      await world[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true });
    },
  };
}

// one for all tests: what they write there troubles no other
const demo = await startDemo();
afterAll(() => demo[Symbol.asyncDispose]());

/** What a subscription of a tab tells first, while the operation of another tab changes something. */
async function listened(query: string, variables: string, headers: string, dueDate: string): Promise<string> {
  const leaving = new AbortController();
  // kept whole: the body of an answer that nobody holds any more is ended when it is collected
  const answer = await fetch(`http://localhost:${demo.server.port}/graphql`, {
    method: 'POST',
    headers: { ...JSON.parse(headers), 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables: JSON.parse(variables) }),
    signal: leaving.signal,
  });
  const { options } = await demo.page('localhost');
  const batch = options.defaultTabs.find((tab: { query: string }) => tab.query.includes('batchUpdateItems'))!;
  const { input } = JSON.parse(batch.variables);
  await demo.post(JSON.parse(batch.headers), {
    query: batch.query,
    variables: { input: { ...input, patch: { dueDate } } },
  });
  let text = '';
  for await (const bytes of answer.body!) {
    text += Buffer.from(bytes).toString();
    if (text.includes('data: ')) break;
  }
  leaving.abort();
  return text.replace(/^(:\n\n)+/, '');
}

test('the tabs of the page run as they stand, in their order, each as its person; also a second time', async () => {
  const { options } = await demo.page('localhost');
  const numbers: string[] = [];
  for (const day of ['2031-01-31', '2031-02-01']) {
    for (const { query, variables, headers } of options.defaultTabs) {
      if (query.includes('subscription LiveUpdates')) {
        expect(await listened(query, variables, headers, day)).toMatch(/^event: next\ndata: .*"kind":"UPDATED"/);
        continue;
      }
      const answer = await demo.post(JSON.parse(headers), { query, variables: JSON.parse(variables) });
      expect(answer).toMatchObject({ status: 200, data: expect.anything() });
      expect(answer.errors).toBeUndefined();
      const [payload] = Object.values(answer.data) as { item?: { number: string }; userErrors?: object[] }[];
      expect(payload).toBeTruthy();
      expect(payload!.userErrors ?? []).toEqual([]);
      if (query.includes('createItem(')) numbers.push(payload!.item!.number);
    }
  }
  expect(options.defaultTabs).toHaveLength(12);
  expect(new Set(numbers).size).toBe(2);
});

test('tokens are in the page only where it was asked for as this machine', async () => {
  for (const host of ['localhost', '127.0.0.1', '[::1]', '192.168.0.7', 'gateway.localhost']) {
    expect((await demo.page(host)).tokens).toHaveLength(2);
  }
  for (const host of ['evil.example.com', 'localhost.example.com', '127.0.0.1.example.com']) {
    const page = await demo.page(host);
    expect(page.tokens).toEqual([]);
    expect(JSON.stringify(page)).not.toMatch(/eyJ/);
  }
});

test('the greeting has a token for each person of the demo, and each of them works', async () => {
  const text = await demo.greeting();
  expect(text).toContain(`http://localhost:${demo.server.port}/graphql`);
  const people = [...text.matchAll(/^ {2}(.+) <(.+)>\n {4}(\S+)$/gm)];
  expect(people.length).toBeGreaterThanOrEqual(15);
  expect(people.map(([, name]) => name)).toEqual(
    expect.arrayContaining(['Joe Owner', 'Architect', 'Joe ProjectManager']),
  );
  for (const [, name, email, token] of people) {
    const answer = await demo.post(
      { authorization: `Bearer ${token}` },
      { query: '{ viewer { user { name email } } }' },
    );
    expect(answer.data?.viewer.user).toEqual({ name, email });
  }
});
