import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { buildSchema, coerceInputValue, type GraphQLInputType, Kind, parse, typeFromAST, validate } from 'graphql';
import { expect, test } from 'vitest';
import { costOf } from '../../src/graph/cost.ts';
import { createGraphiql } from '../../src/http/graphiql.ts';
import { plainTabs, tutorialTabs } from '../../src/http/graphiqlTabs.ts';
import { startTiny } from './tinyServer.ts';

const HTML = { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } };
const evil = '</script><script>alert(1)</script><!--';
const startPage = () =>
  startTiny(
    {},
    createGraphiql(async () => ({ world: 'w', tabs: [{ query: `# ${evil}\n{ hello }` }], tokens: [] })),
  );

/** A GET as it is: fetch would unpack the body. */
const get = (url: string, encoding?: string) =>
  new Promise<{ status: number; headers: Record<string, unknown>; bytes: Buffer }>((resolve, reject) => {
    request(url, { headers: encoding ? { 'accept-encoding': encoding } : {} }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, bytes: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });

test('a browser gets the page, and all that it is made of from the gateway itself', async () => {
  await using server = await startPage();
  const page = await fetch(server.url, HTML);
  const html = await page.text();
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self';/);
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  expect(page.headers.get('cache-control')).toBe('no-store');
  // what stands in addresses of elements: assets of ours, and the icon in the page
  const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!);
  const assets = addresses.filter((address) => !address.startsWith('data:image/svg+xml,'));
  expect(assets.length).toBe(3);
  for (const address of assets) expect(address).toMatch(/^\/graphql\/assets\/[0-9a-f]{16}\.[a-z.]+$/);
  const settings = JSON.parse(/id="settings">(.*?)<\/script>/s.exec(html)![1]!);
  for (const address of [...assets, ...(Object.values(settings.workers) as string[])]) {
    const asset = await fetch(server.origin + address);
    expect([asset.status, asset.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect(asset.headers.get('content-type')).toMatch(/^text\/(javascript|css); charset=utf-8$/);
    expect((await asset.text()).length).toBeGreaterThan(500);
  }
  expect(settings.options.defaultTabs[0].query).toBe(`# ${evil}\n{ hello }`);
  expect(html).not.toContain(evil);
});

test('assets come packed as the browser likes it, and are the same unpacked', async () => {
  await using server = await startPage();
  const html = await (await fetch(server.url, HTML)).text();
  const address = server.origin + /\/graphql\/assets\/[0-9a-f]+\.graphiql\.js/.exec(html)![0];
  const plain = await get(address);
  const br = await get(address, 'gzip, deflate, br, zstd');
  const gzip = await get(address, 'gzip;q=1.0, br;q=0');
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect([br.headers['content-encoding'], gzip.headers['content-encoding']]).toEqual(['br', 'gzip']);
  expect(br.headers.vary).toBe('accept-encoding');
  expect(brotliDecompressSync(br.bytes).equals(plain.bytes)).toBe(true);
  expect(gunzipSync(gzip.bytes).equals(plain.bytes)).toBe(true);
  expect(br.bytes.length).toBeLessThan(plain.bytes.length / 3);
});

test('what is no asset is 404, and the graph stays behind the sign-in', async () => {
  await using server = await startPage();
  for (const path of [
    '/graphql/assets/',
    '/graphql/assets/0000000000000000.boot.js',
    '/graphql/assets/../../package.json',
  ]) {
    expect((await fetch(server.origin + path)).status).toBe(404);
  }
  expect((await fetch(`${server.url}?query={hello}`)).status).toBe(401);
  expect((await fetch(server.url, { method: 'POST', ...HTML, body: '{}' })).status).toBe(401);
});

const person = (id: string) => ({ id, email: `${id}@example.com`, externalId: id });
const uuid = (n: number) => `0198b3c0-0000-7000-8000-00000000000${n}`;
const ids = {
  ...{ company: uuid(1), project: uuid(2), designReview: uuid(3), item: uuid(4), otherItem: uuid(5) },
  ...{ joeOwner: person(uuid(6)), architect: person(uuid(7)), joeProjectManager: person(uuid(8)) },
};

test('every tab of the tutorial is an operation that the schema takes, at a cost that passes', async () => {
  const schema = buildSchema(await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8'));
  const tokens = { joeOwner: 'token.of.joe', architect: 'token.of.architect' };
  const tabs = tutorialTabs(ids, tokens, new Date('2026-03-02T08:00:00Z'));
  for (const { query, variables } of [...plainTabs, ...tabs]) {
    const document = parse(query);
    expect(validate(schema, document).map(({ message }) => message)).toEqual([]);
    const [operation] = document.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('not an operation');
    expect(operation.name).toBeDefined();
    const given = Object.keys(variables ?? {});
    expect(given).toEqual((operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value));
    for (const { variable, type } of operation.variableDefinitions ?? []) {
      const value = (variables as Record<string, unknown>)[variable.name.value];
      coerceInputValue(value, typeFromAST(schema, type as never) as GraphQLInputType);
    }
    expect(costOf(schema, document, null, variables as Record<string, unknown>)).toBeLessThan(2_500);
  }
  expect(tabs.map(({ headers }) => headers?.Authorization).slice(0, 5)).toEqual([
    ...Array.from({ length: 4 }, () => 'Bearer token.of.joe'),
    'Bearer token.of.architect',
  ]);
});

test('browsers that open the host alone are sent to the page; programs are not', async () => {
  await using server = await startPage();
  const open = (accept: string) => fetch(`${server.origin}/`, { headers: { accept }, redirect: 'manual' });
  const browser = await open('text/html,application/xhtml+xml');
  expect([browser.status, browser.headers.get('location')]).toEqual([302, '/graphql']);
  expect((await open('application/json')).status).toBe(404);
});
