import type { Readable } from 'node:stream';
import type { Address } from './address.policy.ts';

/** A file that goes with a mail. */
export interface MailAttachment {
  filename: string;
  contentType: string;
  content: Buffer | Readable;
  /** the Content-ID by which the HTML shows it */
  cid?: string;
}

/** What a composer gives: a mail without its recipient, which is that of the delivery. */
export interface Mail {
  subject: string;
  text: string;
  html: string;
  /** shown before the address of MAIL_FROM, instead of its name; the gateway sends by nobody else's address */
  fromName?: string;
  replyTo?: Address;
  /** what the headers To and Cc name, where that is more than the recipient alone (a mail to several, or a blind copy) */
  to?: Address[];
  cc?: Address[];
  /** whether a program wrote it: no out-of-office answers it (RFC 3834) */
  automatic: boolean;
  /** Message-IDs of what it follows, oldest first: mail programs show them as one conversation (threadRoot) */
  references?: string[];
  headers?: Record<string, string>;
  attachments?: MailAttachment[];
}

/**
 * A Message-ID that no mail has, but that all mails about one thing refer to: mail programs show them together, also when they come
 * in any order, or are about what changed at the same time.
 */
export const threadRoot = (kind: 'item' | 'thread', id: string, domain: string): string => `<${kind}.${id}@${domain}>`;

// of a conversation that goes on for years; the first is its root
const FIRST = 1;
const LAST = 20;

/** References as a mail can have them: each a Message-ID and nothing else, once, and not without end. */
export function referencesOf(ids: readonly string[]): string[] {
  const good = [...new Set(ids.filter((id) => /^<[\x21-\x3b\x3d\x3f-\x7e]{1,250}>$/.test(id)))];
  return good.length <= FIRST + LAST ? good : [...good.slice(0, FIRST), ...good.slice(-LAST)];
}

// those that the gateway writes itself, and those that say how to read the mail
const TAKEN =
  /^(to|cc|bcc|from|sender|reply-to|subject|date|message-id|in-reply-to|references|mime-version|content-.*|dkim-.*|return-path|received|auto-submitted)$/i;

/** Why a mail may not have that header, or null. */
export function headerFault(name: string, value: string): string | null {
  if (!/^[A-Za-z][A-Za-z0-9-]{0,60}$/.test(name) || TAKEN.test(name))
    return `A mail cannot be given the header ${JSON.stringify(name)}.`;
  return /[\p{Cc}\p{Zl}\p{Zp}]/u.test(value) ? `The header ${name} holds control characters.` : null;
}
