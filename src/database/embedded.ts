import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, realpathSync, renameSync, statSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { connect, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { giveTo, ownerOf } from './embedded-user.ts';
import { type Answer, type Facts, hear, parseFacts, type Request, say, whenClosed } from './embedded-wire.ts';

export interface Database {
  /** postgres:// URL of the gateway's database */
  url: string;
  /** let go of it; PostgreSQL stops when the last holder lets go or dies */
  close(): Promise<void>;
}

const SUPERVISOR = fileURLToPath(new URL('./embedded-supervisor.ts', import.meta.url));
const WELCOME_MS = 5_000; // a supervisor says welcome before it does anything slow
const GIVE_UP_MS = 60_000; // twice what stopping PostgreSQL by force may take
const LONGEST_LOG = 10_000_000; // bytes; then a new one is begun, and one old one kept

/**
 * Start the PostgreSQL of a data folder, or join it when it runs already; `durable: false` (for tests) does without
 * fsync. Closing waits, for the last holder, until PostgreSQL has ended. Throws when it cannot be started, saying why.
 */
export async function openEmbedded(dataDir: string, { durable = true } = {}): Promise<Database> {
  const folder = prepare(dataDir);
  let closed = false;
  let [socket, { url }] = await ask(folder, durable, { hold: true });

  // The supervisor ends before us only when it is killed, or cannot go on: another one is started, on the same port
  const rejoin = async () => {
    for (let wait = 200; !closed; wait = Math.min(wait * 2, 30_000)) {
      const joined = await ask(folder, durable, { hold: true }).catch(() => undefined);
      if (joined) return hold(joined[0]);
      await sleep(wait, undefined, { ref: false });
    }
  };
  const hold = (held: Socket): unknown => {
    socket = held;
    if (closed) return held.end();
    return held.unref().once('close', () => closed || rejoin());
  };
  hold(socket);
  return {
    url: url!,
    async close() {
      if (closed) return;
      closed = true;
      await whenClosed(socket.ref().end());
    },
  };
}

/** Have the supervisor of a data folder put a backup in the place of the data; see restoreFrom. */
export async function restoreEmbedded(dataDir: string, backup: string) {
  const [socket, { restored }] = await ask(prepare(dataDir), true, { restore: backup });
  await whenClosed(socket.end());
  return restored!;
}

function prepare(dataDir: string): string {
  // root's PostgreSQL runs as somebody else, who must be able to walk through it, not to look into it
  mkdirSync(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  return realpathSync(dataDir);
}

/** Ask the supervisor of a folder, starting one when there is none. Gives the open connection and the answer. */
async function ask(
  folder: string,
  durable: boolean,
  request: Omit<Request, 'token' | 'folder'>,
): Promise<[Socket, Answer]> {
  const giveUpAt = Date.now() + GIVE_UP_MS;
  for (let wait = 50; Date.now() < giveUpAt; ) {
    const socket = await reach(folder, request);
    if (!socket) {
      // another one that just starts, or just ends, has the folder: try again in a moment
      if ((await startSupervisor(folder, durable)) === 'taken') await sleep(wait);
      wait = Math.min(wait * 1.5, 500);
      continue;
    }
    const answer = await hear<Answer>(socket);
    if (answer && answer.error === undefined) return [socket.resume(), answer];
    socket.destroy();
    if (answer) throw new Error(answer.error);
    // it may have happened or not; doing it twice would take the restored data for the former
    if (request.restore)
      throw new Error(`The restore was cut off: look at the data, and at what is kept in ${folder}.`);
  }
  throw new Error(`Another process holds ${join(folder, 'postgres.lock')}, but does not answer.`);
}

/** Connect to the supervisor that postgres.json names; nothing when it is not there, or is not that of this folder. */
async function reach(folder: string, request: Omit<Request, 'token' | 'folder'>): Promise<Socket | undefined> {
  const { supervisor } = readFacts(join(folder, 'postgres.json'));
  if (!supervisor) return undefined;
  const { dev, ino } = statSync(folder);
  const socket = connect({ host: '127.0.0.1', port: supervisor.port });
  socket.on('error', () => {}); // 'close' follows
  say(socket, { ...request, token: supervisor.token, folder: `${dev}:${ino}` });
  if ((await hear<Answer>(socket, WELCOME_MS))?.welcome) return socket;
  socket.destroy();
  return undefined;
}

function readFacts(file: string): Partial<Facts> {
  try {
    return parseFacts(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Error(
      `The data folder belongs to another user (${(error as Error).message}): set DATA_DIR to one of yours.`,
    );
  }
}

async function startSupervisor(folder: string, durable: boolean): Promise<'ready' | 'taken'> {
  const file = join(folder, 'postgres.log');
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LONGEST_LOG) renameSync(file, `${file}.1`);
  const log = openSync(file, 'a', 0o600);
  giveTo(ownerOf(folder), file);
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', SUPERVISOR, folder, durable ? 'durable' : 'fast'],
    { detached: true, cwd: '/', env: environment(), stdio: ['ignore', log, log, 'ipc'] },
  );
  closeSync(log);
  const [message]: { taken?: boolean; error?: string }[] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => [{ error: `PostgreSQL's supervisor ended with ${code}; see ${file}` }]),
  ]);
  child.unref();
  if (child.connected) child.disconnect();
  if (message?.error) throw new Error(message.error);
  return message?.taken ? 'taken' : 'ready';
}

/** Of ours nothing that was meant for us (NODE_OPTIONS, PGDATA ...), but where code is that was compiled before: 0.05 s of CPU, not 0.16. */
function environment(): NodeJS.ProcessEnv {
  const compiled = getCompileCacheDir(); // a folder for this version of Node, in the one that is given
  return { PATH: process.env.PATH, ...(compiled && { NODE_COMPILE_CACHE: dirname(compiled) }) };
}
