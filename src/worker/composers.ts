import type { Waiting } from '../delivery/attempt.ts';
import type { DeliveryKind } from '../delivery/delivery.policy.ts';
import type { Mail } from '../delivery/mail.policy.ts';
import { composeEmail } from '../email/email.composer.ts';
import { composeNotification } from '../notification/mail.ts';
import type { World } from '../world.ts';

/** A delivery as its composer is given it. */
export type ComposedDelivery = Pick<Waiting, 'id' | 'companyId' | 'projectId' | 'userId' | 'address' | 'name'>;

/**
 * Writes a mail when it is sent, at each attempt anew: from what is there now, for what its recipient may see now. Null: nobody may be
 * told of it any more; the composer has removed its own rows about it, and the delivery goes too.
 */
export type Composer = (world: World, delivery: ComposedDelivery) => Promise<Mail | null>;

export type Composers = Partial<Record<DeliveryKind, Composer>>;

/** Who writes the mails of each kind. */
export const composers: Composers = { NOTIFICATION: composeNotification, EMAIL: composeEmail };
