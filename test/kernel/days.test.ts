import { expect, test } from 'vitest';
import { workingDaysAfter } from '../../src/kernel/days.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const textOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
const isWeekend = (day: string): boolean => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());

/** The same, counted on one's fingers. */
function counted(day: string, count: number): string {
  let time = Date.parse(`${day}T00:00:00Z`);
  let left = count;
  while (left > 0 || isWeekend(textOf(time))) {
    time += DAY_MS;
    if (!isWeekend(textOf(time))) left -= 1;
  }
  return textOf(time);
}

// 2026-03-06 is a Friday
const KNOWN: [day: string, count: number, due: string][] = [
  ['2026-03-06', 0, '2026-03-06'],
  ['2026-03-06', 1, '2026-03-09'],
  ['2026-03-06', 5, '2026-03-13'],
  ['2026-03-07', 0, '2026-03-09'],
  ['2026-03-07', 1, '2026-03-09'],
  ['2026-03-08', 2, '2026-03-10'],
  ['2026-03-09', 4, '2026-03-13'],
  ['2026-03-09', 5, '2026-03-16'],
  ['2027-12-31', 1, '2028-01-03'],
  ['2028-02-28', 1, '2028-02-29'],
];

test('working days are Monday to Friday, counted from the day after', () => {
  for (const [day, count, due] of KNOWN) expect([day, count, workingDaysAfter(day, count)]).toEqual([day, count, due]);
});

test('they are what one counts day by day, from every day of some weeks around a leap day', () => {
  for (let n = 0; n < 30; n += 1) {
    const day = textOf(Date.UTC(2028, 1, 12 + n));
    for (const count of [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 23, 260, 1_000]) {
      const due = workingDaysAfter(day, count);
      expect([day, count, due]).toEqual([day, count, counted(day, count)]);
      expect(isWeekend(due)).toBe(false);
    }
  }
});
