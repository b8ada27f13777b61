import { type AttachmentRow, attachmentOfSeen, attachmentsOfResponse } from '../attachment/attachment.queries.ts';
import { headersOf } from '../attachment/download.ts';
import { companyById, projectNamed, userById } from '../directory/directory.queries.ts';
import type { Context } from '../graph/context.ts';
import { addressOf } from '../item/item.address.ts';
import { type ItemRow, itemById } from '../item/item.queries.ts';
import { toGlobalId } from '../kernel/ids.ts';
import { momentsIn } from '../kernel/moment.ts';
import { listResponses, type ResponseRow } from '../response/response.queries.ts';
import { statusNamed } from '../tool/status.queries.ts';
import { toolNamed } from '../tool/tool.queries.ts';
import { answerFile, type FileToMake, sorry } from './answer.ts';
import { fileName } from './fileName.ts';
import { shownFields } from './item.fields.ts';
import { type ItemToPrint, itemPdf, type PrintedAttachment, type PrintedResponse } from './pdf/itemPdf.ts';
import { qrCode } from './qr.ts';

/** An item as a PDF, for who sees it at this moment; null for everybody else. */
export const exportItem = (context: Context, request: Request, itemId: string): Promise<Response | null> =>
  answerFile(context, request, async (): Promise<FileToMake | null> => {
    const item = await context.loads.load(itemById, itemId);
    if (!item) return null;
    const printed = await printedItem(context, item);
    return {
      name: fileName([item.number], 'pdf'),
      contentType: 'application/pdf',
      make: () => itemPdf(printed),
    };
  });

/** The QR code of an item's web address, as SVG or PNG, for who sees it at this moment; null for everybody else. */
export async function exportQrCode(context: Context, itemId: string, format: string | null): Promise<Response | null> {
  const { loads, world } = context;
  const item = await loads.load(itemById, itemId);
  if (!item) return null;
  const wanted = (format ?? 'svg').toLowerCase();
  if (wanted !== 'svg' && wanted !== 'png') return sorry(400, 'format: svg or png.');
  const { itemUrlTemplate } = await loads.the(companyById, item.companyId);
  const address = addressOf(itemUrlTemplate, world.links.publicUrl, toGlobalId('Item', item.id));
  const { contentType, bytes } = await qrCode(address, wanted === 'png' ? 'PNG' : 'SVG');
  return new Response(new Uint8Array(bytes), { headers: headersOf(fileName([item.number], wanted), contentType) });
}

/** What an item shows on paper: the fields that its fieldset has visible, in its order and under its headings. */
async function printedItem(context: Context, item: ItemRow): Promise<ItemToPrint> {
  const { loads, viewer, world } = context;
  const [project, tool, status, creator] = await Promise.all([
    loads.the(projectNamed, item.projectId),
    loads.the(toolNamed, item.genericToolId),
    loads.the(statusNamed, item.statusId),
    loads.the(userById, item.createdById),
  ]);
  const { fields, headings, isVisible } = await shownFields(context, item, project);
  const within = (id: string | null) => fields.filter(({ sectionId }) => sectionId === id);
  const moment = momentsIn(project.timeZone);
  const now = world.clock.now();
  const pictures = { left: MOST_PICTURES };
  const happened = [
    ['Created', item.createdAt],
    ['Issued', item.issuedAt],
    ['Closed', item.closedAt],
    ['Archived', item.archivedAt],
  ].flatMap(([word, time]) =>
    time ? [`${word} ${moment(time)}${word === 'Created' ? ` by ${creator.name}` : ''}`] : [],
  );
  return {
    number: item.number,
    title: item.title,
    place: [tool.title, project.number ? `${project.name} (${project.number})` : project.name].join('  ·  '),
    status: status.name,
    marks: [...(item.private ? ['Private'] : []), ...(item.archivedAt ? ['Archived'] : [])],
    story: happened.join('  ·  '),
    sections: [
      { name: null, fields: within(null) },
      ...headings.map(({ id, name }) => ({ name, fields: within(id) })),
    ].filter((section) => section.fields.length > 0),
    description: isVisible('DESCRIPTION') ? item.description : null,
    attachments: isVisible('ATTACHMENTS')
      ? (await loads.loadAll(attachmentOfSeen, item.attachmentIds)).map((row) =>
          printedAttachment(context, row, pictures),
        )
      : [],
    responses: printedResponses(context, item, moment, pictures),
    footer: `Made for ${viewer.name} on ${moment(now)} (${project.timeZone})`,
    createdAt: now,
  };
}

const PAGE = 100;

/** The responses that the reader sees, a page of them at a time. */
async function* printedResponses(
  context: Context,
  item: ItemRow,
  moment: (time: string) => string,
  pictures: Pictures,
): AsyncGenerator<PrintedResponse[]> {
  for (let after: string | null = null; ; ) {
    const page = await listResponses(context, item, { first: PAGE, after });
    yield Promise.all(page.edges.map(({ node }) => printedResponse(context, node, moment, pictures)));
    if (!(await page.pageInfo.hasNextPage)) return;
    after = page.pageInfo.endCursor;
  }
}

async function printedResponse(
  context: Context,
  { id, position, official, notes, createdAt, createdById, statusId }: ResponseRow,
  moment: (time: string) => string,
  pictures: Pictures,
): Promise<PrintedResponse> {
  const { loads } = context;
  const [author, status, rows] = await Promise.all([
    loads.the(userById, createdById),
    loads.the(statusNamed, statusId),
    loads.load(attachmentsOfResponse, id),
  ]);
  const attachments = (rows ?? []).map((row) => printedAttachment(context, row, pictures));
  return { position, official, notes, author: author.name, time: moment(createdAt), status: status.name, attachments };
}

/** How many images a file may still show. */
interface Pictures {
  left: number;
}
// a page or two of photographs; each is held while it is written, and one of a camera has some 5 MB
const MOST_PICTURES = 20;
const MAX_PICTURE = 10_000_000;

function printedAttachment(
  { world: { storage, log } }: Context,
  { name, kind, fileId, size, contentType, url }: AttachmentRow,
  pictures: Pictures,
): PrintedAttachment {
  const detail = fileId
    ? `${sizeInWords(size!)}, ${contentType}`
    : [kind.toLowerCase().replaceAll('_', ' '), url].filter(Boolean).join(': ');
  const isPicture = fileId && ['image/png', 'image/jpeg'].includes(contentType!) && size! <= MAX_PICTURE;
  if (!isPicture) return { name, detail, picture: null };
  return {
    name,
    detail,
    async picture() {
      if (pictures.left === 0) return null;
      pictures.left -= 1;
      try {
        const parts: Uint8Array[] = [];
        for await (const part of await storage.read(fileId)) parts.push(part);
        return Buffer.concat(parts);
      } catch (error) {
        // the file has its name, and the rest of the item is worth having
        log.warn({ err: error, fileId }, 'a picture of an item could not be read');
        return null;
      }
    },
  };
}

const sizeInWords = (bytes: number): string =>
  bytes < 1_000
    ? `${bytes} B`
    : bytes < 1_000_000
      ? `${Math.round(bytes / 1_000)} kB`
      : `${(bytes / 1_000_000).toFixed(1)} MB`;
