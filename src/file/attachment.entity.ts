import { defineEntity, p } from '@mikro-orm/core';
import { companyColumns } from '../database/columns.ts';
import { ATTACHMENT_KINDS } from './attach.policy.ts';

/** What an item or a response has: a file of its own row, or a reference to something elsewhere. */
export const AttachmentSchema = defineEntity({
  name: 'Attachment',
  tableName: 'attachments',
  properties: {
    ...companyColumns,
    projectId: p.uuid(),
    itemId: p.uuid().nullable(),
    responseId: p.uuid().nullable(),
    kind: p.enum(ATTACHMENT_KINDS),
    name: p.string(),
    fileId: p.uuid().nullable(),
    externalId: p.string().nullable(),
    url: p.text().nullable(),
    createdById: p.uuid(),
  },
});
