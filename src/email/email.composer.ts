import { sql } from 'kysely';
import { readingOf } from '../database/orm.ts';
import type { Address } from '../delivery/address.policy.ts';
import { type Mail, threadRoot } from '../delivery/mail.policy.ts';
import type { World } from '../world.ts';
import { writePersonal } from './email.letter.ts';
import type { ParticipantRow } from './email.queries.ts';
import { replyAddressOf } from './replyTo.ts';
import { type ThreadTopic, whoSeesTopic } from './topic.queries.ts';

interface Sent extends ThreadTopic {
  id: string;
  companyId: string;
  threadId: string;
  replyEpoch: number;
  subject: string;
  content: string;
  body: string;
  senderName: string;
  referenceIds: string[];
  participants: ParticipantRow[];
  quotedContent: string | null;
  quotedAt: string | null;
  quotedAuthor: string | null;
  files: { fileId: string; name: string; contentType: string }[];
  links: { name: string; url: string | null }[];
  /** whether the recipient, if a user, is still active, and a member of the thread */
  recipientIsIn: boolean;
}

/**
 * Writes a mail of a thread for one of its recipients, as it is sent. Null when that is a user who is not active any more, or may not
 * see by now what the thread is about: nothing goes to them.
 */
export async function composeEmail(
  world: World,
  delivery: { id: string; userId: string | null },
): Promise<Mail | null> {
  const mail = await mailOf(world, delivery);
  if (!mail) return null;
  if (delivery.userId !== null) {
    const sees = await whoSeesTopic(readingOf(world.orm), mail.companyId, mail, [delivery.userId]);
    if (!mail.recipientIsIn || !sees.has(delivery.userId)) return null;
  }
  const named = (role: ParticipantRow['role']): Address[] =>
    mail.participants.flatMap((who) => (who.role === role ? { name: who.name ?? '', address: who.address! } : []));
  const quoted =
    mail.quotedContent === null
      ? null
      : { author: mail.quotedAuthor ?? '', at: new Date(mail.quotedAt!), content: mail.quotedContent };
  const referred = mail.links.map(({ name, url }) => `${name}${url ? `: ${url}` : ''}`);
  const written = writePersonal({ html: mail.body, content: mail.content, referred, quoted });
  return {
    ...written,
    subject: mail.subject,
    fromName: mail.senderName,
    replyTo: {
      name: mail.senderName,
      address: replyAddressOf(world, { id: mail.threadId, replyEpoch: mail.replyEpoch }),
    },
    to: named('TO'),
    cc: named('CC'),
    automatic: false,
    references:
      mail.referenceIds.length > 0
        ? mail.referenceIds.map((id) => `<${id}>`)
        : [threadRoot('thread', mail.threadId, world.mailer.domain)],
    attachments: await Promise.all(
      mail.files.map(async ({ fileId, name, contentType }) => ({
        filename: name,
        contentType,
        content: await world.storage.read(fileId),
      })),
    ),
  };
}

async function mailOf({ orm }: World, delivery: { id: string; userId: string | null }): Promise<Sent | null> {
  const { rows } = await sql<Sent>`
    select e.id, e.company_id as "companyId", c.id as "threadId", c.reply_epoch as "replyEpoch", c.topic_type as "topicType",
      c.project_id as "projectId", c.item_id as "itemId", c.external_topic_id as "externalTopicId", c.case_id as "caseId",
      e.subject, e.content, e.body, sender.name as "senderName", e.reference_ids as "referenceIds",
      (select json_agg(json_build_object('role', p.role, 'address', p.address, 'name', p.name) order by p.role, p.position)
        from email_participants p where p.email_id = e.id and p.role in ('TO', 'CC')) as participants,
      quoted.content as "quotedContent", coalesce(quoted.sent_at, quoted.received_at, quoted.created_at) as "quotedAt",
      (select coalesce(p.name, p.address) from email_participants p where p.email_id = quoted.id and p.role = 'FROM' limit 1) as "quotedAuthor",
      (select coalesce(json_agg(json_build_object('fileId', f.id, 'name', a.name, 'contentType', f.content_type) order by a.id), '[]')
        from attachments a join files f on f.id = a.file_id where a.email_id = e.id) as files,
      (select coalesce(json_agg(json_build_object('name', a.name, 'url', a.url) order by a.id), '[]')
        from attachments a where a.email_id = e.id and a.file_id is null) as links,
      exists (select from users u join email_communication_users m on m.user_id = u.id and m.email_communication_id = c.id and m.member
        where u.id = ${delivery.userId} and u.active) as "recipientIsIn"
    from email_deliveries d join emails e on e.id = d.email_id join email_communications c on c.id = e.email_communication_id
    join users sender on sender.id = e.user_id left join emails quoted on quoted.id = e.quoted_email_id
    where d.id = ${delivery.id}`.execute(readingOf(orm));
  const [row] = rows;
  return row ? { ...row, participants: row.participants ?? [] } : null;
}
