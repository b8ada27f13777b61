import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { madeSecret } from '../../src/http/madeSecret.ts';
import { createSignIn } from '../../src/http/signIn.ts';
import { mintToken } from '../../src/http/token.ts';

const NOW = new Date('2026-03-02T08:00:00Z');
const clock = { now: () => NOW };
const at = (seconds: number) => Math.floor(NOW.getTime() / 1000) + seconds;
const SECRET = 'a secret of thirty-two bytes, or more';
const ISSUER = 'https://id.example.com/';
const JOE = { email: 'jjowner@example.com' };

const secretConfig = loadConfig({ JWT_SECRET: SECRET, JWT_ISSUER: ISSUER, JWT_AUDIENCE: 'gateway' });
const valid = { iss: ISSUER, aud: 'gateway', exp: at(60), ...JOE };
const bytes = (secret: string) => new TextEncoder().encode(secret);
const signed = (payload: JWTPayload, { secret = SECRET, alg = 'HS256' } = {}) =>
  new SignJWT(payload).setProtectedHeader({ alg }).sign(bytes(secret));
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

const errorOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    (claim) => ({ message: `let in as ${JSON.stringify(claim)}`, extensions: {} }),
    (thrown) => thrown,
  );
  return { message: error.message, ...error.extensions };
};

test('a good token names its user and its end', async () => {
  const signIn = createSignIn(secretConfig, clock);
  const claim = { field: 'email', value: JOE.email, expiresAt: new Date((at(60) as number) * 1000) };
  const token = await signed(valid);
  expect(await signIn(`Bearer ${token}`)).toEqual(claim);
  expect(await signIn(`bearer  ${token}`)).toEqual(claim);
  expect(await signIn(`BEARER ${token} `)).toEqual(claim);
  expect(await signIn(`Bearer ${await signed({ ...valid, aud: ['other', 'gateway'] })}`)).toEqual(claim);
});

test.each<[string, () => string | null | Promise<string>, RegExp]>([
  ['nothing', () => null, /Sign in: send the header/],
  ['an empty header', () => '', /Sign in: send/],
  ['another scheme', () => 'Basic am9lOnNlY3JldA==', /must read "Bearer <token>"/],
  ['no token', () => 'Bearer ', /must read/],
  ['two tokens', async () => `Bearer ${await signed(valid)} ${await signed(valid)}`, /must read/],
  ['rubbish', () => 'Bearer rubbish', /not a JWT/],
  ['three dots of rubbish', () => 'Bearer a.b.c', /not a JWT/],
  ['an unsigned token', () => `Bearer ${base64({ alg: 'none' })}.${base64(valid)}.`, /algorithm that is not accepted/],
  ['alg nOnE', () => `Bearer ${base64({ alg: 'nOnE' })}.${base64(valid)}.`, /algorithm that is not accepted/],
  ['a stripped signature', async () => `Bearer ${(await signed(valid)).replace(/[^.]+$/, '')}`, /signature/],
  ['another secret', async () => `Bearer ${await signed(valid, { secret: `${SECRET}!` })}`, /signature/],
  ['an algorithm off the list', async () => `Bearer ${await signed(valid, { alg: 'HS512' })}`, /algorithm/],
  [
    'another issuer',
    async () => `Bearer ${await signed({ ...valid, iss: 'https://evil.example.com/' })}`,
    /another issuer/,
  ],
  ['no issuer', async () => `Bearer ${await signed({ ...valid, iss: undefined })}`, /no "iss" claim/],
  [
    'another audience',
    async () => `Bearer ${await signed({ ...valid, aud: 'elsewhere' })}`,
    /audience \(aud\) is not ours/,
  ],
  ['no audience', async () => `Bearer ${await signed({ ...valid, aud: undefined })}`, /no "aud" claim/],
  ['expired', async () => `Bearer ${await signed({ ...valid, exp: at(-6) })}`, /has expired/],
  ['no expiry', async () => `Bearer ${await signed({ ...valid, exp: undefined })}`, /no "exp" claim/],
  ['an expiry that is no time', async () => `Bearer ${await signed({ ...valid, exp: 'never' as never })}`, /./],
  ['not valid yet', async () => `Bearer ${await signed({ ...valid, nbf: at(60) })}`, /not valid yet/],
  ['no user', async () => `Bearer ${await signed({ ...valid, email: undefined })}`, /no "email" claim that names/],
  ['an empty user', async () => `Bearer ${await signed({ ...valid, email: ' ' })}`, /no "email" claim that names/],
  ['a user that is a list', async () => `Bearer ${await signed({ ...valid, email: [JOE.email] })}`, /no "email" claim/],
  ['an unverified address', async () => `Bearer ${await signed({ ...valid, email_verified: false })}`, /not verified/],
  [
    'an unverified address in text',
    async () => `Bearer ${await signed({ ...valid, email_verified: 'false' })}`,
    /not verified/,
  ],
])('refused: %s', async (_, header, message) => {
  const error = await errorOf(createSignIn(secretConfig, clock)(await header()));
  expect(error.message).toMatch(message);
  expect(error).toMatchObject({ code: 'UNAUTHENTICATED', http: { status: 401 } });
  expect(error.message).not.toContain(SECRET);
});

