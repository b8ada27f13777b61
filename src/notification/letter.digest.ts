import { cut } from '../kernel/cut.ts';
import { type Markup, markup } from '../kernel/markup.ts';
import { oneLine } from '../kernel/text.ts';
import { firstOf, type Group } from './letter.groups.ts';
import { changeLines, rowOf, saidMarkup, stateMarkup } from './letter.pieces.ts';
import { webLink } from './letter.rich.ts';
import type { Room } from './letter.room.ts';
import { STYLE } from './letter.style.ts';
import type { Letter, LetterItem, LostItem } from './letter.ts';
import { momentText } from './letter.values.ts';

/** What a letter about several items says, as rows of its card: what happened to many alike is said once. */
export function digestMarkup(
  { items, more = 0, now }: Letter,
  all: readonly Group[],
  heading: string,
  room: Room,
): Markup {
  const groups = firstOf(all, room.items);
  const several = new Set(groups.map(({ project }) => project)).size > 1;
  const rest = items.length + more - room.items;
  const project = ({ project }: Group, n: number) =>
    several &&
    groups[n - 1]?.project !== project &&
    rowOf(
      markup`<h2 class="ink" dir="auto" style="${STYLE.ink};font-weight:600;margin:0">${project}</h2>`,
      '14px 28px 0',
    );
  return markup`${rowOf(
    markup`<h1 class="title" dir="auto" style="${STYLE.title}">${heading}</h1>${momentOf(items)}`,
    '24px 28px 6px',
  )}${groups.map((group, n) => markup`${project(group, n)}${groupMarkup(group, now, room)}`)}${
    rest > 0 && rowOf(markup`<div class="small" style="${STYLE.small}">${moreText(rest)}</div>`, '12px 28px 0')
  }<tr><td style="height:22px;line-height:22px;font-size:0">&nbsp;</td></tr>`;
}

/** What is said of the items that a digest has no room for. */
export const moreText = (count: number): string => `... and ${count} more ${count === 1 ? 'item' : 'items'}`;

/** One act made all of it: its time is said once. */
function momentOf(items: Letter['items']): Markup | null {
  const item = items.find((one): one is LetterItem => one.event !== 'REMOVED' && one.actor !== null);
  return item
    ? markup`<div class="tiny" style="${STYLE.tiny}">${momentText(item.at, item.project.timeZone)}</div>`
    : null;
}

function groupMarkup({ said, changes, items }: Group, now: Date, room: Room): Markup {
  const what = markup`<div class="ink" style="${STYLE.ink}">${saidMarkup(said)}</div>`;
  const lines =
    changes.length > 0 && markup`<div class="small" style="${STYLE.small}">${changeLines(changes, room)}</div>`;
  return rowOf(markup`${what}${lines}${items.map((item) => lineMarkup(item, now))}`, '12px 28px 6px');
}

function lineMarkup(item: LetterItem | LostItem, now: Date): Markup {
  const number = markup`<span dir="auto">${oneLine(item.number)}</span>`;
  const address = item.event === 'REMOVED' ? null : webLink(item.url);
  const called = address
    ? markup`<a class="link" style="${STYLE.link};font-weight:600;font-size:15px" href="${address}">${number}</a>`
    : markup`<strong class="added" style="${INK}">${number}</strong>`;
  const state = item.event !== 'REMOVED' && markup`<br>${stateMarkup(item, now)}`;
  return markup`<div class="small line" style="${STYLE.small};${STYLE.line};margin-top:7px;padding-top:7px">${called} &nbsp;<span class="added" dir="auto" style="${INK}">${cut(oneLine(item.title), 120)}</span>${state}</div>`;
}

const INK = 'color:#1c2733;font-size:15px';
