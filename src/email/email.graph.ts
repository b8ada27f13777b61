import { Account, Contact } from '../contact/contact.graph.ts';
import { accountById, contactById } from '../contact/contact.queries.ts';
import { EmailDelivery } from '../delivery/delivery.graph.ts';
import { User } from '../directory/directory.graph.ts';
import { userById } from '../directory/directory.queries.ts';
import { builder } from '../graph/builder.ts';
import { connectionType } from '../graph/connection.ts';
import { Response } from '../response/response.graph.ts';
import { responseById } from '../response/response.queries.ts';
import { deliveriesOfEmail } from './delivery.queries.ts';
import { type EmailRow, emailById, emailOfResponse, type Fragment, type ParticipantRow } from './email.queries.ts';

const EmailType = builder.enumType('EmailType', {
  description: 'Which way a mail went.',
  values: {
    OUTGOING: { description: 'Sent through the gateway: the first of a thread.' },
    OUTGOING_REPLY: { description: 'Sent through the gateway, in answer to another.' },
    INCOMING: { description: 'It came in by mail.' },
  } satisfies Record<EmailRow['type'], object>,
});

const SenderTrust = builder.enumType('SenderTrust', {
  description: 'How far a mail is known to be from whom it says.',
  values: {
    VERIFIED: {
      description: 'Sent by a user through the gateway; or signed for by the domain of an address that is known here.',
    },
    UNVERIFIED: { description: 'Nobody vouches for it, or nobody here has the address.' },
    FORGED: { description: "It says that it is from a user, and the user's domain says that it is not." },
  } satisfies Record<EmailRow['trust'], object>,
});

const EmailReviewState = builder.enumType('EmailReviewState', {
  description: 'Where the review of a mail stands that could not be taken at its word.',
  values: {
    WAITING: { description: 'Seen by reviewers alone.' },
    ACCEPTED: { description: 'Taken; seen like any other.' },
    REJECTED: { description: 'Not taken; kept, and seen by reviewers alone.' },
  } satisfies Record<NonNullable<EmailRow['reviewState']>, object>,
});

const EmailParticipant = builder.objectRef<ParticipantRow>('EmailParticipant').implement({
  description:
    'Somebody whom a mail is from or to: the address and name that stood in it then, and who has the address now.',
  fields: (t) => ({
    address: t.exposeString('address', {
      nullable: true,
      description: 'E-mail address; null of a user who was named as such.',
    }),
    name: t.exposeString('name', { nullable: true, description: 'The name beside it.' }),
    user: t.field({
      type: User,
      nullable: true,
      description: 'The user whose address it is.',
      resolve: ({ userId }, _args, { loads }) => (userId ? loads.the(userById, userId) : null),
    }),
    contact: t.field({
      type: Contact,
      nullable: true,
      description: 'The contact whose address it is; also when it became one only later.',
      resolve: ({ contactId }, _args, { loads }) => (contactId ? loads.load(contactById, contactId) : null),
    }),
    account: t.field({
      type: Account,
      nullable: true,
      description: 'The account of that contact.',
      resolve: async ({ contactId }, _args, { loads }) => {
        const contact = contactId ? await loads.load(contactById, contactId) : null;
        return contact?.accountId ? loads.the(accountById, contact.accountId) : null;
      },
    }),
  }),
});

const EmailFragment = builder.objectRef<Fragment>('EmailFragment').implement({
  description: 'A part of what a mail says. All fragments together are its whole text.',
  fields: (t) => ({
    content: t.exposeString('content', { description: 'The text of the part.' }),
    isHidden: t.exposeBoolean('isHidden', { description: 'Whether visibleText leaves it out.' }),
    isSignature: t.exposeBoolean('isSignature', { description: 'Whether it is a signature.' }),
    isQuoted: t.exposeBoolean('isQuoted', { description: 'Whether it repeats an earlier mail.' }),
    isForwarded: t.exposeBoolean('isForwarded', { description: 'Whether it is a mail that was passed on.' }),
  }),
});

const by = ({ participants }: EmailRow, role: ParticipantRow['role']) =>
  participants.filter((participant) => participant.role === role);

