import { sql } from 'kysely';
import { z } from 'zod';
import { readingOf } from '../database/orm.ts';
import { defineJob } from '../job/job.ts';

// domain.md 6: as long as deliveries of webhooks can be replayed
const KEPT = '30 days';
// deliveries are made of these, some time later
const EVENTS_KEPT = '31 days';
// a statement takes a second or so, and holds up nobody
const AT_A_TIME = 5_000;

/** Lets go of what only those who told of an act needed. That an import has finished stays: due dates of before are not told. */
export const forget = defineJob({
  name: 'forget',
  lane: 'events',
  payload: z.unknown(),
  // a month of a large company, after it was off for long
  limitMs: 600_000,
  async deed({ orm, clock }) {
    const db = readingOf(orm);
    const now = clock.now();
    const old = (kept: string) => sql`created_at < ${now}::timestamptz - ${kept}::interval`;
    const deletions = [
      sql`delete from former_audiences where ctid in (select ctid from former_audiences where ${old(KEPT)} limit ${AT_A_TIME})`,
      sql`delete from webhook_deliveries where id in (select id from webhook_deliveries where ${old(KEPT)} limit ${AT_A_TIME})`,
      sql`delete from events where id in (
        select id from events where ${old(EVENTS_KEPT)} and handled_at is not null and type <> 'import.finished' limit ${AT_A_TIME})`,
    ];
    for (const deletion of deletions) while ((await deletion.execute(db)).numAffectedRows === BigInt(AT_A_TIME));
  },
});
