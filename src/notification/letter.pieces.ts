import { cut } from '../kernel/cut.ts';
import { type Markup, markup } from '../kernel/markup.ts';
import { oneLine } from '../kernel/text.ts';
import { pillOf, STYLE } from './letter.style.ts';
import type { LetterItem } from './letter.ts';
import { dueOf, namesText, type ShownChange } from './letter.values.ts';

/** "Open  Private  due Tue 10 Mar 2026, in 8 days" */
export function stateMarkup(item: LetterItem, now: Date): Markup {
  const due = dueOf(item, now);
  const { name, style } = pillOf(item.status.category);
  const late = markup`<span class="late" style="${STYLE.late}">${due?.distance ?? ''}</span>`;
  return markup`<span class="${name}" dir="auto" style="${style}">${cut(oneLine(item.status.name), 60)}</span>${
    item.isPrivate && markup` <span class="rest" style="${pillOf('CLOSED').style}">Private</span>`
  }${due && markup` &nbsp;due ${due.day}`}${due?.distance && markup`, ${due.isOverdue ? late : due.distance}`}`;
}

const CELL = 'padding:7px 10px 7px 0';
const headerCell = (text: string, width: string) =>
  markup`<th scope="col" align="left" width="${width}" class="tiny" style="${STYLE.tiny};padding:0 10px 4px 0;font-weight:600">${text}</th>`;

/** What has changed, as a table: field, before, now. */
export function changesMarkup(changes: readonly ShownChange[]): Markup {
  return markup`<table width="100%" cellspacing="0" cellpadding="0" style="border-collapse:collapse;table-layout:fixed">
<tr>${headerCell('Field', '28%')}${headerCell('Before', '36%')}${headerCell('Now', '36%')}</tr>${changes.map(changeMarkup)}</table>`;
}

function changeMarkup(change: ShownChange): Markup {
  const label = markup`<th scope="row" align="left" valign="top" class="small line" dir="auto" style="${STYLE.small};${STYLE.line};${CELL};font-weight:400">${change.label}</th>`;
  const cell = (text: string | null, look: 'added' | 'removed') =>
    markup`<td valign="top" class="small line" style="${STYLE.small};${STYLE.line};${CELL}">${
      text === null
        ? markup`<em>none</em>`
        : markup`<span class="${look}" dir="auto" style="${STYLE[look]}">${text}</span>`
    }</td>`;
  if ('old' in change) return markup`<tr>${label}${cell(change.old, 'removed')}${cell(change.new, 'added')}</tr>`;
  const [removed, added] = [change.removed, change.added].map((names) => (names.length > 0 ? namesText(names) : ''));
  return markup`<tr>${label}${cell(removed!, 'removed')}${cell(added!, 'added')}</tr>`;
}

/** A row of a letter: what stands in it has the width of the card. */
export const rowOf = (content: Markup, padding = '0 28px 16px'): Markup =>
  markup`<tr><td class="pad" style="padding:${padding}">${content}</td></tr>`;

/** A small heading. */
export const headingOf = (text: string): Markup =>
  markup`<div class="tiny" style="${STYLE.tiny};font-weight:600;padding-bottom:4px">${text}</div>`;
