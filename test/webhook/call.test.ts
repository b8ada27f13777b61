import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { callEndpoint } from '../../src/webhook/call.ts';
import { type Lookup, openLookup } from '../../src/webhook/lookup.ts';
import { type Outside, refuseAddress } from '../../src/webhook/target.ts';
import { openReceiver } from '../kit/receiver.ts';
import { CERTIFICATE } from './certificate.ts';

const HOOK = { headers: { 'webhook-id': 'msg_1' }, body: '{"type":"item.created"}' };

/** What is outside: these ranges allowed, and names that lead to these addresses, or are looked up for real. */
const outside = (allowed: string, lookup: Lookup | string[] = openLookup()): Outside => ({
  config: loadConfig({ NODE_ENV: 'test', WEBHOOK_ALLOWED_RANGES: allowed }),
  lookup: Array.isArray(lookup) ? async () => lookup : lookup,
});
const call = (to: Outside, url: string, timeoutMs?: number) => callEndpoint(to, url, { ...HOOK, timeoutMs });

/** Something that listens on loopback, IPv4 and IPv6, and counts who comes. */
async function openCounter(onConnection: (socket: Socket) => void = () => {}) {
  const counter = { connections: 0, port: 0 };
  const sockets: Socket[] = [];
  const servers: Server[] = [];
  for (const host of ['127.0.0.1', '::1']) {
    const server = createServer((socket) => {
      counter.connections += 1;
      sockets.push(socket.on('error', () => {}));
      onConnection(socket);
    });
    servers.push(server);
    server.listen(counter.port, host);
    await once(server, 'listening');
    counter.port = (server.address() as AddressInfo).port;
  }
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers) await new Promise((resolve) => server.close(resolve));
  };
  return Object.assign(counter, { [Symbol.asyncDispose]: close });
}

test('no spelling of loopback is called, and none is saved', async () => {
  await using counter = await openCounter();
  const literals = `127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 127.0.0.1. ①②⑦.0.0.1 127。0。0。1 0.0.0.0 0
    127.255.255.254 [::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::]
    [::ffff:0:127.0.0.1] localhost LOCALHOST localhost. %6c%6f%63alhost`;
  // some systems do not know the last one
  const refused = expect.stringMatching(/ not public|^The name localhost\. cannot be resolved/);
  for (const host of literals.trim().split(/\s+/)) {
    const url = `http://${host}:${counter.port}/hook`;
    expect({ url, told: await refuseAddress(outside(''), url) }).toEqual({ url, told: refused });
    expect(await call(outside(''), url)).toEqual({ error: refused, ms: expect.any(Number) });
  }
  const names = [
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '0.0.0.0',
    '::',
    '169.254.169.254',
    '64:ff9b::7f00:1',
    '::1%lo',
  ];
  for (const addresses of [...names.map((address) => [address]), ['8.8.8.8', '127.0.0.1'], ['2606:4700::1', '::1']]) {
    for (const scheme of ['http', 'https']) {
      const url = `${scheme}://hooks.example:${counter.port}/`;
      expect(await refuseAddress(outside('', addresses), url)).toContain('not public');
      expect(await call(outside('', addresses), url)).toMatchObject({ error: expect.stringContaining('not public') });
    }
  }
  expect(counter.connections).toBe(0);
});

test('a name that changes its mind gains nothing', async () => {
  await using counter = await openCounter();
  await using receiver = await openReceiver();
  const turns = (...answers: string[]) => {
    const asked: string[] = [];
    return { asked, lookup: async () => [answers[asked.push('') - 1] ?? answers.at(-1)!] };
  };
  // public when it is saved, here when it is called
  const later = turns('8.8.8.8', '127.0.0.1');
  const to = outside('', later.lookup);
  expect(await refuseAddress(to, `https://hooks.example:${counter.port}`)).toBeNull();
  expect(await call(to, `https://hooks.example:${counter.port}`)).toHaveProperty('error');
  // in order when it is judged, here right after
  const within = turns('127.0.0.2', '127.0.0.1');
  expect(await call(outside('127.0.0.2', within.lookup), `http://hooks.example:${counter.port}`)).toHaveProperty(
    'error',
  );
  expect(within.asked).toHaveLength(1);
  expect(counter.connections).toBe(0);
  // the address that was judged is the one that is called
  const back = turns('127.0.0.1', '10.0.0.1');
  expect(await call(outside('127.0.0.1', back.lookup), `http://hooks.example:${receiver.port}/a?b=c`)).toMatchObject({
    status: 204,
  });
  expect(back.asked).toHaveLength(1);
  expect(receiver.received).toMatchObject([
    {
      method: 'POST',
      path: '/a?b=c',
      body: HOOK.body,
      headers: {
        host: `hooks.example:${receiver.port}`,
        'webhook-id': 'msg_1',
        'content-length': String(HOOK.body.length),
        'user-agent': expect.stringMatching(/^Correspondence-Gateway/),
        connection: 'close',
      },
    },
  ]);
});

