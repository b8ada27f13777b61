import { follow, type MaybePromise } from '../database/loader.ts';
import { Project, User } from '../directory/directory.graph.ts';
import { projectNamed, userById } from '../directory/directory.queries.ts';
import { placeOf, rightAt } from '../directory/standing.queries.ts';
import { builder } from '../graph/builder.ts';
import { connectionType } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import { fieldsOfNodes } from '../graph/selection.ts';
import { requireUuid } from '../kernel/ids.ts';
import { GenericToolStatus } from '../tool/status.graph.ts';
import { statusNamed } from '../tool/status.queries.ts';
import { GenericTool } from '../tool/tool.graph.ts';
import { toolNamed } from '../tool/tool.queries.ts';
import { type ItemChangeRow, itemChangeById, listChanges } from './change.queries.ts';
import { abilitiesOf, isOverdue } from './item.abilities.ts';
import { listItems } from './item.list.ts';
import { audiencesHeld, audiencesOf, isClass } from './item.policy.ts';
import { type ItemRow, involvedIds, itemById } from './item.queries.ts';
import { labelOf } from './item.shownValues.ts';
import { ImpactStatusRef, ItemFilterRef, ItemOrderRef } from './itemInput.graph.ts';

export const Item = builder.objectRef<ItemRow>('Item');

/**
 * The second line: an item is shown only with an audience that the viewer holds at this moment and that the item, as its row has
 * it, is for, whatever query it came from. The row does not know its people's vendors: here any of them may work for the viewer's.
 */
function isProvenSeen(item: ItemRow, { viewer, loads }: Context): MaybePromise<boolean> {
  return follow(loads.at(rightAt, placeOf(item.projectId, item.genericToolId)), (right) => {
    if (!right || (item.archivedAt !== null && right.accessLevel !== 'ADMIN')) return false;
    if (!audiencesHeld(viewer, right, right).includes(item.seenAs)) return false;
    const people = isClass(item.seenAs) ? [] : involvedIds(item);
    const { category, private: isPrivate, createdById } = item;
    const involved = people.map((id) => ({ id, vendorId: viewer.vendorId }));
    return audiencesOf({ category, private: isPrivate, createdById, involved }).includes(item.seenAs);
  });
}

const ScheduleImpactRef = builder.objectRef<ItemRow>('ScheduleImpact').implement({
  description: 'An impact on the schedule.',
  fields: (t) => ({
    status: t.field({
      type: ImpactStatusRef,
      description: 'Whether there is one.',
      resolve: (item) => item.scheduleImpactStatus!,
    }),
    days: t.float({
      nullable: true,
      description: 'By how many days; only with YES_KNOWN.',
      resolve: (item) => item.scheduleImpactDays,
    }),
  }),
});

const CostImpactRef = builder.objectRef<ItemRow>('CostImpact').implement({
  description: 'An impact on the cost.',
  fields: (t) => ({
    status: t.field({
      type: ImpactStatusRef,
      description: 'Whether there is one.',
      resolve: (item) => item.costImpactStatus!,
    }),
    amount: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'By how much money; only with YES_KNOWN.',
      resolve: (item) => item.costImpactAmount,
    }),
  }),
});

