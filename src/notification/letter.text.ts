import { cut } from '../kernel/cut.ts';
import { REPLY_MARKER } from '../kernel/replyMarker.ts';
import { writtenText } from '../kernel/richText.ts';
import { cleanLines, oneLine } from '../kernel/text.ts';
import { type Group, groupsOf } from './letter.groups.ts';
import type { Letter, LetterItem, LostItem } from './letter.ts';
import { dueOf, momentText, namesText, projectText, type ShownChange, shownChanges } from './letter.values.ts';
import { reasonOf, sentenceOf } from './letter.words.ts';

/** How much of a text is told, in characters; the whole is at the item. */
export const MAX_TOLD = 12_000;
/** How many items of a digest are told of one by one, and how many bytes they may come to. */
export const MAX_ITEMS = 100;

/** A letter as plain text. */
export function textOf(letter: Letter): string {
  const { company, items, repliable } = letter;
  const [item, ...more] = items;
  const paragraphs = [
    repliable && REPLY_MARKER,
    `${oneLine(company)} | ${more.length > 0 ? 'Correspondence' : projectText(item!.project)}`,
    ...(more.length > 0 ? ofSeveral(letter) : ofOne(item!, letter.now)),
    '________',
    ...footing(letter),
  ];
  return `${paragraphs.filter(Boolean).join('\n\n')}\n`;
}

function ofOne(item: LetterItem | LostItem, now: Date): string[] {
  const heading = `${oneLine(item.number)}  ${oneLine(item.title)}`.trim();
  const sentence = sentenceOf(item, now);
  if (item.event === 'REMOVED') return [heading, sentence];
  const { changes, response, fields, description, attachments } = item;
  return [
    `${heading}\n${stateOf(item, now)}`,
    item.actor ? `${sentence}\n${momentText(item.at, item.project.timeZone)}` : sentence,
    response ? [told(response.notes), ...files(response.attachments)].filter(Boolean).map(indented).join('\n') : '',
    changesText(shownChanges(changes)),
    fields
      .map(({ label, value }) => `${oneLine(label)}: ${typeof value === 'string' ? oneLine(value) : namesText(value)}`)
      .join('\n'),
    description ? told(description) : '',
    ...files(attachments),
    `Open ${oneLine(item.number)}: ${item.url}`,
  ];
}

const files = (names: readonly string[]): string[] => (names.length > 0 ? [`Attached: ${namesText(names)}`] : []);

const indented = (text: string): string => text.replaceAll(/^/gm, '    ');

const told = (html: string): string => cut(cleanLines(writtenText(html)), MAX_TOLD);

/** "Design Review | Open | Private | due Tue 10 Mar 2026 (in 8 days)" */
function stateOf(item: LetterItem, now: Date): string {
  const due = dueOf(item, now);
  return [
    oneLine(item.tool),
    oneLine(item.status.name),
    item.isPrivate ? 'Private' : '',
    due ? `due ${due.day}${due.distance ? ` (${due.distance})` : ''}` : '',
  ]
    .filter(Boolean)
    .join(' | ');
}

const changesText = (changes: readonly ShownChange[]): string =>
  changes
    .map((change) => {
      if ('old' in change) return `${change.label}: ${change.old ?? 'none'} -> ${change.new ?? 'none'}`;
      const parts = [
        change.added.length > 0 && `added ${namesText(change.added)}`,
        change.removed.length > 0 && `removed ${namesText(change.removed)}`,
      ];
      return `${change.label}: ${parts.filter(Boolean).join('; ')}`;
    })
    .join('\n');

function ofSeveral({ items, now }: Letter): string[] {
  const shown = items.slice(0, MAX_ITEMS);
  const groups = groupsOf(shown, now);
  const several = new Set(groups.map(({ project }) => project)).size > 1;
  const paragraphs = groups.flatMap((group, n) => [
    several && groups[n - 1]?.project !== group.project ? `== ${group.project} ==` : '',
    groupText(group, now),
  ]);
  const rest = items.length - shown.length;
  return [
    several ? '' : groups[0]!.project,
    ...paragraphs,
    rest > 0 ? `... and ${rest} more ${rest === 1 ? 'item' : 'items'}` : '',
  ];
}

const groupText = ({ sentence, changes, items }: Group, now: Date): string =>
  [sentence, changesText(changes), ...items.map((item) => lineOf(item, now))].filter(Boolean).join('\n');

function lineOf(item: LetterItem | LostItem, now: Date): string {
  const heading = `- ${oneLine(item.number)}  ${cut(oneLine(item.title), 100)}`.trim();
  return item.event === 'REMOVED' ? heading : `${heading}\n  ${stateOf(item, now)}\n  ${item.url}`;
}

function footing({ items, repliable, settingsUrl, company }: Letter): string[] {
  const events = items.every(({ event }) => event === 'OVERDUE') ? 'what is overdue' : 'changes such as this';
  return [
    repliable ? 'You can answer this mail: what you write above the first line comes back to the item.' : '',
    `You get this mail because ${reasonOf(items)}, and the project sends mail about ${events}. ` +
      'Which changes it sends mail about is for the ADMINs of the tool in the project to say.',
    `To get no mail of ${oneLine(company)} at all, set wantsEmail to false with updateViewer${settingsUrl ? `: ${settingsUrl}` : '.'}`,
  ];
}
