import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { badUserInput } from '../kernel/errors.ts';
import { requireUuid } from '../kernel/ids.ts';
import { textFault } from '../kernel/text.ts';
import type { StatusCategory } from '../tool/tool.policy.ts';

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
export interface StatusCategoryFilter {
  eq?: StatusCategory | null;
  in?: readonly StatusCategory[] | null;
  notIn?: readonly StatusCategory[] | null;
}

export interface ItemFilterInput {
  and?: readonly ItemFilterInput[] | null;
  or?: readonly ItemFilterInput[] | null;
  not?: ItemFilterInput | null;
  ids?: readonly string[] | null;
  project?: IDFilter | null;
  genericTool?: IDFilter | null;
  status?: IDFilter | null;
  statusName?: StringFilter | null;
  statusCategory?: StatusCategoryFilter | null;
  number?: StringFilter | null;
  title?: StringFilter | null;
  query?: string | null;
  private?: BooleanFilter | null;
  overdue?: BooleanFilter | null;
  archived?: boolean | null;
  createdBy?: IDFilter | null;
  receivedFrom?: IDFilter | null;
  assignee?: IDFilter | null;
  distributionMember?: IDFilter | null;
  vendor?: IDFilter | null;
  location?: IDFilter | null;
  costCode?: IDFilter | null;
  specificationSection?: IDFilter | null;
  subJob?: IDFilter | null;
  trade?: IDFilter | null;
  dueDate?: RangeFilter<string> | null;
  createdAt?: RangeFilter<Date> | null;
  updatedAt?: RangeFilter<Date> | null;
  issuedAt?: RangeFilter<Date> | null;
  closedAt?: RangeFilter<Date> | null;
}

type Condition = RawBuilder<SqlBool>;
type Expression = RawBuilder<unknown>;

// api.md: filters nest to this depth, and lists of values have at most so many
const MAX_DEPTH = 3;
const MAX_VALUES = 50;
// a list of filters, or words of a query: more is no question that a person asks
const MAX_BRANCHES = 50;
const MAX_WORDS = 10;
const MAX_TEXT = 255;
// filters and comparisons of one filter, all levels together: 2,500 take 4 s for 150 items, 300 a tenth of a second
const MAX_PARTS = 300;

const TRUE: Condition = sql`true`;

const all = (conditions: Condition[]): Condition =>
  conditions.length === 0
    ? TRUE
    : conditions.length === 1
      ? conditions[0]!
      : sql`(${sql.join(conditions, sql` and `)})`;
const any = (conditions: Condition[]): Condition => sql`(${sql.join(conditions, sql` or `)})`;
/** Not true: false, or about a value that is not there. */
const none = (condition: Condition): Condition => sql`(${condition}) is not true`;

/** What an item must be for a filter, as SQL over i, the item, alone. Mistakes are BAD_USER_INPUT. */
export function itemMatches(
  filter: ItemFilterInput | null | undefined,
  asker: { viewerId: string; now: Date },
): Condition {
  return filter ? matches(filter, { ...asker, parts: 0 }, 'filter', 0) : TRUE;
}

interface Asker {
  viewerId: string;
  now: Date;
  /** how many filters and comparisons there have been so far */
  parts: number;
}

function matches(filter: ItemFilterInput, asker: Asker, path: string, depth: number): Condition {
  if (depth > MAX_DEPTH) throw badUserInput(`${path}: filters nest at most ${MAX_DEPTH} deep.`);
  if (depth > 0 && filter.archived != null) throw badUserInput(`${path}.archived stands at the top of a filter only.`);
  const at = (name: keyof ItemFilterInput) => `${path}.${name}`;
  const branches = (name: 'and' | 'or'): Condition[] => {
    const list = filter[name] ?? [];
    if (list.length > MAX_BRANCHES)
      throw badUserInput(`${at(name)}: ${list.length} filters; at most ${MAX_BRANCHES} are taken.`);
    return list.map((inner, i) => matches(inner, asker, `${at(name)}.${i}`, depth + 1));
  };
  const me = asker.viewerId;
  const either = branches('or');
  const conditions = [
    ...branches('and'),
    ...(either.length > 0 ? [any(either)] : []),
    ...(filter.not ? [none(matches(filter.not, asker, at('not'), depth + 1))] : []),
    ...(filter.ids ? [isIn(sql`i.id`, 'Item', filter.ids, at('ids'))] : []),
    ...one(sql`i.project_id`, 'Project', filter.project, at('project')),
    ...one(sql`i.generic_tool_id`, 'GenericTool', filter.genericTool, at('genericTool')),
    ...one(sql`i.status_id`, 'GenericToolStatus', filter.status, at('status')),
    ...textMatches(sql`s.name`, filter.statusName, at('statusName')).map(hasStatus),
    ...category(filter.statusCategory, at('statusCategory')).map(hasStatus),
    ...textMatches(sql`i.number`, filter.number, at('number')),
    ...textMatches(sql`i.title`, filter.title, at('title')),
    ...words(filter.query, at('query')),
    ...yesOrNo(sql`i.private`, filter.private),
    ...yesOrNo(isOverdue(asker.now), filter.overdue),
    ...one(sql`i.created_by_id`, 'User', filter.createdBy, at('createdBy'), me),
    ...one(sql`i.received_from_id`, 'User', filter.receivedFrom, at('receivedFrom'), me),
    ...many(inRole('ASSIGNEE'), 'User', filter.assignee, at('assignee'), me),
    ...many(inRole('DISTRIBUTION'), 'User', filter.distributionMember, at('distributionMember'), me),
    ...many(vendorInvolved, 'Vendor', filter.vendor, at('vendor')),
    ...one(sql`i.location_id`, 'Location', filter.location, at('location')),
    ...one(sql`i.cost_code_id`, 'CostCode', filter.costCode, at('costCode')),
    ...one(
      sql`i.specification_section_id`,
      'SpecificationSection',
      filter.specificationSection,
      at('specificationSection'),
    ),
    ...one(sql`i.sub_job_id`, 'SubJob', filter.subJob, at('subJob')),
    ...many(someTrade, 'Trade', filter.trade, at('trade')),
    ...range(sql`i.due_date`, 'date', filter.dueDate),
    ...range(sql`i.created_at`, 'timestamptz', filter.createdAt),
    ...range(sql`i.updated_at`, 'timestamptz', filter.updatedAt),
    ...range(sql`i.issued_at`, 'timestamptz', filter.issuedAt),
    ...range(sql`i.closed_at`, 'timestamptz', filter.closedAt),
  ];
  asker.parts += 1 + conditions.length;
  if (asker.parts > MAX_PARTS)
    throw badUserInput(`filter: more than ${MAX_PARTS} filters and comparisons, all levels together.`);
  return all(conditions);
}

