import { defineEntity, p } from '@mikro-orm/core';
import { companyColumns, externalColumns, rowColumns } from '../database/columns.ts';

export const CompanySchema = defineEntity({
  name: 'Company',
  tableName: 'companies',
  properties: {
    ...rowColumns,
    externalId: p.string().nullable(),
    name: p.string(),
    issuedItemsAreFrozen: p.boolean(),
    itemUrlTemplate: p.string().nullable(),
  },
});

export const VendorSchema = defineEntity({
  name: 'Vendor',
  tableName: 'vendors',
  properties: { ...externalColumns, name: p.string(), nameKey: p.string() },
});

export const UserSchema = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    ...externalColumns,
    name: p.string(),
    nameKey: p.string(),
    email: p.string(),
    vendorId: p.uuid().nullable(),
    locale: p.string().nullable(),
    jobTitle: p.string().nullable(),
    phone: p.string().nullable(),
    avatarUrl: p.string().nullable(),
    active: p.boolean(),
    isService: p.boolean(),
    isCompanyAdmin: p.boolean(),
    wantsEmail: p.boolean(),
  },
});

export const ProjectSchema = defineEntity({
  name: 'Project',
  tableName: 'projects',
  properties: {
    ...externalColumns,
    name: p.string(),
    nameKey: p.string(),
    number: p.string().nullable(),
    timeZone: p.string(),
  },
});

/** Calls that must not happen twice: the outcome that a repeat of the key is answered with (api.md, Concurrency). */
export const IdempotencyKeySchema = defineEntity({
  name: 'IdempotencyKey',
  tableName: 'idempotency_keys',
  properties: {
    ...companyColumns,
    userId: p.uuid(),
    mutation: p.string(),
    key: p.string(),
    inputHash: p.string(),
    outcome: p.json().nullable(),
  },
});
