import { formsOf, wordsOf } from '../kernel/textWords.ts';

/** A piece of plain text, and whether it is what was looked for. */
export interface HighlightPart {
  text: string;
  isHit: boolean;
}

// Characters that a word is made of before it is folded; those that are words by themselves come alone
const IDEOGRAPH = '[\\u3041-\\u3096\\u30A1-\\u30FA\\u3400-\\u9FFF\\uF900-\\uFAFF\\u{20000}-\\u{3FFFF}]';
const WORD = new RegExp(`${IDEOGRAPH}\\p{M}*|(?:(?!${IDEOGRAPH})[\\p{Alphabetic}\\p{M}\\p{N}\\p{Cf}])+|\\p{So}`, 'gu');
// a line or so on both sides of what is shown of a long text
const AROUND = 60;
const MAX_PIECES = 3;
const ASCII = /^[\0-\x7f]*$/;

const foldedWords = (text: string): string[] => (ASCII.test(text) ? [text.toLowerCase()] : wordsOf(text));

interface Place {
  start: number;
  end: number;
}

/** Where words that begin with what is wanted are in a text, and with what of it. */
function* placesOf(text: string, wanted: readonly string[]): Generator<Place & { found: string[] }> {
  for (const match of text.matchAll(WORD)) {
    const words = foldedWords(match[0]);
    const found = wanted.filter((word) => formsOf(word).some((form) => words.some((one) => one.startsWith(form))));
    if (found.length > 0) yield { start: match.index, end: match.index + match[0].length, found };
  }
}

/** A text in parts, hits and what is between them. */
function partsOf(text: string, words: readonly string[]): HighlightPart[] {
  const parts: HighlightPart[] = [];
  let last = 0;
  for (const { start, end } of placesOf(text, words)) {
    parts.push({ text: text.slice(last, start), isHit: false }, { text: text.slice(start, end), isHit: true });
    last = end;
  }
  return [...parts, { text: text.slice(last), isHit: false }];
}

/** The piece of a text around a place, from and to whole words where that is near. */
function pieceAround(text: string, { start, end }: Place): Place {
  const before = text.slice(Math.max(0, start - AROUND), start);
  const behind = text.slice(end, end + AROUND);
  const from = start <= AROUND ? 0 : start - before.length + Math.max(0, before.search(/\s/) + 1);
  const to = end + AROUND >= text.length ? text.length : end + (behind.replace(/\s+\S*$/, '').length || behind.length);
  // no half of a character
  const isHalf = (at: number) => /[\uDC00-\uDFFF]/.test(text[at] ?? '') && /[\uD800-\uDBFF]/.test(text[at - 1] ?? '');
  return { start: isHalf(from) ? from + 1 : from, end: isHalf(to) ? to - 1 : to };
}

/** Pieces of a long text around the first place of each word that is wanted. */
function piecesOf(text: string, words: readonly string[], wanted: readonly string[]): HighlightPart[] {
  const missing = new Set(wanted);
  const pieces: Place[] = [];
  for (const place of placesOf(text, wanted)) {
    if (!place.found.some((word) => missing.delete(word))) continue;
    const piece = pieceAround(text, place);
    const last = pieces.at(-1);
    if (last && piece.start <= last.end) last.end = piece.end;
    else if (pieces.push(piece) === MAX_PIECES) break;
    if (missing.size === 0) break;
  }
  return pieces.flatMap(({ start, end }, n) => [
    { text: start > 0 || n > 0 ? '… ' : '', isHit: false },
    ...partsOf(text.slice(start, end), words),
    { text: end < text.length ? ' …' : '', isHit: false },
  ]);
}

/**
 * Where words are in some texts, as parts that make plain text when they are put together: the `names` of something that have any
 * of them, as a whole; of its texts pieces with those that the names do not have. A line for each.
 */
export function highlight(
  words: readonly string[],
  names: readonly string[],
  texts: readonly string[],
): HighlightPart[] {
  const isHit = (parts: readonly HighlightPart[]) => parts.some((part) => part.isHit);
  const named = names.map((name) => partsOf(name, words)).filter(isHit);
  const known = new Set(names.flatMap((name) => [...placesOf(name, words)].flatMap(({ found }) => found)));
  const missing = words.filter((word) => !known.has(word));
  const said = missing.length === 0 ? [] : texts.map((text) => piecesOf(text, words, missing)).filter(isHit);
  const lines = [...named, ...said];
  const shown =
    lines.length > 0 ? lines : [[{ text: names.at(-1) ?? (texts[0] ?? '').slice(0, AROUND), isHit: false }]];
  return joined(shown.flatMap((line, n) => (n === 0 ? line : [{ text: '\n', isHit: false }, ...line])));
}

/** Without empty parts, and neighbours of a kind as one. */
function joined(parts: readonly HighlightPart[]): HighlightPart[] {
  const kept: HighlightPart[] = [];
  for (const { text, isHit } of parts) {
    const last = kept.at(-1);
    if (text === '') continue;
    if (last && !last.isHit && !isHit) last.text += text;
    else kept.push({ text, isHit });
  }
  return kept;
}
