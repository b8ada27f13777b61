import { isDeviceLine } from './device.policy.ts';
import { firstCode, isBlank, type Lines, lengthOf, shown } from './lines.policy.ts';
import { foldedWords, isPhrase, listed, phraseAt, phrasesOf } from './phrase.policy.ts';
import { isDash, isRule } from './separator.policy.ts';

/**
 * How much of what stands below a mail counts as its signature: what is parted by a delimiter and what devices add (DEVICE), names
 * behind a dash too (DASHED), or also names below a closing such as "Regards," (ALL).
 */
export type SignatureExtent = 'DEVICE' | 'DASHED' | 'ALL';

const CLOSING = phrasesOf(listed('closing'));
// a signature that people write has at most so many lines; one below "-- " may have more, for it is meant as one
const MOST_LINES = 14;
const MOST_DELIMITED = 60;
// and its lines are short
const LONGEST = 72;
const LONGEST_DELIMITED = 400;
// "--", "-Al" and "- Al": what is shorter, and alone, is no signature
const LEAST = 2;
const MOST_WORDS_OF_NAME = 4;

/** What is asked about a stretch of the author's own lines. */
export interface Stretch {
  /** its first line, and the line after its last */
  from: number;
  to: number;
  /** whether the author says something before it */
  isFollowing: boolean;
  /** whether the author says nothing after it */
  isLast: boolean;
}

/** The line that the signature begins with at the end of a stretch; `to` where there is none. `sender` is the author's name. */
export function signatureFrom(lines: Lines, stretch: Stretch, extent: SignatureExtent, sender: string): number {
  if (stretch.to - stretch.from === 1 && lengthOf(lines, stretch.from) < LEAST) return stretch.to;
  const seen = seenFromEnd(lines, stretch, MOST_DELIMITED + 1);
  // what is looked at, from the last line upwards
  let start = delimiterIn(lines, seen, stretch);
  start = Math.min(start, devicesIn(lines, seen, start));
  if (extent === 'DEVICE' || !stretch.isLast) return start;
  start = dashedIn(lines, seen, start);
  if (extent === 'DASHED') return start;
  return closingIn(lines, seen, start, sender);
}

/** The last lines of a stretch in which something is seen, the last one first; without the first of the mail, which is no signature. */
function seenFromEnd(lines: Lines, { from, to, isFollowing }: Stretch, most: number): number[] {
  const seen: number[] = [];
  let first = from;
  while (first < to && isBlank(lines, first)) first += 1;
  for (let line = to - 1; line >= first && seen.length < most; line -= 1) {
    if (!isBlank(lines, line) && (line > first || isFollowing || isAlone(lines, line))) seen.push(line);
  }
  return seen;
}

/** Whether a line says nothing of an author's own wherever it stands. */
const isAlone = (lines: Lines, line: number): boolean =>
  lengthOf(lines, line) <= LONGEST && isDeviceLine(shown(lines, line));

/** The first delimiter of a stretch under which all is short: "-- ", "--", "---", "_____". */
function delimiterIn(lines: Lines, seen: readonly number[], { to }: Stretch): number {
  let found = to;
  let [below, longest, spoken] = [0, 0, 0];
  for (const line of seen) {
    const code = firstCode(lines, line);
    if (isDash(code) || code === 0x2014) {
      const said = shown(lines, line);
      const isOwn = said === '--' || said === '\u2014' || said === '\u2013';
      if (isOwn && below > 0 && longest <= LONGEST_DELIMITED && spoken <= Math.max(2, below / 3)) found = line;
      else if (isRule(said, 2) && below > 0 && below <= MOST_LINES && longest <= LONGEST && spoken === 0) {
        if (!isHeading(lines, line)) found = line;
      } else if (isOwn && below === 0) found = line;
    }
    below += 1;
    longest = Math.max(longest, lengthOf(lines, line));
    if (isSpoken(shown(lines, line))) spoken += 1;
  }
  return found;
}

/** Whether a rule underlines the line above it. */
const isHeading = (lines: Lines, line: number): boolean =>
  line > 0 &&
  !isBlank(lines, line - 1) &&
  Math.abs(lengthOf(lines, line - 1) - lengthOf(lines, line)) <= 1 &&
  lengthOf(lines, line) > 3;

