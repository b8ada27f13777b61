import { defineEntity, p } from '@mikro-orm/core';
import { externalColumns } from '../database/columns.ts';

/** The firm of contacts. */
export const AccountSchema = defineEntity({
  name: 'Account',
  tableName: 'accounts',
  properties: { ...externalColumns, name: p.string(), nameKey: p.string() },
});

/** Somebody outside of the company. */
export const ContactSchema = defineEntity({
  name: 'Contact',
  tableName: 'contacts',
  properties: {
    ...externalColumns,
    name: p.string(),
    nameKey: p.string(),
    /** what words are looked for in */
    searchKey: p.string(),
    accountId: p.uuid().nullable(),
    ownerId: p.uuid().nullable(),
    teamId: p.uuid().nullable(),
    status: p.string().nullable(),
    fields: p.json().nullable(),
  },
});

/** The addresses of a contact, in their order. */
export const ContactEmailSchema = defineEntity({
  name: 'ContactEmail',
  tableName: 'contact_emails',
  properties: {
    contactId: p.uuid().primary(),
    position: p.integer().primary(),
    companyId: p.uuid(),
    email: p.string(),
  },
});
