import type { EventType, NewEvent } from '../event/event.ts';
import { isClosed, isIssued, type StatusCategory } from '../tool/tool.policy.ts';
import type { Change } from './item.history.ts';
import type { ItemContent } from './item.patch.ts';

/** Who is on an item by role since an act, and what kind of status it had before and has since: what people are told by. */
export interface Cast {
  was: StatusCategory;
  is: StatusCategory;
  creator: string;
  receivedFrom: string | null;
  assignees: readonly string[];
  distribution: readonly string[];
}

type Peopled = Pick<
  ItemContent,
  'category' | 'createdById' | 'receivedFromId' | 'assigneeIds' | 'distributionMemberIds'
>;

/** The cast as one of the act's events brings it. Ids of four hundred people are 15 kB: it is not there where nobody is to be told. */
export function castIn(was: StatusCategory, after: Peopled, skipEmails: boolean): { cast?: Cast } {
  if (skipEmails || !isIssued(after.category) || (isClosed(was) && isClosed(after.category))) return {};
  const { category: is, createdById: creator, receivedFromId: receivedFrom } = after;
  return {
    cast: { was, is, creator, receivedFrom, assignees: after.assigneeIds, distribution: after.distributionMemberIds },
  };
}

/** Nobody is mailed about these; and nothing else happens to an item with them. */
const isMoving = (type: EventType): boolean => type === 'item.archived' || type === 'item.restored';

/** What happened to an item, by the events that tell of it (domain.md 6). `before` is null when it was just made. */
export function eventsOf(
  before: ItemContent | null,
  after: ItemContent,
  changes: readonly Change[],
  skipEmails: boolean,
): NewEvent[] {
  const was = before?.category ?? 'DRAFT';
  const types: EventType[] = [
    ...(before ? [] : ['item.created' as const]),
    ...(!isIssued(was) && isIssued(after.category) ? ['item.issued' as const] : []),
    ...(!isClosed(was) && isClosed(after.category) ? ['item.closed' as const] : []),
    ...(isClosed(was) && !isClosed(after.category) ? ['item.reopened' as const] : []),
    ...(before && before.archivedAt === null && after.archivedAt !== null ? ['item.archived' as const] : []),
    ...(before && before.archivedAt !== null && after.archivedAt === null ? ['item.restored' as const] : []),
  ];
  const isMoved =
    before !== null && (before.originItemId !== after.originItemId || before.originTopicId !== after.originTopicId);
  // the status of an item that was issued, closed or reopened is told by that
  const rest = changes.some(({ field }) => field !== 'archived' && (field !== 'status' || types.length === 0));
  if (before && (rest || isMoved || types.length === 0)) types.push('item.updated');
  const payload = {
    version: after.version,
    skipEmails,
    changes: [
      ...changes.map(({ field, event }) => ({ field, old: event.old, new: event.new })),
      // whoever hears of it may not see where it comes from
      ...(isMoved ? [{ field: 'origin', old: undefined, new: undefined }] : []),
    ],
  };
  return types.map((type, n) => ({
    type,
    projectId: after.projectId,
    genericToolId: after.genericToolId,
    itemId: after.id,
    payload: n === 0 && !isMoving(type) ? { ...payload, ...castIn(was, after, skipEmails) } : payload,
  }));
}
