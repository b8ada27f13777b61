import { once } from '../database/idempotency.ts';
import type { Act } from '../database/transaction.ts';
import type { Viewer } from '../directory/viewer.ts';
import { type EventType, recordEvents } from '../event/event.ts';
import { type AttachInput, attach, type NewAttachment } from '../file/attach.policy.ts';
import type { Context } from '../graph/context.ts';
import { refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { Faults } from '../kernel/input.ts';
import { writtenText } from '../kernel/richText.ts';
import { readTopic, type TopicInput, topicNotFound } from '../topic/topic.input.ts';
import type { World } from '../world.ts';
import { usableUploadsOf } from './attached.queries.ts';
import type { ParticipantRow } from './email.queries.ts';
import { addMail, insertThread, type NewMail, type NewThread } from './email.write.ts';
import { isOurs, queueMail } from './outgoing.ts';
import { eachOnce, type MailUser, type RecipientsInput, readRecipients, senderOf } from './recipients.ts';
import { type MailToAnswer, mailToAnswer, threadToWrite } from './reply.queries.ts';
import { replySubject } from './subject.policy.ts';
import { projectToWrite, type TopicToWrite, topicToWrite, whoSeesTopic } from './topic.queries.ts';

export interface CreateEmailCommunicationInput extends RecipientsInput, AttachInput {
  projectId?: string | null;
  topic?: TopicInput | null;
  subject?: string | null;
  body?: string | null;
  private?: boolean | null;
  idempotencyKey?: string | null;
}

const NOTHING: Omit<TopicToWrite, 'projectId'> = {
  ...{ topicType: null, itemId: null, externalTopicId: null, caseId: null, subject: '' },
};

/** Begins a thread with a mail, and puts that on its way to all recipients. Answers the id of the thread. */
export const createEmailCommunication = (
  { world, viewer }: Context,
  input: CreateEmailCommunicationInput,
): Promise<string> =>
  once(world, viewer, 'createEmailCommunication', input, async (act) => {
    const faults = new Faults();
    const topic = await topicOf(act, viewer, input, faults);
    const subject = faults.text(input.subject, ['subject'], 'the subject') ?? topic.subject.slice(0, MAX_SUBJECT);
    if (!subject) faults.add('REQUIRED', 'A mail about nothing has a subject.', ['subject']);
    const said = await whatIsSaid(act, viewer, input, faults);
    const recipients = await readRecipients(act, viewer, topic, input, faults);
    if (recipients.length === 0 && faults.errors.length === 0)
      faults.add('REQUIRED', 'The mail goes to nobody.', ['distributionIds']);
    faults.refuse();
    const { subject: _, ...about } = topic;
    const thread: NewThread = {
      ...about,
      id: newId(act.now),
      companyId: viewer.companyId,
      subject,
      private: input.private ?? topic.itemId === null,
      ownerId: viewer.id,
      takesReplies: false,
    };
    await insertThread(act, thread);
    const mail = outgoing(act, world, await senderOf(act, viewer), { type: 'OUTGOING', subject, recipients, ...said });
    await send(act, world, viewer, thread, mail, ['emailCommunication.created', 'email.sent']);
    return { answer: thread.id, wrote: true };
  });

// what a subject of a thread holds
const MAX_SUBJECT = 255;

/** What the thread is to be about; of a thread about nothing, the project that it is kept with, if one is named. */
async function topicOf(
  act: Act,
  viewer: Viewer,
  { topic, projectId }: CreateEmailCommunicationInput,
  faults: Faults,
): Promise<TopicToWrite> {
  const kept = projectId == null ? null : faults.id('Project', projectId, ['projectId']);
  const named = topic ? readTopic(faults, topic, ['topic']) : null;
  faults.refuse();
  if (!named) {
    if (kept !== null && !(await projectToWrite(act.db, viewer, kept)))
      faults.notFound('Project', projectId!, ['projectId']);
    faults.refuse();
    return { ...NOTHING, projectId: kept };
  }
  const found = await topicToWrite(act.db, viewer, named);
  if (!found) topicNotFound(faults, topic!, ['topic']);
  else if (kept !== null && found.projectId !== kept)
    faults.add('INVALID', 'What the thread is about does not belong to that project.', ['projectId']);
  faults.refuse();
  return found!;
}

interface Said {
  html: string;
  attached: NewAttachment[];
}

/** What a mail is to say and carry: REQUIRED when that is nothing. */
async function whatIsSaid(
  act: Act,
  viewer: Viewer,
  input: AttachInput & { body?: string | null },
  faults: Faults,
): Promise<Said> {
  const html = faults.richText(input.body, ['body'], 'the text') ?? '';
  const uploads = await usableUploadsOf(act, viewer, input);
  const attached = attach(faults, input, [], (id) => uploads.get(id), act.now);
  if (!html && attached.length === 0 && faults.errors.length === 0)
    faults.add('REQUIRED', 'The mail says nothing.', ['body']);
  return { html, attached };
}

export interface ReplyToEmailCommunicationInput extends RecipientsInput, AttachInput {
  emailCommunicationId: string;
  inReplyToEmailId?: string | null;
  body: string;
  replyAll?: boolean | null;
  quoteHistory?: boolean | null;
  idempotencyKey?: string | null;
}

/** Answers a mail of a thread, the last one that the viewer sees unless they name another. Answers the ids of mail and thread. */
export const replyToEmailCommunication = (
  { world, viewer }: Context,
  input: ReplyToEmailCommunicationInput,
): Promise<{ emailId: string; threadId: string }> =>
  once(world, viewer, 'replyToEmailCommunication', input, async (act) => {
    const faults = new Faults();
    const threadId = faults.id('EmailCommunication', input.emailCommunicationId, ['emailCommunicationId']);
    const thread = await threadToWrite(act.db, viewer, threadId);
    if (!thread) faults.notFound('EmailCommunication', input.emailCommunicationId, ['emailCommunicationId']);
    faults.refuse();
    const answered = await mailToAnswer(act.db, viewer, thread!, input.inReplyToEmailId ?? null);
    if (!answered) faults.notFound('Email', input.inReplyToEmailId ?? '', ['inReplyToEmailId']);
    faults.refuse();
    const said = await whatIsSaid(act, viewer, input, faults);
    const added = await readRecipients(act, viewer, thread!, input, faults);
    faults.refuse();
    const kept = await replyRecipients(act, world, viewer, thread!, answered!, input.replyAll ?? true);
    const recipients = eachOnce([...kept, ...added]);
    if (recipients.length === 0)
      refuse('REQUIRED', 'Nobody is left to answer to: name a recipient.', ['distributionIds']);
    const mail = outgoing(act, world, await senderOf(act, viewer), {
      ...{ type: 'OUTGOING_REPLY', subject: replySubject(answered!.subject), recipients, ...said },
      answered: answered!,
      quoted: input.quoteHistory ?? true,
    });
    await send(act, world, viewer, thread!, mail, ['email.sent']);
    return { answer: { emailId: mail.id, threadId }, wrote: true };
  });

/**
 * Whom an answer goes to: who wrote the mail, and with `all` whom it was to, and who had a copy, as they stood there. Without the
 * viewer, whom only bcc named, addresses of the gateway itself, and users who see what the thread is about no more.
 */
async function replyRecipients(
  act: Act,
  world: World,
  viewer: Viewer,
  thread: NewThread,
  { participants, userId }: MailToAnswer,
  all: boolean,
): Promise<ParticipantRow[]> {
  const of = (role: ParticipantRow['role']) => participants.filter((participant) => participant.role === role);
  // an answer to one's own mail goes on to those whom that was to
  const to = userId === viewer.id ? of('TO') : [...of('FROM'), ...(all ? of('TO') : [])];
  const wanted = [
    ...to.map((participant) => ({ ...participant, role: 'TO' as const })),
    ...(all ? of('CC') : []),
  ].filter(({ address, userId: user }) => user !== viewer.id && address !== null && !isOurs(world, address));
  const users = wanted.flatMap(({ userId: user }) => user ?? []);
  const seeing = await whoSeesTopic(act.db, viewer.companyId, thread, users);
  return eachOnce(wanted.filter(({ userId: user }) => user === null || seeing.has(user)));
}

interface Written extends Said {
  type: NewMail['type'];
  subject: string;
  recipients: readonly ParticipantRow[];
  answered?: MailToAnswer;
  quoted?: boolean;
}

// as many as mail programs keep (RFC 5322 3.6.4 has no limit, servers have): the first says where a thread began
const REFERENCES = { first: 1, last: 20 };

function outgoing(act: Act, { mailer }: World, sender: MailUser, written: Written): NewMail {
  const id = newId(act.now);
  const content = written.html ? writtenText(written.html) : '';
  const { answered } = written;
  const known = answered ? [...answered.referenceIds, answered.messageId] : [];
  return {
    id,
    type: written.type,
    subject: written.subject,
    userId: sender.id,
    content,
    body: written.html,
    visibleText: content,
    fragments: content ? [{ content, isHidden: false, isSignature: false, isQuoted: false, isForwarded: false }] : [],
    splitterVersion: 0,
    messageId: `msg.${id}@${mailer.domain}`,
    inReplyTo: answered?.messageId ?? null,
    referenceIds:
      known.length <= REFERENCES.first + REFERENCES.last
        ? known
        : [...known.slice(0, REFERENCES.first), ...known.slice(-REFERENCES.last)],
    quotedEmailId: answered && written.quoted ? answered.id : null,
    trust: 'VERIFIED',
    automatic: false,
    reviewState: null,
    rawFileId: null,
    rawSha256: null,
    sentAt: act.now,
    receivedAt: null,
    participants: [
      { role: 'FROM', address: sender.email, name: sender.name, userId: sender.id, contactId: null },
      ...written.recipients,
    ],
    attached: written.attached,
  };
}

/** Stores a mail and its members, queues it for each recipient, and tells of it. */
async function send(
  act: Act,
  world: World,
  viewer: Viewer,
  thread: NewThread,
  mail: NewMail,
  types: readonly EventType[],
): Promise<void> {
  const joining = mail.participants.flatMap(({ userId, role }) => (userId ? [{ userId, hidden: role === 'BCC' }] : []));
  await addMail(act, thread, viewer, mail, joining);
  await queueMail(world, act, thread, mail);
  // not the item: whoever sees that may not see its thread
  const ids = { emailCommunicationId: thread.id, emailId: mail.id };
  await recordEvents(
    act,
    viewer.companyId,
    viewer.id,
    types.map((type) => ({ type, projectId: thread.projectId ?? undefined, ...ids, payload: {} })),
  );
}
