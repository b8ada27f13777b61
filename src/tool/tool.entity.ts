import { defineEntity, p } from '@mikro-orm/core';
import { companyColumns, externalColumns } from '../database/columns.ts';
import { ITEM_FIELDS, STATUS_CATEGORIES } from './tool.policy.ts';

export const GenericToolSchema = defineEntity({
  name: 'GenericTool',
  tableName: 'generic_tools',
  properties: {
    ...externalColumns,
    title: p.string(),
    titleKey: p.string(),
    abbreviation: p.string().nullable(),
    privateByDefault: p.boolean(),
    enabledOnNewProjects: p.boolean(),
    sendsOverdueNotifications: p.boolean(),
    adminsSeePrivateItems: p.boolean(),
  },
});

export const GenericToolStatusSchema = defineEntity({
  name: 'GenericToolStatus',
  tableName: 'generic_tool_statuses',
  properties: {
    ...externalColumns,
    genericToolId: p.uuid(),
    name: p.string(),
    /** rank of the category, then the name: what lists ordered by STATUS go by */
    sortKey: p.string(),
    category: p.enum(STATUS_CATEGORIES),
    isBuiltIn: p.boolean(),
  },
});

export const FieldsetSchema = defineEntity({
  name: 'Fieldset',
  tableName: 'fieldsets',
  properties: { ...companyColumns, genericToolId: p.uuid(), name: p.string(), isDefault: p.boolean() },
});

export const FieldsetSectionSchema = defineEntity({
  name: 'FieldsetSection',
  tableName: 'fieldset_sections',
  properties: { ...companyColumns, fieldsetId: p.uuid(), name: p.string(), position: p.integer() },
});

export const FieldsetFieldSchema = defineEntity({
  name: 'FieldsetField',
  tableName: 'fieldset_fields',
  properties: {
    ...companyColumns,
    fieldsetId: p.uuid(),
    /** a built-in field, or else one of the company's own */
    field: p.enum(ITEM_FIELDS).nullable(),
    customFieldId: p.uuid().nullable(),
    visible: p.boolean(),
    required: p.boolean(),
    position: p.integer(),
    sectionId: p.uuid().nullable(),
  },
});

/** A fieldset applied to a project: what makes its tool available there; one for each tool and project. */
export const FieldsetProjectSchema = defineEntity({
  name: 'FieldsetProject',
  tableName: 'fieldset_projects',
  properties: {
    projectId: p.uuid().primary(),
    genericToolId: p.uuid().primary(),
    companyId: p.uuid(),
    fieldsetId: p.uuid(),
  },
});
