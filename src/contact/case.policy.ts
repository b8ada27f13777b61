import { sortKey } from '../kernel/text.ts';

/** What words are looked for in: title and type, without case and accents. */
export const caseSearchKey = (title: string, typeName: string | null): string =>
  sortKey([title, typeName].filter(Boolean).join('\n'));
