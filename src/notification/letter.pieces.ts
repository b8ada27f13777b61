import { cut } from '../kernel/cut.ts';
import { type Markup, markup } from '../kernel/markup.ts';
import { oneLine } from '../kernel/text.ts';
import { type ShownChange, shortened } from './letter.changes.ts';
import type { Room } from './letter.room.ts';
import { pillOf, STYLE } from './letter.style.ts';
import type { LetterItem } from './letter.ts';
import { dueOf, namesText } from './letter.values.ts';
import type { Said } from './letter.words.ts';

/** "Open  Private  due Tue 10 Mar 2026, in 8 days" */
export function stateMarkup(item: LetterItem, now: Date): Markup {
  const due = dueOf(item, now);
  const { name, style } = pillOf(item.status.category);
  const status = markup`<span class="${name}" dir="auto" style="${style}">${cut(oneLine(item.status.name), 60)}</span>`;
  const isPrivate = item.isPrivate && markup` <span class="rest" style="${pillOf('CLOSED').style}">Private</span>`;
  const when = due?.isOverdue ? markup`<span class="late" style="${STYLE.late}">${due.distance}</span>` : due?.distance;
  return markup`${status}${isPrivate}${due && markup` &nbsp;due ${due.day}, ${when}`}`;
}

/** Who did what; names run as they are written, the sentence from left to right. */
export const saidMarkup = ({ who, what }: Said): Markup =>
  markup`${who !== null && markup`<strong dir="auto" style="font-weight:600">${who}</strong> `}${what}`;

const NONE = markup`<em>none</em>`;
const look = (name: 'added' | 'removed', text: string): Markup =>
  markup`<span class="${name}" dir="auto" style="${STYLE[name]}">${text}</span>`;

/** What was before and what is now: of a field that holds several, what went and what came. */
function sidesOf(change: ShownChange): [Markup | null, Markup | null] {
  if ('old' in change)
    return [
      change.old === null ? NONE : look('removed', change.old),
      change.new === null ? NONE : look('added', change.new),
    ];
  const { added, removed } = change;
  return [
    removed.length > 0 ? markup`removed ${look('removed', namesText(removed))}` : null,
    added.length > 0 ? markup`added ${look('added', namesText(added))}` : null,
  ];
}

const CELL = 'padding:7px 10px 7px 0';
const headerCell = (text: string, width: string) =>
  markup`<th scope="col" align="left" width="${width}" class="tiny" style="${STYLE.tiny};padding:0 10px 4px 0;font-weight:600">${text}</th>`;
const bodyCell = (content: Markup | null): Markup =>
  markup`<td valign="top" class="small line" style="${STYLE.small};${STYLE.line};${CELL}">${content}</td>`;
const labelCell = (label: string): Markup =>
  markup`<th scope="row" align="left" valign="top" width="28%" class="small line" dir="auto" style="${STYLE.small};${STYLE.line};${CELL};font-weight:400">${label}</th>`;

const moreRow = (count: number): Markup | false =>
  count > 0 && markup`<tr>${labelCell('')}${bodyCell(markup`and ${count} more fields`)}</tr>`;

/** What has changed, as a table: field, before, now. */
export const changesTable = (changes: readonly ShownChange[], { rows, value }: Room): Markup =>
  markup`<table width="100%" cellspacing="0" cellpadding="0" style="border-collapse:collapse;table-layout:fixed">
<tr>${headerCell('Field', '28%')}${headerCell('Before', '36%')}${headerCell('Now', '36%')}</tr>${changes
    .slice(0, rows)
    .map(
      (change) => markup`<tr>${labelCell(change.label)}${sidesOf(shortened(change, value)).map(bodyCell)}</tr>`,
    )}${moreRow(changes.length - rows)}</table>`;

/** The same a line each, for a digest: "Due Date: 3 Mar 2026 → 10 Mar 2026". */
export const changeLines = (changes: readonly ShownChange[], { rows, value }: Room): Markup =>
  markup`${changes.slice(0, rows).map((change) => {
    const [before, after] = sidesOf(shortened(change, value));
    const between = before && after && ('old' in change ? markup` &rarr; ` : markup`, `);
    return markup`<div><span dir="auto">${change.label}</span>: ${before}${between}${after}</div>`;
  })}${changes.length > rows && markup`<div>and ${changes.length - rows} more fields</div>`}`;

/** Fields under their labels. */
export const fieldsTable = (fields: readonly { label: string; text: string }[], rows: number): Markup =>
  markup`<table width="100%" cellspacing="0" cellpadding="0" style="border-collapse:collapse;table-layout:fixed">${fields
    .slice(0, rows)
    .map(
      ({ label, text }) =>
        markup`<tr>${labelCell(label)}<td valign="top" class="ink line" dir="auto" style="${STYLE.ink};${STYLE.line};font-size:13px;line-height:19px;padding:7px 0">${text}</td></tr>`,
    )}${moreRow(fields.length - rows)}</table>`;

/** A row of a letter: what stands in it has the width of the card. */
export const rowOf = (content: Markup, padding = '0 28px 16px'): Markup =>
  markup`<tr><td class="pad" style="padding:${padding}">${content}</td></tr>`;

/** A small heading. */
export const headingOf = (text: string): Markup =>
  markup`<div class="tiny" style="${STYLE.tiny};font-weight:600;padding-bottom:4px">${text}</div>`;
