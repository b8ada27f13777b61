import type { EventType, NewEvent } from '../event/event.ts';
import { isClosed, isIssued } from '../tool/tool.policy.ts';
import type { Change } from './item.history.ts';
import type { ItemContent } from './item.patch.ts';

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
  return types.map((type) => ({
    type,
    projectId: after.projectId,
    genericToolId: after.genericToolId,
    itemId: after.id,
    payload,
  }));
}
