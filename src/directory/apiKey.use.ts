import { sql } from 'kysely';
import { readingOf } from '../database/orm.ts';
import type { World } from '../world.ts';
import { USE_NOTED_MS } from './apiKey.policy.ts';

/**
 * Notes the uses of API keys. Requests do not wait for it, and nothing fails with it: what is lost is told by the next use. One
 * write at a time for a key and process; of several processes, the first writes and the others find nothing to do.
 */
export function createUseNotes({ orm, clock, log }: World): (keyId: string) => void {
  const underWay = new Set<string>();
  const write = async (keyId: string): Promise<void> => {
    const now = clock.now();
    const old = new Date(now.getTime() - USE_NOTED_MS);
    await sql`update api_keys set last_used_at = ${now}
      where id = ${keyId} and (last_used_at is null or last_used_at <= ${old})`.execute(readingOf(orm));
  };
  return (keyId) => {
    if (underWay.has(keyId)) return;
    underWay.add(keyId);
    write(keyId)
      .catch((error) => log.warn({ err: error }, 'the use of an API key was not noted'))
      .finally(() => underWay.delete(keyId));
  };
}
