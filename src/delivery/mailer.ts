import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Clock } from '../kernel/clock.ts';
import { type Address, addressFault } from './address.policy.ts';
import type { Outcome } from './delivery.policy.ts';
import type { Mail } from './mail.policy.ts';
import { type Mailbox, openMailbox } from './mailbox.ts';
import { type ReplyKeys, replyKeys } from './replyAddress.policy.ts';
import { openSmtp } from './smtp.ts';

/** A mail with whom it goes to. */
export interface AddressedMail {
  companyId: string;
  /** what it is kept by in a mailbox: the id of the delivery, and how often it was sent anew (keptName) */
  name: string;
  messageId: string;
  recipient: Address;
  mail: Mail;
}

/** The way that mail leaves the gateway. */
export interface Mailer {
  /** who mail is from, unless it says so itself; its address is that of the envelope, always */
  from: Address;
  /** of reply addresses and Message-IDs */
  domain: string;
  replyKeys: ReplyKeys;
  /** where mail is kept that goes nowhere else, to be read by people; null where it is sent */
  mailbox: Mailbox | null;
  /** why nothing can be sent now, so that it need not be tried, and not even composed; null: go on */
  pause(): Outcome | null;
  /** an attempt is over by then, however the server dawdles */
  attemptMs: number;
  /** hands over one mail to its recipient; what it throws is a fault of ours, no outcome */
  send(addressed: AddressedMail): Promise<Outcome>;
  /** ends its connections, and what is under way on them */
  close(): void;
}

// a file is written in milliseconds, by a busy disk in seconds
const FILE_MS = 60_000;

const NOWHERE = { kind: 'NO_SERVER', words: 'No mail server is set (SMTP_URL).' } as const;

/**
 * The mailer of a configuration: over SMTP where a server is set; else into the development mailbox. In production nobody reads that:
 * without a server mail waits there, for five days, and says why. Throws when a key or certificate of the settings cannot be read.
 */
export async function openMailer(
  { production, dataDir, mail }: Pick<Config, 'production' | 'dataDir' | 'mail'>,
  secrets: readonly [id: string, secret: string][],
  { clock, log }: { clock: Clock; log: Logger },
): Promise<Mailer> {
  const fault = addressFault(mail.from.address);
  if (fault) throw new Error(`MAIL_FROM: ${fault}`);
  const common = { from: mail.from, domain: mail.domain, replyKeys: replyKeys(mail.secrets ?? secrets), mailbox: null };
  if (mail.smtp) return { ...common, ...(await openSmtp(mail.smtp, mail.from, { clock, log })) };
  if (production) {
    log.warn('SMTP_URL is not set: no mail leaves, and what is not sent within five days fails');
    return { ...common, attemptMs: FILE_MS, pause: () => NOWHERE, send: async () => NOWHERE, close() {} };
  }
  const mailbox = openMailbox(dataDir, mail.from, clock);
  return { ...common, attemptMs: FILE_MS, mailbox, pause: () => null, send: mailbox.keep, close() {} };
}
