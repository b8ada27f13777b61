import { cut } from '../kernel/cut.ts';
import { oneLine } from '../kernel/text.ts';
import type { ItemRole, NotificationEvent } from '../permission/defaults.policy.ts';
import type { Letter, LetterItem, LetterPerson, LostItem } from './letter.ts';
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

/** What was done: of what is called `it`, where something of it is called `its(something)`. */
type Deed = (it: string, its: (thing: string) => string) => string;

const JOINED: Record<ItemRole, Deed> = {
  CREATOR: (it) => `made you the creator of ${it}`,
  ASSIGNEE: (it) => `assigned ${it} to you`,
  DISTRIBUTION: (_, its) => `put you on ${its('distribution')}`,
  RECEIVED_FROM: (it) => `named you under Received From of ${it}`,
};
const LEFT: Record<ItemRole, Deed> = {
  CREATOR: (it) => `no longer names you as the creator of ${it}`,
  ASSIGNEE: (_, its) => `took you off ${its('assignees')}`,
  DISTRIBUTION: (_, its) => `took you off ${its('distribution')}`,
  RECEIVED_FROM: (it) => `took you off Received From of ${it}`,
};

function deedsOf(item: LetterItem, event: NotificationEvent): Deed[] {
  const status = cut(oneLine(item.status.name), MAX_PERSON);
  switch (event) {
    case 'CREATED':
      return [(it) => `issued ${it}`];
    case 'ASSIGNED':
      return item.joined.length > 0 ? item.joined.map((role) => JOINED[role]) : [(it) => `put you on ${it}`];
    case 'RESPONDED_TO':
      return [(it) => `${item.response?.official ? 'gave an official response' : 'responded'} to ${it}`];
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

/** Who did what: a sentence in two parts, as the name of somebody may run the other way. */
export interface Said {
  /** "Ann Lee (JJ Developers)"; null where nobody is named */
  who: string | null;
  /** "responded to this item and closed it." */
  what: string;
}

/** Who did what with an item, or with several that are told of as one. */
export function saidOf(item: LetterItem | LostItem, now: Date, count = 1): Said {
  const these = count === 1 ? 'this item' : `these ${count} items`;
  if (item.event === 'REMOVED') return { who: null, what: `You were taken off ${these}.` };
  if (item.event === 'OVERDUE') {
    const what =
      count === 1 ? `This item is ${dueOf(item, now)?.distance ?? 'overdue'}.` : `${count} items are overdue.`;
    return { who: null, what };
  }
  const events = [item.event, ...item.others].filter((event) => event !== 'UPDATED' || saysMore(item));
  const deeds = events.flatMap((event) => deedsOf(item, event));
  const [first, ...more] = deeds;
  const [it, its] = count === 1 ? ['it', 'its'] : ['them', 'their'];
  const what = [
    ...(first ? [first(these, (thing) => `the ${thing} of ${these}`)] : []),
    ...more.map((deed) => deed(it!, (thing) => `${its} ${thing}`)),
  ];
  return { who: item.actor ? personWithVendor(item.actor) : 'Somebody', what: `${listed(what)}.` };
}

const OF_PEOPLE = ['assignees', 'distributionMembers', 'receivedFrom'];

/** Whether it is worth saying that an item was changed, where its people are said to have come or gone: only if there is more. */
const saysMore = ({ event, changes, reopened }: LetterItem): boolean =>
  event === 'UPDATED' || reopened || changes.length === 0 || changes.some(({ field }) => !OF_PEOPLE.includes(field));

/** The same as one text: "Ann Lee (JJ Developers) responded to this item and closed it." */
export const sentenceOf = ({ who, what }: Said): string => (who === null ? what : `${who} ${what}`);

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
  CREATOR: 'created it',
  ASSIGNEE: 'are an assignee',
  DISTRIBUTION: 'are on its distribution',
  RECEIVED_FROM: 'are named under Received From',
};

/** What its reader is on an item: "you created it and are on its distribution"; null when nothing. */
export const partOf = ({ roles }: LetterItem): string | null =>
  roles.length > 0 ? `you ${listed(roles.map((role) => ROLES[role]))}` : null;

/** What a letter ends with: why it came, who says which mail there is, and how its reader can have none. */
export interface Footing {
  reason: string;
  matrix: string;
  none: string;
}

/** What a letter ends with. */
export function footingOf({ items, company }: Letter): Footing {
  return {
    reason: `You get this mail ${reasonOf(items)}.`,
    matrix: matrixOf(items),
    none: `To get no mail from ${oneLine(company)} at all, turn off wantsEmail of your user (updateViewer)`,
  };
}

function reasonOf(items: Letter['items']): string {
  const [item, ...more] = items;
  const wasLost = items.every(({ event }) => event === 'REMOVED');
  if (more.length > 0) return `because you ${wasLost ? 'were taken off' : 'have a part in'} these items`;
  const number = oneLine(item!.number);
  if (item!.event === 'REMOVED') return `because you were taken off ${number}`;
  return `about ${number} because ${partOf(item!) ?? 'you have a part in it'}`;
}

function matrixOf(items: Letter['items']): string {
  // the tool of what somebody was taken off is none of their business any more
  const tools = new Set(items.map((item) => (item.event === 'REMOVED' ? null : oneLine(item.tool))));
  const projects = new Set(items.map(({ project }) => project.name));
  const [tool] = tools;
  return tools.size === 1 && tool && projects.size === 1
    ? `The ADMINs of ${tool} in this project set who gets mail about what.`
    : 'The ADMINs of each tool in a project set who gets mail about what.';
}
