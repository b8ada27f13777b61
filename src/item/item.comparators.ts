import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { badUserInput } from '../kernel/errors.ts';
import { requireUuid } from '../kernel/ids.ts';
import { textFault } from '../kernel/text.ts';

export interface IDFilter {
  eq?: string | null;
  in?: readonly string[] | null;
  notIn?: readonly string[] | null;
  isMe?: boolean | null;
  null?: boolean | null;
}
export interface StringFilter {
  eq?: string | null;
  in?: readonly string[] | null;
  contains?: string | null;
  startsWith?: string | null;
  null?: boolean | null;
}
export interface BooleanFilter {
  eq?: boolean | null;
}
export interface RangeFilter<Value> {
  eq?: Value | null;
  gte?: Value | null;
  gt?: Value | null;
  lte?: Value | null;
  lt?: Value | null;
  null?: boolean | null;
}

export type Condition = RawBuilder<SqlBool>;
export type Expression = RawBuilder<unknown>;

// api.md: lists of values have at most so many
export const MAX_VALUES = 50;
const MAX_TEXT = 255;

export const TRUE: Condition = sql`true`;

export const all = (conditions: Condition[]): Condition =>
  conditions.length === 0
    ? TRUE
    : conditions.length === 1
      ? conditions[0]!
      : sql`(${sql.join(conditions, sql` and `)})`;
export const any = (conditions: Condition[]): Condition => sql`(${sql.join(conditions, sql` or `)})`;
/** Not true: false, or about a value that is not there. */
export const none = (condition: Condition): Condition => sql`(${condition}) is not true`;

const uuids = (type: string, ids: readonly string[], path: string): Expression => {
  if (ids.length > MAX_VALUES) throw badUserInput(`${path}: ${ids.length} values; at most ${MAX_VALUES} are taken.`);
  return sql`${ids.map((id) => requireUuid(type, id, path))}::uuid[]`;
};

/** That a column is one of these ids. */
export const isIn = (column: Expression, type: string, ids: readonly string[], path: string): Condition =>
  sql`${column} = any(${uuids(type, ids, path)})`;

function noMe(filter: IDFilter, path: string, me?: string): void {
  if (filter.isMe != null && me === undefined) throw badUserInput(`${path}.isMe is for people only.`);
}

/** A field with at most one value: notIn and isMe: false hold where there is none. */
export function one(
  column: Expression,
  type: string,
  filter: IDFilter | null | undefined,
  path: string,
  me?: string,
): Condition[] {
  if (!filter) return [];
  noMe(filter, path, me);
  return [
    ...(filter.eq != null ? [sql<SqlBool>`${column} = ${requireUuid(type, filter.eq, `${path}.eq`)}`] : []),
    ...(filter.in ? [isIn(column, type, filter.in, `${path}.in`)] : []),
    ...(filter.notIn ? [none(isIn(column, type, filter.notIn, `${path}.notIn`))] : []),
    ...(filter.isMe != null ? [filter.isMe ? sql<SqlBool>`${column} = ${me}` : none(sql`${column} = ${me}`)] : []),
    ...(filter.null != null
      ? [filter.null ? sql<SqlBool>`${column} is null` : sql<SqlBool>`${column} is not null`]
      : []),
  ];
}

/** Whether an item has some value that a condition on it holds for. */
export type Some = (condition: (value: Expression) => Condition) => Condition;

/** A field with many values: eq and in hold for some of them, notIn for none; null: true when there are none. */
export function many(
  some: Some,
  type: string,
  filter: IDFilter | null | undefined,
  path: string,
  me?: string,
): Condition[] {
  if (!filter) return [];
  noMe(filter, path, me);
  const mine = some((value) => sql`${value} = ${me}`);
  const there = some((value) => sql`${value} is not null`);
  return [
    ...(filter.eq != null ? [some((value) => sql`${value} = ${requireUuid(type, filter.eq!, `${path}.eq`)}`)] : []),
    ...(filter.in ? [some((value) => isIn(value, type, filter.in!, `${path}.in`))] : []),
    ...(filter.notIn ? [none(some((value) => isIn(value, type, filter.notIn!, `${path}.notIn`)))] : []),
    ...(filter.isMe != null ? [filter.isMe ? mine : none(mine)] : []),
    ...(filter.null != null ? [filter.null ? none(there) : there] : []),
  ];
}

