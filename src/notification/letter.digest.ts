import { cut } from '../kernel/cut.ts';
import { type Markup, markup } from '../kernel/markup.ts';
import { oneLine } from '../kernel/text.ts';
import { type Group, groupsOf } from './letter.groups.ts';
import { changesMarkup, rowOf, stateMarkup } from './letter.pieces.ts';
import { webLink } from './letter.rich.ts';
import { STYLE } from './letter.style.ts';
import { subjectOf } from './letter.subject.ts';
import type { Letter, LetterItem, LostItem } from './letter.ts';
import { momentText } from './letter.values.ts';

// with its frame a letter stays below the 102 KB behind which Gmail cuts
const ROOM = 80_000;

/** What a letter about several items says, as rows of its card: those that fit. */
export function digestMarkup(letter: Letter): Markup {
  const { items, now } = letter;
  let shown = items;
  let content = groupsMarkup(shown, now);
  // what a row takes differs by its title and address: a few rounds find how many fit
  while (content.html.length > ROOM && shown.length > 1) {
    shown = shown.slice(0, Math.max(1, Math.floor((shown.length * ROOM) / content.html.length / 1.05)));
    content = groupsMarkup(shown, now);
  }
  const rest = items.length - shown.length;
  const heading = markup`<h1 class="title" dir="auto" style="${STYLE.title}">${subjectOf(letter)}</h1>`;
  return markup`${rowOf(heading, '24px 28px 6px')}${content}${rest > 0 && rowOf(markup`<div class="small" style="${STYLE.small}">… and ${rest} more ${rest === 1 ? 'item' : 'items'}</div>`, '12px 28px 0')}<tr><td style="height:22px;line-height:22px;font-size:0">&nbsp;</td></tr>`;
}

function groupsMarkup(items: readonly (LetterItem | LostItem)[], now: Date): Markup {
  const groups = groupsOf(items, now);
  const several = new Set(groups.map(({ project }) => project)).size > 1;
  return markup`${groups.map(
    (group, n) =>
      markup`${several && groups[n - 1]?.project !== group.project && rowOf(markup`<h2 class="ink" dir="auto" style="${STYLE.ink};font-weight:600;margin:0">${group.project}</h2>`, '14px 28px 0')}${groupMarkup(group, now)}`,
  )}`;
}

const groupMarkup = ({ sentence, changes, items }: Group, now: Date): Markup => {
  const [first] = items;
  const when =
    first && first.event !== 'REMOVED' && first.actor
      ? markup`<div class="tiny" style="${STYLE.tiny}">${momentText(first.at, first.project.timeZone)}</div>`
      : null;
  return markup`${rowOf(markup`<div class="ink" dir="auto" style="${STYLE.ink}">${sentence}</div>${when}`, '12px 28px 8px')}${
    changes.length > 0 && rowOf(changesMarkup(changes), '0 28px 8px')
  }${items.map((item) => lineMarkup(item, now))}`;
};

function lineMarkup(item: LetterItem | LostItem, now: Date): Markup {
  const number = oneLine(item.number);
  const title = cut(oneLine(item.title), 120);
  const address = item.event === 'REMOVED' ? null : webLink(item.url);
  const called = address
    ? markup`<a class="link" style="${STYLE.link};font-weight:600" href="${address}"><span dir="auto">${number}</span></a>`
    : markup`<strong dir="auto">${number}</strong>`;
  return rowOf(
    markup`<div class="ink" style="${STYLE.ink}">${called} &nbsp;<span dir="auto">${title}</span></div>${
      item.event !== 'REMOVED' &&
      markup`<div class="small" style="${STYLE.small};padding-top:2px">${stateMarkup(item, now)}</div>`
    }`,
    '7px 28px 7px',
  );
}
