import { sql } from 'kysely';
import { once } from '../database/idempotency.ts';
import { addressFault } from '../delivery/address.policy.ts';
import { requeueDeliveries } from '../delivery/delivery.ts';
import { resendMail } from '../email/resend.commands.ts';
import type { Context } from '../graph/context.ts';
import { itemById } from '../item/item.queries.ts';
import { refuse } from '../kernel/errors.ts';
import { uuidOf } from '../kernel/ids.ts';
import { grantOn } from '../permission/permission.queries.ts';
import { toolNamed } from '../tool/tool.queries.ts';
import { canBeToldOf } from './mail.ts';

export interface ResendEmailInput {
  id: string;
  addresses?: readonly string[] | null;
  idempotencyKey?: string | null;
}

/**
 * Sends a mail anew. Of a thread's: resendMail (email/resend.commands.ts). That of a notification with all else that it tells of: for whose act it tells of, and ADMINs of the item's tool.
 * What its recipient may see is judged when it is sent; when that is nothing already now, it is refused. Gives the id of what was sent.
 */
export const resendEmail = (context: Context, input: ResendEmailInput): Promise<Resent> =>
  once<Resent>(context.world, context.viewer, 'resendEmail', input, async (act) => {
    const emailId = uuidOf('Email', input.id);
    if (emailId !== null) {
      const wrote = await resendMail(act, context, emailId, input.id, input.addresses ?? null);
      return { answer: { emailId, notificationId: null }, wrote };
    }
    const { world, loads } = context;
    const row = await notificationOf(context, uuidOf('ItemNotification', input.id));
    if (!row) refuse('NOT_FOUND', `There is no ${JSON.stringify(input.id.slice(0, 100))} that you may see.`, ['id']);
    if (!row.may) {
      const { title } = await loads.the(toolNamed, row.genericToolId);
      refuse('FORBIDDEN', `Only whose act it tells of, and ADMINs of ${title}, may send this mail again.`, ['id']);
    }
    if (input.addresses != null)
      refuse('INVALID', 'A notification goes to its recipient: addresses are for other mail.', ['addresses']);
    if (!(await canBeToldOf(world, row)))
      refuse(
        'INVALID',
        `${row.recipient} can no longer be mailed about this: they may not see it, are not active, or want no mail.`,
        ['id'],
      );
    const fault = addressFault(row.address);
    if (fault) refuse('INVALID', `${row.recipient}: ${fault}`, ['id']);
    // the address may be another one by now, and the former somebody else's
    await sql`
      update email_deliveries d set address = u.email, name = u.name from users u
      where d.id = ${row.deliveryId} and u.id = d.user_id and d.state <> 'QUEUED'`.execute(act.db);
    const sent = await requeueDeliveries(world, act, [row.deliveryId]);
    return { answer: { emailId: null, notificationId: row.id }, wrote: sent.length > 0 };
  });

/** What was sent anew: one of the two. */
interface Resent {
  emailId: string | null;
  notificationId: string | null;
}

interface Resendable {
  id: string;
  companyId: string;
  genericToolId: string;
  deliveryId: string;
  userId: string;
  recipient: string;
  /** theirs now */
  address: string;
  /** whether the viewer may send it again */
  may: boolean;
}

/** A notification of an item that the viewer sees, if they see it or made the act that it tells of. */
async function notificationOf(context: Context, id: string | null): Promise<Resendable | null> {
  const { db, viewer, loads } = context;
  const { rows } = await sql<{
    id: string;
    itemId: string;
    userId: string;
    actorId: string | null;
    deliveryId: string;
    recipient: string;
    address: string;
  }>`
    select n.id, n.item_id as "itemId", n.recipient_id as "userId", n.actor_id as "actorId", n.delivery_id as "deliveryId",
      u.name as recipient, u.email as address
    from item_notifications n join users u on u.id = n.recipient_id
    where n.id = ${id} and n.company_id = ${viewer.companyId}`.execute(db);
  const [row] = rows;
  const item = row ? await loads.load(itemById, row.itemId) : null;
  if (!row || !item) return null;
  const { accessLevel } = await grantOn(context, item.projectId, item.genericToolId);
  const may = accessLevel === 'ADMIN' || row.actorId === viewer.id;
  if (!may && row.userId !== viewer.id) return null;
  const { companyId, genericToolId } = item;
  return { ...row, companyId, genericToolId, may };
}
