import { Parser } from 'htmlparser2';

// what stands on lines of its own
const BLOCKS = new Set([
  'p',
  'div',
  'br',
  'li',
  'ul',
  'ol',
  'blockquote',
  'pre',
  'hr',
  'h1',
  'h2',
  'h3',
  'h4',
  'table',
  'tr',
]);

/** Rich text as people read it where there is no formatting: a line for each block, a tab between cells. */
export function plainText(html: string): string {
  let text = '';
  const parser = new Parser({
    ontext: (part) => {
      text += part;
    },
    onopentag: (name) => {
      if (BLOCKS.has(name)) text += '\n';
      else if (name === 'td' || name === 'th') text += '\t';
    },
    onclosetag: (name) => {
      if (BLOCKS.has(name)) text += '\n';
    },
  });
  parser.end(html);
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join('\n');
}
