import { sql } from 'kysely';
import { batch, byId } from '../database/loader.ts';
import type { Db } from '../database/orm.ts';
import type { Context } from '../graph/context.ts';
import type { DeliveryKind, DeliveryState } from './delivery.policy.ts';

/** A delivery as the graph shows it. */
export interface DeliveryRow {
  id: string;
  kind: DeliveryKind;
  userId: string | null;
  address: string;
  state: DeliveryState;
  attempts: number;
  lastError: string | null;
  updatedAt: Date;
}

const deliveriesOf = ({ db, viewer }: Context, ids: readonly string[]): Promise<DeliveryRow[]> =>
  db
    .selectFrom('email_deliveries')
    .select(['id', 'kind', 'userId', 'address', 'state', 'attempts', 'lastError', 'updatedAt'])
    .where('companyId', '=', viewer.companyId)
    .where('id', 'in', ids)
    .execute() as Promise<DeliveryRow[]>;

/** A delivery that belongs to something that the viewer sees, and whose deliveries they see: whoever loads it has asked. */
export const deliveryOfSeen = batch<Context, string, DeliveryRow>(async (context, ids) =>
  byId(await deliveriesOf(context, ids)),
);

/** Which of some deliveries of a kind the viewer sees, by their ids (graph/deliverySights.ts). */
export type DeliverySight = (context: Context, deliveries: readonly DeliveryRow[]) => Promise<readonly string[]>;

/** A delivery by its id alone, if the viewer sees it by the sight of its kind; one of a kind that has none is not there. */
export const visibleDelivery = (sights: Record<DeliveryKind, DeliverySight>) =>
  batch<Context, string, DeliveryRow>(async (context, ids) => {
    const found = await deliveriesOf(context, ids);
    const seen = await Promise.all(
      Object.entries(sights).map(([kind, sight]) => {
        const some = found.filter((row) => row.kind === kind);
        return some.length > 0 ? sight(context, some) : [];
      }),
    );
    const ours = new Set(seen.flat());
    return byId(found.filter(({ id }) => ours.has(id)));
  });

export interface DeliveryCount {
  state: DeliveryState;
  count: number;
}

/** How many deliveries are in a state: of those that are done, those of the last 24 hours. For metrics, over all companies. */
export async function countDeliveries(db: Db, now: Date): Promise<DeliveryCount[]> {
  const { rows } = await sql<DeliveryCount>`
    select state, count(*)::int as count from email_deliveries
    where state in ('QUEUED', 'DEFERRED') or (state in ('SENT', 'FAILED', 'BOUNCED') and updated_at > ${now}::timestamptz - interval '24 hours')
    group by state order by state`.execute(db);
  return rows;
}
