import { sql } from 'kysely';
import { z } from 'zod';
import { readingOf } from '../database/orm.ts';
import { defineJob } from '../job/job.ts';

// as long as deliveries of webhooks are kept, which can be replayed (domain.md 6)
const KEPT = '30 days';
// a statement takes a second or so, and holds up nobody
const AT_A_TIME = 5_000;

/** Lets go of what only those who told of an act needed. That an import has finished stays: due dates of before are not told. */
export const forget = defineJob({
  name: 'forget',
  lane: 'events',
  payload: z.unknown(),
  async deed({ orm, clock }) {
    const db = readingOf(orm);
    const now = clock.now();
    const old = sql`created_at < ${now}::timestamptz - ${KEPT}::interval`;
    const deletions = [
      sql`delete from former_audiences where ctid in (select ctid from former_audiences where ${old} limit ${AT_A_TIME})`,
      sql`delete from events where id in (
        select id from events where ${old} and handled_at is not null and type <> 'import.finished' limit ${AT_A_TIME})`,
    ];
    for (const deletion of deletions) while ((await deletion.execute(db)).numAffectedRows === BigInt(AT_A_TIME));
  },
});