export const Email = builder.objectRef<EmailRow>('Email');
builder.node(Email, {
  description:
    'One mail of a thread. Seen by whoever sees the thread; what waits for review by reviewers alone, and what came in answer to a notification by whoever sees the response that it became.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(emailById, id)),
  fields: (t) => ({
    type: t.field({ type: EmailType, description: 'Which way it went.', resolve: ({ type }) => type }),
    sequence: t.exposeInt('sequence', {
      description: '1, 2, ... in its thread. Those that you do not see leave gaps.',
    }),
    subject: t.exposeString('subject', { description: 'Its subject.' }),
    sender: t.string({
      nullable: true,
      description: 'The address that it came from; null of a user who wrote through the gateway.',
      resolve: (email) => by(email, 'FROM')[0]?.address ?? null,
    }),
    user: t.field({
      type: User,
      nullable: true,
      description: 'The user who wrote it: through the gateway, or from an address that proved to be theirs.',
      resolve: ({ userId }, _args, { loads }) => (userId ? loads.the(userById, userId) : null),
    }),
    from: t.field({ type: [EmailParticipant], description: 'Whom it is from.', resolve: (email) => by(email, 'FROM') }),
    recipients: t.field({
      type: [EmailParticipant],
      description: 'Whom it is to.',
      resolve: (email) => by(email, 'TO'),
    }),
    cc: t.field({ type: [EmailParticipant], description: 'Who has a copy.', resolve: (email) => by(email, 'CC') }),
    bcc: t.field({
      type: [EmailParticipant],
      description: 'Who has a blind copy: all for its sender, yourself for you, nobody for all others.',
      resolve: (email) => by(email, 'BCC'),
    }),
    content: t.exposeString('content', { description: 'What it says, as plain text, quotes and all.' }),
    visibleText: t.exposeString('visibleText', { description: 'What it says itself: without quotes and signatures.' }),
    body: t.exposeString('body', {
      nullable: true,
      description: 'What it says as HTML: of a sent one as it was written; null where there is none.',
    }),
    fragments: t.field({
      type: [EmailFragment],
      description: 'The parts of its text, in their order.',
      resolve: ({ fragments }) => fragments,
    }),
    contacts: t.field({
      type: [Contact],
      description: 'The contacts that it is from or to.',
      resolve: ({ participants }, _args, { loads }) =>
        loads.allAt(contactById, [...new Set(participants.flatMap(({ contactId }) => contactId ?? []))]),
    }),
    trust: t.field({
      type: SenderTrust,
      description: 'How far it is known to be from whom it says.',
      resolve: ({ trust }) => trust,
    }),
    automatic: t.exposeBoolean('automatic', {
      description: 'Whether a program wrote it: an out-of-office, a bounce, a list. It makes nothing unread.',
    }),
    reviewState: t.field({
      type: EmailReviewState,
      nullable: true,
      description: 'Where its review stands; null when there was nothing to review.',
      resolve: ({ reviewState }) => reviewState,
    }),
    response: t.field({
      type: Response,
      nullable: true,
      description: 'The response that it became, if you see it.',
      resolve: ({ responseId }, _args, { loads }) => (responseId ? loads.load(responseById, responseId) : null),
    }),
    deliveries: t.field({
      type: [EmailDelivery],
      description:
        'What became of it, recipient by recipient: for its sender, and without blind copies for ADMINs of the tool of its item; empty for all others.',
      resolve: async ({ id }, _args, { loads }) => (await loads.load(deliveriesOfEmail, id)) ?? [],
    }),
    sentAt: t.expose('sentAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was sent: handed to the mail server, or the date in its header.',
    }),
    receivedAt: t.expose('receivedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it came in; null of sent ones.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it came to the thread.' }),
  }),
});

export const EmailConnection = connectionType('Email', Email);

builder.objectField(Response, 'email', (t) =>
  t.field({
    type: Email,
    nullable: true,
    description: 'The mail that it came by, if it did.',
    resolve: ({ id }, _args, { loads }) => loads.load(emailOfResponse, id),
  }),
);
