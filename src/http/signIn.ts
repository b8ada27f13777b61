import { createSecretKey, type KeyObject } from 'node:crypto';
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Config, SignInSettings } from '../config.ts';
import { hashOfSecret, isApiKey, isSecret } from '../directory/apiKey.policy.ts';
import { noSuchKey } from '../directory/viewer.ts';
import type { Clock } from '../kernel/clock.ts';
import { unauthenticated } from '../kernel/errors.ts';
import { madeSecret } from './madeSecret.ts';

/** Whom a token names: the field of User and its value. The user is looked up in the database, which the token has not seen. */
export interface TokenClaim {
  field: SignInSettings['field'];
  value: string;
  expiresAt: Date;
}

/** What an API key says of itself: nothing but the hash that the database may know it by. */
export interface KeyClaim {
  keyHash: string;
}

export type Claim = TokenClaim | KeyClaim;

/** Takes the Authorization header, gives whom it names; throws UNAUTHENTICATED (401) with a reason that helps the caller. */
export type SignIn = (authorization: string | null) => Promise<Claim>;

// clocks of two servers differ by that much without anybody's fault
const CLOCK_TOLERANCE_S = 5;
// a key unknown to us is looked for at most that often, whatever callers send
const JWKS_COOLDOWN_MS = 5_000;
const JWKS_MAX_AGE_MS = 600_000;
const JWKS_TIMEOUT_MS = 5_000;
// A token that was checked is believed for so long, or until it expires: checking costs 0.5 ms of the 5 that a page of items takes.
// A key that was withdrawn ends that much later; who somebody is, and whether they are active, is read in each request all the same.
const BELIEVED_MS = 60_000;
const BELIEVED_MOST = 10_000;

/**
 * Checks bearer tokens by the settings, with keys of a JWKS (fetched when first needed), a shared secret or the demo's own. Of an
 * API key nothing is remembered: whether it is good is read in each request.
 */
export function createSignIn(config: Config, clock: Clock, { jwksCooldownMs = JWKS_COOLDOWN_MS } = {}): SignIn {
  const { signIn } = config;
  const keys = keysOf(config, jwksCooldownMs);
  const believed = new Map<string, { claim: TokenClaim; until: number }>();
  const check = async (token: string): Promise<TokenClaim> => {
    const payload = await verify(token, await keys(), {
      algorithms: signIn.algorithms,
      issuer: signIn.issuer ?? undefined,
      audience: signIn.audience ?? undefined,
      requiredClaims: ['exp'],
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: clock.now(),
    });
    return { field: signIn.field, value: userIn(payload, signIn.claim), expiresAt: new Date(payload.exp! * 1000) };
  };
  return async (authorization) => {
    const token = tokenIn(authorization);
    if (isApiKey(token)) return claimOfKey(token);
    const now = clock.now().getTime();
    const known = believed.get(token);
    if (known && now < known.until) return known.claim;
    const claim = await check(token);
    if (believed.size >= BELIEVED_MOST) believed.clear();
    believed.set(token, { claim, until: Math.min(now + BELIEVED_MS, claim.expiresAt.getTime()) });
    return claim;
  };
}

/** The secret that tokens are signed with, or null when somebody else signs them (JWKS). */
export async function signingSecret({ signIn, dataDir }: Config): Promise<string | null> {
  if (signIn.kind === 'jwks') return null;
  return signIn.kind === 'secret' ? signIn.secret : madeSecret(dataDir, 'secret');
}

function keysOf(config: Config, cooldownDuration: number): () => Promise<JWTVerifyGetKey> {
  const { signIn } = config;
  if (signIn.kind === 'jwks') {
    const options = { cooldownDuration, cacheMaxAge: JWKS_MAX_AGE_MS, timeoutDuration: JWKS_TIMEOUT_MS };
    const remote = createRemoteJWKSet(new URL(signIn.url), options);
    return async () => remote;
  }
  // a key object is made ready for the algorithm once, bytes would be for each token
  let key: KeyObject | undefined;
  return async () => {
    key ??= createSecretKey((await signingSecret(config))!, 'utf8');
    return () => key!;
  };
}

function tokenIn(authorization: string | null): string {
  if (!authorization) throw unauthenticated('Sign in: send the header "Authorization: Bearer <token>".');
  const token = /^bearer +(\S+)$/i.exec(authorization.trim())?.[1];
  if (!token) throw unauthenticated('The Authorization header must read "Bearer <token>".');
  return token;
}

/** The claim of an API key; refused without a question to the database where it cannot be one of ours. */
function claimOfKey(secret: string): KeyClaim {
  if (!isSecret(secret)) throw noSuchKey();
  return { keyHash: hashOfSecret(secret) };
}

type VerifyOptions = Parameters<typeof jwtVerify>[2];

async function verify(token: string, keys: JWTVerifyGetKey, options: VerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    const anyOf = error instanceof errors.JWKSMultipleMatchingKeys ? await verifyWithAny(token, error, options) : null;
    if (anyOf) return anyOf;
    const reason = reasonOf(error);
    // anything else is no fault of the token: the key server is down, for instance
    if (!reason) throw error;
    throw unauthenticated(reason);
  }
}

/** A token that does not name its key, signed while two are in use. */
async function verifyWithAny(token: string, keys: errors.JWKSMultipleMatchingKeys, options: VerifyOptions) {
  for await (const key of keys) {
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw unauthenticated(reasonOf(error)!);
    }
  }
  return null;
}

/** What is wrong with a token, in words that tell nothing about the keys; null when the token is not to blame. */
function reasonOf(error: unknown): string | null {
  if (error instanceof errors.JWTExpired) return 'The token has expired: get a new one.';
  if (error instanceof errors.JWTClaimValidationFailed) return claimReason(error);
  if (error instanceof errors.JOSEAlgNotAllowed)
    return 'The token is signed with an algorithm that is not accepted here.';
  if (
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys
  ) {
    return 'The signature of the token does not hold: none of our keys made it.';
  }
  if (
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JOSENotSupported
  ) {
    return 'The token is not a JWT that can be read.';
  }
  return null;
}

const CLAIM_REASONS: Record<string, string> = {
  iss: 'The token is from another issuer (iss) than the one accepted here.',
  aud: 'The token is meant for another service: its audience (aud) is not ours.',
  nbf: 'The token is not valid yet (nbf).',
};

const claimReason = ({ claim, reason }: errors.JWTClaimValidationFailed) =>
  reason === 'missing'
    ? `The token has no "${claim}" claim.`
    : (CLAIM_REASONS[claim] ?? `The claim "${claim}" of the token is not as it should be.`);

function userIn(payload: JWTPayload, claim: string): string {
  const value = payload[claim];
  const name = Number.isSafeInteger(value) ? String(value) : value;
  if (typeof name !== 'string' || !name.trim())
    throw unauthenticated(`The token has no "${claim}" claim that names a user.`);
  // an address that nobody has checked may be somebody else's; some issuers write the boolean as a string
  if (claim === 'email' && (payload.email_verified === false || payload.email_verified === 'false')) {
    throw unauthenticated('The e-mail address in the token is not verified.');
  }
  return name.trim();
}
