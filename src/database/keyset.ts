import { createHash } from 'node:crypto';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { isDay } from '../kernel/days.ts';
import { readDecimal } from '../kernel/decimal.ts';
import { badUserInput } from '../kernel/errors.ts';
import { isUuid } from '../kernel/ids.ts';
import type { MaybePromise } from './loader.ts';

/** One key that a list is ordered by. The last key of every list is unique and never null: the id. */
export interface SortKey {
  sql: RawBuilder<unknown>;
  type: 'text' | 'timestamptz' | 'date' | 'integer' | 'numeric' | 'uuid';
  direction: 'ASC' | 'DESC';
  /** where rows without a value go; absent when every row has one */
  nulls?: 'FIRST' | 'LAST';
}

/** The values of a row's keys, as text. */
export type SortValues = (string | null)[];

export type Order = readonly SortKey[];

/** The same order, read from its end. */
export const reversed = (order: Order): Order =>
  order.map((key) => ({
    ...key,
    direction: key.direction === 'ASC' ? 'DESC' : 'ASC',
    ...(key.nulls && { nulls: key.nulls === 'FIRST' ? 'LAST' : 'FIRST' }),
  }));

/** `order by` of a list; nulls are only spoken of where there can be some, so that plain indexes fit. */
export const orderBy = (order: Order): RawBuilder<unknown> =>
  sql.join(
    order.map(
      ({ sql: key, direction, nulls }) => sql`${key} ${sql.raw(nulls ? `${direction} nulls ${nulls}` : direction)}`,
    ),
  );

/** The column that carries a row's own keys, for its cursor. */
export const sortValues = (order: Order): RawBuilder<SortValues> =>
  sql`array[${sql.join(order.map((key) => sql`(${key.sql})::text`))}]`;

const literal = (key: SortKey, value: string | null) => sql`${value}::${sql.raw(key.type)}`;

const TRUE = sql<SqlBool>`true`;
const FALSE = sql<SqlBool>`false`;

/** Keys that all go the same way, of which none can be null: rows beyond some values are one range of an index. */
const isOneWay = (order: Order): boolean =>
  order.every(({ nulls, direction }) => !nulls && direction === order[0]!.direction);

const range = (order: Order, operator: '<' | '>' | '<=' | '>=', values: SortValues): RawBuilder<SqlBool> => {
  const keys = sql.join(order.map((key) => key.sql));
  const bounds = sql.join(order.map((key, i) => literal(key, values[i]!)));
  return sql`(${keys}) ${sql.raw(operator)} (${bounds})`;
};

/** Rows of a list strictly after these values. */
export function after(order: Order, values: SortValues): RawBuilder<SqlBool> {
  const [first, ...others] = order;
  if (isOneWay(order)) return range(order, first!.direction === 'ASC' ? '>' : '<', values);
  const beyond = afterKey(first!, values[0]!);
  if (others.length === 0) return beyond;
  return sql`(${beyond} or (${sameKey(first!, values[0]!)} and ${after(others, values.slice(1))}))`;
}

/** Rows of a list up to these values. */
const notAfter = (order: Order, values: SortValues): RawBuilder<SqlBool> =>
  isOneWay(order)
    ? range(order, order[0]!.direction === 'ASC' ? '<=' : '>=', values)
    : sql<SqlBool>`(${after(order, values)}) is not true`;

function afterKey(key: SortKey, value: string | null): RawBuilder<SqlBool> {
  if (value === null) return key.nulls === 'FIRST' ? sql`${key.sql} is not null` : FALSE;
  const beyond = sql<SqlBool>`${key.sql} ${sql.raw(key.direction === 'ASC' ? '>' : '<')} ${literal(key, value)}`;
  return key.nulls === 'LAST' ? sql`(${beyond} or ${key.sql} is null)` : beyond;
}

const sameKey = (key: SortKey, value: string | null): RawBuilder<SqlBool> =>
  value === null ? sql`${key.sql} is null` : sql`${key.sql} = ${literal(key, value)}`;

