import { sql } from 'kysely';
import { readingOf } from '../database/orm.ts';
import type { EventRow } from '../event/event.queries.ts';
import { enqueueingRows } from '../job/job.ts';
import type { World } from '../world.ts';
import { SLOW_TURN, TURN } from './turn.ts';

/**
 * Makes of each event of an act a delivery for each webhook that wants it, and gives these a turn: one statement, whatever their
 * number, and nothing that is there already. Whether the owner sees what it is about is asked when it is sent.
 */
export async function tellWebhooks(world: World, companyId: string, events: readonly EventRow[]): Promise<void> {
  const actId = events[0]?.actId;
  if (actId === undefined) return;
  const now = world.clock.now();
  const turns = (isSlow: boolean) => sql`(
    select json_build_object('webhookId', webhook_id) as payload, webhook_id::text as queue, 0 as "inMs", null::text as key
    from told where is_slow = ${isSlow}) w`;
  // 500 events for 20 webhooks: two seconds on a busy machine. An id has the time of its event
  await sql`
    with wanted as (
      select e.id as event_id, e.type, e.project_id, w.id as webhook_id, greatest(w.paused_until, ${now}) as next_attempt_at,
        w.slow_until is not null as is_slow
      from events e
        join webhooks w on w.company_id = e.company_id and w.enabled and e.type = any(w.events)
          and (w.project_id is null or w.project_id = e.project_id)
        join users owner on owner.id = w.owner_id and owner.active
      where e.act_id = ${actId} and e.company_id = ${companyId}
    ), made as (
      insert into webhook_deliveries
        (id, company_id, created_at, updated_at, project_id, webhook_id, event_id, type, state, attempts, failures, next_attempt_at)
      select (left(event_id::text, 18) || substr(gen_random_uuid()::text, 19))::uuid, ${companyId}, ${now}, ${now}, project_id,
        webhook_id, event_id, type, 'PENDING', 0, 0, next_attempt_at
      from wanted
      on conflict (webhook_id, event_id) do nothing
      returning webhook_id
    ), told as (
      select distinct webhook_id, is_slow from wanted where webhook_id in (select webhook_id from made)
    )
    select (${enqueueingRows(TURN, turns(false))}), (${enqueueingRows(SLOW_TURN, turns(true))})`.execute(
    readingOf(world.orm),
  );
}
