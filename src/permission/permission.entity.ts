import { defineEntity, p } from '@mikro-orm/core';
import { companyColumns } from '../database/columns.ts';
import { ACCESS_LEVELS, type GranularPermission } from './permission.policy.ts';

const grantColumns = {
  genericToolId: p.uuid(),
  accessLevel: p.enum(ACCESS_LEVELS),
  granularPermissions: p.array().$type<GranularPermission[]>(),
};

export const PermissionTemplateSchema = defineEntity({
  name: 'PermissionTemplate',
  tableName: 'permission_templates',
  properties: { ...companyColumns, name: p.string(), nameKey: p.string() },
});

export const PermissionTemplateEntrySchema = defineEntity({
  name: 'PermissionTemplateEntry',
  tableName: 'permission_template_entries',
  properties: { ...companyColumns, permissionTemplateId: p.uuid(), ...grantColumns },
});

export const ProjectMemberSchema = defineEntity({
  name: 'ProjectMember',
  tableName: 'project_members',
  properties: {
    ...companyColumns,
    projectId: p.uuid(),
    userId: p.uuid(),
    permissionTemplateId: p.uuid().nullable(),
  },
});

export const GenericToolGrantSchema = defineEntity({
  name: 'GenericToolGrant',
  tableName: 'generic_tool_grants',
  properties: { ...companyColumns, projectId: p.uuid(), userId: p.uuid(), ...grantColumns },
});
