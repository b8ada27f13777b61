import { groupsOf } from './letter.groups.ts';
import { htmlOf } from './letter.html.ts';
import { MOST_ITEMS } from './letter.room.ts';
import { subjectOf } from './letter.subject.ts';
import { textOf } from './letter.text.ts';
import type { Letter, WrittenLetter } from './letter.ts';

/** Writes a letter: subject, plain text and HTML, from facts alone. */
export function writeLetter(letter: Letter): WrittenLetter {
  const groups = groupsOf(letter.items.slice(0, MOST_ITEMS), letter.now);
  const subject = subjectOf(letter);
  return { subject, text: textOf(letter, groups), html: htmlOf(letter, groups, subject) };
}
