import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SERVERS, type ServerName } from './list.ts';

export interface RunningServer {
  name: ServerName;
  url: string;
  pid: number;
  stop(): Promise<void>;
}

const BENCH = fileURLToPath(new URL('../..', import.meta.url));
const START_MS = 60_000; // PostGraphile reads the whole schema first

/** Starts a server in a process of its own on a free port of loopback; `flags` are for Node. Throws with what it wrote when it does not come up. */
export async function startServer(
  name: ServerName,
  databaseUrl: string,
  secret: string,
  flags: string[] = [],
): Promise<RunningServer> {
  const port = await freePort();
  const child = spawn(process.execPath, [...flags, SERVERS[name].main], {
    cwd: BENCH,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      DATABASE_POOL_SIZE: '10',
      JWT_SECRET: secret,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      LINK_SECRETS: `bench:${secret}`,
      RATE_LIMIT: '0',
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let words = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (words += text));
  for (const giveUpAt = Date.now() + START_MS; ; await sleep(50)) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}: ${words}`);
    if (await answers(port)) break;
    if (Date.now() < giveUpAt) continue;
    await stop(child);
    throw new Error(`${name} does not answer: ${words}`);
  }
  return { name, url: `http://127.0.0.1:${port}/graphql`, pid: child.pid!, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(late);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST' });
    return true;
  } catch {
    return false;
  }
}
