import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Logger as JobLogger,
  type ParsedCronItem,
  type Runner,
  run,
  type TaskList,
  type Worker,
  type WorkerPool,
} from 'graphile-worker';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { jobPool } from '../job/pool.ts';
import type { Lifeline } from './lifeline.ts';

const AGAIN_MS = 1_000;
// what breaks does so for all workers of a pool at once; each that is told to leave before it has noticed writes its stack to stderr
const SETTLE_MS = 300;
// one listens, the other takes and ends jobs
const CONNECTIONS = 2;
// a database that does not answer for so long is gone; what is asked of it here takes a millisecond or two
const PATIENCE_MS = 30_000;
// that a job is done is noted by a statement after it
const NOTED_MS = 1_000;
const LOOK_MS = 50;

/** What a lane does, with what, and how many at once. */
export interface LaneSettings {
  name: string;
  tasks: TaskList;
  schedule: ParsedCronItem[];
  atOnce: number;
  /** how often each of its workers looks for what was to wait; what is new is heard of at once */
  pollMs: number;
  /** how long what is under way may take when it stops */
  stopMs: number;
  databaseUrl: string;
  lifeline: Lifeline;
  jobLogger: JobLogger;
  log: Logger;
}

/** The workers of a lane, until it is closed. */
export interface Lane {
  /** takes nothing more, and waits for what is under way */
  close(): Promise<void>;
}

/** One pool of graphile-worker, which does jobs under a name and over connections of its own. */
interface Crew {
  id: string;
  runner: Runner;
  connections: Pool;
  /** the jobs that it is at */
  underWay: Set<symbol>;
}

/** Tasks that are in a set while they are under way. */
const countedIn = (underWay: Set<symbol>, tasks: TaskList): TaskList =>
  Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      async (payload, helpers) => {
        const mark = Symbol(name);
        underWay.add(mark);
        try {
          await task!(payload, helpers);
        } finally {
          underWay.delete(mark);
        }
      },
    ]),
  );

/** Lets a pool finish what it is at. One that could not note what it had done never says itself that it has ended (0.18.0). */
async function drained({ runner, underWay }: Crew): Promise<void> {
  const done = async () => {
    while (underWay.size > 0) await sleep(LOOK_MS);
    await sleep(NOTED_MS, undefined, { ref: false });
  };
  await Promise.race([Promise.allSettled([runner.stop(), runner.promise]), done()]);
}

/**
 * Does the jobs of a lane by a pool of graphile-worker, and by a new one when that has met an error of the database: what it was
 * about to take may be locked in its name without its knowing, and what it had done may not have been noted. It is let drain, and
 * its name forgotten, which frees whatever is still locked by it.
 */
export async function openLane(settings: LaneSettings): Promise<Lane> {
  const { name, lifeline, log } = settings;
  let closed = false;
  let current: Crew | null = null;
  let replacing: Promise<void> = Promise.resolve();
  const leaving = new Set<Promise<void>>();

  async function start(): Promise<void> {
    const events = new EventEmitter();
    const underWay = new Set<symbol>();
    const made = Promise.withResolvers<string>();
    let failed = false;
    // of any of these it does not come back by itself, or not whole
    const fail = ({ error }: { error?: unknown } = {}) => {
      if (failed || closed) return;
      failed = true;
      log.warn(
        { err: error, lane: name },
        'the workers of a lane are replaced: they cannot be sure of their jobs any more',
      );
      replacing = replace();
    };
    events.on('pool:create', ({ workerPool }: { workerPool: WorkerPool }) => made.resolve(workerPool.id));
    for (const event of ['worker:getJob:error', 'worker:fatalError', 'pool:fatalError', 'pool:gracefulShutdown'])
      events.on(event, fail);
    const announced = {
      name: 'AnnouncedPlugin',
      version: '1.0.0',
      worker: {
        hooks: { startWorker: (_: unknown, { worker }: { worker: Worker }) => lifeline.announce(worker.workerPool.id) },
      },
    };
    const connections = jobPool(settings.databaseUrl, CONNECTIONS, PATIENCE_MS);
    const runner = await run({
      events,
      pgPool: connections,
      logger: settings.jobLogger,
      // without these two, what fails when a job is noted as done is an unhandled rejection
      preset: { plugins: [announced], worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      concurrency: settings.atOnce,
      pollInterval: settings.pollMs,
      noHandleSignals: true,
      gracefulShutdownAbortTimeout: settings.stopMs,
      taskList: countedIn(underWay, settings.tasks),
      parsedCronItems: settings.schedule,
    }).catch((error) => {
      void connections.end();
      throw error;
    });
    runner.promise.then(
      () => fail(),
      (error) => fail({ error }),
    );
    current = { runner, connections, underWay, id: await made.promise };
    if (failed) replacing = replace();
  }

  /** Lets the workers that there are finish; then their name is free. */
  function leave(): void {
    if (!current) return;
    const crew = current;
    current = null;
    const left: Promise<void> = drained(crew)
      .then(() => lifeline.forget(crew.id))
      .then(() => Promise.race([crew.connections.end(), sleep(NOTED_MS, undefined, { ref: false })]))
      .finally(() => leaving.delete(left));
    leaving.add(left);
  }

  async function replace(): Promise<void> {
    if (!current) return; // one that is starting sees that it has failed
    await sleep(SETTLE_MS, undefined, { ref: false });
    leave();
    while (!closed) {
      try {
        await start();
        return;
      } catch (error) {
        log.warn({ err: error, lane: name }, 'the workers of a lane cannot be started');
        await sleep(AGAIN_MS, undefined, { ref: false });
      }
    }
  }

  await start();
  return {
    async close() {
      closed = true;
      leave();
      await replacing;
      leave();
      await Promise.all(leaving);
    },
  };
}
