import { AttachmentReferenceInputRef, references, uploadIds } from '../file/attachInput.graph.ts';
import { builder } from '../graph/builder.ts';
import { mutation } from '../graph/payload.ts';
import { idempotencyKey } from '../item/itemMutation.graph.ts';
import { TopicInputRef } from '../topic/topic.graph.ts';
import { Email } from './email.graph.ts';
import { emailById } from './email.queries.ts';
import {
  type MarkEmailCommunicationsReadInput,
  markEmailCommunicationsRead,
  type UpdateEmailCommunicationInput,
  updateEmailCommunication,
} from './thread.commands.ts';
import { EmailCommunication } from './thread.graph.ts';
import { threadById } from './thread.queries.ts';
import {
  type CreateEmailCommunicationInput,
  createEmailCommunication,
  type ReplyToEmailCommunicationInput,
  replyToEmailCommunication,
} from './write.commands.ts';

const users = (whom: string) =>
  `Users ${whom}: active ones who may see what the thread is about (NOT_SELECTABLE); at most 200 recipients in all (TOO_MANY). They become members.`;
const addresses = (whom: string) =>
  `Plain e-mail addresses ${whom} (INVALID). That of a user is as good as their id (NOT_SELECTABLE).`;
const blind = 'of blind copies: only the sender and they themselves know';
type InputFields = Parameters<Parameters<typeof builder.inputType>[1]['fields']>[0];
/** What every mail that is written has beside its text: whom it goes to, and what goes with it. */
const ofAnyMail = (t: InputFields) => ({
  distributionIds: t.idList({ description: users('to write to') }),
  ccDistributionIds: t.idList({ description: users('with a copy') }),
  bccDistributionIds: t.idList({ description: users(blind) }),
  toAddresses: t.stringList({ description: addresses('to write to') }),
  ccAddresses: t.stringList({ description: addresses('with a copy') }),
  bccAddresses: t.stringList({ description: addresses(blind) }),
  uploadIds: t.idList({ description: uploadIds }),
  references: t.field({ type: [AttachmentReferenceInputRef], description: references }),
  idempotencyKey: t.string({ description: idempotencyKey }),
});
const body =
  'What to say: rich text (HTML), made safe, up to 100,000 characters. REQUIRED, unless something is attached.';

mutation<CreateEmailCommunicationInput, { threadId: string }>('createEmailCommunication', {
  description:
    'Writes a mail that begins a thread, and sends it to each recipient. Whoever sees what it is about may; about nothing, any user of the company.',
  input: builder.inputRef<CreateEmailCommunicationInput>('CreateEmailCommunicationInput').implement({
    description: 'A mail to begin a thread with.',
    fields: (t) => ({
      topic: t.field({ type: TopicInputRef, description: 'What it is about, if anything (NOT_FOUND).' }),
      projectId: t.id({
        description:
          'Id of a Project of yours to keep a thread with that is about nothing (NOT_FOUND); beside a topic it must be its project (INVALID).',
      }),
      subject: t.string({
        description:
          'Up to 255 characters. Left out: number and title of what it is about; REQUIRED when that is nothing.',
      }),
      body: t.string({ description: body }),
      private: t.boolean({
        description: 'Whether only members see the thread. Left out: false about an item, true otherwise.',
      }),
      ...ofAnyMail(t),
    }),
  }),
  payload: (t) => ({
    emailCommunication: t.field({
      type: EmailCommunication,
      nullable: true,
      description: 'The thread.',
      resolve: ({ threadId }, _args, { loads }) => (threadId ? loads.load(threadById, threadId) : null),
    }),
  }),
  run: async (context, input) => ({ threadId: await createEmailCommunication(context, input) }),
});

