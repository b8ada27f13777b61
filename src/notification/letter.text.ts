import { cut } from '../kernel/cut.ts';
import { REPLY_MARKER } from '../kernel/replyMarker.ts';
import { writtenText } from '../kernel/richText.ts';
import { cleanLines, oneLine } from '../kernel/text.ts';
import type { ShownChange } from './letter.changes.ts';
import { moreText } from './letter.digest.ts';
import { ANSWER } from './letter.frame.ts';
import type { Group } from './letter.groups.ts';
import { webLink } from './letter.rich.ts';
import { MOST_ITEMS, roomOf } from './letter.room.ts';
import type { Letter, LetterField, LetterItem, LetterResponse, LostItem } from './letter.ts';
import { dueOf, momentText, namesText, projectText } from './letter.values.ts';
import { footingOf, partOf, sentenceOf } from './letter.words.ts';

const ROOM = roomOf(1);

/** A letter as plain text. */
export function textOf(letter: Letter, groups: readonly Group[]): string {
  const { company, items, repliable } = letter;
  const [item, ...more] = items;
  const paragraphs = [
    repliable && REPLY_MARKER,
    more.length > 0 ? oneLine(company) : `${oneLine(company)} | ${projectText(item!.project)}`,
    ...(more.length > 0 ? ofSeveral(letter, groups) : ofOne(item!, groups[0]!, letter.now)),
    '________',
    ...footing(letter),
  ];
  return `${paragraphs.filter(Boolean).join('\n\n')}\n`;
}

function ofOne(item: LetterItem | LostItem, { said, changes }: Group, now: Date): string[] {
  const heading = `${oneLine(item.number)}  ${oneLine(item.title)}`.trim();
  const sentence = sentenceOf(said);
  if (item.event === 'REMOVED') return [heading, sentence];
  const rest = [item.actor && momentText(item.at, item.project.timeZone), partOf(item)].filter(Boolean).join(' | ');
  return [
    `${heading}\n${stateOf(item, now)}`,
    rest ? `${sentence}\n${rest}` : sentence,
    item.response ? responseText(item.response) : '',
    under('What has changed', changesText(changes)),
    under('As it is now', item.fields.map(fieldText).join('\n')),
    under('Description', item.description ? told(item.description) : ''),
    attached(item.attachments),
    `Open ${oneLine(item.number)}: ${webLink(item.url) ?? ''}`,
  ];
}

const responseText = ({ official, notes, attachments }: LetterResponse): string =>
  under(official ? 'Official response' : 'Response', [told(notes), attached(attachments)].filter(Boolean).join('\n'));

/** A part of a letter under its heading; nothing where there is none. */
const under = (heading: string, text: string): string =>
  text ? `${heading}:\n${text.replaceAll(/^(?=.)/gm, '    ')}` : '';

const fieldText = ({ label, value }: LetterField): string =>
  `${oneLine(label)}: ${typeof value === 'string' ? cut(oneLine(value), ROOM.field) : namesText(value)}`;

const attached = (names: readonly string[]): string => (names.length > 0 ? `Attached: ${namesText(names)}` : '');

const told = (html: string): string => cut(cleanLines(writtenText(html)), ROOM.text);

/** "Design Review | Open | Private | due Tue 10 Mar 2026, in 8 days" */
function stateOf(item: LetterItem, now: Date): string {
  const due = dueOf(item, now);
  const parts = [
    oneLine(item.tool),
    oneLine(item.status.name),
    item.isPrivate && 'Private',
    due && `due ${due.day}, ${due.distance}`,
  ];
  return parts.filter(Boolean).join(' | ');
}

const changesText = (changes: readonly ShownChange[]): string =>
  changes
    .map((change) => {
      if ('old' in change) return `${change.label}: ${change.old ?? 'none'} -> ${change.new ?? 'none'}`;
      const parts = [
        change.removed.length > 0 && `removed ${namesText(change.removed)}`,
        change.added.length > 0 && `added ${namesText(change.added)}`,
      ];
      return `${change.label}: ${parts.filter(Boolean).join(', ')}`;
    })
    .join('\n');

function ofSeveral({ items, more = 0, now }: Letter, groups: readonly Group[]): string[] {
  const rest = items.length + more - MOST_ITEMS;
  const paragraphs = groups.flatMap((group, n) => [
    groups[n - 1]?.project === group.project ? '' : group.project,
    groupText(group, now),
  ]);
  return [...paragraphs, rest > 0 ? moreText(rest) : ''];
}

const groupText = ({ said, changes, items }: Group, now: Date): string =>
  [sentenceOf(said), changesText(changes), ...items.map((item) => lineOf(item, now))].filter(Boolean).join('\n');

function lineOf(item: LetterItem | LostItem, now: Date): string {
  const heading = `- ${oneLine(item.number)}  ${cut(oneLine(item.title), 120)}`.trim();
  return item.event === 'REMOVED' ? heading : `${heading}\n  ${stateOf(item, now)}\n  ${webLink(item.url) ?? ''}`;
}

function footing(letter: Letter): string[] {
  const { reason, matrix, none } = footingOf(letter);
  const address = letter.settingsUrl && webLink(letter.settingsUrl);
  return [letter.repliable ? ANSWER : '', `${reason} ${matrix}`, address ? `${none}: ${address}` : `${none}.`];
}
