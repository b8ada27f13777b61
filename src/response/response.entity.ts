import { defineEntity, p } from '@mikro-orm/core';
import { externalColumns } from '../database/columns.ts';

export const ResponseSchema = defineEntity({
  name: 'Response',
  tableName: 'responses',
  properties: {
    ...externalColumns,
    projectId: p.uuid(),
    itemId: p.uuid(),
    position: p.integer(),
    notes: p.text(),
    official: p.boolean(),
    /** status of the item after the call that made the response */
    statusId: p.uuid(),
    createdById: p.uuid(),
  },
});
