import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type Order, orderBy, type PageArgs, pageOf, type SortValues, sortValues } from '../database/keyset.ts';
import { counts, listings } from '../database/listings.ts';
import { batch, byId } from '../database/loader.ts';
import type { Viewer } from '../directory/viewer.ts';
import { type Connection, connectionOf } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import { joinMe, reviews, seesMail, seesThread } from './sight.queries.ts';

/** Somebody whom a mail is from or to: the address and name that stood in it, and whom they resolve to. */
export interface ParticipantRow {
  role: 'FROM' | 'TO' | 'CC' | 'BCC';
  address: string | null;
  name: string | null;
  userId: string | null;
  contactId: string | null;
}

/** A part of a mail's text. */
export interface Fragment {
  content: string;
  isHidden: boolean;
  isSignature: boolean;
  isQuoted: boolean;
  isForwarded: boolean;
}

export interface EmailRow {
  id: string;
  emailCommunicationId: string;
  sequence: number;
  type: 'OUTGOING' | 'OUTGOING_REPLY' | 'INCOMING';
  subject: string;
  userId: string | null;
  content: string;
  body: string | null;
  visibleText: string;
  fragments: Fragment[];
  trust: 'VERIFIED' | 'UNVERIFIED' | 'FORGED';
  automatic: boolean;
  reviewState: 'WAITING' | 'ACCEPTED' | 'REJECTED' | null;
  responseId: string | null;
  rawFileId: string | null;
  sentAt: string | null;
  receivedAt: string | null;
  createdAt: string;
  /** bcc ones only for the sender and for who was named */
  participants: ParticipantRow[];
  /** whether the viewer sent it, or reviews mail of its thread */
  seesRaw: boolean;
}

const columns = (viewer: Viewer): RawBuilder<unknown> => sql`
  e.id, e.email_communication_id as "emailCommunicationId", e.sequence, e.type, e.subject, e.user_id as "userId", e.content, e.body,
  e.visible_text as "visibleText", e.fragments, e.trust, e.automatic, e.review_state as "reviewState", e.response_id as "responseId",
  e.raw_file_id as "rawFileId", e.sent_at as "sentAt", e.received_at as "receivedAt", e.created_at as "createdAt",
  (select coalesce(json_agg(json_build_object('role', p.role, 'address', p.address, 'name', p.name, 'userId', p.user_id,
      'contactId', p.contact_id) order by p.role, p.position), '[]')
    from email_participants p where p.email_id = e.id
      and (p.role <> 'BCC' or e.user_id = ${viewer.id} or p.user_id = ${viewer.id})) as participants,
  (e.user_id is not distinct from ${viewer.id} or ${reviews(viewer, 'c')}) as "seesRaw"`;

const seen = (viewer: Viewer): RawBuilder<SqlBool> =>
  sql`${seesThread(viewer, 'c', 'me')} and ${seesMail(viewer, 'e', 'c', 'me')}`;

const from = (viewer: Viewer) => sql`
  emails e join email_communications c on c.id = e.email_communication_id ${joinMe(viewer, 'c')}`;

/** A mail, if the viewer sees its thread and it. */
export const emailById = batch<Context, string, EmailRow>(async ({ db, viewer }, ids) => {
  const { rows } = await sql<EmailRow>`
    select ${columns(viewer)} from ${from(viewer)} where e.id = any(${ids}::uuid[]) and ${seen(viewer)}`.execute(db);
  return byId(rows);
});

/** The mails that responses came by, by the ids of the responses, as far as the viewer sees them. */
export const emailOfResponse = batch<Context, string, EmailRow>(async ({ db, viewer }, ids) => {
  const { rows } = await sql<EmailRow>`
    select ${columns(viewer)} from ${from(viewer)} where e.response_id = any(${ids}::uuid[]) and ${seen(viewer)}`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.responseId!, row]));
});

const BY_SEQUENCE: Order = [
  { sql: sql`e.sequence`, type: 'integer', direction: 'ASC' },
  { sql: sql`e.id`, type: 'uuid', direction: 'ASC' },
];
const pages = listings<Context, EmailRow & { sortValues: SortValues }>();

/** The mails of a thread that the viewer sees, in the order in which they came. */
export async function listEmails(
  { viewer, loads }: Context,
  threadId: string,
  args: PageArgs,
): Promise<Connection<EmailRow>> {
  const where = sql`e.email_communication_id = ${threadId} and ${seen(viewer)}`;
  const page = await pageOf(args, BY_SEQUENCE, 'emails', async (part) => {
    const query = sql`(
      select ${columns(viewer)}, ${sortValues(BY_SEQUENCE)} as "sortValues" from ${from(viewer)}
      where ${where} and ${part.where} order by ${orderBy(part.order)} limit ${part.limit})`;
    return (await loads.load(pages, query)) ?? [];
  });
  const count = sql`(select count(*)::int as count from ${from(viewer)} where ${where})`;
  return connectionOf(page, async () => (await loads.load(counts, count))![0]!.count);
}
