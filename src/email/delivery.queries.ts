import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { batch, groupBy } from '../database/loader.ts';
import type { DeliveryRow } from '../delivery/delivery.queries.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Context } from '../graph/context.ts';
import { isAdminAbout, joinMe, seesMail, seesThread } from './sight.queries.ts';

/**
 * Whether the viewer sees delivery d of mail e in thread c that they see: its sender does, and ADMINs of the tool of its item; of
 * blind copies its sender alone.
 */
const sees = (viewer: Viewer): RawBuilder<SqlBool> => sql`(e.user_id = ${viewer.id} or (
  ${isAdminAbout(viewer, 'c')}
  and exists (select from email_participants p where p.email_id = e.id and p.role in ('TO', 'CC')
    and lower(p.address) = lower(d.address))))`;

const from = (viewer: Viewer) => sql`email_deliveries d join emails e on e.id = d.email_id
  join email_communications c on c.id = e.email_communication_id ${joinMe(viewer, 'c')}
  where ${seesThread(viewer, 'c', 'me')} and ${seesMail(viewer, 'e', 'c', 'me')} and ${sees(viewer)}`;

/** Which of some deliveries of mails the viewer sees, by their ids. */
export async function deliveriesSeen({ db, viewer }: Context, deliveries: readonly DeliveryRow[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select d.id from ${from(viewer)} and d.id = any(${deliveries.map(({ id }) => id)}::uuid[])`.execute(db);
  return rows.map(({ id }) => id);
}

/** What became of mails, recipient by recipient, as far as the viewer sees it. */
export const deliveriesOfEmail = batch<Context, string, DeliveryRow[]>(async ({ db, viewer }, ids) => {
  const { rows } = await sql<DeliveryRow & { emailId: string }>`
    select d.id, d.kind, d.user_id as "userId", d.address, d.state, d.attempts, d.last_error as "lastError", d.updated_at as "updatedAt",
      d.email_id as "emailId"
    from ${from(viewer)} and d.email_id = any(${ids}::uuid[]) order by d.id`.execute(db);
  return groupBy(rows, ({ emailId }) => emailId);
});
