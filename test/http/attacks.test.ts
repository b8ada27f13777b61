import { request } from 'node:http';
import { connect } from 'node:net';
import { getIntrospectionQuery } from 'graphql';
import { expect, test } from 'vitest';
import { readOperation } from '../../src/http/operation.ts';
import { startTiny } from './tinyServer.ts';

const repeat = (n: number, part: (i: number) => string) => Array.from({ length: n }, (_, i) => part(i)).join(' ');

test.each<[string, () => string, RegExp]>([
  [
    'a bomb of fragments',
    () =>
      `{ items(first: 1) { nodes { ...F0 } } } ${repeat(40, (i) =>
        i === 39
          ? `fragment F${i} on Item { id }`
          : `fragment F${i} on Item { self { ...F${i + 1} } a: self { ...F${i + 1} } }`,
      )}`,
    /fields deep; at most 20/,
  ],
  [
    'a bomb of fragments side by side',
    () =>
      `{ items(first: 1) { nodes { ...F0 } } } ${repeat(14, (i) =>
        i === 13
          ? `fragment F${i} on Item { x: id }`
          : `fragment F${i} on Item { s: self { ...F${i + 1} } t: self { ...F${i + 1} } }`,
      )}`,
    /aliases; at most 100/,
  ],
  [
    'a fragment that spreads itself',
    () => '{ items { nodes { ...A } } } fragment A on Item { self { ...B } } fragment B on Item { self { ...A } }',
    /Cannot spread fragment "A" within itself/,
  ],
  ['5,000 levels', () => `{ items { nodes { ${'self { '.repeat(5000)} id ${'}'.repeat(5000)} } } }`, /brackets inside/],
  ['5,000 levels, unclosed', () => `{ items { nodes { ${'self { '.repeat(5000)}`, /brackets inside/],
  ['5,000 lists in a literal', () => `{ find(filter: ${'['.repeat(5000)}`, /brackets inside/],
  [
    '30 levels',
    () => `{ items { nodes { ${'self { '.repeat(30)} id ${'}'.repeat(30)} } } }`,
    /33 fields deep; at most 20/,
  ],
  ['30 levels in a literal', () => `{ find(filter: ${'{ and: ['.repeat(51)} ${']}'.repeat(51)}) }`, /brackets inside/],
  ['1,000 aliases', () => `{ ${repeat(1000, (i) => `a${i}: hello`)} }`, /1000 aliases; at most 100/],
  [
    '1,000 aliases in fragments',
    () => `{ ${repeat(10, () => '...F')} } fragment F on Query { ${repeat(100, (i) => `a${i}: hello`)} }`,
    /1000 aliases/,
  ],
  ['1,000 directives', () => `{ hello ${repeat(1000, () => '@include(if: true)')} }`, /1000 directives; at most 50/],
  ['1,000 unknown directives', () => `{ hello ${repeat(1000, (i) => `@x${i}`)} }`, /1000 directives/],
  ['20,000 tokens', () => `{ ${'hello '.repeat(20_000)} }`, /more than 15000 tokens/],
  ['the same field 14,000 times', () => `{ ${'hello '.repeat(14_000)} }`, /./],
  [
    '2,000 fragments in a row',
    () => `{ ...F0 } ${repeat(1800, (i) => `fragment F${i} on Query { ...F${i + 1} }`)}`,
    /more than 1000 operations/,
  ],
  [
    '900 fragments in a row',
    () => `{ ...F0 } ${repeat(900, (i) => `fragment F${i} on Query { hello ${i < 899 ? `...F${i + 1}` : ''} }`)}`,
    /Validation aborted|^$/,
  ],
  [
    'a schema that grows',
    () => `{ __schema { types { ${'fields { type { '.repeat(8)} name ${'} }'.repeat(8)} } } }`,
    /introspection depth/,
  ],
  ['an unclosed string', () => '{ hello(name: "', /Syntax Error/],
  ['control characters', () => '{ hello \u0000 }', /Syntax Error/],
  ['nothing', () => '', /./],
  ['a type definition', () => 'type Query { hello: String }', /./],
  ['unknown fields by the hundred', () => `{ ${repeat(3000, (i) => `x${i}`)} }`, /Cannot query field/],
])('%s does no harm', async (_, source, message) => {
  await using server = await startTiny();
  const before = performance.now();
  const { status, json, text } = await server.post({ query: source() });
  expect(performance.now() - before).toBeLessThan(1500);
  expect(status).toBeLessThan(500);
  expect(json?.errors?.[0]?.message ?? '').toMatch(message);
  if (json?.errors) expect(json.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  expect(text.length).toBeLessThan(200_000);
  expect(server.logged.filter(({ level }) => level >= 50)).toEqual([]);
  expect((await server.post({ query: '{ hello }' })).json.data).toEqual({ hello: 'Hello you' });
});

test('what tools send passes: introspection, and 500 updates written out', async () => {
  await using server = await startTiny();
  const introspection = getIntrospectionQuery({
    inputValueDeprecation: true,
    schemaDescription: true,
    specifiedByUrl: true,
  });
  expect((await server.post({ query: introspection })).json.errors).toBeUndefined();
  const ids = repeat(500, (i) => `"${i}",`);
  expect((await server.post({ query: `mutation { write(input: { ids: [${ids}] }) { written } }` })).json.data).toEqual({
    write: { written: 500 },
  });
});

test('variables nested without end are refused, whichever way they come', async () => {
  await using server = await startTiny();
  let filter = '{}';
  for (let n = 0; n < 30_000; n += 1) filter = `{"and":[${filter}]}`;
  const query = 'query ($f: Filter) { find(filter: $f) }';
  const posted = await server.post(`{"query": ${JSON.stringify(query)}, "variables": {"f": ${filter}}}`);
  expect(posted).toMatchObject({ status: 200, code: 'BAD_USER_INPUT' });
  expect(posted.json.errors[0].message).toBe('variables: more than 100 brackets inside each other.');
  let short = '{}';
  for (let n = 0; n < 400; n += 1) short = `{"and":[${short}]}`;
  const address = `${server.url}?query=${encodeURIComponent(query)}&variables=${encodeURIComponent(`{"f":${short}}`)}`;
  const got = await fetch(address, {
    headers: { authorization: `Bearer ${server.token}`, accept: 'application/json' },
  });
  expect(got.status).toBeLessThan(500);
  expect(await got.text()).toContain('brackets inside each other');
});

test('a body of 10 MB is refused before it is read, and one that does not tell its size while it is read', async () => {
  await using server = await startTiny();
  const large = JSON.stringify({ query: `{ hello(name: "${'x'.repeat(10_000_000)}") }` });
  expect(await server.post(large)).toMatchObject({ status: 413, code: 'BAD_USER_INPUT' });
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 65_536;
      if (sent > 10_000_000) return controller.close();
      controller.enqueue(new Uint8Array(65_536).fill(32));
    },
  });
  expect(await server.post(endless, { duplex: 'half' })).toMatchObject({ status: 413 });
  expect((await server.post({ query: '{ hello }' })).status).toBe(200);
});

