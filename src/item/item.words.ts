import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { badUserInput } from '../kernel/errors.ts';
import { textFault } from '../kernel/text.ts';
import { formsOf, wordsOf } from '../kernel/textWords.ts';

// more is no question that a person asks
const MAX_QUERY = 255;
const MAX_WORDS = 10;
// what is written without spaces, and parts of words such as A-101: each is looked up by itself
const MAX_FOLDED = 40;

/** The words to look for; null when nothing was asked, none when nothing of it is a word. Too much is BAD_USER_INPUT. */
export function wordsSought(query: string | null | undefined, path: string): string[] | null {
  const text = query ?? '';
  if (text.length > MAX_QUERY)
    throw badUserInput(`${path}: ${text.length} characters; at most ${MAX_QUERY} are looked for.`);
  const fault = textFault(text, { multiline: true });
  if (fault) throw badUserInput(`${path} ${fault}.`);
  const parts = text.split(/\s+/).filter(Boolean);
  if (parts.length > MAX_WORDS)
    throw badUserInput(`${path}: ${parts.length} words; at most ${MAX_WORDS} are looked for.`);
  const words = parts.length === 0 ? null : wordsOf(text);
  if (words && words.length > MAX_FOLDED)
    throw badUserInput(`${path}: ${words.length} words; at most ${MAX_FOLDED} are looked for.`);
  return words;
}

const MAX_NUMBER = 200;
const unique = (words: readonly string[]): string[] => [...new Set(words)];

/** A tsquery in which @ stands for the place that is looked in. Words are letters and digits, so they need no escaping. */
const query = (alternatives: readonly string[][]): string =>
  alternatives.map((forms) => `(${forms.map((form) => form.replace(/[^:*]+/, `'@$&'`)).join('|')})`).join('&');

const asNumber = (words: readonly string[]): string[] =>
  unique(
    [words, words.map((word) => formsOf(word).at(-1)!)].map((all) =>
      [...`#${all.join('-')}`].slice(0, MAX_NUMBER + 1).join(''),
    ),
  );

/** All words begin words of an item's number, title, description or own fields. */
export const anywhere = (words: readonly string[]): string =>
  query(unique(words).map((word) => formsOf(word).flatMap((form) => [`${form}:*`, `.${form}:*`])));

/** What makes a hit rank higher: how near the words are to what an item is called; from the least. Each holds only if `anywhere` does. */
export const nearness = (words: readonly string[]): string[] => [
  // all begin words of number or title
  query(words.map((word) => formsOf(word).map((form) => `.${form}:*`))),
  // all are such words
  query(words.map((word) => formsOf(word).map((form) => `.${form}`))),
  // number or position begin so
  query([asNumber(words).map((number) => `${number}:*`)]),
  // number or position are it
  query([asNumber(words)]),
];

/** A query for the words of one row, wherever it is. */
const inRow = (text: string): RawBuilder<unknown> => sql`${text.replaceAll('@', '')}::tsquery`;

/** Whether the words w of an item or response (columns of item_search, response_search) have what a query asks. */
export const wordsMatch = (text: string): RawBuilder<SqlBool> => sql`w.words @@ ${inRow(text)}`;

/** The same of an item i. As a value, for it is looked up by the item; what "exists" says PostgreSQL may find out for all items first. */
export const itemHasWords = (text: string): RawBuilder<SqlBool> =>
  sql`(select ${wordsMatch(text)} from item_search w where w.item_id = i.id)`;

/**
 * Rows w of item_search or response_search in the place of a row of `held`, by their index: words in it begin with the place, so that
 * nothing is looked at that the viewer does not see by the class. Offset 0: place by place, else PostgreSQL reads the table.
 */
export const wordsIn = (
  table: 'item_search' | 'response_search',
  text: string,
): RawBuilder<unknown> => sql`${sql.table(table)} w
  where search_scoped(w.project_id, w.generic_tool_id, w.class, w.words)
    @@ replace(${text}, '@', search_scope(held.project_id, held.generic_tool_id, held.audience))::tsquery
  and w.project_id = held.project_id and w.generic_tool_id = held.generic_tool_id and w.class = held.audience offset 0`;
