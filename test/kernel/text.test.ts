import fc from 'fast-check';
import { expect, test } from 'vitest';
import { naturalKey, safeRichText, sortKey, textFault } from '../../src/kernel/text.ts';

/** As PostgreSQL compares under "C": byte by byte. */
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const sortedBy = (key: (text: string) => string, texts: string[]): string[] =>
  texts.toSorted((a, b) => byBytes(key(a), key(b)));

test('names sort without case and accents', () => {
  const names = ['åse', 'Ärger', 'APPLE', 'azalea', 'Éclair', 'Eclipse', 'zebra', 'Ωmega', 'ωmicron'];
  expect(sortedBy(sortKey, names)).toEqual([
    'APPLE',
    'Ärger',
    'åse',
    'azalea',
    'Éclair',
    'Eclipse',
    'zebra',
    'Ωmega',
    'ωmicron',
  ]);
  for (const [one, other] of [
    ['Straße', 'STRASSE'],
    ['ΟΔΟΣ', 'οδος'],
    ['ÉTÉ', 'ete'],
    ['e\u0301', '\u00e9'],
    ['ﬁn', 'FIN'],
    ['Ａ', 'a'],
  ])
    expect(sortKey(one!)).toBe(sortKey(other!));
});

test('numbers in texts sort by their value', () => {
  const numbers = ['DR-1', 'DR-2', 'DR-009', 'DR-10', 'DR-999', 'DR-1000', 'DR-1000a', 'DR-1000b', 'DR-a2', 'DR-a10'];
  expect(sortedBy(naturalKey, numbers.toReversed())).toEqual(numbers);
  expect(naturalKey('DR-007')).toBe(naturalKey('dr-7'));
  expect(naturalKey('１２')).toBe(naturalKey('12'));
  expect(sortedBy(naturalKey, ['v1.10', 'v1.9', 'v1.9.1'])).toEqual(['v1.9', 'v1.9.1', 'v1.10']);
  // the longest position behind the longest abbreviation
  const nines = '9'.repeat(70);
  expect(sortedBy(naturalKey, [`1${'0'.repeat(70)}`, nines])).toEqual([nines, `1${'0'.repeat(70)}`]);
});

test('naturalKey puts any two texts with numbers in order of the numbers', () => {
  const digits = fc.bigInt({ min: 0n, max: 10n ** 40n });
  fc.assert(
    fc.property(digits, digits, fc.constantFrom('', 'DR-', 'x', '-'), (a, b, before) => {
      const order = byBytes(naturalKey(`${before}${a}z`), naturalKey(`${before}${b}z`));
      expect(Math.sign(order)).toBe(a < b ? -1 : a > b ? 1 : 0);
    }),
  );
});

test('keys are the same for the same text in another normal form, and hold nothing that PostgreSQL refuses', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      for (const key of [sortKey, naturalKey]) {
        expect(key(text.normalize('NFC'))).toBe(key(text.normalize('NFD')));
        expect(key(text).isWellFormed()).toBe(true);
      }
    }),
  );
});

test.each([
  ['NUL', 'a\0b'],
  ['a bell', 'a\x07b'],
  ['escape', '\x1b[31m'],
  ['delete', 'a\x7f'],
  ['a C1 control', 'a\x85b'],
  ['half of a surrogate pair', 'a\ud800b'],
  ['the other half', '\udc00'],
  ['right-to-left override', 'gpj.\u202Eexe'],
  ['an isolate', '\u2066a'],
  ['no character at all', 'a\uFFFF'],
])('%s is refused in texts', (_what, text) => {
  expect(textFault(text)).toBe('holds control characters');
  expect(textFault(text, { multiline: true })).toBe('holds control characters');
});

test('line breaks and tabs are refused where one line is meant', () => {
  for (const text of ['a\nb', 'a\r\nb', 'a\tb', 'a\u2028b', 'a\u2029b']) {
    expect(textFault(text)).toBe('must be a single line');
    expect(textFault(text, { multiline: true })).toBe(null);
  }
});

test('what people type is taken', () => {
  for (const text of ['', 'Console design finishes', '施工図面', 'Ünïcödé', '👷🏽‍♀️', 'a\u00a0b', 'שלום', '\u200d'])
    expect(textFault(text)).toBe(null);
});

test('rich text keeps basic formatting and loses everything else', () => {
  expect(safeRichText('<p>Please <b>repair</b> <a href="https://a.example">it</a>.</p>')).toBe(
    '<p>Please <b>repair</b> <a href="https://a.example">it</a>.</p>',
  );
  for (const evil of [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="data:text/html,x">x</a>',
    '<a href=" java\nscript:alert(1)">x</a>',
    '<p onclick="alert(1)" style="position:fixed">x</p>',
    '<svg><script>alert(1)</script></svg>',
    '<iframe src="https://a.example"></iframe>',
    '<style>*{display:none}</style>',
    '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
    '<form action="https://a.example"><input name=x></form>',
  ])
    expect(safeRichText(evil)).not.toMatch(/script|on\w+=|style|iframe|data:|<img|<svg|<form|<input|<math/i);
});

test('rich text made safe once stays as it is', () => {
  // what was dropped in between held two paragraphs apart
  expect(safeRichText(safeRichText('<p><b<p><p>'))).toBe(safeRichText('<p><b<p><p>'));
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('<p>', '</p>', '<b', '>', '&', '&lt;', '<a href="', '"', "'", 'x', '<!--', ']]>')),
      (parts) => {
        const safe = safeRichText(parts.join(''));
        expect(safeRichText(safe)).toBe(safe);
      },
    ),
  );
});
