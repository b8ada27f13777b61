import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CustomFieldFilter } from '../../src/item/item.customFilter.ts';
import { plainText } from '../../src/kernel/plainText.ts';
import { type CustomThing, putCustomFields } from '../kit/customFields.ts';
import { createOffice, nothing, type Office, type Payload } from '../kit/office.ts';
import { putItems } from '../kit/putItems.ts';
import { putReferences } from '../kit/reference.ts';
import type { Thing } from '../kit/world.ts';
import { byIds, byLetters, byText, byValue, inRange, naturally } from './plainList.ts';

const WANTED = {
  Line: { dataType: 'STRING' },
  Text: { dataType: 'RICH_TEXT' },
  Number: { dataType: 'DECIMAL' },
  Money: { dataType: 'CURRENCY' },
  Flag: { dataType: 'BOOLEAN' },
  Day: { dataType: 'DATE' },
  Moment: { dataType: 'DATETIME' },
  One: { dataType: 'SINGLE_SELECT', options: ['Zinc', 'Alu', 'Mud'] },
  Some: { dataType: 'MULTI_SELECT', options: ['North', 'East', 'South'] },
  Person: { dataType: 'USER' },
  People: { dataType: 'USERS' },
  Firm: { dataType: 'COMPANY' },
  Place: { dataType: 'LOCATION' },
  Note: { dataType: 'READ_ONLY', defaultValue: 'x' },
} as const;
type Label = keyof typeof WANTED;
interface Row extends Thing {
  title: string;
  // biome-ignore lint/suspicious/noExplicitAny: values of many types
  values: Partial<Record<Label, any>>;
}

let office: Office;
let fields: Record<Label, CustomThing>;
let rows: Row[];
let pools: Record<Exclude<Label, 'Note'>, unknown[]>;
/** names and keys of what values refer to, by global id */
const known = new Map<string, string>();

beforeAll(async () => {
  office = await createOffice();
  const { ada, ben, rae, tower, review } = office;
  const boss = await office.person('Bea Boss', { admin: true });
  fields = await putCustomFields(office, boss, review, WANTED as never);
  const locations = await putReferences(
    office,
    tower,
    ['Level 10', 'Level 9', 'level 9>Room'].map((path) => ({ kind: 'LOCATION', name: path, path })),
  );
  for (const [path, { gid }] of Object.entries(locations)) known.set(gid, path);
  const firms = await Promise.all(['Zeta', 'Älpha', 'beta'].map((name) => office.vendor(name)));
  for (const [n, { gid }] of firms.entries()) known.set(gid, ['Zeta', 'Älpha', 'beta'][n]!);
  for (const { gid, name } of [ada, ben, rae]) known.set(gid, name);
  const people = [ada, ben, rae].map(({ gid }) => gid);
  const options = (label: 'One' | 'Some') => Object.values(fields[label].options).map(({ gid }) => gid);
  const subsets = (ids: string[]) => [[ids[0]], [ids[1]], [ids[0], ids[1]], [ids[1], ids[2]], ids];
  pools = {
    Line: ['Steel', 'steel', 'Stél', 'Straße 10', 'STRASSE 9', '50%_off', 'a\\b', 'x'],
    Text: ['<p>bold</p><p>move</p>', 'b<b>ol</b>d', 'a &amp; b', '<ul><li>Item</li></ul>'],
    Number: ['-1.5', '0', '0.0000000001', '9', '10', '99999999999999999999.5'],
    Money: ['-20', '1', '1.01', '100', '20'],
    Flag: [true, false],
    Day: ['0001-01-01', '2024-02-29', '2026-03-02', '9999-12-31'],
    Moment: ['2024-02-29T08:00:00.000Z', '2024-02-29T08:00:00.001Z', '1999-01-01T00:00:00.000Z'],
    One: options('One'),
    Some: subsets(options('Some')),
    Person: people,
    People: subsets(people as string[]),
    Firm: firms.map(({ gid }) => gid),
    Place: Object.values(locations).map(({ gid }) => gid),
  };
  const made = await putItems(
    office,
    Array.from({ length: 45 }, (_, n) => ({
      ...{
        project: tower,
        tool: review,
        by: ada,
        title: `T${n % 4}`,
        status: n % 9 ? 'Open' : 'Draft',
        private: n % 5 === 0,
      },
    })),
  );
  // each value beside each other some time, and none in a third
  rows = made.map((thing, n) => {
    const values: Row['values'] = {};
    for (const [k, [label, pool]] of Object.entries(pools).entries())
      if ((n * 7 + k * 5) % 3) values[label as Label] = pool[(n * (k + 3) + (n >> 2)) % pool.length];
    return { ...thing, title: `T${n % 4}`, values };
  });
  const updates = rows.map(({ gid, values }) => ({
    id: gid,
    patch: {
      customFields: Object.entries(values).map(([label, value]) => ({
        customFieldId: fields[label as Label].gid,
        value,
      })),
    },
  }));
  const { results, updatedCount } = await office.batch(ada, { updates }, 'id');
  if (updatedCount < 40) throw new Error(JSON.stringify(results.find((one: Payload) => one.outcome === 'FAILED')));
});
afterAll(() => office[Symbol.asyncDispose]());

