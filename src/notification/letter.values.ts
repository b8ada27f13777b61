import { dayIn } from '../item/item.abilities.ts';
import { cut } from '../kernel/cut.ts';
import { isDay } from '../kernel/days.ts';
import { momentsIn } from '../kernel/moment.ts';
import { oneLine } from '../kernel/text.ts';
import type { LetterItem, LetterProject } from './letter.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const DAY_MS = 86_400_000;

/** A day as nobody can misread it, in the words that the rest of a letter is in, whatever its reader's locale: "2 Mar 2026". */
export function dayText(day: string): string {
  if (!isDay(day)) return oneLine(day);
  const [year, month, date] = day.split('-');
  return `${Number(date)} ${MONTHS[Number(month) - 1]} ${year}`;
}

/** A moment in a time zone, with the zone: "2 Mar 2026, 01:00 PST". */
export function momentText(at: Date, timeZone: string): string {
  const [day, time] = momentsIn(timeZone)(at).split(' ');
  const zone = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'short' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')!.value;
  return `${dayText(day!)}, ${time} ${zone}`;
}

/** A due date as it stands to the day on which it is read. */
export interface Due {
  /** "Tue 10 Mar 2026" */
  day: string;
  /** "overdue by 3 days", "today", "in 8 days" */
  distance: string;
  isOverdue: boolean;
}

const days = (count: number): string => (count === 1 ? '1 day' : `${count} days`);

/** When an item is due, counted in the days of its project; null when that matters no more, as it is closed, or never did. */
export function dueOf({ dueDate, status, project }: LetterItem, now: Date): Due | null {
  if (dueDate === null || !isDay(dueDate) || status.category !== 'OPEN') return null;
  const due = Date.parse(dueDate);
  const day = `${WEEKDAYS[new Date(due).getUTCDay()]} ${dayText(dueDate)}`;
  const left = Math.round((due - Date.parse(dayIn(project.timeZone, now))) / DAY_MS);
  if (left < 0) return { day, distance: `overdue by ${days(-left)}`, isOverdue: true };
  return { day, distance: left === 0 ? 'today' : left === 1 ? 'tomorrow' : `in ${days(left)}`, isOverdue: false };
}

/** "Bridge (B-12)" */
export const projectText = ({ name, number }: LetterProject): string =>
  number ? `${oneLine(name)} (${oneLine(number)})` : oneLine(name);

// of people, files and the like, as many as one takes in at a glance
const MOST_NAMES = 10;
const MAX_NAME = 80;

/** Several names as one text: "Ann Lee, Bob Stone and 38 more". */
export function namesText(names: readonly string[]): string {
  const shown = names.slice(0, names.length === MOST_NAMES + 1 ? MOST_NAMES + 1 : MOST_NAMES);
  const text = shown.map((name) => cut(oneLine(name), MAX_NAME)).join(', ');
  return names.length > shown.length ? `${text} and ${names.length - shown.length} more` : text;
}
