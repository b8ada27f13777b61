import { type RawBuilder, type SqlBool, sql } from 'kysely';
import {
  after,
  type Order,
  orderBy,
  type PageArgs,
  type Part,
  pageOf,
  type SortValues,
  sortValues,
} from '../database/keyset.ts';
import { listings } from '../database/listings.ts';
import { type Connection, connectionOf } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import { itemOrder } from '../item/item.order.ts';
import { countOf, heldBy, type ItemList, ownOf, pageOfIds } from '../item/item.pages.ts';
import { classIsHeld } from '../item/item.queries.ts';
import { fewIn, withWords } from '../item/item.seed.ts';
import { anywhere, itemHasWords, nearness, wordsIn, wordsMatch, wordsSought } from '../item/item.words.ts';
import { badUserInput } from '../kernel/errors.ts';
import { requireUuid } from '../kernel/ids.ts';
import { rightsEverywhere } from '../permission/permission.queries.ts';
import { responseIsSeen } from '../response/response.queries.ts';
import { type Hit, hitById, type SearchKind } from './search.hits.ts';

type Sql = RawBuilder<unknown>;

export interface SearchArgs extends Pick<PageArgs, 'first' | 'after'> {
  query: string;
  projectIds?: readonly string[] | null;
  kinds?: readonly SearchKind[] | null;
}

/** What is looked for, and where. */
interface Search {
  words: readonly string[];
  list: ItemList;
  items: boolean;
  responses: boolean;
  few: number;
}

/** A row that was found: nearest first, then newest. */
interface Found {
  kind: SearchKind;
  id: string;
  sortValues: SortValues;
}

const MAX_PROJECTS = 50;
// More are walked to from the newest on: of a million items, 63,000 hits took 4 s to be collected on a busy machine, 5,000 take 0.2
const MOST = 5_000;

const ORDER: Order = [
  { sql: sql.ref('found.rank'), type: 'integer', direction: 'DESC' },
  { sql: sql.ref('found.created_at'), type: 'timestamptz', direction: 'DESC' },
  { sql: sql.ref('found.id'), type: 'uuid', direction: 'DESC' },
];

/** The words w of an item by how near they are to what it is called: 1, or the last of `nearness` that holds, from 2. */
const rankOf = (words: readonly string[]): Sql => {
  const nearer = nearness(words).map((query, n) => sql`when ${wordsMatch(query)} then ${sql.lit(n + 2)}`);
  return sql`case ${sql.join(nearer.toReversed(), sql` `)} else 1 end`;
};

async function searchFor(context: Context, args: SearchArgs): Promise<Search> {
  const { viewer, loads } = context;
  const words = wordsSought(args.query, 'query') ?? [];
  const { projectIds, kinds } = args;
  if (projectIds && projectIds.length > MAX_PROJECTS)
    throw badUserInput(`projectIds: ${projectIds.length} projects; at most ${MAX_PROJECTS} are taken.`);
  const projects = projectIds && new Set(projectIds.map((id) => requireUuid('Project', id, 'projectIds')));
  const items = kinds?.includes('ITEM') ?? true;
  const responses = kinds?.includes('RESPONSE') ?? true;
  const nothing = words.length === 0 || !(items || responses);
  const all = nothing ? [] : ((await loads.load(rightsEverywhere, 'all')) ?? []);
  const rights = all.filter(({ projectId }) => !projects || projects.has(projectId));
  const few = Math.min(MOST, fewIn(rights.length));
  const list: ItemList = {
    ...{ viewer, rights, projectId: null, genericToolId: null, archived: false, private: null, inTexts: true },
    matches: itemHasWords(anywhere(words)),
    seed: { ids: withWords(anywhere(words)), few, has: () => sql`true`, areSeen: true, areAll: true },
    order: itemOrder(null, new Map()),
  };
  return { words, list, few, items, responses };
}

/** Ids of responses that have words, to items of the classes held. */
const responsesWith = (query: string): Sql => sql`select w.id from held cross join lateral (
    select w.response_id as id from ${wordsIn('response_search', query)}) w where ${classIsHeld}`;

/** The response r to the item i, both with their words: those that the viewer sees as user or vendor, and by no class. */
const ownResponses = ({ list, words }: Search): Sql => sql`${ownOf(list)} join responses r on r.item_id = i.id
  join response_search w on w.response_id = r.id and ${wordsMatch(anywhere(words))} and ${responseIsSeen(list.viewer)}`;

