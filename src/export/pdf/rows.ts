import type { FaceName } from './face.ts';
import { type Line, linesOf } from './lines.ts';
import { INK, LEADING, type Paper } from './paper.ts';

export const SIZE = 8;
export const LINE = SIZE * LEADING;
const PADDING = 3;

/** Where a column of a table stands on the page. */
export interface Column {
  x: number;
  width: number;
}

/** All the width that there is, shared as the columns like it. */
export function spread(widths: readonly number[], available: number): Column[] {
  const scale = available / widths.reduce((sum, width) => sum + width, 0);
  let x = 0;
  return widths.map((width) => {
    const column = { x, width: width * scale };
    x += column.width;
    return column;
  });
}

const inner = ({ width }: Column): number => Math.max(SIZE, width - 2 * PADDING);

/** The cells of a row, broken to the widths of their columns. */
export const cellsOf = (
  paper: Paper,
  columns: readonly Column[],
  texts: readonly string[],
  face: FaceName = 'regular',
  color = INK,
): Line[][] => columns.map((column, n) => linesOf([paper.span(texts[n]!, SIZE, face, color)], inner(column)));

/** How high a row is. */
export const heightOf = (cells: readonly (readonly Line[])[]): number =>
  Math.max(...cells.map(({ length }) => length)) * LINE + 2 * PADDING;

/** Writes a row of a table: on one page, if it is shorter than half of one; a longer one goes on over the next pages. */
export function writeRow(paper: Paper, columns: readonly Column[], cells: readonly (readonly Line[])[]): void {
  const height = heightOf(cells);
  paper.room(height < (paper.bottom - paper.top) / 2 ? height : LINE * 3 + 2 * PADDING);
  const count = Math.max(...cells.map(({ length }) => length));
  for (let done = 0; done < count; ) {
    const fits = Math.max(1, Math.floor((paper.bottom - paper.y - 2 * PADDING) / LINE));
    const next = Math.min(count, done + fits);
    for (const [n, column] of columns.entries()) {
      for (const [place, line] of cells[n]!.slice(done, next).entries())
        paper.line(line, paper.left + column.x + PADDING, paper.y + PADDING + place * LINE, inner(column));
    }
    paper.y += (next - done) * LINE + 2 * PADDING;
    done = next;
    if (done < count) paper.page();
  }
}
