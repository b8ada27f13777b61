import { sql } from 'kysely';
import type { Db } from '../database/orm.ts';
import { type Viewer, viewerById } from '../directory/viewer.ts';
import { isUuid, uuidOf } from '../kernel/ids.ts';

/**
 * In whose name a company's data is imported: the first of its active admins. `named` is its id (raw, global or of the other system) or
 * its name; null is the only one that there is. Throws a sentence for whoever runs the command.
 */
export async function importerOf(db: Db, named: string | null): Promise<Viewer> {
  const id = named === null ? null : (uuidOf('Company', named) ?? (isUuid(named) ? named : null));
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from companies
    where ${named}::text is null or id = ${id} or external_id = ${named}
      or lower(name collate "pg_c_utf8") = lower(${named}::text collate "pg_c_utf8")
    order by created_at, id`.execute(db);
  const [company, another] = rows;
  if (!company)
    throw new Error(
      named === null ? 'There is no company yet: npm run create-company makes one.' : `There is no company "${named}".`,
    );
  if (another)
    throw new Error(
      `There are several companies${named === null ? '' : ' of that name'}: --company says which one, by its id: ${rows.map((row) => `${row.name} ${row.id}`).join(', ')}.`,
    );
  const { rows: admins } = await sql<{ id: string }>`
    select id from users where company_id = ${company.id} and active and is_company_admin and not is_service
    order by created_at, id limit 1`.execute(db);
  const viewer = admins[0] && (await viewerById(db, admins[0].id, company.id));
  if (!viewer) throw new Error(`${company.name} has no active admin, in whose name its data could be imported.`);
  return viewer;
}
