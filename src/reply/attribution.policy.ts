import { hasAddress, hasClock, hasDate } from './evidence.policy.ts';
import { firstCode, isBlank, type Lines, lastCode, shown } from './lines.policy.ts';
import { endsWithPhrase, foldedWords, listed, type Phrases, phraseAt, phrasesOf } from './phrase.policy.ts';
import { isDash } from './separator.policy.ts';

const ON = phrasesOf(listed('on'));
const WROTE = phrasesOf(listed('wrote'));
const WROTE_BY = phrasesOf(listed('wroteBy'));

// mail programs break the line above a quotation where it gets too long: at most into so many
const MOST_LINES = 4;
// shorter ones have no room for a name and a date
const LEAST = 12;

/** The line above a quotation, "On ... Ann wrote:". Sure: whatever follows is the quotation; else only what is marked as one. */
export interface Attribution {
  next: number;
  isSure: boolean;
}

const COLONS = [58, 0xff1a, 0xfe55];
const endsWithColon = (lines: Lines, line: number): boolean => COLONS.includes(lastCode(lines, line));

/** The attribution that begins at a place in a line, over up to four lines. `quoted` says whether a line is marked as quotation. */
export function attributionAt(
  lines: Lines,
  line: number,
  quoted: (line: number) => boolean,
  from = lines.first[line]!,
): Attribution | null {
  if (!mayEnd(lines, line, quoted)) return null;
  let text = '';
  let weak: Attribution | null = null;
  let used = 0;
  for (let at = line; at < lines.count && used < MOST_LINES; at += 1) {
    if (isBlank(lines, at)) {
      // one program leaves an empty line between the name and its address
      if (at === line || isBlank(lines, at - 1) || !/^on .*\d/i.test(text) || !hasClock(text)) break;
      continue;
    }
    if (quoted(at) && !(at > line && isLostEnd(lines, at))) break;
    used += 1;
    const piece = shown(lines, at, at === line ? from : undefined);
    if (at === line && !/[\p{L}\d]/u.test(piece)) return null;
    text = text ? `${text} ${piece}` : piece;
    const next = at + 1;
    const isAbove = next < lines.count && followedByQuote(lines, next, quoted);
    if (isAbove || endsWithColon(lines, at) || isDash(lastCode(lines, at))) {
      const judged = judge(text, isAbove);
      if (judged === 'SURE') return { next, isSure: true };
      if (judged === 'WEAK' && isAbove && !weak) weak = { next, isSure: false };
    }
    // what ends with a colon, or ends a sentence, is not in the midst of one
    if (endsWithColon(lines, at) || /[.!?]$/.test(piece)) break;
    if (at === line && !isOpening(text, at + 1 < lines.count ? firstCode(lines, at + 1) : 0)) break;
  }
  return weak;
}

/** Whether one of the next lines may be the end of an attribution: asked of every line, and most are none. */
function mayEnd(lines: Lines, line: number, quoted: (line: number) => boolean): boolean {
  const to = Math.min(lines.count, line + MOST_LINES + 1);
  for (let at = line; at < to; at += 1) {
    const code = lastCode(lines, at);
    if (at > line && code !== 0 && quoted(at)) return true;
    if (COLONS.includes(code) || isDash(code)) return true;
  }
  return false;
}

/** "> wrote:" where a program has broken "<ann@example.com> wrote:" before its bracket. */
function isLostEnd(lines: Lines, line: number): boolean {
  if (firstCode(lines, line) !== 62 || !endsWithColon(lines, line)) return false;
  const words = foldedWords(shown(lines, line));
  return words.length <= 4 && phraseAt(WROTE, words, 0) === words.length;
}

function followedByQuote(lines: Lines, line: number, quoted: (line: number) => boolean): boolean {
  let at = line;
  while (at < lines.count && at < line + MOST_LINES && isBlank(lines, at)) at += 1;
  return at < lines.count && quoted(at);
}

