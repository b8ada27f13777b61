import { replyAddress } from '../delivery/replyAddress.policy.ts';
import type { World } from '../world.ts';

/** The address that mail comes to a thread by. */
export const replyAddressOf = (
  { mailer }: Pick<World, 'mailer'>,
  { id, replyEpoch }: { id: string; replyEpoch: number },
): string => replyAddress(mailer.replyKeys, { kind: 'thread', id, epoch: replyEpoch }, mailer.domain);
