import { cut } from '../kernel/cut.ts';
import { oneLine } from '../kernel/text.ts';
import type { ItemRole, NotificationEvent } from '../permission/defaults.policy.ts';
import type { LetterItem, LetterPerson, LostItem } from './letter.ts';
import { dueOf } from './letter.values.ts';

// longer names of people are none
const MAX_PERSON = 60;

/** What somebody is called: "Ann Lee". */
export const personText = ({ name }: LetterPerson): string => cut(oneLine(name), MAX_PERSON) || 'Somebody';

/** And who they work for: "Ann Lee (JJ Developers)". */
export const personWithVendor = (person: LetterPerson): string =>
  person.vendor ? `${personText(person)} (${cut(oneLine(person.vendor), MAX_PERSON)})` : personText(person);

/** "a", "a and b", "a, b and c" */
const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

/** What was done, of what is called `it`. */
type Deed = (it: string) => string;

const JOINED: Record<ItemRole, Deed> = {
  CREATOR: (it) => `made you the creator of ${it}`,
  ASSIGNEE: (it) => `assigned ${it} to you`,
  DISTRIBUTION: (it) => `put you on the distribution of ${it}`,
  RECEIVED_FROM: (it) => `named you as whom ${it} was received from`,
};
const LEFT: Record<ItemRole, Deed> = {
  CREATOR: (it) => `no longer names you as the creator of ${it}`,
  ASSIGNEE: (it) => `took you off the assignees of ${it}`,
  DISTRIBUTION: (it) => `took you off the distribution of ${it}`,
  RECEIVED_FROM: (it) => `no longer names you as whom ${it} was received from`,
};

function deedsOf(item: LetterItem, event: NotificationEvent): Deed[] {
  const status = cut(oneLine(item.status.name), MAX_PERSON);
  switch (event) {
    case 'CREATED':
      return [(it) => `issued ${it}`];
    case 'ASSIGNED':
      return item.joined.length > 0 ? item.joined.map((role) => JOINED[role]) : [(it) => `put you on ${it}`];
    case 'RESPONDED_TO':
      return [(it) => `${item.response?.official ? 'officially responded' : 'responded'} to ${it}`];
    case 'CLOSED':
      return [(it) => (status.toLowerCase() === 'closed' ? `closed ${it}` : `closed ${it} as ${status}`)];
    case 'REMOVED':
      return item.left.length > 0 ? item.left.map((role) => LEFT[role]) : [(it) => `took you off ${it}`];
    case 'UPDATED':
      return [(it) => `${item.reopened ? 'reopened' : 'changed'} ${it}`];
    case 'OVERDUE':
      return [];
  }
}

/** Who did what, in a sentence: "Ann Lee (JJ Developers) responded to this item and closed it." `count` items are told of as one. */
export function sentenceOf(item: LetterItem | LostItem, now: Date, count = 1): string {
  const these = count === 1 ? 'this item' : `these ${count} items`;
  if (item.event === 'REMOVED') return `You were taken off ${these}.`;
  if (item.event === 'OVERDUE') {
    if (count > 1) return 'These items of yours are overdue.';
    return `This item is ${dueOf(item, now)?.distance ?? 'overdue'}.`;
  }
  const deeds = [item.event, ...item.others].flatMap((event) => deedsOf(item, event));
  const said = deeds.map((deed, n) => deed(n === 0 ? these : count === 1 ? 'it' : 'them'));
  return `${item.actor ? personWithVendor(item.actor) : 'Somebody'} ${listed(said)}.`;
}

const SUBJECTS: Record<Exclude<NotificationEvent, 'OVERDUE' | 'REMOVED'>, (item: LetterItem) => string> = {
  CREATED: () => 'issued it',
  ASSIGNED: ({ joined }) => (joined[0] === 'ASSIGNEE' || joined.length === 0 ? 'assigned it to you' : 'put you on it'),
  RESPONDED_TO: () => 'responded',
  CLOSED: () => 'closed it',
  UPDATED: ({ reopened }) => (reopened ? 'reopened it' : 'changed it'),
};

/** The same in few words, for subjects: "Ann Lee responded". */
export function briefly(item: LetterItem | LostItem, now: Date): string {
  if (item.event === 'REMOVED') return 'you were taken off it';
  if (item.event === 'OVERDUE') return dueOf(item, now)?.distance ?? 'overdue';
  const name = item.actor ? cut(personText(item.actor), 30) : 'somebody';
  return `${name} ${SUBJECTS[item.event](item)}`;
}

const ROLES: Record<ItemRole, string> = {
  CREATOR: 'you created it',
  ASSIGNEE: 'you are an assignee',
  DISTRIBUTION: 'you are on its distribution',
  RECEIVED_FROM: 'it was received from you',
};

/** Why somebody gets a mail: "you are an assignee and you are on its distribution". */
export function reasonOf(items: readonly (LetterItem | LostItem)[]): string {
  const [item, ...more] = items;
  if (more.length > 0) return 'you have a part in these items';
  if (item!.event === 'REMOVED') return 'you were taken off this item';
  return item!.roles.length > 0 ? listed(item!.roles.map((role) => ROLES[role])) : 'you have a part in this item';
}
