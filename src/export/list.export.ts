import { type ProjectRow, projectById } from '../directory/directory.queries.ts';
import type { Context } from '../graph/context.ts';
import type { InputReader } from '../graph/readInput.ts';
import type { ItemFilterInput } from '../item/item.filter.ts';
import type { ItemOrderInput } from '../item/item.order.ts';
import { momentsIn } from '../kernel/moment.ts';
import { answerFile, type FileToMake, sorry } from './answer.ts';
import { columnsNamed, type Table, tableOf } from './column.queries.ts';
import { csvOf } from './csv.ts';
import { type Chosen, chooseItems, type ListArgs, readChosen } from './export.queries.ts';
import { fileName } from './fileName.ts';
import { filterInWords } from './filterWords.ts';
import { listPdf } from './pdf/listPdf.ts';

export const EXPORT_FORMATS = ['CSV', 'PDF'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A list that somebody wants as a file: filter and order as JSON, as they were given to the graph once. */
export interface WantedList {
  projectId: string;
  format: ExportFormat;
  filter: unknown;
  orderBy: unknown;
  columns: readonly string[];
  /** of the view that it is, if it is one */
  name: string | null;
}

// nobody reads so many pages (3,000); and a spreadsheet has a million rows
const MOST: Record<ExportFormat, number> = { PDF: 100_000, CSV: 1_000_000 };

/**
 * The file of a list, made for its reader with their rights of this moment; null when they do not see the project. A filter or an order
 * that cannot be read any more is told, and never passed over: the list would have what it was meant to leave out.
 */
export const exportList = (
  context: Context,
  request: Request,
  read: InputReader,
  wanted: WantedList,
): Promise<Response | null> => answerFile(context, request, () => prepare(context, read, wanted));

async function prepare(context: Context, read: InputReader, wanted: WantedList): Promise<FileToMake | Response | null> {
  const project = await context.loads.load(projectById, wanted.projectId);
  if (!project) return null;
  const { format } = wanted;
  const most = MOST[format];
  let args: ListArgs;
  let chosen: Chosen;
  try {
    args = {
      filter: read('ItemFilter', wanted.filter, 'filter') as ItemFilterInput,
      orderBy: orderIn(read, wanted.orderBy),
    };
    chosen = await chooseItems(context, project.id, args, most + 1);
  } catch (error) {
    const { message, extensions } = error as Error & { extensions?: { code?: unknown } };
    if (extensions?.code !== 'BAD_USER_INPUT') throw error;
    return sorry(409, `This list cannot be made any more: its filter or order no longer makes sense. ${message}`);
  }
  if (chosen.count > most)
    return sorry(
      409,
      `This list has more than ${most} items, which is the most of a ${format}; narrow it down by a filter.`,
    );
  const table = await tableWanted(context, project, wanted.columns);
  const name = fileName([project.name, wanted.name ?? 'Items'], format.toLowerCase());
  const rows = () => rowsOf(context, chosen, table);
  if (format === 'CSV') {
    const labels = table.labels.map((label, n) => (table.moments[n] ? `${label} (${project.timeZone})` : label));
    return { name, contentType: 'text/csv; header=present', make: () => csvOf(labels, rows()) };
  }
  const said = await filterInWords(context, args.filter);
  return {
    name,
    contentType: 'application/pdf',
    make: () => pdfOf(context, project, table, wanted.name, said, rows()),
  };
}

/** The columns that were wanted, without what is gone since; if nothing is left, those that a list has by default. */
async function tableWanted(context: Context, project: ProjectRow, keys: readonly string[]): Promise<Table> {
  const { columns } = await columnsNamed(context, keys);
  return tableOf(context, project, columns.length > 0 ? columns : (await columnsNamed(context, null)).columns);
}

const orderIn = (read: InputReader, orderBy: unknown): ItemOrderInput[] =>
  (Array.isArray(orderBy) ? orderBy : []).map((key, n) => read('ItemOrder', key, `orderBy.${n}`) as ItemOrderInput);

async function* rowsOf(context: Context, chosen: Chosen, table: Table): AsyncGenerator<string[][]> {
  for await (const items of readChosen(context, chosen, table.fields)) yield table.texts(items);
}

function pdfOf(
  { viewer, world }: Context,
  project: ProjectRow,
  table: Table,
  view: string | null,
  filter: string,
  rows: AsyncGenerator<string[][]>,
): AsyncGenerator<Uint8Array> {
  const now = world.clock.now();
  const footer = `Made for ${viewer.name} on ${momentsIn(project.timeZone)(now)} (${project.timeZone})`;
  const title = `${project.name}: ${view ?? 'Items'}`;
  const { labels, widths } = table;
  return listPdf({ title, subtitle: filter, footer, createdAt: now, labels, widths, rows });
}
