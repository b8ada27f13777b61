import { fileTypeFromBuffer } from 'file-type';

/** As much of the beginning of a file as is looked at: formats in a zip are told by entries that stand some thousand bytes in. */
export const HEAD_BYTES = 65_536;
export const UNKNOWN_TYPE = 'application/octet-stream';

// formats that are text all through, and do nothing by themselves when they are opened
const WRITTEN = new Set(['application/pdf', 'application/rtf']);
// what a browser would run or draw from our origin, were it ever shown there
const ACTIVE = /[/+]xml$|html|svg|javascript|^multipart\//;

/**
 * The type of a file by its first bytes; whoever sent it is not asked. Text that is UTF-8 is text/plain (text/csv by its name), HTML,
 * SVG and scripts too, so that no browser runs them; what cannot be told is application/octet-stream.
 */
export async function contentTypeOf(head: Uint8Array, name: string): Promise<string> {
  // a format that is cut short, or broken on purpose, makes no sense to it
  const found = (await fileTypeFromBuffer(head).catch(() => undefined))?.mime ?? UNKNOWN_TYPE;
  if (isText(head)) {
    // two letters, such as BM, begin a picture as well as a word
    if (WRITTEN.has(found)) return found;
    return /\.csv$/i.test(name) ? 'text/csv' : 'text/plain';
  }
  return ACTIVE.test(found) ? UNKNOWN_TYPE : found;
}

/** Whether bytes are the beginning of a text in UTF-8: whole letters, but perhaps the last where the head ends, and no controls but white space. */
function isText(head: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: head.byteLength >= HEAD_BYTES });
    return text !== '' && !/[^\P{Cc}\t\n\v\f\r]/u.test(text);
  } catch {
    return false;
  }
}
