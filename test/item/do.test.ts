import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId, toGlobalId } from '../../src/kernel/ids.ts';
import type { AccessLevel, GranularPermission } from '../../src/permission/permission.policy.ts';
import type { Payload } from '../kit/office.ts';
import { putItems, type Wanted } from '../kit/putItems.ts';
import { createWorld, type Person, type Project, type TestWorld, type Tool } from '../kit/world.ts';
import { type Deed, ROWS, type Row } from './deeds.ts';

const FIVE: GranularPermission[] = [
  'CREATE',
  'EDIT_ITEMS_THEY_CREATED',
  'CREATE_RESPONSE',
  'RESPOND_TO_VENDOR_ITEMS',
  'VIEW_VENDOR_ITEMS',
];
interface Held {
  level: AccessLevel;
  granular: GranularPermission[];
}
const at = (level: AccessLevel, ...lists: GranularPermission[][]): Held[] =>
  lists.map((granular) => ({ level, granular }));
const GRANTS = [
  ...at(
    'READ_ONLY',
    [],
    ...FIVE.map((one) => [one]),
    ...FIVE.map((one) => FIVE.filter((other) => other !== one)),
    FIVE,
  ),
  ...at('STANDARD', [], ['CREATE_RESPONSE'], ['RESPOND_TO_VENDOR_ITEMS'], ['VIEW_VENDOR_ITEMS'], FIVE),
  ...at('ADMIN', [], ['VIEW_VENDOR_ITEMS']),
];

let world: TestWorld;
let tower: Project;
let letters: Tool;
let somebody: Person;
let colleague: Person;
beforeAll(async () => {
  world = await createWorld({ MAX_COST: '100000' });
  tower = await world.project('Tower');
  letters = await world.tool('Letters', [tower]);
  somebody = await world.person('Some Body');
  colleague = await world.person('Cole League', { vendor: 'Doers' });
});
afterAll(() => world[Symbol.asyncDispose]());

/** The items that the table speaks of, as they are for somebody. */
function itemFor(who: Person, what: string): Wanted {
  const place = { project: tower, tool: letters };
  const open = { ...place, by: somebody, status: 'Open' };
  const items: Record<string, Wanted> = {
    'own Draft': { ...place, by: who },
    'own Open': { ...open, by: who },
    'own Closed': { ...open, by: who, status: 'Closed' },
    'own archived': { ...open, by: who, archived: true },
    "somebody's Draft": { ...place, by: somebody },
    "somebody's Open": open,
    "somebody's Won": { ...open, status: 'Won' },
    "somebody's archived": { ...open, archived: true },
    "a colleague's Open": { ...open, by: colleague },
    'Open, assigned to a colleague': { ...open, assignees: [colleague] },
    'Open, assigned to them': { ...open, assignees: [who] },
    'Open, distributed to them': { ...open, distribution: [who] },
    'Open, received from them': { ...open, receivedFrom: who },
  };
  return items[what]!;
}

/** An item for each row of the table as it is for somebody, with a response by somebody else on each. */
async function itemsFor(who: Person) {
  const things = await putItems(
    world,
    ROWS.map(({ item }) => itemFor(who, item)),
  );
  const items = things.map((thing) => ({ ...thing, responseId: newId(world.clock.now()) }));
  await world.sql`
    insert into responses (id, company_id, created_at, updated_at, project_id, item_id, position, notes, official, status_id, created_by_id)
    select wanted.id, i.company_id, i.created_at, i.created_at, i.project_id, i.id, 1, 'Well?', wanted.official, i.status_id, ${somebody.id}
    from unnest(${items.map(({ id }) => id)}::uuid[], ${items.map(({ responseId }) => responseId)}::uuid[],
      ${ROWS.map(({ name }) => name.startsWith('make unofficial'))}::boolean[]) wanted(item_id, id, official)
    join items i on i.id = wanted.item_id`.execute(world.db);
  return items.map(({ responseId, ...item }) => ({ ...item, response: toGlobalId('Response', responseId) }));
}

/** What a row of the table says to somebody: null that they may, else the code, and what a FORBIDDEN must name. */
function verdict({ cells }: Row, { level, granular }: Held): { code: string; names: string[] } | null {
  const cell = cells[level]!;
  if (cell === 'yes') return null;
  if (cell === '-') return { code: 'FORBIDDEN', names: ['ADMIN', 'Letters'] };
  if (/^[A-Z]+_?[A-Z]+$/.test(cell) && !FIVE.includes(cell as GranularPermission)) return { code: cell, names: [] };
  const missing = cell.split(' + ').filter((right) => !granular.includes(right as GranularPermission));
  return missing.length === 0 ? null : { code: 'FORBIDDEN', names: [missing[0]!, 'Letters'] };
}

const ABILITIES = 'viewerCanEdit viewerCanChangeStatus viewerCanRespond viewerCanArchive';

const title = (name: string): string => name[0]!.toUpperCase() + name.slice(1);

/** Does these deeds to these items in one request, one after the other; the errors of each. */
async function doAll(
  who: Person,
  deeds: readonly Deed[],
  items: { gid: string; response: string }[],
): Promise<Payload[][]> {
  const fields = deeds.map(
    ({ mutation }, n) => `d${n}: ${mutation}(input: $i${n}) { userErrors { code message path } }`,
  );
  const variables = deeds.map(({ mutation }, n) => `$i${n}: ${title(mutation)}Input!`);
  const inputs = Object.fromEntries(deeds.map(({ input }, n) => [`i${n}`, input(items[n]!)]));
  const data = await world.get(who, `mutation (${variables}) { ${fields} }`, inputs);
  return deeds.map((_, n) => data[`d${n}`].userErrors);
}

