import fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { expect, test } from 'vitest';
import type { Letter, LetterItem, LostItem } from '../../src/notification/letter.ts';
import { writeLetter } from '../../src/notification/letter.write.ts';
import { ITEM_ROLES, NOTIFICATION_EVENTS } from '../../src/permission/defaults.policy.ts';
import { STATUS_CATEGORIES } from '../../src/tool/tool.policy.ts';

/** What people, programs and those who mean harm write. */
const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom(
    ...[
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "' style='x",
      '</style><b>',
      '<!--',
      ']]>',
      '{{x}}',
    ],
    ...[
      'a\r\nBcc: eve@example.com',
      '\u2028x',
      '\u202Eevil',
      'a\0b',
      '\uD83D',
      'javascript:alert(1)',
      '&lt;b&gt;',
      '<![endif]-->',
    ],
    ...[
      '<a href="javascript:alert(1)">x</a>',
      '<a href="data:text/html,x">y</a>',
      '<a href="https://ok.example/?a=1&b=2">z</a>',
    ],
    ...[
      '<table><tr><td>a',
      '<pre><ul><li>',
      '</div></td></table>',
      '##- Reply above this line -##',
      '👩‍👩‍👧‍👦',
      'e\u0301',
      'שלום',
      'x'.repeat(400),
    ],
  ),
);
const text = fc.oneof(
  word,
  fc.array(word, { maxLength: 4 }).map((words) => words.join(' ')),
);
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const date = fc.date({ min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
const project = fc.record({
  name: text,
  number: orNull(text),
  timeZone: fc.constantFrom('America/Los_Angeles', 'Asia/Kathmandu', 'Pacific/Kiritimati', 'UTC'),
});
const events = fc.uniqueArray(fc.constantFrom(...NOTIFICATION_EVENTS), { maxLength: 3 });
const roles = fc.uniqueArray(fc.constantFrom(...ITEM_ROLES), { maxLength: 4 });
const lost: fc.Arbitrary<LostItem> = fc.record({
  event: fc.constant('REMOVED'),
  others: events,
  number: text,
  title: text,
  project,
});
const told: fc.Arbitrary<LetterItem> = fc.record({
  event: fc.constantFrom('CREATED', 'ASSIGNED', 'RESPONDED_TO', 'UPDATED', 'CLOSED', 'OVERDUE'),
  others: events,
  number: text,
  title: text,
  project,
  url: fc.oneof(fc.constant('https://office.example/items/2?a=1&b="2"'), text),
  tool: text,
  actor: orNull(fc.record({ name: text, vendor: orNull(text) })),
  at: date,
  status: fc.record({ name: text, category: fc.constantFrom(...STATUS_CATEGORIES) }),
  dueDate: orNull(
    fc.oneof(
      date.map((day) => day.toISOString().slice(0, 10)),
      text,
    ),
  ),
  isPrivate: fc.boolean(),
  roles,
  joined: roles,
  left: roles,
  reopened: fc.boolean(),
  changes: fc.array(
    fc.record({
      field: fc.constantFrom('title', 'description', 'dueDate', 'assignees', 'attachments', 'customField:1'),
      label: text,
      old: orNull(text),
      new: orNull(text),
    }),
    { maxLength: 5 },
  ),
  response: orNull(fc.record({ official: fc.boolean(), notes: text, attachments: fc.array(text, { maxLength: 3 }) })),
  fields: fc.array(fc.record({ label: text, value: fc.oneof(text, fc.array(text, { maxLength: 15 })) }), {
    maxLength: 3,
  }),
  description: orNull(text),
  attachments: fc.array(text, { maxLength: 3 }),
});
const letter: fc.Arbitrary<Letter> = fc.record({
  company: text,
  now: date,
  repliable: fc.boolean(),
  settingsUrl: orNull(fc.oneof(fc.constant('https://gateway.example/?query=x'), text)),
  items: fc.array(fc.oneof({ arbitrary: told, weight: 4 }, { arbitrary: lost, weight: 1 }), {
    minLength: 1,
    maxLength: 4,
  }),
});

// what mail programs show, and nothing that runs, asks or fetches
const ELEMENTS = new Set(
  'html head meta title style body div table tr td th h1 h2 strong em span p a br sub sup'.split(' '),
);
const ATTRIBUTES = new Set(
  'lang dir charset name content style class role width cellspacing cellpadding align valign bgcolor scope href http-equiv'.split(
    ' ',
  ),
);
const VOID = new Set(['meta', 'br']);

/** The elements of a page with their attributes, and whether each that is opened is closed in its turn. */
function read(html: string) {
  const elements: { name: string; attributes: Record<string, string> }[] = [];
  const comments: string[] = [];
  const open: string[] = [];
  let balanced = true;
  const parser = new Parser({
    onopentagname: (name) => open.push(name),
    onopentag: (name, attributes) => elements.push({ name, attributes }),
    onclosetag: (name, implied) => {
      if (implied && !VOID.has(name)) balanced = false;
      if (open.pop() !== name) balanced = false;
    },
    oncomment: (comment) => comments.push(comment),
  });
  parser.end(html);
  return { elements, comments, balanced: balanced && open.length === 0 };
}

test('no facts put an element, an attribute, a link or a header into a letter', () => {
  fc.assert(
    fc.property(letter, (facts) => {
      const { subject, text: plain, html } = writeLetter(facts);
      expect(subject).toMatch(/^[^\p{Cc}\u2028\u2029\p{Cs}]+$/u);
      expect(plain).toMatch(/^(?:[^\p{Cc}\u202A-\u202E\u2066-\u2069\p{Cs}]|\n)+$/u);
      const { elements, comments, balanced } = read(html);
      expect(balanced).toBe(true);
      expect(comments.filter((comment) => !/^\[if mso\]><(table|\/td)[^!]*<!\[endif\]$/.test(comment))).toEqual([]);
      for (const { name, attributes } of elements) {
        expect(ELEMENTS).toContain(name);
        for (const [key, value] of Object.entries(attributes)) {
          expect(ATTRIBUTES).toContain(key);
          if (key === 'href') expect(value).toMatch(/^https?:\/\//);
          if (key === 'style') expect(value).not.toMatch(/url|expression|[<>\\]/i);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test.each([
  { much: '"'.repeat(255), count: 1 },
  { much: '雪'.repeat(255), count: 2 },
  { much: 'a&<'.repeat(85), count: 500 },
])('of $count items full to the brim a letter is one that mail programs show whole', ({ much, count }) => {
  const long = `<p><b>${much}</b></p><table><tr><td>${much}</td></tr></table>`.repeat(150);
  const item: LetterItem = {
    ...{ event: 'RESPONDED_TO', others: [], number: much.slice(0, 60), title: much, tool: much },
    ...{ project: { name: much, number: much, timeZone: 'UTC' }, url: `https://office.example/${'x'.repeat(1900)}` },
    ...{ actor: { name: much, vendor: much }, at: new Date(0), status: { name: much, category: 'OPEN' } },
    ...{ dueDate: '2026-03-02', isPrivate: true, roles: ITEM_ROLES, joined: [], left: [], reopened: false },
    changes: Array.from({ length: 40 }, (_, n) => ({ field: `customField:${n}`, label: much, old: much, new: long })),
    response: { official: true, notes: long, attachments: Array(200).fill(much) },
    fields: Array.from({ length: 40 }, () => ({ label: much, value: Array(200).fill(much) })),
    description: long,
    attachments: Array(200).fill(much),
  };
  const items = Array.from({ length: count }, (_, n) => ({ ...item, number: `${n}` }));
  const { subject, text, html } = writeLetter({
    ...{ company: much, now: new Date(), repliable: true, settingsUrl: null, items },
  });
  // Gmail cuts what comes behind
  expect(Buffer.byteLength(html)).toBeLessThan(102_000);
  expect(read(html).balanced).toBe(true);
  expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
  expect(subject.length).toBeLessThan(160);
});
