import { htmlOf } from './letter.html.ts';
import { subjectOf } from './letter.subject.ts';
import { textOf } from './letter.text.ts';
import type { Letter, WrittenLetter } from './letter.ts';

/** Writes a letter: subject, plain text and HTML, from facts alone. */
export function writeLetter(letter: Letter): WrittenLetter {
  const subject = subjectOf(letter);
  return { subject, text: textOf(letter), html: htmlOf(letter, subject) };
}
