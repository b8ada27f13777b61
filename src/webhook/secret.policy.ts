import { createCipheriv, createDecipheriv, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

// what the Standard Webhooks libraries know secrets by
const MARK = 'whsec_';
// they ask for 24 to 64
const BYTES = 32;
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** How long a secret goes on signing beside the one that took its place: receivers change over in a day. */
export const OLD_SECRET_MS = 24 * 3_600_000;
/** As many secrets sign at once: each is a signature of 47 characters in a header of every call. */
export const MAX_SECRETS = 5;

/**
 * A secret as it is kept. It must be readable to sign, but not to whoever reads the database or a backup of it: they could tell
 * receivers anything in our name.
 */
export interface SealedSecret {
  /** the id of the key that it was sealed under (LINK_SECRETS) */
  key: string;
  sealed: string;
  /** when it stops signing; null: when another takes its place */
  expiresAt: string | null;
}

/** What links are signed with, by id; secrets are sealed under keys made of these. */
export type Keys = readonly { id: string; key: KeyObject }[];

/** A new secret, as people get to see it once. */
export const newSecret = (): string => MARK + randomBytes(BYTES).toString('base64');

const sealingKey = (key: KeyObject): Buffer => Buffer.from(hkdfSync('sha256', key, '', 'secrets of webhooks', 32));

/** Seals a secret for one webhook under the first key: in the row of another it opens to nothing. */
export function seal(keys: Keys, webhookId: string, secret: string): Omit<SealedSecret, 'expiresAt'> {
  const { id, key } = keys[0]!;
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, sealingKey(key), iv).setAAD(Buffer.from(webhookId));
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return { key: id, sealed: Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url') };
}

/** The secret, or null when the key that it was sealed under is not there any more. */
export function open(keys: Keys, webhookId: string, { key: id, sealed }: SealedSecret): string | null {
  const key = keys.find((known) => known.id === id)?.key;
  if (!key) return null;
  const bytes = Buffer.from(sealed, 'base64url');
  const [iv, tag] = [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)];
  try {
    const decipher = createDecipheriv(CIPHER, sealingKey(key), iv).setAAD(Buffer.from(webhookId)).setAuthTag(tag);
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString();
  } catch {
    return null; // another key under the same id
  }
}

/** Those that still sign. */
export const liveSecrets = (secrets: readonly SealedSecret[], now: Date): SealedSecret[] =>
  secrets.filter(({ expiresAt }) => expiresAt === null || Date.parse(expiresAt) > now.getTime());

/** The secrets of a webhook once a new one is in front: the present one signs for another day, older ones as long as they were to. */
export const rotated = (
  secrets: readonly SealedSecret[],
  next: Omit<SealedSecret, 'expiresAt'>,
  now: Date,
): SealedSecret[] => [
  { ...next, expiresAt: null },
  ...liveSecrets(secrets, now).map((secret) => ({
    ...secret,
    expiresAt: secret.expiresAt ?? new Date(now.getTime() + OLD_SECRET_MS).toISOString(),
  })),
];

/** The same secrets, those that are sealed under an older key sealed anew under the first; null when there are none such. */
export function resealed(keys: Keys, webhookId: string, secrets: readonly SealedSecret[]): SealedSecret[] | null {
  if (secrets.every(({ key }) => key === keys[0]!.id)) return null;
  return secrets.map((secret) => {
    const opened = secret.key === keys[0]!.id ? null : open(keys, webhookId, secret);
    return opened === null ? secret : { ...secret, ...seal(keys, webhookId, opened) };
  });
}
