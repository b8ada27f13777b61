import { type SqlBool, sql } from 'kysely';
import { badUserInput } from '../kernel/errors.ts';
import type { StatusCategory } from '../tool/tool.policy.ts';
import {
  all,
  any,
  type BooleanFilter,
  type Condition,
  type IDFilter,
  isIn,
  MAX_VALUES,
  many,
  none,
  one,
  type RangeFilter,
  range,
  type Some,
  type StringFilter,
  TRUE,
  textMatches,
  yesOrNo,
} from './item.comparators.ts';
import { type CustomFieldFilter, type CustomFieldsAsked, customMatches } from './item.customFilter.ts';
import { anywhere, itemHasWords, wordsSought } from './item.words.ts';

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
  customFields?: readonly CustomFieldFilter[] | null;
}

// api.md: filters nest to this depth
const MAX_DEPTH = 3;
// a list of filters: more is no question that a person asks
const MAX_BRANCHES = 50;
// filters and comparisons of one filter, all levels together: 2,500 take 4 s for 150 items, 300 a tenth of a second
const MAX_PARTS = 300;

/** What an item must be for a filter, as SQL over i, the item, alone. Mistakes are BAD_USER_INPUT. */
export function itemMatches(filter: ItemFilterInput | null | undefined, asker: FilterAsker): Condition {
  return filter ? matches(filter, { ...asker, parts: 0 }, 'filter', 0) : TRUE;
}

/** Who asks, when, and what custom fields the filter speaks of (customFieldsAsked). */
export interface FilterAsker {
  viewerId: string;
  now: Date;
  customFields: CustomFieldsAsked;
}

interface Asker extends FilterAsker {
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
  const custom = filter.customFields ?? [];
  if (custom.length > MAX_BRANCHES)
    throw badUserInput(`${at('customFields')}: ${custom.length} filters; at most ${MAX_BRANCHES} are taken.`);
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
    ...custom.flatMap((field, n) => customMatches(field, asker.customFields, me, `${at('customFields')}.${n}`)),
  ];
  asker.parts += 1 + conditions.length;
  if (asker.parts > MAX_PARTS)
    throw badUserInput(`filter: more than ${MAX_PARTS} filters and comparisons, all levels together.`);
  return all(conditions);
}

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

/** Every word of a query begins a word of the item. */
function words(query: string | null | undefined, path: string): Condition[] {
  const wanted = wordsSought(query, path);
  if (wanted === null) return [];
  return [wanted.length === 0 ? sql`false` : itemHasWords(anywhere(wanted))];
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
