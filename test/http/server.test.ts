import { getIntrospectionQuery } from 'graphql';
import { expect, test } from 'vitest';
import { startTiny } from './tinyServer.ts';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

test('who is signed in is asked for before anything is read', async () => {
  await using server = await startTiny();
  const anonymous = { headers: { authorization: '' } };
  for (const body of [{ query: '{ hello }' }, { query: '{ nonsense' }, { query: '{ __typename }' }, 'no JSON', '']) {
    const answer = await server.post(body, anonymous);
    expect(answer).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(Object.keys(answer.json)).toEqual(['errors']);
  }
  const got = await fetch(`${server.url}?query={hello}`);
  expect(got.status).toBe(401);
  expect((await fetch(server.url, { headers: { accept: 'text/html,*/*' } })).status).toBe(401);
  expect(server.state.contexts).toBe(0);
});

test('a token whose user is not there is 401 too', async () => {
  await using server = await startTiny();
  const authorization = `Bearer ${await server.tokenOf('nobody@example.com')}`;
  expect(await server.post({ query: '{ whoami }' }, { headers: { authorization } })).toMatchObject({
    status: 401,
    code: 'UNAUTHENTICATED',
  });
});

test('each caller is who their token says', async () => {
  await using server = await startTiny();
  const people = Array.from({ length: 30 }, (_, n) => `person${n}@example.com`);
  const answers = await Promise.all(
    people.map(async (email) =>
      server.post({ query: '{ whoami }' }, { headers: { authorization: `Bearer ${await server.tokenOf(email)}` } }),
    ),
  );
  expect(answers.map(({ json }) => json.data.whoami)).toEqual(people);
});

