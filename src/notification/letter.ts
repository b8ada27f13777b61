import type { ItemRole, NotificationEvent } from '../permission/defaults.policy.ts';
import type { StatusCategory } from '../tool/tool.policy.ts';

/** What one mail tells one person: facts only, as they are; how they are said and shown is for the letter. */
export interface Letter {
  company: string;
  /** when it is written: due dates are counted from it */
  now: Date;
  /** whether an answer to the mail comes back to the item */
  repliable: boolean;
  /** where its reader can say that they want no mail; null when nowhere */
  settingsUrl: string | null;
  /** what it tells of, in their order; at least one, each once */
  items: readonly (LetterItem | LostItem)[];
  /** how many further items there are, of which it says no more than that */
  more?: number;
}

/** Where an item is. */
export interface LetterProject {
  name: string;
  number: string | null;
  /** in which moments and days of its items are shown */
  timeZone: string;
}

/** Somebody who did something. */
export interface LetterPerson {
  name: string;
  vendor: string | null;
}

/** A status as it is called, and which kind it is. */
export interface LetterStatus {
  name: string;
  category: StatusCategory;
}

interface Told {
  number: string;
  title: string;
  project: LetterProject;
  /** what else applies beside the event, in the order of domain.md 5 */
  others: readonly NotificationEvent[];
}

/** An item that somebody was taken off: they may see it no more, so nothing but its number and title can be said. */
export interface LostItem extends Told {
  event: 'REMOVED';
}

/** An item that its reader sees, and what happened to it. */
export interface LetterItem extends Told {
  event: Exclude<NotificationEvent, 'REMOVED'>;
  /** its page, http or https */
  url: string;
  /** the title of its tool */
  tool: string;
  /** who did it; null when time did (OVERDUE) */
  actor: LetterPerson | null;
  at: Date;
  status: LetterStatus;
  /** YYYY-MM-DD */
  dueDate: string | null;
  isPrivate: boolean;
  /** what its reader is on it now, and what of it they became and ceased to be by this act */
  roles: readonly ItemRole[];
  joined: readonly ItemRole[];
  left: readonly ItemRole[];
  /** whether it was closed before this act and is open now */
  reopened: boolean;
  /** what has changed, as far as its reader may see, in the order of its history */
  changes: readonly LetterChange[];
  /** the response that was added, if its reader may see it */
  response: LetterResponse | null;
  /** for who sees it for the first time (CREATED, ASSIGNED): what it has in its fields, without the empty ones */
  fields: readonly LetterField[];
  /** and what it says: safe rich text */
  description: string | null;
  /** and the names of its attachments */
  attachments: readonly string[];
}

/** A field as it is shown, under its label; of one that holds several, each by itself. */
export interface LetterField {
  label: string;
  value: string | readonly string[];
}

/** One row of an item's history. */
export interface LetterChange {
  /** as history names it: rows of one field are shown together */
  field: string;
  label: string;
  old: string | null;
  new: string | null;
}

/** A response, as it was given. */
export interface LetterResponse {
  official: boolean;
  /** safe rich text; empty when it is its attachments */
  notes: string;
  attachments: readonly string[];
}

/** A mail, ready to be sent. The subject is one line, the text has no control characters but line breaks. */
export interface WrittenLetter {
  subject: string;
  text: string;
  html: string;
}