test('redirects are answers, and lead nowhere', async () => {
  await using inner = await openReceiver();
  await using receiver = await openReceiver((_, nth) => ({
    status: [301, 302, 303, 307, 308][nth],
    headers: { location: inner.url },
  }));
  for (const status of [301, 302, 303, 307, 308])
    expect(await call(outside('127.0.0.0/8'), receiver.url)).toMatchObject({
      status,
      headers: { location: inner.url },
    });
  expect(inner.state.connections).toBe(0);
});

test('what never ends is cut in time: names, connections, heads, bodies', async () => {
  await using receiver = await openReceiver(({ path }) => ({ status: 200, way: path.slice(1) as 'hang' }));
  // a head that comes in drops; with TLS, a greeting that is never answered
  await using slow = await openCounter((socket) => {
    const drop = setInterval(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'), 20);
    socket.on('close', () => clearInterval(drop));
  });
  await using mute = await openCounter();
  const here = outside('127.0.0.0/8');
  const never: Lookup = () => new Promise(() => {});
  const silent = createSocket('udp4').bind(0, '127.0.0.1');
  await once(silent, 'listening');
  const calls = [
    call(here, `http://127.0.0.1:${receiver.port}/hang`, 200),
    call(here, `http://127.0.0.1:${receiver.port}/trickle`, 200),
    call(here, `http://127.0.0.1:${slow.port}/`, 200),
    call(here, `https://127.0.0.1:${mute.port}/`, 200),
    call(outside('', never), 'https://hooks.example/', 200),
    call(outside('', openLookup([`127.0.0.1:${silent.address().port}`])), 'https://hooks.example/', 200),
  ];
  for (const ended of await Promise.all(calls)) {
    expect(ended).toEqual({ error: 'No whole answer within 0.2 s.', ms: expect.any(Number) });
    expect(ended.ms).toBeLessThan(5_000);
  }
  expect(await refuseAddress(outside('', never), 'https://hooks.example/', 50)).toMatch(/cannot be resolved in time/);
  silent.close();
});

test('answers as they are: with a status, cut at 4 KB, or broken off', async () => {
  await using receiver = await openReceiver(({ path }) =>
    path === '/endless'
      ? { status: 200, way: 'endless' }
      : path === '/half'
        ? { status: 202, body: 'thank', way: 'half' }
        : path === '/reset'
          ? { way: 'reset' }
          : { status: 503, headers: { 'retry-after': '120' }, body: `é\0${'é'.repeat(4000)}` },
  );
  const here = outside('127.0.0.0/8');
  const to = (path: string) => call(here, `http://127.0.0.1:${receiver.port}/${path}`);
  expect(await to('long')).toEqual({
    status: 503,
    headers: expect.objectContaining({ 'retry-after': '120' }),
    body: `é\uFFFD${'é'.repeat(2046)}`,
    ms: expect.any(Number),
  });
  expect(await to('half')).toMatchObject({ status: 202, body: 'thank' });
  expect(await to('reset')).toMatchObject({ error: 'The connection was closed before there was an answer.' });
  const before = process.memoryUsage().rss;
  expect(await to('endless')).toMatchObject({ status: 200, body: 'x'.repeat(4096) });
  expect(receiver.state.sentBytes).toBeLessThan(20_000_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  const saying = async (words: string) => {
    await using server = await openCounter((socket) => void socket.end(words));
    return await call(here, `http://127.0.0.1:${server.port}`);
  };
  expect(await saying('SSH-2.0-OpenSSH_9.2\r\n')).toMatchObject({ error: 'The answer is not HTTP.' });
  expect(await saying(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)).toMatchObject({ error: /headers/ });
  expect(await saying('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n')).toHaveProperty('error');
  expect(await saying('')).toMatchObject({ error: 'The connection was closed before there was an answer.' });
  await using gone = await openReceiver();
  await gone[Symbol.asyncDispose]();
  expect(await call(here, gone.url)).toMatchObject({ error: 'The connection was refused.' });
});

test('TLS is verified: the issuer, and the name', async () => {
  await using receiver = await openReceiver({ status: 200 }, CERTIFICATE);
  const to = (name: string) => call(outside('127.0.0.0/8', ['127.0.0.1']), `https://${name}:${receiver.port}/`);
  const untrusted = await to('hooks.example');
  expect(untrusted).toMatchObject({ error: 'Its TLS certificate cannot be verified: self-signed certificate.' });
  const usual = getCACertificates('default');
  setDefaultCACertificates([CERTIFICATE.cert]);
  try {
    expect(await to('hooks.example')).toMatchObject({ status: 200 });
    expect(await to('other.example')).toMatchObject({ error: expect.stringMatching(/^Its TLS certificate cannot be/) });
  } finally {
    setDefaultCACertificates(usual);
  }
  expect(receiver.received).toHaveLength(1);
});

test('addresses that are none', async () => {
  const refused = (url: string, to = outside('127.0.0.0/8', ['127.0.0.1'])) => refuseAddress(to, url);
  expect(await refused('hooks.example')).toBe('The address is not a URL.');
  expect(await refused('ftp://hooks.example/')).toBe('The address must begin with https://.');
  expect(await refused('file:///etc/passwd')).toBe('The address must begin with https://.');
  expect(await refused('https://ann:secret@hooks.example/')).toBe(
    'The address must not have a user or a password in it.',
  );
  expect(await refused('https://hooks.example/', outside('', []))).toBe('The name hooks.example cannot be resolved.');
  const unknown = outside('', () => Promise.reject(new Error('queryA ENOTFOUND 10.0.0.53')));
  expect(await refused('https://hooks.example/', unknown)).toBe('The name hooks.example cannot be resolved.');
  expect(await call(unknown, 'https://hooks.example/')).toMatchObject({
    error: 'The name hooks.example cannot be resolved.',
  });
});

test('names are asked of the name servers; proxies of the environment of nobody', async () => {
  // the smallest name server: 192.0.2.7 for every A, nothing for every other type
  const server = createSocket('udp4').bind(0, '127.0.0.1');
  server.on('message', (query, { port, address }) => {
    const question = query.subarray(12, query.indexOf(0, 12) + 5);
    const isA = question.readUInt16BE(question.length - 4) === 1;
    const head = Buffer.from([query[0]!, query[1]!, 0x81, 0x80, 0, 1, 0, isA ? 1 : 0, 0, 0, 0, 0]);
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7]);
    server.send(Buffer.concat([head, question, ...(isA ? [answer] : [])]), port, address);
  });
  await once(server, 'listening');
  const lookup = openLookup([`127.0.0.1:${server.address().port}`]);
  expect(await lookup('hooks.example', AbortSignal.timeout(5000))).toEqual(['192.0.2.7']);
  expect(await lookup('localhost', AbortSignal.timeout(5000))).toContain('127.0.0.1');
  server.close();

  await using receiver = await openReceiver({ status: 200 });
  await using proxy = await openReceiver({ status: 500 });
  const program = `
    const { callEndpoint } = await import('./src/webhook/call.ts');
    const config = { webhookAllowedRanges: ['127.0.0.0/8'], production: true };
    console.log(JSON.stringify(await callEndpoint({ config }, '${receiver.url}', { headers: {}, body: '' })));`;
  const proxied = `http://127.0.0.1:${proxy.port}`;
  const env = {
    ...process.env,
    NODE_USE_ENV_PROXY: '1',
    HTTP_PROXY: proxied,
    http_proxy: proxied,
    NO_PROXY: '',
    no_proxy: '',
  };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { env });
  expect(JSON.parse(stdout)).toMatchObject({ status: 200 });
  expect(proxy.state.connections).toBe(0);
});
