import { afterAll, beforeAll, expect, test } from 'vitest';
import { toGlobalId, uuidOf } from '../../src/kernel/ids.ts';
import { responseSightOf } from '../../src/response/response.queries.ts';
import { createOffice, type Office, type Payload } from '../kit/office.ts';
import { readTable } from '../kit/oracle.ts';
import { putItems } from '../kit/putItems.ts';
import type { Person } from '../kit/world.ts';

/**
 * Who sees what hangs on an item that they see (domain.md 3, "See the rest", and 2, ItemChange): responses by others, official and
 * not, the one unofficial response that they gave themself, and changes of the Draft.
 */
const TABLE = readTable(`
| who           | official | unofficial | own unofficial | Draft's |
|---------------|----------|------------|----------------|---------|
| creator       | yes      | yes        | yes            | yes     |
| assignee      | yes      | yes        | yes            | -       |
| distribution  | yes      | yes        | yes            | -       |
| received from | yes      | yes        | yes            | -       |
| colleague     | yes      | -          | yes            | -       |
| reader        | yes      | -          |                | -       |
| ADMIN         | yes      | yes        | yes            | yes     |
| outsider      | -        | -          |                | -       |
`);

let office: Office;
const people = new Map<string, Person>();
/** ids by who gave the response and whether it is official, and of changes by whether the item was a Draft */
const responses = new Map<string, string>();
const changes = new Map<string, string>();
let itemId: string;

beforeAll(async () => {
  office = await createOffice();
  const { tower, review } = office;
  for (const who of TABLE.keys()) {
    people.set(
      who,
      await office.person(`Person ${who}`, { vendor: who === 'assignee' || who === 'colleague' ? 'Doers' : undefined }),
    );
    if (who === 'ADMIN') await office.grant(people.get(who)!, tower, review, 'ADMIN');
    else if (who !== 'outsider')
      await office.grant(people.get(who)!, tower, review, 'STANDARD', [
        'CREATE_RESPONSE',
        'RESPOND_TO_VENDOR_ITEMS',
        'VIEW_VENDOR_ITEMS',
      ]);
  }
  const by = (who: string) => people.get(who)!;
  const [item] = await putItems(office, [
    {
      ...{ project: tower, tool: review, by: by('creator') },
      ...{ assignees: [by('assignee')], distribution: [by('distribution')], receivedFrom: by('received from') },
    },
  ]);
  itemId = item!.gid;
  await office.update(by('creator'), itemId, { title: 'Said in the Draft' });
  await office.update(by('creator'), itemId, { statusName: 'Open' });
  await office.update(by('creator'), itemId, { title: 'Said when it was Open' });
  for (const who of TABLE.keys()) {
    if (['reader', 'outsider'].includes(who)) continue;
    for (const official of [false, true]) {
      const { response } = await office.respond(by(who), itemId, { official });
      responses.set(`${who} ${official ? 'official' : 'unofficial'}`, response.id);
    }
  }
  const { rows } = await office.sql<{ id: string; newValue: string }>`
    select id, new_value as "newValue" from item_changes where field in ('title', 'status')`.execute(office.db);
  for (const { id, newValue } of rows) changes.set(newValue, toGlobalId('ItemChange', id));
});
afterAll(() => office[Symbol.asyncDispose]());

const CONNECTION = '{ nodes { id } edges { node { id } } totalCount pageInfo { hasNextPage hasPreviousPage } }';
const LOOK = `query ($id: ID!, $responses: [ID!]!, $changes: [ID!]!) {
  item(id: $id) {
    responses(first: 100) ${CONNECTION}
    fromTheEnd: responses(last: 100) ${CONNECTION}
    changes(first: 100) ${CONNECTION}
  }
  responses: nodes(ids: $responses) { id }
  changes: nodes(ids: $changes) { id }
}`;

