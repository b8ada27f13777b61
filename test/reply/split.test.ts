import fc from 'fast-check';
import { expect, test } from 'vitest';
import { REPLY_MARKER } from '../../src/kernel/replyMarker.ts';
import { LANGUAGES } from '../../src/reply/phrase.policy.ts';
import { type SplitOptions, splitReply } from '../../src/reply/split.policy.ts';
import { splitHtmlReply } from '../../src/reply/splitHtml.policy.ts';

const visible = (text: string, options?: SplitOptions): string => splitReply(text, options).visibleText;
/** What each fragment is, hidden ones in brackets. */
const kinds = (text: string, options?: SplitOptions): string =>
  splitReply(text, options)
    .fragments.map(({ isHidden, isSignature, isQuoted, isForwarded }) => {
      const kind = isSignature ? 'signature' : isQuoted ? 'quote' : isForwarded ? 'forward' : 'author';
      return isHidden ? `(${kind})` : kind;
    })
    .join(' ');

const QUOTE = 'On 5 May 2025 at 10:00, Ann Lee <ann@site.example> wrote:\n> Is it done?\n';
const FORWARDED =
  '---------- Forwarded message ---------\nFrom: Ann <ann@site.example>\nDate: 5 May 2025\nSubject: X\n\nDone.\n';

test('whatever a mail is, its fragments are all of it, in their order', () => {
  const lines = fc.constantFrom(
    '',
    ' ',
    '>',
    '> q',
    '>> q',
    'Words of the author.',
    'On 5 May 2025 at 10:00,',
    'Ann <ann@site.example> wrote:',
    'wrote:',
    'From: Ann <ann@site.example>',
    'Sent: 5 May 2025 10:00',
    'To: Bob',
    'Subject: Slab',
    '-- ',
    '--',
    '-----',
    '_______',
    'Regards,',
    'Ann',
    '-----Original Message-----',
    '---- Forwarded message ----',
    'Sent from my iPhone',
    REPLY_MARKER,
    '\u200b',
    '\u00a0',
    'a---b:',
    '\ud83c',
    'reply--- On 5/5/25 10:00, a@b.example wrote:',
  );
  const breaks = fc.constantFrom('\n', '\r\n', '\r');
  const options = fc.record({
    signatures: fc.constantFrom('KEEP', 'DEVICE', 'DASHED', 'ALL'),
    quotes: fc.constantFrom('CONTEXT', 'TRAILING', 'ALL', 'NONE'),
    hideForwards: fc.boolean(),
    flowed: fc.boolean(),
    subject: fc.constantFrom('', 'FW: Slab'),
    sender: fc.constantFrom('', 'Ann'),
  } as const);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.oneof(lines, fc.string()), breaks), { maxLength: 30 }),
      options,
      (said, chosen) => {
        const text = said.flat().join('');
        const { fragments } = splitReply(text, chosen);
        expect(fragments.map(({ content }) => content).join('')).toBe(text);
        // each is one thing
        for (const one of fragments)
          expect([one.isSignature, one.isQuoted, one.isForwarded].filter(Boolean).length).toBeLessThan(2);
      },
    ),
    { numRuns: 300 },
  );
});

test('nothing of a mail is hidden that has no quotation, forward or signature in it', () => {
  const word = fc.constantFrom(
    'slab',
    'the',
    'pour',
    'Monday',
    'a',
    '12',
    'is',
    'not',
    'level',
    'we',
    'Bob',
    'on',
    'from',
    'to',
    'ready',
  );
  const sentence = fc.array(word, { minLength: 6, maxLength: 25 }).map((words) => `${words.join(' ')}.`);
  fc.assert(
    fc.property(fc.array(fc.oneof(sentence, fc.constant('')), { maxLength: 20 }), (lines) => {
      expect(visible(lines.join('\n'))).toBe(lines.join('\n').trim());
    }),
    { numRuns: 300 },
  );
});

