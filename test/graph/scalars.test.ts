import { GraphQLError, type GraphQLScalarType, parseValue as parseDocumentValue } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../src/graph/schema.ts';
import { createWorld } from '../kit/world.ts';

const scalar = (name: string) => schema.getType(name) as GraphQLScalarType<unknown, unknown>;

/** A value as it is read from a variable, and as it stands in a document: both ways must agree. */
function read(name: string, value: unknown): unknown {
  const ways = [
    () => scalar(name).parseValue(value),
    () => scalar(name).parseLiteral(parseDocumentValue(JSON.stringify(value).replace(/"([^"]+)":/g, '$1:'))),
  ].map((way) => {
    try {
      return way();
    } catch (error) {
      expect(error).toBeInstanceOf(GraphQLError);
      expect((error as GraphQLError).extensions.code).toBe('BAD_USER_INPUT');
      return `refused: ${(error as GraphQLError).message}`;
    }
  });
  const [variable, literal] = ways;
  if (typeof value === 'string' || !String(variable).startsWith('refused')) expect(variable).toEqual(literal);
  else expect(literal).toMatch(/^refused: /);
  return variable;
}

const NONE = [
  null,
  true,
  0,
  20200831,
  1.5,
  {},
  [],
  ['2020-08-31'],
  { date: '2020-08-31' },
  '',
  ' ',
  'null',
  'now',
  'x'.repeat(300),
];

test.each([
  '2020-08-31',
  '2024-02-29',
  '2000-02-29',
  '0001-01-01',
  '0099-12-31',
  '9999-12-31',
])('%s is a Date', (text) => {
  expect(read('Date', text)).toBe(text);
  expect(scalar('Date').serialize(text)).toBe(text);
});

test.each([
  '08/31/2020',
  '31.08.2020',
  '2020-8-31',
  '20200831',
  '2020-08-31 ',
  ' 2020-08-31',
  '2020-08-31\n',
  '2020-08-32',
  '2020-08-00',
  '2020-13-01',
  '2020-00-01',
  '2020-02-30',
  '2023-02-29',
  '1900-02-29',
  '0000-01-01',
  '10000-01-01',
  '-2020-08-31',
  '+002020-08-31',
  '2020-08-31T00:00:00Z',
  '2020-W36-1',
  '٢٠٢٠-٠٨-٣١',
  '2020‐08‐31',
  'infinity',
  ...NONE,
])('%j is no Date', (value) => {
  expect(read('Date', value)).toMatch(/^refused: .* is not a Date: write it as YYYY-MM-DD, such as "2020-08-31"\.$/s);
});

test.each([
  ['2020-08-31T14:00:00.000Z', '2020-08-31T14:00:00.000Z'],
  ['2020-08-31T14:00:00Z', '2020-08-31T14:00:00.000Z'],
  ['2020-08-31t14:00:00z', '2020-08-31T14:00:00.000Z'],
  ['2020-08-31T14:00:00.5Z', '2020-08-31T14:00:00.500Z'],
  ['2020-08-31T14:00:00.123456789Z', '2020-08-31T14:00:00.123Z'],
  ['2020-08-31T14:00:00+00:00', '2020-08-31T14:00:00.000Z'],
  ['2020-08-31T14:00:00-00:00', '2020-08-31T14:00:00.000Z'],
  ['2020-08-31T14:00:00+05:45', '2020-08-31T08:15:00.000Z'],
  ['2020-12-31T20:00:00-08:00', '2021-01-01T04:00:00.000Z'],
  ['2024-02-29T23:59:59.999Z', '2024-02-29T23:59:59.999Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
])('%s is the DateTime %s', (text, moment) => {
  expect(read('DateTime', text)).toEqual(new Date(moment));
  expect(scalar('DateTime').serialize(new Date(moment))).toBe(moment);
  expect(scalar('DateTime').serialize(moment)).toBe(moment);
});

test.each([
  '08/31/2020',
  '2020-08-31',
  '2020-08-31T14:00',
  '2020-08-31T14:00:00',
  '2020-08-31 14:00:00Z',
  '2020-08-31T14:00:00 Z',
  '2020-08-31T24:00:00Z',
  '2020-08-31T14:60:00Z',
  '2020-08-31T14:00:60Z',
  '2020-02-30T14:00:00Z',
  '2020-13-01T14:00:00Z',
  '0000-01-01T00:00:00Z',
  '10000-01-01T00:00:00Z',
  '+010000-01-01T00:00:00Z',
  '2020-08-31T14:00:00+24:00',
  '2020-08-31T14:00:00+05',
  '2020-08-31T14:00:00+0545',
  '2020-08-31T14:00:00.Z',
  '2020-08-31T14:00:00,5Z',
  '2020-08-31T14:00:00.1234567890Z',
  '20200831T140000Z',
  '2020-08-31T14:00:00Z\n',
  'Mon, 31 Aug 2020 14:00:00 GMT',
  // in UTC these lie outside of the years that can be written
  '0001-01-01T00:00:00+00:01',
  '9999-12-31T23:59:59-00:01',
  1598882400000,
  ...NONE,
])('%j is no DateTime', (value) => {
  expect(read('DateTime', value)).toMatch(
    /^refused: .* is not a DateTime: write it as in RFC 3339, such as "2020-08-31T14:00:00\.000Z"\.$/s,
  );
});

test.each([
  '0',
  '-0',
  '1',
  '-1',
  '1250.75',
  '1250.750',
  '0.0000000001',
  '007.50',
  `${'9'.repeat(20)}.${'9'.repeat(10)}`,
])('%s is a Decimal, digit by digit', (text) => {
  expect(read('Decimal', text)).toBe(text);
  expect(scalar('Decimal').serialize(text)).toBe(text);
});

test.each([
  '1,250.75',
  '1250,75',
  '1e3',
  '1E-3',
  '+1',
  '.5',
  '5.',
  '--1',
  '0x10',
  '1_000',
  'NaN',
  'Infinity',
  '-Infinity',
  ' 1',
  '1 ',
  '1\n',
  '１２',
  '9'.repeat(21),
  `0.${'1'.repeat(11)}`,
  '9'.repeat(300),
  // numbers are doubles before anybody sees them: 12345678901234567890 would come out as 12345678901234567000
  12.5,
  -1,
  1e21,
  ...NONE,
])('%j is no Decimal', (value) => {
  const message = read('Decimal', value);
  expect(message).toMatch(
    /^refused: .* is not a Decimal: write it as a string of digits, such as "1250\.75", with at most /s,
  );
  expect((message as string).length).toBeLessThan(300);
});

test('through the door: what is refused is named, wherever it stands, and what is taken comes back as it was', async () => {
  await using world = await createWorld();
  const tower = await world.project('Tower');
  const review = await world.tool('Design Review', [tower]);
  const ann = await world.person('Ann Example');
  await world.grant(ann, tower, review, 'STANDARD');

  const variable =
    'query ($day: Date, $time: DateTime) { items(filter: { dueDate: { eq: $day }, createdAt: { gt: $time } }) { nodes { id } } }';
  const literal = (filter: string) => `{ items(filter: { ${filter} }) { nodes { id } } }`;
  for (const [culprit, source, variables] of [
    ['08/31/2020', variable, { day: '08/31/2020' }],
    ['08/31/2020', literal('dueDate: { eq: "08/31/2020" }'), {}],
    ['yesterday', variable, { time: 'yesterday' }],
    ['yesterday', literal('createdAt: { lt: "yesterday" }'), {}],
    ['20200831', literal('dueDate: { eq: 20200831 }'), {}],
  ] as [string, string, object][]) {
    const response = await world.post(ann, { query: source, variables });
    expect(response.status, culprit).toBeLessThan(500);
    const { data, errors } = (await response.json()) as {
      data?: unknown;
      errors: { message: string; extensions: object }[];
    };
    expect(data ?? null).toBe(null);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors[0]!.message).toContain(culprit);
  }

  const create = `mutation ($item: ItemPatch!) {
    createItem(input: { projectId: "${tower.gid}", genericToolId: "${review.gid}", item: $item }) {
      item { dueDate quantity costImpact { amount } createdAt } userErrors { message }
    }
  }`;
  for (const item of [
    { dueDate: '08/31/2020' },
    { quantity: 12.5 },
    { costImpact: { status: 'YES_KNOWN', amount: 'NaN' } },
  ]) {
    const { data, errors } = await world.ask(ann, create, { item });
    expect(data ?? null).toBe(null);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  }
  const amount = '12345678901234567890.0123456789';
  world.clock.set('2026-03-02T09:00:00.007Z');
  const { createItem } = await world.get(ann, create, {
    item: { dueDate: '0001-01-01', quantity: amount, costImpact: { status: 'YES_KNOWN', amount } },
  });
  expect(createItem).toMatchObject({
    userErrors: [],
    item: { dueDate: '0001-01-01', quantity: amount, costImpact: { amount } },
  });
  expect(createItem.item.createdAt).toMatch(/^2026-03-02T09:00:00\.0\d\dZ$/);
});
