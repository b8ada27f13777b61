import { createRequire } from 'node:module';
import type PDFDocument from 'pdfkit';
import { runsLeft, visualOrder } from './bidi.ts';

const FILES = {
  regular: 'DejaVuSansCondensed.ttf',
  bold: 'DejaVuSansCondensed-Bold.ttf',
  italic: 'DejaVuSansCondensed-Oblique.ttf',
  boldItalic: 'DejaVuSansCondensed-BoldOblique.ttf',
  mono: 'DejaVuSansMono.ttf',
};
export type FaceName = keyof typeof FILES;

/** A font as pdfkit embeds it: only the glyphs that were used go into the file. */
interface EmbeddedFont {
  id: string;
  scale: number;
  ascender: number;
  font: { glyphForCodePoint(code: number): { id: number; advanceWidth: number } };
  subset: { includeGlyph(id: number): number };
  widths: number[];
  unicode: number[][];
  ref(): unknown;
  widthOfString(text: string, size: number): number;
}

/** pdfkit's document with those of its parts that its types leave out. */
export type Document = InstanceType<typeof PDFDocument> & {
  _font: EmbeddedFont;
  page: { fonts: Record<string, unknown>; xobjects: Record<string, unknown> };
  addContent(operators: string): void;
  openImage(bytes: Buffer): { width: number; height: number; orientation?: number };
};

/** One face of the type that files are set in. */
export interface Face {
  id: string;
  /** from the top of a line of this size to where its letters stand */
  ascent(size: number): number;
  widthOf(text: string, size: number): number;
  /** writes one line; x and y are its top left corner */
  write(text: string, x: number, y: number, size: number, color: string): void;
  /** a text as the operators of a page name its glyphs */
  encode(text: string): string;
  ref(): unknown;
}

// letters that change with their neighbours, or stand above others: the font has to set them
const SHAPED = /[\u0300-\u036F\u0590-\u08FF\u0900-\u109F\u1780-\u17FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;

const files = createRequire(import.meta.url);

/**
 * The faces of a document, each opened when it is first used. Most texts are written glyph by glyph here: set by the font, with
 * kerning and ligatures that nobody misses in a table, 100,000 rows took 110 s instead of 5. What the font has no glyph for is shown
 * as a box; `lacking` says whether there was any.
 */
export function createFaces(document: Document) {
  const faces = new Map<FaceName, Face>();
  let lacking = false;

  function open(name: FaceName): Face {
    const path = files.resolve(`dejavu-fonts-ttf/ttf/${FILES[name]}`);
    document.font(path);
    const font = document._font;
    const glyphs = new Map<number, { code: string; width: number }>();
    const glyphOf = (point: number) => {
      const known = glyphs.get(point);
      if (known) return known;
      const { id, advanceWidth } = font.font.glyphForCodePoint(point);
      if (id === 0) lacking = true;
      const subsetId = font.subset.includeGlyph(id);
      font.widths[subsetId] ??= advanceWidth * font.scale;
      font.unicode[subsetId] ??= [point];
      const glyph = { code: subsetId.toString(16).padStart(4, '0'), width: advanceWidth * font.scale };
      glyphs.set(point, glyph);
      return glyph;
    };
    const encode = (text: string): string => {
      let codes = '';
      for (const letter of text) codes += glyphOf(letter.codePointAt(0)!).code;
      return `<${codes}>`;
    };
    const widthOf = (text: string, size: number): number => {
      if (SHAPED.test(text)) {
        for (const letter of text) lacking ||= font.font.glyphForCodePoint(letter.codePointAt(0)!).id === 0;
        return font.widthOfString(text, size);
      }
      let width = 0;
      for (const letter of text) width += glyphOf(letter.codePointAt(0)!).width;
      return (width * size) / 1000;
    };
    const ascent = (size: number) => (font.ascender * size) / 1000;
    const shaped = (text: string, x: number, y: number, size: number, color: string) => {
      let left = x;
      document.save().font(path).fontSize(size).fillColor(color);
      for (const word of runsLeft(text) ? visualOrder(text) : [text]) {
        document.text(word, left, y, { lineBreak: false });
        left += font.widthOfString(word, size);
      }
      document.restore();
    };
    const face: Face = {
      id: font.id,
      ascent,
      widthOf,
      encode,
      ref: () => font.ref(),
      write(text, x, y, size, color) {
        if (!text) return;
        if (SHAPED.test(text)) {
          shaped(text, x, y, size, color);
          return;
        }
        document.page.fonts[font.id] ??= font.ref();
        const matrix = `1 0 0 -1 ${round(x)} ${round(y + ascent(size))} Tm`;
        document.addContent(`BT /${font.id} ${size} Tf ${operand(color)} rg ${matrix} ${encode(text)} Tj ET`);
      },
    };
    faces.set(name, face);
    return face;
  }
  return {
    of: (name: FaceName): Face => faces.get(name) ?? open(name),
    lacking: () => lacking,
  };
}

export const round = (length: number): number => Math.round(length * 100) / 100;

/** "#336699" as PDF writes it. */
export const operand = (color: string): string =>
  [1, 3, 5].map((place) => round(Number.parseInt(color.slice(place, place + 2), 16) / 255)).join(' ');
