import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import type { NewAttachment } from '../file/attach.policy.ts';
import { attachmentSteps } from '../file/attach.write.ts';
import type { TopicType } from '../topic/topic.policy.ts';
import type { Fragment, ParticipantRow } from './email.queries.ts';
import { baseSubject } from './subject.policy.ts';

/** A thread that is about to be. */
export interface NewThread {
  id: string;
  companyId: string;
  projectId: string | null;
  subject: string;
  private: boolean;
  topicType: TopicType | null;
  itemId: string | null;
  externalTopicId: string | null;
  caseId: string | null;
  ownerId: string | null;
  takesReplies: boolean;
}

/** Stores a thread, without any mail yet. */
export async function insertThread({ db, now }: Act, thread: NewThread): Promise<void> {
  await sql`
    insert into email_communications (id, company_id, created_at, updated_at, project_id, subject, base_subject, private, topic_type,
      item_id, external_topic_id, case_id, owner_id, takes_replies, last_message_at)
    values (${thread.id}, ${thread.companyId}, ${now}, ${now}, ${thread.projectId}, ${thread.subject}, ${baseSubject(thread.subject)},
      ${thread.private}, ${thread.topicType}, ${thread.itemId}, ${thread.externalTopicId}, ${thread.caseId}, ${thread.ownerId},
      ${thread.takesReplies}, ${now})`.execute(db);
}

/** A mail that is about to come to a thread. */
export interface NewMail {
  id: string;
  type: 'OUTGOING' | 'OUTGOING_REPLY' | 'INCOMING';
  subject: string;
  userId: string | null;
  content: string;
  body: string | null;
  visibleText: string;
  fragments: readonly Fragment[];
  splitterVersion: number;
  messageId: string;
  inReplyTo: string | null;
  referenceIds: readonly string[];
  quotedEmailId: string | null;
  trust: 'VERIFIED' | 'UNVERIFIED' | 'FORGED';
  automatic: boolean;
  reviewState: 'WAITING' | null;
  rawFileId: string | null;
  rawSha256: string | null;
  sentAt: Date | null;
  receivedAt: Date | null;
  participants: readonly ParticipantRow[];
  attached: readonly (NewAttachment & { contentId?: string | null })[];
}

/** Somebody who becomes a member of a thread; `hidden` who was named in bcc only. */
export interface Joining {
  userId: string;
  hidden: boolean;
}

/**
 * Adds a mail to a thread, as its last one: under the lock of the thread, with its counts, its people, the ids that it is known by and
 * refers to, and what members of the thread find new. Gives its sequence. Four statements.
 */
export async function addMail(
  act: Act,
  thread: Pick<NewThread, 'id' | 'companyId' | 'projectId'>,
  actor: { id: string | null },
  mail: NewMail,
  joining: readonly Joining[],
): Promise<number> {
  const { db, now } = act;
  const taken = mail.reviewState === null;
  const beside = mail.attached.filter(({ contentId }) => !contentId).length;
  const { rows } = await sql<{ sequence: number }>`
    update email_communications set last_sequence = last_sequence + 1, updated_at = ${now},
      email_count = email_count + ${taken ? 1 : 0}, attachment_count = attachment_count + ${taken ? beside : 0},
      last_message_at = greatest(last_message_at, ${now})
    where id = ${thread.id} returning last_sequence as sequence`.execute(db);
  const { sequence } = rows[0]!;
  const of = { projectId: thread.projectId, itemId: null, responseId: null, emailId: mail.id };
  await sql`
    with stored as (
      insert into emails (id, company_id, created_at, updated_at, project_id, email_communication_id, sequence, type, subject, user_id,
        content, body, visible_text, fragments, splitter_version, message_id, in_reply_to, reference_ids, quoted_email_id, trust, automatic,
        attachment_count, review_state, raw_file_id, raw_sha256, sent_at, received_at)
      values (${mail.id}, ${thread.companyId}, ${now}, ${now}, ${thread.projectId}, ${thread.id}, ${sequence}, ${mail.type},
        ${mail.subject}, ${mail.userId}, ${mail.content}, ${mail.body}, ${mail.visibleText}, ${JSON.stringify(mail.fragments)}::jsonb,
        ${mail.splitterVersion}, ${mail.messageId}, ${mail.inReplyTo}, ${mail.referenceIds}::text[], ${mail.quotedEmailId}, ${mail.trust}, ${mail.automatic},
        ${beside}, ${mail.reviewState}, ${mail.rawFileId}, ${mail.rawSha256}, ${mail.sentAt}, ${mail.receivedAt})
    ), people as (
      insert into email_participants (email_id, role, position, company_id, address, name, user_id, contact_id)
      select ${mail.id}, role, n, ${thread.companyId}, address, name, "userId", "contactId"
      from jsonb_to_recordset(${JSON.stringify(mail.participants.map((who, n) => ({ ...who, n })))}::jsonb)
        as given(role text, n integer, address text, name text, "userId" uuid, "contactId" uuid)
    ), ids as (
      insert into email_message_ids (company_id, hash, email_communication_id, email_id, created_at)
      select ${thread.companyId}, md5(given.id), ${thread.id}, case when given.id = ${mail.messageId} then ${mail.id}::uuid end, ${now}
      from (select distinct id from unnest(${idsOf(mail)}::text[]) as given(id)) given
      on conflict (company_id, hash, email_communication_id) do update
        set email_id = coalesce(email_message_ids.email_id, excluded.email_id)
    )
    ${attachmentSteps(act, { id: actor.id, companyId: thread.companyId }, [{ ...of, added: mail.attached, removed: [] }])}
    select 1`.execute(db);
  await join(act, thread, joining);
  if (taken) await tellMembers(act, thread.id, { ...mail, sequence });
  return sequence;
}

