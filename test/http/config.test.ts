import { expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../src/config.ts';

const SECRET = 'a secret of thirty-two bytes, or more';
const LINK_SECRET = 'a secret that has no comma in all of it';
const JWKS = {
  JWT_JWKS_URL: 'https://id.example.com/keys',
  JWT_ISSUER: 'https://id.example.com/',
  JWT_AUDIENCE: 'gateway',
};

function problemsOf(env: Record<string, string>): string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('an empty environment is a demo on loopback with GraphiQL', () => {
  expect(loadConfig({})).toMatchObject({
    production: false,
    host: '127.0.0.1',
    port: 4000,
    dataDir: '.data',
    databaseUrl: null,
    signIn: { kind: 'demo', algorithms: ['HS256'], claim: 'email', field: 'email' },
    graphiql: true,
    introspection: true,
    limits: { cost: 10_000, bodyBytes: 1_000_000 },
    metricsSecret: null,
    publicUrl: 'http://localhost:4000',
    links: { kind: 'made', ttlMs: 900_000 },
  });
});

test('production listens to all, without GraphiQL and introspection unless asked for', () => {
  const production = {
    ...{ NODE_ENV: 'production', JWT_SECRET: SECRET },
    ...{ PUBLIC_URL: 'https://gateway.example.com/', LINK_SECRETS: `new:${LINK_SECRET},old:${LINK_SECRET}:2` },
  };
  expect(loadConfig(production)).toMatchObject({
    production: true,
    host: '0.0.0.0',
    graphiql: false,
    introspection: false,
    signIn: { kind: 'secret', secret: SECRET },
    publicUrl: 'https://gateway.example.com',
    links: {
      kind: 'secrets',
      secrets: [
        ['new', LINK_SECRET],
        ['old', `${LINK_SECRET}:2`],
      ],
      ttlMs: 900_000,
    },
  });
  expect(loadConfig({ ...production, GRAPHIQL: 'on', INTROSPECTION: 'true' })).toMatchObject({
    graphiql: true,
    introspection: true,
  });
});

test('an empty setting counts as absent', () => {
  expect(loadConfig({ JWT_SECRET: '', PORT: ' ', DATABASE_URL: '' })).toMatchObject({
    signIn: { kind: 'demo' },
    port: 4000,
    databaseUrl: null,
  });
});

test('keys from a JWKS are taken with public-key algorithms only', () => {
  const { signIn } = loadConfig(JWKS);
  expect(signIn).toMatchObject({ kind: 'jwks', url: JWKS.JWT_JWKS_URL, issuer: JWKS.JWT_ISSUER, audience: 'gateway' });
  expect(signIn.algorithms).toContain('RS256');
  expect(signIn.algorithms.filter((name) => name.startsWith('HS') || name === 'none')).toEqual([]);
});

test('everything that is wrong is named at once', () => {
  const problems = problemsOf({
    NODE_ENV: 'production',
    PORT: '80 80',
    DATABASE_URL: 'mysql://localhost/x',
    MAX_DEPTH: '-1',
    GRAPHIQL: 'perhaps',
    JWT_ALGORITHMS: 'none',
    JWT_USER_FIELD: 'name',
    LOG_LEVEL: 'loud',
    METRICS_SECRET: 'short',
    WEBHOOK_ALLOWED_RANGES: '10.0.0.0/8, 10.0.0.0/33',
  });
  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    'PORT',
    'DATABASE_URL',
    'JWT_USER_FIELD',
    'GRAPHIQL',
    'MAX_DEPTH',
    'WEBHOOK_ALLOWED_RANGES',
    'METRICS_SECRET',
    'LOG_LEVEL',
    'JWT_SECRET or JWT_JWKS_URL',
    'LINK_SECRETS',
    'PUBLIC_URL',
    'JWT_ALGORITHMS',
  ]);
});

