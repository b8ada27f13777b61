import { parseCronItems, type Runner, run, type TaskList, type Worker } from 'graphile-worker';
import type { AnyJob, Lane } from '../job/job.ts';
import { loggerTo } from '../job/log.ts';
import { jobPool } from '../job/pool.ts';
import type { World } from '../world.ts';
import { openHolder } from './holder.ts';
import { jobs, schedules } from './jobs.ts';

// How many jobs of a lane a process does at once. Those of mail and webhooks wait for others nearly all the time; a webhook takes one
// at a time (its queue), so that this is how many can be slow at once before others wait for them: these are then known to be slow.
const AT_ONCE: Record<Lane, number> = { events: 4, mail: 8, webhooks: 32, slowWebhooks: 32 };
// New jobs are heard of at once; this is for those that were to wait. Each of the workers above looks as often: 15 statements a second.
const LOOK_MS = 5_000;
// each lane listens over one; the rest take and end jobs
const CONNECTIONS = 6;
// longer than a webhook may take (15 s): what is under way when a process stops is ended, not cut off
const STOP_MS = 20_000;

/** The jobs of a lane as graphile-worker takes them: what they are told is parsed, so that a job of another version fails by name. */
export const tasksOf = (world: World, some: readonly AnyJob[]): TaskList =>
  Object.fromEntries(some.map((job) => [job.name, async (payload) => job.deed(world, job.payload.parse(payload))]));

/**
 * Does jobs until it is closed; safe beside any number of others. Closing waits for what is under way. It has connections of its own,
 * so that requests never wait for jobs.
 */
export async function startWorker(world: World): Promise<{ close(): Promise<void> }> {
  const log = world.log.child({ part: 'worker' });
  const logger = loggerTo(log);
  const holder = await openHolder(world.directUrl, log);
  const pgPool = jobPool(world.directUrl, CONNECTIONS);
  const alive = {
    name: 'AlivePlugin',
    version: '1.0.0',
    worker: { hooks: { startWorker: (_: unknown, { worker }: { worker: Worker }) => known(worker) } },
  };
  const announced = new Map<string, Promise<void>>();
  const known = ({ workerPool: { id } }: Worker) => {
    if (!announced.has(id)) announced.set(id, holder.announce(id));
    return announced.get(id)!;
  };
  const start = (lane: Lane): Promise<Runner> =>
    run({
      pgPool,
      logger,
      preset: { plugins: [alive] },
      concurrency: AT_ONCE[lane],
      pollInterval: LOOK_MS,
      noHandleSignals: true,
      gracefulShutdownAbortTimeout: STOP_MS,
      taskList: tasksOf(
        world,
        jobs.filter((job) => job.lane === lane),
      ),
      parsedCronItems: parseCronItems(
        schedules
          .filter(([, job]) => job.lane === lane)
          .map(([match, { name }]) => ({ match, task: name, options: { backfillPeriod: 0, maxAttempts: 3 } })),
      ),
    });
  const runners: Runner[] = [];
  const close = async () => {
    await Promise.all(runners.map((runner) => runner.stop()));
    await pgPool.end();
    await holder.close();
  };
  try {
    for (const lane of Object.keys(AT_ONCE) as Lane[]) runners.push(await start(lane));
  } catch (error) {
    await close();
    throw error;
  }
  // one that ends by itself has met what it cannot go on from: the process is of no more use
  for (const runner of runners)
    runner.promise.catch((error) => {
      log.fatal({ err: error }, 'the worker has failed');
    });
  return { close };
}
