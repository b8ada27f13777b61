import { conflicts, JWKS_DEFAULT_ALGORITHMS, readMailbox, settings } from './settings.ts';

/** How callers prove who they are; `demo` is a secret that the gateway makes itself (http/madeSecret.ts). */
export type SignInSettings = {
  /** what the `iss` and `aud` of a token must be; null checks nothing */
  issuer: string | null;
  audience: string | null;
  algorithms: string[];
  /** the claim of the token that names the user, and the field of User that it is compared with */
  claim: string;
  field: 'email' | 'externalId' | 'id';
} & ({ kind: 'demo' } | { kind: 'secret'; secret: string } | { kind: 'jwks'; url: string });

/** What one request may ask for; each is the most that passes. */
export interface Limits {
  cost: number;
  depth: number;
  aliases: number;
  tokens: number;
  directives: number;
  bodyBytes: number;
}

/** How links are signed (link/link.ts); `made` is a secret that the gateway makes itself (http/madeSecret.ts). */
export type LinkSettings = { ttlMs: number } & (
  | { kind: 'made' }
  /** by id: the first signs, all verify */
  | { kind: 'secrets'; secrets: [id: string, secret: string][] }
);

/** Where files are kept: in a folder of DATA_DIR, or in a bucket of S3 or what speaks like it. */
export type StorageSettings =
  | { kind: 'local' }
  | {
      kind: 's3';
      bucket: string;
      /** null is AWS itself */
      endpoint: string | null;
      region: string;
      /** null: from the usual places of AWS (environment, role of the machine) */
      credentials: { accessKeyId: string; secretAccessKey: string } | null;
      forcePathStyle: boolean;
    };

/** A server that takes mail for anybody. */
export interface SmtpSettings {
  host: string;
  port: number;
  /** TLS from the start (smtps) */
  secure: boolean;
  auth: { user: string; pass: string } | null;
  /** whether smtp:// turns to TLS (STARTTLS) */
  tls: 'required' | 'if-offered' | 'off';
  /** PEM: whose certificates are good, instead of those that the system knows */
  tlsCaFile: string | null;
  /** takes any certificate */
  tlsInsecure: boolean;
  /** at once, of a process */
  connections: number;
  /** how long it may be silent */
  timeoutMs: number;
  /** PEM, or the file that it is in */
  dkim: { domain: string; selector: string; key: { pem: string } | { file: string } } | null;
}

/** Who mail is from, and how it leaves. */
export interface MailSettings {
  from: { name: string; address: string };
  /** of reply addresses and Message-IDs */
  domain: string;
  /** what reply addresses are signed with; null: what links are */
  secrets: [id: string, secret: string][] | null;
  /** null: nowhere (delivery/mailer.ts) */
  smtp: SmtpSettings | null;
}

/** The settings of a process, from its environment. */
export interface Config {
  production: boolean;
  host: string;
  /** 0 takes any free one */
  port: number;
  dataDir: string;
  /** one's own PostgreSQL; null starts the embedded one in dataDir */
  databaseUrl: string | null;
  /** connections of a process at most, to the database and to each replica */
  databasePoolSize: number;
  /** the database past any pooler, for what holds a connection of its own: listening, and the worker; null: databaseUrl */
  databaseDirectUrl: string | null;
  /** whether connections keep prepared statements (database/prepared.ts); some poolers cannot */
  databasePrepared: boolean;
  /** servers that follow the database, to be read for what tolerates lag */
  replicaUrls: string[];
  /** a replica further behind is not read */
  replicaMaxLagMs: number;
  signIn: SignInSettings;
  graphiql: boolean;
  introspection: boolean;
  limits: Limits;
  /** the size of a user's leaky bucket in points of cost; 0 turns the limit off */
  rateLimit: number;
  /** streams (subscriptions) that a user may have open in a process */
  maxStreams: number;
  /** the origins of web pages elsewhere that may call the gateway from a browser */
  corsOrigins: string[];
  /** how long a process that was told to stop still answers, so that balancers see it coming */
  shutdownDelayMs: number;
  /** where callers reach the gateway, without a slash at the end: links in answers begin with it */
  publicUrl: string;
  links: LinkSettings;
  /** the most that an uploaded file may have */
  maxUploadBytes: number;
  storage: StorageSettings;
  mail: MailSettings;
  /** whether a gateway process also does the jobs that follow changes */
  worker: boolean;
  /** ranges of IP addresses in CIDR that webhooks may call although they are not public */
  webhookAllowedRanges: string[];
  /** how long an endpoint may take to answer */
  webhookTimeoutMs: number;
  /** what GET /metrics wants as its bearer; null hides it */
  metricsSecret: string | null;
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
}

