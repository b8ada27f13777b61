import { foldedWords, listed, type Phrases, phraseAt, phrasesOf } from './phrase.policy.ts';

/** What a line says of all that follows: it was answered, passed on, or is below the line above which one was asked to write. */
export type Separator = 'ANSWERED' | 'FORWARDED' | 'MARKER';

const ORIGINAL = phrasesOf(listed('original'));
const FORWARDED = phrasesOf(listed('forwarded'));
// what programs write has its accents: to compare it as it stands costs a tenth of folding it, and is asked of every line with a colon
const ORIGINALS = new Set(listed('original').map(lowered));
const FORWARDEDS = new Set(listed('forwarded').map(lowered));
// how the line goes that other systems put into their mails, wherever they put it; ours is REPLY_MARKER
const ABOVE =
  /above this line|au[- ]dessus de cette ligne|oberhalb dieser (?:linie|zeile)|über dieser (?:linie|zeile)|boven deze (?:regel|lijn)|encima de esta línea|sopra questa (?:riga|linea)|acima desta linha|ovanför den här raden|(?:ovanfor|over) denne linje|nad tą linią|powyżej tej linii|nad tento řádek|выше этой строки|над этой линией|tämän rivin yläpuolelle|この(?:行|線)より上|在此[行線]以上/;
const LEAST_ABOVE = 12;
// the shortest between dashes has two letters and two dashes at each side
const LEAST = 6;

// a line of its own that mail programs draw: "-----", "_____", "=====", "* * *"
const RULE = /^[-_=*~#+\u2010-\u2015\u2500-\u257F.](?:[-_=*~#+\u2010-\u2015\u2500-\u257F. ])*$/;
const DECORATED = /^[>\s]*[-_=*~#+\u2010-\u2015\u2500-\u257F]{2}/;
const LONGEST = 120;
const AROUND: ReadonlySet<number> = new Set([...'<>:.\uFF1A'].map((mark) => mark.charCodeAt(0)));
const DASHES: ReadonlySet<number> = new Set([...'-_=*~#+'].map((dash) => dash.charCodeAt(0)));

/** Whether a line is a rule, and of how many characters at least. */
export const isRule = (line: string, atLeast = 3): boolean => line.length >= atLeast && RULE.test(line);

/** Whether a character can begin a rule, or what stands between dashes. */
export const isDash = (code: number): boolean =>
  DASHES.has(code) || (code >= 0x2010 && code <= 0x2015) || (code >= 0x2500 && code <= 0x257f);

/** A text as phrases are compared with it. */
function lowered(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** What a line that stands between dashes, or ends with a colon, says of what follows. */
export function separatorOf(line: string, marker: string): Separator | null {
  if (line.length > LONGEST || line.length < LEAST) return null;
  if (line.includes(marker)) return 'MARKER';
  const decorated = DECORATED.test(line);
  if (!decorated && !/^[^\d@]*[:\uFF1A]$/.test(line)) return null;
  const said = lowered(undecorated(line));
  if (said === '') return null;
  if (line.length >= LEAST_ABOVE && ABOVE.test(said)) return 'MARKER';
  if (FORWARDEDS.has(said)) return 'FORWARDED';
  if (ORIGINALS.has(said)) return 'ANSWERED';
  if (!decorated) return null;
  // "---- Forwarded by Ann Lee/ACME on 05/06/2024 10:00 ----", "---- Original message from Ann ----"
  const words = foldedWords(said);
  if (beginsWith(FORWARDED, words)) return 'FORWARDED';
  return beginsWith(ORIGINAL, words) ? 'ANSWERED' : null;
}

/** Whether words begin with a phrase of two words or more, or are one. */
const beginsWith = (phrases: Phrases, words: readonly string[]): boolean => {
  const said = phraseAt(phrases, words, 0);
  return said > 1 || (said > 0 && said === words.length);
};

/** What stands between the dashes of a line. */
function undecorated(line: string): string {
  let [from, to] = [0, line.length];
  while (from < to && isDecoration(line.charCodeAt(from))) from += 1;
  while (from < to && isDecoration(line.charCodeAt(to - 1))) to -= 1;
  return line.slice(from, to);
}

const isDecoration = (code: number): boolean => isDash(code) || code <= 32 || AROUND.has(code);

const PASSED_ON =
  /^\s*(?:fwd?|wg|tr|rv|enc|i|doorst|vs|vb|vl|pd|továbbítás|ilt|yml|fs|пересл|转发|轉寄|転送|전달|הועבר|إعادة توجيه)\s*[:\uFF1A]/iu;

/** Whether a subject says that the mail passes another one on. */
export const isForwardSubject = (subject: string): boolean => PASSED_ON.test(subject.slice(0, LONGEST));
