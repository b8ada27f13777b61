import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isRaw, type Raw } from './raw.policy.ts';
import type { Report } from './report.ts';

/** A file with a page of a list: its path below the folder, and its size. */
export interface Page {
  file: string;
  bytes: number;
}

/** One record of a file. */
export interface Source {
  file: string;
  raw: Raw;
}

const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes((error as { code?: string }).code ?? '');

/** What is in a folder; nothing when there is no such folder. */
const entriesIn = (folder: string): Promise<Dirent[]> =>
  readdir(folder, { withFileTypes: true }).catch((error) => {
    if (isMissing(error)) return [];
    throw error;
  });

/** The pages of a list: NAME.json, then NAME-1.json, NAME-2.json, ... by their numbers. */
export async function pagesOf(folder: string, directory: string, name: string): Promise<Page[]> {
  const numbers = (await entriesIn(join(folder, directory))).flatMap(({ name: file }) => {
    if (file === `${name}.json`) return [{ file, n: -1 }];
    const n = file.startsWith(`${name}-`) ? /^(\d{1,9})\.json$/.exec(file.slice(name.length + 1))?.[1] : undefined;
    return n === undefined ? [] : [{ file, n: Number(n) }];
  });
  const files = numbers.sort((a, b) => a.n - b.n).map(({ file }) => join(directory, file));
  return Promise.all(files.map(async (file) => ({ file, bytes: (await stat(join(folder, file))).size })));
}

/** The folders in a folder, by name as people count. */
export async function foldersIn(folder: string, directory: string): Promise<string[]> {
  const entries = await entriesIn(join(folder, directory));
  return entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** The records of a page: a list, or an object whose `data` is one. What is none is told in the report; the page is then empty. */
export async function recordsOf(folder: string, { file }: Pick<Page, 'file'>, report: Report): Promise<Source[]> {
  const fail = (reason: string): Source[] => {
    report.unread.push({ file, reason });
    return [];
  };
  let json: unknown;
  try {
    json = JSON.parse((await readFile(join(folder, file), 'utf8')).replace(/^\uFEFF/, ''));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return fail(`no JSON: ${error.message}`);
  }
  const list = isRaw(json) ? json.data : json;
  if (!Array.isArray(list)) return fail('neither a list nor an object with a list "data"');
  const wrong = list.findIndex((entry) => !isRaw(entry));
  if (wrong >= 0) return fail(`entry ${wrong + 1} is no object: ${JSON.stringify(list[wrong]).slice(0, 60)}`);
  return list.map((raw: Raw) => ({ file, raw }));
}

/** All records of a list, page by page. */
export async function* pages(
  folder: string,
  directory: string,
  name: string,
  report: Report,
): AsyncGenerator<Source[]> {
  for (const page of await pagesOf(folder, directory, name)) yield recordsOf(folder, page, report);
}
