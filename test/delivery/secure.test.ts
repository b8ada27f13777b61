import { createHash, createVerify, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import pino from 'pino';
import type { SMTPServerOptions } from 'smtp-server';
import { afterAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { openMailer } from '../../src/delivery/mailer.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { CERTIFICATE } from '../kit/certificate.ts';
import { startSmtp } from '../kit/smtp.ts';
import { createOutbox, LETTER } from './outbox.ts';

const PASSWORD = 'correct horse @ battery/staple';
const USER = `user:${encodeURIComponent(PASSWORD)}`;
const NOT_SECURE = 'There is no secure connection to the mail server.';

const folder = await mkdtemp(join(tmpdir(), 'secure-'));
afterAll(() => rm(folder, { recursive: true }));
const authority = join(folder, 'ca.pem');
await writeFile(authority, CERTIFICATE.cert);

/** What becomes of a mail at a server with these options, by these settings; SERVER in them is host and port. */
async function sent(options: SMTPServerOptions, env: Record<string, string>) {
  const told: string[] = [];
  await using server = await startSmtp(
    {},
    {
      ...CERTIFICATE,
      ...options,
      onAuth({ username, password }, _session, next) {
        told.push(`${username} ${password}`);
        const isRight = password === PASSWORD;
        next(isRight ? null : new Error(`${password} is wrong`), isRight ? { user: username } : undefined);
      },
    },
  );
  const settings = Object.entries(env).map(([name, value]) => [
    name,
    value.replace('SERVER', `localhost:${server.port}`),
  ]);
  const config = loadConfig({ MAIL_FROM: 'gateway@example.org', ...Object.fromEntries(settings) });
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, new Writable({ write: (line, _, done) => done(void lines.push(String(line))) }));
  const mailer = await openMailer(config, [], { clock: systemClock, log });
  const recipient = { name: 'Ann', address: 'ann@example.com' };
  const outcome = await mailer.send({ companyId: '', name: '', messageId: '<1@example.org>', recipient, mail: LETTER });
  mailer.close();
  expect(JSON.stringify([outcome, lines])).not.toContain('horse');
  return { outcome, told, log: lines.join(''), taken: server.taken };
}

test('mail goes over TLS where that is wanted, and a password never goes without', async () => {
  const plain = { disabledCommands: ['STARTTLS'] };
  const offered = { disabledCommands: [] };
  const table: [SMTPServerOptions, env: Record<string, string>, kind: string][] = [
    [plain, { SMTP_URL: 'smtp://SERVER' }, 'SENT'],
    [plain, { SMTP_URL: 'smtp://SERVER', SMTP_TLS: 'required' }, 'NO_SERVER'],
    [plain, { SMTP_URL: `smtp://${USER}@SERVER` }, 'NO_SERVER'],
    [plain, { SMTP_URL: `smtp://${USER}@SERVER`, SMTP_TLS: 'if-offered' }, 'SENT'],
    // nobody vouches for its certificate
    [offered, { SMTP_URL: 'smtp://SERVER' }, 'NO_SERVER'],
    [offered, { SMTP_URL: 'smtp://SERVER', SMTP_TLS_CA: authority }, 'SENT'],
    [offered, { SMTP_URL: `smtp://${USER}@SERVER`, SMTP_TLS_CA: authority }, 'SENT'],
    [offered, { SMTP_URL: 'smtp://SERVER', SMTP_TLS_INSECURE: 'true', SMTP_TLS: 'required' }, 'SENT'],
    [offered, { SMTP_URL: 'smtp://SERVER', SMTP_TLS: 'off' }, 'SENT'],
    [{ secure: true }, { SMTP_URL: `smtps://${USER}@SERVER`, SMTP_TLS_CA: authority }, 'SENT'],
    [{ secure: true }, { SMTP_URL: `smtps://${USER}@SERVER` }, 'NO_SERVER'],
  ];
  const outcomes = await Promise.all(
    table.map(async ([server, env, kind]) => {
      // the kit's server is told apart from one that wants no sign-in by what it offers
      const auth = env.SMTP_URL!.includes('@') ? { authOptional: false, allowInsecureAuth: true } : {};
      return { env, kind, got: await sent({ ...auth, ...server }, env) };
    }),
  );
  for (const { env, kind, got } of outcomes) {
    expect([env, got.outcome.kind, got.taken.length]).toEqual([env, kind, kind === 'SENT' ? 1 : 0]);
    if (kind !== 'SENT') expect([env, got.outcome, got.told]).toEqual([env, { kind, words: NOT_SECURE }, []]);
    else if (env.SMTP_URL!.includes('@')) expect(got.told).toEqual([`user ${PASSWORD}`]);
  }
});

test('a sign-in that the server refuses is no fault of the recipient, and is told without the password', async () => {
  const server = { disabledCommands: [], authOptional: false };
  const wrong = { SMTP_URL: 'smtp://user:wrong-horse@SERVER', SMTP_TLS_CA: authority };
  const got = await sent(server, wrong);
  const refused = { kind: 'NO_SERVER', words: 'The mail server refuses our sign-in, or wants one.' };
  expect(got.outcome).toEqual(refused);
  expect(got.told).toEqual(['user wrong-horse']);
  expect(got.log).toContain('*** is wrong');
  const none = await sent(server, { SMTP_URL: 'smtp://SERVER', SMTP_TLS_CA: authority });
  expect(none.outcome).toEqual(refused);
});

test('mail is signed by DKIM, and the signature holds', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const dkim = { DKIM_SELECTOR: 'g1', DKIM_KEY: pem.replaceAll('\n', '\\n') };
  const { taken } = await sent({ disabledCommands: ['STARTTLS'] }, { SMTP_URL: 'smtp://SERVER', ...dkim });
  const raw = taken[0]!.raw.toString('latin1');
  const [head, body] = [raw.slice(0, raw.indexOf('\r\n\r\n') + 2), raw.slice(raw.indexOf('\r\n\r\n') + 4)];
  const fields = head
    .split(/\r\n(?![ \t])/)
    .filter(Boolean)
    .map((field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field] as const);
  const signature = fields.find(([name]) => name === 'dkim-signature')![1];
  const tags = Object.fromEntries(
    signature
      .slice(signature.indexOf(':') + 1)
      .replace(/\s/g, '')
      .split(';')
      .map((tag) => [tag.slice(0, tag.indexOf('=')), tag.slice(tag.indexOf('=') + 1)]),
  );
  expect(tags).toMatchObject({ a: 'rsa-sha256', c: 'relaxed/relaxed', d: 'example.org', s: 'g1' });
  expect(tags.h!.split(':')).toEqual(expect.arrayContaining(['from', 'to', 'subject', 'date', 'message-id']));
  // RFC 6376 3.4.4, 3.4.2
  const relaxedBody = `${body
    .replace(/[ \t]+/g, ' ')
    .replace(/ \r\n/g, '\r\n')
    .replace(/(\r\n)+$/, '')}\r\n`;
  expect(createHash('sha256').update(relaxedBody, 'latin1').digest('base64')).toBe(tags.bh);
  const relaxed = (field: string) =>
    `${field.slice(0, field.indexOf(':')).toLowerCase().trim()}:${field
      .slice(field.indexOf(':') + 1)
      .replace(/\r\n/g, '')
      .replace(/[ \t]+/g, ' ')
      .trim()}`;
  const signed = tags
    .h!.split(':')
    .flatMap((name) => fields.filter(([known]) => known === name).map(([, field]) => `${relaxed(field)}\r\n`));
  const own = relaxed(signature.replace(/(?<=[;\s]b=)[^;]*/, ''));
  expect(
    createVerify('sha256')
      .update(signed.join('') + own, 'latin1')
      .verify(publicKey, tags.b!, 'base64'),
  ).toBe(true);

  const broken = { SMTP_URL: 'smtp://localhost:1', DKIM_SELECTOR: 'g1', DKIM_KEY: `${pem.slice(0, 200)}horse` };
  await expect(sent({}, broken)).rejects.toThrow(/^DKIM_KEY .* is not a private RSA key in PEM\.$/);
});

test('an address with letters of other scripts gets its mail: a domain in ASCII, a local part by SMTPUTF8', async () => {
  await using server = await startSmtp();
  await using outbox = await createOutbox({ SMTP_URL: server.url });
  await outbox.queue('ann@bücher.example', 'änn@bücher.example');
  expect(await outbox.send()).toEqual([]);
  expect(await outbox.states()).toEqual(['SENT', 'SENT']);
  expect(
    server.taken.flatMap(({ envelope }) => envelope.to.map((to) => to.replace('xn--bcher-kva', 'bücher'))).toSorted(),
  ).toEqual(['ann@bücher.example', 'änn@bücher.example']);
});
