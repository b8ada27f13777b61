import { isIP } from 'node:net';
import { z } from 'zod';

// RFC 7518 3.2: a key of HMAC with SHA-256 has at least as many bits as the hash
const MIN_SECRET_BYTES = 32;

const SECRET_ALGORITHMS = ['HS256', 'HS384', 'HS512'];
const JWKS_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
export const JWKS_DEFAULT_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];

const text = z.string().optional();
const bytes = (minimum: number) => (value: string) => Buffer.byteLength(value) >= minimum;
const secret = z
  .string()
  .refine(bytes(MIN_SECRET_BYTES), { error: `must have at least ${MIN_SECRET_BYTES} bytes` })
  .optional();
const whole = (minimum: number, maximum: number, otherwise: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, { error: 'must be a whole number' })
    .transform(Number)
    .refine((n) => n >= minimum && n <= maximum, { error: `must be from ${minimum} to ${maximum}` })
    .default(otherwise);
const oneOf = <const T extends string>(...values: T[]) =>
  z.enum(values, { error: `must be ${values.slice(0, -1).join(', ')} or ${values.at(-1)}` });
const yesOrNo = z
  .enum(['true', 'false', '1', '0', 'on', 'off', 'yes', 'no'], { error: 'must be true or false' })
  .transform((value) => ['true', '1', 'on', 'yes'].includes(value))
  .optional();
