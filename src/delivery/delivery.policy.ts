/** Where a mail to one recipient stands. Who sends it finds it QUEUED or DEFERRED. */
export const DELIVERY_STATES = ['QUEUED', 'SENT', 'DEFERRED', 'FAILED', 'BOUNCED'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** What mails there are: each kind has a composer (worker/composers.ts) and a sight (graph/deliverySights.ts). */
export type DeliveryKind = 'NOTIFICATION' | 'EMAIL';

/** What came of handing a mail over. */
export type Outcome =
  | { kind: 'SENT' }
  /** the server will never take this mail for this recipient */
  | { kind: 'REFUSED'; words: string }
  /** the server does not take this mail for this recipient now */
  | { kind: 'PUT_OFF'; words: string }
  /** the server takes nothing now: it is down, busy, or wrongly set up here; no fault of mail or recipient */
  | { kind: 'NO_SERVER'; words: string };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * How long a mail is tried. RFC 5321 4.5.4.1 wants four to five days: a recipient's server that is down from Friday evening over a
 * long weekend gets what came in between, and after five days a notification helps nobody.
 */
export const GIVEN_UP_AFTER_MS = 5 * DAY;

// A recipient that is put off: a server that has never seen us ("greylisting") takes a repeat after 1 to 15 minutes; a full mailbox
// takes it in hours or days, and asking more often is no help. The wait is as long as the mail has been on its way, within these.
const PUT_OFF_LEAST_MS = MINUTE;
const PUT_OFF_MOST_MS = 8 * HOUR;
// A server that takes nothing: all mail waits for it, and goes as soon as it is back. A try that fails is cheap: one connection.
const NO_SERVER_MOST_MS = 10 * MINUTE;

/** How long to wait after an attempt that came to nothing for now, when the mail was queued `age` ago; null: no more. */
export function waitAfter(kind: 'PUT_OFF' | 'NO_SERVER', ageMs: number): number | null {
  const most = kind === 'PUT_OFF' ? PUT_OFF_MOST_MS : NO_SERVER_MOST_MS;
  const wait = Math.min(Math.max(ageMs, PUT_OFF_LEAST_MS), most);
  return ageMs + wait <= GIVEN_UP_AFTER_MS ? wait : null;
}

// some sentences: servers explain themselves in one or two, and link to more
const MAX_ERROR = 500;

/** What a server said, as it is kept and shown: one line, and not a whole page. */
export function keptWords(words: string): string {
  const line = words
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return line.length <= MAX_ERROR ? line : `${line.slice(0, MAX_ERROR - 1).toWellFormed()}…`;
}

/** What a mail is kept by where it goes nowhere else: another one each time it is sent anew. */
export const keptName = (deliveryId: string, resends: number): string => `${deliveryId}.${resends}`;

/** The Message-ID of a delivery: fixed before the first attempt, and another one each time it is sent anew. */
export const messageIdOf = (deliveryId: string, resends: number, domain: string): string =>
  `<${keptName(deliveryId, resends)}@${domain}>`;
