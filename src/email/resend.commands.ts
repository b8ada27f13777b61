import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import { requeueDeliveries } from '../delivery/delivery.ts';
import type { Context } from '../graph/context.ts';
import { refuse } from '../kernel/errors.ts';
import { emailById } from './email.queries.ts';
import { isAdminAbout } from './sight.queries.ts';

/**
 * Sends a mail of a thread anew, to all its recipients or to some: for its sender, and ADMINs of the tool of its item, who see no blind
 * copies. Answers to it come to the thread like those to the first one. Gives whether anything was put on its way.
 */
export async function resendMail(
  act: Act,
  context: Context,
  id: string,
  givenId: string,
  addresses: readonly string[] | null,
): Promise<boolean> {
  const email = await context.loads.load(emailById, id);
  if (!email) refuse('NOT_FOUND', `There is no ${JSON.stringify(givenId.slice(0, 100))} that you may see.`, ['id']);
  if (email.type === 'INCOMING') refuse('INVALID', 'This mail came in: there is nothing to send anew.', ['id']);
  const { viewer } = context;
  const { rows } = await sql<{ id: string; address: string; blind: boolean; isAdmin: boolean }>`
    select d.id, d.address,
      not exists (select from email_participants p where p.email_id = e.id and p.role in ('TO', 'CC')
        and lower(p.address) = lower(d.address)) as blind,
      ${isAdminAbout(viewer, 'c')} as "isAdmin"
    from email_deliveries d join emails e on e.id = d.email_id join email_communications c on c.id = e.email_communication_id
    where d.email_id = ${id} order by d.id`.execute(act.db);
  const isSender = email.userId === viewer.id;
  if (!isSender && !rows.some(({ isAdmin }) => isAdmin))
    refuse('FORBIDDEN', 'Only its sender, and ADMINs of the tool of its item, may send this mail again.', ['id']);
  const known = rows.filter(({ blind }) => isSender || !blind);
  addresses?.forEach((address, n) => {
    if (!known.some((delivery) => same(delivery.address, address)))
      refuse('INVALID', `${JSON.stringify(address.slice(0, 100))} is none of its recipients.`, ['addresses', n]);
  });
  const wanted = known.filter(({ address }) => !addresses || addresses.some((one) => same(one, address)));
  const sent = await requeueDeliveries(
    context.world,
    act,
    wanted.map(({ id: deliveryId }) => deliveryId),
  );
  await sql`
    insert into email_message_ids (company_id, hash, email_communication_id, email_id, created_at)
    select d.company_id, md5(trim(both '<>' from d.message_id)), ${email.emailCommunicationId}, d.email_id, ${act.now}
    from email_deliveries d where d.id = any(${sent}::uuid[])
    on conflict do nothing`.execute(act.db);
  return sent.length > 0;
}

const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();
