import { cut } from '../kernel/cut.ts';
import { type Markup, markup } from '../kernel/markup.ts';
import { oneLine } from '../kernel/text.ts';
import { changesMarkup, headingOf, rowOf, stateMarkup } from './letter.pieces.ts';
import { richMarkup, webLink } from './letter.rich.ts';
import { STYLE } from './letter.style.ts';
import type { LetterField, LetterItem, LetterResponse, LostItem } from './letter.ts';
import { momentText, namesText, shownChanges } from './letter.values.ts';
import { sentenceOf } from './letter.words.ts';

// some ten pages; with all else a letter stays below the 102 KB behind which Gmail cuts
const ROOM = 40_000;

/** What a letter about one item says, as rows of its card. */
export function itemMarkup(item: LetterItem | LostItem, now: Date): Markup {
  const number = oneLine(item.number);
  const heading = (tool: string | null) =>
    rowOf(
      markup`<div class="small" style="${STYLE.small};padding-bottom:4px"><strong dir="auto">${number}</strong>${tool !== null && markup` &nbsp;·&nbsp; <span dir="auto">${tool}</span>`}</div>
<h1 class="title" dir="auto" style="${STYLE.title}">${oneLine(item.title) || number}</h1>`,
      '24px 28px 10px',
    );
  const sentence = markup`<span class="ink" dir="auto" style="${STYLE.ink}">${sentenceOf(item, now)}</span>`;
  if (item.event === 'REMOVED') return markup`${heading(null)}${rowOf(sentence, '0 28px 24px')}`;
  const { changes, response, fields, description, attachments } = item;
  const shown = shownChanges(changes);
  return markup`${heading(oneLine(item.tool))}${rowOf(
    markup`<div class="small" style="${STYLE.small}">${stateMarkup(item, now)}</div>`,
  )}${rowOf(
    markup`${sentence}${item.actor && markup`<div class="tiny" style="${STYLE.tiny}">${momentText(item.at, item.project.timeZone)}</div>`}`,
  )}${response && rowOf(responseMarkup(response))}${shown.length > 0 && rowOf(changesMarkup(shown))}${
    fields.length > 0 && rowOf(fieldsMarkup(fields))
  }${description && rowOf(markup`${headingOf('Description')}${textMarkup(description)}`)}${
    attachments.length > 0 && rowOf(markup`${headingOf('Attachments')}${filesMarkup(attachments)}`)
  }${buttonRow(item.url, `Open ${cut(number, 40)}`)}`;
}

const textMarkup = (html: string): Markup => {
  const { html: shown, whole } = richMarkup(html, ROOM);
  return markup`<div class="ink" style="${STYLE.ink}">${shown}</div>${!whole && markup`<div class="tiny" style="${STYLE.tiny}">The rest is at the item.</div>`}`;
};

const filesMarkup = (names: readonly string[]): Markup =>
  markup`<div class="small" dir="auto" style="${STYLE.small}">${namesText(names)}</div>`;

const responseMarkup = ({ official, notes, attachments }: LetterResponse): Markup =>
  markup`<table role="presentation" width="100%" cellspacing="0" cellpadding="0"><tr><td class="quote" style="${STYLE.quote};padding:12px 16px 6px">${headingOf(
    official ? 'Official response' : 'Response',
  )}${notes && textMarkup(notes)}${attachments.length > 0 && markup`<div style="padding-bottom:6px">${headingOf('Attached')}${filesMarkup(attachments)}</div>`}</td></tr></table>`;

const fieldsMarkup = (fields: readonly LetterField[]): Markup =>
  markup`<table width="100%" cellspacing="0" cellpadding="0" style="border-collapse:collapse">${fields.map(
    ({ label, value }) =>
      markup`<tr><th scope="row" align="left" valign="top" width="28%" class="small line" dir="auto" style="${STYLE.small};${STYLE.line};padding:7px 10px 7px 0;font-weight:400">${cut(oneLine(label), 80)}</th><td valign="top" class="small line" style="${STYLE.small};${STYLE.line};padding:7px 0"><span class="ink" dir="auto" style="${STYLE.ink};font-size:13px;line-height:19px">${
        typeof value === 'string' ? cut(oneLine(value), 500) : namesText(value)
      }</span></td></tr>`,
  )}</table>`;

/** A link that looks like a button, also where only tables have a colour. */
const buttonRow = (url: string, text: string): Markup => {
  const address = webLink(url);
  return rowOf(
    address
      ? markup`<table role="presentation" cellspacing="0" cellpadding="0"><tr><td bgcolor="#1a56c4" style="border-radius:7px"><a href="${address}" style="${STYLE.button};display:inline-block;padding:11px 20px;border-radius:7px">${text}</a></td></tr></table>`
      : markup``,
    '4px 28px 26px',
  );
};