function idsOf({ nodes, edges, totalCount, pageInfo }: Payload): string[] {
  const ids = nodes.map(({ id }: Payload) => id);
  expect(edges.map(({ node }: Payload) => node.id)).toEqual(ids);
  expect([totalCount, pageInfo]).toEqual([ids.length, { hasNextPage: false, hasPreviousPage: false }]);
  return ids;
}

test.each([
  ...TABLE,
])('%s sees of responses and history what the table says, in lists, counts and by id', async (who, cells) => {
  const shown = await office.get(people.get(who)!, LOOK, {
    id: itemId,
    responses: [...responses.values()],
    changes: [...changes.values()],
  });
  const sees = (key: string) => {
    const official = key.endsWith(' official')
      ? 'official'
      : key.startsWith(`${who} `)
        ? 'own unofficial'
        : 'unofficial';
    return cells.get(official) === 'yes';
  };
  const due = [...responses].filter(([key]) => sees(key)).map(([, id]) => id);
  expect(shown.responses.filter(Boolean).map(({ id }: Payload) => id)).toEqual(due);
  const issued = ['Open', 'Said when it was Open'].filter(() => cells.get('official') === 'yes');
  const drafts = ['Said in the Draft'].filter(() => cells.get("Draft's") === 'yes');
  const dueChanges = [...drafts, ...issued].map((value) => changes.get(value)!);
  expect(
    shown.changes
      .filter(Boolean)
      .map(({ id }: Payload) => id)
      .toSorted(),
  ).toEqual(dueChanges.toSorted());
  if (who === 'outsider') return expect(shown.item).toBe(null);
  expect(idsOf(shown.item.responses)).toEqual(due);
  expect(idsOf(shown.item.fromTheEnd)).toEqual(due);
  expect(idsOf(shown.item.changes)).toEqual(dueChanges.toReversed());
});

test('those who tell of acts know of everybody at once who sees which response', async () => {
  // whether they see the item is another question
  const readers = [...TABLE.keys()].filter((who) => who !== 'outsider');
  const uuids = [...responses.values()].map((id) => uuidOf('Response', id)!);
  const told = await responseSightOf(
    office.db,
    uuids,
    readers.map((who) => people.get(who)!.id),
  );
  for (const who of readers) {
    const shown = await office.get(people.get(who)!, LOOK, {
      id: itemId,
      responses: [...responses.values()],
      changes: [],
    });
    const due = shown.responses.filter(Boolean).map(({ id }: Payload) => uuidOf('Response', id));
    const known = told.filter(({ userId }) => userId === people.get(who)!.id).map(({ responseId }) => responseId);
    expect([who, known.sort()]).toEqual([who, due.sort()]);
  }
});

test('whoever is taken off the item keeps sight of their own unofficial responses only', async () => {
  const assignee = people.get('assignee')!;
  await office.update(office.ada, itemId, { assigneeIds: [] });
  const { item } = await office.get(assignee, LOOK, { id: itemId, responses: [], changes: [] });
  const due = [...responses]
    .filter(([key]) => key.endsWith(' official') || key.startsWith('assignee '))
    .map(([, id]) => id);
  expect(idsOf(item.responses)).toEqual(due);
});

test('lists of one item that are asked for twice are each whole, and nothing in them twice', async () => {
  const lists = `responses ${CONNECTION} changes ${CONNECTION}`;
  const twice = `query ($id: ID!) { item(id: $id) { ${lists} again: responses ${CONNECTION} ever: changes ${CONNECTION} } same: item(id: $id) { ${lists} } }`;
  const { item, same } = await office.get(people.get('creator')!, twice, { id: itemId });
  expect(idsOf(item.responses)).toHaveLength(responses.size);
  expect([item.again, same.responses]).toEqual([item.responses, item.responses]);
  expect(idsOf(item.changes).length).toBeGreaterThan(changes.size);
  expect([item.ever, same.changes]).toEqual([item.changes, item.changes]);
});