const LIST = `query ($filter: ItemFilter, $orderBy: [ItemOrder!], $first: Int, $after: String, $last: Int, $before: String) {
  items(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
    totalCount nodes { id } pageInfo { endCursor startCursor hasNextPage hasPreviousPage } } }`;
const idsOf = async (variables: object, who = office.ada): Promise<string[]> =>
  (await office.get(who, LIST, { first: 100, ...variables })).items.nodes.map(({ id }: Payload) => id);
const sorted = (ids: string[]) => [...ids].sort();

type Compared = Omit<CustomFieldFilter, 'customFieldId'>;
const on = (label: Label, compared: Payload) => ({ customFieldId: fields[label].gid, ...compared });

/** Whether what api.md says of a comparison holds for a value. */
function holds({ values }: Row, label: Label, compared: Compared & Payload): boolean {
  const value = values[label] ?? null;
  const asker = { me: office.ada.gid, now: new Date() };
  const ids = compared.option ?? compared.user ?? compared.vendor ?? compared.location;
  if (ids) return byIds(value === null ? [] : [value].flat(), ids, asker);
  if (compared.string) {
    const { null: none, ...rest } = compared.string;
    const text = value !== null && label === 'Text' ? plainText(value) : value;
    if (none != null && none !== (text === null)) return false;
    return text === null ? Object.values(rest).every((it) => it == null) : byText(text, rest);
  }
  if (compared.boolean) return compared.boolean.eq == null || value === compared.boolean.eq;
  const range = compared.decimal ?? compared.date ?? compared.dateTime;
  if (!compared.decimal) return inRange(value, range);
  // of numbers: by their value, not as doubles
  const scaled = (text: string) => {
    const [, sign, whole, part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)!;
    return BigInt(`${sign}${whole}${part.padEnd(10, '0')}`);
  };
  const { null: none, ...bounds } = range;
  if (none != null && none !== (value === null)) return false;
  return Object.entries<string>(bounds).every(([name, bound]) => {
    if (value === null) return false;
    const [a, b] = [scaled(value), scaled(bound)];
    return { eq: a === b, gte: a >= b, gt: a > b, lte: a <= b, lt: a < b }[name as 'eq'];
  });
}

