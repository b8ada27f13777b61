import { uuidOf } from '../kernel/ids.ts';
import type { Faults, Path } from '../kernel/input.ts';
import { textFault } from '../kernel/text.ts';
import type { TopicType } from './topic.policy.ts';

/** How an input names a topic: its type, and exactly one of its id and its external id (with the project, if it belongs to one). */
export interface TopicInput {
  type: TopicType;
  id?: string | null;
  externalId?: string | null;
  projectId?: string | null;
}

/** A topic as it was named, in uuids; null in the place of an id that nothing has. */
export interface TopicNamed {
  type: TopicType;
  id: string | null;
  externalId: string | null;
  projectId: string | null;
}

/** The types that topics of our own have in the graph; all others are external topics. */
const OWN_TYPES: Partial<Record<TopicType, string>> = { GENERIC_TOOL_ITEM: 'Item', PROJECT: 'Project', CASE: 'Case' };

/** An external id to look for; empty, which none is, for what the database cannot even be asked for. */
const sought = (externalId: string): string => (textFault(externalId) ? '' : externalId.trim());

const named = ({ type, id, externalId, projectId }: TopicInput): TopicNamed => ({
  type,
  id: id == null ? null : uuidOf(OWN_TYPES[type] ?? 'ExternalTopic', id),
  externalId: externalId == null ? null : sought(externalId),
  projectId: projectId == null ? null : uuidOf('Project', projectId),
});

/** How a topic is named; null and a fault unless it is by one of the two ways. */
export function readTopic(faults: Faults, input: TopicInput, path: Path): TopicNamed | null {
  if ((input.id == null) === (input.externalId == null)) {
    faults.add('INVALID', 'Name a topic by its id, or by its externalId together with projectId.', path);
    return null;
  }
  // external ids of cases are unique in the company
  if (input.externalId != null && input.projectId == null && input.type !== 'CASE') {
    faults.add('REQUIRED', 'An externalId names a topic only together with its projectId.', [...path, 'projectId']);
    return null;
  }
  return named(input);
}

/** Says that there is no topic of that name for the viewer: the same for hidden ones as for those that never existed. */
export function topicNotFound(faults: Faults, { type, id, externalId }: TopicInput, path: Path): void {
  faults.notFound(type, id ?? externalId ?? '', [...path, id == null ? 'externalId' : 'id']);
}

/** What a topic was named by, as a key. */
export const topicKey = ({ type, id, externalId, projectId }: TopicNamed): string =>
  id === null ? `${type} ${projectId} ${externalId}` : `${type} ${id}`;