test('what is wrong with LINK_SECRETS is told without the secrets', () => {
  for (const list of [
    'swordfish',
    'a:swordfish',
    `a:${LINK_SECRET},b`,
    `a:${LINK_SECRET},a:${LINK_SECRET}`,
    `a b:${LINK_SECRET}`,
    ',',
  ]) {
    const told = problemsOf({ LINK_SECRETS: list }).join('\n');
    expect(told).toMatch(/^LINK_SECRETS: /);
    expect(told).not.toMatch(/swordfish|comma in all/);
  }
});

test.each<[string, Record<string, string>, RegExp]>([
  ['production without sign-in', { NODE_ENV: 'production' }, /JWT_SECRET or JWT_JWKS_URL: one of them must be set/],
  ['a mode that is misspelt, and would be a demo', { NODE_ENV: 'prod' }, /NODE_ENV: must be/],
  ['a short secret', { JWT_SECRET: 'changeme' }, /JWT_SECRET: must have at least 32 bytes/],
  [
    'a short secret in production',
    { NODE_ENV: 'production', JWT_SECRET: 'changeme' },
    /JWT_SECRET: must have at least/,
  ],
  ['two ways to sign in', { ...JWKS, JWT_SECRET: SECRET }, /only one of them/],
  ['HS256 with a JWKS', { ...JWKS, JWT_ALGORITHMS: 'RS256, HS256' }, /JWT_ALGORITHMS: "HS256" cannot be used/],
  ['RS256 with a secret', { JWT_SECRET: SECRET, JWT_ALGORITHMS: 'RS256' }, /JWT_ALGORITHMS: "RS256" cannot/],
  ['no algorithm', { JWT_SECRET: SECRET, JWT_ALGORITHMS: ',' }, /JWT_ALGORITHMS: "", "" cannot/],
  ['none', { JWT_SECRET: SECRET, JWT_ALGORITHMS: 'none' }, /JWT_ALGORITHMS: "none" cannot/],
  [
    'a JWKS for everybody in production',
    { NODE_ENV: 'production', JWT_JWKS_URL: JWKS.JWT_JWKS_URL },
    /JWT_AUDIENCE: must/,
  ],
  ['a JWKS that is a file', { ...JWKS, JWT_JWKS_URL: 'file:///etc/keys' }, /JWT_JWKS_URL: must be a URL/],
  ['a port that does not exist', { PORT: '65536' }, /PORT: must be from 0 to 65535/],
  ['a number with a unit', { MAX_BODY_BYTES: '1MB' }, /MAX_BODY_BYTES: must be a whole number/],
  ['an address with a user', { PUBLIC_URL: 'https://me:secret@example.com' }, /PUBLIC_URL: must be a plain address/],
  ['a link of no time', { LINK_TTL: '0' }, /LINK_TTL: must be from 30/],
  ['a bucket smaller than one operation', { RATE_LIMIT: '50' }, /RATE_LIMIT: must be 0 \(off\) or at least MAX_COST/],
])('refused: %s', (_, env, message) => {
  expect(problemsOf(env).join('\n')).toMatch(message);
});

const SMTP = { SMTP_URL: 'smtp://mail.example.com', MAIL_FROM: 'Site Mail <site@Example.org>' };

test('where mail goes, and whom it is from', () => {
  const from = { name: 'Correspondence Gateway', address: 'gateway@localhost' };
  expect(loadConfig({}).mail).toEqual({ from, domain: 'localhost', secrets: null, smtp: null });
  expect(loadConfig({ PUBLIC_URL: 'https://gateway.example.com' }).mail.domain).toBe('gateway.example.com');
  expect(loadConfig({ PUBLIC_URL: 'http://10.0.0.1:4000' }).mail.domain).toBe('localhost');
  expect(loadConfig({ MAIL_FROM: '"Site, Mail" <a@x.example>' }).mail.from).toEqual({
    name: 'Site, Mail',
    address: 'a@x.example',
  });
  const { from: sender, domain, smtp } = loadConfig(SMTP).mail;
  expect([sender, domain]).toEqual([{ name: 'Site Mail', address: 'site@Example.org' }, 'example.org']);
  expect(smtp).toMatchObject({ host: 'mail.example.com', port: 587, secure: false, auth: null, tls: 'if-offered' });
  expect(
    loadConfig({ ...SMTP, SMTP_URL: 'smtps://user%40x:p%2Fw%25@mail.example.com', SMTP_TIMEOUT: '5' }).mail.smtp,
  ).toMatchObject({
    ...{
      port: 465,
      secure: true,
      auth: { user: 'user@x', pass: 'p/w%' },
      tls: 'required',
      timeoutMs: 5000,
      dkim: null,
    },
  });
  expect(
    loadConfig({ ...SMTP, MAIL_DOMAIN: 'Mail.example.org', DKIM_SELECTOR: 's1', DKIM_KEY_FILE: '/key' }).mail,
  ).toMatchObject({
    domain: 'mail.example.org',
    smtp: { dkim: { domain: 'example.org', selector: 's1', key: { file: '/key' } } },
  });
});

