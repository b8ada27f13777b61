import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import { newId, uuidOf } from '../kernel/ids.ts';
import type { Faults } from '../kernel/input.ts';

/** Everybody who reads what comes in; each thread that begins there has them all. */
const MAX_EMAIL_MEMBERS = 100;

/** Where mail comes in: a project, or (null) the company itself. */
interface Inbox {
  companyId: string;
  projectId: string | null;
}

/**
 * Whom mail to an inbox shall be for, as `emailMemberIds` of an input says: undefined leaves, null clears. Only who is added has to be
 * active. Whoever calls it holds the row of the company or the project.
 */
export async function readEmailMembers(
  { db }: Act,
  faults: Faults,
  given: readonly string[] | null | undefined,
  { companyId, projectId }: Inbox,
): Promise<string[] | undefined> {
  if (!given) return given === null ? [] : undefined;
  const path = ['emailMemberIds'];
  if (given.length > MAX_EMAIL_MEMBERS) {
    faults.add('TOO_MANY', `${given.length} people; at most ${MAX_EMAIL_MEMBERS} are taken.`, path);
    return undefined;
  }
  const { rows } = await sql<{ id: string; name: string; active: boolean; isThere: boolean }>`
    select u.id, u.name, u.active, exists (
      select from email_members m where m.user_id = u.id and m.project_id is not distinct from ${projectId}::uuid
    ) as "isThere"
    from users u
    where u.company_id = ${companyId} and u.id = any(${given.map((id) => uuidOf('User', id))}::uuid[])`.execute(db);
  const people = new Map(rows.map((row) => [row.id, row]));
  return [...new Set(given)].flatMap((gid) => {
    const person = people.get(uuidOf('User', gid) ?? '');
    const at = [...path, given.indexOf(gid)];
    if (!person) faults.notFound('User', gid, at);
    else if (!person.active && !person.isThere)
      faults.add('NOT_SELECTABLE', `${person.name} is not active and cannot be chosen.`, at);
    return person ? person.id : [];
  });
}

/** Writes whom mail to an inbox is for: these, and nobody else. One statement. */
export async function writeEmailMembers(
  { db, now }: Act,
  { companyId, projectId }: Inbox,
  userIds: readonly string[],
): Promise<void> {
  await sql`
    with gone as (
      delete from email_members
      where company_id = ${companyId} and project_id is not distinct from ${projectId}::uuid and user_id <> all(${userIds}::uuid[])
    )
    insert into email_members (id, company_id, created_at, updated_at, project_id, user_id)
    select id, ${companyId}, ${now}, ${now}, ${projectId}::uuid, user_id
    from unnest(${userIds.map((_, n) => newId(now, n))}::uuid[], ${userIds}::uuid[]) as given(id, user_id)
    on conflict do nothing`.execute(db);
}
