/** What clients put in front of a subject when they answer or pass on, in many languages. */
const PREFIXES = [
  ...[
    're',
    'aw',
    'antw',
    'antwort',
    'sv',
    'vs',
    'res',
    'rif',
    'odp',
    'ynt',
    'vá',
    'bls',
    'ref',
    'r',
    'atb',
    'rv',
    'enc',
  ],
  ...['fw', 'fwd', 'wg', 'tr', 'doorst', 'vb', 'vl', 'pd', 'i', 'továbbítás', 'ilt', 'ptd', 'fs', 'rép', 'vedr'],
  ...[
    '回复',
    '答复',
    '转发',
    '回覆',
    '轉寄',
    '返信',
    '転送',
    '답장',
    '전달',
    'الرد',
    'تحويل',
    'השב',
    'הועבר',
    'ответ',
    'пересл',
    'відп',
    'σχετ',
    'απ',
    'πρθ',
  ],
];
const PREFIX = new RegExp(`^(?:${PREFIXES.join('|')})(?:\\[\\d{1,3}\\]|\\(\\d{1,3}\\))?\\s?[:：]\\s*`, 'i');
// a subject has 255 characters at most where it comes to a thread; a header may have any number
const MOST = 1_000;

/** A subject without the prefixes of replies and forwards, and whether it had any. Linear in the first thousand characters. */
export function withoutPrefixes(subject: string): { base: string; hadPrefix: boolean } {
  let rest = subject.slice(0, MOST).trim();
  let hadPrefix = false;
  for (let found = PREFIX.exec(rest); found; found = PREFIX.exec(rest)) {
    hadPrefix = true;
    rest = rest.slice(found[0].length).trim();
  }
  return { base: rest.replace(/\s+/g, ' '), hadPrefix };
}

/** What mails of one thread have in common when nothing else says so. */
export const baseSubject = (subject: string): string => withoutPrefixes(subject).base.toLowerCase();

/** The subject of a reply: that of the mail answered, with one prefix. */
export const replySubject = (subject: string): string => `Re: ${withoutPrefixes(subject).base}`;