test('a body of almost 1 MB passes, also in pieces', async () => {
  await using server = await startTiny();
  const name = 'ö'.repeat(450_000);
  const body = Buffer.from(
    JSON.stringify({ query: 'query ($n: String!) { hello(name: $n) }', variables: { n: name } }),
  );
  expect((await server.post(body.toString())).json.data.hello).toBe(`Hello ${name}`);
  // cut in the middle of a letter
  const pieces = new ReadableStream({
    start(controller) {
      for (let at = 0; at < body.length; at += 9_999) controller.enqueue(new Uint8Array(body.subarray(at, at + 9_999)));
      controller.close();
    },
  });
  expect((await server.post(pieces, { duplex: 'half' })).json.data.hello).toBe(`Hello ${name}`);
});

test.each([
  ['application/x-www-form-urlencoded', 'query=mutation%20%7B%20write(input%3A%20%7B%7D)%20%7B%20written%20%7D%20%7D'],
  ['text/plain', '{"query":"mutation { write(input: {}) { written } }"}'],
  ['text/plain; x=application/json', '{"query":"mutation { write(input: {}) { written } }"}'],
  ['application/graphql', 'mutation { write(input: {}) { written } }'],
  ['application/graphql+json', '{"query":"mutation { write(input: {}) { written } }"}'],
  [
    'multipart/form-data; boundary=x',
    '--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{"query":"mutation { write(input: {}) { written } }"}\r\n--x--',
  ],
  ['application/json; charset=utf-16', '{"query":"mutation { write(input: {}) { written } }"}'],
  ['', '{"query":"mutation { write(input: {}) { written } }"}'],
])('a mutation as "%s" is refused', async (type, body) => {
  await using server = await startTiny();
  const answer = await server.post(body, { headers: { 'content-type': type } });
  expect(answer).toMatchObject({ status: 415, code: 'BAD_USER_INPUT' });
  expect(server.state.wrote).toBe(0);
});

