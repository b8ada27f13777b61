import { REPLY_MARKER } from '../kernel/replyMarker.ts';
import { isBlank, type Lines, linesOf } from './lines.policy.ts';
import { AUTHOR, FORWARD, type Parts, partsOf, QUOTE, SIGNATURE, TAIL } from './part.policy.ts';
import { isForwardSubject } from './separator.policy.ts';
import { type SignatureExtent, signatureFrom } from './signature.policy.ts';
import { visibleTextOf } from './visible.policy.ts';

/** What counts as hidden, and what is known of a mail beside its text. */
export interface SplitOptions {
  /** which signatures are hidden; KEEP shows all, though they are still named. ALL, unless told */
  signatures?: SignatureExtent | 'KEEP';
  /** whether mails that were passed on are hidden; shown unless told, for they are why the mail was sent */
  hideForwards?: boolean;
  /**
   * Which quotations are hidden. CONTEXT, unless told: all but those that answers stand between. TRAILING: those that nothing of the
   * author's follows. ALL, or NONE.
   */
  quotes?: 'CONTEXT' | 'TRAILING' | 'ALL' | 'NONE';
  /** the name of who wrote it, as the mail has it */
  sender?: string;
  /** its subject: "FW: ..." makes the mail below the author's own words one that was passed on */
  subject?: string;
  /** whether its lines are to be joined again: Content-Type "format=flowed", and DelSp=yes */
  flowed?: boolean;
  delSp?: boolean;
}

/** A stretch of a mail's text. The fragments one after the other are the whole text. */
export interface Fragment {
  content: string;
  isHidden: boolean;
  isSignature: boolean;
  isQuoted: boolean;
  isForwarded: boolean;
}

export interface Split {
  fragments: Fragment[];
  /** what is not hidden, line breaks as "\n" */
  visibleText: string;
}

/** A mail's plain text, decoded, as what its author wrote and what stands around that. Nothing is left out, only hidden. */
export const splitReply = (text: string, options: SplitOptions = {}): Split => splitLines(linesOf(text), options);

/** The same of lines of which something is known already: containers of HTML, as MARKS. */
export function splitLines(lines: Lines, options: SplitOptions, marks?: Uint8Array): Split {
  const isForward = isForwardSubject(options.subject ?? '');
  const parts = partsOf(lines, { marker: REPLY_MARKER, isForward, ...(marks && { marks }) });
  disown(lines, parts);
  sign(lines, parts, options);
  const pieces = piecesOf(lines, parts);
  const isHidden = hide(pieces, options, marks !== undefined);
  const fragments = pieces.map((piece, n) => fragmentOf(lines.text, piece, isHidden(piece, n)));
  return { fragments, visibleText: visibleTextOf(fragments, options) };
}

const fragmentOf = (text: string, { from, to, kind }: Piece, isHidden: boolean): Fragment => ({
  content: text.slice(from, to),
  isHidden,
  isSignature: kind === SIGNATURE,
  isQuoted: kind === QUOTE || kind === TAIL,
  isForwarded: kind === FORWARD,
});

interface Piece {
  from: number;
  to: number;
  kind: number;
  /** whether something is seen in it */
  isSeen: boolean;
  /** a quotation below a line that says whose it is */
  isAttributed: boolean;
  lineCount: number;
}

/** Lines of one kind that stand together. */
function piecesOf({ text, count, start, ...lines }: Lines, { kinds, cuts, intros }: Parts): Piece[] {
  const pieces: Piece[] = [];
  for (let line = 0; line < count; line += 1) {
    const kind = kinds[line]!;
    const cut = cuts.get(line);
    const from = cut ?? start[line]!;
    let last = pieces.at(-1);
    if (cut !== undefined) {
      if (last?.kind === AUTHOR) last.to = cut;
      else pieces.push({ from: start[line]!, to: cut, kind: AUTHOR, isSeen: true, isAttributed: false, lineCount: 1 });
      if (last) last.isSeen = true;
      last = undefined;
    }
    if (last?.kind !== kind) {
      last = { from, to: from, kind, isSeen: false, isAttributed: false, lineCount: 0 };
      pieces.push(last);
    }
    last.to = start[line + 1]!;
    last.isAttributed ||= intros.has(line);
    if (lines.first[line]! < lines.end[line]!) {
      last.isSeen = true;
      last.lineCount += 1;
    }
  }
  return pieces.filter(({ from, to }) => to > from);
}

