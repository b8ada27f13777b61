import { type Markup, markup } from '../kernel/markup.ts';
import { REPLY_MARKER } from '../kernel/replyMarker.ts';
import { oneLine } from '../kernel/text.ts';
import { digestMarkup } from './letter.digest.ts';
import { footingMarkup, preheaderOf } from './letter.frame.ts';
import type { Group } from './letter.groups.ts';
import { itemMarkup } from './letter.item.ts';
import { type Room, roomOf } from './letter.room.ts';
import { SHEET, STYLE } from './letter.style.ts';
import type { Letter } from './letter.ts';
import { projectText } from './letter.values.ts';

// Gmail cuts what comes behind 102 KB
const MOST_BYTES = 100_000;

/** A letter as HTML for mail programs: tables, styles within the elements, nothing fetched and nothing run. Of any length of facts. */
export function htmlOf(letter: Letter, groups: readonly Group[], subject: string): string {
  for (let part = 1; ; part /= 2) {
    const html = pageOf(letter, groups, subject, roomOf(part));
    if (Buffer.byteLength(html) <= MOST_BYTES || part < 0.01) return html;
  }
}

function pageOf(letter: Letter, groups: readonly Group[], subject: string, room: Room): string {
  const { company, items, repliable } = letter;
  const [item, ...more] = items;
  const content =
    more.length > 0 ? digestMarkup(letter, groups, subject, room) : itemMarkup(item!, groups[0]!, letter.now, room);
  const place = more.length > 0 ? null : projectText(item!.project);
  return markup`<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">
<title>${subject}</title>
<style>${SHEET_MARKUP}</style>
</head>
<body class="page" style="${STYLE.page}">
<div style="display:none;max-height:0;overflow:hidden;opacity:0">${preheaderOf(letter, groups)}${FILLER}</div>
<table class="page" role="presentation" width="100%" cellspacing="0" cellpadding="0" style="${STYLE.page}"><tr><td align="center" style="padding:20px 8px">
<!--[if mso]><table role="presentation" width="600" cellspacing="0" cellpadding="0"><tr><td><![endif]-->
<table role="presentation" width="100%" cellspacing="0" cellpadding="0" style="max-width:600px">
${repliable && markup`<tr><td class="tiny" align="center" style="${STYLE.tiny};padding:0 8px 12px">${REPLY_MARKER}</td></tr>`}
<tr><td class="small pad" style="${STYLE.small};padding:0 28px 10px"><strong dir="auto">${oneLine(company)}</strong>${place !== null && markup` &nbsp;·&nbsp; <span dir="auto">${place}</span>`}</td></tr>
<tr><td class="card" style="${STYLE.card}">
<table role="presentation" width="100%" cellspacing="0" cellpadding="0">${content}</table>
</td></tr>
<tr><td class="tiny pad" style="${STYLE.tiny};padding:16px 28px 8px">${footingMarkup(letter)}</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr></table>
</body>
</html>
`.html;
}

const SHEET_MARKUP: Markup = { html: SHEET };
// so that lists of mails show nothing of what follows behind the preheader
const FILLER: Markup = { html: '&#847;&zwnj;&nbsp;'.repeat(40) };
