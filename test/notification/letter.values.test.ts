import { expect, test } from 'vitest';
import { cut } from '../../src/kernel/cut.ts';
import { dueOf, momentText, namesText } from '../../src/notification/letter.values.ts';
import { BRIDGE, letterItem, NOW } from './letters.ts';

test.each([
  ['short', 10, 'short'],
  ['exactly ten', 11, 'exactly ten'],
  ['one two three four', 16, 'one two three…'],
  ['one two three four', 13, 'one two…'],
  ['Donaudampfschiff fahrt', 12, 'Donaudampfs…'],
  ['one two', 4, 'one…'],
  ['👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 12, '👩‍👩‍👧‍👦…'],
  ['👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 11, '…'],
  ['cafe\u0301s', 5, 'caf…'],
  ['😀😀😀', 4, '😀…'],
])('%s in %d characters is %s', (text, max, shown) => {
  expect(cut(text, max)).toBe(shown);
  expect(shown.length).toBeLessThanOrEqual(max);
});

// it is 2 March, 01:00, in Los Angeles
test.each([
  ['2026-03-02', 'Mon 2 Mar 2026 today'],
  ['2026-03-03', 'Tue 3 Mar 2026 tomorrow'],
  ['2026-03-12', 'Thu 12 Mar 2026 in 10 days'],
  ['2026-03-01', 'Sun 1 Mar 2026 overdue by 1 day'],
  ['2025-12-02', 'Tue 2 Dec 2025 overdue by 90 days'],
  [null, null],
])('what is due %s is due %s', (dueDate, shown) => {
  const due = dueOf(letterItem({ dueDate }), NOW);
  expect(due && `${due.day} ${due.distance}`).toBe(shown);
  expect(due?.isOverdue ?? false).toBe(shown?.includes('overdue') ?? false);
});

test('the day is that of the project, and what is closed is due no more', () => {
  const east = { ...BRIDGE, timeZone: 'Pacific/Kiritimati' };
  const later = new Date('2026-03-02T10:00:00Z');
  expect(dueOf(letterItem({ dueDate: '2026-03-02', project: east }), later)?.distance).toBe('overdue by 1 day');
  expect(dueOf(letterItem({ status: { name: 'Won', category: 'CLOSED_SUCCESSFUL' } }), NOW)).toBeNull();
});

test.each([
  ['America/Los_Angeles', '2 Mar 2026, 01:00 PST'],
  ['Asia/Kathmandu', '2 Mar 2026, 14:45 GMT+5:45'],
  ['UTC', '2 Mar 2026, 09:00 UTC'],
])('a moment in %s is %s', (timeZone, shown) => {
  expect(momentText(NOW, timeZone)).toBe(shown);
});

test.each([
  [1, '1'],
  [11, '1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11'],
  [12, '1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more'],
])('%d names read %s', (count, shown) => {
  expect(namesText(Array.from({ length: count }, (_, n) => `${n + 1}`))).toBe(shown);
});
