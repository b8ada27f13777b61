import { naturalKey, sortKey } from '../kernel/text.ts';

/** The kinds of reference data of a project that items refer to, and the types that they have in the graph. */
export const REFERENCE_TYPES = {
  LOCATION: 'Location',
  COST_CODE: 'CostCode',
  SPECIFICATION_SECTION: 'SpecificationSection',
  SUB_JOB: 'SubJob',
  TRADE: 'Trade',
  TASK: 'Task',
} as const;
export type ReferenceKind = keyof typeof REFERENCE_TYPES;
export const REFERENCE_KINDS = Object.keys(REFERENCE_TYPES) as ReferenceKind[];

/** What reference data is called by. */
export interface ReferenceName {
  kind: ReferenceKind;
  name: string;
  code: string | null;
  path: string | null;
}

/** How screens, history and exports show it: a location by its path, what has a code by code and name. */
export const referenceLabel = ({ kind, name, code, path }: ReferenceName): string =>
  kind === 'LOCATION' ? (path ?? name) : code === null || kind === 'TASK' ? name : `${code} ${name}`;

/** What stands between the names of a path: "Building A>Level 2>Room 204". */
export const PATH_SEPARATOR = '>';

/** The names in a path, each without blanks around. */
export const partsOfPath = (path: string): string[] => path.split(PATH_SEPARATOR).map((part) => part.trim());

// an entry of an index has at most 2,700 bytes, with three more columns; all but the longest paths in scripts of three bytes have less
const MAX_KEY_BYTES = 2_000;

const shortened = (key: string): string =>
  Buffer.from(key)
    .subarray(0, MAX_KEY_BYTES)
    .toString()
    .replace(/\uFFFD$/, '');

/**
 * What lists of a kind are ordered by: those that can be chosen first, then as they are shown, numbers as people count. What lies in
 * a place follows it: "A>B" before "A 2".
 */
const sortKeyOf = (reference: ReferenceName, active: boolean): string =>
  shortened(`${active ? 0 : 1}${naturalKey(referenceLabel(reference)).replaceAll(PATH_SEPARATOR, '\u0001')}`);

/** What words are looked for in: path or name, and code, without case and accents. */
const searchKeyOf = ({ name, code, path }: ReferenceName): string =>
  sortKey([path ?? name, code].filter(Boolean).join('\n'));

/** The keys that are stored with reference data. */
export const referenceKeys = (reference: ReferenceName, active: boolean): { sortKey: string; searchKey: string } => ({
  sortKey: sortKeyOf(reference, active),
  searchKey: searchKeyOf(reference),
});
