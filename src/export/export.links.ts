import type { Context } from '../graph/context.ts';
import type { InputReader } from '../graph/readInput.ts';
import { type LinkAnswerer, linkTo } from '../link/link.ts';
import { exportItem, exportQrCode } from './item.export.ts';
import { type ExportFormat, exportList, type WantedList } from './list.export.ts';

/** The kinds of links to what is made of items. */
const LIST = 'items';
const ITEM = 'item';
const QR_CODE = 'qr';

/** What the link to a list says; in short, because it stands in an address. */
interface ListOptions {
  p: string;
  f: ExportFormat;
  q: unknown;
  o: unknown;
  c: readonly string[];
}

/** A link to the file of a list. */
export const linkToList = (context: Context, { projectId, format, filter, orderBy, columns }: WantedList): string =>
  linkTo(context, LIST, { p: projectId, f: format, q: filter, o: orderBy, c: columns } satisfies ListOptions);

/** A link to the PDF of an item. */
export const linkToItem = (context: Context, itemId: string): string => linkTo(context, ITEM, itemId);

/** A link to the QR code of an item. */
export const linkToQrCode = (context: Context, itemId: string): string => linkTo(context, QR_CODE, itemId);

/** Who answers these links. What they say was signed by us; filters and orders in them are read anew. */
export const exportAnswerers = (read: InputReader): Record<string, LinkAnswerer> => ({
  [LIST]: (context, options, request) => {
    const { p, f, q, o, c } = options as ListOptions;
    return exportList(context, request, read, {
      projectId: p,
      format: f,
      filter: q,
      orderBy: o,
      columns: c,
      name: null,
    });
  },
  [ITEM]: (context, itemId, request) => exportItem(context, request, itemId as string),
  [QR_CODE]: (context, itemId, request) =>
    exportQrCode(context, itemId as string, new URL(request.url).searchParams.get('format')),
});