test.each([
  'application/json',
  'Application/JSON; charset=UTF-8',
  'application/json;charset="utf-8"',
])('JSON as "%s" is taken', async (type) => {
  await using server = await startTiny();
  expect((await server.post({ query: '{ hello }' }, { headers: { 'content-type': type } })).json.data).toBeDefined();
});

test.each<[string, string | object]>([
  ['a list of operations', [{ query: '{ hello }' }, { query: '{ hello }' }]],
  ['no JSON', '{ "query": '],
  ['nothing', ''],
  ['null', 'null'],
  ['a number', '1'],
  ['a text', '"{ hello }"'],
  ['no query', {}],
  ['a stored operation', { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }],
  ['a query that is none', { query: { hello: true } }],
  ['variables that are a list', { query: '{ hello }', variables: [] }],
  ['an operation name that is none', { query: '{ hello }', operationName: {} }],
  ['an unknown member', { query: '{ hello }', doc_id: 7 }],
  [
    'bytes that are no UTF-8',
    new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]));
        controller.close();
      },
    }),
  ],
])('%s in a body is 400', async (_, body) => {
  await using server = await startTiny();
  expect(await server.post(body, { duplex: 'half' })).toMatchObject({
    status: 400,
    code: 'BAD_USER_INPUT',
  });
});

test('what would pollute prototypes is data like any other', async () => {
  await using server = await startTiny();
  const body =
    '{"query":"query ($f: Filter) { find(filter: $f) }","variables":{"__proto__":{"f":1},"f":{"__proto__":{"a":1}}}}';
  expect((await server.post(body)).status).toBeLessThan(500);
  expect(({} as Record<string, unknown>).f).toBeUndefined();
});

test('GET is for queries only', async () => {
  await using server = await startTiny();
  const get = (query: string, method = 'GET') =>
    fetch(`${server.url}?query=${encodeURIComponent(query)}`, {
      method,
      headers: { authorization: `Bearer ${server.token}` },
    });
  expect((await get('{ hello }')).status).toBe(200);
  const mutation = await get('mutation { write(input: {}) { written } }');
  expect([mutation.status, mutation.headers.get('allow')]).toEqual([405, 'POST']);
  expect(server.state.wrote).toBe(0);
  expect((await get('{ hello }', 'PUT')).status).toBe(405);
  expect((await get('{ hello }', 'DELETE')).status).toBe(405);
  expect((await get('{ hello }', 'OPTIONS')).headers.get('access-control-allow-origin')).toBeNull();
  const bad = await fetch(`${server.url}?query={hello}&variables={`, {
    headers: { authorization: `Bearer ${server.token}` },
  });
  expect(bad.status).toBe(400);
});

/** Sends bytes as they are, and gives what comes back. */
const raw = (port: number, bytes: string) =>
  new Promise<string>((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('error', reject);
    socket.on('end', () => resolve(answer));
    socket.setTimeout(3000, () => socket.destroy(new Error(`no end: ${answer}`)));
  });

test.each([
  'GET /health HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n',
  'GET /graphql HTTP/1.1\r\nHost: [::\r\nConnection: close\r\n\r\n',
  'GET //// HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  'GET http://[/graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  'POST /graphql?x=/health HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\nConnection: close\r\n\r\n',
  'GET /graphql/../metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  'GET /%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  'GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
])('a request line or host that is none: %j', async (bytes) => {
  await using server = await startTiny();
  const answer = await raw(server.port, bytes);
  expect(answer).toMatch(/^HTTP\/1.1 4\d\d /);
  expect(answer).not.toMatch(/node_modules|at .*\.ts/);
});

test('a caller that hangs up in the middle leaves nothing behind', async () => {
  await using server = await startTiny();
  await new Promise<void>((done) => {
    const half = request(server.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': '1000',
        authorization: `Bearer ${server.token}`,
      },
    });
    half.on('error', () => done());
    half.write('{"query": "');
    setTimeout(() => half.destroy(new Error('gone')), 50);
  });
  await new Promise((later) => setTimeout(later, 50));
  expect((await server.post({ query: '{ hello }' })).status).toBe(200);
  expect(server.logged.filter(({ level }) => level >= 50)).toEqual([]);
});

test('a body that never ends is not waited for', async () => {
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(Buffer.from('{')),
    pull: () => new Promise(() => {}),
  });
  const headers = { 'content-type': 'application/json' };
  const slow = new Request('http://gateway.test/graphql', {
    method: 'POST',
    body,
    headers,
    duplex: 'half',
  } as RequestInit);
  await expect(readOperation(slow, 1000, 20)).rejects.toMatchObject({
    message: 'The body takes too long.',
    extensions: { http: { status: 408, headers: { connection: 'close' } } },
  });
});
