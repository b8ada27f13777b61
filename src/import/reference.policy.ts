import type { Faults } from '../kernel/input.ts';
import type { ReferenceKind } from '../reference/reference.policy.ts';
import { flagOf, idOf, listOf, objectOf, type Raw, textOf } from './raw.policy.ts';

/** Reference data as an item or a list of the project has it. */
export interface SourceReference {
  kind: ReferenceKind;
  externalId: string;
  name: string;
  code?: string | null;
  path?: string | null;
  active?: boolean;
}

/** The files that may list the reference data of a project, by kind. */
export const REFERENCE_FILES: Record<string, ReferenceKind> = {
  locations: 'LOCATION',
  cost_codes: 'COST_CODE',
  specification_sections: 'SPECIFICATION_SECTION',
  sub_jobs: 'SUB_JOB',
  trades: 'TRADE',
  tasks: 'TASK',
};

/** Reference data of a kind from its record; each kind has its own names for name and code. */
export function referenceOf(faults: Faults, kind: ReferenceKind, raw: Raw, field: string): SourceReference {
  const externalId = idOf(raw.id);
  if (externalId === null) faults.add('INVALID', `${field} is without an id.`, [field]);
  const first = (...fields: string[]): string | null =>
    fields.reduce<string | null>((found, name) => found ?? textOf(faults, raw, name), null);
  const active = flagOf(faults, raw, 'active') ?? undefined;
  const named = (name: string | null, more: Partial<SourceReference> = {}): SourceReference => {
    if (name === null) faults.add('REQUIRED', `${field} has no name.`, [field]);
    return { kind, externalId: externalId ?? '', name: name ?? '', active, ...more };
  };
  switch (kind) {
    case 'LOCATION': {
      const path = first('name', 'node_name');
      return named(first('node_name') ?? (path && path.split('>').at(-1)!.trim()), { path, code: first('code') });
    }
    case 'COST_CODE':
      return named(first('name', 'full_code', 'code'), { code: first('full_code', 'code', 'name') });
    case 'SPECIFICATION_SECTION':
      return named(first('description', 'label', 'number'), { code: first('number', 'label', 'description') });
    case 'SUB_JOB':
      return named(first('name', 'Code', 'code'), { code: first('Code', 'code', 'name') });
    case 'TRADE':
      return named(first('name'));
    case 'TASK':
      return named(first('task_name', 'name', 'key'), { code: first('key') });
  }
}

/** What an item refers to, by the parts of it. */
export interface SourceReferences {
  locationId: SourceReference | null;
  costCodeId: SourceReference | null;
  specificationSectionId: SourceReference | null;
  subJobId: SourceReference | null;
  tradeIds: SourceReference[];
  taskIds: SourceReference[];
}

export function referencesOf(faults: Faults, raw: Raw): SourceReferences {
  const one = (kind: ReferenceKind, field: string): SourceReference | null => {
    const found = objectOf(faults, raw, field);
    return found && referenceOf(faults, kind, found, field);
  };
  const many = (kind: ReferenceKind, field: string): SourceReference[] =>
    listOf(faults, raw, field).map((found) => referenceOf(faults, kind, found, field));
  // `trade` is the older way to say one
  const [trades, trade] = [many('TRADE', 'trades'), one('TRADE', 'trade')];
  return {
    locationId: one('LOCATION', 'location'),
    costCodeId: one('COST_CODE', 'cost_code'),
    specificationSectionId: one('SPECIFICATION_SECTION', 'specification_section'),
    subJobId: one('SUB_JOB', 'sub_job'),
    tradeIds: trades.length === 0 && trade ? [trade] : trades,
    taskIds: many('TASK', 'tasks'),
  };
}

/** All that an item refers to. */
export const allReferences = (references: SourceReferences): SourceReference[] =>
  Object.values(references)
    .flat()
    .filter((one): one is SourceReference => one !== null);
