import { type RawBuilder, sql } from 'kysely';
import type { Config } from '../config.ts';
import type { Db } from '../database/orm.ts';
import { prepared } from '../database/prepared.ts';
import { unauthenticated } from '../kernel/errors.ts';
import { isUuid, uuidOf } from '../kernel/ids.ts';
import { USE_NOTED_MS } from './apiKey.policy.ts';
import { isGood } from './apiKey.queries.ts';

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
  const rows = await candidates(db, sql`users u`, sql`${matches} and not u.is_service`, mayLag);
  const user = inCompany(rows, companyHeader);
  if (user) return signedIn(user, rows);
  throw unauthenticated(
    companyHeader === null
      ? 'No active user matches this sign-in.'
      : 'No active user of the company in X-Company-Id matches this sign-in.',
  );
}

/** What is wrong with an API key: of all that can be, one sentence, so that nobody learns which keys there are or were. */
export const noSuchKey = () =>
  unauthenticated('This API key is not good: it is wrong, expired or revoked, or its user is not active.');

/** A viewer who signed in by an API key. */
export interface SignedInByKey extends SignedIn {
  keyId: string;
  /** whether its last use is worth a write (apiKey.use.ts) */
  useIsNews: boolean;
}

/**
 * The viewer of an API key, by the hash of its secret: the one user whose key it is, in their one company, which a header
 * X-Company-Id must name if there is one. UNAUTHENTICATED when the key is not good now, or the user not active.
 */
export async function viewerOfKey(
  db: Db,
  keyHash: string,
  now: Date,
  companyHeader: string | null,
  mayLag = false,
): Promise<SignedInByKey> {
  const rows = await candidates<Pick<SignedInByKey, 'keyId' | 'useIsNews'>>(
    db,
    sql`api_keys k join users u on u.id = k.user_id`,
    sql`k.secret_hash = ${keyHash} and ${isGood('k', now)}`,
    mayLag,
    sql`, k.id as "keyId",
      coalesce(k.last_used_at <= ${new Date(now.getTime() - USE_NOTED_MS)}::timestamptz, true) as "useIsNews"`,
  );
  const user = inCompany(rows, companyHeader);
  if (user) return signedIn(user, rows);
  throw rows.length > 0
    ? unauthenticated('This API key acts for another company than the one in X-Company-Id.')
    : noSuchKey();
}

/** Active users whom a sign-in could mean, the one made first in front. The first statement of each request. */
async function candidates<More = unknown>(
  db: Db,
  from: RawBuilder<unknown>,
  where: RawBuilder<unknown>,
  mayLag: boolean,
  more = sql``,
): Promise<(ViewerRow & More)[]> {
  const { rows } = await prepared(sql<ViewerRow & More>`
    select ${columns(mayLag)}${more}
    from ${from} join companies c on c.id = u.company_id
    where ${where} and u.active
    order by u.created_at, u.id
    limit 1000`).execute(db);
  return rows;
}

/** The one of the company that a header names, or the first where there is none. */
function inCompany<Row extends ViewerRow>(rows: readonly Row[], header: string | null): Row | undefined {
  const wanted = header === null ? null : (uuidOf('Company', header) ?? header.toLowerCase());
  return wanted === null ? rows[0] : rows.find(({ companyId }) => companyId === wanted);
}

function signedIn<Row extends ViewerRow>(
  { companyName: _, ...viewer }: Row,
  rows: readonly ViewerRow[],
): Omit<Row, 'companyName'> & Pick<Viewer, 'companies'> {
  return { ...viewer, companies: rows.map((row) => ({ id: row.companyId, name: row.companyName })) };
}

/** A user found anew by id (links): active and of that company, service users too; null if there is none. */
export async function viewerById(db: Db, id: string, companyId: string, mayLag = false): Promise<SignedIn | null> {
  const rows = await candidates(db, sql`users u`, sql`u.id = ${id} and u.company_id = ${companyId}`, mayLag);
  return rows[0] ? signedIn(rows[0], rows) : null;
}
