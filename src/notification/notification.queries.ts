import { type RawBuilder, sql } from 'kysely';
import { type Order, orderBy, type PageArgs, pageOf, type SortValues, sortValues } from '../database/keyset.ts';
import { batch, byId } from '../database/loader.ts';
import { partsOf } from '../database/nestedPages.ts';
import type { Db } from '../database/orm.ts';
import { type DeliveryRow, deliveryOfSeen } from '../delivery/delivery.queries.ts';
import { type Connection, connectionOf } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import { type ItemRow, itemById } from '../item/item.queries.ts';
import type { ItemRole, NotificationEvent } from '../permission/defaults.policy.ts';
import { grantOn } from '../permission/permission.queries.ts';

/** That somebody is mailed about an item. */
export interface NotificationRow {
  id: string;
  projectId: string;
  itemId: string;
  recipientId: string;
  /** whose act it tells of, and when that was */
  actorId: string | null;
  actedAt: string;
  event: NotificationEvent;
  others: NotificationEvent[];
  joined: ItemRole[];
  lost: ItemRole[];
  reopened: boolean;
  responseId: string | null;
  deliveryId: string;
  createdAt: string;
}

const COLUMNS = sql`n.id, n.project_id as "projectId", n.item_id as "itemId", n.recipient_id as "recipientId", n.actor_id as "actorId", n.acted_at as "actedAt",
  n.event, n.others, n.joined, n.lost, n.reopened, n.response_id as "responseId", n.delivery_id as "deliveryId",
  n.created_at as "createdAt"`;

/** The rows of a mail behind one of them, in their order: at most `limit`. */
export async function rowsOfMail(
  db: Db,
  deliveryId: string,
  after: string | null,
  limit: number,
): Promise<NotificationRow[]> {
  const { rows } = await sql<NotificationRow>`
    select ${COLUMNS} from item_notifications n
    where n.delivery_id = ${deliveryId} ${after === null ? sql`` : sql`and n.id > ${after}`}
    order by n.id limit ${limit}`.execute(db);
  return rows;
}

/** Whether the viewer sees the notifications of an item that they see: ADMINs all, others their own. */
const seesAll = async (context: Context, item: ItemRow): Promise<boolean> =>
  (await grantOn(context, item.projectId, item.genericToolId)).accessLevel === 'ADMIN';

/** Those of some rows that the viewer sees: of items that they see, their own or, for ADMINs, all. */
async function seenAmong<Row extends Pick<NotificationRow, 'itemId' | 'recipientId'>>(
  context: Context,
  rows: readonly Row[],
): Promise<Row[]> {
  const seen = await Promise.all(
    rows.map(async ({ itemId, recipientId }) => {
      const item = await context.loads.load(itemById, itemId);
      return item !== null && (recipientId === context.viewer.id || (await seesAll(context, item)));
    }),
  );
  return rows.filter((_, n) => seen[n]);
}

/** A notification, if the viewer sees its item and it. */
export const notificationById = batch<Context, string, NotificationRow>(async (context, ids) => {
  const { rows } = await sql<NotificationRow & { delivery: DeliveryRow }>`
    select ${COLUMNS}, ${DELIVERY} as delivery from item_notifications n join email_deliveries d on d.id = n.delivery_id
    where n.id = any(${ids}::uuid[]) and n.company_id = ${context.viewer.companyId}`.execute(context.lagging);
  return byId(await seenAmong(context, knowing(context, rows)));
});

// read with what it belongs to: a mail that is withheld in between takes both away
const DELIVERY: RawBuilder<DeliveryRow> = sql`json_build_object('id', d.id, 'kind', d.kind, 'userId', d.user_id, 'address', d.address,
  'state', d.state, 'attempts', d.attempts, 'lastError', d.last_error, 'updatedAt', d.updated_at)`;

function knowing<Row extends { delivery: DeliveryRow }>({ loads }: Context, rows: readonly Row[]): readonly Row[] {
  for (const { delivery } of rows) loads.know(deliveryOfSeen, delivery.id, delivery);
  return rows;
}

