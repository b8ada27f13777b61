import { type Markup, markup } from '../kernel/markup.ts';
import { REPLY_MARKER } from '../kernel/replyMarker.ts';

/** What a mail from a person says: its text, which is safe HTML, and the mail that it answers, if that is to follow. */
export interface PersonalMail {
  html: string;
  content: string;
  /** what is attached elsewhere, a line each */
  referred: readonly string[];
  quoted: { author: string; at: Date; content: string } | null;
}

// what a mail answers is repeated so far: whoever wants more has the thread
const MAX_QUOTED = 20_000;

/** A mail from a person, as text and as HTML: no more around what they wrote than they would send from a program of their own. */
export function writePersonal({ html, content, referred, quoted }: PersonalMail): { text: string; html: string } {
  const head = quoted ? `On ${dayAndTime(quoted.at)}, ${quoted.author} wrote:` : '';
  const earlier = quoted?.content.slice(0, MAX_QUOTED).toWellFormed() ?? '';
  const quote = earlier.split('\n').map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`.trimEnd()));
  return {
    text: [content, referred.join('\n'), ...(quoted ? [REPLY_MARKER, `${head}\n${quote.join('\n')}`] : [])]
      .filter(Boolean)
      .join('\n\n')
      .concat('\n'),
    html: page([
      { html },
      ...referred.map((line) => markup`<p dir="auto">${line}</p>`),
      ...(quoted ? [markup`<p>${REPLY_MARKER}</p><p dir="auto">${head}</p>`, quotation(earlier)] : []),
    ]),
  };
}

const quotation = (text: string): Markup => markup`<blockquote type="cite" dir="auto"
  style="margin:0 0 0 8px;padding:0 0 0 12px;border-left:2px solid #9aa5b1">${text
    .split('\n')
    .map((line, n) => (n === 0 ? line : markup`<br>${line}`))}</blockquote>`;

const page = (parts: readonly Markup[]): string =>
  markup`<!doctype html><html><head><meta charset="utf-8"></head><body dir="auto" style="font-family:sans-serif;font-size:15px;line-height:1.5">${parts}</body></html>`
    .html;

/** 2026-03-02 09:00 UTC: read by people of several zones, and by programs that look for quotes. */
const dayAndTime = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
