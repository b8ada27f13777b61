import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import type { Viewer } from '../directory/viewer.ts';
import { type AttachInput, type Upload, uploadsNamed } from '../file/attach.policy.ts';
import { usableUploads } from '../file/attach.write.ts';

/** The uploads that an input names and the viewer may use, by their ids, locked; no statement where it names none. */
export async function usableUploadsOf(act: Act, viewer: Viewer, input: AttachInput): Promise<Map<string, Upload>> {
  const named = uploadsNamed(input);
  if (named.length === 0) return new Map();
  const { rows } = await sql<Upload>`${usableUploads(viewer, named)}`.execute(act.db);
  return new Map(rows.map((upload) => [upload.id, upload]));
}
