import { defineEntity, p } from '@mikro-orm/core';
import { companyColumns } from '../database/columns.ts';

/** Whom mail to the address of a project is for; without one, mail to that of the company. */
export const EmailMemberSchema = defineEntity({
  name: 'EmailMember',
  tableName: 'email_members',
  properties: { ...companyColumns, projectId: p.uuid().nullable(), userId: p.uuid() },
});
