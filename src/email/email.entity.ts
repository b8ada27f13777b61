import { defineEntity, p } from '@mikro-orm/core';
import { companyColumns } from '../database/columns.ts';
import { TOPIC_TYPES } from '../topic/topic.policy.ts';

/** A thread of emails. */
export const EmailCommunicationSchema = defineEntity({
  name: 'EmailCommunication',
  tableName: 'email_communications',
  properties: {
    ...companyColumns,
    projectId: p.uuid().nullable(),
    subject: p.string(),
    baseSubject: p.string(),
    private: p.boolean(),
    topicType: p.enum(TOPIC_TYPES).nullable(),
    itemId: p.uuid().nullable(),
    externalTopicId: p.uuid().nullable(),
    caseId: p.uuid().nullable(),
    ownerId: p.uuid().nullable(),
    takesReplies: p.boolean(),
    replyEpoch: p.integer(),
    lastSequence: p.integer(),
    emailCount: p.integer(),
    attachmentCount: p.integer(),
    lastMessageAt: p.datetime(3),
    mutedUntil: p.datetime(3).nullable(),
  },
});

/** What a user is to a thread. */
export const EmailCommunicationUserSchema = defineEntity({
  name: 'EmailCommunicationUser',
  tableName: 'email_communication_users',
  properties: {
    userId: p.uuid().primary(),
    emailCommunicationId: p.uuid().primary(),
    companyId: p.uuid(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    member: p.boolean(),
    hidden: p.boolean(),
    lastCountingSequence: p.integer(),
    lastReadSequence: p.integer(),
    readAt: p.datetime(3).nullable(),
    markedUnread: p.boolean(),
    unread: p.boolean(),
    archived: p.boolean(),
    snoozedUntil: p.datetime(3).nullable(),
    lastMessageAt: p.datetime(3),
  },
});

/** One mail of a thread. */
export const EmailSchema = defineEntity({
  name: 'Email',
  tableName: 'emails',
  properties: {
    ...companyColumns,
    projectId: p.uuid().nullable(),
    emailCommunicationId: p.uuid(),
    sequence: p.integer(),
    type: p.string(),
    subject: p.string(),
    userId: p.uuid().nullable(),
    content: p.text(),
    body: p.text().nullable(),
    visibleText: p.text(),
    fragments: p.json(),
    splitterVersion: p.integer(),
    messageId: p.string(),
    inReplyTo: p.string().nullable(),
    referenceIds: p.array<string>(),
    quotedEmailId: p.uuid().nullable(),
    trust: p.string(),
    automatic: p.boolean(),
    attachmentCount: p.integer(),
    reviewState: p.string().nullable(),
    responseId: p.uuid().nullable(),
    rawFileId: p.uuid().nullable(),
    rawSha256: p.string().nullable(),
    sentAt: p.datetime(3).nullable(),
    receivedAt: p.datetime(3).nullable(),
  },
});

/** Whom a mail is from or to. */
export const EmailParticipantSchema = defineEntity({
  name: 'EmailParticipant',
  tableName: 'email_participants',
  properties: {
    emailId: p.uuid().primary(),
    role: p.string().primary(),
    position: p.integer().primary(),
    companyId: p.uuid(),
    address: p.string().nullable(),
    name: p.string().nullable(),
    userId: p.uuid().nullable(),
    contactId: p.uuid().nullable(),
  },
});
