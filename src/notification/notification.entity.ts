import { defineEntity, p } from '@mikro-orm/core';
import { companyColumns } from '../database/columns.ts';
import { type ITEM_ROLES, NOTIFICATION_EVENTS } from '../permission/defaults.policy.ts';

/** That somebody is mailed about an item: a row for each item of a mail. */
export const ItemNotificationSchema = defineEntity({
  name: 'ItemNotification',
  tableName: 'item_notifications',
  properties: {
    ...companyColumns,
    projectId: p.uuid(),
    itemId: p.uuid(),
    recipientId: p.uuid(),
    /** what it tells of; of what is overdue, the round of one project and day */
    actId: p.uuid(),
    /** whose act; null when time did it */
    actorId: p.uuid().nullable(),
    actedAt: p.datetime(3),
    event: p.enum(NOTIFICATION_EVENTS),
    /** what applies beside it */
    others: p.array().$type<(typeof NOTIFICATION_EVENTS)[number][]>(),
    /** the roles that the recipient came into, and went out of */
    joined: p.array().$type<(typeof ITEM_ROLES)[number][]>(),
    lost: p.array().$type<(typeof ITEM_ROLES)[number][]>(),
    /** whether the item was closed before and is not now */
    reopened: p.boolean(),
    /** what it was answered with */
    responseId: p.uuid().nullable(),
    /** the mail, which may have more of them */
    deliveryId: p.uuid(),
  },
});

/** The last day that people of a project were told of what is overdue in it. */
export const OverdueDaySchema = defineEntity({
  name: 'OverdueDay',
  tableName: 'overdue_days',
  properties: {
    projectId: p.uuid().primary(),
    companyId: p.uuid(),
    toldOn: p.date(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
  },
});
