import { setTimeout as sleep } from 'node:timers/promises';
import { parseCronItems } from 'graphile-worker';
import type { AnyJob, Lane as LaneName } from '../job/job.ts';
import { loggerTo } from '../job/log.ts';
import type { World } from '../world.ts';
import { jobs, schedules } from './jobs.ts';
import { type Lane, openLane } from './lane.ts';
import { openLifeline } from './lifeline.ts';
import { tasksOf } from './tasks.ts';

// How many jobs of a lane a process does at once. Those of mail and webhooks wait for others nearly all the time; a webhook takes one
// at a time (its queue), so that this is how many can be slow at once before others wait for them: these are then known to be slow.
const AT_ONCE: Record<LaneName, number> = { events: 4, mail: 8, webhooks: 32, slowWebhooks: 32 };
// New jobs are heard of at once; this is for those that were to wait. Each of the workers above looks as often: 15 statements a second.
const POLL_MS = 5_000;
// longer than a webhook may take (15 s): what is under way when a process stops is ended, not cut off
const STOP_MS = 20_000;
// what is cut off is noted as failed, if the database answers
const NOTE_MS = 3_000;

/** For tests: other jobs, and less time. */
export interface WorkerOptions {
  jobs?: readonly AnyJob[];
  lookMs?: number;
  pollMs?: number;
  stopMs?: number;
}

/**
 * Does jobs until it is closed; safe beside any number of others, and through whatever becomes of the database. It has connections of
 * its own, so that requests never wait for jobs. Closing waits for what is under way, and ends in time also if that does not.
 */
export async function startWorker(world: World, options: WorkerOptions = {}): Promise<{ close(): Promise<void> }> {
  const { pollMs = POLL_MS, stopMs = STOP_MS } = options;
  const wanted = options.jobs ?? jobs;
  const log = world.log.child({ part: 'worker' });
  const lifeline = await openLifeline(world.directUrl, log, options);
  const lanes: Lane[] = [];
  const end = async () => {
    await Promise.all(lanes.map((lane) => lane.close()));
    await lifeline.close();
  };
  let closing: Promise<void> | undefined;
  const inTime = async () => {
    const late = sleep(stopMs + NOTE_MS, 'late', { ref: false });
    const error = await Promise.race([end(), late]).catch((reason: unknown) => reason);
    if (error) log.error({ err: error }, 'the worker did not end well; other processes will go on with its jobs');
  };
  const close = () => (closing ??= inTime());
  try {
    for (const name of Object.keys(AT_ONCE) as LaneName[]) {
      const its = wanted.filter((job) => job.lane === name);
      if (its.length === 0) continue;
      const schedule = schedules
        .filter(([, job]) => its.includes(job))
        .map(([match, job]) => ({ match, task: job.name, options: { backfillPeriod: 0, maxAttempts: 3 } }));
      const settings = {
        tasks: tasksOf(world, its),
        schedule: parseCronItems(schedule),
        atOnce: AT_ONCE[name],
        databaseUrl: world.directUrl,
        jobLogger: loggerTo(log),
      };
      lanes.push(await openLane({ name, pollMs, stopMs, lifeline, log, ...settings }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}