/** Which of some mails tell of something whose notification the viewer sees: what decides who sees what became of them. */
export async function mailsSeen(
  context: Context,
  deliveries: readonly { id: string; userId: string | null }[],
): Promise<string[]> {
  // one row of each item for each mail is enough; those of others are for ADMINs, who see them by the item
  const { rows } = await sql<Pick<NotificationRow, 'itemId' | 'recipientId' | 'deliveryId'>>`
    select n.item_id as "itemId", n.recipient_id as "recipientId", n.delivery_id as "deliveryId"
    from unnest(${deliveries.map(({ id }) => id)}::uuid[]) as mail(id)
    cross join lateral (
      select * from item_notifications n where n.delivery_id = mail.id and n.company_id = ${context.viewer.companyId}
      order by n.id limit ${LOOKED_THROUGH}
    ) n`.execute(context.db);
  const seen = await seenAmong(context, rows);
  return [...new Set(seen.map(({ deliveryId }) => deliveryId))];
}
// a digest of more is shown to those who see one of the first of its items, and to nobody by the rest
const LOOKED_THROUGH = 500;

const NEWEST_FIRST: Order = [{ sql: sql`n.id`, type: 'uuid', direction: 'DESC' }];

type Listed = ItemRow & { seesAll: boolean };

/** The items whose notifications are listed, as rows: each once, however often it was asked for. */
const parents = (asked: readonly Listed[]) => {
  const items = [...byId(asked).values()];
  return sql`unnest(${items.map(({ id }) => id)}::uuid[], ${items.map((item) => item.seesAll)}::boolean[]) as item(id, sees_all)`;
};

/** Each way by an index of its own: what somebody got of an item may be far apart in what all got. */
const listed = ({ viewer }: Context, columns: RawBuilder<unknown>, more: RawBuilder<unknown>) => sql`(
  select ${columns} from item_notifications n where item.sees_all and n.item_id = item.id ${more}
) union all (
  select ${columns} from item_notifications n
  where not item.sees_all and n.item_id = item.id and n.recipient_id = ${viewer.id} ${more}
)`;

const notificationsPart = partsOf(async (context: Context, part, items: readonly Listed[]) => {
  const columns = sql`n.*, ${sortValues(NEWEST_FIRST)} as sort_values`;
  const more = sql`and ${part.where} order by ${orderBy(part.order)} limit ${part.limit}`;
  const { rows } = await sql<NotificationRow & { parentId: string; sortValues: SortValues; delivery: DeliveryRow }>`
    select item.id as "parentId", ${COLUMNS}, n.sort_values as "sortValues", ${DELIVERY} as delivery
    from ${parents(items)} cross join lateral (${listed(context, columns, more)}) n join email_deliveries d on d.id = n.delivery_id
    order by ${orderBy(part.order)}`.execute(context.lagging);
  knowing(context, rows);
  return rows;
});

const notificationCount = batch<Context, Listed, number>(async (context, items) => {
  const { rows } = await sql<{ id: string; count: number }>`
    select item.id, count(*)::int as count
    from ${parents(items)} cross join lateral (${listed(context, sql`n.id`, sql``)}) n group by item.id`.execute(
    context.lagging,
  );
  const counts = new Map(rows.map(({ id, count }) => [id, count]));
  return new Map(items.map((item) => [item, counts.get(item.id) ?? 0]));
});

/** The notifications of an item, newest first: for ADMINs all, for others their own. */
export async function listNotifications(
  context: Context,
  item: ItemRow,
  args: PageArgs,
): Promise<Connection<NotificationRow>> {
  const parent = { ...item, seesAll: await seesAll(context, item) };
  const page = await pageOf(
    args,
    NEWEST_FIRST,
    'notifications',
    async (part) => (await context.loads.load(notificationsPart, { parent, part })) ?? [],
  );
  return connectionOf(page, async () => (await context.loads.load(notificationCount, parent)) ?? 0);
}
