import { idOf, type Person, type SizeName } from '../data/sizes.ts';
import type { Place } from './dialect.ts';

export type Operation = 'list' | 'item' | 'batch' | 'create' | 'statistics';

export interface Workload {
  what: string;
  as: Person;
  operation: Operation;
  /** how many items a batch names */
  items?: number;
  /** behind which visible item the page begins */
  behind?: Record<SizeName, number>;
  place: Place;
}

const HALF_PRIVATE: Place = { project: idOf('project', 1), tool: idOf('tool', 1) };
const NEARLY_ALL_PRIVATE: Place = { project: idOf('project', 2), tool: idOf('tool', 1) };

/** What is measured, by whom; those that write last. */
export const WORKLOADS = {
  W1: { what: 'first 50 of a tool, Standard', as: 'reader', operation: 'list', place: HALF_PRIVATE },
  W1admin: { what: 'first 50 of a tool, Admin', as: 'admin', operation: 'list', place: HALF_PRIVATE },
  W2: { what: 'one item with its responses', as: 'reader', operation: 'item', place: HALF_PRIVATE },
  W3: {
    what: '50 far behind',
    as: 'reader',
    operation: 'list',
    place: HALF_PRIVATE,
    behind: { s: 200, m: 4_000, l: 10_000 },
  },
  W5: { what: 'first 50 of the 100 seen, Read Only', as: 'few', operation: 'list', place: NEARLY_ALL_PRIVATE },
  W5vendor: {
    what: 'the same with VIEW_VENDOR_ITEMS',
    as: 'fewOfVendor',
    operation: 'list',
    place: NEARLY_ALL_PRIVATE,
  },
  W7: { what: 'statistics of a tool', as: 'reader', operation: 'statistics', place: HALF_PRIVATE },
  W4: { what: 'batch, status of 100', as: 'writer', operation: 'batch', items: 100, place: HALF_PRIVATE },
  W4k: { what: 'batch, status of 500', as: 'writer', operation: 'batch', items: 500, place: HALF_PRIVATE },
  W6: { what: 'create with 3 assignees', as: 'reader', operation: 'create', place: HALF_PRIVATE },
} as const satisfies Record<string, Workload>;
export type WorkloadName = keyof typeof WORKLOADS;
