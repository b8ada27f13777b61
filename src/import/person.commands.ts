import { sql } from 'kysely';
import { readingOf } from '../database/orm.ts';
import { isEmail } from '../directory/directory.policy.ts';
import { emailKeys } from '../sync/sync.emails.ts';
import type { UserInput } from '../sync/sync.input.ts';
import { ensureVendors, firmOf, sendUsers } from './directory.commands.ts';
import type { Importing } from './importing.ts';
import type { SourcePerson } from './people.policy.ts';
import { type Place, remark } from './report.ts';

/** Somebody whom a record names, and the record. */
export interface Named {
  person: SourcePerson;
  place: Place;
}

interface Namesake {
  id: string;
  name: string;
  email: string;
  externalId: string | null;
  key: string;
}

/** Where nobody can be reached (RFC 2606): users have an address, and one who has left may have none any more. */
const addressOf = ({ externalId }: SourcePerson): string =>
  `user-${externalId.toLowerCase().replace(/[^a-z0-9]+/g, '-')}@unknown.invalid`;

/**
 * Sees to it that people whom records name are here. Whoever is in no list of users has left, or was never one: they are made from
 * what the records say, inactive, so that they stay on their items and cannot sign in. Somebody who is here with that address is them.
 */
export async function ensurePeople(importing: Importing, named: readonly Named[]): Promise<void> {
  const { users, unmade, report } = importing;
  const fresh = [
    ...new Map(
      named
        .filter(({ person }) => !users.has(person.externalId) && !unmade.has(person.externalId))
        .toReversed()
        .map((one) => [one.person.externalId, one]),
    ).values(),
  ].toReversed();
  if (fresh.length === 0) return;
  const byAddress = await namesakes(importing, fresh);
  const rows: { user: UserInput; place: Place }[] = [];
  const made = fresh.filter(({ person, place }, n) => {
    const here = byAddress[n];
    const { externalId } = person;
    if (here && here.externalId !== null) {
      users.set(externalId, here.id);
      remark(
        report,
        'users',
        { ...place, id: externalId },
        `${here.email} is the address of user ${here.externalId}: taken for the same.`,
      );
    } else if (here) rows.push({ user: { externalId, name: here.name, email: here.email }, place });
    return !here;
  });
  await ensureVendors(
    importing,
    made.map(({ person }) => person.vendor),
  );
  for (const { person, place } of made) {
    const { externalId, name, locale, vendor } = person;
    const email = person.email && isEmail(person.email) ? person.email : addressOf(person);
    const user = { externalId, name, email, locale, vendorExternalId: firmOf(importing, vendor), active: false };
    rows.push({ user, place: { ...place, id: externalId } });
    const why = email === person.email ? '' : `, with no address but ${email}`;
    remark(report, 'users', { ...place, id: externalId }, `${name} is in no list of users: made inactive${why}.`);
  }
  await sendUsers(importing, rows);
}

/** Who is here with the addresses of some people, in their order. */
async function namesakes({ world, viewer }: Importing, people: readonly Named[]): Promise<(Namesake | undefined)[]> {
  const db = readingOf(world.orm);
  const keys = await emailKeys(
    db,
    people.map(({ person }) => person.email ?? ''),
  );
  const { rows } = await sql<Namesake>`
    select id, name, email, external_id as "externalId", lower(email collate "pg_c_utf8") as key from users
    where company_id = ${viewer.companyId} and lower(email collate "pg_c_utf8") = any(${keys.filter(Boolean)}::text[])`.execute(
    db,
  );
  const known = new Map(rows.map((row) => [row.key, row]));
  return keys.map((key) => known.get(key));
}