/** Comparisons of every kind for a field. */
function comparisons(label: Exclude<Label, 'Note'>): Compared[] {
  const [first, second, third] = pools[label] as string[];
  const nulls = [{ null: true }, { null: false }, {}];
  const ids = (pool: string[], type: string) => [
    ...[
      { eq: pool[0] },
      { eq: nothing(type) },
      { in: [pool[0], pool[1]] },
      { in: [] },
      { notIn: [pool[1]] },
      { notIn: [] },
    ],
    ...nulls,
    { in: [pool[1], pool[2]], notIn: [pool[2]] },
  ];
  const range = (...[a, b, c]: string[]) => [
    ...[{ gte: a }, { gt: a }, { lte: b }, { lt: b }, { gt: a, lte: c }, { gte: b, lt: b }],
    ...nulls,
  ];
  const list = (name: keyof Compared, of: object[]) => of.map((it) => ({ [name]: it }) as Compared);
  switch (label) {
    case 'Line':
      return list('string', [
        ...[
          { eq: 'STEEL' },
          { eq: 'straße 10' },
          { in: ['stél', 'X'] },
          { in: [] },
          { contains: '%_' },
          { contains: '\\' },
        ],
        ...[{ startsWith: 'st' }, { contains: 'SS' }, { eq: 'steel', contains: 'ee' }, ...nulls],
      ]);
    case 'Text':
      return list('string', [
        { contains: 'bold' },
        { eq: 'a & b' },
        { contains: '<' },
        { startsWith: 'item' },
        ...nulls,
      ]);
    case 'Number':
    case 'Money':
      return list('decimal', [...range(second!, third!, first!), { eq: '1.50' }, { eq: first }, { eq: '10.0' }]);
    case 'Flag':
      return list('boolean', [{ eq: true }, { eq: false }, {}]);
    case 'Day':
      return list('date', [...range(first!, second!, third!), { eq: second }]);
    case 'Moment':
      return list('dateTime', range(third!, first!, second!));
    case 'One':
    case 'Some':
      return list(
        'option',
        ids(
          Object.values(fields[label].options).map(({ gid }) => gid),
          'CustomFieldOption',
        ),
      );
    case 'Person':
    case 'People':
      return list('user', [...ids(pools.Person as string[], 'User'), { isMe: true }, { isMe: false }]);
    case 'Firm':
      return list('vendor', ids(pools.Firm as string[], 'Vendor'));
    case 'Place':
      return list('location', ids(pools.Place as string[], 'Location'));
  }
}
const LABELS = Object.keys(WANTED).filter((label) => label !== 'Note') as Exclude<Label, 'Note'>[];

test.each(LABELS)('%s: each comparison finds what plain TypeScript finds', async (label) => {
  for (const compared of comparisons(label)) {
    const wanted = rows.filter((row) => holds(row, label, compared)).map(({ gid }) => gid);
    const found = await idsOf({ filter: { customFields: [on(label, compared)] } });
    expect.soft([label, compared, sorted(found)]).toEqual([label, compared, sorted(wanted)]);
  }
});

test('comparisons combine with each other, in one list and nested', async () => {
  const leaf = fc
    .constantFrom(...LABELS)
    .chain((label) => fc.constantFrom(...comparisons(label)).map((compared) => ({ label, compared })));
  const list = fc.array(leaf, { minLength: 1, maxLength: 3 });
  const shape = fc.record({ all: list, some: list, none: list });
  const every = (row: Row, of: { label: Label; compared: Compared }[]) =>
    of.every(({ label, compared }) => holds(row, label, compared));
  const custom = (of: { label: Label; compared: Compared }[]) => of.map(({ label, compared }) => on(label, compared));
  await fc.assert(
    fc.asyncProperty(shape, async ({ all, some, none }) => {
      const filter = {
        customFields: custom(all.slice(0, 1)),
        or: [...some.map((one) => ({ customFields: custom([one]) })), { customFields: custom(all) }],
        not: { customFields: custom(none) },
      };
      const wanted = rows.filter(
        (row) =>
          every(row, all.slice(0, 1)) &&
          (some.some((one) => every(row, [one])) || every(row, all)) &&
          !every(row, none),
      );
      const { items } = await office.get(office.ada, LIST, { filter, first: 100 });
      expect(sorted(items.nodes.map(({ id }: Payload) => id))).toEqual(sorted(wanted.map(({ gid }) => gid)));
      expect(items.totalCount).toBe(wanted.length);
    }),
    { numRuns: 12 },
  );
});

/** What a row is ordered by: null where it has no value. */
const KEYS: { [label in Label]?: [of: (value: Payload) => Payload, compare: (a: Payload, b: Payload) => number] } = {
  Line: [(value) => value, (a, b) => byLetters(a.replace(/ß/g, 'ss'), b.replace(/ß/g, 'ss'))],
  Number: [Number, byValue],
  Money: [Number, byValue],
  Flag: [Number, byValue],
  Day: [(value) => value, byValue],
  Moment: [(value) => value, byValue],
  One: [(value) => Object.values(fields.One.options).findIndex(({ gid }) => gid === value), byValue],
  Person: [(value) => known.get(value), byLetters],
  Firm: [(value) => known.get(value), byLetters],
  Place: [(value) => known.get(value), naturally],
};

