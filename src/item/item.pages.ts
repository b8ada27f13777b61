import { type RawBuilder, type SqlBool, sql } from 'kysely';
import {
  type Order,
  orderBy,
  type Part,
  type SortKey,
  type Stretch,
  sortValues,
  stretchesOf,
} from '../database/keyset.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Right } from '../permission/permission.policy.ts';
import { type ItemOrder, type ItemOrderField, tablesFor } from './item.order.ts';
import { ADMINS_OF_PRIVATE, audiencesHeld, CLASSES } from './item.policy.ts';
import { classIsHeld, held } from './item.queries.ts';
import type { Seed } from './item.seed.ts';

/** A list of items: whose, where, of which filter and order. */
export interface ItemList {
  viewer: Viewer;
  rights: readonly Right[];
  /** the only project, and the only tool, that it is about: the planner knows how large they are */
  projectId: string | null;
  genericToolId: string | null;
  archived: boolean;
  /** what an item must be; null: any */
  matches: RawBuilder<SqlBool> | null;
  /** whether the filter looks for private items, or for others; null: any */
  private: boolean | null;
  /** whether it looks into texts, of which PostgreSQL cannot tell how many match */
  inTexts: boolean;
  /** ids among which all that match are, when the filter names people or items */
  seed: Seed | null;
  order: ItemOrder;
}

type Sql = RawBuilder<unknown>;

// A range costs 3 or 4 buffers however few rows it has; 5,000 steps through an index alone take 3 ms
const MANY_PLACES = 50;
const FAR = 5_000;

const TRUE = sql<SqlBool>`true`;

/** By creation, of few places and any items: what most lists are. Its statement is the same each time. */
export const isUsual = ({ order, rights, matches, archived }: ItemList): boolean =>
  order.fields.join() === 'CREATED_AT' && rights.length <= MANY_PLACES && !matches && !archived;

/** The CTE held: what the viewer holds in the places of a list. */
export const heldBy = (list: ItemList): Sql =>
  sql`held as materialized (select * from ${held(list.viewer, list.rights, isUsual(list))})`;

/** The classes that the viewer holds anywhere in the places of a list, without those that the filter leaves out. */
export const classesOf = ({
  viewer,
  rights,
  private: wanted,
}: Pick<ItemList, 'viewer' | 'rights' | 'private'>): string[] => {
  const all = new Set(rights.flatMap((right) => audiencesHeld(viewer, right, right)));
  return CLASSES.filter((one) => all.has(one) && (wanted === null || wanted === (one === ADMINS_OF_PRIVATE)));
};

/** An item of a class in the place that a row of `held` is about. */
const there = (list: ItemList, ofClass: string): Sql =>
  sql`${thereInAnyTool(list, ofClass)} and i.generic_tool_id = ${list.genericToolId ?? sql`held.generic_tool_id`}`;
const thereInAnyTool = ({ projectId }: ItemList, ofClass: string): Sql =>
  sql`i.project_id = ${projectId ?? sql`held.project_id`} and i.class = ${sql.lit(ofClass)} and i.archived_at is null`;
/** A range of the index of item_audiences. */
const inRange = ({
  viewer,
  archived,
}: ItemList): Sql => sql`a.company_id = ${viewer.companyId} and a.audience = held.audience
  and a.project_id = held.project_id and a.generic_tool_id = held.generic_tool_id and a.archived = ${archived}`;

/** The keys of an order under the names that the parts of a page give them. */
const named = (order: Order): Order => order.map((key, n) => ({ ...key, sql: sql.ref(`k${n}`) }));
const keysOf = (order: Order): Sql => sql.join(order.map(({ sql: key }, n) => sql`${key} as ${sql.ref(`k${n}`)}`));

/**
 * The rows of one page of a list: id, the audience that it is seen as, sortValues, and their place. Brings CTEs with it, to stand
 * behind `with`; the last of them is `page`.
 */
export function pageOfIds(list: ItemList, part: Part): Sql {
  const order = named(part.order);
  const { ctes, rows } = rowsOf(list, part);
  return sql`${heldBy(list)}, ${ctes}
  page as materialized (
    select id, audience, ${sortValues(order)} as sort_values, row_number() over (order by ${orderBy(order)}) as place
    from (${rows}) found order by ${orderBy(order)} limit ${part.limit})`;
}