const hitResponses = ({ list }: Search): Sql => sql`
  join responses r on r.id = hit.id join items i on i.id = r.item_id and ${responseIsSeen(list.viewer)}`;

const limited = (name: string, ids: Sql, few: number): Sql =>
  sql`${sql.ref(name)} as materialized (select * from (${ids}) hit limit ${few + 1})`;
const NONE = sql`select null::uuid as id, null::integer as rank where false`;

/** A page of what was found, if it is little: collected, ranked and sorted. Else one row that says so. */
function collected(search: Search, where: RawBuilder<SqlBool>, limit: number): Sql {
  const { list, words, items, responses, few } = search;
  const query = anywhere(words);
  const isFew = (name: string) => sql`(select count(*) from ${sql.ref(name)}) <= ${few}`;
  const ofItems = sql`select 'ITEM' as kind, i.id, ${rankOf(words)} as rank, i.created_at`;
  const ofResponses = sql`select 'RESPONSE' as kind, r.id, 1 as rank, r.created_at`;
  const found = [
    ...(items
      ? [
          sql`select 'ITEM' as kind, i.id, hit.rank, i.created_at
              from item_hits hit cross join lateral (select i.* from items i where i.id = hit.id offset 0) i`,
          sql`${ofItems} from ${ownOf(list)} join item_search w on w.item_id = i.id and ${wordsMatch(query)}`,
        ]
      : []),
    ...(responses
      ? [
          sql`${ofResponses} from response_hits hit ${hitResponses(search)}`,
          sql`${ofResponses} from ${ownResponses(search)}`,
        ]
      : []),
  ];
  return sql`(
    with ${heldBy(list)},
    ${limited('item_hits', items ? withWords(query, sql`, ${rankOf(words)} as rank`) : NONE, few)},
    ${limited('response_hits', responses ? responsesWith(query) : NONE, few)},
    size as materialized (select ${isFew('item_hits')} and ${isFew('response_hits')} as few)
    select size.few, page.*
    from size left join lateral (
      select found.*, ${sortValues(ORDER)} as "sortValues"
      from (${sql.join(found, sql` union all `)}) found
      where size.few and ${where}
      order by ${orderBy(ORDER)} limit ${limit}
    ) page on true
    order by page.rank desc, page.created_at desc, page.id desc)`;
}

type Collected = { few: boolean } & (Found | { id: null });
const collectedPages = listings<Context, Collected>(({ lagging }) => lagging);
const tierPages = listings<Context, Found>(({ lagging }) => lagging);
const counts = listings<Context, { count: number }>(({ lagging }) => lagging);

/** A part of the items of a rank, as a list by creation. */
function itemsOfRank({ list, words, few }: Search, rank: number, from: SortValues | null, limit: number): Sql {
  const query = rank === 1 ? anywhere(words) : nearness(words)[rank - 2]!;
  const ofRank: ItemList = {
    ...list,
    matches: sql`(select ${wordsMatch(query)} and ${rankOf(words)} = ${sql.lit(rank)} from item_search w where w.item_id = i.id)`,
    seed: { ids: withWords(query), few, has: () => sql`true`, areSeen: true },
  };
  return sql`(
    with ${pageOfIds(ofRank, partOf(list.order.keys, from, limit))}
    select 'ITEM' as kind, page.id, array[${String(rank)}] || page.sort_values as "sortValues" from page order by page.place)`;
}

const partOf = (order: Order, from: SortValues | null, limit: number): Part => {
  const where = from ? after(order, from) : sql<SqlBool>`true`;
  return { key: '', where, from, until: sql`true`, behind: null, order, limit };
};

const BY_CREATION: Order = ORDER.slice(1);