/** "10.0.0.0/8", "fd00::/8", or one address. */
const isRange = (cidr: string): boolean => {
  const [, address = '', , bits] = /^([\d.]+|[\da-f:]+(:[\d.]+)?)(?:\/(\d{1,3}))?$/i.exec(cidr) ?? [];
  return isIP(address) !== 0 && (bits === undefined || Number(bits) <= (isIP(address) === 4 ? 32 : 128));
};
const url = (...schemes: string[]) =>
  z
    .string()
    .refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1)), {
      error: `must be a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    })
    .optional();

// messages about it must not tell what is in it
const keyRing = z
  .string()
  .transform((list) =>
    list.split(',').map((pair): [string, string] => {
      const at = pair.indexOf(':');
      return [pair.slice(0, Math.max(at, 0)).trim(), pair.slice(at + 1).trim()];
    }),
  )
  .refine((pairs) => pairs.every(([id]) => /^[\w-]{1,32}$/.test(id)), {
    error: 'must be id:secret with commas between, ids of up to 32 letters, digits, - and _; a secret has no comma',
    abort: true,
  })
  .refine((pairs) => new Set(pairs.map(([id]) => id)).size === pairs.length, {
    error: 'has the same id twice',
    abort: true,
  })
  .refine((pairs) => pairs.every(([, value]) => bytes(MIN_SECRET_BYTES)(value)), {
    error: `must have secrets of at least ${MIN_SECRET_BYTES} bytes`,
  })
  .optional();

// smtp://user:password@host:587; messages about it must not tell the password
const smtpUrl = z
  .string()
  .refine((value) => /^smtps?:\/\/[^/]/.test(value) && URL.canParse(value), {
    error:
      'must be smtp://host:port or smtps://host:port, with user:password@ before the host if the server wants a sign-in',
    abort: true,
  })
  .refine((value) => ['', '/'].includes(new URL(value).pathname) && !/[?#]/.test(value), {
    error:
      'must end after the port: a password with / ? # @ : in it has these as %2F %3F %23 %40 %3A; TLS is set by SMTP_TLS',
    abort: true,
  })
  .refine(
    (value) => {
      const { username, password } = new URL(value);
      return (
        [username, password].every((part) => !/%(?![0-9A-Fa-f]{2})/.test(part)) &&
        Boolean(username) === Boolean(password)
      );
    },
    { error: 'must have both user and password or none, each % in them written as %25' },
  )
  .optional();

/** "Name <address>", or an address alone. */
export function readMailbox(text: string): { name: string; address: string } | null {
  const [, quoted, plain, inBrackets, alone] =
    /^(?:(?:"([^"]*)"|([^"<>]*?))\s*<([^<>]+)>|([^<>\s]+))$/.exec(text.trim()) ?? [];
  const address = inBrackets ?? alone;
  const isAddress = address && /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+$/.test(address);
  return isAddress ? { name: (quoted ?? plain ?? '').trim(), address } : null;
}

const hostName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i, {
    error: 'must be the name of a domain, such as mail.example.com',
  })
  .transform((name) => name.toLowerCase())
  .optional();

/** The environment variables of the gateway: their forms and what they are when absent. */
export const settings = z.object({
  NODE_ENV: oneOf('development', 'test', 'production').default('development'),
  HOST: text,
  PORT: whole(0, 65_535, 4000),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: url('postgres', 'postgresql'),
  DATABASE_DIRECT_URL: url('postgres', 'postgresql'),
  DATABASE_POOL_SIZE: whole(1, 1000, 10),
  DATABASE_PREPARED: yesOrNo,
  DATABASE_REPLICA_URLS: z
    .string()
    .transform((list) => list.split(',').map((address) => address.trim()))
    .refine((list) => list.every((address) => /^postgres(ql)?:\/\/[^/]/.test(address) && URL.canParse(address)), {
      error: 'must be URLs with commas that begin with postgres:// or postgresql://',
    })
    .default([]),
  // seconds; a look at the servers is every quarter of one (database/replica-watch.ts)
  DATABASE_REPLICA_MAX_LAG: whole(1, 3600, 5),
  JWT_SECRET: secret,
  JWT_JWKS_URL: url('https', 'http'),
  JWT_ISSUER: text,
  JWT_AUDIENCE: text,
  JWT_ALGORITHMS: z
    .string()
    .transform((list) => list.split(',').map((name) => name.trim()))
    .optional(),
  JWT_USER_CLAIM: z.string().default('email'),
  JWT_USER_FIELD: oneOf('email', 'externalId', 'id').default('email'),
  GRAPHIQL: yesOrNo,
  INTROSPECTION: yesOrNo,
  MAX_COST: whole(1, 1_000_000_000, 10_000),
  // a page of items with people and their vendors is 7 deep, the introspection that tools send 15
  MAX_DEPTH: whole(1, 100, 20),
  MAX_ALIASES: whole(0, 10_000, 100),
  // 500 updates written out in one document are 6,000 to 9,000
  MAX_TOKENS: whole(100, 100_000, 15_000),
  MAX_DIRECTIVES: whole(0, 10_000, 50),
  MAX_BODY_BYTES: whole(1000, 100_000_000, 1_000_000),
  // sixty of the dearest operations at once, then one a second (http/rateLimit.ts): far above what people do by hand
  RATE_LIMIT: whole(0, 1_000_000_000, 600_000),
  // a person with some tabs on some screens; each costs a few kilobytes, and a place in every look at who listens
  MAX_STREAMS: whole(1, 10_000, 20),
  CORS_ORIGINS: z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .refine((list) => list.every((origin) => URL.parse(origin)?.origin === origin), {
      error: 'must be origins with commas, such as https://app.example.com, without a path or a final slash',
    })
    .default([]),
  // seconds; load balancers ask /ready every few
  SHUTDOWN_DELAY: whole(0, 300, 0),
  PUBLIC_URL: url('https', 'http').refine((value) => !value || !/[?#@]/.test(value), {
    error: 'must be a plain address, without a user, a query or a fragment',
  }),
  LINK_SECRETS: keyRing,
  // seconds: api.md, Links
  LINK_TTL: whole(30, 86_400, 900),
  // half a gigabyte; a size is an Int of the graph, which ends at 2 GB
  MAX_UPLOAD_BYTES: whole(1, 2_147_483_647, 500_000_000),
  S3_BUCKET: text,
  S3_ENDPOINT: url('https', 'http'),
  S3_REGION: z.string().default('us-east-1'),
  S3_ACCESS_KEY_ID: text,
  S3_SECRET_ACCESS_KEY: text,
  S3_FORCE_PATH_STYLE: yesOrNo,
  WORKER: yesOrNo,
  WEBHOOK_ALLOWED_RANGES: z
    .string()
    .transform((list) => list.split(',').map((cidr) => cidr.trim()))
    .refine((list) => list.every(isRange), {
      error: 'must be ranges of IP addresses with commas, such as 10.0.0.0/8,fd00::/8',
    })
    .default([]),
  SMTP_URL: smtpUrl,
  SMTP_TLS: oneOf('required', 'if-offered', 'off').optional(),
  SMTP_TLS_CA: text,
  SMTP_TLS_INSECURE: yesOrNo,
  // relays commonly allow a client five to ten at once
  SMTP_CONNECTIONS: whole(1, 100, 5),
  // seconds; some wait 5 to 20 before they greet, to be rid of spammers, and scan a mail before they say that it is taken
  SMTP_TIMEOUT: whole(1, 300, 30),
  MAIL_FROM: z
    .string()
    .refine((value) => readMailbox(value) !== null, { error: 'must be Name <address> or an address' })
    .optional(),
  MAIL_DOMAIN: hostName,
  MAIL_SECRETS: keyRing,
  DKIM_DOMAIN: hostName,
  DKIM_SELECTOR: z
    .string()
    .regex(/^[a-z0-9_]([a-z0-9._-]*[a-z0-9])?$/i, { error: 'must be letters, digits, - and .' })
    .optional(),
  DKIM_KEY: z
    .string()
    .transform((pem) => pem.replaceAll('\\n', '\n'))
    .optional(),
  DKIM_KEY_FILE: text,
  // seconds; a process that stops waits for an endpoint at most 20
  WEBHOOK_TIMEOUT: whole(1, 15, 15),
  METRICS_SECRET: z.string().refine(bytes(16), { error: 'must have at least 16 bytes' }).optional(),
  LOG_LEVEL: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent').optional(),
});

/** What one setting alone cannot tell; looks at the bare environment, so that it is told together with everything else. */
export function* conflicts(env: Record<string, string | undefined>): Generator<string> {
  const { JWT_SECRET, JWT_JWKS_URL, NODE_ENV } = env;
  const production = NODE_ENV === 'production';
  if (JWT_SECRET && JWT_JWKS_URL) yield 'JWT_SECRET, JWT_JWKS_URL: only one of them may be set';
  if (production && !JWT_SECRET && !JWT_JWKS_URL) {
    yield 'JWT_SECRET or JWT_JWKS_URL: one of them must be set in production, where nobody could sign in otherwise';
  }
  if (production && !env.LINK_SECRETS)
    yield 'LINK_SECRETS: must be set in production (id:secret), the same for all processes: links are signed with it';
  if (production && !env.PUBLIC_URL) yield 'PUBLIC_URL: must be set in production: links in answers begin with it';
  if (production && JWT_JWKS_URL && !JWT_SECRET) {
    // whoever signs for others too would let their people in
    if (!env.JWT_ISSUER) yield 'JWT_ISSUER: must be set in production when JWT_JWKS_URL is';
    if (!env.JWT_AUDIENCE) yield 'JWT_AUDIENCE: must be set in production when JWT_JWKS_URL is';
  }
  // the public keys of a JWKS are no secret: accepting HS* with one would let anybody sign
  const allowed = JWT_JWKS_URL ? JWKS_ALGORITHMS : SECRET_ALGORITHMS;
  const wrong = (env.JWT_ALGORITHMS?.split(',') ?? []).filter((name) => !allowed.includes(name.trim()));
  if (wrong.length > 0) {
    yield `JWT_ALGORITHMS: ${wrong.map((name) => `"${name.trim()}"`).join(', ')} cannot be used here; choose from ${allowed.join(', ')}`;
  }
  yield* conflictsOfMail(env);
  if (env.DATABASE_REPLICA_URLS && !env.DATABASE_URL) {
    yield 'DATABASE_REPLICA_URLS: only together with DATABASE_URL; the embedded database has no replicas';
  }
  if (!env.S3_BUCKET) {
    const others = Object.keys(env).filter((name) => /^S3_(ENDPOINT|REGION|ACCESS|SECRET|FORCE)/.test(name));
    if (others.length > 0) yield `S3_BUCKET: must be set where ${others.join(', ')} is`;
  }
  if (!env.S3_ACCESS_KEY_ID !== !env.S3_SECRET_ACCESS_KEY) {
    yield 'S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY: both or none; without them the usual places of AWS are asked';
  }
  const rateLimit = Number(env.RATE_LIMIT ?? 600_000);
  if (rateLimit > 0 && rateLimit < Number(env.MAX_COST ?? 10_000)) {
    yield 'RATE_LIMIT: must be 0 (off) or at least MAX_COST, or the dearest operations would never pass';
  }
}

function* conflictsOfMail(env: Record<string, string | undefined>): Generator<string> {
  const given = Object.keys(env).filter((name) => /^(SMTP|DKIM)_/.test(name) && name !== 'SMTP_URL');
  if (!env.SMTP_URL && given.length > 0) yield `SMTP_URL: must be set where ${given.join(', ')} is`;
  // receivers refuse mail from an address that nobody has
  if (env.SMTP_URL && !env.MAIL_FROM)
    yield 'MAIL_FROM: must be set where SMTP_URL is: the address that mail comes from';
  if (env.SMTP_TLS === 'off' && env.SMTP_URL?.startsWith('smtps:'))
    yield 'SMTP_TLS: smtps:// is TLS from the start; off is for smtp://';
  if (env.SMTP_TLS === 'off' && (env.SMTP_TLS_CA || env.SMTP_TLS_INSECURE))
    yield 'SMTP_TLS_CA, SMTP_TLS_INSECURE: are of no use where SMTP_TLS is off';
  if (env.DKIM_KEY && env.DKIM_KEY_FILE) yield 'DKIM_KEY, DKIM_KEY_FILE: only one of them may be set';
  if (!env.DKIM_SELECTOR !== !(env.DKIM_KEY || env.DKIM_KEY_FILE))
    yield 'DKIM_SELECTOR, DKIM_KEY (or DKIM_KEY_FILE): both or none';
  if (env.DKIM_DOMAIN && !env.DKIM_SELECTOR) yield 'DKIM_DOMAIN: only together with DKIM_SELECTOR and a key';
}
