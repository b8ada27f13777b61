import { hasAddress, hasClock, hasDate } from './evidence.policy.ts';
import { isBlank, type Lines, lengthOf, shown } from './lines.policy.ts';
import { listed } from './phrase.policy.ts';

// "From", "Sent", "To" and the like, each as its kinds in all languages: one word may be the sender here and a copy there
const KINDS = ['from', 'sent', 'to', 'cc', 'subject', 'also'] as const;
const [FROM, SENT, TO, CC, ALSO] = [1, 2, 4, 8, 32];
const LABELS: ReadonlyMap<string, number> = KINDS.reduce((labels, kind, n) => {
  for (const label of listed(kind)) {
    const key = label.normalize('NFC').toLowerCase();
    labels.set(key, (labels.get(key) ?? 0) | (1 << n));
  }
  return labels;
}, new Map<string, number>());

// "*Von:* Ann Lee": bold, as plain text has it
const LABEL = /^[>|\s]*[*_]{0,2}([^:\uFF1A*_<>@|]{1,32}?)[*_]{0,2}\s{0,8}[:\uFF1A](?![/\\])[*_]{0,2}\s*/u;
const LONGEST_LABEL = 44;
// lines of one block: eleven labels, and what they go on with
const MOST_LINES = 40;
// recipients may take many lines, but nobody's own words follow a label over more than these
const MOST_CONTINUED = 6;

interface Label {
  kinds: number;
  value: string;
}

/** The label that a line begins with and what stands behind it, where the label is one of mails in some language. */
export function labelOf(line: string): Label | null {
  const match = LABEL.exec(line);
  if (!match) return null;
  const kinds = LABELS.get(match[1]!.trim().normalize('NFC').toLowerCase());
  return kinds ? { kinds, value: line.slice(match[0].length) } : null;
}

/** Whether a line can begin with a label: cheap, and asked of every line. */
export function mayBeLabel({ text, first, end }: Lines, line: number): boolean {
  const to = Math.min(end[line]!, first[line]! + LONGEST_LABEL);
  for (let at = first[line]!; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 58 || code === 0xff1a) return true;
  }
  return false;
}

/** A block of such lines: whether it is the head of a mail, the line after it, and whether the hour of the mail is in it. */
export interface Headers {
  isHead: boolean;
  next: number;
  hasClock: boolean;
}

/**
 * The block of labels that begins with a line: three kinds of them make the head of a mail if an hour or an address is among them, four if a
 * day is, two if both are, or if a rule stands above. People write "To:" and "From:" themselves, so the labels alone are not enough.
 */
export function headersAt(lines: Lines, line: number, isUnderRule: boolean): Headers {
  let [kinds, count, dated, clocked, addressed] = [0, 0, false, false, false];
  let [at, last, continued, blanks, current, isBare] = [line, line, 0, 0, 0, false];
  if (isInOneLine(shown(lines, line))) return { isHead: true, next: line + 1, hasClock: true };
  const until = Math.min(lines.count, line + MOST_LINES);
  for (; at < until; at += 1) {
    if (isBlank(lines, at)) {
      // one empty line may stand between labels; two end them
      blanks += 1;
      if (blanks > 1) break;
      continue;
    }
    const said = shown(lines, at);
    const label = mayBeLabel(lines, at) ? labelOf(said) : null;
    if (label) {
      // a label of several kinds is the one that was not there yet
      const fresh = label.kinds & ~kinds & ~ALSO;
      if (fresh) {
        kinds |= fresh & -fresh;
        count += 1;
      }
      current = label.kinds;
      continued = 0;
      // its value stands in the next line
      isBare = label.value === '';
    } else {
      // after an empty line only another label goes on
      if (blanks > 0 || continued === MOST_CONTINUED) break;
      continued += 1;
      if (!isBare && !goesOn(lines, at, said, current)) break;
      isBare = false;
    }
    blanks = 0;
    last = at;
    const value = label ? label.value : said;
    if (current & (FROM | TO | CC)) addressed ||= hasAddress(value);
    if (current & SENT) {
      dated ||= hasDate(value);
      clocked ||= hasClock(value);
    }
  }
  const isMail = (kinds & (FROM | SENT | TO)) !== 0;
  const isHead =
    isMail &&
    ((count >= 3 && (clocked || addressed)) ||
      (count >= 4 && dated) ||
      (count >= 2 && dated && clocked && addressed) ||
      (count >= 2 && isUnderRule && (dated || addressed)));
  return { isHead, next: last + 1, hasClock: clocked };
}

/** "From: ann@site.example Sent: 5 May 2025 10:00 To: ...": a head whose lines were joined. */
function isInOneLine(said: string): boolean {
  if (((labelOf(said)?.kinds ?? 0) & FROM) === 0 || !hasAddress(said) || !hasClock(said) || !hasDate(said))
    return false;
  return said.split(/\s(?=[^\s:]{1,16}\s?:\s)/).some((piece) => ((labelOf(piece)?.kinds ?? 0) & SENT) !== 0);
}

/** Whether a line goes on with the label above it: more recipients, or the rest of a long line. */
function goesOn(lines: Lines, line: number, said: string, kinds: number): boolean {
  if (lines.text.charCodeAt(lines.first[line]! - 1) <= 32 && lines.first[line]! > lines.start[line]!) return true;
  if (kinds & (TO | CC)) return hasAddress(said) || said.endsWith(';');
  return lengthOf(lines, line - 1) >= LONG;
}
// lines that programs break are longer than this
const LONG = 60;
