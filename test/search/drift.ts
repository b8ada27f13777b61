import { sql } from 'kysely';
import type { TestWorld } from '../kit/world.ts';

/** How what is looked through differs from what the items and responses say: nothing, if it has been kept together. */
export async function searchDrift({ db }: Pick<TestWorld, 'db'>): Promise<string[]> {
  const { rows } = await sql<{ row: string }>`
    (select 'too much ' || t::text as row from (table item_search except table searchable_items) t)
    union all (select 'missing ' || t::text from (table searchable_items except table item_search) t)
    union all (select 'too much ' || t::text from (table response_search except table searchable_responses) t)
    union all (select 'missing ' || t::text from (table searchable_responses except table response_search) t)`.execute(
    db,
  );
  return rows.map(({ row }) => row);
}
