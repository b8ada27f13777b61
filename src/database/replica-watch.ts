import { Pool } from 'pg';
import type { Logger } from 'pino';

/** How a replica is, as far as a process knows. */
export interface Standing {
  /** all that the primary had at this time (performance.now()) is on it; -Infinity: it is not to be read */
  freshAt: number;
  /** every transaction below this one has ended there, too: what it wrote is seen */
  settled: bigint;
}

/** What one look at a server tells. */
interface Seen {
  /** a copy of the same server, by its name for itself, and of the same database in it */
  system: string;
  database: string;
  standby: boolean;
  /**
   * the end of the log: what is on the disk of a primary (all that is committed, unless it commits without waiting), what a standby
   * has carried out
   */
  position: string | null;
  settled: string;
}

// Four small statements a second for each process and server: who has written reads the primary until the next look.
const EVERY_MS = 250;
// a server that has not answered by then is gone: what runs there is asked of the primary instead
const PATIENCE_MS = 2_000;

const LOOK = `select
  (select system_identifier::text from pg_control_system()) as system,
  (select oid::text from pg_database where datname = current_database()) as database,
  pg_is_in_recovery() as standby,
  (case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_flush_lsn() end - '0/0')::text as position,
  pg_snapshot_xmin(pg_current_snapshot())::text as settled`;

const NEVER: Standing = { freshAt: Number.NEGATIVE_INFINITY, settled: 0n };

/** A server without who may read it and how: for the log. */
export const placeOf = (url: string): string => {
  const { host, pathname } = new URL(url);
  return host + pathname;
};

/**
 * Looks at the primary and its replicas again and again, over connections of its own, so that a busy pool does not look like a
 * lost server. Times are of this process alone: no two clocks are compared. Tells in the log when a replica comes or goes.
 */
export function watchReplicas(
  primaryUrl: string,
  urls: readonly string[],
  { maxLagMs, log, onGone }: { maxLagMs: number; log: Logger; onGone(n: number): void },
) {
  const [primary, ...replicas] = [primaryUrl, ...urls].map(openWatch);
  const standings: Standing[] = urls.map(() => NEVER);
  const words = new Map<number, string>();
  /** where the log of the primary ended, and when; the newest first */
  let pulses: { at: number; position: bigint }[] = [];

  function tell(n: number, state: 'read' | 'gone' | 'behind' | 'not a replica of this database', err?: unknown): void {
    if (words.get(n) === state) return;
    words.set(n, state);
    const about = { replica: placeOf(urls[n]!), err };
    if (state === 'read') log.info(about, 'the replica is read');
    else log.warn(about, `the replica is not read: ${state}`);
  }

  async function lookAt(n: number, of: Seen): Promise<void> {
    try {
      const seen = await replicas[n]!.look();
      const isCopy = seen.standby && seen.system === of.system && seen.database === of.database && seen.position;
      const position = isCopy ? BigInt(seen.position!) : -1n;
      const known = pulses.find((pulse) => pulse.position <= position);
      standings[n] = known ? { freshAt: known.at, settled: BigInt(seen.settled) } : NEVER;
      if (!isCopy) tell(n, 'not a replica of this database');
      else if (known) tell(n, 'read');
      // the first look has nothing older to compare with
      else if (performance.now() - started > maxLagMs) tell(n, 'behind');
    } catch (error) {
      standings[n] = NEVER;
      tell(n, 'gone', error);
      onGone(n);
    }
  }

  async function look(): Promise<void> {
    const at = performance.now();
    const seen = await primary!.look();
    // an address of the primary that leads to a standby gives no measure
    if (seen.standby) throw new Error('DATABASE_URL leads to a standby.');
    pulses = [{ at, position: BigInt(seen.position!) }, ...pulses.filter((pulse) => at - pulse.at <= maxLagMs)];
    await Promise.all(replicas.map((_, n) => lookAt(n, seen)));
  }

  const started = performance.now();
  let closed = false;
  let next: NodeJS.Timeout;
  let looking = Promise.resolve();
  const again = () => {
    // without the primary nothing is known of the replicas either: what was known grows too old by itself
    looking = look()
      .catch((error) => log.debug({ err: error }, 'the primary cannot be looked at'))
      .then(() => {
        if (!closed) next = setTimeout(again, EVERY_MS).unref();
      });
  };
  again();
  return {
    standings: standings as readonly Standing[],
    /** until the next look shows that it is well */
    leave(n: number): void {
      standings[n] = NEVER;
    },
    async close(): Promise<void> {
      closed = true;
      clearTimeout(next);
      await looking;
      await Promise.all([primary!, ...replicas].map((watch) => watch.close()));
    },
  };
}

function openWatch(url: string) {
  const pool = new Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
    application_name: 'correspondence-gateway watch',
  });
  pool.on('error', () => {}); // the next look tells
  return {
    look: async (): Promise<Seen> => (await pool.query<Seen>(LOOK)).rows[0]!,
    close: () => pool.end(),
  };
}
