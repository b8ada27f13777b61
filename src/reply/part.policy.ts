import { attributionAt } from './attribution.policy.ts';
import { headersAt, labelOf, mayBeLabel } from './header.policy.ts';
import { firstCode, isBlank, type Lines, lastCode, lengthOf, nextSeen, shown } from './lines.policy.ts';
import { isDash, isRule, separatorOf } from './separator.policy.ts';

/** What a line of a mail is: a part of its text. */
export const AUTHOR = 0;
/** marked as quotation, or the line above that says whose words they are */
export const QUOTE = 1;
/** all that follows words such as "Original Message", not marked line by line */
export const TAIL = 2;
export const FORWARD = 3;
export const SIGNATURE = 4;

/** What containers of HTML say of a line, before its words are looked at. */
export const MARKS = { NONE: 0, QUOTE: 1, INTRO: 2, TAIL: 3, FORWARD: 4, SIGNATURE: 5, PLAIN: 6 } as const;

/** A mail's lines with what each is, and where a quotation begins in the midst of a line. */
export interface Parts {
  kinds: Uint8Array;
  cuts: Map<number, number>;
  /** lines that say whose the quotation below them is */
  intros: Set<number>;
}

/** What is known of a mail's lines beforehand. */
export interface Known {
  marker: string;
  isForward: boolean;
  marks?: Uint8Array;
}

// nothing that programs add begins with less: "De:"
const LEAST = 3;
// "x--- On 5/6/24, Al wrote:"
const LEAST_WITHIN = 20;
// "as you like On Mon, 5 May": in the midst of a line, behind words
const DAY_WITHIN = /(?<=[\p{L}.!?)]) (?:On|Am|Le|El|Il|Op|Den|Em) (?=\p{Lu}?\p{L}{2,9}[.,]{1,2} ?\p{L}{0,9}\.? ?\d)/u;
const GREATER = [62, 0xff1e];

/** The parts of a mail, its signatures not yet looked for. One pass; what is asked about a line looks at a bounded number of others. */
export function partsOf(lines: Lines, { marker, isForward, marks }: Known): Parts {
  const kinds = new Uint8Array(lines.count);
  const parts: Parts = { kinds, cuts: new Map(), intros: new Set() };
  const markOf = (line: number): number => marks?.[line] ?? MARKS.NONE;
  const quoted = (line: number): boolean =>
    markOf(line) === MARKS.QUOTE || markOf(line) === MARKS.PLAIN || GREATER.includes(firstCode(lines, line));
  // no head of a mail begins before this line
  let noHeadBefore = 0;
  let isSaid = false;

  const fill = (from: number, to: number, kind: number) => kinds.fill(kind, from, to);
  /** What follows a line that begins a quotation: the marked lines if there are, or all. The line to go on with. */
  const opened = (line: number, next: number, isSure: boolean, kind = TAIL): number | null => {
    const from = seenAfter(lines, next);
    const begin = withRulesAbove(lines, line, kinds);
    const isQuoted = from < lines.count && quoted(from);
    if (isQuoted || isSure) keepOwn(begin - 1);
    if (isQuoted && kind !== FORWARD) {
      fill(begin, from, QUOTE);
      for (let at = begin; at < from; at += 1) parts.intros.add(at);
      return from;
    }
    if (isQuoted) {
      let to = from;
      while (to < lines.count && (quoted(to) || isBlank(lines, to))) to += 1;
      fill(begin, to, FORWARD);
      return to;
    }
    if (!isSure) return null;
    fill(begin, lines.count, kind);
    return lines.count;
  };

  /** A blockquote right above a quotation that is named as one, and that is not named itself, is the author's own. */
  const keepOwn = (last: number) => {
    const isOwn = (line: number) => kinds[line] === QUOTE && (markOf(line) === MARKS.PLAIN || isBlank(lines, line));
    let from = last;
    while (from >= 0 && (isOwn(from) || (kinds[from] === AUTHOR && isBlank(lines, from)))) from -= 1;
    if (from < 0 || kinds[from] !== QUOTE) fill(from + 1, last + 1, AUTHOR);
  };

  for (let line = 0; line < lines.count; ) {
    if (isBlank(lines, line)) {
      kinds[line] = line > 0 ? kinds[line - 1]! : AUTHOR;
      line += 1;
      continue;
    }
    const mark = markOf(line);
    if (mark === MARKS.QUOTE && kinds[Math.max(0, line - 1)] !== QUOTE) {
      // some programs put what they pass on into a quotation
      if (separatorOf(shown(lines, line), marker) === 'FORWARDED') {
        let to = line;
        while (to < lines.count && (markOf(to) === MARKS.QUOTE || isBlank(lines, to))) to += 1;
        fill(line, to, FORWARD);
        line = to;
        continue;
      }
    }
    if (quoted(line)) {
      kinds[line] = QUOTE;
      line += 1;
      continue;
    }
    if (mark === MARKS.SIGNATURE) {
      kinds[line] = SIGNATURE;
      line += 1;
      continue;
    }
    if (mark === MARKS.FORWARD) {
      kinds[line] = FORWARD;
      line += 1;
      continue;
    }
    if (mark === MARKS.TAIL && separatorOf(shown(lines, line), marker) !== 'FORWARDED') {
      fill(withRulesAbove(lines, line, kinds), lines.count, isForward ? FORWARD : TAIL);
      break;
    }
    const begun = beginning(line);
    if (begun !== null) {
      line = begun;
      continue;
    }
    if (isWrapped(lines, line, kinds, quoted)) kinds[line] = QUOTE;
    else isSaid = true;
    line += 1;
  }
  return parts;

  /** Where to go on if a quotation or a forwarded mail begins with this line; null if none does. */
  function beginning(line: number): number | null {
    if (lengthOf(lines, line) < LEAST && markOf(line) === MARKS.NONE) return null;
    const code = firstCode(lines, line);
    const last = lastCode(lines, line);
    if (isDash(code) || last === 58 || last === 0xff1a) {
      const separator = separatorOf(shown(lines, line), marker);
      if (separator === 'MARKER') return opened(line, line + 1, true);
      if (separator === 'FORWARDED') return opened(line, afterHead(line + 1), true, FORWARD);
      if (separator === 'ANSWERED') return opened(line, afterHead(line + 1), true, isForward ? FORWARD : TAIL);
    }
    if (line >= noHeadBefore && mayBeLabel(lines, line) && labelOf(shown(lines, line))) {
      const head = headersAt(lines, line, isUnderRule(lines, line));
      // at the top of a mail it may be a memo, whose author has no reason to write the hour
      if (head.isHead && (isSaid || head.hasClock || isForward))
        return opened(line, head.next, true, isForward ? FORWARD : TAIL);
      noHeadBefore = head.isHead ? line + 1 : head.next;
    }
    if (markOf(line) === MARKS.INTRO) {
      let to = line;
      while (to < lines.count && (markOf(to) === MARKS.INTRO || isBlank(lines, to))) to += 1;
      const done = opened(line, to, true);
      if (done !== null) return done;
    }
    const inLine = last === 58 || last === 45 ? within(line) : null;
    if (inLine !== null) return inLine;
    const attribution = attributionAt(lines, line, quoted);
    return attribution && opened(line, afterHead(attribution.next), attribution.isSure);
  }

  /** "as you like--- On 5 May 2024, Ann wrote:": an attribution behind dashes, in the author's own line. */
  function within(line: number): number | null {
    if (lengthOf(lines, line) < LEAST_WITHIN || lengthOf(lines, line) > 600 || isDash(firstCode(lines, line)))
      return null;
    const said = lines.text.slice(lines.first[line]!, lines.end[line]!);
    const dashes = said.indexOf('---', 1);
    const offset = dashes > 0 ? dashes : (DAY_WITHIN.exec(said)?.index ?? -1) + 1;
    if (offset <= 0) return null;
    const at = lines.first[line]! + offset;
    const attribution = attributionAt(lines, line, quoted, at);
    if (!attribution?.isSure || attribution.next !== line + 1) return null;
    const done = opened(line, attribution.next, true);
    if (done !== null) parts.cuts.set(line, at);
    return done;
  }

  /** The line after the head of a mail that begins with the next line that is not blank, if there is one. */
  function afterHead(next: number): number {
    const from = seenAfter(lines, next);
    if (from >= lines.count || quoted(from) || !mayBeLabel(lines, from)) return next;
    const head = headersAt(lines, from, true);
    return head.isHead ? head.next : next;
  }
}

