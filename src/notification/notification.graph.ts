import { EmailDelivery } from '../delivery/delivery.graph.ts';
import { deliveryOfSeen } from '../delivery/delivery.queries.ts';
import { User } from '../directory/directory.graph.ts';
import { userById } from '../directory/directory.queries.ts';
import { Email } from '../email/email.graph.ts';
import { emailById } from '../email/email.queries.ts';
import { builder } from '../graph/builder.ts';
import { connectionType } from '../graph/connection.ts';
import { mutation } from '../graph/payload.ts';
import { Item } from '../item/item.graph.ts';
import { idempotencyKey } from '../item/itemMutation.graph.ts';
import { NotificationEventRef } from '../permission/defaults.graph.ts';
import { listNotifications, type NotificationRow, notificationById } from './notification.queries.ts';
import { type ResendEmailInput, resendEmail } from './resend.commands.ts';

const ItemNotification = builder.objectRef<NotificationRow>('ItemNotification');
builder.node(ItemNotification, {
  description:
    'That somebody is mailed about an item. Seen by whoever sees the item: their own, ADMINs of its tool all. One mail may tell of ' +
    'several items, and has a notification for each.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(notificationById, id)),
  fields: (t) => ({
    event: t.field({
      type: NotificationEventRef,
      description: 'What the mail is about: the weightiest of what happened to the item in one act.',
      resolve: ({ event }) => event,
    }),
    recipient: t.field({
      type: User,
      description: 'Who is mailed.',
      resolve: ({ recipientId }, _args, { loads }) => loads.the(userById, recipientId),
    }),
    delivery: t.field({
      type: EmailDelivery,
      description: 'What became of the mail.',
      resolve: ({ deliveryId }, _args, { loads }) => loads.the(deliveryOfSeen, deliveryId),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the mail was put on its way.' }),
  }),
});

const ItemNotificationConnection = connectionType('ItemNotification', ItemNotification);

builder.objectField(Item, 'notifications', (t) =>
  t.connection(
    {
      type: ItemNotification,
      description:
        'The mails that went to people about it, newest first: yours, for ADMINs of its tool those to everybody. What is withheld ' +
        'because its recipient may not see it when it is sent is not among them.',
      resolve: (item, args, context) => listNotifications(context, item, args),
    },
    ItemNotificationConnection,
  ),
);

mutation<ResendEmailInput, Awaited<ReturnType<typeof resendEmail>>>('resendEmail', {
  description:
    'Sends a mail anew, as another message; one that is on its way already stays so. For its sender, or whose act it tells of, and ' +
    "ADMINs of the item's tool (FORBIDDEN). What its recipient may see of it is judged when it is sent.",
  input: builder.inputRef<ResendEmailInput>('ResendEmailInput').implement({
    description: 'What to send anew.',
    fields: (t) => ({
      id: t.id({
        required: true,
        description:
          'An Email that was sent (INVALID if it came in), or an ItemNotification (else NOT_FOUND), of which the whole mail is sent: INVALID when the recipient may see nothing of it any more, is not ' +
          'active, or wants no mail.',
      }),
      addresses: t.stringList({
        description:
          'To which of its recipients only (INVALID if one is none). A notification has its recipient alone: INVALID if given.',
      }),
      idempotencyKey: t.string({ description: idempotencyKey }),
    }),
  }),
  payload: (t) => ({
    notification: t.field({
      type: ItemNotification,
      nullable: true,
      description: 'The notification, as it is now; null also when only its act is yours, and others see it.',
      resolve: ({ notificationId }, _args, { loads }) =>
        notificationId ? loads.load(notificationById, notificationId) : null,
    }),
    email: t.field({
      type: Email,
      nullable: true,
      description: 'The mail of a thread, as it is now.',
      resolve: ({ emailId }, _args, { loads }) => (emailId ? loads.load(emailById, emailId) : null),
    }),
  }),
  run: resendEmail,
});
