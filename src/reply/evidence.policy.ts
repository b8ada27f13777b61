// What a line has in it that people seldom write and mail programs always do. Each is bounded, and asked of lines of bounded length.

const YEAR = /(?<!\d)(?:19|20|25)\d\d(?!\d)/;
const NUMERIC_DATE = /(?<![\d.])\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}(?![\d])/;
const EASTERN_DATE = /\d{1,2}\s?[月월]\s?\d{1,2}/;
// the months of English and its like: most programs that leave the year out write these
const NAMED_DATE =
  /(?<!\p{L})(?:jan|feb|fev|fév|mar|mär|maa|apr|avr|abr|mai|may|maj|jun|jui|jul|aug|aoû|ago|sep|set|oct|okt|out|nov|dec|dez|déc|dic)\p{L}{0,8}\.?,?\s\d{1,2}(?!\d)|(?<!\d)\d{1,2}\.?\s(?:de\s)?(?:jan|feb|fev|fév|mar|mär|apr|avr|abr|mai|may|maj|jun|jui|jul|aug|aoû|ago|sep|set|oct|okt|out|nov|dec|dez|déc|dic)\p{L}{0,8}(?!\p{L})/iu;
const CLOCK =
  /(?<![\d:])\d{1,2}\s?[:h时時点點시]\s?[0-5]\d(?!\d)|(?<!\d)\d{1,2}\s?(?:[AaPp]\.?[Mm]\.?(?!\p{L}))|[时時点點시]\s?\d{0,2}/u;
const POINTED_CLOCK = /(?<![\d.,])[0-2]?\d\.[0-5]\d(?![\d.])/;
const ADDRESS = /[^\s@<>()"',;:[\]]@[^\s@<>()"',;:[\]]/;

/** Whether a day is named in a text. */
export const hasDate = (text: string): boolean =>
  /\d/.test(text) && (YEAR.test(text) || NUMERIC_DATE.test(text) || EASTERN_DATE.test(text) || NAMED_DATE.test(text));

/** Whether an hour is named in a text: 10:30, 10h30, 10.30, 5 pm. */
export const hasClock = (text: string): boolean => /\d/.test(text) && (CLOCK.test(text) || POINTED_CLOCK.test(text));

/** Whether an address of mail is in a text. */
export const hasAddress = (text: string): boolean => text.includes('@') && ADDRESS.test(text);
