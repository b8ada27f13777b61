import { sql } from 'kysely';
import { z } from 'zod';
import { readingOf } from '../database/orm.ts';
import { defineJob } from '../job/job.ts';
import type { World } from '../world.ts';
import { UNUSED_MS } from './file.policy.ts';

// a run takes some seconds at most, and the next one goes on
const MOST = 500;
// longer than letting go of so many takes: then whoever did it was killed, and another one does it again
const AGAIN_MS = 3_600_000;

/**
 * Lets go of files that are attached to nothing a day after they came, or after the last attachment went; of what PUTs left behind
 * whose processes were killed. Can run twice, in several processes at once, and can be killed at any point: a row goes last.
 * Gives how many files went.
 */
export async function removeUnusedFiles({
  orm,
  storage,
  clock,
}: Pick<World, 'orm' | 'storage' | 'clock'>): Promise<number> {
  const db = readingOf(orm);
  const now = clock.now();
  const due = sql`select id from files where due_at <= ${now} order by due_at limit ${MOST} for update skip locked`;
  // Whoever attaches an upload holds its row, and finds none that is removed. One that was attached to several items, and taken off
  // some, is due without being unused.
  const { rows } = await sql<{ id: string }>`
    with due as (${due}), used as (
      update files f set due_at = null
      where f.id in (select id from due) and exists (select from attachments a where a.file_id = f.id)
    )
    update files f set removed = true, due_at = ${new Date(now.getTime() + AGAIN_MS)}
    where f.id in (select id from due) and not exists (select from attachments a where a.file_id = f.id)
    returning f.id`.execute(db);
  for (const { id } of rows) await storage.remove(id);
  await sql`delete from files where id = any(${rows.map(({ id }) => id)}::uuid[]) and removed`.execute(db);
  await storage.sweep(new Date(now.getTime() - UNUSED_MS));
  return rows.length;
}

/** The same as a job, which tells the log. */
export const cleanFiles = defineJob({
  name: 'cleanFiles',
  lane: 'events',
  payload: z.unknown(),
  // a bucket far away takes a tenth of a second for each file
  limitMs: 600_000,
  async deed(world) {
    const count = await removeUnusedFiles(world);
    if (count > 0) world.log.info({ count }, 'unused files removed');
  },
});
