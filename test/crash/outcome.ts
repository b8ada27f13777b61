import { Client } from 'pg';
import type { Received } from '../kit/receiver.ts';
import type { TakenMail } from '../kit/smtp.ts';
import type { Expected } from './office.ts';

const WAITING = `select
  (select count(*)::int from graphile_worker.jobs
    where task_identifier in ('act', 'sendEmail', 'deliverWebhook', 'deliverSlowWebhook')) as jobs,
  (select count(*)::int from email_deliveries where state in ('QUEUED', 'DEFERRED')) as mails,
  (select count(*)::int from webhook_deliveries where state in ('PENDING', 'RETRYING')) as calls`;

/** What the database says of what is to be told, and was. */
export async function openBooks(url: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  const rows = async <Row>(query: string): Promise<Row[]> => (await client.query(query)).rows as Row[];
  return {
    waiting: async () => (await rows<{ jobs: number; mails: number; calls: number }>(WAITING))[0]!,
    /** the events that the webhook is to hear of */
    events: () =>
      rows<{ id: string; type: string }>(`select e.id, e.type from events e
        join webhooks w on w.company_id = e.company_id and e.created_at > w.created_at
        where e.type in ('item.created', 'item.issued', 'item.updated', 'item.closed', 'response.created')`),
    /** what jobs are left, in which state, and why those failed that did */
    jobs: () =>
      rows(`select task_identifier as name, count(*)::int, count(locked_by)::int as running,
          count(*) filter (where run_at > now())::int as later, max(attempts) as attempts, left(max(last_error), 200) as error
        from graphile_worker.jobs group by 1 order by 1`),
    states: (table: string) =>
      rows<{ state: string; count: number }>(`select state, count(*)::int from ${table} group by state order by state`),
    repeated: () =>
      rows(`select act_id, recipient_id from item_notifications group by 1, 2 having count(distinct delivery_id) > 1`),
    [Symbol.asyncDispose]: () => client.end(),
  };
}

export type Books = Awaited<ReturnType<typeof openBooks>>;

/** How many of what was to come did, how many did not, and how many came again. */
export interface Outcome {
  expected: number;
  came: number;
  lost: string[];
  again: number;
  wrong: string[];
}

const repeatsOf = <T>(all: readonly T[], key: (one: T) => string): Map<string, T[]> =>
  Map.groupBy(all, key) as Map<string, T[]>;

/** Each event has come, under one id, which says the same each time. */
export function judgeCalls(events: readonly { id: string; type: string }[], received: readonly Received[]): Outcome {
  const byId = repeatsOf(received, ({ headers }) => String(headers['webhook-id']));
  const known = new Map(events.map(({ id, type }) => [`evt_${id}`, type]));
  const wrong = [...byId].filter(([id, calls]) =>
    calls.some(
      ({ body }) =>
        JSON.parse(body).type !== known.get(id) || JSON.parse(body).data.id !== JSON.parse(calls[0]!.body).data.id,
    ),
  );
  return {
    expected: known.size,
    came: byId.size,
    lost: [...known.keys()].filter((id) => !byId.has(id)),
    again: received.length - byId.size,
    wrong: wrong.map(([id]) => id),
  };
}

/** Each mail has come to its recipient; one that came again did so under the same Message-ID. */
export function judgeMails(expected: readonly Expected[], taken: readonly TakenMail[]): Outcome {
  const byId = repeatsOf(taken, ({ messageId }) => messageId ?? '');
  const isOf = ({ words, without, to }: Expected, mail: TakenMail) => {
    const all = `${mail.subject}\n${mail.text}`;
    return mail.envelope.to.includes(to) && all.includes(words) && !(without && all.includes(without));
  };
  const idsOf = expected.map(
    (one) => new Set(taken.filter((mail) => isOf(one, mail)).map(({ messageId }) => messageId)),
  );
  const told = (n: number) => `${expected[n]!.words} to ${expected[n]!.to}`;
  return {
    expected: expected.length,
    came: byId.size,
    lost: idsOf.flatMap((ids, n) => (ids.size === 0 ? [told(n)] : [])),
    again: taken.length - byId.size,
    wrong: idsOf.flatMap((ids, n) => (ids.size > 1 ? [`${told(n)} under ${[...ids].join(', ')}`] : [])),
  };
}