/** Whether an attribution that goes on in the next line may begin so: with a day, an address, or "On" and one of these to come; `below` is what the next line begins with. */
function isOpening(text: string, below: number): boolean {
  if (/^[-_=\u2014]{2}/.test(text) || hasAddress(text)) return true;
  if (/\d/.test(text) && text.length <= 200) return true;
  const goesOn = text.endsWith(',') || text.length >= 40 || (below >= 48 && below <= 57);
  return goesOn && phraseAt(ON, foldedWords(text), 0) > 0;
}

/** What a text of one attribution's length is: surely one, one if a quotation follows, or none. */
function judge(text: string, isAbove: boolean): 'SURE' | 'WEAK' | null {
  if (text.length < LEAST && !isAbove) return null;
  const [address, date] = [hasAddress(text), hasDate(text)];
  const clock = date && hasClock(text);
  const isDashed = /^[-_=\u2014]{2}/.test(text);
  // most lines are done with here, before their words are looked up
  if (!address && !clock && !isDashed && !isAbove && !(date && NAMED.test(text))) return null;
  const words = foldedWords(text);
  const says = saysWrote(words, text);
  const opens = startsLikeOne(words, text);
  const colon = /[:\uFF1A\uFE55][\s*_]*$/.test(text);
  if (says) {
    if (isDashed && (date || address || /[-_=\u2014]{2}$/.test(text))) return 'SURE';
    if (says === 'END' && ((address && (date || opens)) || (clock && words.length <= 30))) return 'SURE';
    if (says === 'BY' && date && (clock || address) && colon) return 'SURE';
    // "On Nov 26, 2013 Ann Lee wrote:" names nobody but a person
    if (says === 'END' && date && opens && colon && NAMED.test(text)) return 'SURE';
    if (says === 'END' && address && colon && words.length <= 14) return 'SURE';
  }
  // "26.06.2025, 14:41, Ann <ann@site.example>:"; a bare address before a colon may be anybody's sentence
  if (colon && address && date && opens && ENCLOSED.test(text)) return 'SURE';
  if (!isAbove) return null;
  if (says && (colon || says === 'END')) return 'WEAK';
  if (address && date) return 'WEAK';
  return colon && clock && opens ? 'WEAK' : null;
}

const ENCLOSED = /[>)\]]['"]?\s?[:\uFF1A\uFE55][\s*_]*$/;
// behind the date, up to four words with capitals, or "you"
const NAMED = /\d[\d.,:/-]*,?\s(?:you\s|(?:\p{Lu}[\p{L}.'-]{0,30}\s){1,4})\p{Ll}{2,12}:$/u;

/** Where a text says that somebody wrote: at its end, save for a date (END), or before their name (BY). */
function saysWrote(words: readonly string[], text: string): 'END' | 'BY' | null {
  if (endsWithPhrase(WROTE, words)) return 'END';
  const at = lastOf(WROTE, words);
  // "Ann Lee wrote on 05/06/2024 10:00:00 AM:", "ezt írta (időpont: 2024. máj. 5., V, 10:00):"
  if (at >= 0 && words.length - at <= 14 && /\d/.test(words.slice(at).join(' '))) return 'END';
  if (lastOf(WROTE_BY, words) >= 0) return 'BY';
  // written without spaces between words
  return /写道|寫道|のメール|書きました|님이\s?작성|เขียน|님의 글/u.test(text.slice(-40)) ? 'END' : null;
}

function lastOf(phrases: Phrases, words: readonly string[]): number {
  for (let at = words.length - 1; at >= 0; at -= 1) if (phraseAt(phrases, words, at) > 0) return at;
  return -1;
}

/** Whether a text begins as attributions do: "On", a date, a day of the week, or a name with its address. */
function startsLikeOne(words: readonly string[], text: string): boolean {
  if (phraseAt(ON, words, 0) > 0 || /^[\s\-_*"'(]*\d/.test(text)) return true;
  if (/^[\s\-_*]*\p{L}{2,14}[.,]{0,2}\s?\d/u.test(text) || /^\p{L}{1,14}[.,]{1,2}\s?\p{L}{0,12}\.?\s?\d/u.test(text))
    return true;
  return /^["'\p{L}][^<>]{0,60}["']?\s?[<(]?[^\s<>]{1,80}@[^\s<>]{1,80}[>)]?[\s,:;]/u.test(text);
}
