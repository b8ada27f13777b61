import { sql } from 'kysely';
import pino from 'pino';
import { z } from 'zod';
import { loadConfig } from '../../src/config.ts';
import { readingOf } from '../../src/database/orm.ts';
import { defineJob } from '../../src/job/job.ts';
import { startWorker } from '../../src/worker/worker.ts';
import { openWorld } from '../../src/world.ts';

/* A worker as a process of its own, which says what it begins, never ends it, and is to be killed in the middle. */
const world = await openWorld(loadConfig(process.env), pino({ level: 'silent' }));
const note = defineJob({
  name: 'note',
  lane: 'webhooks',
  payload: z.object({ say: z.string() }),
  async deed({ orm }, { say }) {
    await sql`select 1`.execute(readingOf(orm));
    process.stdout.write(`${say}\n`);
    await new Promise(() => {});
  },
});
await startWorker(world, { jobs: [note] });
