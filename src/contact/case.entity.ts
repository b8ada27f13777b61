import { defineEntity, p } from '@mikro-orm/core';
import { externalColumns } from '../database/columns.ts';

/** A matter that a contact raises. */
export const CaseSchema = defineEntity({
  name: 'Case',
  tableName: 'cases',
  properties: {
    ...externalColumns,
    title: p.string(),
    titleKey: p.string(),
    /** what words are looked for in */
    searchKey: p.string(),
    typeName: p.string().nullable(),
    contactId: p.uuid().nullable(),
    ownerId: p.uuid().nullable(),
    teamId: p.uuid().nullable(),
  },
});