/** The newest responses: few that were found, or walked to through those of the company. */
function newestResponses(search: Search, from: SortValues | null, limit: number): Sql {
  const { list, words, few } = search;
  const query = anywhere(words);
  const isFew = sql`(select count(*) from response_hits) <= ${few}`;
  const where = from ? after(BY_CREATION, from) : sql`true`;
  const walked: Order = BY_CREATION.map((key, n) => ({
    ...key,
    sql: sql.ref(n === 0 ? 'w.created_at' : 'w.response_id'),
  }));
  // offset 0 and "case": in the order of the index, past what does not match, as lists of items are walked through
  return sql`(
    with ${heldBy(list)}, ${limited('response_hits', responsesWith(query), few)}
    select 'RESPONSE' as kind, found.id, array['1', found.created_at::text, found.id::text] as "sortValues"
    from (
      select r.id, r.created_at from response_hits hit ${hitResponses(search)} where ${isFew}
      union all
      select r.id, r.created_at from ${ownResponses(search)}
      union all
      (select w.response_id, w.created_at from (
          select w.* from response_search w where w.company_id = ${list.viewer.companyId} and ${from ? after(walked, from) : sql`true`}
          order by ${orderBy(walked)} offset 0
        ) w
        where not (${isFew}) and case when ${wordsMatch(query)}
            and (w.project_id, w.generic_tool_id, w.class) in (select project_id, generic_tool_id, audience from held)
            and exists (select 1 from responses r join items i on i.id = r.item_id
              where r.id = w.response_id and ${responseIsSeen(list.viewer)})
          then true else false end
        limit ${limit})
    ) found where ${where} order by ${orderBy(BY_CREATION)} limit ${limit})`;
}

const newerFirst = (a: Found, b: Found): number => (a.sortValues.join() < b.sortValues.join() ? 1 : -1);

/** A page of what was found, when it is much: rank by rank, each as a list that is walked through, until the page is full. */
async function rankByRank(
  { loads }: Context,
  search: Search,
  from: SortValues | null,
  limit: number,
): Promise<Found[]> {
  const page: Found[] = [];
  const nearest = nearness(search.words).length + 1;
  const start = from ? Math.min(Number(from[0]), nearest) : nearest;
  for (let rank = start; rank >= 1 && page.length < limit; rank -= 1) {
    const behind = from && Number(from[0]) === rank ? from.slice(1) : null;
    const wanted = limit - page.length;
    const queries = [
      ...(search.items ? [itemsOfRank(search, rank, behind, wanted)] : []),
      ...(search.responses && rank === 1 ? [newestResponses(search, behind, wanted)] : []),
    ];
    const found = await Promise.all(queries.map(async (query) => (await loads.load(tierPages, query)) ?? []));
    page.push(...found.flat().sort(newerFirst).slice(0, wanted));
  }
  return page;
}

/** So many rows of what was found, behind a cursor. */
async function rowsFrom(context: Context, search: Search, from: SortValues | null, limit: number): Promise<Found[]> {
  if (search.list.rights.length === 0) return [];
  const where = from ? after(ORDER, from) : sql<SqlBool>`true`;
  const rows = (await context.loads.load(collectedPages, collected(search, where, limit)))!;
  if (!rows[0]!.few) return rankByRank(context, search, from, limit);
  return rows.filter((row) => row.id !== null);
}

const count = async ({ loads }: Context, query: Sql): Promise<number> => (await loads.load(counts, query))![0]!.count;

async function countAll(context: Context, search: Search): Promise<number> {
  const { list, words, items, responses } = search;
  if (list.rights.length === 0) return 0;
  const queries = [
    ...(items ? [sql`(${countOf(list)})`] : []),
    ...(responses
      ? [
          sql`(with ${heldBy(list)} select (
              (select count(*) from (${responsesWith(anywhere(words))}) hit(id) ${hitResponses(search)})
              + (select count(*) from ${ownResponses(search)}))::int as count)`,
        ]
      : []),
  ];
  return (await Promise.all(queries.map((query) => count(context, query)))).reduce((sum, n) => sum + n, 0);
}

/** Items and responses that the viewer sees and that have all the words, nearest first, then newest. */
export async function search(context: Context, args: SearchArgs): Promise<Connection<Hit>> {
  const sought = await searchFor(context, args);
  const { edges, ...sides } = await pageOf(args, ORDER, 'search', async (part) => {
    if (part.order[0]!.direction === 'DESC') return rowsFrom(context, sought, part.from, part.limit);
    // whether there is anything before a row is whether it is not the first of all
    return (await rowsFrom(context, sought, null, 1)).filter(({ id }) => id !== part.from?.at(-1));
  });
  const hits = await Promise.all(edges.map(({ node }) => hitById(context, node.kind, node.id)));
  // what has just become invisible is left out
  const shown = edges.flatMap((edge, n) => {
    const hit = hits[n];
    return hit ? [{ cursor: edge.cursor, node: { hit, words: sought.words } }] : [];
  });
  return connectionOf({ edges: shown, ...sides }, () => countAll(context, sought));
}
