import { sql } from 'kysely';
import type { Db } from '../../src/database/orm.ts';

/** How item_counts differs from what the items themselves come to: nothing, if they have been kept together. */
export async function miscounts(db: Db): Promise<string[]> {
  const { rows } = await sql<{ row: string }>`
    with kept as (
      select project_id, generic_tool_id, class, status_id, due_on, sum(count) as count from item_counts group by 1, 2, 3, 4, 5
    ), due as (
      select i.project_id, i.generic_tool_id, a.audience as class, i.status_id,
        case when s.category = 'OPEN' and i.due_date is not null then i.due_date else 'infinity' end as due_on, count(*) as count
      from items i
        join generic_tool_statuses s on s.id = i.status_id
        join item_audiences a on a.item_id = i.id and a.audience < '00000000-0000-0000-0000-000000000004'
      where i.archived_at is null
      group by 1, 2, 3, 4, 5
    )
    select 'missing ' || due::text as row from (table due except table kept) due
    union all select 'too much ' || kept::text from (select * from kept where count <> 0 except table due) kept`.execute(
    db,
  );
  return rows.map(({ row }) => row);
}
