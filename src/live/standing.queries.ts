import { sql } from 'kysely';
import type { Db } from '../database/orm.ts';
import { isGood } from '../directory/apiKey.queries.ts';
import type { SignedIn } from '../directory/viewer.ts';

/** Who listens, and by what they signed in: a key, by its hash, or a token, of which the end is known. */
export interface Listening {
  viewer: SignedIn;
  keyHash: string | null;
  expiresAt: Date | null;
}

/**
 * Those who listen as they are now, in their order: null for whoever is no longer active, or whose key is not good any more. One
 * statement for any number of them. What happened is read where it was written: never from a replica.
 */
export async function viewersNow(db: Db, now: Date, listening: readonly Listening[]): Promise<(SignedIn | null)[]> {
  const { rows } = await sql<Omit<SignedIn, 'companies' | 'needs'> & { n: number }>`
    select asked.n::int - 1 as n, u.id, u.name, u.vendor_id as "vendorId", u.company_id as "companyId",
      u.is_company_admin as "isCompanyAdmin", c.names_version::text as "namesVersion"
    from unnest(${listening.map(({ viewer }) => viewer.id)}::uuid[], ${listening.map(({ keyHash }) => keyHash)}::text[])
      with ordinality as asked(user_id, key_hash, n)
    join users u on u.id = asked.user_id and u.active join companies c on c.id = u.company_id
    where asked.key_hash is null or exists (
      select from api_keys k where k.secret_hash = asked.key_hash and k.user_id = u.id and ${isGood('k', now)})`.execute(
    db,
  );
  const found = new Map(rows.map(({ n, ...viewer }) => [n, viewer]));
  return listening.map(({ viewer: { companies } }, n) => {
    const viewer = found.get(n);
    return viewer ? { ...viewer, companies, needs: null } : null;
  });
}
