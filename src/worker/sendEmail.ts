import { z } from 'zod';
import * as attempt from '../delivery/attempt.ts';
import { keptName } from '../delivery/delivery.policy.ts';
import { sendEmailJob } from '../delivery/delivery.ts';
import type { Mail } from '../delivery/mail.policy.ts';
import { defineJob } from '../job/job.ts';
import type { World } from '../world.ts';
import { type Composers, composers } from './composers.ts';

const NOT_WRITTEN = {
  kind: 'REFUSED',
  words: 'The mail could not be written; the log of the gateway says why.',
} as const;

/**
 * Sends a mail to its recipient, if it still waits. The mail is composed now; then the delivery is claimed, so that no two workers
 * send it; and what comes of it is written with the job of the next attempt. Killed after the server took the mail, and before that was
 * written, it is sent once more, with the same Message-ID.
 */
export const sendEmailBy = (by: Composers) =>
  defineJob({
    ...sendEmailJob,
    lane: 'mail',
    async deed(world, { deliveryId }) {
      const delivery = await attempt.waitingDelivery(world, deliveryId);
      if (!delivery) return;
      const heldMs = attempt.heldFor(world, delivery);
      if (heldMs > 0) return attempt.lookAgain(world, delivery, heldMs);
      const pause = world.mailer.pause();
      if (pause) return attempt.record(world, delivery, pause);
      try {
        const mail = await compose(by, world, delivery);
        if (mail) await send(world, delivery, mail);
        else await attempt.removeDelivery(world, delivery);
      } catch (error) {
        if (!attempt.isGivenUp(world, delivery)) throw error;
        world.log.error({ err: error, delivery: delivery.id }, 'a mail could not be written, and is given up');
        await attempt.record(world, delivery, NOT_WRITTEN);
      }
    },
  });

function compose(by: Composers, world: World, { kind, ...delivery }: attempt.Waiting): Promise<Mail | null> {
  const composer = by[kind];
  // another version of the gateway may have one: the job is tried again
  if (!composer) throw new Error(`nobody here composes mails of the kind ${kind}`);
  return composer(world, delivery);
}

async function send(world: World, delivery: attempt.Waiting, mail: Mail): Promise<void> {
  const claimed = await attempt.claim(world, delivery);
  // another one was faster: it writes what comes of it
  if (!claimed) return attempt.lookAgain(world, delivery);
  const { id, companyId, messageId, resends, name, address } = claimed;
  const addressed = { companyId, name: keptName(id, resends), messageId, recipient: { name, address }, mail };
  const outcome = await world.mailer.send(addressed).catch(async (error) => {
    await attempt.release(world, claimed);
    throw error;
  });
  await attempt.record(world, claimed, outcome);
}

/** The job as the worker does it. */
export const sendEmail = sendEmailBy(composers);

/** Every hour: what waits and has no job gets one. */
export const sendForgotten = defineJob({
  name: 'sendForgotten',
  lane: 'mail',
  payload: z.unknown(),
  async deed(world) {
    const count = await attempt.requeueForgotten(world);
    if (count > 0) world.log.warn({ count }, 'mails waited that no job was to send');
  },
});
