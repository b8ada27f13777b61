import { Project } from '../directory/directory.graph.ts';
import { builder } from '../graph/builder.ts';
import { Item } from '../item/item.graph.ts';
import { ItemFilterRef, ItemOrderRef } from '../item/itemInput.graph.ts';
import { linkToItem, linkToQrCode } from './export.links.ts';
import type { EXPORT_FORMATS } from './list.export.ts';
import { exportUrl } from './list.input.ts';

const ExportFormatRef = builder.enumType('ExportFormat', {
  description: 'What kind of file a list is written to.',
  values: {
    CSV: {
      description:
        'Comma-separated values (RFC 4180) in UTF-8 with a byte order mark, lines ended by CRLF: spreadsheets open it. What they would take for a formula has an apostrophe in front. At most 1,000,000 items.',
    },
    PDF: { description: 'A table on paper, as wide as the columns need. At most 100,000 items.' },
  } satisfies Record<(typeof EXPORT_FORMATS)[number], object>,
});

builder.objectField(Project, 'itemsExportUrl', (t) =>
  t.string({
    description:
      'A link to a file of a list of items of this project, good for you and for LINK_TTL (15 minutes). The file is made when it is fetched, ' +
      'with your rights of that moment: of tools that you are not ADMIN of, private items are not in it. It has each item once, in the order ' +
      'at that moment. Times are in the time zone of the project. BAD_USER_INPUT when the link would be longer than 8,000 characters: save a view.',
    args: {
      format: t.arg({ type: ExportFormatRef, required: true, description: 'CSV or PDF.' }),
      filter: t.arg({
        type: ItemFilterRef,
        description: 'Which items; all that you see and that are not archived if left out.',
      }),
      orderBy: t.arg({ type: [ItemOrderRef], description: 'Up to 3 keys; newest first if left out.' }),
      columns: t.arg.stringList({
        description:
          'What to show of them, at most 50, each once: names of ItemField and ItemOrderField, `customField:<id>`; anything else is BAD_USER_INPUT. ' +
          'Left out or empty: NUMBER, GENERIC_TOOL, TITLE, STATUS, ASSIGNEES, RECEIVED_FROM, DUE_DATE, CREATED_AT.',
      }),
    },
    resolve: ({ id }, args, context) => exportUrl(context, id, args),
  }),
);

builder.objectFields(Item, (t) => ({
  pdfUrl: t.string({
    description:
      'A link to the item as a PDF, with what you see of it: its visible fields as the fieldset has them, and its responses. Good for you and for LINK_TTL (15 minutes), as long as you see it.',
    resolve: ({ id }, _args, context) => linkToItem(context, id),
  }),
  qrCodeUrl: t.string({
    description:
      "A link to a QR code of the item's web address, as SVG; with `?format=png` behind it as PNG. The address is that of Company.itemUrlTemplate, or without one that of the gateway's GraphiQL with a query for it. Good for you and for LINK_TTL (15 minutes), as long as you see the item.",
    resolve: ({ id }, _args, context) => linkToQrCode(context, id),
  }),
}));
