import { sql } from 'kysely';
import { readingOf } from '../database/orm.ts';
import { type Act, transaction } from '../database/transaction.ts';
import { queueDeliveries } from '../delivery/delivery.ts';
import type { EventRow } from '../event/event.queries.ts';
import { newId } from '../kernel/ids.ts';
import type { World } from '../world.ts';
import { itemActsOf } from './happened.ts';
import { type Told, whoIsTold } from './notice.queries.ts';
import { insertNotifications, type TellingAct } from './notification.write.ts';

// so many items and everybody on them are held in memory and asked about at once: at most some 40,000 pairs
const ITEMS_AT_A_TIME = 100;

/**
 * Tells people of an act: one mail for each of them, and a row for each item in it. Everything that an act comes to is written in one
 * transaction, so that whoever reads it again finds it done, and two at once take turns.
 */
export async function tellPeople(world: World, companyId: string, events: readonly EventRow[]): Promise<void> {
  const acts = itemActsOf(events);
  if (acts.length === 0) return;
  const [{ actId, actorId, createdAt }] = events as [EventRow];
  const told: Told[] = [];
  const db = readingOf(world.orm);
  for (let from = 0; from < acts.length; from += ITEMS_AT_A_TIME)
    told.push(...(await whoIsTold(db, actId, acts.slice(from, from + ITEMS_AT_A_TIME))));
  if (told.length === 0) return;
  await transaction(world, async (act) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('mail of act ' || ${actId}, 0))`.execute(act.db);
    const { rows } = await sql`select from item_notifications where act_id = ${actId} limit 1`.execute(act.db);
    if (rows.length === 0) await write(world, act, { companyId, actId, actorId, actedAt: createdAt }, told);
  });
}

/** Writes the mails, and what each tells of. */
async function write(world: World, act: Act, deed: TellingAct, told: readonly Told[]): Promise<void> {
  const { companyId } = deed;
  const mails = new Map(
    [...Map.groupBy(told, ({ recipient }) => recipient.id).values()].map((theirs, n) => {
      const { recipient } = theirs[0]!;
      const projects = new Set(theirs.map(({ act: { projectId } }) => projectId));
      const projectId = projects.size === 1 ? theirs[0]!.act.projectId : null;
      const mail = { id: newId(act.now, n), companyId, projectId, kind: 'NOTIFICATION' as const };
      return [recipient.id, { ...mail, address: recipient.email, name: recipient.name, userId: recipient.id }];
    }),
  );
  await queueDeliveries(world, act, [...mails.values()]);
  const rows = told.map(({ act: { itemId, projectId, responseId, reopened }, recipient, notice }) => {
    const [event, ...others] = notice.events;
    const deliveryId = mails.get(recipient.id)!.id;
    return {
      ...{ itemId, projectId, recipientId: recipient.id, deliveryId, responseId, reopened },
      ...{ event, others, joined: notice.joined, lost: notice.left },
    };
  });
  await insertNotifications(act, deed, rows);
}
