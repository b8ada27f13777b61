import { readFile } from 'node:fs/promises';

/** A file of the project, by its path from the root. */
export const project = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

export const readme = (): Promise<string> => project('README.md');

/** The code blocks of a text in one language. */
export const blocksOf = (text: string, language: string): string[] =>
  [...text.matchAll(/^```(\w+)\n(.*?)^```/gms)].filter(([, found]) => found === language).map(([, , code]) => code!);

/** The rows of all tables of a text, as cells. */
export const tablesOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
