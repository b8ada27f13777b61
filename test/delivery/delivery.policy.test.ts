import { expect, test } from 'vitest';
import { addressFault, headerText, wireAddress } from '../../src/delivery/address.policy.ts';
import { keptWords, waitAfter } from '../../src/delivery/delivery.policy.ts';
import { headerFault, referencesOf } from '../../src/delivery/mail.policy.ts';
import { outcomeOf, type SmtpError } from '../../src/delivery/smtpTrouble.policy.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** When a mail is tried that never succeeds, in minutes since it was queued. */
function triedAt(kind: 'PUT_OFF' | 'NO_SERVER'): number[] {
  const times = [0];
  for (let wait = waitAfter(kind, 0); wait !== null; wait = waitAfter(kind, times.at(-1)! * MINUTE))
    times.push(times.at(-1)! + wait / MINUTE);
  return times;
}

test('a recipient that is put off is asked ever later, a server that takes nothing every ten minutes, both for five days', () => {
  const putOff = triedAt('PUT_OFF');
  expect(putOff.slice(0, 11)).toEqual([0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
  expect(putOff.slice(11).map((time, i) => time - putOff[10 + i]!)).toEqual(Array(13).fill(480));
  const noServer = triedAt('NO_SERVER');
  expect(noServer.slice(0, 8)).toEqual([0, 1, 2, 4, 8, 16, 26, 36]);
  for (const times of [putOff, noServer]) {
    expect(times.at(-1)! * MINUTE).toBeLessThanOrEqual(5 * DAY);
    expect(times.at(-1)! * MINUTE).toBeGreaterThan(4.6 * DAY);
  }
});

test('what an error of SMTP comes to', () => {
  const table: [SmtpError, kind: string | null, words?: string][] = [
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550, response: '550 unknown' }, 'REFUSED', '550 unknown'],
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 450, response: '450 later' }, 'PUT_OFF', '450 later'],
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 503, response: '503 order' }, 'PUT_OFF'],
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 421, response: '421 busy' }, 'NO_SERVER', '421 busy'],
    [
      { code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 553, response: '553 not yours' },
      'NO_SERVER',
      '553 not yours',
    ],
    [{ code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 552, response: '552 too large' }, 'REFUSED'],
    [
      { code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 530, response: '530 Authentication required' },
      'NO_SERVER',
    ],
    [{ code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 451, response: '451 local' }, 'PUT_OFF'],
    [{ code: 'EENVELOPE', command: 'API' }, 'REFUSED'],
    [{ code: 'EMESSAGE', command: 'DATA', responseCode: 554, response: '554 spam' }, 'REFUSED', '554 spam'],
    [{ code: 'EMESSAGE', command: 'DATA', responseCode: 535, response: '535 odd' }, 'REFUSED'],
    [{ code: 'EMESSAGE', command: 'DATA', responseCode: 451, response: '451 later' }, 'PUT_OFF'],
    [{ code: 'EMESSAGE', command: 'MAIL FROM' }, 'REFUSED'],
    [
      { code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535, response: '535 bad password for joe' },
      'NO_SERVER',
      'The mail server refuses our sign-in, or wants one.',
    ],
    [{ code: 'ETLS', command: 'STARTTLS' }, 'NO_SERVER', 'There is no secure connection to the mail server.'],
    [
      { code: 'ESOCKET', command: 'CONN', originalCode: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
      'NO_SERVER',
      'There is no secure connection to the mail server.',
    ],
    [
      { code: 'ESOCKET', command: 'CONN', originalCode: 'ECONNREFUSED' },
      'NO_SERVER',
      'The mail server cannot be reached, or broke off.',
    ],
    [{ code: 'ECONNECTION', command: 'CONN' }, 'NO_SERVER'],
    [{ code: 'EDNS', originalCode: 'ENOTFOUND' }, 'NO_SERVER'],
    [{ code: 'ETIMEDOUT', command: 'CONN' }, 'NO_SERVER', 'The mail server does not answer in time.'],
    [{ code: 'EPROTOCOL', command: 'CONN', responseCode: 554, response: '554 go away' }, 'NO_SERVER'],
    [{ code: 'EFILEACCESS' }, null],
    [{}, null],
  ];
  for (const [error, kind, words] of table) {
    const outcome = outcomeOf(error);
    expect([error, outcome?.kind ?? null]).toEqual([error, kind]);
    if (words) expect(outcome).toMatchObject({ words });
  }
});

