import { type AddressInfo, createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Listen on loopback; 0 takes any free port. Gives the port. */
export async function listen(listener: Server, port: number): Promise<number> {
  await new Promise((resolve, reject) => listener.once('error', reject).listen(port, '127.0.0.1', () => resolve(0)));
  return (listener.address() as AddressInfo).port;
}

/**
 * A port for PostgreSQL: the former one if it is free, for it may stand in somebody's notes. With `keep`, when holders
 * know its URL, no other will do: it throws when another program keeps it for ten seconds.
 */
export async function findPort(former: number | undefined, keep: boolean): Promise<number> {
  for (let tries = keep ? 50 : 1; former && tries > 0; tries--) {
    const probe = createServer();
    const free = await listen(probe, former).catch(() => 0);
    probe.close();
    if (free) return former;
    if (tries > 1) await sleep(200);
  }
  if (keep) throw new Error(`Port ${former} was taken by another program.`);
  const probe = createServer();
  const port = await listen(probe, 0);
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
