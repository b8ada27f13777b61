import { type Container, containerOf } from './container.policy.ts';
import { decoded } from './entity.policy.ts';
import { hasAddress, hasDate } from './evidence.policy.ts';
import { type Attributes, readHtml } from './htmlTokens.policy.ts';
import { MARKS } from './part.policy.ts';

/** HTML as text, one line for what stands on one, with what its containers say of each line, as MARKS. */
export interface HtmlLines {
  text: string;
  marks: Uint8Array;
}

interface Open {
  element: string;
  /** how many of each element are open inside, as far as they are no containers themselves */
  inside: Map<string, number>;
  container: Container | null;
  isPre: boolean;
  /** the first line in it */
  from: number;
  /** for SOFT: the first line of the first quotation inside */
  quoteAt: number;
}

const BLOCKS = new Set(
  'address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section table tbody thead tfoot tr ul caption br'.split(
    ' ',
  ),
);
// these have no end
const VOID = new Set('area base col embed hr img input link meta param source track wbr'.split(' '));
// browsers leave space around these
const SPACED = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote']);
const PRE = /white-space\s?:\s?(?:pre|break-spaces)/i;
// an end tag looks so far down for what it ends; who nests wrongly over more leaves something open
const DEEPEST_LOOK = 64;
// the line above a quotation takes no more
const MOST_OF_INTRO = 6;

