/** What people can be told of about items of a tool in a project (domain.md 5). */
export const NOTIFICATION_EVENTS = [
  'CREATED',
  'ASSIGNED',
  'RESPONDED_TO',
  'UPDATED',
  'REMOVED',
  'CLOSED',
  'OVERDUE',
] as const;
export type NotificationEvent = (typeof NOTIFICATION_EVENTS)[number];

/** What somebody can be on an item. */
export const ITEM_ROLES = ['CREATOR', 'ASSIGNEE', 'DISTRIBUTION', 'RECEIVED_FROM'] as const;
export type ItemRole = (typeof ITEM_ROLES)[number];

/** One box of the matrix: whether people in a role are told of an event. */
export interface NotificationSetting {
  event: NotificationEvent;
  role: ItemRole;
  enabled: boolean;
}

const NAMED = ['ASSIGNEE', 'DISTRIBUTION', 'RECEIVED_FROM'] as const;

/** The boxes that there are, and whether they are on where nobody has said anything. */
const MATRIX: Record<NotificationEvent, { roles: readonly ItemRole[]; enabled: boolean }> = {
  CREATED: { roles: ITEM_ROLES, enabled: true },
  ASSIGNED: { roles: NAMED, enabled: true },
  RESPONDED_TO: { roles: ITEM_ROLES, enabled: true },
  UPDATED: { roles: ITEM_ROLES, enabled: false },
  REMOVED: { roles: NAMED, enabled: false },
  CLOSED: { roles: ITEM_ROLES, enabled: false },
  OVERDUE: { roles: ['ASSIGNEE'], enabled: true },
};

/** What was said about boxes, by `boxOf`. */
export type SaidSettings = Readonly<Record<string, boolean>>;

export const boxOf = ({ event, role }: Pick<NotificationSetting, 'event' | 'role'>): string => `${event} ${role}`;

/**
 * The matrix of a tool in a project, as it works: what was said there, else the default. Nobody is told that something is overdue
 * where the tool does not send that, whatever was said; what was said holds again once it does.
 */
export const settingsOf = (
  said: SaidSettings,
  { sendsOverdueNotifications }: { sendsOverdueNotifications: boolean },
): NotificationSetting[] =>
  NOTIFICATION_EVENTS.flatMap((event) =>
    MATRIX[event].roles.map((role) => ({
      event,
      role,
      enabled:
        (said[boxOf({ event, role })] ?? MATRIX[event].enabled) && (event !== 'OVERDUE' || sendsOverdueNotifications),
    })),
  );
