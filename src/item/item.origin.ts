import { type UserError, userError } from '../kernel/errors.ts';
import { Faults, type Path } from '../kernel/input.ts';
import { readTopic, type TopicInput, type TopicNamed, topicKey, topicNotFound } from '../topic/topic.input.ts';
import { isExternal } from '../topic/topic.policy.ts';

/** What a patch may say of where an item comes from: an item, or an external topic. */
export interface OriginPatch {
  originItemId?: string | null;
  originTopic?: TopicInput | null;
}

/** Where an item comes from: one of them at most. */
export interface OriginContent {
  originItemId: string | null;
  originTopicId: string | null;
}

export const NO_ORIGIN: OriginContent = { originItemId: null, originTopicId: null };

/** What a topic that was named turned out to be, for somebody who sees it. */
export interface TopicFound {
  kind: 'ITEM' | 'EXTERNAL' | 'CASE';
  id: string;
}

/** How a patch names an origin, if it names one that there can be. */
export function originNamed({ originItemId, originTopic }: OriginPatch): TopicNamed | null {
  if (originTopic != null) return canBeOrigin(originTopic) ? readTopic(new Faults(), originTopic, []) : null;
  return originItemId == null ? null : readTopic(new Faults(), asTopic(originItemId), []);
}

const asTopic = (id: string): TopicInput => ({ type: 'GENERIC_TOOL_ITEM', id });
const canBeOrigin = ({ type }: TopicInput): boolean => type === 'GENERIC_TOOL_ITEM' || isExternal(type);

/** Where a patch speaks of an origin. */
const partOf = ({ originItemId }: OriginPatch): 'originItemId' | 'originTopic' =>
  originItemId == null ? 'originTopic' : 'originItemId';

/**
 * Gives an item the origin that a patch asks for, in the place of the one that it had. It must be seen even if it is the same as
 * before: else it could be found out by trying.
 */
export function applyOrigin(
  faults: Faults,
  next: OriginContent & { id: string; number: string },
  patch: OriginPatch,
  path: Path,
  topic: (key: string) => TopicFound | undefined,
): void {
  const { originItemId, originTopic } = patch;
  if (originItemId === null) next.originItemId = null;
  if (originTopic === null) next.originTopicId = null;
  if (originItemId == null && originTopic == null) return;
  const at = [...path, partOf(patch)];
  const wrong = refuseOrigin(patch);
  if (wrong) faults.add('INVALID', wrong, [...path, 'originTopic']);
  const named = wrong ? null : readTopic(faults, originTopic ?? asTopic(originItemId!), at);
  const found = named && topic(topicKey(named));
  if (found?.id === next.id) faults.add('INVALID', `${next.number} cannot come from itself.`, at);
  else if (found) {
    next.originItemId = found.kind === 'ITEM' ? found.id : null;
    next.originTopicId = found.kind === 'EXTERNAL' ? found.id : null;
  } else if (named && originTopic) topicNotFound(faults, originTopic, at);
  else if (named) faults.notFound('Item', originItemId!, at);
}

/** Why there is no such origin, or null. */
function refuseOrigin({ originItemId, originTopic }: OriginPatch): string | null {
  if (originItemId != null && originTopic != null) return 'An item has one origin: give originItemId or originTopic.';
  if (originTopic == null || canBeOrigin(originTopic)) return null;
  return `Items come from items and external topics, not from a ${originTopic.type}.`;
}

/** An item that is about to have an origin. */
interface Move {
  before: (OriginContent & { id: string }) | null;
  after: (OriginContent & { number: string }) | null;
  patch: OriginPatch;
  path: Path;
  errors: UserError[];
}

/**
 * Refuses origins by which an item would come from itself, by way of others: judged on the state with all moves carried out that are
 * not refused, of two that close a circle the later one. `origins` are those of the items that lie before, as far as they are seen:
 * nothing is told of others.
 */
export function refuseCircles(moves: readonly Move[], origins: ReadonlyMap<string, string | null>): void {
  const isMove = ({ before, after, errors }: Move) =>
    errors.length === 0 && after !== null && before?.originItemId !== after.originItemId;
  let moving = moves.filter(isMove);
  for (;;) {
    const known = new Map(origins);
    for (const { before } of moving) known.delete(before!.id);
    const refused = moving.find(({ before, after }) => {
      if (leadsTo(before!.id, after!.originItemId, known)) return true;
      known.set(before!.id, after!.originItemId);
      return false;
    });
    if (!refused) return;
    const message = `${refused.after!.number} would come from itself, by way of others.`;
    refused.errors.push(userError('INVALID', message, [...refused.path, partOf(refused.patch)]));
    moving = moving.filter((move) => move !== refused);
  }
}

/** Whether the way from one item to where it comes from, and on, comes to another. */
function leadsTo(id: string, from: string | null, origins: ReadonlyMap<string, string | null>): boolean {
  const met = new Set<string>();
  for (let next = from; next && !met.has(next); next = origins.get(next) ?? null) {
    if (next === id) return true;
    met.add(next);
  }
  return false;
}
