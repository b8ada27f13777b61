import { sql } from 'kysely';
import type { Db } from '../database/orm.ts';
import type { Act } from '../database/transaction.ts';
import { isLocale } from '../directory/directory.policy.ts';
import { newId } from '../kernel/ids.ts';
import type { Faults } from '../kernel/input.ts';
import { sortKey } from '../kernel/text.ts';
import { emailKeys, readEmail, refuseTaken } from './sync.emails.ts';
import type { UserInput } from './sync.input.ts';
import { emptyPlan, externalIds, type Plan, planRow, referred } from './sync.plan.ts';

export interface UserRow {
  id: string;
  externalId: string | null;
  name: string;
  nameKey: string;
  email: string;
  vendorId: string | null;
  locale: string | null;
  jobTitle: string | null;
  phone: string | null;
  avatarUrl: string | null;
  active: boolean;
  isService: boolean;
  isCompanyAdmin: boolean;
}

export interface UserPlan extends Plan<UserRow> {
  /** users that were there, in the input or holding one of its addresses, as they were */
  before: Map<string, UserRow>;
  /** the ids of all that the input speaks of by external id */
  userIds: Map<string, string>;
  /** users whose address somebody else in the input takes over */
  displaced: string[];
}

/**
 * What becomes of users: matched by external id, else by address where the user has none. `vendorIds` are by external id; `named` are
 * users that teams, contacts and cases of the input speak of.
 */
export async function planUsers(
  { db, now }: Act,
  companyId: string,
  users: readonly UserInput[],
  vendorIds: ReadonlyMap<string, string>,
  named: readonly string[],
  faults: Faults,
): Promise<UserPlan> {
  const ids = externalIds(faults, 'users', users);
  const emails = users.map(({ email }, i) => readEmail(faults, email, ['users', i, 'email']));
  const keys = await emailKeys(db, emails);
  const known = await knownUsers(db, companyId, [...ids, ...named], keys);
  const byExternalId = new Map(known.filter((row) => row.externalId !== null).map((row) => [row.externalId!, row]));
  const byEmail = new Map(known.map((row) => [row.emailKey, row]));
  const plan = emptyPlan<UserRow>();
  const finalKeys = new Map<string, string>();
  users.forEach((user, i) => {
    const holder = byEmail.get(keys[i]!);
    const namesake = holder?.externalId === null ? holder : null;
    const match = byExternalId.get(ids[i]!) ?? namesake ?? null;
    if (match) refuseServiceChange(faults, user, i, match, match === namesake);
    const after = readUser(faults, user, i, match, vendorIds);
    const id = match?.id ?? newId(now, i);
    finalKeys.set(id, keys[i]!);
    planRow(plan, 'USER', match, { ...after, id, externalId: ids[i]!, email: emails[i]! });
  });
  const displaced = refuseTaken(faults, plan.synced, keys, byEmail, finalKeys);
  const userIds = new Map([
    ...[...byExternalId].map(([externalId, { id }]) => [externalId, id] as const),
    ...plan.synced.map(({ externalId, id }) => [externalId, id] as const),
  ]);
  return { ...plan, before: new Map(known.map((row) => [row.id, row])), userIds, displaced };
}

async function knownUsers(
  db: Db,
  companyId: string,
  ids: readonly string[],
  keys: readonly string[],
): Promise<(UserRow & { emailKey: string })[]> {
  const { rows } = await sql<UserRow & { emailKey: string }>`
    select id, external_id as "externalId", name, name_key as "nameKey", email, vendor_id as "vendorId", locale,
      job_title as "jobTitle", phone, avatar_url as "avatarUrl", active, is_service as "isService",
      is_company_admin as "isCompanyAdmin", lower(email collate "pg_c_utf8") as "emailKey"
    from users
    where company_id = ${companyId}
      and (external_id = any(${ids}::text[]) or lower(email collate "pg_c_utf8") = any(${keys}::text[]))`.execute(db);
  return rows;
}

/** A user is a person or a service for ever, and the one is never taken for the other because of an address. */
function refuseServiceChange(faults: Faults, user: UserInput, i: number, match: UserRow, byEmail: boolean): void {
  const { isService } = user;
  if (isService === null) return;
  const what = match.isService ? 'a service user' : 'a person';
  if (byEmail && (isService ?? false) !== match.isService)
    faults.add('INVALID', `${user.email} is the address of ${match.name}, ${what}.`, ['users', i, 'email']);
  else if (isService !== undefined && isService !== match.isService)
    faults.add('INVALID', `${match.name} was made as ${what} and stays one.`, ['users', i, 'isService']);
}

/** The fields of a user as the input and, where it is silent, the user as they are have them. */
function readUser(
  faults: Faults,
  user: UserInput,
  i: number,
  before: UserRow | null,
  vendorIds: ReadonlyMap<string, string>,
): Omit<UserRow, 'id' | 'externalId' | 'email'> {
  const at = (field: string) => ['users', i, field];
  const name = faults.requiredText(user.name, at('name'), 'the name');
  const text = (field: 'locale' | 'jobTitle' | 'phone', what: string, max?: number) => {
    const value = faults.text(user[field], at(field), what, { max });
    return value === undefined ? (before?.[field] ?? null) : value;
  };
  const yesOrNo = (field: 'isCompanyAdmin' | 'isService' | 'active', otherwise: boolean) => {
    if (user[field] === null) faults.add('REQUIRED', `${field} is true or false.`, at(field));
    return user[field] ?? before?.[field] ?? otherwise;
  };
  const locale = text('locale', 'the locale', 35);
  if (user.locale && locale && !isLocale(locale))
    faults.add('INVALID', `"${locale.slice(0, 35)}" is not a language tag such as "en-GB".`, at('locale'));
  const vendorId = referred(faults, user.vendorExternalId, at('vendorExternalId'), 'vendor', vendorIds);
  const avatarUrl = faults.webAddress(user.avatarUrl, at('avatarUrl'), 'the address of the picture');
  return {
    name,
    nameKey: sortKey(name),
    vendorId: vendorId === undefined ? (before?.vendorId ?? null) : vendorId,
    locale,
    jobTitle: text('jobTitle', 'the job title'),
    phone: text('phone', 'the phone number'),
    avatarUrl: avatarUrl === undefined ? (before?.avatarUrl ?? null) : avatarUrl,
    active: yesOrNo('active', true),
    isService: yesOrNo('isService', false),
    isCompanyAdmin: yesOrNo('isCompanyAdmin', false),
  };
}
