import pino from 'pino';
import { loadConfig } from '../config.ts';
import { endSoon, untilStopped } from '../http/stopping.ts';
import { startWorker } from '../worker/worker.ts';
import { openWorld } from '../world.ts';

/* npm run worker: does what follows changes (mail, webhooks, cleaning) apart from the gateway, whose processes then say WORKER=false. */
try {
  const config = loadConfig(process.env);
  const stopped = untilStopped();
  const world = await openWorld(config, pino({ level: config.logLevel }));
  try {
    const worker = await startWorker(world);
    process.stdout.write('The worker does what follows changes: mail, webhooks, cleaning.\n');
    await stopped;
    await worker.close();
  } finally {
    await world.close();
  }
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
endSoon();
