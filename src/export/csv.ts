import { stringify } from 'csv-stringify/sync';

// what Excel takes UTF-8 for without it: letters of another century
const BYTE_ORDER_MARK = '\uFEFF';
const NEGATIVE = /^-\d+(\.\d+)?$/;

/** "-5" is a number and no formula, where it is written the same as a number. */
const cell = (text: string): string | number =>
  NEGATIVE.test(text) && String(Number(text)) === text ? Number(text) : text;

const lines = (rows: readonly (readonly string[])[]): string =>
  stringify(
    rows.map((row) => row.map(cell)),
    // a cell that a spreadsheet would work out gets an apostrophe in front: it may come from anybody
    { escape_formulas: true, record_delimiter: 'windows' },
  );

/** Rows as CSV (RFC 4180) in UTF-8, with the labels as first line, in the chunks that they come in. */
export async function* csvOf(
  labels: readonly string[],
  chunks: AsyncIterable<readonly (readonly string[])[]>,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(BYTE_ORDER_MARK + lines([labels]));
  for await (const rows of chunks) if (rows.length > 0) yield Buffer.from(lines(rows));
}
