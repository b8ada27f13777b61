import type { LetterItem, LostItem } from './letter.ts';
import { projectText, type ShownChange, shownChanges } from './letter.values.ts';
import { sentenceOf } from './letter.words.ts';

/** Items of one project to which the same happened: of a batch that closes fifty it is said once. */
export interface Group {
  project: string;
  sentence: string;
  changes: readonly ShownChange[];
  items: readonly (LetterItem | LostItem)[];
}

/** The items of a letter in groups, projects and groups in the order in which they first come. */
export function groupsOf(items: readonly (LetterItem | LostItem)[], now: Date): Group[] {
  const projects = new Map<string, Map<string, Group>>();
  for (const item of items) {
    const project = projectText(item.project);
    const groups = projects.get(project) ?? new Map<string, Group>();
    projects.set(project, groups);
    const changes = item.event === 'REMOVED' ? [] : shownChanges(item.changes);
    // of several, what is overdue is told by each
    const key = JSON.stringify([sentenceOf(item, now, 2), changes]);
    const others = groups.get(key)?.items ?? [];
    const both = [...others, item];
    groups.set(key, { project, sentence: sentenceOf(item, now, both.length), changes, items: both });
  }
  return [...projects.values()].flatMap((groups) => [...groups.values()]);
}
