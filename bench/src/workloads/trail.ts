import { deepStrictEqual } from 'node:assert';
import type { Client } from 'pg';
import { idOf, PEOPLE } from '../data/sizes.ts';
import type { Workload } from './list.ts';

/** The moment from which on rows are new. */
export async function nowIn(client: Client): Promise<string> {
  const { rows } = await client.query('select clock_timestamp()::timestamptz(3)::text as now');
  return rows[0].now;
}

/**
 * Looks whether a server has written the history and the events of what `outcomeOf` has sent since then: of each changed item that it
 * was put into review and back, of each new one that it was made. Throws when rows are missing, wrong or too many.
 */
export async function checkTrail(client: Client, { operation, items, as }: Workload, since: string): Promise<void> {
  const viewer = idOf('user', PEOPLE[as]);
  const { rows: history } = await client.query(
    `select field, old_value as old, new_value as new, in_draft as draft, count(*)::int as rows, count(distinct item_id)::int as items
     from item_changes where created_by_id = $1 and created_at >= $2 group by 1, 2, 3, 4 order by 2 desc`,
    [viewer, since],
  );
  const { rows: events } = await client.query(
    `select e.type, e.payload #>> '{changes,0,field}' as field, was.name as old, now.name as new, count(*)::int as rows,
       count(distinct e.item_id)::int as items
     from events e
       left join generic_tool_statuses was on was.id::text = e.payload #>> '{changes,0,old}'
       left join generic_tool_statuses now on now.id::text = e.payload #>> '{changes,0,new}'
     where e.actor_id = $1 and e.created_at >= $2 and e.type <> 'item.issued' group by 1, 2, 3, 4 order by 3 desc`,
    [viewer, since],
  );
  if (operation === 'create') {
    deepStrictEqual(history, []);
    deepStrictEqual(events, [{ type: 'item.created', field: null, old: null, new: null, rows: 1, items: 1 }]);
  }
  if (operation === 'batch') {
    const there = { field: 'status', old: 'Open', new: 'In Review', rows: items! * 0.8, items: items! * 0.8 };
    const back = { ...there, old: 'In Review', new: 'Open' };
    deepStrictEqual(
      history,
      [there, back].map((row) => ({ ...row, draft: false })),
    );
    deepStrictEqual(
      events,
      [there, back].map((row) => ({ ...row, type: 'item.updated' })),
    );
  }
}
