import { sql } from 'kysely';
import type { Db } from '../database/orm.ts';
import type { Viewer } from '../directory/viewer.ts';
import { uuidOf } from '../kernel/ids.ts';
import type { ParticipantRow } from './email.queries.ts';
import type { NewThread } from './email.write.ts';
import { joinMe, seesMail, seesThread } from './sight.queries.ts';

/** A thread that the viewer sees: whoever does may write to it. */
export async function threadToWrite(db: Db, viewer: Viewer, id: string): Promise<NewThread | null> {
  const { rows } = await sql<NewThread>`
    select c.id, c.company_id as "companyId", c.project_id as "projectId", c.subject, c.private, c.topic_type as "topicType",
      c.item_id as "itemId", c.external_topic_id as "externalTopicId", c.case_id as "caseId", c.owner_id as "ownerId",
      c.takes_replies as "takesReplies"
    from email_communications c ${joinMe(viewer, 'c')} where c.id = ${id} and ${seesThread(viewer, 'c', 'me')}`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** A mail as an answer to it wants it; nobody whom bcc named is in it. */
export interface MailToAnswer {
  id: string;
  subject: string;
  userId: string | null;
  messageId: string;
  referenceIds: string[];
  participants: ParticipantRow[];
}

/** The mail of a thread that is answered: the one named, or the last that a person wrote, of those that the viewer sees. */
export async function mailToAnswer(
  db: Db,
  viewer: Viewer,
  thread: Pick<NewThread, 'id'>,
  givenId: string | null,
): Promise<MailToAnswer | null> {
  const one = givenId === null ? sql`true` : sql`e.id = ${uuidOf('Email', givenId)}`;
  const { rows } = await sql<MailToAnswer>`
    select e.id, e.subject, e.user_id as "userId", e.message_id as "messageId", e.reference_ids as "referenceIds",
      (select coalesce(json_agg(json_build_object('role', p.role, 'address', p.address, 'name', p.name, 'userId', p.user_id,
        'contactId', p.contact_id) order by p.role, p.position), '[]')
      from email_participants p where p.email_id = e.id and p.role <> 'BCC') as participants
    from emails e join email_communications c on c.id = e.email_communication_id ${joinMe(viewer, 'c')}
    where e.email_communication_id = ${thread.id} and ${seesMail(viewer, 'e', 'c', 'me')} and ${one}
    order by e.automatic, e.sequence desc limit 1`.execute(db);
  return rows[0] ?? null;
}
