/** What is told of HTML while it is read. */
export interface Reader {
  text(text: string): void;
  open(name: string, attributes: Attributes): void;
  close(name: string): void;
}

/** Of attributes those that say something of quotations, empty where they are not there. */
export type Attributes = Readonly<
  Partial<
    Record<
      'class' | 'id' | 'name' | 'style' | 'type' | 'cite' | 'data-marker' | 'data-smartmail' | 'data-signatureblock',
      string
    >
  >
>;

const WANTED = /^(?:class|id|name|style|type|cite|data-marker|data-smartmail|data-signatureblock)$/;
// of longer ones only the beginning is looked at
const LONGEST_VALUE = 400;
const LONGEST_NAME = 40;
// what stands in them is nothing that is read
const RAW = new Set(['script', 'style', 'title', 'noembed', 'noframes', 'template']);
const NONE: Attributes = {};

/**
 * Reads HTML from its beginning to its end, once: whatever is missing (a quote, a bracket, the end of a comment) is looked for to the end
 * of the text only once, and what it leaves open is taken for text. Nothing that a browser shows is lost by that, and some of what it hides is shown.
 */
export function readHtml(html: string, reader: Reader): void {
  // what there is none of any more
  const gone = new Set<string>();
  const find = (what: string, from: number): number => {
    if (gone.has(what)) return -1;
    const at = html.indexOf(what, from);
    if (at < 0) gone.add(what);
    return at;
  };
  let at = 0;
  let written = 0;
  const flush = (to: number) => {
    if (to > written) reader.text(html.slice(written, to));
  };
  for (let next = find('<', 0); next >= 0; next = find('<', at)) {
    const end = tokenEnd(html, next, find);
    if (end < 0) {
      // a bracket and nothing more: text
      at = next + 1;
      continue;
    }
    flush(next);
    at = written = end;
    const code = html.charCodeAt(next + 1);
    if (code === SLASH) reader.close(nameAt(html, next + 2));
    else if (isLetter(code)) {
      const name = nameAt(html, next + 1);
      reader.open(name, attributesOf(html, next + 1 + name.length, end - 1, find));
      if (RAW.has(name) && html.charCodeAt(end - 2) !== SLASH) {
        const past = rawEnd(html, name, end, gone);
        if (past >= 0) at = written = past;
      }
    }
  }
  flush(html.length);
}

type Find = (what: string, from: number) => number;
const [SLASH, BANG, QUESTION, DOUBLE, SINGLE, EQUALS, GREATER] = [47, 33, 63, 34, 39, 61, 62];

const isLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

/** Where the tag, comment or declaration ends that begins with a bracket; -1 if the bracket is text. */
function tokenEnd(html: string, from: number, find: Find): number {
  const code = html.charCodeAt(from + 1);
  if (code === BANG && html.startsWith('--', from + 2)) {
    if (html.startsWith('>', from + 4)) return from + 5;
    const end = find('-->', from + 4);
    return end < 0 ? -1 : end + 3;
  }
  if (code === BANG || code === QUESTION) {
    const end = find('>', from);
    return end < 0 ? -1 : end + 1;
  }
  if (!isLetter(code === SLASH ? html.charCodeAt(from + 2) : code)) return -1;
  // "<ann@example.com>" is what somebody wrote
  const name = nameAt(html, code === SLASH ? from + 2 : from + 1);
  const follows = html.charCodeAt(from + (code === SLASH ? 2 : 1) + name.length);
  if (!isSpace(follows) && follows !== SLASH && follows !== GREATER) return -1;
  return tagEnd(html, from + 1 + name.length, find);
}

/** Where a tag ends: at the first bracket that is in no quotes. */
function tagEnd(html: string, from: number, find: Find): number {
  let at = from;
  for (;;) {
    const bracket = find('>', at);
    if (bracket < 0) return -1;
    // the values in quotes before it
    let quote = -1;
    for (let look = at; look < bracket; look += 1) {
      const code = html.charCodeAt(look);
      if ((code === DOUBLE || code === SINGLE) && isValue(html, look, from)) {
        quote = look;
        break;
      }
    }
    if (quote < 0) return bracket + 1;
    const end = find(html[quote]!, quote + 1);
    // nothing ends it: it is no quote
    if (end < 0) return bracket + 1;
    at = end + 1;
  }
}

/** Whether a quote begins a value: an equals sign stands before it. */
function isValue(html: string, quote: number, from: number): boolean {
  let at = quote - 1;
  while (at > from && at > quote - LONGEST_NAME && isSpace(html.charCodeAt(at))) at -= 1;
  return html.charCodeAt(at) === EQUALS;
}

// letters, digits, ":", "_", "." and "-"
const isNamed = (code: number): boolean =>
  isLetter(code) || (code >= 48 && code <= 58) || code === 95 || code === 45 || code === 46;

/** The name that begins at a place, in small letters. */
function nameAt(html: string, from: number): string {
  let at = from;
  const most = from + LONGEST_NAME;
  while (at < most && isNamed(html.charCodeAt(at))) at += 1;
  return html.slice(from, at).toLowerCase();
}

/** The attributes of a tag, as far as they are wanted; those that come first count. */
function attributesOf(html: string, from: number, to: number, find: Find): Attributes {
  if (to - from < 3) return NONE;
  const attributes: Record<string, string> = {};
  let at = from;
  while (at < to) {
    while (at < to && (isSpace(html.charCodeAt(at)) || html.charCodeAt(at) === SLASH)) at += 1;
    const begin = at;
    while (at < to && html.charCodeAt(at) !== EQUALS && !isSpace(html.charCodeAt(at)) && html.charCodeAt(at) !== SLASH)
      at += 1;
    const end = at;
    while (at < to && isSpace(html.charCodeAt(at))) at += 1;
    if (html.charCodeAt(at) !== EQUALS || at >= to) {
      if (at === begin) at += 1;
      continue;
    }
    at += 1;
    while (at < to && isSpace(html.charCodeAt(at))) at += 1;
    const quote = html.charCodeAt(at);
    let [first, last] = [at, at];
    const closing = quote === DOUBLE || quote === SINGLE ? find(html[at]!, at + 1) : -1;
    if (closing >= 0 && closing <= to) {
      [first, last] = [at + 1, closing];
      at = closing + 1;
    } else {
      while (at < to && !isSpace(html.charCodeAt(at))) at += 1;
      last = at;
    }
    if (end - begin > LONGEST_NAME) continue;
    const name = html.slice(begin, end).toLowerCase();
    if (WANTED.test(name)) attributes[name] ??= html.slice(first, Math.min(last, first + LONGEST_VALUE));
  }
  return attributes;
}

/** Where the end tag of a script or a style ends; -1 if there is none. */
function rawEnd(html: string, name: string, from: number, gone: Set<string>): number {
  const what = `</${name}`;
  if (gone.has(what)) return -1;
  for (let at = html.indexOf('</', from); at >= 0; at = html.indexOf('</', at + 2)) {
    if (html.slice(at + 2, at + 2 + name.length).toLowerCase() !== name) continue;
    const end = html.indexOf('>', at);
    return end < 0 ? html.length : end + 1;
  }
  gone.add(what);
  return -1;
}
