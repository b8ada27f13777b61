import { sql } from 'kysely';
import { type Act, transaction } from '../database/transaction.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Context } from '../graph/context.ts';
import { refuse } from '../kernel/errors.ts';
import { Faults, type Path } from '../kernel/input.ts';
import { isAdminAbout, joinMe, seesMail, seesThread } from './sight.queries.ts';

export interface UpdateEmailCommunicationInput {
  id: string;
  private?: boolean | null;
  archived?: boolean | null;
  snoozedUntil?: Date | null;
}

interface Standing {
  id: string;
  private: boolean;
  member: boolean;
  isOwner: boolean;
  isAdmin: boolean;
}

/** The threads among some that the viewer sees, with what they are to them; locked in the order of their ids. */
async function standingsOf({ db }: Act, viewer: Viewer, ids: readonly string[]): Promise<Map<string, Standing>> {
  await sql`
    select from email_communications where id = any(${ids}::uuid[]) and company_id = ${viewer.companyId} order by id for update`.execute(
    db,
  );
  const { rows } = await sql<Standing>`
    select c.id, c.private, coalesce(me.member, false) as member, c.owner_id is not distinct from ${viewer.id} as "isOwner",
      ${isAdminAbout(viewer, 'c')} as "isAdmin"
    from email_communications c ${joinMe(viewer, 'c')}
    where c.id = any(${ids}::uuid[]) and ${seesThread(viewer, 'c', 'me')}`.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Makes a thread private or public (its owner, or an ADMIN of the tool of its item), and puts it away, or off, for the viewer, a
 * member. Reply addresses that were given before it turned private are good no more. Answers its id.
 */
export const updateEmailCommunication = (
  { world, viewer }: Context,
  input: UpdateEmailCommunicationInput,
): Promise<string> =>
  transaction(world, async (act) => {
    const faults = new Faults();
    const id = faults.id('EmailCommunication', input.id, ['id']);
    const standing = (await standingsOf(act, viewer, [id])).get(id);
    if (!standing) faults.notFound('EmailCommunication', input.id, ['id']);
    faults.refuse();
    const { isOwner, isAdmin, member } = standing!;
    if (input.private != null && !isOwner && !isAdmin)
      faults.add(
        'FORBIDDEN',
        'Only its owner, or an ADMIN of the tool of its item, may say whether a thread is private.',
        ['private'],
      );
    for (const part of ['archived', 'snoozedUntil'] as const)
      if (input[part] !== undefined && !member)
        faults.add('FORBIDDEN', 'It is in no inbox of yours: you are no member of the thread.', [part]);
    if (input.snoozedUntil && input.snoozedUntil <= act.now)
      faults.add('INVALID', `${input.snoozedUntil.toISOString()} is past.`, ['snoozedUntil']);
    faults.refuse();
    if (input.private != null && input.private !== standing!.private)
      await sql`
        update email_communications set private = ${input.private}, updated_at = ${act.now},
          reply_epoch = reply_epoch + ${input.private ? 1 : 0} where id = ${id}`.execute(act.db);
    if (input.archived != null || input.snoozedUntil !== undefined)
      await sql`
        update email_communication_users set updated_at = ${act.now},
          archived = ${input.archived ?? sql`archived`},
          snoozed_until = ${input.snoozedUntil === undefined ? sql`snoozed_until` : input.snoozedUntil}
        where user_id = ${viewer.id} and email_communication_id = ${id}`.execute(act.db);
    return id;
  });

export interface MarkEmailCommunicationsReadInput {
  threads: readonly { id: string; upToSequence?: number | null }[];
  read?: boolean | null;
}

// as many as a page of an inbox has
const MAX_MARKED = 100;

/**
 * Marks threads read for the viewer, each up to a mail: what came meanwhile stays unread. Or unread, until they are marked again. For
 * who is no member there is nothing to mark. Answers their ids in the order asked for.
 */
export const markEmailCommunicationsRead = (
  { world, viewer }: Context,
  input: MarkEmailCommunicationsReadInput,
): Promise<string[]> =>
  transaction(world, async (act) => {
    const { threads } = input;
    if (threads.length > MAX_MARKED)
      refuse('TOO_MANY', `${threads.length} threads; at most ${MAX_MARKED} at once.`, ['threads']);
    const faults = new Faults();
    const path = (n: number, part: string): Path => ['threads', n, part];
    const ids = threads.map(({ id }, n) => faults.id('EmailCommunication', id, path(n, 'id')));
    const standings = await standingsOf(act, viewer, ids);
    threads.forEach(({ id, upToSequence }, n) => {
      if (ids.indexOf(ids[n]!) < n)
        faults.add('INVALID', `${JSON.stringify(id.slice(0, 100))} stands there twice.`, path(n, 'id'));
      if (faults.errors.length === 0 && !standings.has(ids[n]!))
        faults.notFound('EmailCommunication', id, path(n, 'id'));
      if (upToSequence != null && upToSequence < 0)
        faults.add('INVALID', `${upToSequence} is no sequence.`, path(n, 'upToSequence'));
    });
    faults.refuse();
    const upTo = threads.map(({ upToSequence }) => upToSequence ?? null);
    if (input.read ?? true)
      await sql`
        update email_communication_users me set updated_at = ${act.now}, read_at = ${act.now}, marked_unread = false,
          last_read_sequence = greatest(me.last_read_sequence, (
            select coalesce(max(e.sequence), 0) from emails e
            where e.email_communication_id = c.id and e.sequence <= coalesce(given.up_to, e.sequence) and ${seesMail(viewer, 'e', 'c', 'me')}))
        from unnest(${ids}::uuid[], ${upTo}::integer[]) as given(id, up_to) join email_communications c on c.id = given.id
        where me.user_id = ${viewer.id} and me.email_communication_id = c.id and me.member`.execute(act.db);
    else
      await sql`
        update email_communication_users set updated_at = ${act.now}, marked_unread = true
        where user_id = ${viewer.id} and email_communication_id = any(${ids}::uuid[]) and member`.execute(act.db);
    return ids;
  });
