import type { EventRow } from '../event/event.queries.ts';
import type { FieldChange } from '../event/event.ts';
import type { Cast } from '../item/item.events.ts';
import type { ItemRole } from '../permission/defaults.policy.ts';
import { isClosed } from '../tool/tool.policy.ts';
import type { Happened, RolesOf } from './notification.policy.ts';

/** What an act did to an item that people may be told of, and where. */
export interface ItemAct {
  itemId: string;
  projectId: string;
  genericToolId: string;
  /** the response that it gave, if any */
  responseId: string | null;
  /** whether it was closed before and is not now */
  reopened: boolean;
  happened: Happened;
}

/** The fields of history that hold people, by the role that these have. */
const ROLE_OF: Record<string, ItemRole> = {
  assignees: 'ASSIGNEE',
  distributionMembers: 'DISTRIBUTION',
  receivedFrom: 'RECEIVED_FROM',
};

/** Those whom the changes of an act brought (`new`) or took away (`old`), by role. */
function moved(changes: readonly FieldChange[], side: 'old' | 'new'): RolesOf {
  const roles: Record<ItemRole, string[]> = { CREATOR: [], ASSIGNEE: [], DISTRIBUTION: [], RECEIVED_FROM: [] };
  for (const change of changes) {
    const role = ROLE_OF[change.field];
    const id = change[side];
    if (role && typeof id === 'string') roles[role].push(id);
  }
  return roles;
}

/** What the events of an act say happened to each item; nothing of those that nobody is to be mailed about. */
export function itemActsOf(events: readonly EventRow[]): ItemAct[] {
  const byItem = Map.groupBy(
    events.filter(({ itemId }) => itemId !== null),
    ({ itemId }) => itemId!,
  );
  return [...byItem].flatMap(([itemId, told]): ItemAct[] => {
    const cast = told.find(({ payload }) => payload.cast)?.payload.cast as Cast | undefined;
    const [{ projectId, genericToolId, actorId }] = told as [EventRow];
    if (!cast || projectId === null || genericToolId === null) return [];
    const has = (...types: EventRow['type'][]) => told.find(({ type }) => types.includes(type));
    // events of one item share their changes; those of a response are its own
    const changes = told.find(({ responseId }) => responseId === null)?.payload.changes ?? [];
    const { was, is } = cast;
    const happened: Happened = {
      ...{ actorId, was, is, edited: has('item.updated') !== undefined },
      people: {
        ...{ CREATOR: [cast.creator], ASSIGNEE: cast.assignees, DISTRIBUTION: cast.distribution },
        RECEIVED_FROM: cast.receivedFrom === null ? [] : [cast.receivedFrom],
      },
      added: moved(changes, 'new'),
      removed: moved(changes, 'old'),
      responded: has('response.created') !== undefined,
    };
    const responseId = has('response.created')?.responseId ?? null;
    return [{ itemId, projectId, genericToolId, responseId, reopened: isClosed(was) && !isClosed(is), happened }];
  });
}