// so many empty lines may stand between a line and what it speaks of; more are looked at once only, by whoever comes first
const MOST_BLANK = 8;

function seenAfter(lines: Lines, line: number): number {
  const to = Math.min(lines.count, line + MOST_BLANK);
  let at = line;
  while (at < to && isBlank(lines, at)) at += 1;
  return at < to ? at : nextSeen(lines, at);
}

/** The rules and empty lines above a line are of what begins with it: a mail program has drawn them. */
function withRulesAbove(lines: Lines, line: number, kinds: Uint8Array): number {
  let begin = line;
  for (let at = line - 1, looked = 0; at >= 0 && looked < 4 && kinds[at] === AUTHOR; at -= 1, looked += 1) {
    if (isBlank(lines, at)) continue;
    if (!isDash(firstCode(lines, at)) || !isRule(shown(lines, at), 5)) break;
    begin = at;
  }
  return begin;
}

/** Whether the line above, or the one above an empty line, is a rule. */
function isUnderRule(lines: Lines, line: number): boolean {
  for (let at = line - 1; at >= 0 && at >= line - 2; at -= 1) {
    if (!isBlank(lines, at)) return isDash(firstCode(lines, at)) && isRule(shown(lines, at), 5);
  }
  return false;
}

/** Whether a line between two marked ones is the rest of the first, which was broken for its length: an address without spaces, a few words. */
function isWrapped(lines: Lines, line: number, kinds: Uint8Array, quoted: (line: number) => boolean): boolean {
  if (line === 0 || kinds[line - 1] !== QUOTE || isBlank(lines, line - 1)) return false;
  if (line + 1 >= lines.count || isBlank(lines, line + 1) || !quoted(line + 1)) return false;
  const [above, said] = [shown(lines, line - 1), shown(lines, line)];
  if (/https?:\/\/\S*$/.test(above) && !said.includes(' ')) return true;
  if (/^[(<[]https?:\/\/\S{1,400}[)>\]]?\s?>?$/.test(said)) return true;
  return (
    lengthOf(lines, line - 1) >= 70 && !/[.?!:;,)]$/.test(above) && /^\p{Ll}/u.test(said) && said.split(' ').length <= 3
  );
}
