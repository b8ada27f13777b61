import { type ShownChange, shownChanges } from './letter.changes.ts';
import type { LetterItem, LostItem } from './letter.ts';
import { projectText } from './letter.values.ts';
import { type Said, saidOf } from './letter.words.ts';

/** Items of one project to which the same happened: of a batch that closes fifty it is said once. */
export interface Group {
  project: string;
  said: Said;
  changes: readonly ShownChange[];
  items: readonly (LetterItem | LostItem)[];
}

/** The items of a letter in groups, projects and groups in the order in which they first come. */
export function groupsOf(items: readonly (LetterItem | LostItem)[], now: Date): Group[] {
  const projects = new Map<string, Map<string, Group & { items: (LetterItem | LostItem)[] }>>();
  for (const item of items) {
    const project = projectText(item.project);
    if (!projects.has(project)) projects.set(project, new Map());
    const groups = projects.get(project)!;
    const changes = item.event === 'REMOVED' ? [] : shownChanges(item.changes);
    // said of several, it is the same for all: by how many days each is overdue stands beside it
    const key = JSON.stringify([saidOf(item, now, 2), changes]);
    const group = groups.get(key) ?? { project, said: saidOf(item, now), changes, items: [] };
    group.items.push(item);
    groups.set(key, { ...group, said: saidOf(item, now, group.items.length) });
  }
  return [...projects.values()].flatMap((groups) => [...groups.values()]);
}

/** As many of the items as there is room for, in their groups. */
export function firstOf(groups: readonly Group[], room: number): Group[] {
  let left = room;
  const kept: Group[] = [];
  for (const group of groups) {
    if (left <= 0) break;
    kept.push({ ...group, items: group.items.slice(0, left) });
    left -= group.items.length;
  }
  return kept;
}
