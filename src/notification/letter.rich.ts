import { cut } from '../kernel/cut.ts';
import { type Markup, markup } from '../kernel/markup.ts';
import { type Block, blocksOf, type Run } from '../kernel/richText.ts';
import { cleanLines } from '../kernel/text.ts';
import { STYLE } from './letter.style.ts';

/** Rich text as a letter shows it, and whether all of it is there. */
export interface ShownText {
  html: Markup;
  whole: boolean;
}

/** Where a link of a person leads to, if a mail may have it: http and https alone. */
export function webLink(address: string): string | null {
  const url = URL.parse(address);
  return url && ['http:', 'https:'].includes(url.protocol) && !url.username && !url.password ? url.href : null;
}

const STYLES: [keyof Run, string][] = [
  ['bold', 'font-weight:600'],
  ['italic', 'font-style:italic'],
  ['underline', 'text-decoration:underline'],
  ['strike', 'text-decoration:line-through'],
  ['code', 'font-family:Consolas,Menlo,monospace'],
];

/** One stretch of text: nothing of how it was written down goes on, only what it says and how it looks. */
function runMarkup(run: Run): Markup {
  const lines = cleanLines(run.text).split('\n');
  const text = lines.map((line, n) => (n === 0 ? markup`${line}` : markup`<br>${line}`));
  const styles = STYLES.flatMap(([name, style]) => (run[name] ? [style] : []));
  const styled = styles.length > 0 ? markup`<span style="${styles.join(';')}">${text}</span>` : markup`${text}`;
  const shifted =
    run.shift === 'SUB' ? markup`<sub>${styled}</sub>` : run.shift === 'SUP' ? markup`<sup>${styled}</sup>` : styled;
  const address = run.href && webLink(run.href);
  return address ? markup`<a class="link" style="${STYLE.link}" href="${address}">${shifted}</a>` : shifted;
}

const rowMarkup = ({ cells }: Block): Markup =>
  markup`<tr>${cells.map(
    (cell) =>
      markup`<td class="line" dir="auto" valign="top" style="border:1px solid #d9dfe7;padding:4px 8px">${cell.map(runMarkup)}</td>`,
  )}</tr>`;

const MARGIN = 'margin:0 0 8px 0';
const INDENT = 22;
// what points and numbers of lists take of it
const MARKER = 18;

function blockMarkup({ kind, indent, marker, quoted, runs }: Block): Markup {
  const shift = indent > 0 ? `;padding-inline-start:${indent * INDENT}px` : '';
  const border = quoted ? ';border-inline-start:3px solid #9fb3c8' : '';
  if (kind === 'RULE') return markup`<div class="line" style="${STYLE.line};${MARGIN}"></div>`;
  const hang = marker ? `;text-indent:-${MARKER}px` : '';
  const look = kind === 'HEADING' ? ';font-weight:600' : kind === 'CODE' ? ';white-space:pre-wrap' : '';
  const point =
    marker && markup`<span style="display:inline-block;min-width:${MARKER}px;text-indent:0">${marker}</span>`;
  return markup`<div dir="auto" style="${MARGIN}${shift}${border}${hang}${look}">${point}${runs.map(runMarkup)}</div>`;
}

/**
 * Safe rich text as HTML for mail, made anew from what it says: elements and attributes are ours alone. Blocks, and stretches of them,
 * are shown as long as they fit into `room` bytes.
 */
export function richMarkup(html: string, room: number): ShownText {
  const shown: Markup[] = [];
  let rows: Markup[] = [];
  let left = room;
  const take = (piece: Markup): boolean => {
    left -= Buffer.byteLength(piece.html);
    return left >= 0;
  };
  const endTable = () => {
    if (rows.length > 0)
      shown.push(
        markup`<table cellspacing="0" cellpadding="0" style="border-collapse:collapse;${MARGIN}">${rows}</table>`,
      );
    rows = [];
  };
  for (const block of blocksOf(html)) {
    const piece = block.kind === 'ROW' ? rowMarkup(block) : blockMarkup(block);
    if (!take(piece)) {
      endTable();
      left += Buffer.byteLength(piece.html);
      if (block.kind !== 'ROW') shown.push(blockMarkup({ ...block, runs: fitting(block.runs, left) }));
      return { html: markup`${shown}`, whole: false };
    }
    if (block.kind === 'ROW') rows.push(piece);
    else {
      endTable();
      shown.push(piece);
    }
  }
  endTable();
  return { html: markup`${shown}`, whole: true };
}

// of one character: &quot;
const MOST_BYTES = 6;

/** The stretches at the beginning of a block that fit into so many bytes. */
function fitting(runs: readonly Run[], room: number): Run[] {
  let left = room;
  const fit: Run[] = [];
  for (const run of runs) {
    const bytes = Buffer.byteLength(runMarkup(run).html);
    if (bytes > left) return [...fit, { ...run, text: cut(run.text, Math.max(1, Math.floor(left / MOST_BYTES))) }];
    left -= bytes;
    fit.push(run);
  }
  return fit;
}