test('answers are not kept on the way', async () => {
  await using server = await startTiny();
  for (const body of [{ query: '{ hello }' }, { query: '{ nope }' }, 'no JSON']) {
    const { headers } = await server.post(body);
    expect([headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual(['no-store', 'nosniff']);
  }
});

test('an accident is masked, and logged with the id that the caller gets', async () => {
  await using server = await startTiny();
  const { status, json, text } = await server.post({ query: '{ hello boom badInt }' });
  expect(status).toBe(200);
  expect(json.data).toEqual({ hello: 'Hello you', boom: null, badInt: null });
  expect(text).not.toMatch(/swordfish|not a number|stack|unexpected"/);
  const ids = json.errors.map(({ extensions, message, path }: never, n: number) => {
    expect(extensions).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', id: expect.stringMatching(UUID) });
    expect(message).toContain((extensions as { id: string }).id);
    expect(path).toEqual([['boom'], ['badInt']][n]);
    return (extensions as { id: string }).id;
  });
  const logged = server.logged.filter(({ level }) => level === 50);
  expect(logged.map(({ id }) => id)).toEqual(ids);
  expect(logged[0]!.err!.message).toContain('swordfish');
});

test('an accident before anything has run is 500, masked and logged', async () => {
  await using server = await startTiny();
  const authorization = `Bearer ${await server.tokenOf('broken@example.com')}`;
  const { status, code, json, text } = await server.post({ query: '{ hello }' }, { headers: { authorization } });
  expect({ status, code }).toEqual({ status: 500, code: 'INTERNAL_SERVER_ERROR' });
  expect(text).not.toContain('database');
  expect(server.logged.find(({ id }) => id === json.errors[0].extensions.id)!.err!.message).toBe(
    'the database is gone',
  );
});

test('what is refused on purpose keeps its words and its code', async () => {
  await using server = await startTiny();
  const { status, json } = await server.post({ query: '{ refused forbidden }' });
  expect(status).toBe(200);
  expect(json.errors).toMatchObject([
    { message: 'That is no colour.', path: ['refused'], extensions: { code: 'BAD_USER_INPUT' } },
    { message: 'Not for you.', path: ['forbidden'], extensions: { code: 'FORBIDDEN' } },
  ]);
  expect(server.logged.filter(({ level }) => level >= 50)).toEqual([]);
});

test.each<[string, object]>([
  ['syntax', { query: '{ hello' }],
  ['an unknown field', { query: '{ hallo }' }],
  [
    'a variable of the wrong kind',
    { query: 'query ($n: Int) { items(first: $n) { totalCount } }', variables: { n: 'x' } },
  ],
  ['a variable that is missing', { query: 'query ($n: String!) { hello(name: $n) }' }],
  ['an operation that is not there', { query: 'query A { hello }', operationName: 'B' }],
  ['two operations without a choice', { query: 'query A { hello } query B { hello }' }],
])('%s is BAD_USER_INPUT: 400, or 200 for whoever takes only application/json', async (_, body) => {
  await using server = await startTiny();
  expect(await server.post(body)).toMatchObject({ code: 'BAD_USER_INPUT' });
  const answer = await server.post(body, { headers: { accept: 'application/graphql-response+json' } });
  expect(answer).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
  expect(answer.json.data).toBeUndefined();
  expect((await server.post(body, { headers: { accept: 'application/json' } })).status).toBe(200);
  expect(server.logged.filter(({ level }) => level >= 50)).toEqual([]);
});

test('a null where none may be is the caller’s mistake, found only while running', async () => {
  await using server = await startTiny();
  const query = 'query ($n: String = "x") { hello greet(name: $n) }';
  const { status, code, json } = await server.post({ query, variables: { n: null } });
  expect({ status, code, data: json.data }).toEqual({
    status: 200,
    code: 'BAD_USER_INPUT',
    data: { hello: 'Hello you', greet: null },
  });
  expect(server.logged.filter(({ level }) => level >= 50)).toEqual([]);
});

test('every answer tells its cost, and one that is too dear does not run', async () => {
  await using server = await startTiny({ MAX_COST: '300' });
  const items = (first: number) => ({
    query: `mutation M { write(input: {}) { written } } query Q { items(first: ${first}) { nodes { id } } }`,
    operationName: 'Q',
  });
  expect((await server.post(items(10))).json.extensions).toEqual({ cost: { requested: 11, limit: 300 } });
  const ids = Array.from({ length: 301 }, (_, n) => n);
  const dear = await server.post(
    { query: 'mutation ($ids: [ID!]) { write(input: { ids: $ids }) { written } }', variables: { ids } },
    { headers: { accept: 'application/graphql-response+json' } },
  );
  expect(dear).toMatchObject({ status: 400, code: 'QUERY_TOO_COSTLY' });
  expect(dear.json.errors[0].message).toMatch(/costs 301 points; one may cost 300/);
  expect(dear.json.extensions).toEqual({ cost: { requested: 301, limit: 300 } });
  expect(server.state.wrote).toBe(0);
});

test('the bucket of a user fills by cost, is told in headers, and answers 429 when full', async () => {
  await using server = await startTiny({ RATE_LIMIT: '600', MAX_COST: '500' });
  const ask = { query: '{ items(first: 100) { nodes { id } } rateLimit { limit remaining cost } }' };
  const first = await server.post(ask);
  expect(first.json.data.rateLimit).toEqual({ limit: 600, remaining: 498, cost: 102 });
  expect(Object.fromEntries([...first.headers].filter(([name]) => name.startsWith('ratelimit')))).toEqual({
    'ratelimit-limit': '600',
    'ratelimit-remaining': '498',
    'ratelimit-reset': '11',
    'ratelimit-policy': '600;w=60',
  });
  expect(first.text).not.toContain('headers');
  for (let n = 0; n < 4; n += 1) expect((await server.post(ask)).status).toBe(200);
  const full = await server.post(ask);
  expect(full).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
  expect(full.headers.get('retry-after')).toBe('2');
  expect(full.headers.get('ratelimit-remaining')).toBe('90');
  expect(full.json.data).toBeUndefined();
  const ann = { headers: { authorization: `Bearer ${await server.tokenOf('ann@example.com')}` } };
  expect((await server.post(ask, ann)).status).toBe(200);
  server.time.ms += 2_000;
  expect((await server.post(ask)).status).toBe(200);
});

test('RATE_LIMIT=0: no limit and no headers', async () => {
  await using server = await startTiny({ RATE_LIMIT: '0' });
  const { headers, json } = await server.post({ query: '{ rateLimit { limit remaining cost } }' });
  expect(json.data.rateLimit).toEqual({ limit: 2147483647, remaining: 2147483647, cost: 1 });
  expect(headers.get('ratelimit-limit')).toBeNull();
});

test('production tells nothing of the schema', async () => {
  await using server = await startTiny({ NODE_ENV: 'production' });
  expect(await server.post({ query: getIntrospectionQuery() })).toMatchObject({ code: 'BAD_USER_INPUT' });
  expect(await server.post({ query: '{ __type(name: "Query") { name } }' })).toMatchObject({ code: 'BAD_USER_INPUT' });
  expect((await server.post({ query: '{ __typename }' })).json.data).toEqual({ __typename: 'Query' });
  for (const body of [
    { query: '{ helo }' },
    { query: '{ hello(nam: "x") }' },
    { query: '{ find(filter: { colr: RED }) }' },
    { query: '{ find(filter: { color: REED }) }' },
    { query: '{ hello } fragment X on Itm { id }' },
    { query: 'query ($f: Filter) { find(filter: $f) }', variables: { f: { colr: 'RED' } } },
    { query: 'query ($f: Filter) { find(filter: $f) }', variables: { f: { color: 'REED' } } },
  ]) {
    const { code, text } = await server.post(body);
    expect(code).toBe('BAD_USER_INPUT');
    expect(text).not.toMatch(/did you mean|"hello"|"name"|"color"|"RED"|"Item"/i);
  }
});

test('in development introspection and suggestions help', async () => {
  await using server = await startTiny();
  expect((await server.post({ query: getIntrospectionQuery() })).json.data.__schema).toBeDefined();
  expect((await server.post({ query: '{ helo }' })).json.errors[0].message).toContain('Did you mean "hello"?');
});

test('health, readiness and what is nowhere', async () => {
  await using server = await startTiny();
  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(server.origin + path, init);
    return [response.status, (await response.text()).trim()];
  };
  expect(await get('/health')).toEqual([200, 'alive']);
  expect(await get('/health', { method: 'HEAD' })).toEqual([200, '']);
  expect(await get('/health', { method: 'POST' })).toEqual([405, 'Only GET, HEAD']);
  expect(await get('/ready')).toEqual([200, 'ready']);
  server.state.ready = false;
  expect(await get('/ready')).toEqual([503, 'not ready']);
  expect(await get('/health')).toEqual([200, 'alive']);
  for (const path of [
    '/',
    '/graphql/',
    '/graphql/x',
    '/GRAPHQL',
    '/x/health',
    '/x/graphql',
    '/metrics',
    '/graphql%2f',
  ]) {
    expect(await get(path)).toEqual([404, 'Not found']);
  }
});

test('metrics want their secret, and do not grow with what callers make up', async () => {
  const secret = 'a secret of the operator';
  await using server = await startTiny({ METRICS_SECRET: secret });
  await server.post({ query: '{ hello boom }' });
  await server.post({ query: 'query MadeUp { hello }' });
  await fetch(`${server.origin}/made/up/path`);
  await fetch(`${server.origin}/links/made-up/token`);
  const get = (authorization?: string) =>
    fetch(`${server.origin}/metrics`, authorization ? { headers: { authorization } } : {});
  expect((await get()).status).toBe(401);
  expect((await get('Bearer a secret of the operatoR')).status).toBe(401);
  expect((await get(`Bearer ${server.token}`)).status).toBe(401);
  const answer = await get(`Bearer ${secret}`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
  const text = await answer.text();
  expect(text).toContain('gateway_http_request_duration_seconds_count{route="/graphql",method="POST",status="200"} 2');
  expect(text).toContain('gateway_operation_duration_seconds_count{type="query"} 2');
  expect(text).toContain('gateway_graphql_errors_total{code="INTERNAL_SERVER_ERROR"} 1');
  expect(text).toContain('process_resident_memory_bytes');
  expect(text).not.toMatch(/made|MadeUp/i);
});

test('a link does not get into the log, whatever happens to it', async () => {
  await using server = await startTiny();
  const answer = await fetch(`${server.origin}/links/broken/token-that-opens`);
  expect(answer.status).toBe(500);
  expect(JSON.stringify(server.logged)).toContain('the disk is gone');
  expect(JSON.stringify(server.logged)).not.toContain('token-that-opens');
});

test('pages of the origins in CORS_ORIGINS may call, others not', async () => {
  await using server = await startTiny({ CORS_ORIGINS: 'https://app.example.com, https://other.example.com' });
  const preflight = (origin: string) =>
    fetch(server.url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-company-id',
      },
    });
  const allowed = await preflight('https://app.example.com');
  expect(allowed.status).toBe(204);
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  expect(allowed.headers.get('access-control-allow-headers')).toMatch(/authorization.*x-company-id/);
  expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
  const refused = await preflight('https://evil.example.com');
  expect(['https://evil.example.com', '*']).not.toContain(refused.headers.get('access-control-allow-origin'));
  const answer = await server.post({ query: '{ hello }' }, { headers: { origin: 'https://app.example.com' } });
  expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  expect(answer.headers.get('access-control-expose-headers')).toContain('RateLimit-Remaining');
});

test('without CORS_ORIGINS no page of elsewhere may call', async () => {
  await using server = await startTiny();
  const { headers } = await server.post({ query: '{ hello }' }, { headers: { origin: 'https://app.example.com' } });
  expect(headers.get('access-control-allow-origin')).toBeNull();
});
