import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import type { ItemContent } from './item.patch.ts';

/** Where numbers are counted: a tool in a project. */
type Place = Pick<ItemContent, 'companyId' | 'projectId' | 'genericToolId'>;

/**
 * Lets nobody else give numbers in these places until the transaction ends, by hand or automatically: whoever looks for a number
 * sees all that are given. Without it two who want one number meet in the index, where each waits for the other (the constraint
 * is deferrable) until the database ends one of them after a second: 20 at once took 9 s, now 0.3.
 */
export async function lockNumbers({ db }: Act, places: readonly Place[]): Promise<void> {
  await sql`
    insert into item_counters (project_id, generic_tool_id, company_id, last_position)
    select distinct project_id, generic_tool_id, company_id, 0
    from unnest(
      ${places.map(({ projectId }) => projectId)}::uuid[],
      ${places.map(({ genericToolId }) => genericToolId)}::uuid[],
      ${places.map(({ companyId }) => companyId)}::uuid[]
    ) as place(project_id, generic_tool_id, company_id)
    order by project_id, generic_tool_id
    on conflict (project_id, generic_tool_id) do update set last_position = item_counters.last_position`.execute(db);
}

/**
 * The next number of a tool in a project: the next integer of the counter, in three digits or more, that nobody has taken by hand.
 * Its place must be locked (lockNumbers), so parallel creates wait for each other, and a failed one gives its number back.
 */
export async function nextPosition({ db }: Act, place: Place): Promise<string> {
  const here = sql`project_id = ${place.projectId} and generic_tool_id = ${place.genericToolId}`;
  // one beyond the counter, or one beyond a number that was taken by hand there: the smallest that is free
  const { rows } = await sql<{ position: string }>`
    update item_counters set last_position = (
      select free.n from (
        select item_counters.last_position + 1 as n
        union all
        select position_number + 1 from items where ${here} and position_number > item_counters.last_position
      ) free
      where not exists (select 1 from items where ${here} and position_number = free.n)
      order by free.n limit 1
    )
    where ${here}
    returning last_position::text as position`.execute(db);
  return rows[0]!.position.padStart(3, '0');
}
