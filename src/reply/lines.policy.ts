/** A text as lines, in columns: a megabyte of line breaks would otherwise be a million objects. */
export interface Lines {
  text: string;
  count: number;
  /** where a line begins; one more than there are lines, the last being the end of the text */
  start: Int32Array;
  /** where what can be seen of it begins, and ends */
  first: Int32Array;
  end: Int32Array;
  isAscii: boolean;
  /** the line that was looked at last, and what it shows: several rules ask in a row */
  looked: { line: number; shown: string };
}

// of a longer line only this much is looked at: no line that mail programs add is longer, and so what is done for a line is bounded
const MAX_LOOK = 600;

const [TAB, LF, CR, SPACE] = [9, 10, 13, 32];

/** Whether nothing is seen of a character: blanks, and what has no width (soft hyphens, marks of direction, joiners). */
export const isUnseen = (code: number): boolean =>
  code === SPACE ||
  (code >= TAB && code <= CR) ||
  (code >= 0x80 &&
    (code === 0xa0 ||
      code === 0xad ||
      code === 0x034f ||
      code === 0x061c ||
      code === 0x180e ||
      (code >= 0x2000 && code <= 0x200f) ||
      (code >= 0x2028 && code <= 0x202f) ||
      (code >= 0x205f && code <= 0x206f) ||
      code === 0x3000 ||
      code === 0xfeff));

/** The lines of a text, whichever way they are broken. Once over the text. */
export function linesOf(text: string): Lines {
  let count = 1;
  for (let at = 0; at < text.length; at += 1) if (isBreak(text, at)) count += 1;
  const [start, first, end] = [new Int32Array(count + 1), new Int32Array(count), new Int32Array(count)];
  let [line, seen, last] = [0, -1, -1];
  for (let at = 0; at <= text.length; at += 1) {
    if (at < text.length && !isUnseen(text.charCodeAt(at))) {
      if (seen < 0) seen = at;
      last = at;
    }
    if (at < text.length && !isBreak(text, at)) continue;
    first[line] = seen < 0 ? at : seen;
    end[line] = seen < 0 ? at : last + 1;
    line += 1;
    start[line] = Math.min(at + 1, text.length);
    seen = -1;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what ASCII is
  return { text, count, start, first, end, isAscii: /^[\x00-\x7F]*$/.test(text), looked: { line: -1, shown: '' } };
}

const isBreak = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code === LF || (code === CR && text.charCodeAt(at + 1) !== LF);
};

/** Whether nothing is seen in a line. */
export const isBlank = (lines: Lines, line: number): boolean => lines.first[line]! >= lines.end[line]!;

/** How long a line is, as far as it is seen. */
export const lengthOf = (lines: Lines, line: number): number => lines.end[line]! - lines.first[line]!;

/** The first character seen in a line, and the last; 0 where it is blank. */
export const firstCode = (lines: Lines, line: number): number =>
  isBlank(lines, line) ? 0 : lines.text.charCodeAt(lines.first[line]!);
export const lastCode = (lines: Lines, line: number): number =>
  isBlank(lines, line) ? 0 : lines.text.charCodeAt(lines.end[line]! - 1);

/** A line as it is judged: without blanks around it and what has no width, blanks plain, and no longer than is looked at. */
export function shown(lines: Lines, line: number, from = lines.first[line]!): string {
  const { looked } = lines;
  const isWhole = from === lines.first[line]!;
  if (isWhole && looked.line === line) return looked.shown;
  const said = lines.text.slice(from, Math.min(lines.end[line]!, from + MAX_LOOK));
  const seen = lines.isAscii ? said : plain(said);
  if (isWhole) [looked.line, looked.shown] = [line, seen];
  return seen;
}

const plain = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what ASCII is
  /^[\x00-\x7F]*$/.test(text)
    ? text
    : // biome-ignore lint/suspicious/noMisleadingCharacterClass: marks by themselves are what it is about
      text.replace(/[\u00AD\u034F\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/g, '').replace(/\s/g, ' ');

/** The first line from one on in which something is seen, or the number of lines. */
export function nextSeen(lines: Lines, line: number): number {
  let next = line;
  while (next < lines.count && isBlank(lines, next)) next += 1;
  return next;
}
