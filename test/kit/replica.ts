import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { copyDatabase } from '../../src/database/backup.ts';
import { openEmbedded } from '../../src/database/embedded.ts';
import { findBinaries } from '../../src/database/embedded-binaries.ts';
import { findPort } from '../../src/database/embedded-port.ts';
import { chooseUser, giveTo } from '../../src/database/embedded-user.ts';
import { putRestingData, roomyFolder } from './restingData.ts';

/** A statement at a PostgreSQL, over a connection of its own. */
export async function run(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

/** A PostgreSQL that follows another by streaming, on loopback. */
export interface Replica {
  url: string;
  /** what is written from now on arrives, and is not shown until `resume` */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** ends when it shows all that the primary has at this moment */
  caughtUp(): Promise<void>;
  /** ends it without a word to anybody, or freezes it (SIGSTOP) and lets it go on (SIGCONT) */
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** starts it again after SIGKILL, on the same port */
  start(): Promise<void>;
  promote(): Promise<void>;
}

/** A PostgreSQL of its own in a folder that goes away with it, with replicas that follow it. */
export async function createPrimary() {
  const root = await mkdtemp(join(roomyFolder(), 'replica-test-'));
  const dataDir = join(root, 'primary');
  await putRestingData(dataDir);
  const primary = await openEmbedded(dataDir, { durable: false });
  const data = join(dataDir, 'postgres');
  const file = join(data, 'pg_hba.conf');
  writeFileSync(file, 'host all,replication all 127.0.0.1/32 scram-sha-256\n');
  // as on any server that is not for tests: what is committed is in the log that replicas get
  await run(primary.url, 'alter role gateway set synchronous_commit = on; select pg_reload_conf()');
  const replicas: { stop(): Promise<void> }[] = [];
  return {
    url: primary.url,
    /** a copy of the database as it is, which follows what happens from then on */
    async replica(): Promise<Replica> {
      const folder = join(root, `replica-${replicas.length}`);
      mkdirSync(folder, { mode: 0o700 });
      await copyDatabase(primary.url, data, folder);
      const { port, password } = new URL(primary.url);
      writeFileSync(join(folder, 'standby.signal'), '');
      writeFileSync(
        join(folder, 'postgresql.auto.conf'),
        `primary_conninfo = 'host=127.0.0.1 port=${port} user=gateway password=${password}'\n`,
      );
      const made = await follow(folder, primary.url);
      replicas.push(made);
      return made;
    },
    async [Symbol.asyncDispose]() {
      for (const replica of replicas) await replica.stop();
      await primary.close();
      await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

async function follow(folder: string, primaryUrl: string): Promise<Replica & { stop(): Promise<void> }> {
  const port = await findPort(undefined, false);
  const address = new URL(primaryUrl);
  address.port = String(port);
  const url = address.href;
  let server = await startStandby(folder, port, url);
  return {
    url,
    pause: async () => void (await run(url, 'select pg_wal_replay_pause()')),
    resume: async () => void (await run(url, 'select pg_wal_replay_resume()')),
    async caughtUp() {
      const [here] = await run(primaryUrl, 'select pg_current_wal_flush_lsn() as lsn');
      for (;;) {
        const [there] = await run(url, `select pg_last_wal_replay_lsn() >= '${here!.lsn}' as done`);
        if (there!.done) return;
        await sleep(10);
      }
    },
    signal: async (name) => server.signal(name),
    async start() {
      await server.stop();
      server = await startStandby(folder, port, url);
    },
    promote: async () => void (await run(url, 'select pg_promote()')),
    stop: () => server.stop(),
  };
}

const childrenOf = (pid: number): number[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (parent === pid ? child! : []));

async function startStandby(folder: string, port: number, url: string) {
  const binaries = findBinaries();
  const { prefix, user } = chooseUser(folder, binaries);
  giveTo(user, folder);
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'hot_standby=on', 'fsync=off'];
  const postgres = [
    ...[...prefix, join(binaries, 'postgres'), '-D', folder, '-p', String(port)],
    ...settings.flatMap((setting) => ['-c', setting]),
  ];
  // a second shell reads until our end of the pipe closes, also when we are killed, and takes PostgreSQL with it
  const script =
    'exec 3<&0; "$@" </dev/null 3<&- & pid=$!; echo $pid; (read -r _ <&3; kill -QUIT $pid) >/dev/null 2>&1 & exec 3<&-; wait $pid';
  const child = spawn('sh', ['-c', script, 'sh', ...postgres], {
    ...(prefix.length === 0 ? user : undefined),
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  });
  const ended = once(child, 'close');
  let words = '';
  child.stderr.on('data', (data) => {
    words += data;
  });
  const pid = Number(String((await once(child.stdout, 'data'))[0]));
  const server = {
    async signal(name: NodeJS.Signals) {
      // its children would go on by themselves
      for (const one of [pid, ...childrenOf(pid)]) process.kill(one, name);
      if (name === 'SIGKILL') await ended;
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
  for (const giveUpAt = Date.now() + 20_000; ; await sleep(30)) {
    const ready = await run(url, 'select pg_is_in_recovery() as standby').catch(() => null);
    if (ready) return server;
    if (child.exitCode === null && Date.now() < giveUpAt) continue;
    await server.stop();
    throw new Error(`The replica did not start: ${words}`);
  }
}