/** For each row of the table, whether the database shows that its deed was done to its item. */
async function deedsDone(items: { id: string }[]): Promise<boolean[]> {
  const { sql, db } = world;
  const columns = ROWS.map(({ deed }, n) => sql`${sql.raw(deed.done)} as ${sql.id(`done${n}`)}`);
  const { rows } = await sql<Record<string, boolean | string>>`
    select i.id, ${sql.join(columns)} from items i where i.id = any(${items.map(({ id }) => id)}::uuid[])`.execute(db);
  const byItem = new Map(rows.map((row) => [row.id, row]));
  return items.map(({ id }, n) => byItem.get(id)![`done${n}`] as boolean);
}

test.each(GRANTS)('$level with $granular does what the table says, and nothing else', async (held) => {
  const who = await world.person(`Actor ${GRANTS.indexOf(held)}`, { vendor: 'Doers' });
  await world.grant(who, tower, letters, held.level, held.granular);
  const items = await itemsFor(who);
  const expected = ROWS.map((row) => verdict(row, held));
  const { nodes } = await world.get(who, `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Item { ${ABILITIES} } } }`, {
    ids: items.map(({ gid }) => gid),
  });
  const patches = ROWS.flatMap(({ deed }, n) =>
    deed.patch ? { n, update: { id: items[n]!.gid, patch: deed.patch } } : [],
  );
  const { batchUpdateItems } = await world.get(
    who,
    `mutation ($updates: [ItemUpdate!]!) { batchUpdateItems(input: { updates: $updates, completionMode: EACH_ON_ITS_OWN, dryRun: true }) {
      results { outcome userErrors { code message } } } }`,
    { updates: patches.map(({ update }) => update) },
  );
  const errors = await doAll(
    who,
    ROWS.map(({ deed }) => deed),
    items,
  );
  const done = await deedsDone(items);
  ROWS.forEach(({ name, deed }, n) => {
    const wanted = expected[n];
    const codes = wanted ? [wanted.code] : [];
    expect([name, errors[n]!.map(({ code }) => code)]).toEqual([name, codes]);
    expect([name, done[n]]).toEqual([name, wanted === null]);
    for (const said of wanted?.names ?? []) expect(errors[n]![0].message).toContain(said);
    // what one is told beforehand is what one is let do; what is not seen tells nothing
    if (wanted?.code === 'NOT_FOUND' && !deed.mutation.endsWith('Response'))
      expect([name, nodes[n]]).toEqual([name, null]);
    else if (deed.ability && nodes[n]) expect([name, nodes[n][deed.ability]]).toEqual([name, wanted === null]);
  });
  patches.forEach(({ n }, place) => {
    const { outcome, userErrors } = batchUpdateItems.results[place];
    const alone = errors[n]!.map(({ code, message }) => ({ code, message }));
    expect([ROWS[n]!.name, outcome, userErrors]).toEqual([ROWS[n]!.name, expected[n] ? 'FAILED' : 'UPDATED', alone]);
  });
});

const CREATE = `mutation ($input: CreateItemInput!) {
  createItem(input: $input) { item { createdBy { id } } userErrors { code message path } } }`;
const create = async (who: Person): Promise<Payload> =>
  (
    await world.get(who, CREATE, {
      input: { projectId: tower.gid, genericToolId: letters.gid, item: { title: 'New' } },
    })
  ).createItem;

test.each(GRANTS)('$level with $granular creates items as viewerCanCreate has it', async (held) => {
  const who = await world.person(`Creator ${GRANTS.indexOf(held)}`);
  await world.grant(who, tower, letters, held.level, held.granular);
  const may = held.level !== 'READ_ONLY' || held.granular.includes('CREATE');
  const { project } = await world.get(
    who,
    'query ($id: ID!) { project(id: $id) { permissions { viewerCanCreate } } }',
    {
      id: tower.gid,
    },
  );
  expect(project.permissions).toEqual([{ viewerCanCreate: may }]);
  const { item, userErrors } = await create(who);
  if (may) expect([item.createdBy.id, userErrors]).toEqual([who.gid, []]);
  else
    expect(userErrors).toMatchObject([
      { code: 'FORBIDDEN', path: ['genericToolId'], message: expect.stringMatching(/CREATE.*Letters/) },
    ]);
});

/** People who hold nothing here, although they made the items or are on them. */
const OUTSIDERS: Record<string, { in(who: Person): Promise<unknown>; admin?: true; create: string }> = {
  'level NONE': { in: (who) => world.grant(who, tower, letters, 'NONE'), create: 'NOT_FOUND genericToolId' },
  'no membership': { in: async () => {}, create: 'NOT_FOUND projectId, NOT_FOUND genericToolId' },
  'no membership, company admin': { in: async () => {}, admin: true, create: 'FORBIDDEN genericToolId' },
};

test.each(Object.entries(OUTSIDERS))('%s: nothing can be done, as if there were nothing', async (name, outsider) => {
  const who = await world.person(`Out Sider ${name}`, { admin: outsider.admin, vendor: 'Doers' });
  await outsider.in(who);
  const items = await itemsFor(who);
  const errors = await doAll(
    who,
    ROWS.map(({ deed }) => deed),
    items,
  );
  expect(errors.map((list) => list.map(({ code }) => code))).toEqual(ROWS.map(() => ['NOT_FOUND']));
  const { userErrors } = await create(who);
  expect(userErrors.map(({ code, path }: Payload) => `${code} ${path}`).join(', ')).toBe(outsider.create);
});
