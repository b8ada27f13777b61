import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Logger } from 'pino';

/** A connection that hears what is told on a channel of the database. */
export interface Listener {
  /** resolves when it hears, or when the first try has failed: what is missed until it does is a gap */
  ready: Promise<void>;
  close(): Promise<void>;
}

// how long a connection that is lost without a word (a machine that is gone, a firewall that forgets) is taken to be well, at most
const CHECK_MS = 15_000;
// a server that has not answered by then is gone
const PATIENCE_MS = 5_000;
const GOODBYE_MS = 500;
const AGAIN_MS = [100, 500, 1_000, 2_000, 5_000];

/**
 * Listens to a channel of the database at `url` until it is closed, over one connection of its own, which must lead past poolers. A
 * connection that is lost is noticed, and made again, later and later; `onGap` is called when there was a time without one: what was
 * told then is not known. It is checked now and then by a notice to itself, so that one that is open but hears nothing is found too.
 */
export function listenTo(
  url: string,
  channel: string,
  {
    log,
    onNotice,
    onGap,
    checkMs = CHECK_MS,
    patienceMs = PATIENCE_MS,
  }: { log: Logger; onNotice(payload: string): void; onGap(): void; checkMs?: number; patienceMs?: number },
): Listener {
  const own = `check_${randomUUID().replaceAll('-', '')}`;
  const closing = new AbortController();
  const { signal } = closing;
  const first = Promise.withResolvers<void>();
  let tries = 0;

  /** Tells itself something, and waits until it hears it. */
  async function check(client: Client): Promise<void> {
    const heard = Promise.withResolvers<void>();
    const onOwn = (notice: { channel: string }) => notice.channel === own && heard.resolve();
    client.on('notification', onOwn);
    const late = new Error(
      'The connection hears nothing. Should it lead through a pooler, DATABASE_DIRECT_URL must lead past it.',
    );
    const timer = setTimeout(heard.reject, patienceMs, late);
    try {
      await Promise.all([heard.promise, client.query(`select pg_notify('${own}', '')`)]);
    } finally {
      clearTimeout(timer);
      client.off('notification', onOwn);
    }
  }

  /** From its beginning to its end; throws why it ended. */
  async function listen(): Promise<void> {
    const client = new Client({
      connectionString: url,
      keepAlive: true,
      connectionTimeoutMillis: patienceMs,
      query_timeout: patienceMs,
      application_name: 'gateway live',
    });
    let lost: Error = new Error('The connection was closed from there.');
    client.on('error', (error) => {
      lost = error;
    });
    client.on('notification', (notice) => notice.channel === channel && onNotice(notice.payload ?? ''));
    const ended = new Promise((resolve) => client.once('end', resolve));
    const cut = () =>
      (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    // closed politely where somebody is there to hear it
    const goodbye = () => Promise.race([client.end(), sleep(GOODBYE_MS)]).then(cut, cut);
    signal.addEventListener('abort', goodbye, { once: true });
    try {
      await client.connect();
      await client.query(`listen "${channel}"`);
      await client.query(`listen "${own}"`);
      await check(client);
      if (tries > 1) {
        log.info('live updates are heard again');
        onGap();
      }
      tries = 1;
      first.resolve();
      const isOver = () => Promise.race([ended.then(() => true), sleep(checkMs, false, { ref: false })]);
      while (!(await isOver())) await check(client);
      throw lost;
    } finally {
      signal.removeEventListener('abort', goodbye);
      if (signal.aborted) await ended;
      else cut();
    }
  }

  const over = (async () => {
    while (!signal.aborted) {
      tries += 1;
      await listen().catch((error) => {
        if (signal.aborted) return;
        log.warn({ err: error }, 'live updates are not heard: the connection was lost, or cannot be had');
        first.resolve();
      });
      const wait = AGAIN_MS[Math.min(tries, AGAIN_MS.length) - 1]!;
      await sleep(wait, undefined, { signal, ref: false }).catch(() => {});
    }
  })();
  return {
    ready: first.promise,
    async close() {
      closing.abort();
      first.resolve();
      await over;
    },
  };
}