/** Folds case the same on every server. */
export const folded = (value: Expression): Expression => sql`lower(${value} collate "pg_c_utf8")`;
/** A text to stand in a pattern of LIKE. */
export const like = (value: string): string => value.replace(/[\\%_]/g, '\\$&');

/** A text to look for, refused when no item can hold it. */
export function sought(value: string, path: string): string {
  if (value.length > MAX_TEXT)
    throw badUserInput(`${path}: ${value.length} characters; at most ${MAX_TEXT} are looked for.`);
  const fault = textFault(value, { multiline: true });
  if (fault) throw badUserInput(`${path} ${fault}.`);
  return value;
}

/** What a text in a column must be. */
export function textMatches(column: Expression, filter: StringFilter | null | undefined, path: string): Condition[] {
  if (!filter) return [];
  /** the text itself, or (`around`) as a pattern of LIKE */
  const low = (value: string, name: string, around = (text: string) => text) =>
    folded(sql`${around(sought(value, `${path}.${name}`))}::text`);
  if (filter.in && filter.in.length > MAX_VALUES)
    throw badUserInput(`${path}.in: ${filter.in.length} values; at most ${MAX_VALUES} are taken.`);
  return [
    ...(filter.eq != null ? [sql<SqlBool>`${folded(column)} = ${low(filter.eq, 'eq')}`] : []),
    ...(filter.in
      ? [
          // one parameter, whatever their number
          sql<SqlBool>`${folded(column)} = any (
            array(select ${folded(sql`value`)} from unnest(${filter.in.map((value) => sought(value, `${path}.in`))}::text[]) value))`,
        ]
      : []),
    ...(filter.contains != null
      ? [sql<SqlBool>`${folded(column)} like ${low(filter.contains, 'contains', (text) => `%${like(text)}%`)}`]
      : []),
    ...(filter.startsWith != null
      ? [sql<SqlBool>`${folded(column)} like ${low(filter.startsWith, 'startsWith', (text) => `${like(text)}%`)}`]
      : []),
    ...(filter.null != null
      ? [filter.null ? sql<SqlBool>`${column} is null` : sql<SqlBool>`${column} is not null`]
      : []),
  ];
}

/** As it stands, not compared with true: else no index and no join could be made of it. */
export const yesOrNo = (condition: Condition, filter: BooleanFilter | null | undefined): Condition[] =>
  filter?.eq == null ? [] : [filter.eq ? condition : none(condition)];

/** What a day, a moment or a number must be. */
export function range(
  column: Expression,
  type: 'date' | 'timestamptz' | 'numeric',
  filter: RangeFilter<string | Date> | null | undefined,
): Condition[] {
  if (!filter) return [];
  const value = (given: string | Date) => sql`${given}::${sql.raw(type)}`;
  return [
    ...(filter.eq != null ? [sql<SqlBool>`${column} = ${value(filter.eq)}`] : []),
    ...(filter.gte != null ? [sql<SqlBool>`${column} >= ${value(filter.gte)}`] : []),
    ...(filter.gt != null ? [sql<SqlBool>`${column} > ${value(filter.gt)}`] : []),
    ...(filter.lte != null ? [sql<SqlBool>`${column} <= ${value(filter.lte)}`] : []),
    ...(filter.lt != null ? [sql<SqlBool>`${column} < ${value(filter.lt)}`] : []),
    ...(filter.null != null
      ? [filter.null ? sql<SqlBool>`${column} is null` : sql<SqlBool>`${column} is not null`]
      : []),
  ];
}
