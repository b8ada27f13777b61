import { Case } from '../contact/case.graph.ts';
import { Contact } from '../contact/contact.graph.ts';
import { Company, Project, ViewerRef } from '../directory/directory.graph.ts';
import { builder } from '../graph/builder.ts';
import { Item } from '../item/item.graph.ts';
import { TopicInputRef } from '../topic/topic.graph.ts';
import { EmailCommunication, EmailCommunicationConnection } from './thread.graph.ts';
import {
  countUnread,
  type InboxFilter,
  listAbout,
  listInbox,
  listOfCompany,
  listOfProject,
  listWithContact,
} from './thread.list.ts';

const InboxFilterRef = builder.inputRef<InboxFilter>('InboxFilter');
InboxFilterRef.implement({
  description:
    'Which threads of emails; all that is said must hold. An id that is none, or of what you do not see, matches nothing.',
  fields: (t) => ({
    unread: t.boolean({ description: 'Those that are unread for you, or those that are not.' }),
    archived: t.boolean({
      description: 'Absent or false: without what you archived, or snoozed and is not back yet. True: only these.',
    }),
    contact: t.id({ description: 'Id of a Contact: threads with a mail from or to them.' }),
    case: t.id({ description: 'Id of a Case: threads about it.' }),
    topic: t.field({ type: TopicInputRef, description: 'Threads about this.' }),
    project: t.id({ description: 'Id of a Project: threads about it, or about something in it.' }),
    needsReview: t.boolean({ description: 'Those with a mail that waits for your review, or those without.' }),
  }),
});

const newest = 'newest first, by their last mail';

builder.objectFields(ViewerRef, (t) => ({
  inbox: t.connection(
    {
      type: EmailCommunication,
      description: `The threads that you are a member of and see, ${newest} that you see.`,
      args: { filter: t.arg({ type: InboxFilterRef, description: 'Which of them.' }) },
      resolve: (_viewer, { filter, ...args }, context) => listInbox(context, filter, args),
    },
    EmailCommunicationConnection,
  ),
  unreadCount: t.int({
    description: 'How many threads of your inbox are unread, without archived and snoozed ones.',
    resolve: (_viewer, _args, context) => countUnread(context),
  }),
}));

builder.objectField(Company, 'emailCommunications', (t) =>
  t.connection(
    {
      type: EmailCommunication,
      description: `The threads of emails that you see, whoever is a member of them, ${newest}.`,
      args: { filter: t.arg({ type: InboxFilterRef, description: 'Which of them.' }) },
      resolve: ({ id }, { filter, ...args }, context) => listOfCompany(context, id, filter, args),
    },
    EmailCommunicationConnection,
  ),
);

builder.objectField(Project, 'emailCommunications', (t) =>
  t.connection(
    {
      type: EmailCommunication,
      description: `The threads about it, or about something in it, that you see, ${newest}.`,
      args: { topic: t.arg({ type: TopicInputRef, description: 'Only those about this.' }) },
      resolve: ({ id }, { topic, ...args }, context) => listOfProject(context, id, topic, args),
    },
    EmailCommunicationConnection,
  ),
);

builder.objectField(Item, 'emailCommunications', (t) =>
  t.connection(
    {
      type: EmailCommunication,
      description: `The threads about it that you see, ${newest}. What people answer to notifications comes to one of them.`,
      resolve: ({ id }, args, context) => listAbout(context, 'item_id', id, args),
    },
    EmailCommunicationConnection,
  ),
);

builder.objectField(Case, 'emailCommunications', (t) =>
  t.connection(
    {
      type: EmailCommunication,
      description: `The threads about it that you see, ${newest}.`,
      resolve: ({ id }, args, context) => listAbout(context, 'case_id', id, args),
    },
    EmailCommunicationConnection,
  ),
);

builder.objectField(Contact, 'emailCommunications', (t) =>
  t.connection(
    {
      type: EmailCommunication,
      description: `The threads with a mail from or to them that you see, ${newest}.`,
      resolve: ({ id }, args, context) => listWithContact(context, id, args),
    },
    EmailCommunicationConnection,
  ),
);
