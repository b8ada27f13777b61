import { sql } from 'kysely';
import type { Db } from '../database/orm.ts';
import { isEmail, MAX_EMAIL } from '../directory/directory.policy.ts';
import type { Faults, Path } from '../kernel/input.ts';
import { searchable } from './sync.plan.ts';

/** An address of the input, trimmed. */
export function readEmail(faults: Faults, value: string, path: Path): string {
  const email = faults.requiredText(value, path, 'the e-mail address', { max: MAX_EMAIL });
  if (email && email.length <= MAX_EMAIL && !isEmail(email))
    faults.add('INVALID', `"${email.slice(0, 100)}" is not an e-mail address.`, path);
  return searchable(email);
}

/** Addresses as they are compared: the database folds their case, just as its unique index does. */
export async function emailKeys(db: Db, emails: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    select lower(email collate "pg_c_utf8") as key from unnest(${emails}::text[]) with ordinality as given(email, position)
    order by position`.execute(db);
  return rows.map(({ key }) => key);
}

/**
 * An address belongs to one user of the company. Judged by how things are at the end, so that users of the input may swap:
 * gives those whose address goes to another.
 */
export function refuseTaken(
  faults: Faults,
  synced: readonly { id: string }[],
  keys: readonly string[],
  byEmail: ReadonlyMap<string, { id: string; name: string }>,
  finalKeys: ReadonlyMap<string, string>,
): string[] {
  const first = new Map<string, number>();
  const displaced: string[] = [];
  synced.forEach(({ id }, i) => {
    const key = keys[i]!;
    if (!key) return;
    const path = ['users', i, 'email'];
    const twin = first.get(key);
    const holder = byEmail.get(key);
    if (twin !== undefined) faults.add('TAKEN', `${key} is the address of users ${twin} too.`, path);
    else if (holder && holder.id !== id) {
      const next = finalKeys.get(holder.id);
      if (next === undefined) faults.add('TAKEN', `${key} is the address of ${holder.name} already.`, path);
      else if (next !== key) displaced.push(holder.id);
    }
    if (twin === undefined) first.set(key, i);
  });
  return displaced;
}
