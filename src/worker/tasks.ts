import type { TaskList } from 'graphile-worker';
import type { AnyJob } from '../job/job.ts';
import type { World } from '../world.ts';

// what waits for others has limits of its own, far below (a webhook 15 s, a statement 60 s); this is for what has none
const LIMIT_MS = 120_000;

/**
 * Jobs as graphile-worker takes them. What they are told is parsed, so that a job of another version fails by name; and they end in
 * time, also when the worker is told to stop: a deed that never ends would hold its place in the lane for ever.
 */
export const tasksOf = (world: World, jobs: readonly AnyJob[]): TaskList =>
  Object.fromEntries(
    jobs.map((job) => [
      job.name,
      (payload, { abortSignal }) =>
        inTime(job, abortSignal, async (signal) => job.deed(world, job.payload.parse(payload), signal)),
    ]),
  );

/** Does something until it is done, its time is over, or it is to stop. What is left undone goes on by itself, heard by nobody. */
async function inTime(
  { name, limitMs = LIMIT_MS }: AnyJob,
  stop: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const ending = new AbortController();
  const cut = Promise.withResolvers<never>();
  const end = (why: string) => {
    const error = new Error(`${name} ${why}`);
    ending.abort(error);
    cut.reject(error);
  };
  const onStop = () => end('was cut off: the worker stops');
  const timer = setTimeout(() => end(`took longer than ${limitMs / 1000} s`), limitMs);
  stop?.addEventListener('abort', onStop, { once: true });
  if (stop?.aborted) onStop();
  try {
    await Promise.race([work(ending.signal), cut.promise]);
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener('abort', onStop);
  }
}