/** Arguments of a connection, as in the Relay specification. */
export interface PageArgs {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

/** Which rows of a list to fetch, and in which order. */
export interface Part {
  /** the same for equal parts: lists of many parents are read together by it */
  key: string;
  where: RawBuilder<SqlBool>;
  /** the same in two: strictly after these values, if it begins somewhere, and what else bounds it */
  from: SortValues | null;
  until: RawBuilder<SqlBool>;
  /** what lies at or before where it begins: whether there is anything, rows may bring along as `goesBack`, to spare a look */
  behind: { where: RawBuilder<SqlBool>; order: Order } | null;
  order: Order;
  limit: number;
}

/** A stretch of a list in which the first key is one value, or all that are not null: a range of an index that begins with it. */
export interface Stretch {
  where: RawBuilder<SqlBool>;
  order: Order;
  /** of the rows without a first key */
  missing?: true;
}

/**
 * A part of a list in stretches, for indexes: `k > 5 or k is null or (k = 5 and id > 7)` is read from its beginning, but each of
 * the three alone from where it starts. Each may have rows up to the limit; merged in the order of the part they are the part.
 */
export function stretchesOf({ order, from, until }: Part): Stretch[] {
  const [first, ...rest] = order;
  const { nulls, ...key } = first!;
  const all = (...conditions: RawBuilder<SqlBool>[]) => sql<SqlBool>`${sql.join([...conditions, until], sql` and `)}`;
  const values = (...conditions: RawBuilder<SqlBool>[]): Stretch => ({
    where: all(...conditions, ...(nulls ? [sql<SqlBool>`${key.sql} is not null`] : [])),
    order: [key, ...rest],
  });
  // PostgreSQL does not know that what is null in all rows need not be sorted by: an index has the order only when it is told
  const missing = (...conditions: RawBuilder<SqlBool>[]): Stretch => ({
    where: all(sql<SqlBool>`${key.sql} is null`, ...conditions),
    order: [key, ...rest],
    missing: true,
  });
  if (!from) return nulls ? [values(), missing()] : [values()];
  const behind = after(rest, from.slice(1));
  if (from[0] === null) return [missing(behind), ...(nulls === 'FIRST' ? [values()] : [])];
  return [
    { where: all(sameKey(key, from[0]!), behind), order: rest },
    values(afterKey(key, from[0]!)),
    ...(nulls === 'LAST' ? [missing()] : []),
  ];
}

export interface Page<Row> {
  edges: { cursor: string; node: Row }[];
  hasNextPage(): MaybePromise<boolean>;
  hasPreviousPage(): MaybePromise<boolean>;
}

export const DEFAULT_PAGE = 25;
export const MAX_PAGE = 100;

/**
 * One page of a list by keyset, never by offset. `name` says which order this is: a cursor of another is BAD_USER_INPUT.
 * `fetch` reads a part of the list; each row brings its keys as `sortValues`.
 * The page reads one row too many to know whether more follow; the other side is looked at only when asked.
 */
export async function pageOf<Row extends { sortValues: SortValues; goesBack?: boolean }>(
  args: PageArgs,
  order: Order,
  name: string,
  fetch: (part: Part) => Promise<Row[]>,
): Promise<Page<Row>> {
  const { size, backwards } = sizeOf(args);
  const start = args.after == null ? null : decode(args.after, order, name, 'after');
  const end = args.before == null ? null : decode(args.before, order, name, 'before');
  const direction = backwards ? reversed(order) : order;
  const [from, to] = backwards ? [end, start] : [start, end];
  const until = to ? after(reversed(direction), to) : TRUE;
  const rows = await fetch({
    key: JSON.stringify([size, backwards, args.after, args.before]),
    where: from ? sql<SqlBool>`(${after(direction, from)} and ${until})` : until,
    from,
    until,
    behind: from && { where: notAfter(direction, from), order: reversed(direction) },
    order: direction,
    limit: size + 1,
  });
  const more = rows.length > size;
  const goesBack = rows[0]?.goesBack;
  const page = backwards ? rows.slice(0, size).reverse() : rows.slice(0, size);

  /** Whether the list has rows beyond a row of the page, or, on an empty page, at or beyond its cursor. */
  const beyond = async (direction: Order, edge: Row | undefined, cursor: SortValues | null): Promise<boolean> => {
    const bound = edge?.sortValues ?? cursor;
    if (!bound) return false;
    const where = edge ? after(direction, bound) : notAfter(reversed(direction), bound);
    const key = JSON.stringify([direction[0]!.direction, bound, edge === undefined]);
    const [from, until] = edge ? [bound, TRUE] : [null, where];
    return (await fetch({ key, where, from, until, behind: null, order: direction, limit: 1 })).length > 0;
  };
  return {
    edges: page.map((node) => new Edge(node, order, name)),
    hasNextPage: () =>
      (!backwards && more) || (end !== null && ((backwards ? goesBack : null) ?? beyond(order, page.at(-1), end))),
    hasPreviousPage: () =>
      (backwards && more) ||
      (start !== null && ((backwards ? null : goesBack) ?? beyond(reversed(order), page[0], start))),
  };
}

/** A row of a page; its cursor is written when it is asked for. */
class Edge<Row extends { sortValues: SortValues }> {
  readonly node: Row;
  readonly #order: Order;
  readonly #name: string;

