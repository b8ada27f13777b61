// RFC 5321 4.5.3.1.3: a path has 256 octets, the angle brackets included
export const MAX_EMAIL = 254;

// what people and programs have as addresses: no quoted local parts, no comments, no address literals, no spaces
const EMAIL = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"._-][^\s@<>()[\]\\,;:"]*$/;

/** Whether a text is one e-mail address. A host without a dot is fine: a mail server of one's own may have such a name. */
export function isEmail(text: string): boolean {
  const [local, domain] = [text.slice(0, text.lastIndexOf('@')), text.slice(text.lastIndexOf('@') + 1)];
  return EMAIL.test(text) && text.length <= MAX_EMAIL && [local, domain].every((part) => !/^\.|\.\.|\.$/.test(part));
}

/** Whether a text is a language tag of BCP 47. */
export function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

// Area/Place, or UTC: not the abbreviations, offsets and POSIX rules (SystemV/AST4) that some programs take for zones too
const ZONE = /^(UTC|(?!SystemV\/)[A-Za-z]+(\/[A-Za-z0-9_+-]+)+)$/;

/** Whether a text names a time zone of IANA's, such as "America/Los_Angeles", or UTC. */
export function isTimeZone(name: string): boolean {
  try {
    return ZONE.test(name) && Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** The name that an address suggests: "jane.doe@example.com" is Jane Doe. */
export const nameOfEmail = (email: string): string =>
  email
    .slice(0, email.lastIndexOf('@'))
    .split(/[._+-]+/)
    .filter(Boolean)
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join(' ');
