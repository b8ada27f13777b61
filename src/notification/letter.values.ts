import { holdsSeveral } from '../item/item.history.ts';
import { cut } from '../kernel/cut.ts';
import { isDay } from '../kernel/days.ts';
import { momentsIn } from '../kernel/moment.ts';
import { writtenText } from '../kernel/richText.ts';
import { oneLine } from '../kernel/text.ts';
import type { LetterChange, LetterItem, LetterProject } from './letter.ts';

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
  /** "overdue by 3 days", "today", "in 8 days"; null where that matters no more */
  distance: string | null;
  isOverdue: boolean;
}

const days = (count: number): string => (count === 1 ? '1 day' : `${count} days`);

/** When an item is due, counted in the days of its project; null when it is not. Only what is open can be overdue. */
export function dueOf({ dueDate, status, project }: LetterItem, now: Date): Due | null {
  if (dueDate === null) return null;
  if (!isDay(dueDate)) return { day: oneLine(dueDate), distance: null, isOverdue: false };
  const due = Date.parse(dueDate);
  const day = `${WEEKDAYS[new Date(due).getUTCDay()]} ${dayText(dueDate)}`;
  if (status.category !== 'OPEN') return { day, distance: null, isOverdue: false };
  const left = Math.round((due - Date.parse(momentsIn(project.timeZone)(now).slice(0, 10))) / DAY_MS);
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

/** A changed field as it is shown: its value before and after, or of one that holds several what came and what went. */
export type ShownChange =
  | { label: string; old: string | null; new: string | null }
  | { label: string; added: readonly string[]; removed: readonly string[] };

// three lines of a table on a telephone; the whole is at the item
const MAX_VALUE = 160;

/** Rows of history as a letter shows them: one for each field. */
export function shownChanges(changes: readonly LetterChange[]): ShownChange[] {
  const shown = new Map<string, ShownChange>();
  for (const change of changes) {
    const { field, label } = change;
    const known = shown.get(field);
    const added = change.old === null && change.new !== null ? [change.new] : [];
    const removed = change.new === null && change.old !== null ? [change.old] : [];
    if (known && 'added' in known)
      shown.set(field, { label, added: [...known.added, ...added], removed: [...known.removed, ...removed] });
    else if (holdsSeveral(field)) shown.set(field, { label, added, removed });
    else shown.set(field, { label, ...bothOf(field, change) });
  }
  return [...shown.values()].map((change) => ({ ...change, label: cut(oneLine(change.label), MAX_NAME) }));
}

function bothOf(field: string, change: LetterChange): { old: string | null; new: string | null } {
  const read = (value: string | null) => {
    if (value === null) return null;
    if (field === 'dueDate') return dayText(value);
    return oneLine(field === 'description' ? writtenText(value) : value) || null;
  };
  const [old, now] = [read(change.old), read(change.new)];
  if (old === null || now === null || (old.length <= MAX_VALUE && now.length <= MAX_VALUE))
    return { old: old && cut(old, MAX_VALUE), new: now && cut(now, MAX_VALUE) };
  const from = sameUntil(old, now);
  return { old: cut(behind(old, from), MAX_VALUE), new: cut(behind(now, from), MAX_VALUE) };
}

// so that one sees where in a long text it is
const CONTEXT = 40;

/** Where the word begins that is the first in which two texts differ. */
function sameUntil(a: string, b: string): number {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same += 1;
  return a.lastIndexOf(' ', same - 1) + 1;
}

/** A text from some words before a place on. */
function behind(text: string, place: number): string {
  const start = text.lastIndexOf(' ', place - CONTEXT) + 1;
  return place <= CONTEXT * 2 || start === 0 ? text : `…${text.slice(start)}`;
}
