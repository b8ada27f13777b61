import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { batch, byId } from '../database/loader.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Context } from '../graph/context.ts';
import type { TopicType } from '../topic/topic.policy.ts';
import { joinMe, reviews, seesAllOf, seesMail, seesThread } from './sight.queries.ts';

/** A thread as one viewer sees it: counts, latest mail and people are of the mails that they see. */
export interface ThreadRow {
  id: string;
  projectId: string | null;
  subject: string;
  private: boolean;
  topicType: TopicType | null;
  itemId: string | null;
  externalTopicId: string | null;
  caseId: string | null;
  ownerId: string | null;
  replyEpoch: number;
  createdAt: string;
  updatedAt: string;
  member: boolean;
  unread: boolean;
  unreadCount: number;
  archived: boolean;
  snoozedUntil: string | null;
  emailCount: number;
  attachmentCount: number;
  latestEmailId: string | null;
  /** its members, in the order in which they came: without those that only bcc named, but for who may know */
  userIds: string[];
  contactIds: string[];
  readBy: { userId: string; readAt: string }[];
}

/** Whether a mail is one that has been taken: not waiting for review, nor rejected. */
const taken = (e: string): RawBuilder<SqlBool> =>
  sql`coalesce(${sql.ref(`${e}.review_state`)}, 'ACCEPTED') = 'ACCEPTED'`;

/** The mails of thread c that the viewer sees. */
const mails = (viewer: Viewer, what: RawBuilder<unknown>, more: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select ${what} from emails e where e.email_communication_id = c.id and ${seesMail(viewer, 'e', 'c', 'me')} ${more})`;

/** The mails of thread c that count as unread for the viewer, a member; bounded by what they have read. */
const counting = (viewer: Viewer, what: RawBuilder<unknown>): RawBuilder<unknown> =>
  mails(
    viewer,
    what,
    sql`and e.sequence > me.last_read_sequence and not e.automatic and ${taken('e')} and e.user_id is distinct from ${viewer.id}`,
  );

/** Whether thread c is unread for the viewer, a member. Of the mails of a replies thread they may see none that count. */
export const isUnread = (viewer: Viewer): RawBuilder<SqlBool> => sql`(
  coalesce(me.unread, false) and (not c.takes_replies or me.marked_unread or exists ${counting(viewer, sql``)}))`;

/** How many mails, or attachments, of thread c the viewer sees: what is kept where they see all, and what they review beside it. */
const countOf = (viewer: Viewer, kept: string, what: RawBuilder<unknown>): RawBuilder<number> => sql<number>`(case
  when c.takes_replies or not ${seesAllOf('c', 'me')} then ${mails(viewer, what, sql``)}::int
  else ${sql.ref(`c.${kept}`)} + coalesce((
    select ${what} from emails e where e.email_communication_id = c.id and not ${taken('e')} and ${reviews(viewer, 'c')}), 0)::int end)`;

/** Whether the viewer may know that a user was named in bcc of thread c: that user does, and who wrote the mail that named them. */
const mayKnow = (
  viewer: Viewer,
  userId: RawBuilder<unknown>,
): RawBuilder<SqlBool> => sql`(${userId} = ${viewer.id} or exists (
  select from emails own join email_participants p on p.email_id = own.id
  where own.email_communication_id = c.id and own.user_id = ${viewer.id} and p.role = 'BCC' and p.user_id = ${userId}))`;

/** Members of thread c whom the viewer may know of. */
const members = (
  viewer: Viewer,
  what: RawBuilder<unknown>,
  more: RawBuilder<unknown>,
): RawBuilder<unknown> => sql`array(
  select ${what} from email_communication_users m where m.email_communication_id = c.id and m.member
    and (not m.hidden or ${mayKnow(viewer, sql`m.user_id`)}) ${more} order by m.created_at, m.user_id)`;

/** What is read of thread c, of which `me` is the viewer's own row. */
export const threadColumns = (viewer: Viewer): RawBuilder<unknown> => sql`
  c.id, c.project_id as "projectId", c.subject, c.private, c.topic_type as "topicType", c.item_id as "itemId",
  c.external_topic_id as "externalTopicId", c.case_id as "caseId", c.owner_id as "ownerId", c.reply_epoch as "replyEpoch",
  c.created_at as "createdAt", c.updated_at as "updatedAt",
  coalesce(me.member, false) as member, coalesce(me.archived, false) as archived, me.snoozed_until as "snoozedUntil",
  ${isUnread(viewer)} as unread,
  case when me.unread and me.last_counting_sequence > me.last_read_sequence
    then ${counting(viewer, sql`count(*)`)}::int else 0 end as "unreadCount",
  ${countOf(viewer, 'email_count', sql`count(*)`)} as "emailCount",
  ${countOf(viewer, 'attachment_count', sql`coalesce(sum(e.attachment_count), 0)`)} as "attachmentCount",
  ${mails(viewer, sql`e.id`, sql`order by e.sequence desc limit 1`)} as "latestEmailId",
  ${members(viewer, sql`m.user_id`, sql``)} as "userIds",
  to_json(${members(viewer, sql`json_build_object('userId', m.user_id, 'readAt', m.read_at)`, sql`and m.read_at is not null`)}) as "readBy",
  array(select distinct p.contact_id from emails e join email_participants p on p.email_id = e.id
    where e.email_communication_id = c.id and p.contact_id is not null and ${seesMail(viewer, 'e', 'c', 'me')}
      and (p.role <> 'BCC' or e.user_id = ${viewer.id}) order by p.contact_id) as "contactIds"`;

/** Threads by their ids, if the viewer sees them. */
export const threadById = batch<Context, string, ThreadRow>(async ({ db, viewer }, ids) => {
  const { rows } = await sql<ThreadRow>`
    select ${threadColumns(viewer)} from email_communications c ${joinMe(viewer, 'c')}
    where c.id = any(${ids}::uuid[]) and ${seesThread(viewer, 'c', 'me')}`.execute(db);
  return byId(rows);
});
