/**
 * What mail programs put around somebody else's words in one language, alternatives parted by "|". Case and accents do not matter, and
 * a language that is not here is still known by what is the same everywhere: dates, addresses, dashes, marks of quotation.
 */
export interface Language {
  name: string;
  /** how the line above a quotation begins, before its date */
  on: string;
  /** "wrote", where nothing follows it but a date: "On ... Ann wrote:" */
  wrote: string;
  /** "wrote", where the name follows: "Am ... schrieb Ann:" */
  wroteBy?: string;
  from: string;
  sent: string;
  to: string;
  cc: string;
  subject: string;
  /** other labels that stand among these */
  also?: string;
  /** what stands between dashes above a mail that was answered */
  original: string;
  /** and above one that was passed on */
  forwarded: string;
  /** how the line begins that a phone or a program adds by itself */
  device: string;
  /** or how it ends */
  deviceEnd?: string;
  /** what people write above their name */
  closing: string;
}