test('orders are those of plain TypeScript, and pages of them lose and repeat nothing, both ways', async () => {
  for (const [n, [label, [of, compare]]] of Object.entries(KEYS).entries()) {
    for (const [direction, nulls] of [
      [n % 2 ? 'ASC' : 'DESC', 'FIRST'],
      [n % 2 ? 'DESC' : 'ASC', 'LAST'],
    ] as const) {
      const second = n % 3 === 0;
      const key = { customFieldId: fields[label as Label].gid, direction, nulls };
      const orderBy = second ? [{ field: 'TITLE', direction: 'ASC' }, key] : [key];
      const keyIn = ({ values }: Row) => (values[label as Label] === undefined ? null : of(values[label as Label]));
      const sign = direction === 'ASC' ? 1 : -1;
      const byKey = (a: Row, b: Row) => {
        const [one, other] = [keyIn(a), keyIn(b)];
        if (one === null || other === null) return one === other ? 0 : (one === null) === (nulls === 'FIRST') ? -1 : 1;
        return sign * compare(one, other);
      };
      const wanted = [...rows]
        .sort((a, b) => (second ? byValue(a.title, b.title) : 0) || byKey(a, b) || sign * byValue(a.id, b.id))
        .map(({ gid }) => gid);
      expect.soft([label, orderBy, await idsOf({ orderBy })]).toEqual([label, orderBy, wanted]);
      const [size, cursor, end, more] =
        nulls === 'FIRST'
          ? (['first', 'after', 'endCursor', 'hasNextPage'] as const)
          : (['last', 'before', 'startCursor', 'hasPreviousPage'] as const);
      const pages: string[][] = [];
      for (let at: string | null = null; ; ) {
        const { items } = await office.get(office.ada, LIST, { orderBy, [size]: 17, [cursor]: at });
        pages.push(items.nodes.map(({ id }: Payload) => id));
        at = items.pageInfo[end];
        if (!items.pageInfo[more]) break;
      }
      expect.soft([label, size, (size === 'last' ? pages.reverse() : pages).flat()]).toEqual([label, size, wanted]);
    }
  }
});

test('filtered and ordered by custom fields together, and counted', async () => {
  const filter = { customFields: [on('Flag', { boolean: { eq: true } })] };
  const wanted = rows.filter(({ values }) => values.Flag === true);
  const orderBy = [{ customFieldId: fields.Firm.gid }, { customFieldId: fields.Person.gid }];
  const found = await idsOf({ filter, orderBy });
  const key = ({ values }: Row, label: 'Firm' | 'Person') => known.get(values[label] as string);
  const by = (label: 'Firm' | 'Person') => (a: Row, b: Row) => {
    const [one, other] = [key(a, label), key(b, label)];
    return one && other ? byLetters(one, other) : one ? -1 : other ? 1 : 0;
  };
  const inOrder = wanted.sort((a, b) => by('Firm')(a, b) || by('Person')(a, b) || byValue(a.id, b.id));
  expect(found).toEqual(inOrder.map(({ gid }) => gid));
  const statistics = `query ($id: ID!, $filter: ItemFilter) { project(id: $id) { itemStatistics(filter: $filter) { count } } }`;
  const { project } = await office.get(office.ada, statistics, { id: office.tower.gid, filter });
  expect(project.itemStatistics.reduce((sum: number, { count }: Payload) => sum + count, 0)).toBe(wanted.length);
});

test('nobody finds more by values than they see', async () => {
  const seen = new Set(await idsOf({}, office.rae));
  expect(seen.size).toBeLessThan(rows.length);
  for (const label of LABELS) {
    const filter = { customFields: [on(label, comparisons(label)[0])] };
    const wanted = (await idsOf({ filter })).filter((id) => seen.has(id));
    expect(sorted(await idsOf({ filter }, office.rae))).toEqual(sorted(wanted));
  }
  const ordered = await idsOf({ orderBy: [{ customFieldId: fields.Line.gid }] }, office.rae);
  expect(sorted(ordered)).toEqual(sorted([...seen]));
});

