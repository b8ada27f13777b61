import { defineEntity, p } from '@mikro-orm/core';
import { companyColumns, externalColumns } from '../database/columns.ts';
import { IMPACT_STATUSES } from './item.policy.ts';

export const ItemSchema = defineEntity({
  name: 'Item',
  tableName: 'items',
  properties: {
    ...externalColumns,
    projectId: p.uuid(),
    genericToolId: p.uuid(),
    statusId: p.uuid(),
    /** the number without the tool's prefix, as given or counted */
    position: p.string(),
    /** kept by the database: lower case, for uniqueness */
    positionKey: p.string().persist(false),
    /** kept by the database: the value of a position that is a whole number */
    positionNumber: p.bigint('number').nullable().persist(false),
    /** prefix and position, and the same as a key that sorts naturally; rewritten when the prefix changes */
    number: p.string(),
    numberKey: p.string(),
    title: p.string(),
    titleKey: p.string(),
    description: p.text().nullable(),
    private: p.boolean(),
    /** kept by the database: the one of the three classes among its audiences */
    class: p.uuid().persist(false),
    dueDate: p.date().nullable(),
    scheduleImpactStatus: p.enum(IMPACT_STATUSES).nullable(),
    scheduleImpactDays: p.double().nullable(),
    costImpactStatus: p.enum(IMPACT_STATUSES).nullable(),
    costImpactAmount: p.decimal().nullable(),
    createdById: p.uuid(),
    receivedFromId: p.uuid().nullable(),
    /** the first of its assignees, written with them */
    firstAssigneeId: p.uuid().nullable(),
    /** the ids of its people in their order, with commas: item_people once more, for lists */
    assignees: p.text().nullable(),
    distributionMembers: p.text().nullable(),
    quantity: p.decimal().nullable(),
    unit: p.string().nullable(),
    issuedAt: p.datetime(3).nullable(),
    closedAt: p.datetime(3).nullable(),
    archivedAt: p.datetime(3).nullable(),
    version: p.integer(),
    locationId: p.uuid().nullable(),
    costCodeId: p.uuid().nullable(),
    specificationSectionId: p.uuid().nullable(),
    subJobId: p.uuid().nullable(),
    /** null when there are none; in the order in which they were named */
    tradeIds: p.array().columnType('uuid[]').$type<string[]>().nullable(),
    taskIds: p.array().columnType('uuid[]').$type<string[]>().nullable(),
    /** values of custom fields by the id of the field; null when there are none */
    customValues: p.json().nullable(),
    /** null when there are none; in the order in which they came */
    attachmentIds: p.array().columnType('uuid[]').$type<string[]>().nullable(),
    originItemId: p.uuid().nullable(),
    originTopicId: p.uuid().nullable(),
    /** when an import or a seed brought it; null for one that was made here */
    broughtAt: p.datetime(3).nullable(),
  },
});

/** Assignees and distribution members, in the order in which they were named. */
export const ItemPersonSchema = defineEntity({
  name: 'ItemPerson',
  tableName: 'item_people',
  properties: {
    itemId: p.uuid().primary(),
    role: p.enum(['ASSIGNEE', 'DISTRIBUTION'] as const).primary(),
    userId: p.uuid().primary(),
    companyId: p.uuid(),
    position: p.integer(),
  },
});

/** Who an item is for: the rows of audiencesOf (item.policy.ts), with what lists are ordered by. */
export const ItemAudienceSchema = defineEntity({
  name: 'ItemAudience',
  tableName: 'item_audiences',
  properties: {
    itemId: p.uuid().primary(),
    audience: p.uuid().primary(),
    companyId: p.uuid(),
    projectId: p.uuid(),
    genericToolId: p.uuid(),
    archived: p.boolean(),
    createdAt: p.datetime(3),
  },
});

/** The last number given automatically, for each project and tool; its row is the lock that parallel creates wait for. */
export const ItemCounterSchema = defineEntity({
  name: 'ItemCounter',
  tableName: 'item_counters',
  properties: {
    projectId: p.uuid().primary(),
    genericToolId: p.uuid().primary(),
    companyId: p.uuid(),
    lastPosition: p.bigint('number'),
  },
});

/** How many live items have a class, a status and, while it is Open, a due date: kept by the database, in rows to be added up. */
export const ItemCountSchema = defineEntity({
  name: 'ItemCount',
  tableName: 'item_counts',
  properties: {
    projectId: p.uuid().primary(),
    genericToolId: p.uuid().primary(),
    class: p.uuid().primary(),
    statusId: p.uuid().primary(),
    dueOn: p.date().primary(),
    slot: p.bigint('number').primary(),
    companyId: p.uuid(),
    count: p.integer(),
  },
});

/** History: one row for each changed field and change. */
export const ItemChangeSchema = defineEntity({
  name: 'ItemChange',
  tableName: 'item_changes',
  properties: {
    ...companyColumns,
    projectId: p.uuid(),
    itemId: p.uuid(),
    field: p.string(),
    oldValue: p.text().nullable(),
    newValue: p.text().nullable(),
    /** made while the item was a Draft: shown only to its creator and ADMINs */
    inDraft: p.boolean(),
    createdById: p.uuid(),
  },
});
