import type { EventType } from '../event/event.ts';

/** What can be told of an item; the meaning of each is told in the schema (live.graph.ts). */
export const ITEM_CHANGE_KINDS = [
  'CREATED',
  'ISSUED',
  'UPDATED',
  'CLOSED',
  'REOPENED',
  'RESPONDED_TO',
  'ARCHIVED',
  'RESTORED',
  'HIDDEN',
  'REFETCH',
] as const;
export type ItemChangeKind = (typeof ITEM_CHANGE_KINDS)[number];

/**
 * What an act did to an item, the first that applies: one word is what a list on a screen can use, and each says at least that the item
 * is not what it was. Whether a response is official decides who sees it, which whoever sees the item may notice.
 */
const BY_WEIGHT: readonly [EventType, ItemChangeKind][] = [
  ['item.created', 'CREATED'],
  ['item.restored', 'RESTORED'],
  ['item.archived', 'ARCHIVED'],
  ['item.issued', 'ISSUED'],
  ['item.reopened', 'REOPENED'],
  ['item.closed', 'CLOSED'],
  ['item.updated', 'UPDATED'],
  ['response.updated', 'UPDATED'],
];

/** Somebody's sight on an item: now, and just before the act; on a response that the act added, where it did. */
export interface ActSight {
  sees: boolean;
  saw: boolean;
  seesResponse: boolean;
}

/**
 * What somebody is told of an item that an act was about: that it is gone, to whoever saw it and does not now; else what became of it,
 * and that it was responded to; nothing to whoever does not see it.
 */
export function kindsFor(types: ReadonlySet<EventType>, { sees, saw, seesResponse }: ActSight): ItemChangeKind[] {
  if (!sees) return saw ? ['HIDDEN'] : [];
  const became = BY_WEIGHT.find(([type]) => types.has(type))?.[1];
  return [...(became ? [became] : []), ...(seesResponse ? (['RESPONDED_TO'] as const) : [])];
}
