import { builder } from '../graph/builder.ts';
import { Item } from '../item/item.graph.ts';
import { itemById } from '../item/item.queries.ts';
import { toGlobalId } from '../kernel/ids.ts';
import { ITEM_CHANGE_KINDS, type ItemChangeKind } from './itemNews.policy.ts';
import { type ItemNews, itemsTopic } from './itemNews.queries.ts';

const MEANINGS: Record<ItemChangeKind, string> = {
  CREATED: 'It was made, issued at once or as a Draft.',
  ISSUED: 'It left Draft. To most it is new.',
  UPDATED: 'Something of it changed: a field, its people, its privacy, whether a response is official.',
  CLOSED: 'It was closed.',
  REOPENED: 'It was closed, and is open again.',
  RESPONDED_TO:
    'There is a new response, which you may see. What the same act did to the item besides is told on its own.',
  ARCHIVED: 'It was archived, and you are an ADMIN of its tool: to others it is HIDDEN.',
  RESTORED: 'It was archived, and is back. To most it is new.',
  HIDDEN: 'You saw it, and do not any more: take it off the screen. `item` is null.',
  REFETCH:
    'Something was missed: the connection to the database was lost for a while, you did not take what came in time, or an import has ' +
    'finished. Read anew what you show. `itemId` and `item` are null.',
};

const ItemChangeKindRef = builder.enumType('ItemChangeKind', {
  description:
    'What became of an item. One act that did several things to it is told by what says most, in the order of CREATED, RESTORED, ARCHIVED, ISSUED, REOPENED, CLOSED, UPDATED.',
  values: Object.fromEntries(ITEM_CHANGE_KINDS.map((kind) => [kind, { description: MEANINGS[kind] }])) as Record<
    ItemChangeKind,
    { description: string }
  >,
});

const ItemChangedEvent = builder.objectRef<ItemNews>('ItemChangedEvent').implement({
  description: 'That something became of an item that you see, or saw.',
  fields: (t) => ({
    itemId: t.id({
      nullable: true,
      description: 'The item; null for REFETCH.',
      resolve: ({ itemId }) => itemId && toGlobalId('Item', itemId),
    }),
    item: t.field({
      type: Item,
      nullable: true,
      description:
        'The item as it is now, as you see it: it may have changed further already. Null when you do not see it, and for HIDDEN and REFETCH.',
      resolve: ({ itemId, kind }, _args, { loads }) =>
        itemId === null || kind === 'HIDDEN' ? null : loads.load(itemById, itemId),
    }),
    kind: t.field({ type: ItemChangeKindRef, description: 'What became of it.', resolve: ({ kind }) => kind }),
  }),
});

builder.subscriptionFields((t) => ({
  itemChanged: t.field({
    type: ItemChangedEvent,
    description:
      'What becomes of the items of a project that you see: your own doing, too, and what others do through any process. Sight is asked ' +
      'for at each change; what you never saw is not told. An act tells of an item once, and of a response to it besides; imports tell ' +
      'REFETCH when they are over. BAD_USER_INPUT when you do not see the project or the tool.',
    args: {
      projectId: t.arg.id({ required: true, description: 'Id of a Project that you see.' }),
      genericToolId: t.arg.id({
        description: 'Id of a GenericTool that you see: only items of this tool. Of all tools when left out or null.',
      }),
    },
    subscribe: async (_root, args, context) => context.listen(await itemsTopic(context, args)),
    resolve: (news) => news,
  }),
}));
