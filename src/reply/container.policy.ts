import type { Attributes } from './htmlTokens.policy.ts';

/**
 * What an element of HTML says of what stands in it. QUOTE: all of it is quoted. PLAIN: so it seems, by its element alone. SOFT: it is a quotation, but answers may stand in it
 * between the quotations that it has inside. INTRO: the line above a quotation. TAIL: a quotation begins here and goes to the end. HEAD:
 * perhaps the head of a mail, if its lines look like it. OWN: it looks like a quotation and is only indented.
 */
export type Container = 'QUOTE' | 'PLAIN' | 'SOFT' | 'INTRO' | 'TAIL' | 'HEAD' | 'FORWARD' | 'SIGNATURE' | 'OWN';

// Names that mail programs give to classes and ids, and to elements. Programs that pass on what they got put "x_" before them.
const NAMES: readonly [Container, string][] = [
  [
    'SOFT',
    // Gmail, Proton, Fastmail, Missive, Spark, Superhuman, Tutanota, HubSpot, Zoho, Lark, NetEase, Front
    'gmail_quote gmail_quote_container protonmail_quote proton-quote missive_quote sh-quoted-content messagereplysection tutanota_quote hs_reply hs-quoted lark-mail-quote zmail_extra isreplycontent ntes-pcmail-quote front-quote mailspring-quote nylas-quote n1-quote gmail_msg_quote reply-quoted qt',
  ],
  [
    'QUOTE',
    // Yahoo, AOL, Airmail, Freshdesk, Zendesk, GMX, Mimecast, Samsung
    'yahoo_quoted yahoo_quoted_begin aolmail_quoted airmail_original bloop_original_html clean_bq freshdesk_quote zd_quote moz-cite-quote mail_quote quoted-text quotedtext mailquote',
  ],
  ['INTRO', 'gmail_attr moz-cite-prefix reply-intro reply_intro protonmail_attribution missive_attribution'],
  [
    'TAIL',
    // Outlook of all kinds, Hotmail, Zimbra
    'divrplyfwdmsg stopspelling zwchr outlookmessageheader mail-editor-reference-message-container olk_src_body_section replyforwardmsg mail_reply_header',
  ],
  ['FORWARD', 'moz-forward-container forward-container forwarded-message isforwardcontent'],
  [
    'SIGNATURE',
    'gmail_signature gmail_signature_prefix moz-signature signature ms-outlook-mobile-signature applemailsignature appmailsignature protonmail_signature_block composer_signature _rc_sig front-signature messagesignaturesection sh-signature bloop_sign mobile-signature ymail_android_signature ymail_ios_signature email-signature mail-signature tutanota-signature bluemail_signature email_signature',
  ],
];
const BY_NAME: ReadonlyMap<string, Container> = new Map(
  NAMES.flatMap(([container, names]) => names.split(' ').map((name): [string, Container] => [name, container])),
);

/** What an element says of what stands in it, by its names and its style; null where it says nothing. */
export function containerOf(element: string, attributes: Attributes): Container | null {
  const named =
    namedBy(attributes.class) ?? namedBy(attributes.id) ?? namedBy(attributes.name) ?? byData(element, attributes);
  // Gmail quotes in quotes of the same name: the inner one holds nobody's answers
  if (element === 'blockquote') return named === 'SIGNATURE' ? named : quotation(attributes, named !== null);
  if (named || element === 'hr') return named;
  if (attributes.name?.toLowerCase() === 'quote') return 'QUOTE';
  return attributes.style !== undefined && BORDER_ABOVE.test(attributes.style) ? 'HEAD' : null;
}

function namedBy(names: string | undefined): Container | null {
  if (!names) return null;
  for (const name of names.toLowerCase().split(/\s+/)) {
    const plain = name.replace(/^(?:x_)+|^ecx|^(?:ydp|yiv)\w{0,20}(?=yahoo_quoted)/, '');
    const found = BY_NAME.get(plain) ?? BY_NAME.get(plain.replace(/[_-]?\d+$/, ''));
    if (found) return found;
  }
  return null;
}

function byData(element: string, attributes: Attributes): Container | null {
  if (attributes['data-smartmail'] === 'gmail_signature' || attributes['data-signatureblock'] === 'true')
    return 'SIGNATURE';
  const marker = attributes['data-marker'] ?? '';
  if (marker === '__QUOTED_TEXT__') return 'SOFT';
  if (marker === '__DIVIDER__' || marker === '__HEADERS__') return 'TAIL';
  if (marker.startsWith('__SIG')) return 'SIGNATURE';
  return element === 'blockquote' || !/^lark-mail-quote/.test(attributes.id ?? '') ? null : 'SOFT';
}

// "border-top:solid #E1E1E1 1.0pt", "border-top-style: solid"
const BORDER_ABOVE = /border-top(?:-style)?\s?:[^;]{0,60}solid/i;
const BORDER_BESIDE =
  /border-(?:left|right|inline-start)(?:-style|-width)?\s?:\s?(?!none|0)|border-width\s?:[^;]{0,40}[1-9]/i;

/** Whether a blockquote quotes: what only moves text to the right has a margin and no border. */
function quotation({ type, style = '', cite, class: names = '' }: Attributes, isNamed: boolean): Container {
  if (isNamed || type?.toLowerCase() === 'cite' || cite !== undefined || BORDER_BESIDE.test(style)) return 'QUOTE';
  if (/indent/i.test(names)) return 'OWN';
  return /margin|padding|border/i.test(style) ? 'OWN' : 'PLAIN';
}
