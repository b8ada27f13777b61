import { defineEntity, p } from '@mikro-orm/core';
import { companyColumns } from '../database/columns.ts';
import { CUSTOM_FIELD_TYPES } from './customField.policy.ts';

/** A field that a company defines itself; fieldsets say where items have it. */
export const CustomFieldSchema = defineEntity({
  name: 'CustomField',
  tableName: 'custom_fields',
  properties: {
    ...companyColumns,
    label: p.string(),
    labelKey: p.string(),
    description: p.text().nullable(),
    dataType: p.enum(CUSTOM_FIELD_TYPES),
    /** as values of items are kept; null: none */
    defaultValue: p.json().nullable(),
    active: p.boolean(),
  },
});

/** What can be chosen in a custom field of selects, in order. Never deleted: items refer to it. */
export const CustomFieldOptionSchema = defineEntity({
  name: 'CustomFieldOption',
  tableName: 'custom_field_options',
  properties: {
    ...companyColumns,
    customFieldId: p.uuid(),
    label: p.string(),
    position: p.integer(),
    active: p.boolean(),
  },
});