const uuids = (type: string, ids: readonly string[], path: string): Expression => {
  if (ids.length > MAX_VALUES) throw badUserInput(`${path}: ${ids.length} values; at most ${MAX_VALUES} are taken.`);
  return sql`${ids.map((id) => requireUuid(type, id, path))}::uuid[]`;
};

const isIn = (column: Expression, type: string, ids: readonly string[], path: string): Condition =>
  sql`${column} = any(${uuids(type, ids, path)})`;

function noMe(filter: IDFilter, path: string, me?: string): void {
  if (filter.isMe != null && me === undefined) throw badUserInput(`${path}.isMe is for people only.`);
}

/** A field with at most one value: notIn and isMe: false hold where there is none. */
function one(
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
type Some = (condition: (value: Expression) => Condition) => Condition;

/** A condition on s, the item's status. */
const hasStatus = (condition: Condition): Condition =>
  sql`exists (select 1 from generic_tool_statuses s where s.id = i.status_id and ${condition})`;

/** Open, and due before today in the project's time zone. No day has begun anywhere that is not there in UTC+14: an index can stop at it. */
const isOverdue = (now: Date): Condition => sql`(
  i.due_date < (${now}::timestamptz at time zone 'UTC' + interval '14 hours')::date and ${hasStatus(sql`s.category = 'OPEN'`)}
  and i.due_date < (select (${now}::timestamptz at time zone pr.time_zone)::date from projects pr where pr.id = i.project_id))`;

const inRole =
  (role: 'ASSIGNEE' | 'DISTRIBUTION'): Some =>
  (condition) =>
    sql`exists (select 1 from item_people p where p.item_id = i.id and p.role = ${sql.lit(role)} and ${condition(sql`p.user_id`)})`;

// one by one, so that PostgreSQL can look for each from either end: 45,000 items of 1,000,000 take 0.36 s, with a union inside 3.6 s
const vendorInvolved: Some = (condition) => {
  const works = condition(sql`u.vendor_id`);
  return any([
    sql`exists (select 1 from users u where u.id = i.created_by_id and ${works})`,
    sql`exists (select 1 from users u where u.id = i.received_from_id and ${works})`,
    sql`exists (select 1 from item_people p join users u on u.id = p.user_id where p.item_id = i.id and ${works})`,
  ]);
};

const someTrade: Some = (condition) =>
  sql`exists (select 1 from unnest(i.trade_ids) trade(id) where ${condition(sql`trade.id`)})`;

/** A field with many values: eq and in hold for some of them, notIn for none; null: true when there are none. */
function many(some: Some, type: string, filter: IDFilter | null | undefined, path: string, me?: string): Condition[] {
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
const folded = (value: Expression): Expression => sql`lower(${value} collate "pg_c_utf8")`;
const like = (value: string): string => value.replace(/[\\%_]/g, '\\$&');

/** A text to look for, refused when no item can hold it. */
function sought(value: string, path: string): string {
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

/** Every word of a query stands in the number, the title or the description. */
function words(query: string | null | undefined, path: string): Condition[] {
  const wanted = sought(query ?? '', path)
    .split(/\s+/)
    .filter(Boolean);
  if (wanted.length > MAX_WORDS)
    throw badUserInput(`${path}: ${wanted.length} words; at most ${MAX_WORDS} are looked for.`);
  return wanted.map((word) => {
    const pattern = folded(sql`${`%${like(word)}%`}::text`);
    return any(
      ['number', 'title', 'description'].map((column) => sql`${folded(sql.ref(`i.${column}`))} like ${pattern}`),
    );
  });
}

function category(filter: StatusCategoryFilter | null | undefined, path: string): Condition[] {
  if (!filter) return [];
  const list = (values: readonly StatusCategory[], name: string): Condition => {
    if (values.length > MAX_VALUES) throw badUserInput(`${path}.${name}: at most ${MAX_VALUES} values are taken.`);
    return sql`s.category = any(${values}::text[])`;
  };
  return [
    ...(filter.eq != null ? [sql<SqlBool>`s.category = ${filter.eq}`] : []),
    ...(filter.in ? [list(filter.in, 'in')] : []),
    ...(filter.notIn ? [none(list(filter.notIn, 'notIn'))] : []),
  ];
}

/** As it stands, not compared with true: else no index and no join could be made of it. */
const yesOrNo = (condition: Condition, filter: BooleanFilter | null | undefined): Condition[] =>
  filter?.eq == null ? [] : [filter.eq ? condition : none(condition)];

function range(
  column: Expression,
  type: 'date' | 'timestamptz',
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
