import { type RawBuilder, sql } from 'kysely';
import { uuidOf } from '../kernel/ids.ts';
import { naturalKey, sortKey } from '../kernel/text.ts';
import { type IDFilter, type StringFilter, textMatches } from './item.comparators.ts';
import { type CustomFieldsAsked, customMatches } from './item.customFilter.ts';
import { ofCustomValues } from './item.customSeed.ts';
import type { ItemFilterInput } from './item.filter.ts';
import { ADMINS, READERS } from './item.policy.ts';
import { classIsHeld } from './item.queries.ts';
import { anywhere, itemHasWords, wordsIn, wordsSought } from './item.words.ts';

type Sql = RawBuilder<unknown>;

// Items that are this few are collected and sorted: each costs 2 to 9 microseconds. If there are more, every fiftieth or so of a place
// of 100,000 is one, and a page is found by walking through the place in order.
export const FEW = 2_000;

/** Where a filter looks: the viewer, what the list is about, and the classes of items that they see all of somewhere in it. */
export interface Looking {
  viewerId: string;
  /** how many tools in projects */
  places: number;
  customFields: CustomFieldsAsked;
  projectId: string | null;
  genericToolId: string | null;
  classes: readonly string[];
}

/** Ids of items, made with `held`; how many are few; and whether a class can have any of them at all. */
export interface Seed {
  ids: Sql;
  few: number;
  has(ofClass: string): Sql;
  /** whether all of them are seen by their class: then they can be counted */
  areSeen?: true;
  /** whether they are all that the filter asks for: then nothing else is read to count them */
  areAll?: boolean;
}

// Of h among N items in P places, 50 are found by walking through P * 50 * N / h; a step costs half of what collecting one does.
// What one in 16 of a million items in 1,000 places has: 12 s if it is walked to in an order that is not that of creation, 0.5 collected.
const MOST = 150_000;

/** How many are few in so many places, of each of which a walk may have to read much: from 2,000 in one to 126,000 in 1,000. */
export const fewIn = (places: number): number => Math.min(MOST, Math.ceil(FEW * Math.max(1, places) ** 0.6));

/** The ids that eq, in or isMe restrict to; null when they do not. */
function wanted(type: string, filter: IDFilter | null | undefined, me?: string): string[] | null {
  const ids = filter?.eq != null ? [filter.eq] : filter?.in;
  if (ids) return ids.map((id) => uuidOf(type, id)).filter((id) => id !== null);
  return filter?.isMe && me ? [me] : null;
}

const inRole = (role: 'ASSIGNEE' | 'DISTRIBUTION', people: Sql): Sql =>
  sql`select p.item_id from item_people p where p.role = ${sql.lit(role)} and p.user_id = any(${people})`;

/**
 * Where all items of some classes are that can match a filter, when it names items, people of some role, reference data, values
 * of custom fields, or (in one project) states, texts or other comparisons: mostly few, whatever there is beside them. Null when it names none. The filter is one that itemMatches has taken.
 */
export function seedOf(filter: ItemFilterInput | null | undefined, looking: Looking): Seed | null {
  if (!filter) return null;
  const words = wordsSought(filter.query, 'filter.query');
  const named = ofNamed(filter, looking) ?? ofCustomValues(filter.customFields, looking.customFields, looking.viewerId);
  // those of a person, say, are looked through for words, of which nobody knows how many have them
  const both =
    named && words?.length ? sql`select i.id from (${named}) i(id) where ${itemHasWords(anywhere(words))}` : named;
  if (both) return { ids: both, few: FEW, has: () => sql`true` };
  if (words?.length)
    return { ids: withWords(anywhere(words)), few: fewIn(looking.places), has: () => sql`true`, areSeen: true };
  if (!looking.projectId || looking.classes.length === 0) return null;
  return ofStates(filter, looking) ?? ofTexts(filter, looking) ?? ofComparisons(filter, looking);
}

/** Items that have words, of the classes held; and something of the words w of each. */
export const withWords = (query: string, more: Sql = sql``): Sql => sql`select w.* from held cross join lateral (
    select w.item_id as id ${more} from ${wordsIn('item_search', query)}) w
  where ${classIsHeld}`;

