import { sql } from 'kysely';
import type { Db } from '../database/orm.ts';
import type { TokenUser } from './token.ts';

/**
 * The active user with that address, in any spelling of its letters; of several companies the one who was made first, as sign-in
 * chooses. Service users sign in by API key only.
 */
export const userByEmail = (db: Db, email: string): Promise<TokenUser | undefined> =>
  db
    .selectFrom('users')
    .where(sql`lower(email collate "pg_c_utf8")`, '=', sql<string>`lower(${email}::text collate "pg_c_utf8")`)
    .where('active', '=', true)
    .where('isService', '=', false)
    .orderBy('createdAt')
    .orderBy('id')
    .select(['id', 'email', 'externalId'])
    .limit(1)
    .executeTakeFirst();
