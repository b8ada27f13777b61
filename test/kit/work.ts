import { EventEmitter } from 'node:events';
import { runOnce } from 'graphile-worker';
import type { AnyJob } from '../../src/job/job.ts';
import { silentLogger } from '../../src/job/log.ts';
import { jobPool } from '../../src/job/pool.ts';
import { jobs } from '../../src/worker/jobs.ts';
import { tasksOf } from '../../src/worker/worker.ts';
import type { World } from '../../src/world.ts';

/** Does the jobs that are due, and those that they make, until none is left. Gives the errors of those that failed. */
export async function workOff(world: World, these: readonly AnyJob[] = jobs): Promise<Error[]> {
  const failed: Error[] = [];
  const events = new EventEmitter();
  events.on('job:error', ({ error }: { error: Error }) => failed.push(error));
  const pgPool = jobPool(world.directUrl, 2);
  try {
    await runOnce({ pgPool, logger: silentLogger, events, noHandleSignals: true, taskList: tasksOf(world, these) });
  } finally {
    await pgPool.end();
  }
  return failed;
}
