import type { TopicType } from '../topic/topic.policy.ts';

/** What a viewer is to a thread. */
export interface Standing {
  /** whether they see what it is about; of no meaning where it is about nothing */
  seesTopic: boolean;
  /** whether they are a member, and one who was named in bcc only */
  member: boolean;
  hidden: boolean;
}

/** How much of a thread somebody sees: nothing, the mails that they were named in, or all. */
export type ThreadSight = 'NOTHING' | 'NAMED' | 'ALL';

/**
 * How much of a thread somebody sees (email.md, "Threads"): those who see its topic do, if it is private only its members among them;
 * one about nothing is for its members. Whoever sees it as a bcc recipient only sees the mails that they were named in.
 */
export function threadSight(
  { seesTopic, member, hidden }: Standing,
  thread: { topicType: TopicType | null; private: boolean },
): ThreadSight {
  if (thread.topicType !== null && !seesTopic) return 'NOTHING';
  if (thread.topicType !== null && !thread.private) return 'ALL';
  if (!member) return 'NOTHING';
  return hidden ? 'NAMED' : 'ALL';
}

/** What a viewer is to a mail of a thread that they see. */
export interface MailStanding {
  sight: Exclude<ThreadSight, 'NOTHING'>;
  /** whether it names them, as whatever */
  named: boolean;
  /** whether they review mail of its thread */
  reviewer: boolean;
  /** whether they wrote it */
  author: boolean;
  /** in the thread of an item's replies: whether they may see the response that it became, and whether they are an ADMIN of the tool */
  seesResponse: boolean;
  admin: boolean;
}

export interface MailFacts {
  reviewState: 'WAITING' | 'ACCEPTED' | 'REJECTED' | null;
  /** whether its thread is that of its item's replies, and whether it has become a response */
  isReply: boolean;
  hasResponse: boolean;
}

/** Whether somebody sees a mail of a thread that they see (email.md, "Threads" and "Receiving"). */
export function canSeeMail(viewer: MailStanding, mail: MailFacts): boolean {
  if (viewer.sight === 'NAMED' && !viewer.named) return false;
  if (mail.reviewState === 'WAITING' || mail.reviewState === 'REJECTED') return viewer.reviewer;
  if (!mail.isReply) return true;
  return mail.hasResponse ? viewer.seesResponse : viewer.author || viewer.admin;
}
