import { domainToASCII } from 'node:url';
import { isEmail } from '../directory/directory.policy.ts';

/** Somebody whom mail goes to or comes from. */
export interface Address {
  /** as people are shown it; may be empty */
  name: string;
  address: string;
}

// RFC 5321 4.5.3.1.1
const MAX_LOCAL_BYTES = 64;
// C0 and C1 controls, lone surrogates, invisible marks that join or reorder text: none of them is in an address that anybody has
const INVISIBLE = /[\p{Cc}\p{Cs}\p{Cf}\p{Zl}\p{Zp}]/u;
// an encoded word (RFC 2047): programs would read another address
const ENCODED = '=?';
// letters, digits and hyphens: what a name of DNS is made of
const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/**
 * Why mail cannot be sent to an address, or null. Commas, angle brackets, quotes, line breaks and the like, by which one address could
 * become several or a header of its own, are in none that is taken.
 */
export function addressFault(address: string): string | null {
  const [local, domain] = [address.slice(0, address.lastIndexOf('@')), address.slice(address.lastIndexOf('@') + 1)];
  if (INVISIBLE.test(address) || address.includes(ENCODED) || !isEmail(address))
    return 'The address is not one that mail can be sent to.';
  if (Buffer.byteLength(local) > MAX_LOCAL_BYTES)
    return `The address has more than ${MAX_LOCAL_BYTES} bytes before its @.`;
  return HOST.test(domainToASCII(domain)) ? null : 'The domain of the address is not one that there can be.';
}

/** An address as servers take it: its domain in ASCII (xn--), where it has letters beyond. */
export function wireAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1))}`;
}

const cleaned = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF\uFFFE\uFFFF]/g, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();

/** Cuts a text to a length, not in the middle of a letter that takes two units. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = text
    .slice(0, max - 1)
    .toWellFormed()
    .replace(/\uFFFD$/, '');
  return `${head.trimEnd()}…`;
}

const MAX_NAME = 100;

/**
 * A text as it can stand in a header (a subject, a name, that of a file): one line without controls and invisible marks that reorder
 * it, cut to a length. Where it looks like an encoded word (RFC 2047), programs would decode it, even in quotes, and show something else
 * than was written: it gets a blank, and is none any more.
 */
export const headerText = (text: string, max = MAX_NAME): string => cut(cleaned(text).replaceAll(ENCODED, '= ?'), max);

/**
 * A text as the body of a mail: its lines end alike, and there are no other controls. A carriage return by itself is the end of a line
 * to some servers and not to others, so that a text could end the mail for one of them and go on with another one's envelope.
 */
export const bodyText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\t\n]|\uFEFF/gu, '');
