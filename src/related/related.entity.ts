import { defineEntity, p } from '@mikro-orm/core';
import { companyColumns } from '../database/columns.ts';

/** That an item is related to another item or an external topic, from the side of the item; two items have a row each. */
export const RelatedItemSchema = defineEntity({
  name: 'RelatedItem',
  tableName: 'related_items',
  properties: {
    ...companyColumns,
    /** of the item */
    projectId: p.uuid(),
    itemId: p.uuid(),
    /** one of these two: what it is related to */
    relatedItemId: p.uuid().nullable(),
    topicId: p.uuid().nullable(),
    note: p.text().nullable(),
    createdById: p.uuid(),
  },
});
