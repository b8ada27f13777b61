import { Case } from '../contact/case.graph.ts';
import { caseById } from '../contact/case.queries.ts';
import { Contact } from '../contact/contact.graph.ts';
import { contactById } from '../contact/contact.queries.ts';
import { Project, User } from '../directory/directory.graph.ts';
import { projectById, projectNamed, userById } from '../directory/directory.queries.ts';
import { builder } from '../graph/builder.ts';
import { connectionType } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import { itemById } from '../item/item.queries.ts';
import { Topic } from '../item/topic.graph.ts';
import { requireUuid } from '../kernel/ids.ts';
import { TopicTypeRef } from '../topic/topic.graph.ts';
import { topicById } from '../topic/topic.queries.ts';
import { Email, EmailConnection } from './email.graph.ts';
import { emailById, listEmails } from './email.queries.ts';
import { replyAddressOf } from './replyTo.ts';
import { type ThreadRow, threadById } from './thread.queries.ts';

const ReadReceipt = builder.objectRef<ThreadRow['readBy'][number]>('ReadReceipt').implement({
  description: 'That a member has read a thread.',
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'Who.',
      resolve: ({ userId }, _args, { loads }) => loads.the(userById, userId),
    }),
    readAt: t.expose('readAt', { type: 'DateTime', description: 'When they last marked it read.' }),
  }),
});

/** What a thread is about. Whoever sees the thread sees it. */
const topicOf = ({ topicType, itemId, externalTopicId, caseId, projectId }: ThreadRow, { loads }: Context) => {
  if (itemId) return loads.load(itemById, itemId);
  if (externalTopicId) return loads.load(topicById, externalTopicId);
  if (caseId) return loads.load(caseById, caseId);
  return topicType === 'PROJECT' ? loads.load(projectById, projectId!) : null;
};

const whose = 'as you see it: counted without mails that you do not see';

export const EmailCommunication = builder.objectRef<ThreadRow>('EmailCommunication');
builder.node(EmailCommunication, {
  description:
    'A thread of emails, about one thing or nothing. Seen by whoever sees what it is about, only by its members among them when it is private; one about nothing by its members.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(threadById, id)),
  fields: (t) => ({
    subject: t.exposeString('subject', { description: 'The subject of its first mail.' }),
    private: t.exposeBoolean('private', {
      description: 'Whether only its members see it. Changed by its owner, or an ADMIN of the tool of its item.',
    }),
    topicType: t.field({
      type: TopicTypeRef,
      nullable: true,
      description: 'What kind of thing it is about; null when it is about nothing.',
      resolve: ({ topicType }) => topicType,
    }),
    topic: t.field({
      type: Topic,
      nullable: true,
      description: 'What it is about.',
      // biome-ignore lint/suspicious/noExplicitAny: rows of the types of a union
      resolve: (thread, _args, context) => topicOf(thread, context) as any,
    }),
    project: t.field({
      type: Project,
      nullable: true,
      description: 'The project of what it is about; null when that has none.',
      resolve: ({ projectId }, _args, { loads }) => (projectId ? loads.the(projectNamed, projectId) : null),
    }),
    case: t.field({
      type: Case,
      nullable: true,
      description: 'The case that it is about, if it is about one.',
      resolve: ({ caseId }, _args, { loads }) => (caseId ? loads.load(caseById, caseId) : null),
    }),
    owner: t.field({
      type: User,
      nullable: true,
      description: 'Who sent its first mail; null when that came from outside.',
      resolve: ({ ownerId }, _args, { loads }) => (ownerId ? loads.the(userById, ownerId) : null),
    }),
    emails: t.connection(
      {
        type: Email,
        description: 'Its mails that you see, in the order in which they came.',
        resolve: ({ id }, args, context) => listEmails(context, id, args),
      },
      EmailConnection,
    ),
    latestEmail: t.field({
      type: Email,
      nullable: true,
      description: 'The last of its mails that you see.',
      resolve: ({ latestEmailId }, _args, { loads }) => (latestEmailId ? loads.load(emailById, latestEmailId) : null),
    }),
    emailCount: t.exposeInt('emailCount', { description: `How many mails it has, ${whose}.` }),
    attachmentCount: t.exposeInt('attachmentCount', {
      description: `How many attachments its mails have, ${whose}; pictures within a text are none.`,
    }),
    users: t.field({
      type: [User],
      description:
        'Its members, in the order in which they came. Whom only bcc named is left out, but for themself and for who named them.',
      resolve: ({ userIds }, _args, { loads }) => loads.allAt(userById, userIds),
    }),
    contacts: t.field({
      type: [Contact],
      description: 'The contacts that its mails are from or to; bcc as with users.',
      resolve: ({ contactIds }, _args, { loads }) => loads.allAt(contactById, contactIds),
    }),
    unread: t.exposeBoolean('unread', {
      description:
        'Whether it has mails that you have not read, or you marked it unread; false unless you are a member.',
    }),
    unreadCount: t.exposeInt('unreadCount', {
      description:
        'How many mails you have not read; neither your own, automatic ones, nor what waits for review. 0 unless you are a member.',
    }),
    readBy: t.field({
      type: [ReadReceipt],
      description: 'Which members have read it, and when they last marked it; bcc as with users.',
      resolve: ({ readBy }) => readBy,
    }),
    archived: t.exposeBoolean('archived', {
      description: 'Whether you have put it away; a new mail brings it back.',
    }),
    snoozedUntil: t.expose('snoozedUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when it stays out of your inbox; a new mail brings it back.',
    }),
    replyAddress: t.string({
      nullable: true,
      description:
        'The address that mail comes to this thread by. Good for all, so give it to those alone who shall write here.',
      resolve: (thread, _args, { world }) => replyAddressOf(world, thread),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it began.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed, for whomever.' }),
  }),
});

export const EmailCommunicationConnection = connectionType('EmailCommunication', EmailCommunication);

builder.queryField('emailCommunication', (t) =>
  t.field({
    type: EmailCommunication,
    nullable: true,
    description: 'A thread of emails by its id; null when there is none that you see.',
    args: { id: t.arg.id({ required: true, description: 'Id of an EmailCommunication.' }) },
    resolve: (_root, { id }, { loads }) => loads.load(threadById, requireUuid('EmailCommunication', id, 'id')),
  }),
);

builder.objectField(Email, 'emailCommunication', (t) =>
  t.field({
    type: EmailCommunication,
    description: 'Its thread.',
    resolve: async ({ emailCommunicationId }, _args, { loads }) =>
      (await loads.load(threadById, emailCommunicationId))!,
  }),
);