const ItemChangeRef = builder.objectRef<ItemChangeRow>('ItemChange');
builder.node(ItemChangeRef, {
  description:
    'One changed field of an item: history, never edited. Seen by whoever sees the item; changes made while it was a Draft only by its creator and ADMINs.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(itemChangeById, id)),
  fields: (t) => ({
    field: t.exposeString('field', {
      description:
        'The field, by its name in the graph: "dueDate"; a custom one as "customField:" and its id. Stable, for programs. History that ' +
        'was imported may speak of fields that are not in the graph, by the names that they have there.',
    }),
    label: t.string({
      description: 'The field as screens call it: "Due Date"; a custom one by its label now.',
      resolve: ({ field }, _args, context) => labelOf(context, field),
    }),
    oldValue: t.exposeString('oldValue', {
      nullable: true,
      description: 'What was there, as it was shown; of people, who was removed.',
    }),
    newValue: t.exposeString('newValue', {
      nullable: true,
      description: 'What is there since, as it was shown; of people, who was added.',
    }),
    createdBy: t.field({
      type: User,
      description: 'Who changed it.',
      resolve: ({ createdById }, _args, { loads }) => loads.the(userById, createdById),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When.' }),
  }),
});

export const ItemConnection = connectionType('Item', Item);
const ItemChangeConnection = connectionType('ItemChange', ItemChangeRef);

builder.node(Item, {
  description:
    'One piece of correspondence of a tool in a project. Who sees it follows from its status, its privacy, who is involved, and access to the tool; for all others it does not exist.',
  authScopes: isProvenSeen,
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(itemById, id)),
  fields: (t) => ({
    externalId: t.exposeString('externalId', {
      nullable: true,
      description: 'The id that it has in the system it came from, unique in the company.',
    }),
    number: t.exposeString('number', {
      description: 'The number as it is shown, with the prefix of its tool: "DR-interior-002".',
    }),
    position: t.exposeString('position', { description: 'The number without the prefix: "interior-002".' }),
    title: t.exposeString('title', { description: '"Subject" on screens. Empty only in a Draft.' }),
    description: t.exposeString('description', { nullable: true, description: 'Rich text, safe HTML.' }),
    genericTool: t.field({
      type: GenericTool,
      description: 'The tool: what type of correspondence it is.',
      resolve: ({ genericToolId }, _args, { loads }) => loads.the(toolNamed, genericToolId),
    }),
    project: t.field({
      type: Project,
      description: 'Where it belongs.',
      resolve: ({ projectId }, _args, { loads }) => loads.the(projectNamed, projectId),
    }),
    status: t.field({
      type: GenericToolStatus,
      description: 'Its status.',
      resolve: ({ statusId }, _args, { loads }) => loads.the(statusNamed, statusId),
    }),
    private: t.exposeBoolean('private', {
      description: 'Whether only those involved, their colleagues with VIEW_VENDOR_ITEMS, and ADMINs see it.',
    }),
    superPrivate: t.boolean({
      description: 'Private in a tool whose ADMINs do not see private items.',
      resolve: (item, _args, { loads }) =>
        follow(loads.the(toolNamed, item.genericToolId), (tool) => item.private && !tool.adminsSeePrivateItems),
    }),
    dueDate: t.expose('dueDate', {
      type: 'Date',
      nullable: true,
      description: "When it is due: a day in the project's time zone.",
    }),
    isOverdue: t.boolean({
      description: "Open, and due before today in the project's time zone.",
      resolve: (item, _args, { world, loads }) =>
        follow(loads.the(projectNamed, item.projectId), ({ timeZone }) => isOverdue(item, timeZone, world.clock.now())),
    }),
    scheduleImpact: t.field({
      type: ScheduleImpactRef,
      nullable: true,
      description: 'Impact on the schedule, if anything is said about it.',
      resolve: (item) => (item.scheduleImpactStatus ? item : null),
    }),
    costImpact: t.field({
      type: CostImpactRef,
      nullable: true,
      description: 'Impact on the cost, if anything is said about it.',
      resolve: (item) => (item.costImpactStatus ? item : null),
    }),
    createdBy: t.field({
      type: User,
      description: 'Who made it.',
      resolve: ({ createdById }, _args, { loads }) => loads.the(userById, createdById),
    }),
    receivedFrom: t.field({
      type: User,
      nullable: true,
      description: 'Whom it was received from.',
      resolve: ({ receivedFromId }, _args, { loads }) => (receivedFromId ? loads.at(userById, receivedFromId) : null),
    }),
    assignees: t.field({
      type: [User],
      description: 'Who has to act, in the order in which they were named.',
      resolve: ({ assigneeIds }, _args, { loads }) => loads.allAt(userById, assigneeIds),
    }),
    distributionMembers: t.field({
      type: [User],
      description: 'Who is kept informed, in the order in which they were named.',
      resolve: ({ distributionMemberIds }, _args, { loads }) => loads.allAt(userById, distributionMemberIds),
    }),
    ballInCourt: t.field({
      type: [User],
      description: 'Whose turn it is: the assignees while it is Open, else nobody.',
      resolve: ({ category, assigneeIds }, _args, { loads }) =>
        loads.allAt(userById, category === 'OPEN' ? assigneeIds : []),
    }),
    quantity: t.expose('quantity', { type: 'Decimal', nullable: true, description: 'How much of something.' }),
    unit: t.exposeString('unit', { nullable: true, description: 'What the quantity is counted in.' }),
    changes: t.connection(
      {
        type: ItemChangeRef,
        description:
          'Its history, newest first. Changes made while it was a Draft are shown only to its creator and ADMINs.',
        resolve: (item, args, context) => listChanges(context, item, args),
      },
      ItemChangeConnection,
    ),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When it was last changed; responses do not count.',
    }),
    issuedAt: t.expose('issuedAt', { type: 'DateTime', nullable: true, description: 'When it left Draft.' }),
    closedAt: t.expose('closedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was closed, while it is.',
    }),
    archivedAt: t.expose('archivedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was archived, while it is.',
    }),
    version: t.exposeInt('version', {
      description: 'Starts at 1 and grows with every change: give it as expectedVersion.',
    }),
    viewerCanEdit: t.boolean({
      description: 'Whether you may change its fields.',
      resolve: async (item, _args, context) => (await abilitiesOf(context, item)).edit,
    }),
    viewerCanChangeStatus: t.boolean({
      description: 'Whether you may change its status.',
      resolve: async (item, _args, context) => (await abilitiesOf(context, item)).changeStatus,
    }),
    viewerCanRespond: t.boolean({
      description: 'Whether you may respond to it.',
      resolve: async (item, _args, context) => (await abilitiesOf(context, item)).respond,
    }),
    viewerCanArchive: t.boolean({
      description: 'Whether you may archive or restore it.',
      resolve: async (item, _args, context) => (await abilitiesOf(context, item)).archive,
    }),
  }),
});

const listArgs = {
  filter: { type: ItemFilterRef, description: 'Which items; all that you see and that are not archived if left out.' },
  orderBy: { type: [ItemOrderRef], description: 'Up to 3 keys; newest first if left out.' },
} as const;

builder.objectField(Project, 'items', (t) =>
  t.connection(
    {
      type: Item,
      description: 'The items of this project that you see.',
      args: { filter: t.arg(listArgs.filter), orderBy: t.arg({ ...listArgs.orderBy, type: [ItemOrderRef] }) },
      resolve: ({ id }, args, context, info) => listItems(context, id, args, fieldsOfNodes(info)),
    },
    ItemConnection,
  ),
);

builder.queryFields((t) => ({
  item: t.field({
    type: Item,
    nullable: true,
    description: 'An item that you see; archived ones too if you are ADMIN of the tool there.',
    args: { id: t.arg.id({ required: true, description: 'Id of an Item.' }) },
    resolve: (_root, { id }, { loads }) => loads.load(itemById, requireUuid('Item', id, 'id')),
  }),
  items: t.connection(
    {
      type: Item,
      description: 'The items of all projects of the company that you see.',
      args: { filter: t.arg(listArgs.filter), orderBy: t.arg({ ...listArgs.orderBy, type: [ItemOrderRef] }) },
      resolve: (_root, args, context, info) => listItems(context, null, args, fieldsOfNodes(info)),
    },
    ItemConnection,
  ),
}));
