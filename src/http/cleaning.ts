import { removeUnusedFiles } from '../file/file.jobs.ts';
import type { World } from '../world.ts';

// what it removes has been of no use for a day
const EVERY_MS = 600_000;

/** Removes files that nothing uses, now and then, in this process; safe beside others that do the same. `close` ends a run first. */
export function startCleaning(world: World): { close(): Promise<void> } {
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running
      .then(() => removeUnusedFiles(world))
      .then(
        (count) => void (count > 0 && world.log.info({ count }, 'unused files removed')),
        (error) => world.log.error({ err: error }, 'unused files could not be removed'),
      );
  }, EVERY_MS).unref();
  return {
    close() {
      clearInterval(timer);
      return running;
    },
  };
}
