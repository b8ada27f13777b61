import { sql } from 'kysely';
import { transaction } from '../../src/database/transaction.ts';
import { type NewDelivery, queueDeliveries, requeueDeliveries } from '../../src/delivery/delivery.ts';
import type { Mail } from '../../src/delivery/mail.policy.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { Composer } from '../../src/worker/composers.ts';
import { sendEmailBy, sendForgotten } from '../../src/worker/sendEmail.ts';
import { workOff } from '../kit/work.ts';
import { createWorld, type TestWorld } from '../kit/world.ts';

/** What every mail of these tests says, unless told otherwise. */
export const LETTER: Mail = {
  subject: 'DR-002: Broken lintel',
  text: 'A lintel is broken.\n',
  html: '<p>A lintel is broken.</p>',
  automatic: true,
};

export interface Stand {
  id: string;
  address: string;
  state: string;
  attempts: number;
  lastError: string | null;
  messageId: string;
  nextAttemptAt: string | null;
  queuedAt: string;
}

/** A world whose mail is written by `composer`, with words to send it; `env` are its settings. */
export async function createOutbox(env: Record<string, string> = {}, composer: Composer = async () => LETTER) {
  const from: Record<string, string> = env.SMTP_URL ? { MAIL_FROM: 'Gateway <gateway@example.org>' } : {};
  const world = await createWorld({ ...from, ...env });
  const job = sendEmailBy({ NOTIFICATION: composer });
  async function queueFor(companyId: string, ...addresses: string[]): Promise<string[]> {
    const rows = addresses.map((address, i): NewDelivery & { id: string } => {
      const id = newId(world.clock.now(), i);
      return { id, companyId, kind: 'NOTIFICATION', address, name: address.split('@')[0]! };
    });
    await transaction(world.world, (act) => queueDeliveries(world, act, rows));
    return rows.map(({ id }) => id);
  }
  return {
    ...world,
    job,
    /** puts mails to these addresses on their way; gives the ids of their deliveries */
    queue: (...addresses: string[]) => queueFor(world.home.id, ...addresses),
    queueFor,
    requeue: (...ids: string[]) => transaction(world.world, (act) => requeueDeliveries(world, act, ids)),
    /** does the jobs that are due; gives the errors of those that failed */
    send: () => workOff(world.world, [job, sendForgotten]),
    /** where the deliveries stand, in the order of their queue */
    stands: async (): Promise<Stand[]> =>
      (
        await sql<Stand>`
          select id, address, state, attempts, last_error as "lastError", message_id as "messageId",
            next_attempt_at as "nextAttemptAt", queued_at as "queuedAt"
          from email_deliveries order by id`.execute(world.db)
      ).rows,
    states: async (): Promise<string[]> =>
      (await sql<{ state: string }>`select state from email_deliveries order by id`.execute(world.db)).rows.map(
        ({ state }) => state,
      ),
    [Symbol.asyncDispose]: () => (world as TestWorld)[Symbol.asyncDispose](),
  };
}
