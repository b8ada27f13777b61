import { groupBy } from '../database/loader.ts';
import type { Db } from '../database/orm.ts';
import { projectById } from '../directory/directory.queries.ts';
import type { EventRow } from '../event/event.queries.ts';
import type { Context } from '../graph/context.ts';
import { type Sight, sightOf } from '../item/sight.queries.ts';
import { badUserInput } from '../kernel/errors.ts';
import { requireUuid } from '../kernel/ids.ts';
import { responseSightOf } from '../response/response.queries.ts';
import { genericToolById } from '../tool/tool.queries.ts';
import { type ItemChangeKind, kindsFor } from './itemNews.policy.ts';
import type { Ear, Topic } from './topic.ts';

/** What a stream tells of an item; without an id: that something was missed. */
export interface ItemNews {
  kind: ItemChangeKind;
  itemId: string | null;
}

/** The items of a project, or of one tool in it. */
interface Place {
  projectId: string;
  genericToolId: string | null;
}

const MISSED: ItemNews = { kind: 'REFETCH', itemId: null };
// an import tells nothing of what it brought but that it is over
const tellsNothing = ({ type }: EventRow) => type === 'import.finished';
const isAt = (event: EventRow, { projectId, genericToolId }: Place) =>
  event.itemId !== null &&
  event.projectId === projectId &&
  (genericToolId === null || event.genericToolId === genericToolId);

// for that many the statement takes some 100 ms; a batch of 100 items for 200 people is one
const PAIRS_AT_ONCE = 20_000;

async function sightsOf(db: Db, actId: string, itemIds: readonly string[], userIds: readonly string[]) {
  const atOnce = Math.max(1, Math.floor(PAIRS_AT_ONCE / userIds.length));
  const sights: Sight[] = [];
  for (let i = 0; i < itemIds.length; i += atOnce)
    sights.push(...(await sightOf(db, actId, itemIds.slice(i, i + atOnce), userIds)));
  return new Map(sights.map((sight) => [`${sight.userId} ${sight.itemId}`, sight]));
}

/** The news of an act for each of those who listen: two statements for all of them and all items, a third where it was answered. */
async function readItems(db: Db, events: readonly EventRow[], ears: readonly Ear<Place>[]): Promise<ItemNews[][]> {
  if (events.some(tellsNothing)) return ears.map(() => [MISSED]);
  const heard = events.filter((event) => ears.some(({ about }) => isAt(event, about)));
  const byItem = groupBy(heard, ({ itemId }) => itemId!);
  const userIds = [...new Set(ears.map(({ userId }) => userId))];
  const sights = await sightsOf(db, events[0]!.actId, [...byItem.keys()], userIds);
  const answers = heard.flatMap(({ type, responseId }) => (type === 'response.created' ? [responseId!] : []));
  const seen = answers.length > 0 ? await responseSightOf(db, answers, userIds) : [];
  const seesAnswer = new Set(seen.map(({ userId, responseId }) => `${userId} ${responseId}`));
  return ears.map(({ userId, about }) =>
    [...byItem].flatMap(([itemId, told]) => {
      const sight = sights.get(`${userId} ${itemId}`);
      if (!sight || !isAt(told[0]!, about)) return [];
      const seesResponse = told.some(({ responseId }) => seesAnswer.has(`${userId} ${responseId}`));
      const types = new Set(told.map(({ type }) => type));
      return kindsFor(types, { ...sight, seesResponse }).map((kind) => ({ kind, itemId }));
    }),
  );
}

/**
 * The items of a project, or of one tool in it, as something to listen to. BAD_USER_INPUT for what is no id, or names what the viewer
 * does not see.
 */
export async function itemsTopic(
  { loads }: Context,
  args: { projectId: string; genericToolId?: string | null },
): Promise<Topic<ItemNews, Place>> {
  const projectId = requireUuid('Project', args.projectId, 'projectId');
  const genericToolId =
    args.genericToolId == null ? null : requireUuid('GenericTool', args.genericToolId, 'genericToolId');
  const [project, tool] = await Promise.all([
    loads.load(projectById, projectId),
    genericToolId && loads.load(genericToolById, genericToolId),
  ]);
  if (!project) throw badUserInput(`projectId: there is no Project "${args.projectId.slice(0, 100)}".`);
  if (genericToolId && !tool)
    throw badUserInput(`genericToolId: there is no GenericTool "${args.genericToolId!.slice(0, 100)}".`);
  const about = { projectId, genericToolId };
  return {
    about,
    concerns: (event) => tellsNothing(event) || isAt(event, about),
    read: readItems,
    missed: MISSED,
  };
}
