import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import { refuse } from '../kernel/errors.ts';
import { uuidOf } from '../kernel/ids.ts';
import type { Faults, Path } from '../kernel/input.ts';
import type { Viewer } from './viewer.ts';

/**
 * Takes the company's row until the act ends: whoever makes, changes or removes admins waits for another who does.
 * Inserts that only refer to the company go on meanwhile.
 */
export async function lockCompany({ db }: Act, companyId: string): Promise<void> {
  await sql`select from companies where id = ${companyId} for no key update`.execute(db);
}

/**
 * Whether somebody is an active company admin at this moment; the graph has asked what was so when the request began.
 * Their row is held until the act ends, so that nobody takes the right away in between. After lockCompany, where both are wanted.
 */
export async function isAdminNow({ db }: Act, { id }: Pick<Viewer, 'id'>): Promise<boolean> {
  const { rows } = await sql`
    select from users where id = ${id} and active and is_company_admin for share`.execute(db);
  return rows.length > 0;
}

/** Refuses whoever is no company admin at this moment, with that sentence. */
export async function requireAdmin(act: Act, viewer: Pick<Viewer, 'id'>, sentence: string): Promise<void> {
  if (!(await isAdminNow(act, viewer))) refuse('FORBIDDEN', sentence);
}

/** The viewer's company by the id that an input names it with; any other is NOT_FOUND. */
export function ownCompany(faults: Faults, { companyId }: Viewer, id: string, path: Path): string {
  if (uuidOf('Company', id) !== companyId) faults.notFound('Company', id, path);
  return companyId;
}
