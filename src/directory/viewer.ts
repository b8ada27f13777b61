import { sql } from 'kysely';
import type { Config } from '../config.ts';
import type { Db } from '../database/orm.ts';
import { prepared } from '../database/prepared.ts';
import { unauthenticated } from '../kernel/errors.ts';
import { isUuid, uuidOf } from '../kernel/ids.ts';

/** The user that a request acts as: of one company, and with the names of the companies that the same sign-in could choose. */
export interface Viewer {
  id: string;
  name: string;
  vendorId: string | null;
  companyId: string;
  isCompanyAdmin: boolean;
  companies: { id: string; name: string }[];
}

/** A viewer as a sign-in finds them, and the version of the names of their company at that moment (database/kept.ts). */
export interface SignedIn extends Viewer {
  namesVersion: string;
  /** the last transaction that a replica must have carried out to answer them (database/replica.ts); null if nobody asked */
  needs: string | null;
}

/**
 * What the viewer wrote last, and what last changed names or rights in their company: rows that are older than the rights
 * they are looked at with could show what nobody was ever allowed to see.
 */
const NEEDS = sql`greatest(c.names_version, c.rights_version,
  (select written.transaction_id from last_writes written where written.user_id = u.id))::text`;

interface ViewerRow extends Omit<SignedIn, 'companies'> {
  companyName: string;
}

const columns = (mayLag: boolean) => sql`
  u.id, u.name, u.vendor_id as "vendorId", u.company_id as "companyId", u.is_company_admin as "isCompanyAdmin",
  c.name as "companyName", c.names_version::text as "namesVersion", ${mayLag ? NEEDS : sql`null`} as needs`;

/**
 * The viewer of a sign-in (domain.md 2, User): of the active users whose field matches the claim, the one of the company named
 * by the header X-Company-Id (raw or global id), else the one made first. Service users do not sign in this way.
 * UNAUTHENTICATED when there is none. `mayLag`: whether to look what they need of replicas.
 */
export async function viewerOf(
  db: Db,
  claim: string,
  field: Config['signIn']['field'],
  companyHeader: string | null,
  mayLag = false,
): Promise<SignedIn> {
  const matches = {
    email: sql`lower(u.email collate "pg_c_utf8") = lower(${claim}::text collate "pg_c_utf8")`,
    externalId: sql`u.external_id = ${claim}`,
    id: isUuid(claim) ? sql`u.id = ${claim}` : sql`false`,
  }[field];
  const { rows } = await prepared(sql<ViewerRow>`
    select ${columns(mayLag)}
    from users u join companies c on c.id = u.company_id
    where ${matches} and u.active and not u.is_service
    order by u.created_at, u.id
    limit 1000`).execute(db);
  const wanted = companyHeader === null ? null : (uuidOf('Company', companyHeader) ?? companyHeader.toLowerCase());
  const user = wanted === null ? rows[0] : rows.find(({ companyId }) => companyId === wanted);
  if (!user) {
    throw unauthenticated(
      wanted === null
        ? 'No active user matches this sign-in.'
        : 'No active user of the company in X-Company-Id matches this sign-in.',
    );
  }
  const { companyName: _, ...viewer } = user;
  return { ...viewer, companies: rows.map((row) => ({ id: row.companyId, name: row.companyName })) };
}

/** A user found anew by id (links, keys): active and of that company, service users too; null if there is none. */
export async function viewerById(db: Db, id: string, companyId: string, mayLag = false): Promise<SignedIn | null> {
  const { rows } = await prepared(sql<ViewerRow>`
    select ${columns(mayLag)}
    from users u join companies c on c.id = u.company_id
    where u.id = ${id} and u.company_id = ${companyId} and u.active`).execute(db);
  if (!rows[0]) return null;
  const { companyName, ...viewer } = rows[0];
  return { ...viewer, companies: [{ id: viewer.companyId, name: companyName }] };
}