/** Whether a usual list has rows at or before where a part of it begins: a column for the rows of the page. */
export const goesBack = (list: ItemList, { behind }: Part): Sql =>
  behind && isUsual(list)
    ? sql`exists (select from held cross join lateral ${rangeOf(list, { ...behind, limit: 1 })} i)`
    : sql`null::boolean`;

function rowsOf(list: ItemList, part: Part): { ctes: Sql; rows: Sql } {
  const { seed, order, archived, matches } = list;
  const byCreation = order.fields.join() === 'CREATED_AT';
  const few = seed && {
    cte: sql`seed as materialized (select id from (${seed.ids}) named(id) limit ${seed.few + 1}),`,
    isFew: sql<SqlBool>`(select count(*) from seed) <= ${seed.few}`,
  };
  if (byCreation && (!seed || list.inTexts) && !archived && list.rights.length > MANY_PLACES)
    return newest(list, part, few);
  if (byCreation && !matches) return { ctes: sql``, rows: byAudience(list, part, TRUE) };
  if (archived || (order.fields[0] === 'ASSIGNEE' && !list.projectId)) return { ctes: sql``, rows: sorted(list, part) };
  const together = (parts: Sql[]) => sql.join([...parts, own(list, part)], sql` union all `);
  if (!few) return { ctes: sql``, rows: together(walks(list, part, TRUE)) };
  return {
    ctes: few.cte,
    rows: together([collected(list, part, few.isFew), ...walks(list, part, sql`not (${few.isFew})`)]),
  };
}

/** By creation: one range of the index of item_audiences for each audience held, merged. No item is read. */
const byAudience = (list: ItemList, part: Part, gate: RawBuilder<SqlBool>): Sql => sql`
  select i.id, (array_agg(held.audience))[1] as audience, i.k0, i.id as k1
  from held cross join lateral ${rangeOf(list, part)} i
  where ${gate}
  group by i.id, i.k0`;

/** A range of the index of item_audiences for a row of `held`. */
const rangeOf = (list: ItemList, { where, order, limit }: Pick<Part, 'where' | 'order' | 'limit'>): Sql => sql`(
  select i.id, i.created_at as k0 from item_audiences a cross join lateral (select a.item_id as id, a.created_at) i
  where ${inRange(list)} and ${where}
  order by ${orderBy(order)} limit ${limit}
)`;

/** Whether what a filter names is few, and the CTE that this is asked of. */
interface Few {
  cte: Sql;
  isFew: RawBuilder<SqlBool>;
}

/**
 * By creation in very many places: through the items of the company in their order, past those that the viewer does not see. If the
 * page is not full after some thousands, what the filter names is collected, or each place is looked at after all.
 */
function newest(list: ItemList, part: Part, few: Few | null): { ctes: Sql; rows: Sql } {
  const notFull = sql<SqlBool>`(select count(*) from newest) < ${part.limit}`;
  const places = few
    ? [
        collected(list, part, sql<SqlBool>`${notFull} and ${few.isFew}`),
        ...walks(list, part, sql`${notFull} and not (${few.isFew})`),
      ]
    : list.matches
      ? walks(list, part, notFull)
      : [sql`(${byAudience(list, part, notFull)})`];
  const rows = sql.join([sql`select id, audience, k0, k1 from newest`, ...places, own(list, part)], sql` union all `);
  return {
    ctes: sql`newest as materialized (
      select i.id, held.audience, ${keysOf(part.order)}
      from (
        select i.* from items i where i.company_id = ${list.viewer.companyId} and i.archived_at is null and ${part.where}
        order by ${orderBy(part.order)} limit ${sql.lit(FAR)}
      ) i
      join held on held.project_id = i.project_id and held.generic_tool_id = i.generic_tool_id and held.audience = i.class
      where ${list.matches ?? TRUE}
      order by ${orderBy(part.order)} limit ${part.limit}
    ), ${few?.cte ?? sql``}`,
    rows: sql`select id, (array_agg(audience))[1] as audience, k0, k1 from (${rows}) found group by id, k0, k1`,
  };
}

