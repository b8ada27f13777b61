import { naturalKey } from '../kernel/text.ts';

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

/** What it sorts by in lists of its kind: as it is shown, numbers as people count. */
export const referenceSortKey = (reference: ReferenceName): string => naturalKey(referenceLabel(reference));
