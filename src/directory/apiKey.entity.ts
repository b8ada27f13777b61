import { defineEntity, p } from '@mikro-orm/core';
import { companyColumns } from '../database/columns.ts';

/** A way to sign in as one user, for programs. The secret itself is kept nowhere. */
export const ApiKeySchema = defineEntity({
  name: 'ApiKey',
  tableName: 'api_keys',
  properties: {
    ...companyColumns,
    userId: p.uuid(),
    name: p.string(),
    prefix: p.string(),
    secretHash: p.string(),
    expiresAt: p.datetime(3).nullable(),
    revokedAt: p.datetime(3).nullable(),
    lastUsedAt: p.datetime(3).nullable(),
  },
});
