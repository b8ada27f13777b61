import type { MikroORM } from '@mikro-orm/postgresql';
import { isMigrated } from '../database/migrate.ts';

// whoever asks does so every few seconds, and takes no answer for a no
const PATIENCE_MS = 3_000;

/** Rejects, with the reason, while the database cannot be reached or lacks migrations of this version. */
export async function checkReady(orm: MikroORM): Promise<void> {
  const check = isMigrated(orm).then((done) => {
    if (!done) throw new Error('The database lacks migrations of this version.');
  });
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The database has not answered for ${PATIENCE_MS} ms.`)), PATIENCE_MS);
  });
  await Promise.race([check, timeout]).finally(() => clearTimeout(timer));
}
