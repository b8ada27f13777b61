import { type Block, blocksOf, type Run, withAddresses } from '../../kernel/richText.ts';
import type { FaceName } from './face.ts';
import { type Line, linesOf, type Span } from './lines.ts';
import { GREY, INK, LEADING, type Paper } from './paper.ts';
import { spread, writeRow } from './rows.ts';

const SIZE = 9;
const INDENT = 14;
const BETWEEN = 4;
const LINK = '#1a5fb4';
const BAR = '#c8ccd2';

const faceOf = ({ bold, italic, code }: Run): FaceName =>
  code ? 'mono' : bold ? (italic ? 'boldItalic' : 'bold') : italic ? 'italic' : 'regular';

function spansOf(paper: Paper, runs: readonly Run[], size: number, color: string, forced?: FaceName): Span[] {
  return withAddresses(runs).map((run) => {
    const shifted = run.shift ? size * 0.7 : size;
    return {
      ...paper.span(run.text, run.code ? shifted * 0.9 : shifted, forced ?? faceOf(run), run.href ? LINK : color),
      ...(run.shift && { rise: run.shift === 'SUP' ? size * 0.3 : -size * 0.15 }),
      ...((run.underline || run.href) && { underline: true }),
      ...(run.strike && { strike: true }),
      ...(run.href && { href: run.href }),
    };
  });
}

/** Writes safe rich text: paragraphs, headings, lists, quotations, code and tables; links as text with their address behind. */
export async function writeRichText(paper: Paper, html: string, left = 0): Promise<void> {
  let before: Block | null = null;
  for (const block of blocksOf(html)) {
    if (before && stands(before) !== stands(block)) paper.y += BETWEEN;
    write(paper, block, left);
    before = block;
    await paper.breathe();
  }
}

/** What a block is part of: lists and tables have some room around them. */
const stands = ({ kind, indent }: Block): string => (kind === 'ROW' ? 'table' : indent > 0 ? 'list' : 'text');

function write(paper: Paper, block: Block, left: number): void {
  const { kind, marker, quoted, runs, cells } = block;
  const indent = left + block.indent * INDENT;
  const color = quoted ? GREY : INK;
  if (kind === 'RULE') {
    paper.room(BETWEEN * 3);
    paper.y += BETWEEN;
    paper.rule();
    paper.y += BETWEEN * 2;
    return;
  }
  if (kind === 'ROW') {
    writeTableRow(paper, cells, indent);
    return;
  }
  const heading = kind === 'HEADING';
  const size = heading ? SIZE + 1.5 : SIZE;
  if (heading) paper.room(size * LEADING * 3);
  const lines = linesOf(spansOf(paper, runs, size, color, heading ? 'bold' : undefined), paper.width - indent);
  for (const [n, line] of lines.entries()) {
    const height = line.size * LEADING;
    paper.room(height);
    if (n === 0 && marker) {
      const [mark] = linesOf([paper.span(marker, SIZE, 'regular', color)], INDENT * 3);
      paper.line(mark!, paper.left + indent - mark!.width - 4, paper.y, mark!.width);
    }
    if (quoted) paper.fill(paper.left + indent - 7, paper.y, 1.5, height, BAR);
    paper.line(line, paper.left + indent, paper.y, paper.width - indent);
    paper.y += height;
  }
  paper.y += marker ? BETWEEN / 2 : BETWEEN;
}

/** A row of a table in columns of one width, with lines around. */
function writeTableRow(paper: Paper, cells: readonly (readonly Run[])[], indent: number): void {
  const columns = spread(
    cells.map(() => 1),
    paper.width - indent,
  ).map(({ x, width }) => ({ x: x + indent, width }));
  const lines: Line[][] = cells.map((runs, n) =>
    linesOf(spansOf(paper, runs, SIZE - 1, INK), Math.max(SIZE, columns[n]!.width - 6)),
  );
  writeRow(paper, columns, lines);
  paper.rule();
  paper.y += 1;
}
