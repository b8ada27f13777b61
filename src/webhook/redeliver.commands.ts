import { sql } from 'kysely';
import { transaction } from '../database/transaction.ts';
import type { Context } from '../graph/context.ts';
import { refuse } from '../kernel/errors.ts';
import { Faults } from '../kernel/input.ts';
import { enqueueTurns } from './turn.ts';
import { seesWebhook } from './webhook.queries.ts';

// a page of the log
const MAX_REPLAYED = 100;

/** Sends deliveries once more, whatever became of them, as they were the first time; gives their ids. All of them or none. */
export async function redeliverWebhook(context: Context, input: { deliveryIds: readonly string[] }): Promise<string[]> {
  const { deliveryIds } = input;
  if (deliveryIds.length > MAX_REPLAYED)
    refuse('TOO_MANY', `${deliveryIds.length} deliveries; at most ${MAX_REPLAYED} at once.`, ['deliveryIds']);
  const faults = new Faults();
  const ids = deliveryIds.map((id, n) => faults.id('WebhookDelivery', id, ['deliveryIds', n]));
  faults.refuse();
  await transaction(context.world, async ({ db, now }) => {
    // as whoever disables one does: the webhook first, then what it sends
    const { rows } = await sql<{ id: string; webhookId: string; enabled: boolean }>`
      select d.id, w.id as "webhookId", w.enabled from webhook_deliveries d join webhooks w on w.id = d.webhook_id
      where d.id = any(${ids}::uuid[]) and ${seesWebhook(context, 'w')} order by w.id, d.id for share of w`.execute(db);
    const seen = new Map(rows.map((row) => [row.id, row]));
    ids.forEach((id, n) => {
      const path = ['deliveryIds', n];
      const row = seen.get(id);
      if (!row) faults.notFound('WebhookDelivery', deliveryIds[n]!, path);
      else if (!row.enabled) faults.add('INVALID', 'Its webhook is disabled: enable it first.', path);
    });
    faults.refuse();
    await sql`
      update webhook_deliveries d set state = 'PENDING', failures = 0, error = null, next_attempt_at = greatest(w.paused_until, ${now}),
        updated_at = ${now}
      from webhooks w where w.id = d.webhook_id and d.id = any(${ids}::uuid[])`.execute(db);
    // one that is slow changes over by itself
    await enqueueTurns(db, [...new Set(rows.map(({ webhookId }) => webhookId))], false);
  });
  return [...new Set(ids)];
}