// a thread of thousands has thousands of references; those at both ends say where it belongs
const MOST_IDS = 50;

/** The ids that a mail is known by and refers to. */
const idsOf = ({ messageId, inReplyTo, referenceIds }: NewMail): string[] => [
  messageId,
  ...(inReplyTo ? [inReplyTo] : []),
  ...referenceIds.slice(-MOST_IDS),
];

/** Makes users members of a thread, for whom all of it is new; whoever was hidden and is not any more sees the rest now. */
export async function join(
  { db, now }: Act,
  { id, companyId }: Pick<NewThread, 'id' | 'companyId'>,
  joining: readonly Joining[],
): Promise<void> {
  if (joining.length === 0) return;
  // named openly and in bcc is named openly
  const open = new Set(joining.filter(({ hidden }) => !hidden).map(({ userId }) => userId));
  const users = [...new Set(joining.map(({ userId }) => userId))].sort();
  await sql`
    insert into email_communication_users as known (user_id, email_communication_id, company_id, created_at, updated_at, member, hidden,
      last_counting_sequence, last_message_at)
    select given.id, ${id}, ${companyId}, ${now}, ${now}, true, given.hidden, coalesce((
        select max(e.sequence) from emails e where e.email_communication_id = ${id} and not e.automatic
          and coalesce(e.review_state, 'ACCEPTED') = 'ACCEPTED' and e.user_id is distinct from given.id
          and (not given.hidden or exists (
            select from email_participants p where p.email_id = e.id and p.user_id = given.id))), 0), ${now}
    from unnest(${users}::uuid[], ${users.map((user) => !open.has(user))}::boolean[]) as given(id, hidden)
    on conflict (user_id, email_communication_id) do update set
      updated_at = excluded.updated_at, member = true, hidden = excluded.hidden and (known.hidden or not known.member),
      last_counting_sequence = greatest(known.last_counting_sequence, excluded.last_counting_sequence),
      last_message_at = greatest(known.last_message_at, excluded.last_message_at)`.execute(db);
}

/** What a new mail means to the members of its thread who see it: it is the last, it counts, and the thread is back in their inboxes. */
async function tellMembers(
  { db, now }: Act,
  threadId: string,
  mail: { id: string; sequence: number; userId: string | null; automatic: boolean },
): Promise<void> {
  await sql`
    update email_communication_users m set updated_at = ${now}, last_message_at = ${now},
      archived = archived and ${mail.automatic}, snoozed_until = case when ${mail.automatic} then snoozed_until end,
      last_counting_sequence = case when ${mail.automatic} or m.user_id is not distinct from ${mail.userId}
        then last_counting_sequence else ${mail.sequence} end
    where m.email_communication_id = ${threadId} and m.member and (not m.hidden or exists (
      select from email_participants p where p.email_id = ${mail.id} and p.user_id = m.user_id))`.execute(db);
}
