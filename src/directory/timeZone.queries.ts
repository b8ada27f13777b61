import { sql } from 'kysely';
import type { Db } from '../database/orm.ts';
import { isTimeZone } from './directory.policy.ts';

/**
 * Which of these are no time zones. Node and the database have to know a zone both: one shows dates in it, the other finds what
 * is overdue in it, and a zone that it did not know would break every list of its project.
 */
export async function unknownTimeZones(db: Db, names: Iterable<string>): Promise<Set<string>> {
  const asked = [...new Set(names)];
  const plausible = asked.filter(isTimeZone);
  if (plausible.length === 0) return new Set(asked);
  const { rows } = await sql<{ name: string }>`
    select name from unnest(${plausible}::text[]) as zone(name)
    where pg_input_is_valid('2000-01-01 00:00 ' || name, 'timestamptz')`.execute(db);
  const known = new Set(rows.map(({ name }) => name));
  return new Set(asked.filter((name) => !known.has(name)));
}

export const notATimeZone = (name: string): string =>
  `"${name}" is not a time zone; give its IANA name, such as "America/Los_Angeles".`;
