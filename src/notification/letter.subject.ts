import { cut } from '../kernel/cut.ts';
import { oneLine } from '../kernel/text.ts';
import type { NotificationEvent } from '../permission/defaults.policy.ts';
import type { Letter, LetterItem, LostItem } from './letter.ts';
import { projectText } from './letter.values.ts';
import { briefly } from './letter.words.ts';

// RFC 5322 2.1.1: what fits a line, and what lists of mails show of it
const MAX_SUBJECT = 78;
// the least that is left of a title or a project beside a long number or name
const LEAST = 24;

/** The subject of a letter: "[DR-interior-002] Broken lintel: Ann Lee responded"; of several items "12 items changed in Bridge". */
export function subjectOf({ items, more = 0, now }: Letter): string {
  if (items.length === 1) return ofOne(items[0]!, now);
  const what = ofSeveral(items, items.length + more);
  const projects = new Set(items.map(({ project }) => projectText(project)));
  if (projects.size > 1) return `${what} in ${projects.size} projects`;
  return `${what} in ${cut([...projects][0]!, Math.max(LEAST, MAX_SUBJECT - what.length - 4))}`;
}

function ofOne(item: LetterItem | LostItem, now: Date): string {
  const [number, what] = [cut(oneLine(item.number), 60), briefly(item, now)];
  const title = cut(oneLine(item.title), Math.max(LEAST, MAX_SUBJECT - number.length - what.length - 5));
  return title ? `[${number}] ${title}: ${what}` : `[${number}] ${what}`;
}

const SAID: Record<NotificationEvent, (count: number) => string> = {
  CREATED: (count) => `${count} items issued`,
  ASSIGNED: (count) => `You were put on ${count} items`,
  RESPONDED_TO: (count) => `${count} items with new responses`,
  CLOSED: (count) => `${count} items closed`,
  UPDATED: (count) => `${count} items changed`,
  REMOVED: (count) => `You were taken off ${count} items`,
  OVERDUE: (count) => `${count} items overdue`,
};

/** Of items to which different things happened it is said that they changed. */
function ofSeveral(items: readonly (LetterItem | LostItem)[], count: number): string {
  const events = new Set(items.map(({ event }) => event));
  const [event] = events;
  if (items.every((item) => item.event === 'ASSIGNED' && item.joined.includes('ASSIGNEE')))
    return `${count} items assigned to you`;
  return SAID[events.size === 1 ? event! : 'UPDATED'](count);
}