mutation<ReplyToEmailCommunicationInput, { emailId: string; threadId: string }>('replyToEmailCommunication', {
  description:
    'Answers a mail of a thread, and sends the answer to each recipient. Whoever sees the thread may. Nobody whom only bcc named gets it, nor the gateway itself, nor users who see no more what the thread is about.',
  input: builder.inputRef<ReplyToEmailCommunicationInput>('ReplyToEmailCommunicationInput').implement({
    description: 'An answer to a mail.',
    fields: (t) => ({
      emailCommunicationId: t.id({ required: true, description: 'Id of the EmailCommunication (NOT_FOUND).' }),
      inReplyToEmailId: t.id({
        description: 'Id of the Email in it to answer (NOT_FOUND); left out, the last one by a person that you see.',
      }),
      body: t.string({ required: true, description: body }),
      replyAll: t.boolean({
        defaultValue: true,
        description: 'Whether whom it was to, and who had a copy, get the answer too; else its sender alone.',
      }),
      quoteHistory: t.boolean({ defaultValue: true, description: 'Whether what is answered follows below.' }),
      ...ofAnyMail(t),
    }),
  }),
  payload: (t) => ({
    email: t.field({
      type: Email,
      nullable: true,
      description: 'The answer.',
      resolve: ({ emailId }, _args, { loads }) => (emailId ? loads.load(emailById, emailId) : null),
    }),
    emailCommunication: t.field({
      type: EmailCommunication,
      nullable: true,
      description: 'The thread.',
      resolve: ({ threadId }, _args, { loads }) => (threadId ? loads.load(threadById, threadId) : null),
    }),
  }),
  run: replyToEmailCommunication,
});

mutation<UpdateEmailCommunicationInput, { threadId: string }>('updateEmailCommunication', {
  description: 'Makes a thread private or public for all, or puts it away or off for you.',
  input: builder.inputRef<UpdateEmailCommunicationInput>('UpdateEmailCommunicationInput').implement({
    description: 'What to change of a thread. What is left out stays.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'Id of the EmailCommunication (NOT_FOUND).' }),
      private: t.boolean({
        description:
          'Whether only its members see it. Its owner may say so, or an ADMIN of the tool of its item (FORBIDDEN). Once it turns private, mail to its former reply addresses waits for review.',
      }),
      archived: t.boolean({
        description: 'Whether it is away from your inbox, until a new mail comes. Members only (FORBIDDEN).',
      }),
      snoozedUntil: t.field({
        type: 'DateTime',
        description:
          'Until when it is away from your inbox, or until a new mail comes (INVALID when past); null brings it back. Members only (FORBIDDEN).',
      }),
    }),
  }),
  payload: (t) => ({
    emailCommunication: t.field({
      type: EmailCommunication,
      nullable: true,
      description: 'The thread as it is now; null also when you no longer see it.',
      resolve: ({ threadId }, _args, { loads }) => (threadId ? loads.load(threadById, threadId) : null),
    }),
  }),
  run: async (context, input) => ({ threadId: await updateEmailCommunication(context, input) }),
});

mutation<MarkEmailCommunicationsReadInput, { threadIds: string[] }>('markEmailCommunicationsRead', {
  description: 'Marks threads read or unread for you. Reading them by queries marks nothing.',
  input: builder.inputRef<MarkEmailCommunicationsReadInput>('MarkEmailCommunicationsReadInput').implement({
    description: 'Which threads to mark.',
    fields: (t) => ({
      threads: t.field({
        required: true,
        type: [
          builder.inputRef<MarkEmailCommunicationsReadInput['threads'][number]>('ThreadReadInput').implement({
            description: 'A thread to mark.',
            fields: (t) => ({
              id: t.id({
                required: true,
                description: 'Id of an EmailCommunication (NOT_FOUND), each once (INVALID).',
              }),
              upToSequence: t.int({
                description:
                  'The sequence of the last mail that you have read: what came later stays unread. Left out: all.',
              }),
            }),
          }),
        ],
        description: 'At most 100 (TOO_MANY).',
      }),
      read: t.boolean({ defaultValue: true, description: 'False: unread, until they are marked again.' }),
    }),
  }),
  refused: { threadIds: [] },
  payload: (t) => ({
    emailCommunications: t.field({
      type: [EmailCommunication],
      description: 'The threads as they are now, in the order asked for.',
      resolve: ({ threadIds }, _args, { loads }) => loads.loadAll(threadById, threadIds ?? []),
    }),
  }),
  run: async (context, input) => ({ threadIds: await markEmailCommunicationsRead(context, input) }),
});