test('what makes no sense is BAD_USER_INPUT and named; a field that there is not matches nothing', async () => {
  const bad = async (variables: Record<string, unknown>) => {
    const { errors } = await office.ask(office.ada, LIST, variables);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    return errors![0].message;
  };
  const filtered = (...customFields: object[]) => bad({ filter: { customFields } });
  expect(await filtered(on('Line', {}))).toBe('filter.customFields.0: give exactly one comparison, not none.');
  expect(await filtered(on('Flag', { boolean: { eq: true } }), on('Line', { string: {}, date: {} }))).toBe(
    'filter.customFields.1: give exactly one comparison, not string and date.',
  );
  expect(await filtered(on('Number', { string: { eq: '1' } }))).toBe(
    'filter.customFields.0.string: "Number" is DECIMAL and is compared by decimal.',
  );
  expect(await filtered(on('Note', { string: { eq: 'x' } }))).toContain('"Note" is read only');
  expect(await filtered(on('One', { option: { eq: office.ada.gid } }))).toContain(
    'is not the id of a CustomFieldOption',
  );
  expect(await filtered(on('Firm', { vendor: { isMe: true } }))).toContain('isMe is for people only');
  expect(await filtered({ customFieldId: 'x', string: { eq: 'x' } })).toContain('filter.customFields.0.customFieldId');
  expect(await filtered(on('Some', { option: { in: Array(51).fill(nothing('CustomFieldOption')) } }))).toContain(
    'at most 50',
  );
  expect(await filtered(...Array(51).fill(on('Line', { string: {} })))).toContain('at most 50');
  expect(await bad({ filter: { customFields: [on('Number', { decimal: { eq: 1.5 } })] } })).toContain('Decimal');
  const unknown = { customFields: [{ customFieldId: nothing('CustomField'), string: { null: true } }] };
  expect(await idsOf({ filter: unknown })).toEqual([]);
  expect(await idsOf({ filter: { not: unknown } })).toHaveLength(rows.length);

  const ordered = (...orderBy: object[]) => bad({ orderBy });
  for (const label of ['Some', 'People', 'Text', 'Note'] as const)
    expect(await ordered({ customFieldId: fields[label].gid })).toContain(`cannot be ordered by "${label}"`);
  expect(await ordered({ customFieldId: nothing('CustomField') })).toContain('there is no CustomField');
  expect(await ordered({ customFieldId: 'x' })).toContain('is not the id of a CustomField');
  expect(await ordered({})).toContain('name the field');
  expect(await ordered({ field: 'TITLE', customFieldId: fields.Line.gid })).toContain('not both');
  const line = { customFieldId: fields.Line.gid };
  expect(await ordered(line, line)).toContain('twice');
  const { items } = await office.get(office.ada, LIST, { orderBy: [line], first: 3 });
  const after = items.pageInfo.endCursor;
  expect(await bad({ orderBy: [{ customFieldId: fields.Day.gid }], after })).toContain('not a cursor of this list');
  const forged = Buffer.from(after, 'base64url').toString().replace('[', '["x",');
  expect(await bad({ orderBy: [line], after: Buffer.from(forged).toString('base64url') })).toContain('not a cursor');
});

test('lists by custom fields take as many statements as others', async () => {
  const variables = {
    filter: { customFields: [on('Person', { user: { isMe: true } }), on('One', { option: { null: false } })] },
    orderBy: [{ customFieldId: fields.Firm.gid }],
    first: 5,
  };
  const page =
    'query ($filter: ItemFilter, $orderBy: [ItemOrder!], $first: Int) { items(filter: $filter, orderBy: $orderBy, first: $first) { nodes { id } } }';
  await office.get(office.ada, page, variables);
  expect(await office.statementsOf(office.ada, page, variables)).toBe(
    await office.statementsOf(office.ada, page, { first: 5 }),
  );
});
