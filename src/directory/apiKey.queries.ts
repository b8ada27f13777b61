import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { batch, byId } from '../database/loader.ts';
import type { Context } from '../graph/context.ts';

export interface ApiKeyRow {
  id: string;
  userId: string;
  name: string;
  prefix: string;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
}

/** The keys that the viewer sees: their own; company admins all of the company. Newest first. */
const visibleKeys = ({ db, viewer }: Context) =>
  db
    .selectFrom('api_keys as key')
    .select([
      'key.id',
      'key.userId',
      'key.name',
      'key.prefix',
      'key.createdAt',
      'key.expiresAt',
      'key.revokedAt',
      'key.lastUsedAt',
    ])
    .where('key.companyId', '=', viewer.companyId)
    .$if(!viewer.isCompanyAdmin, (keys) => keys.where('key.userId', '=', viewer.id))
    .orderBy('key.id', 'desc');

/** A key, if the viewer sees it. */
export const apiKeyById = batch<Context, string, ApiKeyRow>(async (context, ids) =>
  byId(await visibleKeys(context).where('key.id', 'in', ids).execute()),
);

/** The keys of the viewer's company that they see; nothing is known of other companies. */
export const apiKeysOf = batch<Context, string, ApiKeyRow[]>(async (context, companyIds) => {
  const { companyId } = context.viewer;
  return new Map(companyIds.includes(companyId) ? [[companyId, await visibleKeys(context).execute()]] : []);
});

/** Whether a key can still be signed in by, apart from its user. */
export const isGood = (alias: string, now: Date): RawBuilder<SqlBool> => sql`(
  ${sql.ref(`${alias}.revoked_at`)} is null
  and (${sql.ref(`${alias}.expires_at`)} is null or ${sql.ref(`${alias}.expires_at`)} > ${now}::timestamptz))`;
