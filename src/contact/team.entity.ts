import { defineEntity, p } from '@mikro-orm/core';
import { externalColumns } from '../database/columns.ts';

/** A group of users. */
export const TeamSchema = defineEntity({
  name: 'Team',
  tableName: 'teams',
  properties: { ...externalColumns, name: p.string(), nameKey: p.string() },
});

/** Who belongs to a team. */
export const TeamUserSchema = defineEntity({
  name: 'TeamUser',
  tableName: 'team_users',
  properties: { teamId: p.uuid().primary(), userId: p.uuid().primary(), companyId: p.uuid() },
});
