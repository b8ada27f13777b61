import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { putRestingData, roomyFolder } from '../kit/restingData.ts';

const HOLDER = fileURLToPath(new URL('./embedded-holder.ts', import.meta.url));

/** Another process that holds the database open. */
export interface Holder {
  /** postgres:// URL, or why it was refused */
  url: string;
  process: ChildProcess;
  /** Let go, and wait until the process has ended. */
  close(): Promise<void>;
  /** End it by SIGKILL. */
  kill(): Promise<void>;
}

export type DataFolder = Awaited<ReturnType<typeof dataFolder>>;

/** A data folder in a folder that only its owner may enter; afterwards nothing of it is left, no process either. */
export async function dataFolder() {
  const parent = await mkdtemp(join(roomyFolder(), 'embedded test ')); // a space, for those who have one in their paths
  const path = join(parent, 'data');
  const holders: Holder[] = [];
  const seen = new Set<number>();
  const folder = {
    parent,
    path,
    /** The process number in postmaster.pid; 0 when there is none. */
    postmaster(): number {
      const file = join(path, 'postgres', 'postmaster.pid');
      const pid = existsSync(file) ? Math.abs(Number.parseInt(readFileSync(file, 'utf8'), 10)) : 0;
      if (isAlive(pid)) seen.add(pid);
      return pid;
    },
    supervisor(): number {
      const pid = JSON.parse(readFileSync(join(path, 'postgres.json'), 'utf8')).supervisor?.pid ?? 0; // a copy has had none yet
      if (isAlive(pid)) seen.add(pid);
      return pid;
    },
    /** Start another process that opens it. */
    async hold(as?: { uid?: number; gid?: number; detached?: boolean }): Promise<Holder> {
      const child = spawn(process.execPath, [HOLDER, path], { stdio: ['pipe', 'pipe', 'inherit'], ...as });
      const ended = once(child, 'exit');
      const holder: Holder = {
        url: '',
        process: child,
        async close() {
          child.stdin.end();
          await ended;
        },
        async kill() {
          child.kill('SIGKILL');
          await ended;
        },
      };
      holders.push(holder);
      const [line] = await Promise.race([once(child.stdout, 'data'), ended]);
      holder.url = String(line).trim();
      folder.postmaster();
      return holder;
    },
    killHolders: () => Promise.all(holders.splice(0).map((holder) => holder.kill())),
    /** Have nobody use it any more, so that the next test can begin with it; throws when a process stays. */
    async rest() {
      await folder.killHolders();
      folder.postmaster();
      if (existsSync(join(path, 'postgres.json'))) folder.supervisor();
      const left: number[] = [];
      for (const pid of seen) await until(() => !isAlive(pid)).catch(() => left.push(pid));
      seen.clear();
      for (const pid of left) process.kill(pid, 'SIGKILL');
      if (left.length > 0) throw new Error(`These processes did not end: ${left.join(', ')}`);
    },
    async [Symbol.asyncDispose]() {
      await folder.rest().catch(() => {});
      await rm(parent, { recursive: true, force: true });
    },
  };
  return folder;
}

/** A data folder with a database at rest: for many tests, one after the other. */
export async function restingFolder(): Promise<DataFolder> {
  const folder = await dataFolder();
  await putRestingData(folder.path);
  return folder;
}

export function isAlive(pid: number): boolean {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    // a zombie whose new parent (the first process of a container) does not fetch it has ended too
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Wait until something is so; throws when it is not within twenty seconds, a hundred times what it takes on a machine at rest. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const giveUpAt = Date.now() + 20_000; !(await isSo()); await sleep(10)) {
    if (Date.now() > giveUpAt) throw new Error(`not within twenty seconds: ${isSo}`);
  }
}

/** One statement on a connection of its own. */
export async function sql(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
