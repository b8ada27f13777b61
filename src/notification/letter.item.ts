import { cut } from '../kernel/cut.ts';
import { type Markup, markup } from '../kernel/markup.ts';
import { oneLine } from '../kernel/text.ts';
import type { Group } from './letter.groups.ts';
import { changesTable, fieldsTable, headingOf, rowOf, saidMarkup, stateMarkup } from './letter.pieces.ts';
import { richMarkup, webLink } from './letter.rich.ts';
import type { Room } from './letter.room.ts';
import { STYLE } from './letter.style.ts';
import type { LetterField, LetterItem, LetterResponse, LostItem } from './letter.ts';
import { momentText, namesText } from './letter.values.ts';
import { partOf } from './letter.words.ts';

/** What a letter about one item says, as rows of its card. */
export function itemMarkup(item: LetterItem | LostItem, { said, changes }: Group, now: Date, room: Room): Markup {
  const sentence = markup`<div class="ink" style="${STYLE.ink}">${saidMarkup(said)}</div>`;
  if (item.event === 'REMOVED') return markup`${titleRow(item, null)}${rowOf(sentence, '4px 28px 24px')}`;
  const { response, fields, description, attachments } = item;
  const rest = [item.actor && momentText(item.at, item.project.timeZone), partOf(item)].filter(Boolean).join(' · ');
  return markup`${titleRow(item, oneLine(item.tool))}${[
    rowOf(markup`<div class="small" style="${STYLE.small}">${stateMarkup(item, now)}</div>`),
    rowOf(markup`${sentence}<div class="tiny" style="${STYLE.tiny}">${rest}</div>`),
    response && rowOf(responseMarkup(response, room)),
    changes.length > 0 && rowOf(changesTable(changes, room)),
    fields.length > 0 && rowOf(fieldsTable(shownFields(fields, room.field), room.rows)),
    description && rowOf(markup`${headingOf('Description')}${textMarkup(description, room)}`),
    attachments.length > 0 && rowOf(markup`${headingOf('Attachments')}${filesMarkup(attachments)}`),
    buttonRow(item.url, `Open ${cut(oneLine(item.number), 40)}`),
  ]}`;
}

const titleRow = ({ number, title }: LetterItem | LostItem, tool: string | null): Markup =>
  rowOf(
    markup`<div class="small" style="${STYLE.small};padding-bottom:4px"><strong dir="auto">${oneLine(number)}</strong>${
      tool !== null && markup` &nbsp;·&nbsp; <span dir="auto">${tool}</span>`
    }</div><h1 class="title" dir="auto" style="${STYLE.title}">${oneLine(title) || oneLine(number)}</h1>`,
    '24px 28px 10px',
  );

const shownFields = (fields: readonly LetterField[], max: number) =>
  fields.map(({ label, value }) => ({
    label: cut(oneLine(label), 80),
    text: typeof value === 'string' ? cut(oneLine(value), max) : namesText(value),
  }));

function textMarkup(html: string, room: Room): Markup {
  const { html: shown, whole } = richMarkup(html, room.text);
  return markup`<div class="ink" style="${STYLE.ink}">${shown}</div>${
    !whole && markup`<div class="tiny" style="${STYLE.tiny};padding-bottom:8px">The rest is at the item.</div>`
  }`;
}

const filesMarkup = (names: readonly string[]): Markup =>
  markup`<div class="small" dir="auto" style="${STYLE.small}">${namesText(names)}</div>`;

const responseMarkup = ({ official, notes, attachments }: LetterResponse, room: Room): Markup =>
  markup`<table role="presentation" width="100%" cellspacing="0" cellpadding="0"><tr><td class="quote" style="${STYLE.quote};padding:12px 16px 6px">${headingOf(
    official ? 'Official response' : 'Response',
  )}${notes && textMarkup(notes, room)}${
    attachments.length > 0 &&
    markup`<div style="padding-bottom:6px">${headingOf('Attached')}${filesMarkup(attachments)}</div>`
  }</td></tr></table>`;

/** A link that looks like a button, also where only tables have a colour. */
function buttonRow(url: string, text: string): Markup {
  const address = webLink(url);
  const link =
    address &&
    markup`<table role="presentation" cellspacing="0" cellpadding="0"><tr><td bgcolor="#1a56c4" style="border-radius:7px;mso-padding-alt:11px 20px"><a href="${address}" style="${STYLE.button};display:inline-block;padding:11px 20px;border-radius:7px"><span dir="auto">${text}</span></a></td></tr></table>`;
  return rowOf(markup`${link}`, '4px 28px 26px');
}
