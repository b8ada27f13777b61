import { MAX_NAME } from '../kernel/input.ts';

// a hundred files at once is a set of drawings; more that nobody attaches to anything is a mistake, or mischief
export const MAX_OPEN_UPLOADS = 100;
/** How long a PUT may begin after createUpload (domain.md 2, Attachment). */
export const UPLOAD_TTL_MS = 15 * 60_000;
/** After how long a file goes that is attached to nothing: never attached, or taken off since. Copies made meanwhile are whole. */
export const UNUSED_MS = 24 * 3_600_000;

// controls, halves of letters, and the marks that turn or hide text: "invoice\u202Efdp.exe" must not look like a PDF
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFF]/gu;

/** The name of a file as it is kept: the last part of a path, without what nobody sees. Empty when nothing is left. */
export function fileNameOf(given: string): string {
  const last = given.normalize('NFC').replace(UNSEEN, '').split(/[/\\]/).at(-1)!;
  const name = last.replace(/\s+/g, ' ').trim();
  return /^\.*$/.test(name) ? '' : name;
}

/** Why a name is too long, or null. File systems count bytes: 255 of them is what most take. */
export const isLongName = (name: string): boolean => Buffer.byteLength(name) > MAX_NAME;

// what Windows takes for something else in the name of a file
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/**
 * Names for the files of a folder on whatever system: each once, whatever its case, with " (2)" before the extension of the second
 * one; nothing that leads out of the folder or is no name on Windows.
 */
export function namesInFolder(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const safe = (fileNameOf(name) || 'file')
      .replace(/[<>:"|?*]/g, '_')
      .replace(RESERVED, '_$1')
      .replace(/[. ]+$/, (end) => '_'.repeat(end.length));
    const [, stem, extension] = /^(.+?)(\.[^.]*)?$/.exec(safe)!;
    let free = safe;
    for (let n = 2; taken.has(free.toLowerCase()); n += 1) free = `${stem} (${n})${extension ?? ''}`;
    taken.add(free.toLowerCase());
    return free;
  });
}

/** A Content-Disposition that has a browser save what it gets, under that name (RFC 6266, RFC 8187). */
export function dispositionOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^ -~]|["\\%]/g, '_');
  const exact = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"${plain === name ? '' : `; filename*=UTF-8''${exact}`}`;
}

/** A part of a file, both ends included. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * The part that a Range header asks for: null for the whole file (no header, several ranges, another unit, or nothing that makes
 * sense: RFC 9110 14.2 lets a server pass over those), 'UNSATISFIABLE' when it lies behind the end.
 */
export function rangeOf(header: string | null, size: number): ByteRange | null | 'UNSATISFIABLE' {
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return null;
  if (from === '')
    return Number(to) === 0 || size === 0 ? 'UNSATISFIABLE' : { start: Math.max(0, size - Number(to)), end: size - 1 };
  const [start, end] = [Number(from), to === '' ? size - 1 : Math.min(Number(to), size - 1)];
  if (to !== '' && Number(to) < start) return null;
  return start < size ? { start, end } : 'UNSATISFIABLE';
}
