import PDFDocument from 'pdfkit';
import { createFaces, type Document, type Face, type FaceName, operand, round } from './face.ts';
import { type Line, linesOf, type Span, standsRight } from './lines.ts';

export const INK = '#1a1a1a';
export const GREY = '#6b6b6b';
const MARGIN = 36;
const FOOTER = 26;
const SMALL = 7;
// a line is so much higher than its letters
export const LEADING = 1.25;
// what else a process does waits no longer than for this much work
const SPELL_MS = 8;

/** What all pages of a document say. */
export interface PaperOptions {
  /** in points */
  size: [width: number, height: number];
  title: string;
  /** at the foot, before "Page 1 of 7" */
  footer: string;
  createdAt: Date;
  /** draws what stands at the top of each page but the first, and leaves `y` below it */
  onPage?: (paper: Paper) => void;
}

/** A PDF in the making, and where on its page the next thing goes. */
export interface Paper {
  left: number;
  width: number;
  top: number;
  bottom: number;
  y: number;
  document: Document;
  span(text: string, size: number, face?: FaceName, color?: string): Span;
  /** begins a page */
  page(): void;
  /** goes on to the next page unless there is so much room left */
  room(wanted: number): void;
  fill(x: number, y: number, width: number, height: number, color: string): void;
  /** a line across the page */
  rule(color?: string): void;
  /** writes one line into a box of that width */
  line(line: Line, x: number, y: number, boxWidth: number): void;
  /** writes text from `y` on, over as many pages as it takes */
  text(spans: readonly Span[], box?: { indent?: number; width?: number }): void;
  /** what has been written of the file since it was last asked for; lets others work in between */
  take(): Promise<Uint8Array>;
  /** lets others work when we have for long enough */
  breathe(): Promise<void>;
  /** whether something could be shown as a box only */
  lacking(): boolean;
  /** the last of the file; nothing can be written after that */
  end(): Promise<Uint8Array>;
}

/**
 * A PDF that is written page by page: those that are full leave with `take` and are not held. How many there are is known at the end:
 * each page shows a form that is written then.
 */
export function createPaper({ size, title, footer, createdAt, onPage }: PaperOptions): Paper {
  const [width, height] = size;
  const document = new PDFDocument({
    autoFirstPage: false,
    size,
    margin: 0,
    // a word that was set once would be held for ever
    fontLayoutCache: false,
    info: {
      Title: title,
      Creator: 'correspondence-gateway',
      Producer: 'correspondence-gateway',
      CreationDate: createdAt,
    },
    displayTitle: true,
  } as PDFKit.PDFDocumentOptions) as Document;
  const faces = createFaces(document);
  const total = document.ref({ Type: 'XObject', Subtype: 'Form', BBox: [0, -SMALL, 100, SMALL * 2] });
  let pages = 0;
  let spell = performance.now();

  const paper: Paper = {
    left: MARGIN,
    width: width - 2 * MARGIN,
    top: MARGIN,
    bottom: height - MARGIN - FOOTER,
    y: MARGIN,
    document,
    span: (text: string, size: number, face: FaceName = 'regular', color = INK): Span => ({
      // variation selectors choose among glyphs that the font does not have
      text: text.normalize('NFC').replace(/[\uFE00-\uFE0F]/g, ''),
      face: faces.of(face),
      size,
      color,
    }),

    page(): void {
      document.addPage();
      pages += 1;
      paper.y = paper.top;
      const y = height - MARGIN - SMALL;
      const regular = faces.of('regular');
      const page = `Page ${pages} of`;
      const x = width - MARGIN - regular.widthOf(`${page} 9999`, SMALL);
      regular.write(page, x, y, SMALL, GREY);
      document.page.xobjects.Total = total;
      document.addContent(
        `q 1 0 0 -1 ${round(x + regular.widthOf(page, SMALL))} ${round(y + regular.ascent(SMALL))} cm /Total Do Q`,
      );
      const [said] = linesOf([paper.span(footer, SMALL, 'regular', GREY)], x - MARGIN - 20);
      paper.line(said!, MARGIN, y, x - MARGIN - 20);
      if (pages > 1) onPage?.(paper);
    },

    room(wanted: number): void {
      if (paper.y + wanted > paper.bottom) paper.page();
    },

    fill(x: number, y: number, w: number, h: number, color: string): void {
      document.addContent(`q ${operand(color)} rg ${[x, y, w, h].map(round).join(' ')} re f Q`);
    },

    rule(color = '#c8c8c8'): void {
      paper.fill(paper.left, paper.y, paper.width, 0.5, color);
    },

    line(line: Line, x: number, y: number, boxWidth: number): void {
      const right = standsRight(line);
      for (const piece of line.pieces) {
        const left = right ? x + boxWidth - piece.x - piece.width : x + piece.x;
        const top = y + (line.size - piece.size) * 0.9 - (piece.rise ?? 0);
        piece.face.write(piece.text, left, top, piece.size, piece.color);
        const base = top + piece.face.ascent(piece.size);
        if (piece.underline) paper.fill(left, base + piece.size * 0.12, piece.width, piece.size * 0.06, piece.color);
        if (piece.strike) paper.fill(left, base - piece.size * 0.28, piece.width, piece.size * 0.06, piece.color);
        if (piece.href) document.link(left, top, piece.width, piece.size * LEADING, piece.href);
      }
    },

    text(spans: readonly Span[], { indent = 0, width: boxWidth = paper.width - indent } = {}): void {
      for (const line of linesOf(spans, boxWidth)) {
        const lineHeight = line.size * LEADING;
        paper.room(lineHeight);
        paper.line(line, paper.left + indent, paper.y, boxWidth);
        paper.y += lineHeight;
      }
    },

    async take(): Promise<Uint8Array> {
      await paper.breathe();
      const parts: Uint8Array[] = [];
      for (let part = document.read(); part !== null; part = document.read()) parts.push(part as Uint8Array);
      return Buffer.concat(parts);
    },

    async breathe(): Promise<void> {
      if (performance.now() - spell < SPELL_MS) return;
      await new Promise<void>((go) => setImmediate(go));
      spell = performance.now();
    },

    lacking: faces.lacking,

    async end(): Promise<Uint8Array> {
      const regular: Face = faces.of('regular');
      Object.assign(total.data as object, { Resources: { Font: { [regular.id]: regular.ref() } } });
      total.end(Buffer.from(`BT /${regular.id} ${SMALL} Tf ${operand(GREY)} rg ${regular.encode(` ${pages}`)} Tj ET`));
      const ended = new Promise<void>((end) => document.once('end', end));
      const parts: Uint8Array[] = [];
      document.on('data', (part: Uint8Array) => parts.push(part));
      document.end();
      await ended;
      return Buffer.concat(parts);
    },
  };
  paper.page();
  return paper;
}
