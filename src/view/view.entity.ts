import { defineEntity, p } from '@mikro-orm/core';
import { companyColumns } from '../database/columns.ts';

/** A list of items of a project under a name: filter, order and columns as they were given. */
export const SavedViewSchema = defineEntity({
  name: 'SavedView',
  tableName: 'saved_views',
  properties: {
    ...companyColumns,
    projectId: p.uuid(),
    ownerId: p.uuid(),
    name: p.string(),
    nameKey: p.string(),
    shared: p.boolean(),
    filter: p.json(),
    orderBy: p.json(),
    columns: p.array(),
  },
});
