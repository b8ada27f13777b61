import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOffice, nothing, type Office, type Payload } from '../kit/office.ts';

// 60 take a second; 5,000 were run when this was written
const RUNS = 40;

const ODD_TEXTS = ['', ' ', '7', '007', 'ß', 'İ', 'ﬀ', 'e\u0301', '😀', '%_', '\'"\\', '<b>', '<i>x'];
const WRONG_TEXTS = ['\u0000', '\ud800', 'a\nb', '\u202e', '&#0;', '&#7;', 'x'.repeat(300)];

/** Inputs for writing items, mostly such as can be carried out: with many mistakes in each no write would ever be reached. */
function rubbishFor({ ada, ben, rae, nan, tower, review }: Office, items: Payload[]) {
  const mostly = <T, W>(good: fc.Arbitrary<T>, ...bad: W[]): fc.Arbitrary<T | W | null> =>
    fc.oneof({ weight: 30, arbitrary: good }, { weight: 1, arbitrary: fc.constantFrom(null, ...bad) });
  const rarely = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 1 });
  const sometimes = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

  const text = mostly(fc.oneof(fc.constantFrom(...ODD_TEXTS), fc.string({ maxLength: 20 })), ...WRONG_TEXTS);
  const noIds = [nothing('User'), nothing('Item'), tower.gid, ada.id, '', '\u0000', 'VXNlcjo'];
  const item = mostly(fc.constantFrom(...items.map(({ id }) => id as string)), ...noIds);
  const user = mostly(fc.constantFrom(ada.gid, ben.gid, rae.gid), nan.gid, ...noIds);
  const status = mostly(fc.constantFrom(...Object.values(review.statuses).map(({ gid }) => gid)), ...noIds);
  const impact = fc.constantFrom('YES_KNOWN', 'TBD');
  const decimal = mostly(fc.constantFrom('0', '-0', '1.50', '9'.repeat(20), '0.0000000001'), '1e5', '٣', '');
  const patch = fc.record({
    externalId: sometimes(text),
    position: sometimes(text),
    title: sometimes(text),
    description: sometimes(text),
    statusId: rarely(status),
    statusName: sometimes(mostly(fc.constantFrom('open', ' On hold', 'WON'), 'Draft', 'gone')),
    private: sometimes(mostly(fc.boolean())),
    dueDate: sometimes(mostly(fc.constantFrom('2026-01-01', '0001-01-01', '9999-12-31'), '2026-02-30')),
    scheduleImpact: sometimes(
      fc.record({ status: impact, days: mostly(fc.double({ min: -1e9, max: 1e9, noNaN: true })) }),
    ),
    costImpact: sometimes(fc.record({ status: impact, amount: decimal })),
    receivedFromId: sometimes(user),
    assigneeIds: sometimes(mostly(fc.array(user, { maxLength: 4 }))),
    distributionMemberIds: sometimes(mostly(fc.array(user, { maxLength: 4 }))),
    quantity: sometimes(decimal),
    unit: sometimes(text),
  });
  const more = {
    idempotencyKey: rarely(text),
    expectedVersion: rarely(fc.constantFrom(1, 2, -1, 2 ** 31)),
    skipEmails: rarely(fc.boolean()),
  };
  const mode = { completionMode: fc.constantFrom('EACH_ON_ITS_OWN', 'ALL_OR_NOTHING'), dryRun: rarely(fc.boolean()) };
  const updates = fc.uniqueArray(fc.record({ id: item, patch }), { maxLength: 4, selector: ({ id }) => id });
  const call = <Input extends object>(name: string, input: fc.Arbitrary<Input>) =>
    input.map((given): [string, Input] => [name, given]);
  return fc.oneof(
    call(
      'createItem',
      fc.record({ projectId: fc.constant(tower.gid), genericToolId: fc.constant(review.gid), item: patch }),
    ),
    call('updateItem', fc.record({ id: item, patch, ...more })),
    call('batchUpdateItems', fc.record({ updates, ...mode })),
    call('batchUpdateItems', fc.record({ ids: fc.uniqueArray(item, { maxLength: 4 }), patch, ...mode })),
    call('createResponse', fc.record({ itemId: item, notes: text, itemPatch: sometimes(patch), ...more })),
    call('archiveItems', fc.record({ ids: fc.array(item, { maxLength: 2 }) })),
    call('restoreItems', fc.record({ ids: fc.array(item, { maxLength: 9 }) })),
  );
}

describe('rubbish', () => {
  let office: Office;
  beforeAll(async () => {
    office = await createOffice();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  test('is never a fault of ours: what a mutation cannot use is a userError or BAD_USER_INPUT', async () => {
    const { ada } = office;
    const kinds = ['Draft', 'Open', 'Open', 'Open', 'Closed'];
    const items = await Promise.all(kinds.map((statusName) => office.item(ada, { statusName })));
    const answers = async ([name, input]: [string, object]) => {
      const title = name[0]!.toUpperCase() + name.slice(1);
      const document = `mutation ($input: ${title}Input!) { ${name}(input: $input) { userErrors { message } } }`;
      const { data, errors } = await office.ask(ada, document, { input });
      for (const { extensions } of errors ?? []) expect(extensions.code).toBe('BAD_USER_INPUT');
      for (const { message } of data?.[name].userErrors ?? []) expect(message).toMatch(/^.{5,400}\.$/s);
    };
    await fc.assert(fc.asyncProperty(rubbishFor(office, items), answers), { numRuns: RUNS });
    expect((await office.events()).length).toBeGreaterThan(15);
  });
});