test.each<[Record<string, string>, RegExp]>([
  [{ SMTP_URL: SMTP.SMTP_URL }, /^MAIL_FROM: must be set where SMTP_URL is/],
  [{ SMTP_TLS: 'required' }, /^SMTP_URL: must be set where SMTP_TLS is/],
  [{ ...SMTP, SMTP_URL: 'mail.example.com:25' }, /^SMTP_URL: must be smtp:/],
  [{ ...SMTP, SMTP_URL: 'smtp://user:sword/fish@mail.example.com' }, /^SMTP_URL: must /],
  [{ ...SMTP, SMTP_URL: 'smtp://user:swordfish%zz@mail.example.com' }, /^SMTP_URL: must have both/],
  [{ ...SMTP, SMTP_URL: 'smtp://swordfish@mail.example.com' }, /^SMTP_URL: must have both/],
  [{ ...SMTP, SMTP_URL: 'smtp://mail.example.com?requireTLS=true' }, /^SMTP_URL: must end after the port/],
  [{ ...SMTP, SMTP_URL: 'smtps://mail.example.com', SMTP_TLS: 'off' }, /^SMTP_TLS: smtps/],
  [{ ...SMTP, SMTP_TLS: 'off', SMTP_TLS_INSECURE: 'true' }, /^SMTP_TLS_CA, SMTP_TLS_INSECURE: /],
  [{ ...SMTP, DKIM_SELECTOR: 's1' }, /^DKIM_SELECTOR, DKIM_KEY/],
  [
    { ...SMTP, DKIM_SELECTOR: 's1', DKIM_KEY: 'swordfish', DKIM_KEY_FILE: '/key' },
    /^DKIM_KEY, DKIM_KEY_FILE: only one/,
  ],
  [{ MAIL_FROM: 'a@b, c@d' }, /^MAIL_FROM: must be Name/],
  [{ MAIL_DOMAIN: 'https://example.org' }, /^MAIL_DOMAIN: must be the name/],
  [{ MAIL_SECRETS: 'id:swordfish' }, /^MAIL_SECRETS: must have secrets/],
])('refused of mail: %j', (env, message) => {
  const problems = problemsOf(env);
  expect(problems).toEqual([expect.stringMatching(message)]);
  expect(problems.join()).not.toContain('fish');
});

test('RATE_LIMIT=0 turns the limit off', () => {
  expect(loadConfig({ RATE_LIMIT: '0' }).rateLimit).toBe(0);
});

test('ranges of addresses, and single ones', () => {
  const of = (list: string) => loadConfig({ WEBHOOK_ALLOWED_RANGES: list }).webhookAllowedRanges;
  expect(of('10.0.0.0/8, fd00::/8,127.0.0.1,::1,::ffff:10.0.0.0/104')).toHaveLength(5);
  for (const wrong of ['localhost', '10.0.0/8', '10.0.0.0/', '::/129', '1.2.3.4/-1', ',', '::1%lo', '10.0.0.0/8/8'])
    expect(problemsOf({ WEBHOOK_ALLOWED_RANGES: wrong })).toEqual([expect.stringMatching(/^WEBHOOK_ALLOWED_RANGES: /)]);
});