/** The environment does not make a configuration; the message names every setting that is missing or wrong. */
export class ConfigError extends Error {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(
      ['These settings (environment variables) are missing or wrong:', ...problems.map((p) => `  ${p}`)].join('\n'),
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Reads the settings of a process from its environment; an empty one counts as absent.
 * Throws a ConfigError that names all that is missing or wrong.
 */
export function loadConfig(environment: Record<string, string | undefined>): Config {
  const env = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const parsed = settings.safeParse(env);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  problems.push(...conflicts(env));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  const s = parsed.data;
  const production = s.NODE_ENV === 'production';
  return {
    production,
    // a demo or a half set up gateway is nobody's business but one's own
    host: s.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: s.PORT,
    dataDir: s.DATA_DIR,
    databaseUrl: s.DATABASE_URL ?? null,
    databaseDirectUrl: s.DATABASE_DIRECT_URL ?? null,
    databasePoolSize: s.DATABASE_POOL_SIZE,
    databasePrepared: s.DATABASE_PREPARED ?? true,
    replicaUrls: s.DATABASE_REPLICA_URLS,
    replicaMaxLagMs: s.DATABASE_REPLICA_MAX_LAG * 1000,
    signIn: {
      issuer: s.JWT_ISSUER ?? null,
      audience: s.JWT_AUDIENCE ?? null,
      algorithms: s.JWT_ALGORITHMS ?? (s.JWT_JWKS_URL ? JWKS_DEFAULT_ALGORITHMS : ['HS256']),
      claim: s.JWT_USER_CLAIM,
      field: s.JWT_USER_FIELD,
      ...(s.JWT_JWKS_URL
        ? { kind: 'jwks', url: s.JWT_JWKS_URL }
        : s.JWT_SECRET
          ? { kind: 'secret', secret: s.JWT_SECRET }
          : { kind: 'demo' }),
    },
    graphiql: s.GRAPHIQL ?? !production,
    introspection: s.INTROSPECTION ?? !production,
    limits: {
      cost: s.MAX_COST,
      depth: s.MAX_DEPTH,
      aliases: s.MAX_ALIASES,
      tokens: s.MAX_TOKENS,
      directives: s.MAX_DIRECTIVES,
      bodyBytes: s.MAX_BODY_BYTES,
    },
    rateLimit: s.RATE_LIMIT,
    maxStreams: s.MAX_STREAMS,
    corsOrigins: s.CORS_ORIGINS,
    shutdownDelayMs: s.SHUTDOWN_DELAY * 1000,
    publicUrl: publicUrlOf(s),
    links: {
      ttlMs: s.LINK_TTL * 1000,
      ...(s.LINK_SECRETS ? { kind: 'secrets', secrets: s.LINK_SECRETS } : { kind: 'made' }),
    },
    maxUploadBytes: s.MAX_UPLOAD_BYTES,
    storage: s.S3_BUCKET
      ? {
          kind: 's3',
          bucket: s.S3_BUCKET,
          endpoint: s.S3_ENDPOINT ?? null,
          region: s.S3_REGION,
          credentials: s.S3_ACCESS_KEY_ID
            ? { accessKeyId: s.S3_ACCESS_KEY_ID, secretAccessKey: s.S3_SECRET_ACCESS_KEY! }
            : null,
          forcePathStyle: s.S3_FORCE_PATH_STYLE ?? false,
        }
      : { kind: 'local' },
    mail: mailOf(s),
    worker: s.WORKER ?? true,
    webhookAllowedRanges: s.WEBHOOK_ALLOWED_RANGES,
    webhookTimeoutMs: s.WEBHOOK_TIMEOUT * 1000,
    metricsSecret: s.METRICS_SECRET ?? null,
    // in development the screen belongs to the greeting and to what goes wrong
    logLevel: s.LOG_LEVEL ?? (production ? 'info' : 'warn'),
  };
}

type Settings = (typeof settings)['_output'];

const publicUrlOf = (s: Settings): string => s.PUBLIC_URL?.replace(/\/+$/, '') ?? `http://localhost:${s.PORT}`;

// what servers of mail are found at: RFC 6409, RFC 8314
const SUBMISSION_PORT = 587;
const SUBMISSIONS_PORT = 465;

function mailOf(s: Settings): MailSettings {
  const given = s.MAIL_FROM ? readMailbox(s.MAIL_FROM)! : null;
  const host = new URL(publicUrlOf(s)).hostname;
  // a mail address has no number for a domain
  const own = /^[\d.]+$|:/.test(host) ? 'localhost' : host;
  const from = given ?? { name: 'Correspondence Gateway', address: `gateway@${s.MAIL_DOMAIN ?? own}` };
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1).toLowerCase();
  return {
    from,
    domain: s.MAIL_DOMAIN ?? domain,
    secrets: s.MAIL_SECRETS ?? null,
    smtp: s.SMTP_URL ? smtpOf(s, domain) : null,
  };
}

function smtpOf(s: Settings, domain: string): SmtpSettings {
  const { protocol, hostname, port, username, password } = new URL(s.SMTP_URL!);
  const secure = protocol === 'smtps:';
  const auth = username ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) } : null;
  const key = s.DKIM_KEY ? { pem: s.DKIM_KEY } : s.DKIM_KEY_FILE ? { file: s.DKIM_KEY_FILE } : null;
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port ? Number(port) : secure ? SUBMISSIONS_PORT : SUBMISSION_PORT,
    secure,
    auth,
    // a password must not go out in the clear because somebody on the way has taken STARTTLS out of the greeting
    tls: s.SMTP_TLS ?? (auth ? 'required' : 'if-offered'),
    tlsCaFile: s.SMTP_TLS_CA ?? null,
    tlsInsecure: s.SMTP_TLS_INSECURE ?? false,
    connections: s.SMTP_CONNECTIONS,
    timeoutMs: s.SMTP_TIMEOUT * 1000,
    dkim: key && { domain: s.DKIM_DOMAIN ?? domain, selector: s.DKIM_SELECTOR!, key },
  };
}
