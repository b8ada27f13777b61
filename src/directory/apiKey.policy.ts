import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

// what our keys are known by, to people and to programs that look for secrets in repositories. No JWT begins so: they begin with "ey"
const MARK = 'cg_';
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
// 238 bits: too many to be tried, so that a plain hash keeps them and no slow one is needed
const RANDOM_DIGITS = 40;
// 62^6 is more than 2^32
const CHECK_DIGITS = 6;
// enough to tell one's keys apart; the other 32 digits are 190 bits
const SHOWN = MARK.length + 8;
const FORM = new RegExp(`^${MARK}[0-9A-Za-z]{${RANDOM_DIGITS + CHECK_DIGITS}}$`);

/** A user has at most so many keys that are good. */
export const MAX_GOOD_KEYS = 20;
/** So many that are good no more are kept for a user to look back at; those that were made first go first. */
export const MAX_ENDED_KEYS = 50;
/** How long a use of a key is as good as another: its last use is written once in that time. */
export const USE_NOTED_MS = 60_000;

/** The last digits of a secret: a slip of the hand or a cut is seen without asking the database. */
function checkOf(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let i = 0; i < CHECK_DIGITS; i += 1) {
    digits = DIGITS[rest % DIGITS.length] + digits;
    rest = Math.floor(rest / DIGITS.length);
  }
  return digits;
}

/** A new secret of an API key. */
export function newSecret(): string {
  const text = MARK + Array.from({ length: RANDOM_DIGITS }, () => DIGITS[randomInt(DIGITS.length)]).join('');
  return text + checkOf(text);
}

/** Whether a bearer token means to be an API key. */
export const isApiKey = (token: string): boolean => token.startsWith(MARK);

/** Whether a secret can be one of ours at all. */
export const isSecret = (text: string): boolean =>
  FORM.test(text) && text.endsWith(checkOf(text.slice(0, -CHECK_DIGITS)));

/** What is kept of a secret, and looked up: nothing leads back from it. */
export const hashOfSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** The part of a secret that is shown in lists. */
export const prefixOf = (secret: string): string => secret.slice(0, SHOWN);

/** Why somebody may not make a key for somebody else, or null (domain.md 3, API keys). */
export function refuseKeyFor(isAdmin: boolean, owner: { name: string; isService: boolean }): string | null {
  if (!isAdmin) return 'You can make API keys for yourself; for service users company admins can.';
  if (!owner.isService) return `Only ${owner.name} can make API keys for ${owner.name}, who is no service user.`;
  return null;
}
