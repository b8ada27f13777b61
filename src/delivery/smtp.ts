import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createTransport } from 'nodemailer';
import type { Logger } from 'pino';
import type { SmtpSettings } from '../config.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Address } from './address.policy.ts';
import { keptWords, type Outcome } from './delivery.policy.ts';
import type { Letter, Mailer } from './mailer.ts';
import { messageOf } from './message.ts';
import { outcomeOf, type SmtpError } from './smtpTrouble.policy.ts';

// A server that is well connects and greets in less than a second; some wait 5 to 20 before they greet, to be rid of spammers
const CONNECT_MS = 10_000;
const GREETING_MS = 30_000;
// of silence; the longest answer is that to the mail itself, which servers scan meanwhile
const SILENCE_MS = 45_000;
/** However a server dawdles, an attempt ends then, by the time of the machine. */
export const SEND_MS = 60_000;
// A server that cannot be reached is not tried by every mail that waits: a thousand of them would keep all workers in its time-outs
const PAUSE_MS = 20_000;
// some servers end a connection after a hundred mails
const MAILS_PER_CONNECTION = 100;
// closed by us before the server does, which may be in the middle of the next mail
const IDLE_MS = 30_000;

/** Sends over SMTP, by a pool of connections. Throws when the certificate or the key cannot be read. */
export async function openSmtp(
  settings: SmtpSettings,
  from: Address,
  { clock, log }: { clock: Clock; log: Logger },
): Promise<Pick<Mailer, 'pause' | 'send' | 'close'>> {
  const { host, port, secure, auth, tls, dkim } = settings;
  const transport = createTransport({
    pool: true,
    ...{ host, port, secure },
    ...(auth && { auth }),
    requireTLS: tls === 'required' && !secure,
    ignoreTLS: tls === 'off',
    tls: {
      rejectUnauthorized: !settings.tlsInsecure,
      ...(settings.tlsCaFile && { ca: await readFile(settings.tlsCaFile) }),
    },
    ...(dkim && {
      dkim: {
        domainName: dkim.domain,
        keySelector: dkim.selector,
        privateKey: await dkimKey(dkim.key),
        // what a mailing list or a relay puts in of its own must not spoil it
        skipFields: 'message-id:date:list-unsubscribe',
      },
    }),
    maxConnections: settings.connections,
    maxMessages: MAILS_PER_CONNECTION,
    // a connection that was kept and had ended in the meantime: the mail goes over another one. More than that is for the back-off
    maxRequeues: 1,
    idleTimeout: IDLE_MS,
    connectionTimeout: CONNECT_MS,
    dnsTimeout: CONNECT_MS,
    greetingTimeout: GREETING_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    // its log would have addresses and what servers say about passwords
    logger: false,
  });
  // a connection that idles and breaks is no loss
  transport.on('error', () => {});
  let down: { until: number; outcome: Outcome } | null = null;

  return {
    pause: () => (down && clock.now().getTime() < down.until ? down.outcome : null),
    async send(letter: Letter) {
      try {
        await transport.sendMail({ ...messageOf(letter, from, clock.now()), signal: AbortSignal.timeout(SEND_MS) });
        down = null;
        return { kind: 'SENT' };
      } catch (error) {
        const outcome = outcomeOf(error as SmtpError);
        if (!outcome || outcome.kind === 'SENT') throw error;
        const told = { ...outcome, words: keptWords(outcome.words) };
        if (told.kind === 'NO_SERVER') {
          const { code, command, originalCode, message } = error as SmtpError & Error;
          log.warn({ code, command, originalCode, said: keptWords(message) }, 'mail cannot be sent now');
          down = { until: clock.now().getTime() + PAUSE_MS, outcome: told };
        }
        return told;
      }
    },
    close: () => transport.close({ force: true }),
  };
}

/** A key to sign mail with, looked at before the first mail is. */
async function dkimKey(key: { pem: string } | { file: string }): Promise<string> {
  const pem = 'pem' in key ? key.pem : await readFile(key.file, 'utf8');
  let type: string | undefined;
  try {
    type = createPrivateKey(pem).asymmetricKeyType;
  } catch {
    // the reason could quote the key
  }
  if (type !== 'rsa') throw new Error('DKIM_KEY (or DKIM_KEY_FILE) is not a private RSA key in PEM.');
  return pem;
}
