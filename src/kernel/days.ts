const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;

/** Whether a text is a day of the calendar, YYYY-MM-DD, of the years 0001 to 9999: what PostgreSQL and JavaScript agree on. */
export function isDay(text: string): boolean {
  const [, year, month, day] = DAY.exec(text)?.map(Number) ?? [];
  if (!year || !month || !day) return false;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

const TIME = /^(\d{4}-\d\d-\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** The moment that a text names as RFC 3339 writes it, with any offset; null when it names none. */
export function readDateTime(text: string): Date | null {
  const date = TIME.exec(text)?.[1];
  if (!date || !isDay(date)) return null;
  const moment = new Date(text);
  // an offset can carry the first and the last day of the calendar out of it
  return isDay(moment.toISOString().slice(0, 10)) ? moment : null;
}

const FRIDAY = 4;

/**
 * The day that comes this many working days (Monday to Friday) after a day, both YYYY-MM-DD: from a Friday 1 is the Monday after.
 * 0 is the day itself, on a weekend the Monday after.
 */
export function workingDaysAfter(day: string, count: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  const weekday = (date.getUTCDay() + 6) % 7;
  const restDays = Math.max(0, weekday - FRIDAY);
  // from a weekend it is counted as from the Friday before, but never back to it
  const steps = weekday - restDays + (restDays > 0 ? Math.max(1, count) : count);
  date.setUTCDate(date.getUTCDate() - weekday + Math.floor(steps / 5) * 7 + (steps % 5));
  return date.toISOString().slice(0, 10);
}