/** What is in a container for signatures is none if the author says nothing else: some write their answer into it. */
function disown(lines: Lines, { kinds }: Parts): void {
  if (!kinds.includes(SIGNATURE)) return;
  for (let line = 0; line < lines.count; line += 1) if (kinds[line] === AUTHOR && !isBlank(lines, line)) return;
  for (let line = 0; line < lines.count; line += 1) if (kinds[line] === SIGNATURE) kinds[line] = AUTHOR;
}

/** Finds the signatures of each stretch of the author's lines. */
function sign(lines: Lines, { kinds, cuts }: Parts, { signatures = 'ALL', sender = '' }: SplitOptions): void {
  const extent = signatures === 'KEEP' ? 'ALL' : signatures;
  const stretches: { from: number; to: number }[] = [];
  for (let line = 0; line < lines.count; line += 1) {
    if (kinds[line] !== AUTHOR || isBlank(lines, line)) continue;
    const last = stretches.at(-1);
    if (last && endOfStretch(kinds, last.to, line)) last.to = line + 1;
    else stretches.push({ from: line, to: line + 1 });
  }
  // from the last one up: a signature above another's quotation ends the mail if only signatures follow
  let isLast = true;
  for (const [n, { from, to }] of [...stretches.entries()].reverse()) {
    const begin = signatureFrom(lines, { from, to, isFollowing: n > 0, isLast }, extent, sender);
    if (begin < to) kinds.fill(SIGNATURE, begin, nextOther(kinds, to));
    if (begin > from) isLast = false;
  }
  // what stands before a quotation in the same line is no signature of a line of its own
  for (const line of cuts.keys()) if (kinds[line] === SIGNATURE) cuts.delete(line);
}

/** Whether all between two of the author's lines is the author's too. */
function endOfStretch(kinds: Uint8Array, from: number, to: number): boolean {
  for (let line = from; line < to; line += 1) if (kinds[line] !== AUTHOR) return false;
  return true;
}

function nextOther(kinds: Uint8Array, from: number): number {
  let line = from;
  while (line < kinds.length && kinds[line] === AUTHOR) line += 1;
  return line;
}

/** Which pieces are hidden. */
function hide(pieces: readonly Piece[], options: SplitOptions, isHtml: boolean): (piece: Piece, n: number) => boolean {
  const { signatures = 'ALL', hideForwards = false, quotes = 'CONTEXT' } = options;
  let [lastWord, quotations] = [-1, 0];
  for (const [n, { kind, isSeen }] of pieces.entries()) {
    if (!isSeen) continue;
    if (kind === AUTHOR || (kind === FORWARD && !hideForwards)) lastWord = n;
    if (kind === QUOTE) quotations += 1;
  }
  return ({ kind, isAttributed, lineCount }, n) => {
    if (kind === SIGNATURE) return signatures !== 'KEEP';
    if (kind === FORWARD) return hideForwards;
    if (kind === TAIL) return quotes !== 'NONE';
    if (kind !== QUOTE || quotes === 'NONE') return false;
    if (n > lastWord) return true;
    // a line that the author marked in the midst of their own text is no quotation of a mail
    const isOwn = !isAttributed && n > 0;
    if (quotes === 'ALL') return isHtml || !isOwn || lineCount > 1 || quotations > 1;
    if (quotes === 'TRAILING') return false;
    return quotations === 1 && !isOwn;
  };
}