  constructor(node: Row, order: Order, name: string) {
    this.node = node;
    this.#order = order;
    this.#name = name;
  }

  get cursor(): string {
    return encode(this.node.sortValues, this.#order, this.#name);
  }
}

function sizeOf({ first, last }: PageArgs): { size: number; backwards: boolean } {
  if (first != null && last != null) throw badUserInput('first and last cannot be asked for together.');
  const size = first ?? last ?? DEFAULT_PAGE;
  const argument = last != null ? 'last' : 'first';
  if (size < 0) throw badUserInput(`${argument}: ${size} is less than 0.`);
  if (size > MAX_PAGE) throw badUserInput(`${argument}: ${size} is more than a page holds (${MAX_PAGE}).`);
  return { size, backwards: last != null };
}

const digest = (order: Order, name: string): string =>
  createHash('sha256')
    .update(`${name} ${order.map(({ direction, nulls }) => `${direction} ${nulls}`).join()}`)
    .digest('base64url')
    .slice(0, 6);

const encode = (values: SortValues, order: Order, name: string): string =>
  Buffer.from(JSON.stringify([digest(order, name), ...values])).toString('base64url');

// three names of 255 characters, each written out as the 18 that the longest of them stand for, take 37,000
const MAX_CURSOR = 50_000;

// as PostgreSQL writes it, with the offset of the session
const TIME = /^(\d{4}-\d\d-\d\d) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,3})?[+-](0\d|1[0-5])(:[0-5]\d)?$/;

/** What PostgreSQL takes for a value of each type: anybody can write a cursor, and what it refuses would be our fault. */
const SHAPES: Record<SortKey['type'], (text: string) => boolean> = {
  text: (text) => !text.includes('\0') && text.isWellFormed(),
  timestamptz: (text) => isDay(TIME.exec(text)?.[1] ?? ''),
  integer: (text) => /^\d{1,9}$/.test(text),
  numeric: (text) => readDecimal(text) !== null,
  date: isDay,
  uuid: isUuid,
};

function decode(cursor: string, order: Order, name: string, argument: string): SortValues {
  const bad = (why: string) => badUserInput(`${argument}: "${cursor.slice(0, 100)}" ${why}.`);
  if (cursor.length > MAX_CURSOR) throw bad('is not a cursor');
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw bad('is not a cursor');
  }
  if (!Array.isArray(parts)) throw bad('is not a cursor');
  const [made, ...values] = parts as unknown[];
  if (made !== digest(order, name)) throw bad('is not a cursor of this list in this order');
  const fits = (key: SortKey, value: unknown) =>
    value === null ? key.nulls !== undefined : typeof value === 'string' && SHAPES[key.type](value);
  if (values.length !== order.length || !order.every((key, i) => fits(key, values[i]))) throw bad('is not a cursor');
  // only as we write it: base64 and JSON have other spellings of the same
  if (encode(values as SortValues, order, name) !== cursor) throw bad('is not a cursor');
  return values as SortValues;
}
