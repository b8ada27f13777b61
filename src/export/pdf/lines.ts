import { runsLeft } from './bidi.ts';
import type { Face } from './face.ts';

/** A stretch of text in one face, size and colour. */
export interface Span {
  text: string;
  face: Face;
  size: number;
  color: string;
  underline?: boolean;
  strike?: boolean;
  /** how far above the others it stands */
  rise?: number;
  href?: string;
}

/** A line of a text that has been broken to a width; each piece with where it begins. */
export interface Line {
  pieces: (Span & { x: number; width: number })[];
  width: number;
  size: number;
}

// a letter of a script without blanks is a word; so is what lies behind a hyphen or a slash
const WORDS =
  /\n|[^\S\n]+|[\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFF00-\uFFEF]|[^\s\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFF00-\uFFEF]+?[-/](?=[^\s])|[^\s\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFF00-\uFFEF]+/g;

/** Breaks text into lines of a width: between words, and where one is wider than the line, inside of it. */
export function linesOf(spans: readonly Span[], width: number): Line[] {
  const lines: Line[] = [];
  let line = emptyLine();
  const end = () => {
    lines.push(closed(line));
    line = emptyLine();
  };
  const put = (span: Span, text: string, textWidth: number) => {
    const last = line.pieces.at(-1);
    if (last && sameStyle(last, span)) {
      last.text += text;
      last.width += textWidth;
    } else line.pieces.push({ ...span, text, x: line.width, width: textWidth });
    line.width += textWidth;
    line.size = Math.max(line.size, span.size);
  };
  for (const span of spans) {
    const widthOf = (text: string) => span.face.widthOf(text, span.size);
    for (const [word] of span.text.matchAll(WORDS)) {
      if (word === '\n') {
        line.size = Math.max(line.size, span.size);
        end();
        continue;
      }
      const text = word.replaceAll('\t', '    ');
      const wordWidth = widthOf(text);
      if (line.width + wordWidth <= width || (line.width > 0 && isBlank(text))) {
        put(span, text, wordWidth);
        continue;
      }
      if (line.width > 0) end();
      if (isBlank(text)) continue;
      let rest = text;
      let restWidth = wordWidth;
      while (restWidth > width) {
        const fits = fitting(rest, width, widthOf);
        put(span, fits, widthOf(fits));
        end();
        rest = rest.slice(fits.length);
        restWidth = widthOf(rest);
      }
      if (rest) put(span, rest, restWidth);
    }
  }
  if (line.pieces.length > 0 || lines.length === 0) end();
  return lines;
}

const emptyLine = (): Line => ({ pieces: [], width: 0, size: 0 });
const isBlank = (text: string): boolean => !text.trim();

const sameStyle = (a: Span, b: Span): boolean =>
  a.face === b.face &&
  a.size === b.size &&
  a.color === b.color &&
  a.href === b.href &&
  a.rise === b.rise &&
  a.underline === b.underline &&
  a.strike === b.strike;

/** As much of a word as fits into a line, and at least a letter. */
function fitting(word: string, width: number, widthOf: (text: string) => number): string {
  let fits = '';
  let total = 0;
  for (const letter of word) {
    total += widthOf(letter);
    if (total > width && fits) break;
    fits += letter;
  }
  return fits;
}

/** A line without the blanks at its end; one that begins with a word from right to left stands at the right. */
function closed(line: Line): Line {
  const last = line.pieces.at(-1);
  if (last) {
    const text = last.text.trimEnd();
    const width = text === last.text ? last.width : last.face.widthOf(text, last.size);
    line.width += width - last.width;
    Object.assign(last, { text, width });
  }
  return line;
}

/** Whether a line is to stand at the right: its first word runs from right to left. */
export const standsRight = ({ pieces }: Line): boolean =>
  runsLeft(/\p{L}/u.exec(pieces.map(({ text }) => text).join(''))?.[0] ?? '');