test('addresses that mail can be sent to, and those that it cannot', () => {
  const good = [
    'ann@example.com',
    'a.b+c@mail.example.co.uk',
    "o'hara@example.com",
    'ann@localhost',
    'änn@bücher.example',
    'ann@xn--bcher-kva.example',
  ];
  expect(good.filter(addressFault)).toEqual([]);
  const bad = [
    ...[
      'a@example.com,b@example.com',
      'a@example.com\r\nBcc: b@example.com',
      'a@example.com\nx',
      'a@exa\0mple.com',
      'a b@example.com',
    ],
    ...[
      'Ann <a@example.com>',
      '"a b"@example.com',
      'a@[127.0.0.1]',
      'a@example..com',
      '@example.com',
      'a@',
      'a',
      '',
      'a@b@example.com',
    ],
    ...[
      'group:a@example.com;',
      'a@example.com;b@example.com',
      '(x)a@example.com',
      `${'x'.repeat(65)}@example.com`,
      `${'ü'.repeat(33)}@example.com`,
    ],
    ...[
      `a@${'x'.repeat(64)}.com`,
      'a@exa_mple.com',
      'a@example.com\u2028',
      'a\u200B@example.com',
      'a\u202Eb@example.com',
      'a@-example.com',
      'a@\uD800.com',
    ],
    ...[
      'a@example.com%0d%0aBcc:b@example.com',
      'a@exa\u00ADmple.com',
      '=?utf-8?q?x?=@example.com',
      'a@example\uFF0Ccom',
    ],
  ];
  expect(bad.filter((address) => !addressFault(address))).toEqual([]);
  expect(wireAddress('ann@Bücher.example')).toBe('ann@xn--bcher-kva.example');
});

test('what stands in a header is one line', () => {
  expect(headerText('a\r\nBcc: b\0c\u2028d', 50)).toBe('a Bcc: b c d');
  expect(headerText('  \u202Eevil\u200B \uFEFF', 50)).toBe('evil');
  expect(headerText('x'.repeat(60), 50)).toBe(`${'x'.repeat(49)}…`);
  expect(headerText('👷'.repeat(30), 50)).toBe(`${'👷'.repeat(24)}…`);
  expect(headerText('a\uD800b', 50)).toBe('a\uFFFDb');
  expect(headerText('=?utf-8?q?=0d=0aBcc:?=', 50)).toBe('= ?utf-8?q?=0d=0aBcc:?=');
  expect(keptWords(`550 ${'no '.repeat(500)}`)).toHaveLength(500);
  expect(headerFault('X-Item', 'DR-1')).toBeNull();
  for (const [name, value] of [
    ['Bcc', 'x'],
    ['bcc', 'x'],
    ['X:Y', 'x'],
    ['X Y', 'x'],
    ['Content-Type', 'x'],
    ['X-Item', 'a\r\nBcc: b'],
    ['', 'x'],
  ] as const)
    expect([name, headerFault(name, value)]).toEqual([name, expect.any(String)]);
  const ids = Array.from({ length: 40 }, (_, i) => `<${i}@example.com>`);
  expect(referencesOf([...ids, '<39@example.com>', '<a b@c>', '<x@y>\r\nBcc: z', 'x@y'])).toEqual([
    ids[0],
    ...ids.slice(-20),
  ]);
});
