import type { Socket } from 'node:net';

/** What a holder asks of the supervisor. `token` and `folder` show that it can read, and means, the same data folder. */
export interface Request {
  token: string;
  folder: string;
  /** Keep PostgreSQL running until I hang up. */
  hold?: true;
  /** Put the data of this backup in the place of the present data. */
  restore?: string;
}

/** What the supervisor answers: `welcome` at once, then, as soon as it is so, one of the others. */
export interface Answer {
  welcome?: true;
  url?: string;
  restored?: Restored;
  error?: string;
}

/** What a restore did: where the former data is now (null: there was none), and which other files it changed. */
export interface Restored {
  kept: string | null;
  changed: string[];
}

/** What DATA_DIR/postgres.json holds; only the owner of the folder can read it. */
export interface Facts {
  password: string;
  port?: number;
  supervisor: { port: number; token: string; pid: number };
}

/** What a text of postgres.json says, as far as it makes sense: it may be lost, torn, or written over. */
export function parseFacts(text: string): Partial<Facts> {
  const { password, port, supervisor } = (parse(text) ?? {}) as Unchecked;
  const { port: at, token, pid } = (supervisor ?? {}) as Unchecked;
  return {
    password: typeof password === 'string' && /^[\w-]{20,}$/.test(password) ? password : undefined,
    port: isPort(port) ? port : undefined,
    supervisor: isPort(at) && typeof token === 'string' ? { port: at, token, pid: Number(pid) } : undefined,
  };
}

type Unchecked = Record<string, unknown>;

const isPort = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;

const LONGEST_MESSAGE = 100_000; // a path or an error with a few lines of PostgreSQL's

export const say = (socket: Socket, message: Request | Answer): unknown => socket.write(`${JSON.stringify(message)}\n`);

/** The next message from the other side; nothing when it hangs up, talks rubbish, or is silent for too long (0: never too long). */
export function hear<T extends Request | Answer>(socket: Socket, timeoutMs = 0): Promise<T | undefined> {
  return new Promise((resolve) => {
    if (socket.destroyed || socket.readableEnded) return resolve(undefined);
    let heard = Buffer.alloc(0);
    const finish = (message?: T) => {
      socket.off('data', more).off('end', nothing).off('close', nothing).off('timeout', nothing).setTimeout(0);
      resolve(message);
    };
    const nothing = () => finish();
    const more = (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk]);
      const end = heard.indexOf(10);
      if (end < 0) return heard.length > LONGEST_MESSAGE ? finish() : undefined;
      socket.pause();
      if (end + 1 < heard.length) socket.unshift(heard.subarray(end + 1));
      finish(parse(heard.subarray(0, end).toString()) as T);
    };
    socket.on('data', more).once('end', nothing).once('close', nothing).once('timeout', nothing).setTimeout(timeoutMs);
    socket.resume();
  });
}

/** The object that a text of JSON holds, or nothing. */
export function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Settles when both sides have hung up. */
export const whenClosed = (socket: Socket): Promise<unknown> =>
  socket.closed ? Promise.resolve() : new Promise((resolve) => socket.once('close', resolve));
