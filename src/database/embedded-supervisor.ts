import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { isAlone } from './embedded-lock.ts';
import { findPort, listen } from './embedded-port.ts';
import { clearRestores, stageRestore, swapIn } from './embedded-restore.ts';
import { clearRemains, createCluster, databaseUrl, type Server, setPassword, startServer } from './embedded-server.ts';
import { giveTo, ownerOf } from './embedded-user.ts';
import { type Answer, type Facts, hear, parseFacts, type Request, type Restored, say } from './embedded-wire.ts';

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

  const former = existsSync(file) ? parseFacts(readFileSync(file, 'utf8')) : {};
  const facts: Facts = {
    password: former.password ?? randomBytes(24).toString('base64url'),
    port: former.port,
    supervisor: { port: 0, token: randomBytes(24).toString('base64url'), pid: process.pid },
  };
  // Written only once the database has it: if postgres.json was lost, or we are killed in between, a new one is set.
  let passwordIsSet = former.password !== undefined;
  const writeFacts = () => {
    const known: Partial<Facts> = { ...facts, password: passwordIsSet ? facts.password : undefined };
    writeFileSync(`${file}.new`, JSON.stringify(known), { mode: 0o600, flush: true });
    giveTo(ownerOf(dataDir), `${file}.new`); // root leaves the folder of an ordinary user usable for that user
    renameSync(`${file}.new`, file);
  };

  const holders = new Set<Socket>();
  let server: Server | undefined;
  let urlIsKnown = false;

  const endIfUnused = () => {
    if (holders.size === 0 && deeds === 0) process.exit(0); // whoever connects in this moment is refused, and starts another
  };

  let deeds = 0;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(deed: () => Promise<T>): Promise<T> => {
    deeds += 1;
    const done = last.then(deed).finally(() => {
      deeds -= 1;
      setImmediate(endIfUnused); // after what follows from the deed
    });
    last = done.catch(() => {});
    return done;
  };

  const start = async (): Promise<void> => {
    if (!existsSync(folder)) {
      if (urlIsKnown) throw new Error(`${folder} has vanished.`); // a new, empty database would only hide that
      await createCluster(folder, facts.password, durable);
    } else if (!passwordIsSet) {
      await setPassword(folder, facts.password);
    }
    passwordIsSet = true;
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
        const passwordWasSet = passwordIsSet;
        passwordIsSet = true; // in the copy
        try {
          await start();
        } catch (error) {
          undo();
          passwordIsSet = passwordWasSet;
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
  const serve = async (socket: Socket): Promise<void> => {
    socket.on('error', () => {}); // 'close' follows
    const request = await hear<Request>(socket, FIRST_WORD_MS);
    if (request?.token !== facts.supervisor.token || request.folder !== `${dev}:${ino}`) return void socket.destroy();
    holders.add(socket);
    say(socket, { welcome: true });
    const leave = () => {
      if (!holders.delete(socket)) return;
      // the end of the connection tells the last one that PostgreSQL has ended
      inTurn(async () => holders.size === 0 && (await stop())).finally(() => socket.end());
    };
    socket.on('end', leave).on('close', leave).resume();
    say(socket, await answer(socket, request).catch((error: Error) => ({ error: error.message })));
  };

  const listener = createServer({ allowHalfOpen: true }, serve);
  facts.supervisor.port = await listen(listener, 0);
  writeFacts();
  setTimeout(endIfUnused, UNUSED_MS).unref();
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