/** Reads HTML into lines. One pass, and once more over the lines of each container that is judged by what is in it. */
export function htmlLines(html: string): HtmlLines {
  const lines: string[] = [''];
  const marks: number[] = [MARKS.NONE];
  const stack: Open[] = [];
  // how many containers of each kind are open
  const depth = { quote: 0, plain: 0, soft: 0, intro: 0, forward: 0, signature: 0, pre: 0 };
  let isTail = false;
  // Outlook leaves this where the answer ends; a rule after it means that the quotation begins
  let isArmed = false;

  const markHere = (): number => {
    if (depth.quote > 0) return MARKS.QUOTE;
    if (depth.plain > 0) return MARKS.PLAIN;
    if (isTail) return MARKS.TAIL;
    if (depth.forward > 0) return MARKS.FORWARD;
    if (depth.intro > 0) return MARKS.INTRO;
    return depth.signature > 0 ? MARKS.SIGNATURE : MARKS.NONE;
  };
  // the line that is being written: its pieces, for to look at the end of a text that grows piece by piece is to copy it each time
  let pieces: string[] = [];
  let endsBlank = true;
  let isSeen = false;
  const newLine = () => {
    lines[lines.length - 1] = pieces.join('');
    lines.push('');
    marks.push(MARKS.NONE);
    [pieces, endsBlank, isSeen] = [[], true, false];
  };
  const breakLine = () => {
    if (pieces.length > 0) newLine();
  };
  const space = () => {
    breakLine();
    if (lines.length > 1 && lines.at(-2) !== '') newLine();
  };
  const put = (piece: string) => {
    const said = depth.pre === 0 && endsBlank ? piece.replace(/^ /, '') : piece;
    if (said === '') return;
    pieces.push(said);
    endsBlank = said.endsWith(' ');
    if (isSeen || said.trim() === '') return;
    marks[lines.length - 1] = markHere();
    // a tail begins once; what follows it is of it
    [isSeen, isArmed] = [true, false];
    if (depth.quote === 0) isTail = false;
  };
  const openContainer = (element: string, container: Container | null, isPre: boolean) => {
    breakLine();
    if (container === 'PLAIN') depth.plain += 1;
    if (container === 'QUOTE' || container === 'PLAIN') {
      if (container === 'QUOTE') depth.quote += 1;
      for (let at = stack.length - 1; at >= 0 && at >= stack.length - DEEPEST_LOOK; at -= 1) {
        const outer = stack[at]!;
        if (outer.container === 'SOFT' && outer.quoteAt < 0) outer.quoteAt = lines.length - 1;
      }
    }
    if (container === 'SOFT') depth.soft += 1;
    if (container === 'INTRO') depth.intro += 1;
    if (container === 'FORWARD') depth.forward += 1;
    if (container === 'SIGNATURE') depth.signature += 1;
    if (container === 'TAIL' && depth.quote === 0) isTail = true;
    if (isPre) depth.pre += 1;
    if (element !== 'hr')
      stack.push({ element, inside: new Map(), container, isPre, from: lines.length - 1, quoteAt: -1 });
  };
  /** What a container is where it stands. */
  const settled = (element: string, attributes: Attributes, said: Container | null): Container | null => {
    // what is in one of them, and in no quotation there, is judged with the outer one
    if (said === 'SOFT' && depth.soft > 0) return null;
    // the button of Gmail that quotes makes the same element as its answers, without the container around it
    const isButton = element === 'blockquote' && attributes.class === 'gmail_quote' && depth.soft + depth.quote === 0;
    return isButton && attributes.type === undefined ? 'OWN' : said;
  };
  const closeContainer = ({ container, isPre, from, quoteAt }: Open) => {
    breakLine();
    if (container === 'QUOTE') depth.quote -= 1;
    if (container === 'PLAIN') depth.plain -= 1;
    if (container === 'INTRO') depth.intro -= 1;
    if (container === 'FORWARD') depth.forward -= 1;
    if (container === 'SIGNATURE') depth.signature -= 1;
    if (isPre) depth.pre -= 1;
    const to = lines.length - 1;
    if (container === 'SOFT') {
      depth.soft -= 1;
      settle(marks, lines, from, quoteAt, to);
    }
    if (container === 'HEAD' && isHead(lines, from, to)) {
      let first = from;
      while (lines[first]!.trim() === '') first += 1;
      if (marks[first] === MARKS.NONE) marks[first] = MARKS.TAIL;
    }
  };

  readHtml(html, {
    text(text) {
      const said = decoded(text);
      if (depth.pre === 0) put(said.replace(/[ \t\r\n\f]+/g, ' '));
      else {
        for (const [n, line] of said.split(/\r\n?|\n/).entries()) {
          if (n > 0) newLine();
          put(line);
        }
      }
    },
    open(element, attributes) {
      if (element === 'br') {
        newLine();
        return;
      }
      if (SPACED.has(element) && !/^mso/i.test(attributes.class ?? '')) space();
      else if (BLOCKS.has(element)) breakLine();
      if ((element === 'td' || element === 'th') && pieces.length > 0) put('\t');
      const top = stack.at(-1);
      // a paragraph ends the one before
      if (element === 'p' && top?.element === 'p') close('p');
      if (element === 'hr' && isArmed && depth.quote === 0) isTail = true;
      const container = settled(element, attributes, containerOf(element, attributes));
      const isPre = element === 'pre' || (attributes.style !== undefined && PRE.test(attributes.style));
      if (attributes.id === 'appendonsend') isArmed = true;
      if (container || isPre || element === 'blockquote') openContainer(element, container, isPre);
      else if (!VOID.has(element)) {
        const around = stack.at(-1)?.inside;
        around?.set(element, (around.get(element) ?? 0) + 1);
      }
    },
    close(element) {
      if (BLOCKS.has(element)) breakLine();
      close(element);
    },
  });
  while (stack.length > 0) closeContainer(stack.pop()!);
  lines[lines.length - 1] = pieces.join('');
  return { text: lines.join('\n'), marks: Uint8Array.from(marks) };

  /** What an end tag ends: the innermost container of that element, with all that was left open in it. */
  function close(element: string): void {
    for (let at = stack.length - 1; at >= 0 && at >= stack.length - DEEPEST_LOOK; at -= 1) {
      const { element: opened, inside } = stack[at]!;
      const within = inside.get(element) ?? 0;
      if (within > 0) inside.set(element, within - 1);
      else if (opened !== element) continue;
      if (within === 0) while (stack.length > at) closeContainer(stack.pop()!);
      return;
    }
  }
}

/** In a quotation that may have answers in it: without quotations inside, all of it is one; else what stands above the first says whose it is. */
function settle(marks: number[], lines: readonly string[], from: number, quoteAt: number, to: number): void {
  const until = quoteAt < 0 ? to : quoteAt;
  const isIntro = quoteAt >= 0 && lines.slice(from, until).filter((line) => line.trim() !== '').length <= MOST_OF_INTRO;
  if (quoteAt >= 0 && !isIntro) return;
  for (let line = from; line < until; line += 1) {
    if (marks[line] === MARKS.NONE && lines[line] !== '') marks[line] = quoteAt < 0 ? MARKS.QUOTE : MARKS.INTRO;
  }
}

/** Whether lines under a border are the head of a mail, whatever language its labels are in. */
function isHead(lines: readonly string[], from: number, to: number): boolean {
  const said = lines.slice(from, Math.min(to, from + 12)).filter((line) => line.trim() !== '');
  const labelled = said.filter((line) => /^\s?[^:\uFF1A]{1,32}[:\uFF1A]/.test(line));
  return labelled.length >= 3 && labelled.some((line) => hasAddress(line) || hasDate(line));
}