/** The first of the lines of devices at the end, above a signature that was found already. */
function devicesIn(lines: Lines, seen: readonly number[], start: number): number {
  let found = start;
  let others = 0;
  for (const line of seen) {
    if (line >= start) continue;
    const said = shown(lines, line);
    if (isDeviceLine(said)) found = line;
    else if (!isContact(said) || others === 3) break;
    else others += 1;
  }
  return found;
}

/** "-Ann", "— Ann Lee", "~ Bob" at the end. */
function dashedIn(lines: Lines, seen: readonly number[], start: number): number {
  const [last, above] = seen.filter((line) => line < start);
  if (last === undefined) return start;
  const said = shown(lines, last);
  // "-ann", "- bob": one word may be small
  if (
    /^[-~\u2013\u2014]{1,2}\s?\p{Ll}{2,12}\.?$/u.test(said) &&
    (above === undefined || !/^[-~\u2013\u2014*\u2022]|:$/.test(shown(lines, above)))
  )
    return last;
  if (!/^[-~\u2013\u2014]{1,2}\s?["'“]?\p{Lu}/u.test(said) || !isName(said.replace(/^[-~\u2013\u2014]{1,2}\s?/, '')))
    return start;
  // "- Concrete" below "- Steel" is a list
  if (above !== undefined && /^[-~\u2013\u2014*\u2022]/.test(shown(lines, above))) return start;
  return last;
}

/** The last closing under which there are only lines such as signatures have; the closings and rules right above it are of it. */
function closingIn(lines: Lines, seen: readonly number[], start: number, sender: string): number {
  const above = seen.filter((line) => line < start).slice(0, MOST_LINES);
  const name = foldedWords(sender);
  let found = start;
  for (const [n, line] of above.entries()) {
    const said = shown(lines, line);
    if (isClosing(said)) {
      found = line;
      for (const next of above.slice(n + 1)) {
        if (!isClosing(shown(lines, next)) && !isRule(shown(lines, next), 2)) break;
        found = next;
      }
      break;
    }
    if (isSignedBy(said, name)) found = line;
    else if (!isLikeSignature(said)) break;
  }
  return found;
}

/** Whether a line is a closing, maybe with a name behind it: "Thanks!", "Best regards, Ann". */
export function isClosing(line: string): boolean {
  if (line.length > LONGEST) return false;
  const words = foldedWords(line);
  if (isPhrase(CLOSING, words)) return !/[?:]$/.test(line);
  const said = phraseAt(CLOSING, words, 0);
  if (said === 0) return false;
  const match = /^[^,!.;\u3001\u3002\uFF0C]{2,48}[,!.;\u3001\u3002\uFF0C]\s?(.{2,48})$/u.exec(line);
  return (
    match !== null &&
    foldedWords(line.slice(0, line.length - match[1]!.length)).length === said &&
    (isName(match[1]!) || isClosing(match[1]!))
  );
}

/** Whether a line is like a name: few words, each with a capital, or in letters that have none. */
function isName(line: string): boolean {
  if (/[?:!;]$/.test(line) || /\d/.test(line)) return false;
  const words = line.split(/[\s.]+/).filter(Boolean);
  return (
    words.length > 0 &&
    words.length <= MOST_WORDS_OF_NAME &&
    words.every((word) => /^["'“(]?[\p{Lu}\p{Lo}]/u.test(word))
  );
}

const isSignedBy = (line: string, name: readonly string[]): boolean => {
  const words = foldedWords(line);
  return (
    name.length > 0 &&
    words.length > 0 &&
    words.length <= MOST_WORDS_OF_NAME &&
    words.every((word) => name.includes(word))
  );
};

/** Whether a line may stand in a signature: short, and no sentence. */
const isLikeSignature = (line: string): boolean =>
  line.length <= LONGEST && !/[?]$/.test(line) && (isContact(line) || !isSpoken(line)) && !/^[-*\u2022]\s/.test(line);

/** Whether a line tells how somebody is reached: numbers of telephones, addresses, pages. */
const isContact = (line: string): boolean =>
  /@|https?:|www\.|\.(?:com|org|net|de|fr|it|es|pl|nl|se|dk|no|fi|eu|uk|us)\b/i.test(line) ||
  /(?:\+|\d)[\d\s()./-]{6,}\d/.test(line);

/** Whether a line is one of speech: a sentence, or many words that go on. */
function isSpoken(line: string): boolean {
  if (isContact(line)) return false;
  const words = line.split(/\s+/).length;
  return words > 9 || (words >= 4 && /[.!?:]$/.test(line)) || (words >= 3 && /[?]$/.test(line)) || /[。？]$/.test(line);
}
