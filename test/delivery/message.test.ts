import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { expect, test } from 'vitest';
import { addressFault, bodyText, headerText, wireAddress } from '../../src/delivery/address.policy.ts';
import { type Mail, referencesOf } from '../../src/delivery/mail.policy.ts';
import { bytesOf } from '../../src/delivery/message.ts';

const FROM = { name: 'Correspondence, "Gateway" <x@y>', address: 'gateway@example.org' };
const MESSAGE_ID = '<0190c9a0-0000-7000-8000-000000000000.0@example.org>';
const NOW = new Date('2026-03-02T09:00:00Z');

const ALWAYS = ['content-type', 'date', 'from', 'message-id', 'mime-version', 'to'];

// what has broken mail programs: line breaks and what becomes one, ends of names, encoded words, quotes, headers of one's own
const tricks = fc.constantFrom(
  ...[
    '\r\nBcc: eve@evil.example\r\n',
    '\n\n<script>',
    '\r',
    '\0',
    '\x0b',
    '\u0085',
    '\u2028',
    '\u202e',
    '\ufeff',
    '\ud800',
  ],
  ...['=?utf-8?B?DQpCY2M6IGV2ZUBldmlsLmV4YW1wbGU=?=', '=?utf-8?q?=0d=0aBcc:_eve@evil.example?=', '=?x?=', '?='],
  ...['"', '\\', '<eve@evil.example>', ',', ';', ':', '(', ')', '@', ' ', '.', 'To: eve@evil.example', '%0d%0a'],
  ...['a'.repeat(1200), 'ü'.repeat(400), '👷‍♀️', '日本語', 'עברית', '\t'],
);
const text = fc
  .array(
    fc.oneof(tricks, fc.string({ unit: 'grapheme', maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 4 })),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));
const address = fc
  .oneof(
    fc.emailAddress(),
    fc.tuple(text, fc.domain()).map(([local, domain]) => `${local}@${domain}`),
    fc.tuple(fc.emailAddress(), text).map(([good, tail]) => good + tail),
    fc.constantFrom('änn@bücher.example', "o'hara@example.com", 'a+b=c@example.com'),
  )
  .filter((candidate) => addressFault(candidate) === null);
const person = fc.record({ name: text, address });

test('whatever names, subjects and addresses there are, a mail has exactly the recipients and headers that are meant', async () => {
  const mails = fc.record({
    recipient: person,
    to: fc.option(fc.array(person, { minLength: 1, maxLength: 3 })),
    cc: fc.option(fc.array(person, { maxLength: 2 })),
    replyTo: fc.option(person),
    fromName: fc.option(text),
    subject: text,
    text: text.map((words) => `${words}.`),
    references: fc.array(fc.oneof(text, fc.constant('<item.1@example.org>')), { maxLength: 3 }),
    automatic: fc.boolean(),
  });
  // a domain has two spellings, and what reads a mail may choose
  const same = ({ name, address }: { name: string; address?: string }) => ({
    name: headerText(name),
    address: wireAddress(address ?? ''),
  });
  await fc.assert(
    fc.asyncProperty(mails, async ({ recipient, ...given }) => {
      const some = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
      const mail = { html: '<p>A lintel is broken.</p>', ...some } as Mail;
      const raw = await bytesOf({ companyId: '', name: '', messageId: MESSAGE_ID, recipient, mail }, FROM, NOW);
      const email = await PostalMime.parse(raw);
      const wanted = [
        ...ALWAYS,
        ...(headerText(mail.subject, 300) ? ['subject'] : []),
        ...(mail.cc?.length ? ['cc'] : []),
        ...(mail.replyTo ? ['reply-to'] : []),
        ...(referencesOf(mail.references ?? []).length > 0 ? ['references', 'in-reply-to'] : []),
        ...(mail.automatic ? ['auto-submitted', 'x-auto-response-suppress'] : []),
      ];
      expect(email.headers.map(({ key }) => key).toSorted()).toEqual(wanted.toSorted());
      expect(email.to?.map(same)).toEqual((mail.to ?? [recipient]).map(same));
      expect((email.cc ?? []).map(same)).toEqual((mail.cc ?? []).map(same));
      expect((email.replyTo ?? []).map(same)).toEqual(mail.replyTo ? [same(mail.replyTo)] : []);
      expect(same(email.from!)).toEqual(same({ ...FROM, name: mail.fromName ?? FROM.name }));
      expect(email.subject ?? '').toBe(headerText(mail.subject, 300));
      expect(email.messageId).toBe(MESSAGE_ID);
      expect(email.attachments).toEqual([]);
      expect(email.html).toContain('A lintel is broken.');
      expect(email.text?.trimEnd()).toBe(bodyText(mail.text).trimEnd());
      // RFC 5322 2.1.1 and 2.3: lines end in CRLF, and have 998 bytes at most
      const bytes = raw.toString('latin1');
      expect(bytes.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      expect(Math.max(...bytes.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
      expect(bytes.slice(0, bytes.indexOf('\r\n\r\n'))).not.toMatch(/\0/);
    }),
    { numRuns: 200 },
  );
});

test('texts and files arrive as they were', async () => {
  const mail: Mail = {
    subject: 'DR-002',
    text: '.\n..\nFrom Ann\n-- \nünï 👷\n',
    html: '<p>ünï 👷 <img src="cid:plan"></p>',
    automatic: false,
    headers: { 'X-Item': 'DR-002' },
    attachments: [
      {
        filename: 'a\r\nb "plan" =?utf-8?q?x?= ü.pdf',
        contentType: 'application/pdf',
        content: Buffer.from([0, 255, 13, 10, 46, 10]),
      },
      { filename: 'plan.png', contentType: 'image/png', content: Buffer.from('png'), cid: 'plan' },
    ],
  };
  const letter = {
    companyId: '',
    name: '',
    messageId: MESSAGE_ID,
    recipient: { name: 'Ann', address: 'ann@example.com' },
    mail,
  };
  const email = await PostalMime.parse(await bytesOf(letter, FROM, NOW));
  expect(email.text?.trimEnd()).toBe(mail.text.trimEnd());
  expect(email.html?.trim()).toBe(mail.html);
  expect(email.headers.find(({ key }) => key === 'x-item')?.value).toBe('DR-002');
  expect(email.headers.some(({ key }) => key === 'auto-submitted')).toBe(false);
  expect(
    email.attachments.map(({ filename, mimeType, content }) => [
      filename,
      mimeType,
      Buffer.from(content as ArrayBuffer),
    ]),
  ).toEqual(
    expect.arrayContaining([
      ['a b "plan" = ?utf-8?q?x?= ü.pdf', 'application/pdf', Buffer.from([0, 255, 13, 10, 46, 10])],
      ['plan.png', 'image/png', Buffer.from('png')],
    ]),
  );
  await expect(
    bytesOf({ ...letter, mail: { ...mail, headers: { Bcc: 'eve@evil.example' } } }, FROM, NOW),
  ).rejects.toThrow('Bcc');
  await expect(bytesOf({ ...letter, recipient: { name: '', address: 'a@b.c,d@e.f' } }, FROM, NOW)).rejects.toThrow();
});
