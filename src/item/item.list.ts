import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type PageArgs, pageOf, type SortValues } from '../database/keyset.ts';
import { listings } from '../database/listings.ts';
import { prepared } from '../database/prepared.ts';
import { type Connection, connectionOf } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import { requireUuid } from '../kernel/ids.ts';
import type { Right } from '../permission/permission.policy.ts';
import { rightsEverywhere, rightsIn } from '../permission/permission.queries.ts';
import { customFieldsAsked } from './item.customFilter.ts';
import { type ItemFilterInput, itemMatches } from './item.filter.ts';
import { type ItemOrderInput, itemOrder } from './item.order.ts';
import { classesOf, countOf, goesBack, type ItemList, isUsual, pageOfIds } from './item.pages.ts';
import type { Audience } from './item.policy.ts';
import { type ItemRow, itemOf, type StoredItem, storedColumns } from './item.queries.ts';
import { seedOf } from './item.seed.ts';

/** The viewer's rights in the places that a list looks at: a project's, or everywhere that the top of the filter allows. */
async function rightsFor(
  context: Context,
  projectId: string | null,
  filter: ItemFilterInput | null | undefined,
): Promise<Right[]> {
  const named = projectId ? [projectId] : projectsNamed(filter);
  if (named) return (await Promise.all(named.map((id) => rightsIn(context, id)))).flat();
  return (await context.loads.load(rightsEverywhere, 'all')) ?? [];
}

/** Those of the rights that a filter can still find anything by: fewer places to look. */
function rightsWanted(rights: readonly Right[], filter: ItemFilterInput | null | undefined): Right[] {
  const tool = filter?.genericTool?.eq;
  const toolId = tool == null ? null : requireUuid('GenericTool', tool, 'filter.genericTool.eq');
  const projectIds = projectsNamed(filter);
  return rights.filter(
    (right) =>
      (toolId === null || right.genericToolId === toolId) &&
      (projectIds === null || projectIds.includes(right.projectId)) &&
      (filter?.archived !== true || right.accessLevel === 'ADMIN'),
  );
}

/** Whether a filter says nothing but what places to look in, which rightsWanted has heeded: then no item need be read for it. */
function isAboutPlaces(filter: ItemFilterInput | null | undefined): boolean {
  const { project, genericTool, archived: _, ...rest } = filter ?? {};
  const only = (about: object | null | undefined, names: string[]) =>
    Object.entries(about ?? {}).every(([name, value]) => value == null || names.includes(name));
  return only(rest, []) && only(genericTool, ['eq']) && only(project, project?.eq == null ? ['in'] : ['eq']);
}

/** The projects that the top of a filter restricts a list to, if it does: nothing need be known of others. */
function projectsNamed(filter: ItemFilterInput | null | undefined): string[] | null {
  const { eq, in: list } = filter?.project ?? {};
  if (eq != null) return [requireUuid('Project', eq, 'filter.project.eq')];
  return list ? [...new Set(list.slice(0, 50).map((id) => requireUuid('Project', id, 'filter.project.in')))] : null;
}

export interface ItemListArgs extends PageArgs {
  filter?: ItemFilterInput | null;
  orderBy?: readonly ItemOrderInput[] | null;
}

type Seen = { seenAs: Audience; goesBack?: boolean };
const itemPages = listings<
  Context,
  ItemRow & Seen & { sortValues: SortValues },
  StoredItem & Seen & { sortValues: SortValues | null }
>(
  ({ lagging }) => lagging,
  // by creation, the keys are in the row
  (row) => Object.assign(itemOf(row), { sortValues: row.sortValues ?? [row.createdAt, row.id] }),
);
const itemCounts = listings<Context, { count: number }>(({ lagging }) => lagging);

/**
 * A list of items as the viewer asks for it, of one project or (null) of all: what its pages, its count and exports of it are made
 * from. `only` says what else an item must be, by the viewer's rights where it is looked for.
 */
export async function listOf(
  context: Context,
  projectId: string | null,
  { filter, orderBy }: Pick<ItemListArgs, 'filter' | 'orderBy'>,
  only: (rights: readonly Right[]) => RawBuilder<SqlBool> | null = () => null,
): Promise<ItemList> {
  const { viewer, world } = context;
  const customFields = await customFieldsAsked(context, filter, orderBy);
  const order = itemOrder(orderBy, customFields);
  const matches = itemMatches(filter, { viewerId: viewer.id, now: world.clock.now(), customFields });
  const rights = rightsWanted(await rightsFor(context, projectId, filter), filter);
  const more = only(rights);
  const conditions = [isAboutPlaces(filter) ? null : matches, more].filter((one) => one !== null);
  const single = (ids: string[]) => (new Set(ids).size === 1 ? ids[0]! : null);
  const project = single(rights.map((right) => right.projectId));
  const sight = { viewer, rights, private: filter?.private?.eq ?? null };
  const place = { projectId: project, genericToolId: single(rights.map((right) => right.genericToolId)) };
  const classes = classesOf(sight);
  const seed = seedOf(filter, { ...place, viewerId: viewer.id, customFields, places: rights.length, classes });
  return {
    ...sight,
    ...place,
    archived: filter?.archived === true,
    matches: conditions.length > 1 ? sql`(${sql.join(conditions, sql` and `)})` : (conditions[0] ?? null),
    inTexts: filter?.title != null || filter?.number != null || filter?.query != null,
    seed: seed && { ...seed, areAll: more === null && isAboutPlaces({ ...filter, query: null }) },
    order,
  };
}

/**
 * A list of items as the viewer sees it: of one project, or (null) of all. Those of several projects are read together.
 * What few items have, or what is long, is there only if it is among the fields asked for.
 */
export async function listItems(
  context: Context,
  projectId: string | null,
  args: ItemListArgs,
  asked: ReadonlySet<string>,
): Promise<Connection<ItemRow>> {
  const { loads } = context;
  const list = await listOf(context, projectId, args);
  const { order } = list;
  const page = await pageOf(args, order.keys, order.name, async (part) => {
    const query = sql`(
      with ${pageOfIds(list, part)}
      select ${storedColumns(asked)}, page.audience as "seenAs", ${goesBack(list, part)} as "goesBack",
        ${isUsual(list) ? sql`null::text[]` : sql`page.sort_values`} as "sortValues"
      from page join items i on i.id = page.id
      order by page.place)`;
    return (await loads.load(itemPages, isUsual(list) ? prepared(query) : query)) ?? [];
  });
  return connectionOf(page, async () => (await loads.load(itemCounts, sql`(${countOf(list)})`))![0]!.count);
}
