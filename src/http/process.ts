import type { RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { ConfigError, loadConfig } from '../config.ts';
import { openWorld } from '../world.ts';
import { greeting } from './greeting.ts';
import { type Listening, listen } from './listen.ts';
import { endSoon, untilStopped } from './stopping.ts';

/** Runs the gateway until it is told to stop (SIGINT, SIGTERM). What keeps it from starting is told in a sentence, exit code 1. */
export async function serve(env: Record<string, string | undefined>): Promise<void> {
  try {
    await run(env, untilStopped());
  } catch (error) {
    process.stderr.write(
      `${error instanceof Expected || error instanceof ConfigError ? error.message : (error as Error).stack}\n`,
    );
    process.exitCode = 1;
  }
  endSoon();
}

/** What keeps a process from starting without being a fault of the program: told without a stack. */
class Expected extends Error {}

/** The reason in an error of the network or the database, which some of them hide inside. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

async function run(env: Record<string, string | undefined>, stopped: Promise<void>): Promise<void> {
  const config = loadConfig(env);
  const log = pino({ level: config.logLevel });
  const world = await openWorld(config, log).catch((error) => {
    throw new Expected(`The database cannot be opened: ${reasonOf(error)}`);
  });
  let server: Listening | undefined;
  let app: { close(): Promise<void> } | undefined;
  let worker: { close(): Promise<void> } | undefined;
  try {
    if (config.signIn.kind === 'demo') {
      const { seedEmpty } = await import('../../seeds/demo.ts');
      await seedEmpty(world);
    }
    // only now: half a second of CPU that whoever has a wrong setting or no database does not wait for
    const { createApp } = await import('../app.ts');
    const leaving = new AbortController();
    const gateway = createApp(world);
    app = gateway;
    const listener = leavingWell(gateway.listener, leaving.signal);
    server = await listen(listener, config.host, config.port).catch((error) => {
      throw new Expected(error.message);
    });
    // any free port was taken: only now it is known where links lead
    if (config.port === 0 && !env.PUBLIC_URL) world.links.publicUrl = `http://localhost:${server.port}`;
    process.stdout.write(await greeting(world, server));
    if (config.worker) {
      const { startWorker } = await import('../worker/worker.ts');
      worker = await startWorker(world);
    }
    await stopped;
    leaving.abort();
    void worker?.close(); // what it would begin now might not be ended
    await sleep(config.shutdownDelayMs);
  } finally {
    // in this order: streams would never end by themselves, answers and jobs under way need the database
    await app?.close();
    await Promise.all([server?.close(), worker?.close()]);
    await world.close();
  }
}

/**
 * From the signal on, /ready is a no and every answer closes its connection: a load balancer that has noticed sends nothing more,
 * and the connections that are closed in the end are those that nothing is on its way in.
 */
const leavingWell =
  (listener: RequestListener, leaving: AbortSignal): RequestListener =>
  (request, response) => {
    if (!leaving.aborted) return listener(request, response);
    response.setHeader('connection', 'close');
    if (request.url === '/ready') response.writeHead(503, { 'content-type': 'text/plain' }).end('stopping\n');
    else listener(request, response);
  };
