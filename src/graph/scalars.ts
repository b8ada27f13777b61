import { GraphQLError, type ValueNode, valueFromASTUntyped } from 'graphql';
import { builder } from './builder.ts';

const refused = (name: string, value: unknown, wanted: string) =>
  new GraphQLError(`${JSON.stringify(value)?.slice(0, 100)} is not a ${name}: ${wanted}.`, {
    extensions: { code: 'BAD_USER_INPUT' },
  });

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;

/** Whether a text is a day of the calendar, YYYY-MM-DD, of the years 0001 to 9999. */
export function isDate(text: string): boolean {
  const [, year, month, day] = DATE.exec(text)?.map(Number) ?? [];
  if (!year || !month || !day) return false;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

const TIME = /^(\d{4}-\d\d-\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

// 20 digits before and 10 behind the point: sums of money and quantities; a numeric column would take 131,072
const DECIMAL = /^-?(\d{1,20})(\.\d{1,10})?$/;

function parseDate(value: unknown): string {
  if (typeof value === 'string' && isDate(value)) return value;
  throw refused('Date', value, 'write it as YYYY-MM-DD, such as "2020-08-31"');
}

function parseDateTime(value: unknown): Date {
  const [, date] = (typeof value === 'string' && TIME.exec(value)) || [];
  if (date && isDate(date)) return new Date(value as string);
  throw refused('DateTime', value, 'write it as in RFC 3339, such as "2020-08-31T14:00:00.000Z"');
}

function parseDecimal(value: unknown): string {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  if (typeof text === 'string' && DECIMAL.test(text)) return text;
  throw refused(
    'Decimal',
    value,
    'write it as a string of digits, such as "1250.75", with at most 20 before and 10 behind the point',
  );
}

/** Text only: a number or a list in the document is not silently read as one. */
const literal =
  <T>(parse: (value: unknown) => T) =>
  (node: ValueNode, variables?: Record<string, unknown> | null): T =>
    parse(valueFromASTUntyped(node, variables));

const asDate = (value: unknown): Date => (value instanceof Date ? value : new Date(value as string));

builder.scalarType('DateTime', {
  description:
    'A moment, RFC 3339 in UTC with milliseconds: "2020-08-31T14:00:00.000Z". Other offsets are understood and turned to UTC.',
  serialize: (value) => asDate(value).toISOString(),
  parseValue: parseDateTime,
  parseLiteral: literal(parseDateTime),
});

builder.scalarType('Date', {
  description: 'A day of the calendar, YYYY-MM-DD: "2020-08-31". Anything else ("08/31/2020") is refused.',
  serialize: (value) => String(value),
  parseValue: parseDate,
  parseLiteral: literal(parseDate),
});

builder.scalarType('Decimal', {
  description: 'An exact decimal number as a string: "1250.75". At most 20 digits before and 10 behind the point.',
  serialize: (value) => String(value),
  parseValue: parseDecimal,
  parseLiteral: literal(parseDecimal),
});
