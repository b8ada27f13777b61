import { EventEmitter } from 'node:events';
import { runOnce } from 'graphile-worker';
import type { AnyJob } from '../../src/job/job.ts';
import { silentLogger } from '../../src/job/log.ts';
import { jobPool } from '../../src/job/pool.ts';
import { jobs } from '../../src/worker/jobs.ts';
import { tasksOf } from '../../src/worker/tasks.ts';
import type { World } from '../../src/world.ts';

const SOME_DUE = `select 1 from graphile_worker.jobs where task_identifier = any($1::text[]) and run_at <= now()
  and locked_at is null and attempts < max_attempts limit 1`;

/** Does the jobs that are due, and those that they make, until none is left. Gives the errors of those that failed. */
export async function workOff(world: World, these: readonly AnyJob[] = jobs): Promise<Error[]> {
  const failed: Error[] = [];
  const events = new EventEmitter();
  events.on('job:error', ({ error }: { error: Error }) => failed.push(error));
  const pgPool = jobPool(world.directUrl, 2);
  try {
    const taskList = tasksOf(world, these);
    // a job ends, and lets go of its queue, while the next one is looked for already: one of the same queue is passed over then
    do await runOnce({ pgPool, logger: silentLogger, events, noHandleSignals: true, taskList });
    while ((await pgPool.query(SOME_DUE, [Object.keys(taskList)])).rows.length > 0);
  } finally {
    await pgPool.end();
  }
  return failed;
}
