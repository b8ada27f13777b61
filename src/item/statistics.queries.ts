import { type RawBuilder, sql } from 'kysely';
import { listings } from '../database/listings.ts';
import { prepared } from '../database/prepared.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Context } from '../graph/context.ts';
import { uuidOf } from '../kernel/ids.ts';
import type { Right } from '../permission/permission.policy.ts';
import { rightsIn } from '../permission/permission.queries.ts';
import { customFieldsAsked } from './item.customFilter.ts';
import { type ItemFilterInput, itemMatches } from './item.filter.ts';
import { ADMINS_OF_PRIVATE, audiencesSought, CLASSES } from './item.policy.ts';

/** How many items that the viewer sees have a status, and how many of them are overdue. */
export interface ItemStatisticRow {
  genericToolId: string;
  statusId: string;
  count: number;
  overdue: number;
}

const statistics = listings<Context, ItemStatisticRow>(({ lagging }) => lagging);

/**
 * The items of a project that the viewer sees, counted by tool and status; only pairs that have any, by title of the tool and in
 * the order of its statuses. Those of several projects are read together. Mistakes in the filter are BAD_USER_INPUT.
 */
export async function countItems(
  context: Context,
  projectId: string,
  given: ItemFilterInput | null | undefined,
): Promise<ItemStatisticRow[]> {
  const { loads, viewer, world } = context;
  const filter = given ?? {};
  const now = world.clock.now();
  const customFields = await customFieldsAsked(context, filter, null);
  const matches = itemMatches(filter, { viewerId: viewer.id, now, customFields });
  const rights = rightsWanted(await rightsIn(context, projectId), filter);
  if (rights.length === 0) return [];
  const source = filter.archived ? fromArchived : isInCounts(filter) ? fromCounts : fromItems;
  const query = sql<ItemStatisticRow>`(
    with ${held(viewer, rights, now)},
    i as (${source(viewer)})
    select i.generic_tool_id as "genericToolId", i.status_id as "statusId", sum(i.count)::int as count,
      coalesce(sum(i.count) filter (
        where s.category = 'OPEN' and i.due_date < (${now}::timestamptz at time zone pr.time_zone)::date), 0)::int as overdue
    from i
      join generic_tool_statuses s on s.id = i.status_id
      join generic_tools t on t.id = i.generic_tool_id
      join projects pr on pr.id = i.project_id
    where ${matches}
    group by i.generic_tool_id, i.status_id, t.title_key, s.sort_key having sum(i.count) > 0
    order by t.title_key, i.generic_tool_id, s.sort_key, i.status_id)`;
  return (await loads.load(statistics, isUsual(filter) ? prepared(query) : query)) ?? [];
}

/** Those of the rights that a filter can still find anything by: fewer places to look. */
function rightsWanted(rights: readonly Right[], { genericTool, archived }: ItemFilterInput): Right[] {
  const tools = [genericTool?.eq == null ? null : [genericTool.eq], genericTool?.in ?? null]
    .filter((gids) => gids !== null)
    .map((gids) => new Set(gids.map((gid) => uuidOf('GenericTool', gid))));
  return rights.filter(
    (right) =>
      tools.every((wanted) => wanted.has(right.genericToolId)) && (archived !== true || right.accessLevel === 'ADMIN'),
  );
}

/** The audiences that the viewer belongs to, with the day that it is there: no single users and vendors beside all three classes. */
function held(viewer: Viewer, rights: readonly Right[], now: Date): RawBuilder<unknown> {
  const rows = rights.flatMap((right) =>
    audiencesSought(viewer, right, right).map((audience) => ({ ...right, audience })),
  );
  // (select ...): how many there are is not seen while planning, which then is the same each time and done once
  return sql`held as materialized (
    select place.*, (${now}::timestamptz at time zone pr.time_zone)::date as today
    from unnest(
      (select ${rows.map(({ projectId }) => projectId)}::uuid[]),
      (select ${rows.map(({ genericToolId }) => genericToolId)}::uuid[]),
      (select ${rows.map(({ audience }) => audience)}::uuid[])
    ) place(project_id, generic_tool_id, audience)
    join projects pr on pr.id = place.project_id)`;
}

const inRange = (
  viewer: Viewer,
  archived: boolean,
) => sql`a.company_id = ${viewer.companyId} and a.audience = held.audience
  and a.project_id = held.project_id and a.generic_tool_id = held.generic_tool_id and a.archived = ${archived}`;

// what filters can ask of counts: the rest is forgotten in them
const IN_COUNTS = ['project', 'genericTool', 'status', 'statusName', 'statusCategory', 'private', 'overdue'];

/** Whether counts tell which items match. */
const isInCounts = (filter: ItemFilterInput): boolean =>
  Object.entries(filter).every(([name, value]) => {
    if (value == null || IN_COUNTS.includes(name)) return true;
    if (name === 'archived') return value === false;
    if (name === 'not') return isInCounts(value);
    return (name === 'and' || name === 'or') && value.every(isInCounts);
  });

/** Whether it is one of the few filters that most requests have. */
const isUsual = (filter: ItemFilterInput): boolean =>
  Object.entries(filter).every(([name, value]) => value == null || name === 'genericTool');

/** The live items that only an audience of the viewer's own lets them see, as `item`, with the day that it is there. */
const own = (viewer: Viewer): RawBuilder<unknown> => sql`(
    select distinct a.item_id, held.today from held join item_audiences a on ${inRange(viewer, false)}
    where held.audience not in (${sql.join(CLASSES.map((audience) => sql.lit(audience)))})
  ) own
  join items item on item.id = own.item_id
  where not exists (
    select from held
    where held.project_id = item.project_id and held.generic_tool_id = item.generic_tool_id and held.audience = item.class)`;

/**
 * The live items that are seen, put together as far as filters can tell them apart: item_counts of the classes held, and those of
 * the viewer's own one by one. All that is left of a due date is whether it is past.
 */
const fromCounts = (viewer: Viewer): RawBuilder<unknown> => sql`
  select project_id, generic_tool_id, status_id, private,
    case when is_past then date '-infinity' else 'infinity' end as due_date, sum(count) as count
  from (
    select c.project_id, c.generic_tool_id, c.status_id, c.class = ${sql.lit(ADMINS_OF_PRIVATE)} as private,
      c.due_on < held.today as is_past, c.count
    from held join item_counts c
      on c.project_id = held.project_id and c.generic_tool_id = held.generic_tool_id and c.class = held.audience
    union all
    select item.project_id, item.generic_tool_id, item.status_id, item.private, item.due_date < own.today, 1 from ${own(viewer)}
  ) part
  group by 1, 2, 3, 4, 5`;

/**
 * The live items that are seen, one by one: of the classes held as an index has them. Each by its audience was 18,000 buffers for
 * 4,500 items, this is 4,600, and 1,600 where the index has what the filter asks for.
 */
const fromItems = (viewer: Viewer): RawBuilder<unknown> => sql`
  select item.*, 1 as count
  from held join items item on item.project_id = held.project_id and item.generic_tool_id = held.generic_tool_id
    and item.class = held.audience and item.archived_at is null
  union all
  select item.*, 1 from ${own(viewer)}`;

/** The archived items that are seen: few beside those that are not archived. */
const fromArchived = (viewer: Viewer): RawBuilder<unknown> => sql`
  select item.*, 1 as count
  from (select distinct a.item_id from held join item_audiences a on ${inRange(viewer, true)}) seen
  join items item on item.id = seen.item_id`;
