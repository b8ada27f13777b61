import { Case } from '../contact/case.graph.ts';
import type { CaseRow } from '../contact/case.queries.ts';
import { Project } from '../directory/directory.graph.ts';
import type { ProjectRow } from '../directory/directory.queries.ts';
import { builder } from '../graph/builder.ts';
import { ExternalTopic } from '../topic/topic.graph.ts';
import type { TopicRow } from '../topic/topic.queries.ts';
import { Item } from './item.graph.ts';
import type { ItemRow } from './item.queries.ts';

/** What correspondence is about: an item, a project, a case, or something of another system. Items come from items and external topics alone. */
export const Topic = builder.unionType('Topic', {
  description: 'What correspondence is about, or comes from.',
  types: [Item, Project, ExternalTopic, Case],
  resolveType: (topic: ItemRow | ProjectRow | TopicRow | CaseRow) => {
    if ('topicType' in topic) return 'ExternalTopic';
    if ('typeName' in topic) return 'Case';
    return 'seenAs' in topic ? 'Item' : 'Project';
  },
});
