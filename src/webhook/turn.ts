import { z } from 'zod';
import type { Db } from '../database/orm.ts';
import { enqueue, type JobName } from '../job/job.ts';

const payload = z.object({ webhookId: z.uuid() });
type Turn = z.infer<typeof payload>;

/**
 * The turn of a webhook: its endpoint is told what is due, one after the other, five statements each. Whoever makes something due at a time enqueues a turn
 * for that time, in the same transaction; a turn that finds nothing due is soon over. Endpoints that were slow lately have a lane of
 * their own.
 */
export const TURN: JobName<Turn> = { name: 'deliverWebhook', payload };
export const SLOW_TURN: JobName<Turn> = { name: 'deliverSlowWebhook', payload };

/** Gives some webhooks a turn in a while, in the transaction of `db`. */
export const enqueueTurns = (db: Db, webhookIds: readonly string[], isSlow: boolean, inMs = 0): Promise<void> =>
  enqueue(
    db,
    isSlow ? SLOW_TURN : TURN,
    webhookIds.map((webhookId) => ({ payload: { webhookId }, queue: webhookId, inMs })),
  );