/** All that is seen, sorted: for the few orders that no index has, and for archived items. */
const sorted = (list: ItemList, part: Part): Sql => sql`
  select i.id, seen.audience, ${keysOf(part.order)}
  from ${seen(list)} join items i on i.id = seen.item_id ${tablesFor(list.order)}
  where ${list.matches ?? TRUE} and ${part.where}
  order by ${orderBy(part.order)} limit ${part.limit}`;

/** Each item that is seen, and an audience of it that the viewer holds. */
const seen = (list: ItemList): Sql => sql`(
  select a.item_id, (array_agg(held.audience))[1] as audience
  from held join item_audiences a on ${inRange(list)} group by a.item_id) seen`;

/** Few items, by their ids: those of the classes held. */
function collected(list: ItemList, part: Part, gate: RawBuilder<SqlBool>): Sql {
  // PostgreSQL takes those that have words for very few, and would look for each in an index of the place, from end to end
  const items = list.seed?.areSeen
    ? sql`cross join lateral (select i.* from items i where i.id = seed.id offset 0) i`
    : sql`join items i on i.id = seed.id`;
  return sql`
    select i.id, held.audience, ${keysOf(part.order)}
    from (select distinct id from seed) seed ${items} ${tablesFor(list.order)}
    join held on held.project_id = i.project_id and held.generic_tool_id = i.generic_tool_id and held.audience = i.class
    where ${gate} and i.archived_at is null and ${list.matches ?? TRUE} and ${part.where}`;
}

/** Items of the classes held: one range of an index in order for each; by a custom field all that there are, looked at once. */
const walks = (list: ItemList, part: Part, gate: RawBuilder<SqlBool>): Sql[] =>
  (list.order.isCustom ? [part] : stretchesOf(part)).flatMap((stretch) =>
    classesOf(list).map((ofClass) =>
      walk(list, part, stretch, ofClass, list.seed ? sql`${gate} and ${list.seed.has(ofClass)}` : gate),
    ),
  );

/** The viewer's own others, collected: as user or vendor one is on few private items of a place. */
const own = (list: ItemList, part: Part): Sql => sql`
  select i.id, own.audience, ${keysOf(part.order)} from ${ownOf(list)} ${tablesFor(list.order)}
  where ${list.matches ?? TRUE} and ${part.where}`;

/** Items that the viewer sees as user or vendor and by no class. */
export const ownOf = (list: ItemList): Sql => sql`(
    select a.item_id, (array_agg(a.audience))[1] as audience
    from (select * from held where not ${classIsHeld}) held cross join lateral (${ownIn(list)}) a group by a.item_id
  ) own
  join items i on i.id = own.item_id and not exists (select 1 from held
    where held.project_id = i.project_id and held.generic_tool_id = i.generic_tool_id and held.audience = i.class)`;

/** Of a place, as a range: PostgreSQL, taking the viewer for anybody, would look through the table. Of very many, as it likes. */
const ownIn = (list: ItemList): Sql => sql`select a.item_id, a.audience from item_audiences a where ${inRange(list)}
  ${list.rights.length > MANY_PLACES ? sql`` : sql`offset 0`}`;

/** How many items a list has: those of each class in its places, and the viewer's own others. */
export function countOf(list: ItemList): Sql {
  if (list.archived || !list.matches) {
    const of = list.matches ? sql`join items i on i.id = seen.item_id where ${list.matches}` : sql``;
    return sql`with ${heldBy(list)} select count(*)::int as count from ${seen(list)} ${of}`;
  }
  const own = sql`select count(*) as n from ${ownOf(list)} where ${list.matches}`;
  if (list.seed?.areSeen)
    return sql`with ${heldBy(list)} select coalesce(sum(n), 0)::int as count from (
      select count(*) as n from (${list.seed.ids}) seed(id)
      ${list.seed.areAll ? sql`` : sql`join items i on i.id = seed.id where ${list.matches}`} union all ${own}) part`;
  const ofClasses = classesOf(list).map(
    (one) => sql`select count(*) as n from held join items i on ${there(list, one)}
      where held.audience = ${sql.lit(one)} and ${list.matches}`,
  );
  return sql`with ${heldBy(list)} select coalesce(sum(n), 0)::int as count from (${sql.join([...ofClasses, own], sql` union all `)}) part`;
}

