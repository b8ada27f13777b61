import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { findBinaries } from './embedded-binaries.ts';
import { chooseUser, giveTo } from './embedded-user.ts';

/** The PostgreSQL that runs on a folder. */
export interface Server {
  /** Settles when its process has ended, for whatever reason. */
  ended: Promise<unknown>;
  /** Disconnect everybody, write everything out, end. */
  stop(): Promise<void>;
}

const STOP_MS = 20_000; // a fast shutdown writes up to shared_buffers (256 MB): seconds on a slow disk
const START_AGAIN_MS = 10_000; // what the last processes of a killed PostgreSQL may take to notice and end

// Failed statements are told to whoever sent them, not to postgres.log: they hold people's data, and grow it.
const QUIET = ['-c', 'log_min_messages=log', '-c', 'log_min_error_statement=panic'];
const UNSAFE = ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'];

// Written into a new folder's postgresql.conf, where its owner may change them; what must hold is on the command line.
const CONFIG = {
  max_connections: '100',
  shared_buffers: '256MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off', // two lines every five minutes would be the only thing that makes postgres.log grow
};

export const databaseUrl = (port: number, password: string): string =>
  `postgres://gateway:${password}@127.0.0.1:${port}/gateway`;

function run(
  program: 'initdb' | 'postgres',
  folder: string,
  args: string[],
  stdio: SpawnOptions['stdio'],
): ChildProcess {
  const binaries = findBinaries();
  const runAs = chooseUser(folder, binaries);
  giveTo(runAs.user, folder);
  const [command, ...rest] = [...runAs.prefix, join(binaries, program), ...args];
  // setpriv changes the user by itself; the environment (PGDATA, LANG, TZ ...) is not to change what PostgreSQL does
  const user = runAs.prefix.length === 0 ? runAs.user : undefined;
  return spawn(command!, rest, { ...user, stdio, env: { PATH: process.env.PATH, LC_ALL: 'C' } });
}

async function runToEnd(program: 'initdb' | 'postgres', folder: string, args: string[], input = ''): Promise<void> {
  const child = run(program, folder, args, ['pipe', 'ignore', 'pipe']);
  child.stdin!.on('error', () => {}).end(input); // it may end without reading: its words tell more than EPIPE
  const [words, [code]] = await Promise.all([text(child.stderr!), once(child, 'close')]);
  process.stderr.write(words);
  if (code === 0 && !/^.*(ERROR|FATAL|PANIC):/m.test(words)) return; // single-user mode goes on, and ends with 0, after an error
  throw new Error(`PostgreSQL (${program}) failed: ${complaint(words)}`);
}

function complaint(log: string): string {
  const lines = log.split('\n').filter((line) => line.trim());
  const faults = lines.filter((line) => /(error|ERROR|FATAL|PANIC|HINT|DETAIL):/.test(line));
  return (faults.length > 0 ? faults : lines)
    .slice(-4)
    .map((line) => line.replace(/^.*?(?=(ERROR|FATAL|PANIC|HINT|DETAIL):)/, ''))
    .join(' ');
}

/** Make the data folder: in a temporary one beside it first, so that half a folder never looks whole. */
export async function createCluster(folder: string, password: string, durable: boolean): Promise<void> {
  const half = `${folder}.initdb`; // the caller holds the lock: nobody else makes one at the same time
  rmSync(half, { recursive: true, force: true, maxRetries: 10 });
  mkdirSync(half, { mode: 0o700 });
  const settings = Object.entries(CONFIG).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  // sorting by code point, case and classes by Unicode: the same on every machine, whatever locales it has
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const args = ['-D', half, '-U', 'gateway', '-A', 'trust', '--no-instructions', ...locale, ...settings];
  await runToEnd('initdb', half, durable ? args : [...args, '--no-sync']);
  writeFileSync(join(half, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n', { flush: true });
  await setPassword(half, password, 'CREATE DATABASE gateway;\n');
  renameSync(half, folder);
}

/** Set the password in a folder on which no PostgreSQL runs; it recovers first from a crash or from a backup. */
export const setPassword = (folder: string, password: string, more = ''): Promise<void> =>
  runToEnd(
    'postgres',
    folder,
    ['--single', '-D', folder, '-c', 'log_min_error_statement=panic', 'postgres'],
    `ALTER ROLE gateway PASSWORD '${password}';\n${more}`,
  );

/** Start PostgreSQL on a folder and wait until it takes connections. Throws with its own words when it does not start. */
export async function startServer(folder: string, port: number, durable: boolean): Promise<Server> {
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
  const args = ['-D', folder, '-p', String(port), ...settings, ...QUIET, ...(durable ? [] : UNSAFE)];
  const log = `${folder}.log`;
  for (const giveUpAt = Date.now() + START_AGAIN_MS; ; await sleep(200)) {
    const logBefore = statSync(log).size;
    const child = run('postgres', folder, args, ['ignore', 'inherit', 'inherit']);
    const ended = once(child, 'exit').catch((error: Error) => error.message); // could not even be run
    if (await isReady(folder, child)) return { ended, stop: () => stopProcess(child.pid!, ended) };
    const words = readFileSync(log).subarray(logBefore).toString();
    // the last processes of one that was killed still end, or somebody took the port a moment ago
    if (/shared memory block|could not bind/.test(words) && Date.now() < giveUpAt) continue;
    throw new Error(`PostgreSQL did not start: ${complaint(words) || (await ended)} (see ${log})`);
  }
}

/** As pg_ctl does it: PostgreSQL writes its state into the eighth line of postmaster.pid. */
async function isReady(folder: string, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    const lines = readPidFile(folder);
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return true;
    await sleep(10);
  }
  return false;
}

function readPidFile(folder: string): string[] {
  try {
    return readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

async function stopProcess(pid: number, ended: Promise<unknown>): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    // fast, at once (it recovers at the next start), by force
    try {
      process.kill(pid, signal);
    } catch {} // it has ended already
    const waiting = new AbortController();
    const timeout = sleep(STOP_MS, 'late', { signal: waiting.signal }).catch(() => {});
    if ((await Promise.race([ended, timeout])) !== 'late') return waiting.abort();
  }
}

/**
 * Make a folder ready after whatever happened to it: end a PostgreSQL that outlived its supervisor, and keep a process
 * that only happens to have the number in an old postmaster.pid from being taken for one (in a container the same
 * few numbers come back at every start). The caller holds the lock.
 */
export async function clearRemains(folder: string): Promise<void> {
  const lines = readPidFile(folder);
  const pid = Math.abs(Number(lines[0])); // negative when single-user mode wrote it
  const file = join(folder, 'postmaster.pid');
  if (!Number.isSafeInteger(pid) || pid < 2) return rmSync(file, { force: true }); // absent, or torn by a power cut
  if (commandOf(pid).includes(` ${folder} `)) await stopProcess(pid, processEnd(pid));
  if (!existsSync(file)) return;
  // PostgreSQL takes the number of its own parent for a stale one, and still looks for living processes by the shared
  // memory named further down in the file: a guard that deleting the file would take away
  writeFileSync(file, [process.pid, ...lines.slice(1)].join('\n'));
}

/** The command line of a process if it is a PostgreSQL, else nothing. */
function commandOf(pid: number): string {
  try {
    const command =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        : execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).replace('\n', ' ');
    return command.includes('/postgres ') ? command : '';
  } catch {
    return '';
  }
}

async function processEnd(pid: number): Promise<void> {
  while (commandOf(pid)) await sleep(20);
}
