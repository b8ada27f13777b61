import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

type Settings = Record<string, string>;
const source = (path: string) => fileURLToPath(new URL(`../../src/${path}`, import.meta.url));

/** A process of ours, which has said that it is ready; what it says of trouble goes to our own stderr. */
async function start(path: string, ready: RegExp, settings: Settings): Promise<{ child: ChildProcess; said: string }> {
  const env = { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...settings };
  const child = spawn(process.execPath, [source(path)], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  // if we end by a fault of our own, they are not left behind
  const leave = () => void child.kill('SIGKILL');
  process.on('exit', leave);
  child.on('exit', () => process.off('exit', leave));
  for await (const line of createInterface(child.stdout!)) {
    if (!ready.test(line)) continue;
    child.stdout!.resume();
    return { child, said: line };
  }
  throw new Error(`${path} ended with ${child.exitCode ?? child.signalCode} before it was ready`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

/** Runs a command of ours to its end. */
export async function runCommand(path: string, settings: Settings): Promise<void> {
  const { child } = await start(path, /./, settings);
  if (child.exitCode === null) await once(child, 'exit');
  if (child.exitCode !== 0) throw new Error(`${path} ended with ${child.exitCode}`);
}

/** A gateway that does no jobs. */
export async function startGateway(settings: Settings) {
  const { child, said } = await start('main.ts', /http:\/\/localhost:\d+/, { ...settings, PORT: '0', WORKER: 'false' });
  const origin = /http:\/\/localhost:\d+/.exec(said)![0].replace('localhost', '127.0.0.1');
  return { origin, [Symbol.asyncDispose]: () => end(child, 'SIGTERM') };
}

/** Some workers, one of which is killed again and again, wherever it is, and replaced at once. */
export async function startWorkers(count: number, settings: Settings) {
  const startOne = async () => (await start('cli/worker.ts', /does what follows/, settings)).child;
  const alive = await Promise.all(Array.from({ length: count }, startOne));
  return {
    async killOne(): Promise<void> {
      const at = Math.floor(Math.random() * alive.length);
      await end(alive[at]!, 'SIGKILL');
      alive[at] = await startOne();
    },
    /** Those that were told to stop end well. */
    async stop(): Promise<boolean> {
      await Promise.all(alive.map((child) => end(child, 'SIGTERM')));
      return alive.every(({ exitCode }) => exitCode === 0);
    },
    [Symbol.asyncDispose]: async () => void (await Promise.all(alive.map((child) => end(child, 'SIGKILL')))),
  };
}
