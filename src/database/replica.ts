import type { Pool, PoolClient } from 'pg';
import type { Logger } from 'pino';
import { type Db, openOrm } from './orm.ts';
import { type Reading, readingDb } from './replica-db.ts';
import { watchReplicas } from './replica-watch.ts';
import { codeOf } from './transaction.ts';

/** Replicas of the database, and what they may be read for. */
export interface Replicas {
  /**
   * Where a request may read what tolerates lag: a replica that is not further behind than the settings allow and has carried out
   * transaction `needs` and all before it; the primary if there is none.
   */
  lagging(primary: Db, needs: bigint): Lagging;
  close(): Promise<void>;
}

export interface Lagging {
  db: Db;
  /** from now on the primary: the request writes, and shows what it wrote */
  catchUp(): void;
}

// waiting longer for a connection than for a look at the server (replica-watch.ts) would only put off asking the primary
const CONNECT_MS = 2_000;

/** Opens the replicas at these addresses of the database at `primaryUrl`. One that cannot be reached is read as soon as it can be. */
export async function openReplicas(
  primaryUrl: string,
  urls: readonly string[],
  options: {
    poolSize: number;
    prepares?: boolean;
    maxLagMs: number;
    log: Logger;
    onPool?: (pool: Pool, n: number) => void;
  },
): Promise<Replicas> {
  const { maxLagMs, log } = options;
  const connections = urls.map(() => new Set<PoolClient>());
  const onPool = (pool: Pool, n: number) => {
    pool.options.connectionTimeoutMillis = CONNECT_MS;
    pool
      .on('connect', (client) => connections[n]!.add(client))
      .on('remove', (client) => connections[n]!.delete(client));
    options.onPool?.(pool, n);
  };
  const orms = await Promise.all(urls.map((url, n) => openOrm(url, { ...options, onPool: (pool) => onPool(pool, n) })));
  // what runs on a server that no longer answers is cut off, and asked of the primary: the driver alone would wait for minutes
  const onGone = (n: number) => connections[n]!.forEach(cutOff);
  const watch = watchReplicas(primaryUrl, urls, { maxLagMs, log, onGone });
  const isFit = (n: number, needs: bigint): boolean => {
    const { freshAt, settled } = watch.standings[n]!;
    return performance.now() - freshAt <= maxLagMs && settled > needs;
  };
  const em = orms[0]!.em.fork();
  const there = orms.map((orm) => orm.em.fork().getKysely());
  let turn = 0;
  const choose = (needs: bigint): number | undefined => {
    const fit = urls.flatMap((_, n) => (isFit(n, needs) ? n : []));
    turn += 1;
    return fit[turn % fit.length];
  };

  return {
    lagging(primary, needs) {
      let n = choose(needs);
      if (n === undefined) return { db: primary, catchUp: () => {} };
      // queries come with the names of the entities put in already
      const here = primary.withoutPlugins();
      const catchUp = () => {
        n = undefined;
      };
      const ask: Reading = async (query) => {
        // once at the primary it stays there: another replica may be further behind than what was shown already
        if (n !== undefined && !isFit(n, needs)) catchUp();
        if (n === undefined) return here.executeQuery(query);
        const at = n;
        try {
          return await there[at]!.executeQuery(query);
        } catch (error) {
          if (codeOf(error) === TOOK_TOO_LONG) throw error;
          if (isLost(error)) watch.leave(at);
          catchUp();
          return here.executeQuery(query);
        }
      };
      return { db: readingDb(em, ask), catchUp };
    },
    async close() {
      await watch.close();
      await Promise.all(orms.map((orm) => orm.close(true)));
    },
  };
}

// query_canceled: by the time limit of statements. The primary would take as long; conflicts with the log have another code
const TOOK_TOO_LONG = '57014';

/** Whether the server, and not the statement, is to blame: the connection could not be made, broke, or was ended from there. */
const isLost = (error: unknown): boolean => /^$|^08|^57P|^EPIPE$/.test(codeOf(error));

const cutOff = (client: PoolClient): void => {
  const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } }).connection;
  stream.destroy();
};