test('a token that was checked a moment ago ends when it ends', async () => {
  let passed = 0;
  const signIn = createSignIn(secretConfig, { now: () => new Date(NOW.getTime() + passed) });
  const token = `Bearer ${await signed({ ...valid, exp: at(20) })}`;
  for (passed of [0, 10_000, 19_999, 24_000]) expect(await signIn(token)).toMatchObject({ value: JOE.email });
  passed = 25_000; // five of them for clocks that differ
  expect(await errorOf(signIn(token))).toMatchObject({ message: expect.stringMatching(/expired/) });
});

test('a few seconds between two clocks are nobody’s fault', async () => {
  expect(await createSignIn(secretConfig, clock)(`Bearer ${await signed({ ...valid, exp: at(-4) })}`)).toBeDefined();
});

test('the claim and the field it is compared with are settings', async () => {
  const config = loadConfig({ JWT_SECRET: SECRET, JWT_USER_CLAIM: 'employee', JWT_USER_FIELD: 'externalId' });
  const signIn = createSignIn(config, clock);
  const exp = at(60);
  expect(await signIn(`Bearer ${await signed({ exp, employee: 1477682 })}`)).toMatchObject({
    field: 'externalId',
    value: '1477682',
  });
  // the address is not what this gateway goes by, so that nobody cares whether it is verified
  const claims = { exp, employee: '1477682', email_verified: false };
  expect(await signIn(`Bearer ${await signed(claims)}`)).toMatchObject({ value: '1477682' });
});

test('a token minted here is good for twelve hours, whatever the settings ask of it', async () => {
  const config = loadConfig({
    ...{ JWT_SECRET: SECRET, JWT_ISSUER: ISSUER, JWT_AUDIENCE: 'gateway', JWT_ALGORITHMS: 'HS384' },
    ...{ JWT_USER_CLAIM: 'sub', JWT_USER_FIELD: 'id' },
  });
  const joe = { id: '0198b3c0-0000-7000-8000-000000000001', externalId: null, ...JOE };
  const header = `Bearer ${await mintToken(config.signIn, SECRET, joe, NOW)}`;
  const hours = (n: number) => ({ now: () => new Date(NOW.getTime() + n * 3_600_000) });
  expect(await createSignIn(config, hours(11.99))(header)).toMatchObject({ field: 'id', value: joe.id });
  expect(await errorOf(createSignIn(config, hours(12.01))(header))).toMatchObject({
    message: expect.stringMatching(/expired/),
  });
  const byExternalId = { ...config.signIn, field: 'externalId' as const };
  await expect(mintToken(byExternalId, SECRET, joe, NOW)).rejects.toThrow('jjowner@example.com has no externalId');
});

