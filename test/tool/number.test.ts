import fc from 'fast-check';
import { expect, test } from 'vitest';
import { naturalKey } from '../../src/kernel/text.ts';
import { numberKeyOf, numberOf } from '../../src/tool/tool.policy.ts';

test('a number is prefix and position, or the position alone', () => {
  expect(numberOf('DR', 'interior-002')).toBe('DR-interior-002');
  expect(numberOf(null, '004')).toBe('004');
});

// letters whose case or decomposition depends on their neighbours, digits, hyphens, and anything else
const part = fc.string({
  unit: fc.oneof(
    fc.constantFrom('Σ', 'ς', 'İ', 'ß', 'ﬁ', '²', '0', '1', '9', '-', '\u0301', '\u0345', '\u00ad', "'", 'Å', '가'),
    fc.constantFrom('a', 'Z', ' '),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 12,
});

test('the key of a number is the key of its prefix and the key of its position, one after the other', () => {
  fc.assert(
    fc.property(fc.option(part), part, (abbreviation, position) => {
      expect(numberKeyOf(abbreviation, position)).toBe(naturalKey(numberOf(abbreviation, position)));
    }),
    { numRuns: 5_000 },
  );
});

test('numbers sort by value', () => {
  const sorted = (positions: string[]) =>
    positions.sort((a, b) => (numberKeyOf('DR', a) < numberKeyOf('DR', b) ? -1 : 1));
  expect(sorted(['1000', '999', 'B', '02', '1', 'a-10', 'A-9'])).toEqual([
    '1',
    '02',
    '999',
    '1000',
    'A-9',
    'a-10',
    'B',
  ]);
});
