import { sql } from 'kysely';
import type { Viewer } from '../directory/viewer.ts';
import type { Act } from './transaction.ts';

/** Who writes, to be noted for later reads by other processes. */
export type Writer = Pick<Viewer, 'id' | 'companyId'>;

/**
 * Notes that somebody wrote in this transaction: until a replica has carried it out, they read the primary. The last statement
 * of the transaction, because it holds up others of the same user until the end.
 */
export async function noteWrite({ db }: Act, { id, companyId }: Writer): Promise<void> {
  await sql`insert into last_writes (user_id, company_id, transaction_id) values (${id}, ${companyId}, pg_current_xact_id())
    on conflict (user_id) do update set transaction_id = excluded.transaction_id`.execute(db);
}
