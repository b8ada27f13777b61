import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createTransport } from 'nodemailer';
import type { Logger } from 'pino';
import type { SmtpSettings } from '../config.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Address } from './address.policy.ts';
import { keptWords, type Outcome } from './delivery.policy.ts';
import type { AddressedMail, Mailer } from './mailer.ts';
import { messageOf } from './message.ts';
import { outcomeOf, type SmtpError } from './smtpTrouble.policy.ts';

// a server that is there takes a connection in less than a second
const CONNECT_MS = 10_000;
// An attempt has an end even where a server is never silent for long: it may greet late, or scan the mail before its last answer,
// but hardly both
const TIMES_SILENT = 2;
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
): Promise<Pick<Mailer, 'attemptMs' | 'pause' | 'send' | 'close'>> {
  const { host, port, secure, auth, tls, dkim, timeoutMs } = settings;
  const attemptMs = TIMES_SILENT * timeoutMs;
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
      },
    }),
    maxConnections: settings.connections,
    maxMessages: MAILS_PER_CONNECTION,
    // a connection that was kept and had ended in the meantime: the mail goes over another one. More than that is for the back-off
    maxRequeues: 1,
    idleTimeout: IDLE_MS,
    connectionTimeout: Math.min(CONNECT_MS, timeoutMs),
    dnsTimeout: Math.min(CONNECT_MS, timeoutMs),
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    // its log would have addresses and what servers say about passwords
    logger: false,
  });
  // a connection that idles and breaks is no loss
  transport.on('error', () => {});
  let down: { until: number; outcome: Outcome } | null = null;

  return {
    attemptMs,
    pause: () => (down && clock.now().getTime() < down.until ? down.outcome : null),
    async send(addressed: AddressedMail) {
      try {
        await transport.sendMail({
          ...messageOf(addressed, from, clock.now()),
          signal: AbortSignal.timeout(attemptMs),
        });
        down = null;
        return { kind: 'SENT' };
      } catch (error) {
        const outcome = outcomeOf(error as SmtpError);
        if (!outcome || outcome.kind === 'SENT') throw error;
        const told = { ...outcome, words: keptWords(outcome.words) };
        if (told.kind === 'NO_SERVER') {
          const { code, command, originalCode, message } = error as SmtpError & Error;
          // a server could repeat what it was told
          const said = auth ? message.replaceAll(auth.pass, '***') : message;
          log.warn({ code, command, originalCode, said: keptWords(said) }, 'mail cannot be sent now');
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
