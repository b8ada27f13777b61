import { holdsSeveral } from '../item/item.history.ts';
import { cut, cutFront } from '../kernel/cut.ts';
import { writtenText } from '../kernel/richText.ts';
import { oneLine } from '../kernel/text.ts';
import type { LetterChange } from './letter.ts';
import { dayText } from './letter.values.ts';

/** A changed field as it is shown: its value before and after, or of one that holds several what came and what went. */
export type ShownChange =
  | { label: string; old: string | null; new: string | null }
  | { label: string; added: readonly string[]; removed: readonly string[] };

// some lines on a telephone; the whole is at the item
const MAX_VALUE = 160;
const MAX_LABEL = 80;

/** Rows of history as a letter shows them: one for each field. */
export function shownChanges(changes: readonly LetterChange[]): ShownChange[] {
  const shown = new Map<string, ShownChange>();
  for (const change of changes) {
    const { field } = change;
    const label = cut(oneLine(change.label), MAX_LABEL);
    const known = shown.get(field);
    if (holdsSeveral(field)) {
      const { added, removed } = known && 'added' in known ? known : { added: [], removed: [] };
      shown.set(field, {
        label,
        added: change.new === null ? added : [...added, change.new],
        removed: change.old === null ? removed : [...removed, change.old],
      });
    } else shown.set(field, { label, ...bothOf(field, change) });
  }
  return [...shown.values()];
}

/** The same with shorter values. */
export const shortened = (change: ShownChange, max: number): ShownChange =>
  'old' in change
    ? { ...change, old: change.old && cut(change.old, max), new: change.new && cut(change.new, max) }
    : change;

const SAME = 'the same words, formatted otherwise';
// so that one sees where in a long text it is
const CONTEXT = 40;

/** Both values of a change; of long ones that both begin alike, what stands about where they begin to differ. */
function bothOf(field: string, change: LetterChange): { old: string | null; new: string | null } {
  const isRich = field === 'description';
  const read = (value: string) => (field === 'dueDate' ? dayText(value) : oneLine(isRich ? writtenText(value) : value));
  const alone = (value: string | null) => (value === null ? null : cut(read(value.slice(0, 4 * WINDOW)), MAX_VALUE));
  if (change.old === null || change.new === null)
    return { old: alone(change.old) || null, new: alone(change.new) || null };
  const [begun, oldPart, newPart] = windowOf(change.old, change.new);
  const [old, now] = [read(oldPart), read(newPart)];
  if (old === now) return { old: cut(old, MAX_VALUE) || null, new: SAME };
  const from = Math.max(old.length, now.length) > MAX_VALUE ? sameUntil(old, now) - CONTEXT : 0;
  const shown = (text: string) => {
    const part = behind(text, from);
    return cut(begun && part === text ? `…${text}` : part, MAX_VALUE) || null;
  };
  return { old: shown(old), new: shown(now) };
}

// of two texts of 100,000 characters each, reading all took 30 ms, and a digest has a hundred items
const WINDOW = 1_000;

/** Of two long texts of rich text, what stands about where they begin to differ; and whether something stands in front of it. */
function windowOf(old: string, now: string): [boolean, string, string] {
  if (Math.max(old.length, now.length) <= 4 * WINDOW) return [false, old, now];
  const place = sameUntil(old, now);
  const element = old.indexOf('<', Math.max(0, place - WINDOW));
  const start = place <= WINDOW ? 0 : element >= 0 && element < place ? element : place - WINDOW;
  return [start > 0, old.slice(start, start + 4 * WINDOW), now.slice(start, start + 4 * WINDOW)];
}

/** How many characters two texts have in common at the beginning. */
function sameUntil(a: string, b: string): number {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same += 1;
  return same;
}

/** A text from about a place on, at the beginning of a word if one is near; all of it if little would be left out. */
function behind(text: string, place: number): string {
  if (place <= CONTEXT) return text;
  const space = text.lastIndexOf(' ', place);
  return cutFront(text, space >= place - CONTEXT / 2 ? space + 1 : place);
}
