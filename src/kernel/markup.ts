/** HTML that can be written out as it is: made by `markup` alone. */
export interface Markup {
  readonly html: string;
}

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => SIGNS[sign]!);

/** What can stand in a piece of HTML: text, which is escaped, other HTML, several of them, or nothing. */
export type Part = string | number | Markup | readonly Part[] | null | undefined | false;

const written = (part: Part): string => {
  if (part == null || part === false) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return 'html' in part ? part.html : part.map(written).join('');
};

/** A piece of HTML, written as a template: every text in it is escaped, within elements and within attributes in quotes. */
export const markup = (pieces: TemplateStringsArray, ...parts: Part[]): Markup => ({
  html: pieces.reduce((html, piece, n) => html + written(parts[n - 1]!) + piece),
});