function ofNamed(filter: ItemFilterInput, { viewerId, projectId }: Looking): Sql | null {
  const here = projectId ? sql`and i.project_id = ${projectId}` : sql``;
  const made = (people: Sql): Sql => sql`select i.id from items i where i.created_by_id = any(${people}) ${here}`;
  const sent = (people: Sql): Sql => sql`select i.id from items i where i.received_from_id = any(${people}) ${here}`;
  const involving = (vendors: Sql): Sql => {
    const people = sql`array(select u.id from users u where u.vendor_id = any(${vendors}))`;
    return sql.join(
      [inRole('ASSIGNEE', people), inRole('DISTRIBUTION', people), made(people), sent(people)],
      sql` union all `,
    );
  };
  const referring =
    (column: string) =>
    (ids: Sql): Sql =>
      sql`select i.id from items i where ${sql.ref(`i.${column}`)} = any(${ids})`;
  const seeds: [string[] | null, (ids: Sql) => Sql][] = [
    [filter.ids ? wanted('Item', { in: filter.ids }) : null, (ids) => sql`select unnest(${ids})`],
    [wanted('User', filter.assignee, viewerId), (ids) => inRole('ASSIGNEE', ids)],
    [wanted('User', filter.createdBy, viewerId), made],
    [wanted('User', filter.receivedFrom, viewerId), sent],
    [wanted('User', filter.distributionMember, viewerId), (ids) => inRole('DISTRIBUTION', ids)],
    [wanted('Vendor', filter.vendor), involving],
    [wanted('Location', filter.location), referring('location_id')],
    [wanted('CostCode', filter.costCode), referring('cost_code_id')],
    [wanted('SpecificationSection', filter.specificationSection), referring('specification_section_id')],
    [wanted('SubJob', filter.subJob), referring('sub_job_id')],
    [wanted('Trade', filter.trade), (ids) => sql`select i.id from items i where i.trade_ids && ${ids}`],
  ];
  const [ids, seed] = seeds.find(([named]) => named !== null) ?? [null, null];
  return ids ? seed(sql`${ids}::uuid[]`) : null;
}

/** Items of the classes in the place that is looked at: class by class, for each is a range of an index. */
const inPlace = ({ projectId, genericToolId, classes }: Looking, condition: Sql): Sql =>
  sql.join(
    classes.map(
      (ofClass) => sql`select i.id from items i
        where i.project_id = ${projectId} and i.class = ${sql.lit(ofClass)} and i.archived_at is null
        ${genericToolId ? sql`and i.generic_tool_id = ${genericToolId}` : sql``} and ${condition}`,
    ),
    sql` union all `,
  );

function ofStates(filter: ItemFilterInput, looking: Looking): Seed | null {
  const ids = wanted('GenericToolStatus', filter.status);
  const categories = filter.statusCategory?.eq != null ? [filter.statusCategory.eq] : filter.statusCategory?.in;
  if (!ids && !categories) return null;
  const states = ids ? sql`s.id = any(${ids}::uuid[])` : sql`s.category = any(${categories}::text[])`;
  const some = (category: Sql): Sql =>
    sql`exists (select 1 from generic_tool_statuses s where ${states} and ${category})`;
  return {
    few: FEW,
    // status by status, for each is a range of items_by_status
    ids: sql`select i.id from generic_tool_statuses s cross join lateral (
      ${inPlace({ ...looking, genericToolId: null }, sql`i.status_id = s.id`)} limit ${FEW + 1}) i where ${states}`,
    // a Draft is no reader's, and ADMINS have nothing else (item.policy.ts)
    has: (ofClass) =>
      ofClass === READERS
        ? some(sql`s.category <> 'DRAFT'`)
        : ofClass === ADMINS
          ? some(sql`s.category = 'DRAFT'`)
          : sql`true`,
  };
}

/**
 * Comparisons of custom fields that no index answers: the place is looked through once, not in the order of the list, which is all
 * over the table (95,000 items, a range that 35 are in, by TITLE: 35,000 buffers instead of 109,000, 0.36 s instead of 0.9 on a busy machine). Of many matches the first will do.
 */
function ofComparisons({ customFields }: ItemFilterInput, looking: Looking): Seed | null {
  if (!customFields?.length) return null;
  const { viewerId, customFields: asked } = looking;
  const holds = customFields.flatMap((one, n) => customMatches(one, asked, viewerId, `filter.customFields.${n}`));
  return holds.length > 0
    ? { ids: inPlace(looking, sql.join(holds, sql` and `)), few: FEW, has: () => sql`true` }
    : null;
}

const ASCII = /^[ -~]*$/;

/**
 * Keys fold more than filters do, so that what has a text also has its key; of letters beyond ASCII that is not so for each
 * (STRASSE is no ẞ): they are looked for one by one.
 */
function ofTexts({ title, number }: ItemFilterInput, looking: Looking): Seed | null {
  const same = (filter: StringFilter | null | undefined, key: (text: string) => string): string[] | null => {
    const texts = filter?.eq != null ? [filter.eq] : filter?.in;
    return texts?.every((text) => ASCII.test(text)) ? texts.map(key) : null;
  };
  const found = (condition: Sql): Seed => ({ ids: inPlace(looking, condition), few: FEW, has: () => sql`true` });
  const numbers = same(number, naturalKey);
  if (numbers) return found(sql`i.number_key = any(${numbers}::text[])`);
  // the number itself is in the index of its key
  if (number?.contains != null || number?.startsWith != null)
    return found(sql.join(textMatches(sql`i.number`, number, 'filter.number'), sql` and `));
  const titles = same(title, sortKey);
  if (titles) return found(sql`i.title_key = any(${titles}::text[])`);
  const part = title?.contains ?? title?.startsWith;
  if (part == null || !ASCII.test(part)) return null;
  const pattern = sortKey(part).replace(/[\\%_]/g, '\\$&');
  return found(sql`i.title_key like ${title?.contains == null ? `${pattern}%` : `%${pattern}%`}`);
}
