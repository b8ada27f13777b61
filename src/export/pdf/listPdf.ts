import { linesOf } from './lines.ts';
import { createPaper, GREY, type Paper } from './paper.ts';
import { type Column, cellsOf, heightOf, LINE, SIZE, spread, writeRow } from './rows.ts';

/** A list to be written: what stands above it, its columns, and its rows in the chunks that they come in. */
export interface ListToPrint {
  title: string;
  /** what restricts it, in words; empty for nothing */
  subtitle: string;
  footer: string;
  createdAt: Date;
  labels: readonly string[];
  /** how wide each column likes to be, in points */
  widths: readonly number[];
  rows: AsyncIterable<readonly (readonly string[])[]>;
}

const HEAD = '#eceff3';
const FOLD = '#d4d8de';

/** From A4 to A0, upright only the smallest: a table of very many columns is for a wall. */
const PAPERS: [width: number, height: number][] = [
  [595.28, 841.89],
  [841.89, 595.28],
  [1190.55, 841.89],
  [1683.78, 1190.55],
  [2383.94, 1683.78],
  [3370.39, 2383.94],
];

/** The smallest paper that a table goes on. */
export const paperFor = (widths: readonly number[]): [number, number] => {
  const wanted = widths.reduce((sum, width) => sum + width, 72);
  return PAPERS.find(([width]) => width >= wanted) ?? PAPERS.at(-1)!;
};

/** A list as a PDF, in the chunks that it is made in. */
export async function* listPdf(list: ListToPrint): AsyncGenerator<Uint8Array> {
  const size = paperFor(list.widths);
  const paper = createPaper({ ...list, size, onPage: (page) => heading(page, list, columns) });
  const columns = spread(list.widths, paper.width);
  heading(paper, list, columns);
  let count = 0;
  for await (const rows of list.rows) {
    for (const row of rows) {
      writeRow(paper, columns, cellsOf(paper, columns, row));
      paper.rule(FOLD);
      await paper.breathe();
    }
    count += rows.length;
    yield paper.take();
  }
  paper.room(LINE * 3);
  paper.y += LINE / 2;
  paper.text([paper.span(count === 0 ? 'No items.' : count === 1 ? '1 item.' : `${count} items.`, SIZE, 'bold')]);
  if (paper.lacking())
    paper.text([
      paper.span(
        'Characters that the font of this file does not have are shown as boxes; the CSV has them.',
        SIZE - 1,
        'italic',
        GREY,
      ),
    ]);
  yield paper.end();
}

/** What stands at the top of each page: title and filter, and the labels of the columns. */
function heading(paper: Paper, { title, subtitle, labels }: ListToPrint, columns: readonly Column[]): void {
  paper.text([paper.span(title, 12, 'bold')]);
  if (subtitle) {
    const [first, second, more] = linesOf([paper.span(subtitle, SIZE, 'regular', GREY)], paper.width - 12);
    for (const line of [first, second].filter((one) => one !== undefined)) {
      paper.line(line, paper.left, paper.y, paper.width);
      paper.y += LINE;
    }
    if (more)
      paper.line(
        linesOf([paper.span('…', SIZE, 'regular', GREY)], 12)[0]!,
        paper.left + paper.width - 10,
        paper.y - LINE,
        12,
      );
  }
  paper.y += 5;
  const cells = cellsOf(paper, columns, labels, 'bold');
  paper.fill(paper.left, paper.y, paper.width, heightOf(cells), HEAD);
  writeRow(paper, columns, cells);
}