/** A server of public keys on loopback that a test changes at will. */
async function keyServer() {
  const served = { keys: [] as JWK[], asked: 0, status: 200 };
  const server = createServer((_, response) => {
    served.asked += 1;
    response
      .writeHead(served.status, { 'content-type': 'application/json' })
      .end(JSON.stringify({ keys: served.keys }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  return {
    served,
    config: loadConfig({ JWT_JWKS_URL: url, JWT_ISSUER: ISSUER, JWT_AUDIENCE: 'gateway' }),
    async newKey(kid: string | undefined, alg = 'RS256') {
      const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
      const jwk = { ...(await exportJWK(publicKey)), alg, ...(kid && { kid }) };
      const sign = (payload: JWTPayload, header: { kid?: string } = kid ? { kid } : {}) =>
        new SignJWT(payload).setProtectedHeader({ alg, ...header }).sign(privateKey);
      return { jwk, sign };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

test.each(['RS256', 'PS256', 'ES256', 'EdDSA'])('%s tokens are checked with the keys of a JWKS', async (alg) => {
  await using server = await keyServer();
  const key = await server.newKey('one', alg);
  server.served.keys = [key.jwk];
  const signIn = createSignIn(server.config, clock);
  const token = await key.sign(valid);
  expect(await signIn(`Bearer ${token}`)).toMatchObject({ value: JOE.email });
  expect(await signIn(`Bearer ${token}`)).toMatchObject({ value: JOE.email });
  expect(server.served.asked).toBe(1);
});

test('an HS256 token signed with the public key of a JWKS is refused', async () => {
  await using server = await keyServer();
  const { jwk } = await server.newKey('one');
  server.served.keys = [jwk, { kty: 'oct', kid: 'oct', k: base64(SECRET), alg: 'HS256' }];
  const signIn = createSignIn(server.config, clock);
  const forged = await signed(valid, { secret: JSON.stringify(jwk) });
  expect(await errorOf(signIn(`Bearer ${forged}`))).toMatchObject({
    message: expect.stringMatching(/algorithm that is not accepted/),
  });
});

test('keys may change: a new one is fetched, the old one holds for no more than a minute, and only where it was seen', async () => {
  await using server = await keyServer();
  const [old, next] = [await server.newKey('old'), await server.newKey('next')];
  server.served.keys = [old.jwk];
  const moving = { now: () => new Date(NOW.getTime() + passed) };
  let passed = 0;
  const signIn = createSignIn(server.config, moving, { jwksCooldownMs: 0 });
  const seen = `Bearer ${await old.sign({ ...valid, exp: at(3600) })}`;
  expect(await signIn(seen)).toMatchObject({ value: JOE.email });
  server.served.keys = [next.jwk];
  expect(await signIn(`Bearer ${await next.sign(valid)}`)).toMatchObject({ value: JOE.email });
  const refused = { message: expect.stringMatching(/signature/) };
  expect(await errorOf(signIn(`Bearer ${await old.sign({ ...valid, jti: 'another' })}`))).toMatchObject(refused);
  expect(await signIn(seen)).toMatchObject({ value: JOE.email });
  passed = 60_000;
  expect(await errorOf(signIn(seen))).toMatchObject(refused);
});

test('made-up key ids do not make us ask the key server each time', async () => {
  await using server = await keyServer();
  const key = await server.newKey('one');
  server.served.keys = [key.jwk];
  const signIn = createSignIn(server.config, clock);
  for (let n = 0; n < 20; n += 1) {
    const error = await errorOf(signIn(`Bearer ${await key.sign(valid, { kid: `made up ${n}` })}`));
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', message: expect.stringMatching(/signature/) });
  }
  expect(server.served.asked).toBe(1);
});

test('a token that names no key is tried with every one that could have made it', async () => {
  await using server = await keyServer();
  const [one, two, three] = [await server.newKey('1'), await server.newKey('2'), await server.newKey('3')];
  server.served.keys = [one.jwk, two.jwk];
  const signIn = createSignIn(server.config, clock);
  expect(await signIn(`Bearer ${await two.sign(valid, {})}`)).toMatchObject({ value: JOE.email });
  expect(await errorOf(signIn(`Bearer ${await three.sign(valid, {})}`))).toMatchObject({
    message: expect.stringMatching(/signature/),
  });
  expect(await errorOf(signIn(`Bearer ${await two.sign({ ...valid, exp: at(-60) }, {})}`))).toMatchObject({
    message: expect.stringMatching(/expired/),
  });
});

test('a key server that is down is our fault, not the token’s', async () => {
  await using server = await keyServer();
  const key = await server.newKey('one');
  server.served.status = 503;
  const error = await errorOf(createSignIn(server.config, clock)(`Bearer ${await key.sign(valid)}`));
  expect(error.code).not.toBe('UNAUTHENTICATED');
  expect(error.message).not.toMatch(/let in/);
});

test('the demo secret is made once, for its owner only, however many ask at once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'secret-'));
  const dataDir = join(folder, 'not', 'there', 'yet');
  const secrets = new Set(await Promise.all(Array.from({ length: 20 }, () => madeSecret(dataDir, 'secret'))));
  expect(secrets.size).toBe(1);
  expect([...secrets][0]!.length).toBeGreaterThanOrEqual(32);
  expect(await readdir(dataDir)).toEqual(['secret']);
  if (process.platform !== 'win32') expect((await stat(join(dataDir, 'secret'))).mode & 0o777).toBe(0o600);
  expect(await madeSecret(dataDir, 'secret')).toBe([...secrets][0]);
  await writeFile(join(dataDir, 'secret'), '');
  await expect(madeSecret(dataDir, 'secret')).rejects.toThrow('is not a secret of ours');
  await rm(folder, { recursive: true });
});
