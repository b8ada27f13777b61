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
// letters, digits and hyphens: what a name of DNS is made of
const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/**
 * Why mail cannot be sent to an address, or null. Commas, angle brackets, quotes, line breaks and the like, by which one address could
 * become several or a header of its own, are in none that is taken.
 */
export function addressFault(address: string): string | null {
  const [local, domain] = [address.slice(0, address.lastIndexOf('@')), address.slice(address.lastIndexOf('@') + 1)];
  if (INVISIBLE.test(address) || !isEmail(address)) return 'The address is not one that mail can be sent to.';
  if (Buffer.byteLength(local) > MAX_LOCAL_BYTES)
    return `The address has more than ${MAX_LOCAL_BYTES} bytes before its @.`;
  return HOST.test(domainToASCII(domain)) ? null : 'The domain of the address is not one that there can be.';
}

/** An address as servers take it: its domain in ASCII (xn--), where it has letters beyond. */
export function wireAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1))}`;
}

/** A text as it can stand in a header: one line without controls and invisible marks that reorder it, cut to a length. */
export function oneLine(text: string, max: number): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF\uFFFE\uFFFF]/g, '')
    .trim();
  if (line.length <= max) return line;
  // not in the middle of a letter that takes two units
  return `${line
    .slice(0, max - 1)
    .toWellFormed()
    .replace(/\uFFFD$/, '')
    .trimEnd()}…`;
}
