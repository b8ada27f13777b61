import { User } from '../directory/directory.graph.ts';
import { userById } from '../directory/directory.queries.ts';
import { builder } from '../graph/builder.ts';
import { mutation } from '../graph/payload.ts';
import { Item } from '../item/item.graph.ts';
import { itemById } from '../item/item.queries.ts';
import { Topic } from '../item/topic.graph.ts';
import { toGlobalId } from '../kernel/ids.ts';
import { TopicInputRef } from '../topic/topic.graph.ts';
import { topicById } from '../topic/topic.queries.ts';
import { type AddRelatedItemInput, addRelatedItem, removeRelatedItem } from './related.commands.ts';
import { type RelatedRow, relatedById, relatedTo, seesBothEnds } from './related.queries.ts';

const RelatedItem = builder.objectRef<RelatedRow>('RelatedItem');
builder.node(RelatedItem, {
  description:
    'That an item is related to another item or an external topic, as seen from the item. Two items have one each, with ids of their own. Only for who sees both ends: for all others it does not exist, nor its note.',
  authScopes: (row, context) => seesBothEnds(context, row),
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(relatedById, id)),
  fields: (t) => ({
    item: t.field({
      type: Item,
      nullable: true,
      description: 'The item at the other end; null when that is an external topic.',
      resolve: ({ relatedItemId }, _args, { loads }) => (relatedItemId ? loads.at(itemById, relatedItemId) : null),
    }),
    topic: t.field({
      type: Topic,
      nullable: true,
      description: 'The external topic at the other end; null when that is an item.',
      resolve: ({ topicId }, _args, { loads }) => (topicId ? loads.at(topicById, topicId) : null),
    }),
    note: t.exposeString('note', {
      nullable: true,
      description: 'How they are related: plain text, the same at both ends.',
    }),
    createdBy: t.field({
      type: User,
      description: 'Who related them.',
      resolve: ({ createdById }, _args, { loads }) => loads.the(userById, createdById),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When.' }),
  }),
});

builder.objectField(Item, 'relatedItems', (t) =>
  t.field({
    type: [RelatedItem],
    description:
      'What it is related to, oldest first; without what you do not see. Every relation shows at both of its ends.',
    resolve: async ({ id }, _args, { loads }) => (await loads.load(relatedTo, id)) ?? [],
  }),
);

const AddRelatedItemInputRef = builder.inputRef<AddRelatedItemInput>('AddRelatedItemInput');
AddRelatedItemInputRef.implement({
  description: 'An item, and what to relate it to: either relatedItemId or topic (INVALID: both or neither).',
  fields: (t) => ({
    itemId: t.id({ required: true, description: 'The Item (NOT_FOUND); CLOSED while it is archived.' }),
    relatedItemId: t.id({
      description: 'Another Item, of any tool and project (NOT_FOUND); CLOSED while it is archived; INVALID: itself.',
    }),
    topic: t.field({
      type: TopicInputRef,
      description:
        'An external topic, or an item by its external id (NOT_FOUND); of type PROJECT or CASE it is INVALID.',
    }),
    note: t.string({ description: 'How they are related: plain text, up to 2,000 characters.' }),
  }),
});

mutation<AddRelatedItemInput, { relatedId: string }>('addRelatedItem', {
  description:
    'Relates an item to another one, or to an external topic: takes sight of both, and on either of the items ADMIN, or STANDARD and having created it. TAKEN when they are related already, in either direction; TOO_MANY past 200. Frozen items take it too; it is no change of the items, so that version and history stay.',
  input: AddRelatedItemInputRef,
  payload: (t) => ({
    relatedItem: t.field({
      type: RelatedItem,
      nullable: true,
      description: 'The relation, as seen from itemId.',
      resolve: ({ relatedId }, _args, { loads }) => (relatedId ? loads.load(relatedById, relatedId) : null),
    }),
  }),
  run: async (context, input) => ({ relatedId: await addRelatedItem(context, input) }),
});

mutation<{ id: string }, { relatedId: string }>('removeRelatedItem', {
  description:
    'Takes a relation away at both of its ends: takes sight of both, and on either of the items ADMIN, or STANDARD and having created it.',
  input: builder.inputType('RemoveRelatedItemInput', {
    description: 'The relation to take away.',
    fields: (t) => ({
      id: t.id({
        required: true,
        description: 'The RelatedItem, from either end (NOT_FOUND); CLOSED while one of the items is archived.',
      }),
    }),
  }),
  payload: (t) => ({
    removedId: t.id({
      nullable: true,
      description: 'The id that was given: nothing has it any more, nor the one at the other end.',
      resolve: ({ relatedId }) => (relatedId ? toGlobalId('RelatedItem', relatedId) : null),
    }),
  }),
  run: async (context, input) => ({ relatedId: await removeRelatedItem(context, input) }),
});
