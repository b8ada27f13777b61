import { sql } from 'kysely';
import { z } from 'zod';
import { readingOf } from '../database/orm.ts';
import { type EventRow, eventsOfAct } from '../event/event.queries.ts';
import { defineJob } from '../job/job.ts';
import { tellPeople } from '../notification/notification.commands.ts';
import { tellWebhooks } from '../webhook/fanOut.ts';
import type { World } from '../world.ts';

/** What becomes of the events of an act: it can be asked again, and does nothing twice. */
export type ActReader = (world: World, companyId: string, events: readonly EventRow[]) => Promise<void>;

/** Those who read acts. One that fails holds up no other: the act is tried again for it. */
const actReaders: readonly ActReader[] = [tellPeople, tellWebhooks];

/** Every act becomes one of these, by a trigger on its events (Migration0018). */
export const act = defineJob({
  name: 'act',
  lane: 'events',
  payload: z.object({ companyId: z.string(), actId: z.string() }),
  async deed(world, { companyId, actId }) {
    const db = readingOf(world.orm);
    const events = await eventsOfAct(db, actId);
    const results = await Promise.allSettled(actReaders.map((read) => read(world, companyId, events)));
    const failed = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    if (failed.length > 0) throw failed[0];
    await sql`update events set handled_at = ${world.clock.now()} where act_id = ${actId} and handled_at is null`.execute(
      db,
    );
  },
});