/** One stretch of a page from each place where the viewer holds a class. */
function walk(list: ItemList, part: Part, stretch: Stretch, ofClass: string, gate: Sql): Sql {
  const { fields } = list.order;
  const holds = sql`held.audience = ${sql.lit(ofClass)}`;
  const found = sql.join(
    ['id', 'audience', ...part.order.map((_, n) => `k${n}`)].map((name) => sql.ref(`found.${name}`)),
  );
  const keys = sql.join(part.order.map((_, n) => sql.ref(`i.k${n}`)));
  const rows = (beside: ItemOrderField[], where: Sql, order: Order | null) => {
    const from = sql`items i ${tablesFor(list.order, beside)} where ${where} and ${stretch.where}`;
    const columns = sql`held.audience, ${keysOf(part.order)}`;
    const matches = list.matches ?? TRUE;
    if (!order) return sql`lateral (select i.id, i.generic_tool_id, ${columns} from ${from} and ${matches}) found`;
    const sorted = sql`order by ${orderBy(order)}`;
    if (!list.inTexts && !list.seed)
      return sql`lateral (
        select i.id, i.generic_tool_id, ${columns} from ${from} and ${matches} ${sorted} limit ${part.limit}) found`;
    // Offset 0: in the order of the index, where we know more than PostgreSQL of how many match, or as little. "Case" keeps what is asked
    // a plain filter on rows that come in order, of which half are taken to pass: as a join it could put them into another one.
    // What goes on is named: with all columns, in each range, half of the statement's 10.8 ms of CPU went into planning them.
    return sql`lateral (
      select i.id, i.generic_tool_id, i.audience, ${keys} from (select i.*, ${columns} from ${from} ${sorted} offset 0) i
      where case when ${matches} then true else false end limit ${part.limit}) found`;
  };
  const rest = stretch.order.filter((key) => key.sql !== part.order[0]!.sql);
  if (fields[0] === 'STATUS' || fields[0] === 'GENERIC_TOOL') {
    // archived_at stands before the id in the index; it is null in all of these rows
    const archived = { sql: sql`i.archived_at`, type: 'timestamptz', direction: rest[0]!.direction } as const;
    // a status says the tool: PostgreSQL, told of both, takes them for fewer items than there are, and sorts all
    const inside = rows(['STATUS', 'GENERIC_TOOL'], sql`i.status_id = s.id and ${thereInAnyTool(list, ofClass)}`, [
      archived,
      ...rest,
    ]);
    return sql`select ${found} from held join generic_tool_statuses s on s.generic_tool_id = held.generic_tool_id
      join generic_tools t on t.id = held.generic_tool_id cross join ${inside}
      where ${gate} and ${holds} and found.generic_tool_id = held.generic_tool_id`;
  }
  if (fields[0] === 'ASSIGNEE' && !stretch.missing) {
    // person by person, in the order of their names, until the page is full
    const theirs = rows(['ASSIGNEE'], sql`i.first_assignee_id = u.id and ${there(list, ofClass)}`, null);
    const skipped = part.order.length - stretch.order.length;
    const order = stretch.order.map((key, n) => ({ ...key, sql: sql.ref(`found.k${n + skipped}`) }));
    return sql`(select ${found} from users u cross join lateral (
        select found.* from held cross join ${theirs} where ${holds}) found
      where ${gate} and u.company_id = ${list.viewer.companyId} order by ${orderBy(order)} limit ${part.limit})`;
  }
  const place = there(list, ofClass);
  if (fields[0] === 'ASSIGNEE') {
    const nobody: SortKey = { ...stretch.order[0]!, sql: sql`i.first_assignee_id` };
    const theirs = rows([], sql`i.first_assignee_id is null and ${place}`, [nobody, ...rest]);
    return sql`select ${found} from held cross join ${theirs} where ${gate} and ${holds}`;
  }
  return sql`select ${found} from held cross join ${rows([], place, stretch.order)} where ${gate} and ${holds}`;
}
