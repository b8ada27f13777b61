import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server as Listener, type Socket } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { clearRestores, stageRestore, swapIn } from './embedded-restore.ts';
import { clearRemains, createCluster, databaseUrl, type Server, setPassword, startServer } from './embedded-server.ts';
import { giveTo, ownerOf } from './embedded-user.ts';
import { type Answer, type Facts, hear, parse, type Request, type Restored, say } from './embedded-wire.ts';

/*
 * The process that looks after the PostgreSQL of one data folder: node embedded-supervisor.ts FOLDER durable|fast
 *
 * It belongs to nobody: whoever opens the folder first starts it, in a session of its own, so that neither Ctrl-C nor the
 * death of that first one reaches PostgreSQL. Everybody who uses the database holds a connection to it; the kernel closes
 * that connection however its holder ends, SIGKILL included. When the last one closes, it stops PostgreSQL and ends.
 * What is decided (start, stop, swap) is decided here, one deed after the other: there are no races between holders.
 */

const FIRST_WORD_MS = 5_000; // between connecting and asking; a holder asks at once
const UNUSED_MS = 10_000; // the one who started us may have been killed before it could ask

async function supervise(dataDir: string, durable: boolean): Promise<void> {
  const folder = join(dataDir, 'postgres');
  const file = join(dataDir, 'postgres.json');
  const { dev, ino } = statSync(dataDir);

  clearRestores(dataDir);
  await clearRemains(folder);

  const former = existsSync(file) ? (parse(readFileSync(file, 'utf8')) as Facts | undefined) : undefined;
  const facts: Facts = {
    password: former?.password ?? randomBytes(24).toString('base64url'),
    port: former?.port,
    supervisor: { port: 0, token: randomBytes(24).toString('base64url'), pid: process.pid },
  };
  const writeFacts = () => {
    writeFileSync(`${file}.new`, JSON.stringify(facts), { mode: 0o600, flush: true });
    giveTo(ownerOf(dataDir), `${file}.new`); // root leaves the folder of an ordinary user usable for that user
    renameSync(`${file}.new`, file);
  };
  if (!former?.password && existsSync(folder)) await setPassword(folder, facts.password); // postgres.json was lost

  const holders = new Set<Socket>();
  let server: Server | undefined;
  let urlIsKnown = false;

  let deeds = 0;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(deed: () => Promise<T>): Promise<T> => {
    deeds += 1;
    const done = last.then(deed).finally(() => {
      deeds -= 1;
    });
    last = done.catch(() => {});
    return done;
  };

  const start = async (): Promise<void> => {
    if (!existsSync(folder)) {
      if (urlIsKnown) throw new Error(`${folder} has vanished.`); // a new, empty database would only hide that
      await createCluster(folder, facts.password, durable);
    }
    facts.port = await findPort(facts.port, urlIsKnown);
    writeFacts();
    const started = await startServer(folder, facts.port, durable);
    server = started;
    urlIsKnown = true;
    started.ended.then(() => {
      if (server !== started) return; // stopped by us
      server = undefined;
      // killed, or crashed: its holders still want it; if it cannot be had, they are told by our end
      inTurn(async () => holders.size > 0 && !server && (await start())).catch(die);
    });
  };
  const stop = async (): Promise<void> => {
    const running = server;
    server = undefined;
    await running?.stop();
  };

  const restore = async (backup: string, asker: Socket): Promise<Restored> => {
    const copy = await stageRestore(dataDir, backup, facts.password); // takes its time while PostgreSQL goes on
    return inTurn(async () => {
      if (!holders.has(asker)) {
        rmSync(copy, { recursive: true, force: true });
        throw new Error('Nobody waits for this restore any more.');
      }
      const ran = server !== undefined;
      await stop();
      try {
        const { restored, undo, finish } = swapIn(dataDir, copy);
        try {
          await start();
        } catch (error) {
          undo();
          throw error;
        }
        finish();
        return restored;
      } catch (error) {
        if (ran) await start().catch(die);
        throw error;
      }
    });
  };

  const answer = async (socket: Socket, request: Request): Promise<Answer> => {
    if (request.restore) return { restored: await restore(request.restore, socket) };
    await inTurn(async () => server ?? (await start()));
    return { url: databaseUrl(facts.port!, facts.password) };
  };
  const endIfUnused = () => {
    if (holders.size === 0 && deeds === 0) process.exit(0); // whoever connects in this moment is refused, and starts another
  };
  const serve = async (socket: Socket): Promise<void> => {
    socket.on('error', () => {}); // 'close' follows
    const request = await hear<Request>(socket, FIRST_WORD_MS);
    if (request?.token !== facts.supervisor.token || request.folder !== `${dev}:${ino}`) return void socket.destroy();
    holders.add(socket);
    say(socket, { welcome: true });
    const leave = () => {
      if (!holders.delete(socket)) return;
      inTurn(async () => holders.size === 0 && (await stop())).finally(() => {
        socket.end(); // for the last one this says: PostgreSQL has ended
        endIfUnused();
      });
    };
    socket.on('end', leave).on('close', leave).resume();
    say(socket, await answer(socket, request).catch((error: Error) => ({ error: error.message })));
  };

  const listener = createServer({ allowHalfOpen: true }, serve);
  facts.supervisor.port = await listen(listener, 0);
  writeFacts();
  setTimeout(endIfUnused, UNUSED_MS).unref();
}

async function listen(listener: Listener, port: number): Promise<number> {
  await new Promise((resolve, reject) => listener.once('error', reject).listen(port, '127.0.0.1', () => resolve(0)));
  return (listener.address() as AddressInfo).port;
}

/** The former port if it is free, for it may stand in somebody's notes; while holders know it, no other will do. */
async function findPort(former: number | undefined, keep: boolean): Promise<number> {
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

/** Of all processes on this machine only one can hold this lock, and the kernel frees it however that one ends. SQLite is Node's only way to one. */
function isAlone(dataDir: string): boolean {
  const file = join(dataDir, 'postgres.lock');
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
    giveTo(ownerOf(dataDir), file);
    process.once('exit', () => lock.close()); // keeps it from being collected, and the lock from being let go
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === 5) return false; // SQLITE_BUSY
    throw error;
  }
}

function die(error: Error): void {
  process.stderr.write(`${error.stack}\n`);
  tell({ error: error.message });
  process.exitCode = 1;
  setTimeout(() => process.exit(), 100); // the message goes out first
}

/** Tell the one who started us; it may be gone. */
function tell(message: { taken: boolean } | { error: string }): void {
  process.send?.(message, () => process.connected && process.disconnect?.());
}

// systemd and others send SIGTERM to every process of a service: PostgreSQL stays until those who drain let go of it
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => {});
const [dataDir, mode] = process.argv.slice(2);
try {
  const taken = !isAlone(dataDir!);
  if (!taken) await supervise(dataDir!, mode === 'durable');
  tell({ taken });
} catch (error) {
  die(error as Error);
}
