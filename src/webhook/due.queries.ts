import { sql } from 'kysely';
import type { Db } from '../database/orm.ts';
import type { SealedSecret } from './secret.policy.ts';
import type { Standing } from './webhook.policy.ts';
import { standingOf } from './webhook.queries.ts';

/** A delivery that waits for an attempt, with all that decides whether and where it goes. */
export interface DueDelivery extends Standing {
  id: string;
  companyId: string;
  webhookId: string;
  eventId: string;
  /** counted by who was at it before: of two at once, one tells */
  attempts: number;
  failures: number;
  projectId: string | null;
  ownerId: string;
  url: string;
  enabled: boolean;
  secrets: SealedSecret[];
  failingSince: Date | null;
  /** null: it is not slow */
  slowUntil: Date | null;
}

// the database says when a job is due, a process when a delivery is: their clocks differ by a few milliseconds
const CLOCKS_DIFFER_MS = 1_000;

type Times = 'failingSince' | 'slowUntil';
const dateOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

/** The delivery of a webhook that is due first; null if none is. */
export async function nextDue(db: Db, webhookId: string, now: Date): Promise<DueDelivery | null> {
  const { rows } = await sql<Omit<DueDelivery, Times> & Record<Times, string | null>>`
    select d.id, d.company_id as "companyId", d.webhook_id as "webhookId", d.event_id as "eventId", d.attempts, d.failures,
      w.project_id as "projectId", w.owner_id as "ownerId", w.url, w.enabled, w.secrets, w.failing_since as "failingSince",
      w.slow_until as "slowUntil", owner.*
    from webhooks w
      cross join lateral (
        select * from webhook_deliveries waiting
        where waiting.webhook_id = w.id and waiting.state in ('PENDING', 'RETRYING')
          and waiting.next_attempt_at <= ${new Date(now.getTime() + CLOCKS_DIFFER_MS)}
        order by waiting.next_attempt_at, waiting.event_id limit 1
      ) d
      cross join lateral (${standingOf(sql`w.owner_id`, sql`w.project_id`)}) owner
    where w.id = ${webhookId}`.execute(db);
  const [row] = rows;
  return row ? { ...row, failingSince: dateOf(row.failingSince), slowUntil: dateOf(row.slowUntil) } : null;
}
