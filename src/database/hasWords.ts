import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { badUserInput } from '../kernel/errors.ts';
import { sortKey } from '../kernel/text.ts';

// more is no question that a person asks
const MAX_WORDS = 10;
const MAX_QUERY = 255;

/**
 * Whether a search key (kernel/text.ts, sortKey) has every word of a query in it, whatever case and accents; everything without words.
 * BAD_USER_INPUT for more than 10 words or 255 characters.
 */
export function hasWords(query: string | null | undefined, column: string): RawBuilder<SqlBool> {
  if ((query?.length ?? 0) > MAX_QUERY)
    throw badUserInput(`query: ${query!.length} characters; at most ${MAX_QUERY} are looked for.`);
  const words = sortKey(query ?? '')
    .split(/\s+/)
    .filter(Boolean);
  if (words.length > MAX_WORDS)
    throw badUserInput(`query: ${words.length} words; at most ${MAX_WORDS} are looked for.`);
  if (words.length === 0) return sql`true`;
  // what no name can hold, the database cannot even be asked for
  if (words.some((word) => word.includes('\0'))) return sql`false`;
  return sql`${sql.ref(column)} like all(${words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`)}::text[])`;
}
