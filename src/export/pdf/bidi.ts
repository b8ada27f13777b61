// Hebrew, Arabic and the scripts beside them, with their presentation forms
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;
const STRONG = /\p{L}/u;
const MIRRORED: Record<string, string> = {
  '(': ')',
  ')': '(',
  '[': ']',
  ']': '[',
  '{': '}',
  '}': '{',
  '<': '>',
  '>': '<',
  '«': '»',
  '»': '«',
};

/** Whether a text has anything in it that runs from right to left. */
export const runsLeft = (text: string): boolean => RIGHT_TO_LEFT.test(text);

/** A word, or the blanks between two, and which way it runs. */
interface Token {
  text: string;
  leftwards: boolean | null;
}

/** Which way a word runs: by its first letter, numbers and signs (null) as what is around them. */
function directionOf(word: string): boolean | null {
  for (const letter of word) {
    if (RIGHT_TO_LEFT.test(letter)) return true;
    if (STRONG.test(letter)) return false;
  }
  return null;
}

/** Signs and numbers as they stand among words from right to left: in the other order, brackets turned, digits as they are. */
const turned = (text: string): string =>
  (text.match(/[\d.,:/]*\d|[^\d]/g) ?? [])
    .reverse()
    .map((part) => MIRRORED[part] ?? part)
    .join('');

/**
 * The words of one line and the blanks between them in the order in which they are seen, from left to right: the bidirectional
 * algorithm of Unicode (UAX 9) by whole words, without its marks, which nobody can type here (kernel/text.ts). The letters of a word
 * are left to the font.
 */
export function visualOrder(line: string): string[] {
  const tokens: Token[] = (line.match(/\s+|\S+/g) ?? []).map((text) => ({ text, leftwards: directionOf(text) }));
  const base = tokens.find(({ leftwards }) => leftwards !== null)?.leftwards ?? false;
  // what has no direction has that of both its neighbours, or of the line
  const resolved = tokens.map(({ leftwards }, n) => {
    if (leftwards !== null) return leftwards;
    const before = tokens.slice(0, n).findLast((token) => token.leftwards !== null)?.leftwards ?? base;
    const behind = tokens.slice(n + 1).find((token) => token.leftwards !== null)?.leftwards ?? base;
    return before === behind ? before : base;
  });
  const stretches: { leftwards: boolean; words: string[] }[] = [];
  for (const [n, { text, leftwards }] of tokens.entries()) {
    const way = resolved[n]!;
    if (stretches.at(-1)?.leftwards !== way) stretches.push({ leftwards: way, words: [] });
    const mirrored = way && leftwards === null ? turned(text) : text;
    stretches.at(-1)!.words.push(mirrored);
  }
  const seen = stretches.map(({ leftwards, words }) => (leftwards ? words.reverse() : words));
  return (base ? seen.reverse() : seen).flat();
}
