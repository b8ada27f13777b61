import { GraphQLError, Kind, print, type ValueNode, valueFromASTUntyped } from 'graphql';
import { isDay, readDateTime } from '../kernel/days.ts';
import { readDecimal } from '../kernel/decimal.ts';
import { builder } from './builder.ts';

const readDate = (text: string): string | null => (isDay(text) ? text : null);

/** How a scalar is read, from variables and documents alike: from strings only, and what it cannot read is named. */
function readFrom<T>(name: string, wanted: string, read: (text: string) => T | null) {
  const refused = (written: string) =>
    new GraphQLError(`${written.slice(0, 100)} is not a ${name}: ${wanted}.`, {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  return {
    parseValue(value: unknown): T {
      const parsed = typeof value === 'string' ? read(value) : null;
      if (parsed === null) throw refused(JSON.stringify(value));
      return parsed;
    },
    parseLiteral(node: ValueNode): T {
      const parsed = node.kind === Kind.STRING ? read(node.value) : null;
      if (parsed === null) throw refused(print(node));
      return parsed;
    },
  };
}

// as PostgreSQL writes a moment of ours: in UTC, to the millisecond, without zeros at the end
const STORED = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,3}))?\+00$/;

/** RFC 3339 with milliseconds. What comes from the database is only written anew: a Date of each takes four times as long. */
function written(value: unknown): string {
  const stored = typeof value === 'string' ? STORED.exec(value) : null;
  if (stored) return `${stored[1]}T${stored[2]}.${(stored[3] ?? '').padEnd(3, '0')}Z`;
  return (value instanceof Date ? value : new Date(value as string)).toISOString();
}

builder.scalarType('DateTime', {
  description:
    'A moment, RFC 3339 in UTC with milliseconds: "2020-08-31T14:00:00.000Z". Other offsets are understood and turned to UTC.',
  serialize: written,
  ...readFrom('DateTime', 'write it as in RFC 3339, such as "2020-08-31T14:00:00.000Z"', readDateTime),
});

builder.scalarType('Date', {
  description: 'A day of the calendar, YYYY-MM-DD: "2020-08-31". Anything else ("08/31/2020") is refused.',
  serialize: (value) => String(value),
  ...readFrom('Date', 'write it as YYYY-MM-DD, such as "2020-08-31"', readDate),
});

// a number is a double before anybody sees it: 12345678901234567890 would arrive as 12345678901234567000
builder.scalarType('Decimal', {
  description:
    'An exact decimal number as a string: "1250.75". At most 20 digits before and 10 behind the point; a number without quotes is refused.',
  serialize: (value) => String(value),
  ...readFrom(
    'Decimal',
    'write it as a string of digits, such as "1250.75", with at most 20 before and 10 behind the point',
    readDecimal,
  ),
});

builder.scalarType('JSON', {
  description:
    'A value of whatever JSON type the field that bears it says: text, number, true or false, null, list or object.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});
