import { type RawBuilder, sql } from 'kysely';
import { type Order, orderBy, type PageArgs, pageOf, type SortValues, sortValues } from '../database/keyset.ts';
import { batch, byId } from '../database/loader.ts';
import { partsOf } from '../database/nestedPages.ts';
import { unseen } from '../database/prepared.ts';
import { type Connection, connectionOf } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import type { DeliveryState } from './delivery.policy.ts';
import type { WebhookEvent } from './webhook.policy.ts';
import { seesWebhook } from './webhook.queries.ts';

export interface WebhookDeliveryRow {
  id: string;
  webhookId: string;
  eventId: string;
  type: WebhookEvent;
  state: DeliveryState;
  attempts: number;
  responseStatus: number | null;
  responseBody: string | null;
  error: string | null;
  nextAttemptAt: string | null;
  createdAt: string;
}

const COLUMNS: RawBuilder<unknown> = sql`d.id, d.webhook_id as "webhookId", d.event_id as "eventId", d.type, d.state, d.attempts,
  d.response_status as "responseStatus", d.response_body as "responseBody", d.error, d.next_attempt_at as "nextAttemptAt",
  d.created_at as "createdAt"`;

/** A delivery, if the viewer sees its webhook. */
export const webhookDeliveryById = batch<Context, string, WebhookDeliveryRow>(async (context, ids) => {
  const { rows } = await sql<WebhookDeliveryRow>`
    select ${COLUMNS} from webhook_deliveries d join webhooks w on w.id = d.webhook_id
    where d.id = any(${ids}::uuid[]) and ${seesWebhook(context, 'w')}`.execute(context.db);
  return byId(rows);
});

/** Newest first: ids of events are in the order of time, and a webhook has each once. */
const NEWEST_FIRST: Order = [{ sql: sql`d.event_id`, type: 'uuid', direction: 'DESC' }];
const OUTSIDE: Order = [{ ...NEWEST_FIRST[0]!, sql: sql`d."eventId"` }];

const deliveriesPart = partsOf(async ({ db }: Context, part, webhooks: readonly { id: string }[]) => {
  const outside = part.order.map((key, n) => ({ ...key, sql: OUTSIDE[n]!.sql }));
  const { rows } = await sql<WebhookDeliveryRow & { parentId: string; sortValues: SortValues }>`
    select webhook.id as "parentId", d.*
    from unnest(${unseen([...byId(webhooks).keys()])}) as webhook(id)
    cross join lateral (
      select ${COLUMNS}, ${sortValues(NEWEST_FIRST)} as "sortValues"
      from webhook_deliveries d where d.webhook_id = webhook.id and ${part.where}
      order by ${orderBy(part.order)} limit ${part.limit}
    ) d
    order by ${orderBy(outside)}`.execute(db);
  return rows;
});

const deliveryCount = batch<Context, string, number>(async ({ db }, ids) => {
  const { rows } = await sql<{ id: string; count: number }>`
    select webhook_id as id, count(*)::int as count from webhook_deliveries where webhook_id = any(${ids}::uuid[]) group by 1`.execute(
    db,
  );
  return new Map(rows.map(({ id, count }) => [id, count]));
});

/** What was and is to be sent to a webhook that the viewer sees, newest first. */
export async function listDeliveries(
  { loads }: Context,
  webhook: { id: string },
  args: PageArgs,
): Promise<Connection<WebhookDeliveryRow>> {
  const page = await pageOf(
    args,
    NEWEST_FIRST,
    'deliveries',
    async (part) => (await loads.load(deliveriesPart, { parent: webhook, part })) ?? [],
  );
  return connectionOf(page, async () => (await loads.load(deliveryCount, webhook.id)) ?? 0);
}
