import { sql } from 'kysely';
import type { Context } from '../graph/context.ts';
import { contentTypeOf } from './contentType.ts';
import { BadBody, type Expected, measured } from './measured.ts';

/** What a PUT brings. */
export interface Brought {
  body: ReadableStream<Uint8Array> | null;
  /** as its header says; null when it says nothing */
  length: number | null;
}

export type Received = 'STORED' | 'UNKNOWN' | 'USED' | BadBody['reason'];

// a phone in a basement pauses for some seconds; a poor line brings the largest file in well under an hour
const PATIENCE = { idleMs: 30_000, totalMs: 3_600_000 };

/**
 * Stores what the one PUT of an upload brings, straight through to the storage. A second one is USED, also while the first is under
 * way; after one that failed it may be tried again. `patience` is for tests.
 */
export async function receive(
  { world, viewer, db }: Context,
  id: string,
  { body, length }: Brought,
  patience: Pick<Expected, 'idleMs' | 'totalMs'> = PATIENCE,
): Promise<Received> {
  const { storage, clock, log } = world;
  const mine = sql`id = ${id} and created_by_id = ${viewer.id} and company_id = ${viewer.companyId} and not removed`;
  const { rows } = await sql<{ name: string; most: number }>`
    update files set receiving_since = ${clock.now()}
    where ${mine} and stored_at is null and receiving_since is null
    returning name, announced_size::float8 as most`.execute(db);
  const file = rows[0];
  if (!file) {
    const { rows: known } = await sql`select from files where ${mine}`.execute(db);
    return known.length > 0 ? 'USED' : 'UNKNOWN';
  }
  try {
    if ((length ?? 0) > file.most) throw new BadBody('TOO_LARGE');
    const { bytes, measure } = measured(body, { ...patience, most: file.most, length });
    await storage.put(id, bytes);
    const { size, head, sha256 } = measure();
    const contentType = await contentTypeOf(head, file.name);
    const now = clock.now();
    const { numAffectedRows } = await sql`
      update files set stored_at = ${now}, updated_at = ${now}, receiving_since = null,
        size = ${size}, content_type = ${contentType}, sha256 = ${sha256}
      where ${mine} and stored_at is null`.execute(db);
    // it was removed meanwhile: whoever removed it may not have found the bytes yet
    if (numAffectedRows === 0n) await storage.remove(id);
    return numAffectedRows === 0n ? 'UNKNOWN' : 'STORED';
  } catch (error) {
    // if this fails as well, the upload cannot be tried again; it goes with those that nobody uses
    await sql`update files set receiving_since = null where ${mine} and stored_at is null`
      .execute(db)
      .catch((also) => log.warn({ err: also, file: id }, 'an upload that failed stays as it is'));
    if (error instanceof BadBody) return error.reason;
    throw error;
  }
}
