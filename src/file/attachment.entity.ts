import { defineEntity, p } from '@mikro-orm/core';
import { companyColumns } from '../database/columns.ts';
import { ATTACHMENT_KINDS } from './attach.policy.ts';

/** What an item or a response has: a file of its own row, or a reference to something elsewhere. */
export const AttachmentSchema = defineEntity({
  name: 'Attachment',
  tableName: 'attachments',
  properties: {
    ...companyColumns,
    projectId: p.uuid().nullable(),
    itemId: p.uuid().nullable(),
    responseId: p.uuid().nullable(),
    emailId: p.uuid().nullable(),
    /** what is shown within a mail is known by this id there */
    contentId: p.string().nullable(),
    kind: p.enum(ATTACHMENT_KINDS),
    name: p.string(),
    fileId: p.uuid().nullable(),
    externalId: p.string().nullable(),
    url: p.text().nullable(),
    createdById: p.uuid().nullable(),
  },
});
