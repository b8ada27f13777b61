import { linesOf } from './lines.ts';
import { createPaper, GREY, INK, type Paper } from './paper.ts';
import { writePicture } from './pictures.ts';
import { writeRichText } from './richPdf.ts';
import { spread, writeRow } from './rows.ts';

/** A field as it is shown, under its label. */
export interface PrintedField {
  label: string;
  text: string;
}

/** An attachment, as it is shown; `picture` reads an image that may be shown too. */
export interface PrintedAttachment {
  name: string;
  detail: string;
  picture: (() => Promise<Buffer | null>) | null;
}

/** One answer, as it is shown. */
export interface PrintedResponse {
  position: number;
  author: string;
  time: string;
  official: boolean;
  status: string;
  notes: string;
  attachments: readonly PrintedAttachment[];
}

/** An item to be written. */
export interface ItemToPrint {
  number: string;
  title: string;
  /** the tool, the project, and what else says where it belongs */
  place: string;
  status: string;
  /** "Private", "Archived" */
  marks: readonly string[];
  /** who made it when, and what became of it */
  story: string;
  sections: readonly { name: string | null; fields: readonly PrintedField[] }[];
  /** safe HTML; null where it is hidden or empty */
  description: string | null;
  attachments: readonly PrintedAttachment[];
  /** in the chunks that they come in */
  responses: AsyncIterable<readonly PrintedResponse[]>;
  footer: string;
  createdAt: Date;
}

const A4: [number, number] = [595.28, 841.89];
const LABELS = 0.28;

/** An item as a PDF, in the chunks that it is made in. */
export async function* itemPdf(item: ItemToPrint): AsyncGenerator<Uint8Array> {
  const { number, title, footer, createdAt } = item;
  const running = (page: Paper) => {
    const [line, more] = linesOf([page.span(`${number}  ${title}`, 8, 'regular', GREY)], page.width - 20);
    page.line(line!, page.left, page.y, page.width);
    if (more) page.line(linesOf([page.span('…', 8, 'regular', GREY)], 20)[0]!, page.left + line!.width + 2, page.y, 20);
    page.y += 10;
    page.y += 8;
  };
  const paper = createPaper({ size: A4, title: `${number} ${title}`, footer, createdAt, onPage: running });
  paper.text([paper.span(item.place, 9, 'regular', GREY)]);
  paper.y += 2;
  paper.text([paper.span(number, 16, 'bold')]);
  if (title) paper.text([paper.span(title, 13)]);
  paper.y += 4;
  paper.text([paper.span([item.status, ...item.marks].join('  ·  '), 9, 'bold')]);
  paper.text([paper.span(item.story, 8, 'regular', GREY)]);
  paper.y += 8;
  for (const { name, fields } of item.sections) {
    if (name !== null) heading(paper, name);
    writeFields(paper, fields);
    paper.y += 6;
  }
  if (item.description) {
    heading(paper, 'Description');
    await writeRichText(paper, item.description);
  }
  if (item.attachments.length > 0) heading(paper, 'Attachments');
  yield* writeAttachments(paper, item.attachments, 0);
  yield paper.take();
  let count = 0;
  for await (const responses of item.responses) {
    if (count === 0 && responses.length > 0) heading(paper, 'Responses');
    for (const response of responses) {
      await writeResponse(paper, response);
      yield* writeAttachments(paper, response.attachments, 12);
      paper.y += 6;
    }
    count += responses.length;
    yield paper.take();
  }
  if (paper.lacking()) {
    paper.y += 10;
    paper.text([
      paper.span('Characters that the font of this file does not have are shown as boxes.', 7, 'italic', GREY),
    ]);
  }
  yield paper.end();
}

function heading(paper: Paper, text: string): void {
  paper.room(48);
  paper.y += 8;
  paper.text([paper.span(text, 11, 'bold')]);
  paper.y += 2;
  paper.rule();
  paper.y += 5;
}

function writeFields(paper: Paper, fields: readonly PrintedField[]): void {
  const columns = spread([LABELS, 1 - LABELS], paper.width);
  for (const { label, text } of fields) {
    const cells = [
      linesOf([paper.span(label, 8, 'regular', GREY)], columns[0]!.width - 6),
      linesOf([paper.span(text || '–', 8, 'regular', text ? INK : GREY)], columns[1]!.width - 6),
    ];
    writeRow(paper, columns, cells);
    paper.rule('#e6e6e6');
  }
}

async function writeResponse(paper: Paper, response: PrintedResponse): Promise<void> {
  const { position, author, time, official, status, notes } = response;
  paper.room(44);
  paper.text([
    paper.span(`${position}. ${author}`, 9, 'bold'),
    paper.span(`   ${[time, ...(official ? ['Official'] : []), status].join('  ·  ')}`, 8, 'regular', GREY),
  ]);
  paper.y += 2;
  await writeRichText(paper, notes, 12);
}

/** Names of attachments and, below theirs, those that are images; one is held at a time. */
async function* writeAttachments(
  paper: Paper,
  attachments: readonly PrintedAttachment[],
  indent: number,
): AsyncGenerator<Uint8Array> {
  for (const { name, detail, picture } of attachments) {
    paper.room(24);
    paper.text([paper.span(name, 9), paper.span(`   ${detail}`, 8, 'regular', GREY)], { indent });
    const bytes = await picture?.();
    if (bytes) {
      writePicture(paper, bytes, indent);
      yield paper.take();
    }
    paper.y += 3;
  }
}