test('text below a quotation that is marked line by line stays visible', () => {
  expect(kinds(`Yes.\n\n${QUOTE}`)).toBe('author (quote)');
  expect(kinds(`${QUOTE}\nYes.`)).toBe('(quote) author');
  expect(kinds(`Hello,\n\n${QUOTE}\nYes.`)).toBe('author (quote) author');
  // answers between quotations would mean nothing without them
  expect(kinds(`${QUOTE}Yes.\n> And the rest?\nOn Monday.\n> Thanks\n`)).toBe('quote author quote author (quote)');
  expect(kinds(`${QUOTE}Yes.`, { quotes: 'TRAILING' })).toBe('quote author');
  expect(kinds(`${QUOTE}Yes.\n> More?\nNo.`, { quotes: 'ALL' })).toBe('(quote) author (quote) author');
  expect(kinds(`Yes.\n${QUOTE}`, { quotes: 'NONE' })).toBe('author quote');
});

test('forwarded mails are shown unless that is asked', () => {
  expect(kinds(`See below.\n\n${FORWARDED}`)).toBe('author forward');
  expect(kinds(`See below.\n\n${FORWARDED}`, { hideForwards: true })).toBe('author (forward)');
  expect(visible(FORWARDED)).toBe(FORWARDED.trim());
  const outlook = 'From: Ann <ann@site.example>\nSent: 5 May 2025 10:00\nTo: Bob\nSubject: Slab\n\nDone.';
  expect(kinds(`See below.\n\n${outlook}`)).toBe('author (quote)');
  expect(kinds(`See below.\n\n${outlook}`, { subject: 'WG: Slab' })).toBe('author forward');
  expect(kinds(outlook)).toBe('(quote)');
  expect(kinds(outlook, { subject: 'FW: Slab' })).toBe('forward');
});

test('signatures are hidden as far as they are asked for', () => {
  const mail = 'The slab is ready.\n\nRegards,\nAnn Lee\n+44 20 7946 0018\n\nSent from my iPhone\n';
  expect(visible(mail)).toBe('The slab is ready.');
  expect(visible(mail, { signatures: 'DEVICE' })).toBe('The slab is ready.\n\nRegards,\nAnn Lee\n+44 20 7946 0018');
  expect(visible(mail, { signatures: 'KEEP' })).toBe(mail.trim());
  expect(kinds(mail, { signatures: 'KEEP' })).toBe('author signature');
  expect(visible('It is ready.\n\n-Ann', { signatures: 'DASHED' })).toBe('It is ready.');
  expect(visible('It is ready.\n\nann lee\nSite office', { sender: 'Ann Lee' })).toBe('It is ready.');
});

test.each([
  'I sent the photos from my iPhone to the site office yesterday.',
  'Please order:\n- Steel\n- Concrete',
  'Best regards to the team on level 3, they did well.',
  'Two options:\n\n---\n\nOption one is to pour on Monday, if the pump is there.\n\n---\n\nOption two is to wait for the engineer and pour on Friday.',
  'Cheers for the drawings!\nBut the lintel on sheet 4 is still the wrong one. Who changes it?',
  'Thank you for the quick answer, that helps.',
  'From: level 1\nTo: level 3\nwe need a hoist.',
  'The contract says: "wrote off".\nWe wrote:\nnothing at all.',
  'Date: 5 May 2025\nWeather: rain\nCrew: 12',
  'x > y, and\ny < z',
  'Hi,\n\nFrom: Tom, our foreman\nSubject: crane\nDate: Monday 5 May 2025\n\nHe says that the crane is late.',
  'We meet at 10:00 on 5 May 2025 with ann@site.example:\n- agenda one\n- agenda two',
  'On 5 May 2025 at 10:00 there will be a delivery for bob@site.example:\ntwo pallets.',
  'Sent from my desk, which is much easier than from my phone.',
  'On 12 May 2025 the inspector wrote:\n\nthe riser is incomplete.',
])('what only looks like something else is the author’s: %s', (text) => {
  expect(visible(text)).toBe(text);
});

