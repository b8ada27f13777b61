import { sql } from 'kysely';
import type { Db } from '../database/orm.ts';
import { projectNamed } from '../directory/directory.queries.ts';
import type { Context } from '../graph/context.ts';
import { dayIn, isOverdue } from '../item/item.abilities.ts';
import { type ItemRow, itemById } from '../item/item.queries.ts';
import type { NotificationEvent } from '../permission/defaults.policy.ts';
import { type ResponseRow, responseById } from '../response/response.queries.ts';
import { allowedOf } from './notification.policy.ts';
import type { NotificationRow } from './notification.queries.ts';

/** What a mail may tell its recipient at this moment of one item. */
export interface Judged {
  row: NotificationRow;
  events: [NotificationEvent, ...NotificationEvent[]];
  /** null when they do not see it: they were taken off */
  item: ItemRow | null;
  response: ResponseRow | null;
}

/**
 * What of some rows their recipient may be told at this moment, by their own sight: through the loads of their context. That they were
 * taken off something was judged when the act was read, and holds. Who is no assignee any more, of what is not overdue any more, and
 * on a later day (there is another mail for that), nobody is reminded, unless somebody sends it anew.
 */
export async function judge(context: Context, rows: readonly NotificationRow[], isAnew: boolean): Promise<Judged[]> {
  const { loads, viewer, world } = context;
  const now = world.clock.now();
  const judged = await Promise.all(
    rows.map(async (row): Promise<Judged | null> => {
      const [item, response] = await Promise.all([
        loads.load(itemById, row.itemId),
        row.responseId === null ? null : loads.load(responseById, row.responseId),
      ]);
      if (row.event === 'OVERDUE') {
        if (!item?.assigneeIds.includes(viewer.id)) return null;
        const { timeZone } = await loads.the(projectNamed, item.projectId);
        const isDue = isAnew || dayIn(timeZone, new Date(row.actedAt)) === dayIn(timeZone, now);
        return isDue && isOverdue(item, timeZone, now) ? { row, events: ['OVERDUE'], item, response: null } : null;
      }
      const sight = { sees: item !== null, saw: true, seesResponse: response !== null };
      const events = allowedOf([row.event, ...row.others], sight);
      return events && { row, events, item, response };
    }),
  );
  return judged.filter((one) => one !== null);
}

/** Keeps of these rows what was judged fit to be told: the others go, and what is left of a row is what it says from now on. */
export async function keepOnly(db: Db, rows: readonly NotificationRow[], judged: readonly Judged[]): Promise<void> {
  const kept = new Set(judged.map(({ row }) => row.id));
  const gone = rows.map(({ id }) => id).filter((id) => !kept.has(id));
  if (gone.length > 0) await sql`delete from item_notifications where id = any(${gone}::uuid[])`.execute(db);
  const less = judged
    .filter(({ row, events }) => events.length < 1 + row.others.length)
    .map(({ row, events: [event, ...others] }) => ({ id: row.id, event, others }));
  if (less.length > 0)
    await sql`
      update item_notifications n set event = less.event, others = less.others
      from jsonb_to_recordset(${JSON.stringify(less)}::jsonb) as less(id uuid, event text, others text[]) where n.id = less.id`.execute(
      db,
    );
}
