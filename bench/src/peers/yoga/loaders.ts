import DataLoader from 'dataloader';
import type { Pool } from 'pg';
import type { Json } from '../../json.ts';

const byId = (pool: Pool, table: string, columns: string) =>
  new DataLoader<string, Json>(async (ids) => {
    const { rows } = await pool.query(`select ${columns} from ${table} where id = any($1)`, [ids]);
    const found = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => found.get(id) ?? null);
  });

/** The loaders of one request. */
export const loadersOf = (pool: Pool) => ({
  users: byId(pool, 'users', 'id, name, email, job_title as "jobTitle", vendor_id as "vendorId"'),
  vendors: byId(pool, 'vendors', 'id, name'),
  tools: byId(pool, 'generic_tools', 'id, title, abbreviation'),
  statuses: byId(pool, 'generic_tool_statuses', 'id, name, category'),
  /** role and user id of everybody on an item, in order */
  people: new DataLoader<string, { role: string; userId: string }[]>(async (ids) => {
    const { rows } = await pool.query(
      'select item_id as "itemId", role, user_id as "userId" from item_people where item_id = any($1) order by position',
      [ids],
    );
    const found = new Map<string, { role: string; userId: string }[]>(ids.map((id) => [id, []]));
    for (const row of rows) found.get(row.itemId)!.push(row);
    return ids.map((id) => found.get(id)!);
  }),
});
export type Loaders = ReturnType<typeof loadersOf>;
