import {
  boxOf,
  ITEM_ROLES,
  type ItemRole,
  type NotificationEvent,
  type NotificationSetting,
} from '../permission/defaults.policy.ts';
import { isClosed, isIssued, type StatusCategory } from '../tool/tool.policy.ts';

/** Who is on an item: ids of users by role. */
export type RolesOf = Readonly<Record<ItemRole, readonly string[]>>;

/** What an act did to one item, as far as it decides who is told of what. */
export interface Happened {
  actorId: string | null;
  was: StatusCategory;
  is: StatusCategory;
  /** who is on it since */
  people: RolesOf;
  /** who was not before, and who is no more, in which role */
  added: RolesOf;
  removed: RolesOf;
  /** more than its status has changed, or its status within the same kind */
  edited: boolean;
  responded: boolean;
}

/** What one person is told of one item for one act. */
export interface Notice {
  /** what gives the mail, then what else applies; at least one */
  events: [NotificationEvent, ...NotificationEvent[]];
  /** the roles that they came into or went out of by it */
  joined: ItemRole[];
  left: ItemRole[];
}

export const NOBODY: RolesOf = { CREATOR: [], ASSIGNEE: [], DISTRIBUTION: [], RECEIVED_FROM: [] };

/** What can apply to an act, the first of which gives the mail (domain.md 5). */
export const BY_WEIGHT = ['CREATED', 'ASSIGNED', 'RESPONDED_TO', 'CLOSED', 'REMOVED', 'UPDATED'] as const;

/** Whom each event is about, by role; nobody where it does not apply. */
function concerned(happened: Happened): Record<(typeof BY_WEIGHT)[number], RolesOf> {
  const { was, is, people, added, removed, edited, responded } = happened;
  // Drafts never mail, and edits of what is closed mail nobody
  const isQuiet = !isIssued(is) || (isClosed(was) && isClosed(is));
  const when = (applies: boolean, roles: RolesOf): RolesOf => (applies && !isQuiet ? roles : NOBODY);
  const isNew = !isIssued(was);
  return {
    CREATED: when(isNew, people),
    ASSIGNED: when(true, isNew ? people : added),
    RESPONDED_TO: when(responded, people),
    CLOSED: when(!isClosed(was) && isClosed(is), people),
    // of a Draft nobody knew
    REMOVED: when(!isNew, removed),
    UPDATED: when((was === 'OPEN' && edited) || (isClosed(was) && !isClosed(is)), people),
  };
}

/**
 * Who is told what of an act on an item, by the matrix of its tool and project: each person what applies to them by a role whose box is
 * on, the weightiest in front. Whether they may know it (sight), want mail and can get it is judged elsewhere.
 */
export function noticesOf(happened: Happened, matrix: readonly NotificationSetting[]): Map<string, Notice> {
  const on = new Set(matrix.filter(({ enabled }) => enabled).map(boxOf));
  const about = concerned(happened);
  const events = new Map<string, NotificationEvent[]>();
  for (const event of BY_WEIGHT) {
    const told = ITEM_ROLES.filter((role) => on.has(boxOf({ event, role }))).flatMap((role) => about[event][role]);
    for (const id of new Set(told)) if (id !== happened.actorId) events.set(id, [...(events.get(id) ?? []), event]);
  }
  const rolesIn = (roles: RolesOf, id: string) => ITEM_ROLES.filter((role) => roles[role].includes(id));
  return new Map(
    [...events].map(([id, applying]): [string, Notice] => [
      id,
      {
        events: applying as Notice['events'],
        joined: rolesIn(about.ASSIGNED, id).filter((role) => role !== 'CREATOR'),
        left: rolesIn(about.REMOVED, id),
      },
    ]),
  );
}

/** What somebody may be told at this moment. */
export interface Allowed {
  /** sees the item now */
  sees: boolean;
  /** saw it just before the act */
  saw: boolean;
  /** sees the response that the act gave */
  seesResponse: boolean;
}

/** What is left of the events when what somebody may not know is taken out; null when nothing is. */
export function allowedOf(
  events: readonly NotificationEvent[],
  { sees, saw, seesResponse }: Allowed,
): Notice['events'] | null {
  const may = (event: NotificationEvent): boolean => {
    if (event === 'REMOVED') return saw;
    return sees && (event !== 'RESPONDED_TO' || seesResponse);
  };
  const [first, ...rest] = events.filter(may);
  return first ? [first, ...rest] : null;
}
