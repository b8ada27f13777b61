import type { Act } from '../database/transaction.ts';
import { queueDeliveries } from '../delivery/delivery.ts';
import { readReplyAddress } from '../delivery/replyAddress.policy.ts';
import type { World } from '../world.ts';
import type { NewMail, NewThread } from './email.write.ts';

/** Whether an address is one of the gateway's own, which mail is never sent to. */
export const isOurs = ({ mailer }: Pick<World, 'mailer'>, address: string): boolean =>
  address.toLowerCase() === mailer.from.address.toLowerCase() || readReplyAddress(mailer.replyKeys, address) !== null;

/** Puts a mail of a thread on its way to each of its recipients: the same message for all. */
export const queueMail = (
  world: Pick<World, 'mailer'>,
  act: Pick<Act, 'db' | 'now'>,
  { companyId, projectId }: Pick<NewThread, 'companyId' | 'projectId'>,
  { id, messageId, participants }: NewMail,
): Promise<void> =>
  queueDeliveries(
    world,
    act,
    participants
      .filter(({ role }) => role !== 'FROM')
      .map(({ address, name, userId }) => ({
        ...{ kind: 'EMAIL', companyId, projectId, emailId: id, messageId: `<${messageId}>` },
        ...{ address: address!, name: name ?? '', userId },
      })),
  );
