import type { MikroORM } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { openEmbedded } from './database/embedded.ts';
import type { Writer } from './database/lastWrite.ts';
import { migrate } from './database/migrate.ts';
import { openOrm } from './database/orm.ts';
import { openReplicas, type Replicas } from './database/replica.ts';
import { type Mailer, openMailer } from './delivery/mailer.ts';
import { openStorage, type Storage } from './file/storage.ts';
import { madeSecret } from './http/madeSecret.ts';
import { type Clock, systemClock } from './kernel/clock.ts';
import { type LinkKeys, linkKeys } from './link/link.ts';
import { type Lookup, openLookup } from './webhook/lookup.ts';

/** Everything outside of the service that it needs; comes in by the door of createApp. */
export interface World {
  config: Config;
  clock: Clock;
  log: Logger;
  orm: MikroORM;
  /** where the database is, past any pooler: for connections that listen or hold locks */
  directUrl: string;
  /** what links are signed with */
  links: LinkKeys;
  /** where files are */
  storage: Storage;
  /** gives the IP addresses of the names of others */
  lookup: Lookup;
  /** the way that mail leaves */
  mailer: Mailer;
  /** what is done here is told to nobody: seeds and imports (domain.md 5) */
  silent: boolean;
  /** servers that what tolerates lag is read from, where there are any */
  replicas?: Replicas;
  /** whose request it is, where there are replicas: noted with what they write */
  writer?: Writer;
}

export interface OpenWorld extends World {
  /** lets go of the database; an embedded one stops with its last holder */
  close(): Promise<void>;
}

const ofPools = (config: Config) => ({ poolSize: config.databasePoolSize, prepares: config.databasePrepared });

/** What links are signed with, and reply addresses too unless they have secrets of their own: set, or made in DATA_DIR. */
const secretsOf = async ({ links, dataDir }: Config): Promise<[id: string, secret: string][]> =>
  links.kind === 'secrets' ? links.secrets : [['made', await madeSecret(dataDir, 'link-secret')]];

/** The keys of links, and the mailer, which signs reply addresses. */
export async function openSigners(config: Config, around: { clock: Clock; log: Logger }) {
  const secrets = await secretsOf(config);
  return { links: linkKeys(config, secrets), mailer: await openMailer(config, secrets, around) };
}

/** Opens the database of a configuration, embedded or one's own, brings its schema up to date, and gives the world around it. */
export async function openWorld(
  config: Config,
  log: Logger,
  options: { clock?: Clock; onPool?: (pool: Pool) => void } = {},
): Promise<OpenWorld> {
  const storage = await openStorage(config);
  const database = config.databaseUrl
    ? { url: config.databaseUrl, close: async () => {} }
    : await openEmbedded(config.dataDir);
  const orm = await openOrm(database.url, { ...ofPools(config), onPool: options.onPool });
  const clock = options.clock ?? systemClock;
  let replicas: Replicas | undefined;
  let signers: { links: LinkKeys; mailer: Mailer } | undefined;
  const close = async () => {
    signers?.mailer.close();
    await replicas?.close();
    storage.close();
    await orm.close(true);
    await database.close();
  };
  try {
    signers = await openSigners(config, { clock, log });
    await migrate(database.url);
    if (config.replicaUrls.length > 0)
      replicas = await openReplicas(database.url, config.replicaUrls, {
        ...ofPools(config),
        maxLagMs: config.replicaMaxLagMs,
        log,
      });
  } catch (error) {
    await close();
    throw error;
  }
  const directUrl = config.databaseDirectUrl ?? database.url;
  return {
    config,
    clock,
    log,
    orm,
    directUrl,
    ...signers,
    storage,
    lookup: openLookup(),
    silent: false,
    replicas,
    close,
  };
}
