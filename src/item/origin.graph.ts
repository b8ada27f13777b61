import { builder } from '../graph/builder.ts';
import { fieldsOfNodes } from '../graph/selection.ts';
import { ExternalTopic } from '../topic/topic.graph.ts';
import { topicById } from '../topic/topic.queries.ts';
import { Item, ItemConnection } from './item.graph.ts';
import { itemById } from './item.queries.ts';
import { listCreatedFromItem, listCreatedFromTopic } from './origin.queries.ts';
import { Topic } from './topic.graph.ts';

builder.objectFields(Item, (t) => ({
  origin: t.field({
    type: Topic,
    nullable: true,
    description: 'What it comes from: an item or an external topic; null also when you do not see that.',
    resolve: ({ originItemId, originTopicId }, _args, { loads }) => {
      if (originItemId) return loads.at(itemById, originItemId);
      return originTopicId ? loads.at(topicById, originTopicId) : null;
    },
  }),
  createdItems: t.connection(
    {
      type: Item,
      description: 'The items that come from it and that you see, newest first; without archived ones.',
      resolve: ({ id }, args, context, info) => listCreatedFromItem(context, id, args, fieldsOfNodes(info)),
    },
    ItemConnection,
  ),
}));

builder.objectField(ExternalTopic, 'createdItems', (t) =>
  t.connection(
    {
      type: Item,
      description: 'The items that come from it and that you see, newest first; without archived ones.',
      resolve: ({ id }, args, context, info) => listCreatedFromTopic(context, id, args, fieldsOfNodes(info)),
    },
    ItemConnection,
  ),
);
