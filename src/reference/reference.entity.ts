import { defineEntity, p } from '@mikro-orm/core';
import { externalColumns } from '../database/columns.ts';
import { REFERENCE_KINDS } from './reference.policy.ts';

/** Locations, cost codes, specification sections, sub jobs, trades and tasks of a project. */
export const ReferenceDataSchema = defineEntity({
  name: 'ReferenceData',
  tableName: 'reference_data',
  properties: {
    ...externalColumns,
    projectId: p.uuid(),
    kind: p.enum(REFERENCE_KINDS),
    name: p.string(),
    /** number of a specification section, key of a task */
    code: p.string().nullable(),
    /** of a location: "Building A>Level 2>Room 204" */
    path: p.string().nullable(),
    /** whether it can be chosen, then what it is shown as: what lists go by */
    sortKey: p.string(),
    /** what words are looked for in */
    searchKey: p.string(),
    active: p.boolean(),
  },
});
