import { createHash } from 'node:crypto';
import type { Address, Email } from 'postal-mime';
import { pathToMail } from '../delivery/mailbox.links.ts';
import type { Context } from '../graph/context.ts';
import { type Markup, markup } from '../kernel/markup.ts';

/** A mail as the list shows it. */
export interface ShownMail {
  name: string;
  at: Date;
  to: Address[];
  subject: string;
}

export interface MailboxView {
  mails: ShownMail[];
  total: number;
  /** the one that is read */
  open: { name: string; email: Email } | null;
}

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d5dbe1, #3a434c); --soft: light-dark(#f3f6f9, #1d2329); --quiet: light-dark(#5a6672, #9aa7b3); --here: light-dark(#dcebf8, #24425e) }
* { box-sizing: border-box }
body { margin: 0; height: 100vh; display: grid; grid-template: auto 1fr / minmax(16rem, 26rem) 1fr; font: 14px/1.45 system-ui, sans-serif }
header { grid-column: 1 / -1; display: flex; gap: 1rem; align-items: baseline; padding: .7rem 1rem; background: #1f4e79; color: #fff }
header h1 { font-size: 1rem; margin: 0 }
header span { opacity: .8 }
header a { color: #fff; margin-left: auto }
nav { overflow: auto; border-right: 1px solid var(--line); background: var(--soft) }
nav a { display: block; padding: .55rem 1rem; border-bottom: 1px solid var(--line); color: inherit; text-decoration: none }
nav a[aria-current], nav a:hover { background: var(--here) }
nav b, nav span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
nav span, nav p, dt, .none { color: var(--quiet) }
nav p { padding: 0 1rem }
main { overflow: auto; display: flex; flex-direction: column; min-width: 0 }
h2 { font-size: 1.15rem; margin: .9rem 1rem .4rem; overflow-wrap: anywhere }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem; margin: 0 1rem .7rem }
dd { margin: 0; overflow-wrap: anywhere }
iframe { flex: 1 0 24rem; width: 100%; border: 0; border-top: 1px solid var(--line); background: #fff }
details { border-top: 1px solid var(--line); padding: .5rem 1rem }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .6rem 0 }
.none { margin: auto; padding: 2rem; text-align: center }
@media (max-width: 700px) {
  body { height: auto; grid-template: auto auto auto / 1fr }
  nav { max-height: 40vh; border-right: 0; border-bottom: 1px solid var(--line) }
  iframe { flex: none; height: 80vh }
}
`;
const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;
// no scripts at all; the mail is in a frame of its own, by a link that brings its own policy (delivery/mailbox.links.ts)
const POLICY = [
  "default-src 'none'",
  `style-src ${STYLE_HASH}`,
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SHEET: Markup = { html: STYLE };

/** The page, and the policy that it is shown under. */
export function mailboxPage(context: Context, view: MailboxView): { html: string; policy: string } {
  const { mails, total, open } = view;
  const count = total === 1 ? '1 mail' : `${total} mails`;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${open ? `${open.email.subject ?? ''} - Mailbox` : 'Mailbox'}</title>
<style>${SHEET}</style>
</head>
<body>
<header><h1>Mailbox</h1><span>${count}. No mail server is set (SMTP_URL): what would be sent is kept here.</span><a href="/mailbox">Newest</a></header>
<nav aria-label="Mails">${mails.map((mail) => lineOf(mail, mail.name === open?.name))}${total > mails.length && markup`<p>${total - mails.length} older ones are in DATA_DIR/mailbox.</p>`}</nav>
<main>${open ? mailOf(context, open) : markup`<p class="none">${total > 0 ? 'Choose a mail.' : 'Nothing yet: make or change an item that others are on.'}</p>`}</main>
</body>
</html>
`;
  return { html: page.html, policy: POLICY };
}

const lineOf = ({ name, at, to, subject }: ShownMail, isOpen: boolean): Markup =>
  markup`<a href="/mailbox?mail=${name}"${isOpen && HERE}><b dir="auto">${subject || '(no subject)'}</b><span dir="auto">${to.map(namedOf).join(', ')}</span><span>${timeOf(at)}</span></a>`;

const HERE: Markup = { html: ' aria-current="true"' };

const namedOf = ({ name, address }: Address): string => name || address || '';
const wholeOf = ({ name, address }: Address): string => (name ? `${name} <${address}>` : (address ?? ''));
const timeOf = (at: Date): string => `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

// what a reader wants to know; all others are in the file
const HEADERS = [
  'Date',
  'Message-ID',
  'In-Reply-To',
  'Auto-Submitted',
  'List-Unsubscribe',
  'Delivered-To',
  'Return-Path',
];

function mailOf(context: Context, { name, email }: NonNullable<MailboxView['open']>): Markup {
  const { from, to = [], cc = [], replyTo = [], subject, text, html, headers, attachments } = email;
  const people: [string, Address[]][] = [
    ['From', from ? [from] : []],
    ['To', to],
    ['Cc', cc],
    ['Reply-To', replyTo],
  ];
  const lines = [
    ...people.map(([label, some]) => [label, some.map(wholeOf).join(', ')]),
    ...HEADERS.map((label) => [label, headers.find(({ key }) => key === label.toLowerCase())?.value ?? '']),
    ['Files', attachments.map(({ filename, mimeType }) => `${filename ?? '(no name)'} (${mimeType})`).join(', ')],
  ];
  return markup`<h2 dir="auto">${subject || '(no subject)'}</h2>
<dl>${lines.filter(([, value]) => value).map(([label, value]) => markup`<dt>${label}</dt><dd dir="auto">${value}</dd>`)}</dl>
${html && markup`<iframe title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" src="${pathToMail(context, name, 'html')}"></iframe>`}
<details${!html && OPEN}><summary>As plain text</summary><pre dir="auto">${text ?? ''}</pre></details>
<details><summary>As a file</summary><p><a href="${pathToMail(context, name, 'eml')}">${name}.eml</a>, <a href="${pathToMail(context, name, 'text')}">its text</a></p></details>`;
}

const OPEN: Markup = { html: ' open' };
