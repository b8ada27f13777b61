import { z } from 'zod';
import { readingOf } from '../database/orm.ts';
import { type Act, transaction } from '../database/transaction.ts';
import { queueDeliveries } from '../delivery/delivery.ts';
import { defineJob, enqueue } from '../job/job.ts';
import { newId } from '../kernel/ids.ts';
import type { World } from '../world.ts';
import { insertNotifications } from './notification.write.ts';
import { daysToTell, type ProjectDay, type Reminder, remindersFor, takeDay } from './overdue.queries.ts';

// a project may have a million items that are overdue
const AT_A_TIME = 2_000;

/** Looks for projects where it is 08:00 on a day that was not told. The quarter hours of all time zones are whole quarters of UTC. */
export const overdue = defineJob({
  name: 'overdue',
  lane: 'events',
  payload: z.unknown(),
  async deed({ orm, clock }) {
    const db = readingOf(orm);
    const days = await daysToTell(db, clock.now());
    await enqueue(
      db,
      overdueInProject,
      // one after the other: however much is overdue, what people do meanwhile is told
      days.map((payload) => ({ payload, key: `overdue:${payload.projectId}`, queue: 'overdue' })),
    );
  },
});

/** Tells the assignees of what is overdue in a project on a day: one mail for each, once. */
export const overdueInProject = defineJob<ProjectDay>({
  name: 'overdueInProject',
  lane: 'events',
  payload: z.object({ companyId: z.string(), projectId: z.string(), day: z.string() }),
  deed: (world, day) =>
    transaction(world, async (act) => {
      if (!(await takeDay(act.db, act.now, day))) return;
      const mails = new Map<string, string>();
      for await (const reminders of remindersFor(act.db, day, AT_A_TIME))
        await remind(world, act, day, mails, reminders);
    }),
});

/** Writes rows for some reminders, into the mails of those who are reminded; `mails` has these by person, and gets those that are new. */
async function remind(
  world: World,
  act: Act,
  { companyId, projectId }: ProjectDay,
  mails: Map<string, string>,
  reminders: readonly Reminder[],
): Promise<void> {
  const newcomers = new Map(reminders.filter(({ userId }) => !mails.has(userId)).map((one) => [one.userId, one]));
  const deliveries = [...newcomers.values()].map(({ userId, name, email: address }) => {
    const id = newId(act.now, mails.size);
    mails.set(userId, id);
    return { id, companyId, projectId, kind: 'NOTIFICATION' as const, address, name, userId };
  });
  await queueDeliveries(world, act, deliveries);
  const nothing = { others: [], joined: [], lost: [], reopened: false, responseId: null };
  await insertNotifications(
    act,
    { companyId, actId: act.actId, actorId: null, actedAt: act.now.toISOString() },
    reminders.map(({ itemId, userId }) => ({
      ...{ itemId, projectId, recipientId: userId, deliveryId: mails.get(userId)!, event: 'OVERDUE' as const },
      ...nothing,
    })),
  );
}
