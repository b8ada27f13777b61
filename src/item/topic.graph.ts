import { Project } from '../directory/directory.graph.ts';
import type { ProjectRow } from '../directory/directory.queries.ts';
import { builder } from '../graph/builder.ts';
import { ExternalTopic } from '../topic/topic.graph.ts';
import type { TopicRow } from '../topic/topic.queries.ts';
import { Item } from './item.graph.ts';
import type { ItemRow } from './item.queries.ts';

/** What correspondence is about: an item, a project, or something of another system. */
export const Topic = builder.unionType('Topic', {
  description: 'What correspondence is about, or comes from.',
  types: [Item, Project, ExternalTopic],
  resolveType: (topic: ItemRow | ProjectRow | TopicRow) => {
    if ('topicType' in topic) return 'ExternalTopic';
    return 'seenAs' in topic ? 'Item' : 'Project';
  },
});
