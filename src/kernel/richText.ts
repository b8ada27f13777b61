import { Parser } from 'htmlparser2';

/** A stretch of text in one style. */
export interface Run {
  text: string;
  bold?: boolean;
  italic?: boolean;
  underline?: boolean;
  strike?: boolean;
  code?: boolean;
  /** sub or superscript */
  shift?: 'SUB' | 'SUP';
  /** where a link leads to */
  href?: string;
}

/** What stands on lines of its own. */
export interface Block {
  kind: 'TEXT' | 'HEADING' | 'CODE' | 'RULE' | 'ROW';
  /** how many lists and quotations it stands in */
  indent: number;
  /** in front of the first block of a list item: "•", "3." */
  marker: string | null;
  /** of a quotation */
  quoted: boolean;
  /** of all but rows of tables */
  runs: Run[];
  /** of a row of a table */
  cells: Run[][];
}

const BLOCKS = new Set([
  'p',
  'div',
  'li',
  'ul',
  'ol',
  'blockquote',
  'pre',
  'h1',
  'h2',
  'h3',
  'h4',
  'table',
  'tr',
  'hr',
]);
const STYLES: Record<string, Omit<Run, 'text'>> = {
  b: { bold: true },
  strong: { bold: true },
  th: { bold: true },
  i: { italic: true },
  em: { italic: true },
  u: { underline: true },
  s: { strike: true },
  code: { code: true },
  pre: { code: true },
  sub: { shift: 'SUB' },
  sup: { shift: 'SUP' },
};
// deeper than this nobody reads; a hundred thousand nested lists would leave no room for their text
const MAX_INDENT = 6;

/** Safe rich text (kernel/text.ts) as blocks of runs, in their order: what can be written on paper, or as plain text. */
export function blocksOf(html: string): Block[] {
  const blocks: Block[] = [];
  // the styles of all that is open, each with those around it
  const open: Omit<Run, 'text'>[] = [];
  const lists: { ordered: boolean; count: number }[] = [];
  let [quotes, pres, headings] = [0, 0, 0];
  let marker: string | null = null;
  let runs: Run[] = [];
  let cells: Run[][] | null = null;

  const flush = (kind: Block['kind'] = pres > 0 ? 'CODE' : headings > 0 ? 'HEADING' : 'TEXT') => {
    const said = trimmed(runs, pres > 0);
    runs = [];
    if (kind === 'ROW' ? !cells?.some((cell) => cell.length > 0) : kind !== 'RULE' && said.length === 0) return;
    const indent = Math.min(lists.length + quotes, MAX_INDENT);
    blocks.push({ kind, indent, marker, quoted: quotes > 0, runs: said, cells: kind === 'ROW' ? cells! : [] });
    marker = null;
  };
  const write = (text: string) => {
    if (text) runs.push({ text, ...open.at(-1) });
  };
  const parser = new Parser({
    onopentag(name, { href }) {
      // what stands in a cell is one line of text
      if (BLOCKS.has(name) && cells) write(' ');
      else if (BLOCKS.has(name)) flush();
      if (name === 'ul' || name === 'ol') lists.push({ ordered: name === 'ol', count: 0 });
      if (name === 'li') {
        const list = lists.at(-1);
        if (list) list.count += 1;
        marker = list?.ordered ? `${list.count}.` : '•';
      }
      if (name === 'blockquote') quotes += 1;
      if (name === 'pre') pres += 1;
      if (/^h[1-4]$/.test(name)) headings += 1;
      if (name === 'tr') cells = [];
      if (name === 'td' || name === 'th') runs = [];
      if (name === 'br') write('\n');
      if (name === 'hr') flush('RULE');
      open.push({ ...open.at(-1), ...STYLES[name], ...(name === 'a' && href && { href }) });
    },
    ontext(text) {
      write(pres > 0 ? text : text.replace(/[ \t\r\n]+/g, ' '));
    },
    onclosetag(name) {
      if (name === 'td' || name === 'th') {
        cells?.push(trimmed(runs, false));
        runs = [];
      } else if (name === 'tr') {
        flush('ROW');
        cells = null;
      } else if (BLOCKS.has(name) && cells === null) flush();
      if (name === 'ul' || name === 'ol') lists.pop();
      if (name === 'li') marker = null;
      if (name === 'blockquote') quotes -= 1;
      if (name === 'pre') pres -= 1;
      if (/^h[1-4]$/.test(name)) headings -= 1;
      open.pop();
    },
  });
  parser.end(html);
  flush();
  return blocks;
}

/** Runs without the blanks that nobody would see: at both ends, and beside others. */
function trimmed(runs: readonly Run[], asTheyStand: boolean): Run[] {
  const kept: Run[] = [];
  let before = '\n';
  for (const run of runs) {
    const text = asTheyStand || !/\s$/.test(before) ? run.text : run.text.replace(/^ +/, '');
    if (!text) continue;
    kept.push({ ...run, text });
    before = text;
  }
  for (let last = kept.at(-1); last; last = kept.at(-1)) {
    last.text = last.text.replace(/\s+$/, '');
    if (last.text) break;
    kept.pop();
  }
  return kept;
}

/** The same runs with the address of each link behind it, unless that is what it says: for where nobody can click. */
export const withAddresses = (runs: readonly Run[]): Run[] =>
  runs.flatMap((run, n) => {
    const { href } = run;
    const ends = href !== undefined && runs[n + 1]?.href !== href;
    return ends && !saysItself(runs, href) ? [run, { text: ` (${href})` }] : [run];
  });

const textOf = (runs: readonly Run[]): string =>
  withAddresses(runs)
    .map(({ text }) => text)
    .join('');

/** Whether a link says where it leads to. */
const saysItself = (runs: readonly Run[], href: string): boolean => {
  const said = runs.filter((run) => run.href === href).map(({ text }) => text);
  return said.join('').trim() === href.replace(/^mailto:/, '');
};

/** Safe rich text as it is written out: a line for each block, numbers and points of lists, and where links lead to. */
export const writtenText = (html: string): string =>
  blocksOf(html)
    .map(({ kind, indent, marker, runs, cells }) => {
      const inner = kind === 'RULE' ? '---' : kind === 'ROW' ? cells.map(textOf).join(' | ') : textOf(runs);
      const behind = '  '.repeat(marker ? indent - 1 : indent);
      return `${behind}${marker ? `${marker} ` : ''}${inner}`.replaceAll('\n', `\n${behind}`);
    })
    .join('\n');
