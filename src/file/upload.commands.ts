import { sql } from 'kysely';
import { transaction } from '../database/transaction.ts';
import type { Context } from '../graph/context.ts';
import { refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { Faults, MAX_NAME } from '../kernel/input.ts';
import { sign } from '../link/link.ts';
import { fileNameOf, isLongName, MAX_OPEN_UPLOADS, UNUSED_MS, UPLOAD_TTL_MS } from './file.policy.ts';

export interface CreateUploadInput {
  name: string;
  size: number;
  contentType?: string | null;
}

/** The kind of the tokens that uploads are signed as; no link has it. */
export const UPLOAD = 'upload';

/** Takes the name and size of a file that the viewer is about to bring. Answers its id and the address for its one PUT. */
export const createUpload = (
  { world, viewer }: Context,
  input: CreateUploadInput,
): Promise<{ id: string; url: string }> =>
  transaction(world, async (act) => {
    const faults = new Faults();
    const name = fileNameOf(input.name);
    if (!name) faults.add('REQUIRED', `${JSON.stringify(input.name.slice(0, 60))} is no name of a file.`, ['name']);
    if (isLongName(name))
      faults.add('TOO_LONG', `The name has ${Buffer.byteLength(name)} bytes; at most ${MAX_NAME} are kept.`, ['name']);
    const most = world.config.maxUploadBytes;
    if (input.size < 1) faults.add('INVALID', `A file of ${input.size} bytes has nothing in it.`, ['size']);
    if (input.size > most)
      faults.add('INVALID', `The file has ${input.size} bytes; at most ${most} are taken.`, ['size']);
    faults.refuse();
    await sql`select pg_advisory_xact_lock(hashtextextended('uploads of ' || ${viewer.id}::text, 0))`.execute(act.db);
    const id = newId(act.now);
    const { numAffectedRows } = await sql`
      insert into files (id, company_id, created_at, updated_at, created_by_id, name, announced_size, due_at)
      select ${id}, ${viewer.companyId}, ${act.now}, ${act.now}, ${viewer.id}, ${name}, ${input.size},
        ${new Date(act.now.getTime() + UNUSED_MS)}
      where (select count(*) from files where created_by_id = ${viewer.id} and not claimed and not removed) < ${MAX_OPEN_UPLOADS}`.execute(
      act.db,
    );
    if (numAffectedRows === 0n)
      refuse(
        'TOO_MANY',
        `You have ${MAX_OPEN_UPLOADS} uploads that are attached to nothing: use them first, or wait a day.`,
      );
    const link = { kind: UPLOAD, userId: viewer.id, companyId: viewer.companyId, options: id };
    const token = sign(world.links, link, new Date(act.now.getTime() + UPLOAD_TTL_MS));
    return { id, url: `${world.links.publicUrl}/uploads/${token}` };
  });