test('every language has its words for a quotation, a head, an original and a forwarded mail, and a closing', () => {
  expect(LANGUAGES.length).toBeGreaterThan(30);
  for (const { name, wrote, from, sent, to, subject, original, forwarded, closing } of LANGUAGES) {
    const first = (list: string) => list.split('|')[0]!;
    const head = `${first(from)}: Ann <ann@site.example>\n${first(sent)}: 05/05/2025 10:00\n${first(to)}: Bob\n${first(subject)}: X\n\nquoted`;
    expect(visible(`Yes.\n\n${head}`), name).toBe('Yes.');
    expect(visible(`Yes.\n\n---- ${first(original)} ----\nquoted`), name).toBe('Yes.');
    expect(kinds(`Yes.\n\n---- ${first(forwarded)} ----\nforwarded`), name).toBe('author forward');
    expect(visible(`Yes.\n\n05/05/2025 10:00 Ann <ann@site.example> ${first(wrote)}:\nquoted`), name).toBe('Yes.');
    expect(visible(`Yes, it is.\n\n${first(closing)},\nAnn`), name).toBe('Yes, it is.');
  }
});

test('an attribution is found however a program breaks it', () => {
  const words = 'On Mon, May 5, 2025 at 10:00 AM Ann Lee <ann@site.example> wrote:'.split(' ');
  for (let first = 3; first < words.length - 1; first += 1) {
    const once = `${words.slice(0, first).join(' ')}\n${words.slice(first).join(' ')}`;
    expect(visible(`Yes.\n\n${once}\n\n> q`), once).toBe('Yes.');
    for (let second = first + 1; second < words.length - 1; second += 1) {
      const twice = [words.slice(0, first), words.slice(first, second), words.slice(second)]
        .map((line) => line.join(' '))
        .join('\n');
      expect(visible(`Yes.\n\n${twice}\nq`), twice).toBe('Yes.');
    }
  }
});

test('an author’s words in the line of an attribution stay', () => {
  expect(visible('as planned On Wed, Apr 4, 2025 at 3:59 PM, ann@site.example wrote:\n> q')).toBe('as planned');
  expect(visible('as planned--- On Wed, Apr 4, 2025 at 3:59 PM, ann@site.example wrote:\n> q')).toBe('as planned');
});

test('a head whose lines a program has joined is one', () => {
  expect(visible('Yes.\n\nFrom: ann@site.example Sent: 5 May 2025 10:00 To: Bob\nIs it done?')).toBe('Yes.');
});

test('our own marker hides what is below it, quoted or not', () => {
  expect(visible(`Yes.\n\n${REPLY_MARKER}\nDR-002 was issued`)).toBe('Yes.');
  expect(visible(`Yes.\n\n> ${REPLY_MARKER}\n> DR-002 was issued`)).toBe('Yes.');
  expect(splitHtmlReply(`<p>Yes.</p><div>${REPLY_MARKER}</div><p>DR-002 was issued</p>`).visibleText).toBe('Yes.');
});

test('lines of flowed text are joined, and only those', () => {
  const text = 'This is one \nparagraph.\n\n-- \nAnn\n';
  expect(visible(text, { flowed: true })).toBe('This is one paragraph.');
  expect(visible('一 \n二', { flowed: true, delSp: true })).toBe('一二');
  expect(visible(' > is stuffed', { flowed: true, quotes: 'NONE' })).toBe('> is stuffed');
});

test('a mail without words of its author shows nothing, and one that is only a signature keeps it', () => {
  expect(visible('')).toBe('');
  expect(visible(QUOTE)).toBe('');
  expect(visible('--\nAnn')).toBe('--\nAnn');
  expect(splitReply('').fragments).toEqual([]);
});
