import { expect, test } from 'vitest';
import { Faults } from '../../src/kernel/input.ts';
import { locationOf } from '../../src/sync/sync.locations.ts';
import { faultsOf } from '../permission/site.ts';
import { createDirectory, outcomes } from './directory.ts';

const tower = { externalId: 'tower', name: 'Tower', timeZone: 'America/Los_Angeles' };
const of = (kind: string, externalId: string, name: string, more: object = {}) => ({
  ...{ kind, projectExternalId: 'tower', externalId, name },
  ...more,
});
/** One of each kind, all with the same external id. */
const EACH = [
  of('LOCATION', '1', 'Room 204', { path: ' Building A > Level 2>Room 204 ', code: 'R204' }),
  of('COST_CODE', '1', 'Concrete', { code: '03-300' }),
  of('SPECIFICATION_SECTION', '1', 'Glazing', { code: '08 80 00' }),
  of('SUB_JOB', '1', 'Garage', { code: '01' }),
  of('TRADE', '1', 'Masonry'),
  of('TASK', '1', 'Pour slab', { code: 'A1040' }),
];
const NODES = `query ($ids: [ID!]!) { nodes(ids: $ids) {
  ... on Location { name path short: code active } ... on CostCode { code name active } ... on Trade { name active }
  ... on SpecificationSection { number description active } ... on SubJob { code name active } ... on Task { name key active }
} }`;

test('reference data comes with its project, and again is unchanged; what is left out stays, null clears', async () => {
  await using directory = await createDirectory();
  const { get, ada, sync } = directory;
  const first = await sync({ projects: [tower], references: EACH });
  expect(first).toMatchObject({ created: 7, userErrors: [] });
  expect(outcomes(first)).toEqual(['PROJECT tower CREATED', ...EACH.map(({ kind }) => `${kind} 1 CREATED`)]);
  const ids = first.rows.slice(1).map(({ id }: { id: string }) => id);
  const shown = async () => (await get(ada, NODES, { ids })).nodes;
  expect(await shown()).toEqual([
    { name: 'Room 204', path: 'Building A>Level 2>Room 204', short: 'R204', active: true },
    { code: '03-300', name: 'Concrete', active: true },
    { number: '08 80 00', description: 'Glazing', active: true },
    { code: '01', name: 'Garage', active: true },
    { name: 'Masonry', active: true },
    { name: 'Pour slab', key: 'A1040', active: true },
  ]);
  expect(await sync({ references: EACH })).toMatchObject({
    updated: 0,
    unchanged: 6,
    rows: first.rows.slice(1).map((row: object) => ({ ...row, outcome: 'UNCHANGED' })),
  });

  const bare = EACH.map(({ kind, name }) => of(kind, '1', name));
  expect(await sync({ references: bare })).toMatchObject({ unchanged: 6, userErrors: [] });
  const changed = [
    of('LOCATION', '1', 'Room 205', { active: false }),
    of('COST_CODE', '1', 'Concrete', { active: false }),
    of('TASK', '1', 'Pour slab', { code: null }),
  ];
  expect(await sync({ references: changed })).toMatchObject({ updated: 3 });
  const now = await shown();
  expect(now[0]).toEqual({ name: 'Room 205', path: 'Building A>Level 2>Room 205', short: 'R204', active: false });
  expect([now[1].active, now[5].key]).toEqual([false, null]);
  // back again, and what nothing was said about is as it was
  expect(await sync({ references: [of('COST_CODE', '1', 'Concrete', { active: true })] })).toMatchObject({
    updated: 1,
  });
  expect((await shown())[1]).toEqual({ code: '03-300', name: 'Concrete', active: true });
});

test('the same external id in another project is another row', async () => {
  await using directory = await createDirectory();
  const dock = { ...tower, externalId: 'dock', name: 'Dock' };
  const { rows, userErrors } = await directory.sync({
    projects: [tower, dock],
    references: [of('TRADE', '1', 'Masonry'), of('TRADE', '1', 'Joinery', { projectExternalId: 'dock' })],
  });
  expect([userErrors, rows.length, new Set(rows.map(({ id }: { id: string }) => id)).size]).toEqual([[], 4, 4]);
});

const LONG = 'x'.repeat(256);
const REFUSED: [fault: string, reference: object][] = [
  ['NOT_FOUND projectExternalId', of('TRADE', '2', 'Masonry', { projectExternalId: 'nowhere' })],
  ['REQUIRED projectExternalId', of('TRADE', '2', 'Masonry', { projectExternalId: ' ' })],
  ['REQUIRED externalId', of('TRADE', ' ', 'Masonry')],
  ['TOO_LONG externalId', of('TRADE', LONG, 'Masonry')],
  ['INVALID externalId', of('TRADE', 'a\u0000b', 'Masonry')],
  ['INVALID externalId', of('TRADE', '\ud800', 'Masonry')],
  ['REQUIRED name', of('TRADE', '2', '  ')],
  ['TOO_LONG name', of('TRADE', '2', LONG)],
  ['INVALID name', of('TASK', '2', 'two\nlines')],
  ['REQUIRED code', of('COST_CODE', '2', 'Concrete')],
  ['REQUIRED code', of('COST_CODE', '2', 'Concrete', { code: ' ' })],
  ['REQUIRED code', of('SPECIFICATION_SECTION', '2', 'Glazing', { code: null })],
  ['REQUIRED code', of('SUB_JOB', '2', 'Garage')],
  ['REQUIRED code', of('COST_CODE', '1', 'Concrete', { code: null })],
  ['TOO_LONG code', of('COST_CODE', '2', 'Concrete', { code: LONG })],
  ['INVALID code', of('TRADE', '2', 'Masonry', { code: '7' })],
  ['INVALID path', of('TRADE', '2', 'Masonry', { path: 'A>Masonry' })],
  ['TOO_LONG path', of('LOCATION', '2', 'B', { path: `${'A>'.repeat(500)}B` })],
  ['TOO_LONG path', of('LOCATION', '2', LONG, { path: `A>${LONG}` })],
  ['TOO_LONG name', of('LOCATION', '2', LONG)],
  ['INVALID path', of('LOCATION', '2', 'C', { path: 'A>>C' })],
  ['INVALID name', of('LOCATION', '2', '>C')],
  ['INVALID name', of('LOCATION', '2', 'D', { path: 'A>B>C' })],
  ['REQUIRED active', of('TRADE', '2', 'Masonry', { active: null })],
];

test('what cannot be is refused with its reason and its place, and nothing of the call is done', async () => {
  await using directory = await createDirectory();
  await directory.sync({ projects: [tower], references: EACH });
  const sound = of('TRADE', '3', 'Joinery');
  for (const [fault, reference] of REFUSED) {
    const vendors = [{ externalId: 'jj', name: 'JJ' }];
    const answer = await directory.sync({ vendors, references: [sound, reference] });
    const [code, field] = fault.split(' ');
    expect.soft([fault, reference, ...faultsOf(answer)]).toEqual([fault, reference, `${code} references.1.${field}`]);
    expect(answer.rows).toEqual([]);
  }
  const twice = await directory.sync({
    references: [sound, { ...sound, kind: 'TASK' }, { ...sound, externalId: ' 3' }],
  });
  expect(faultsOf(twice)).toEqual(['INVALID references.2.externalId']);
  expect(twice.userErrors[0].message).toContain('references 0');
  const { rows } = await directory.sql`select from reference_data union all select from vendors`.execute(directory.db);
  expect(rows).toHaveLength(6);
});

test('the longest names in any script are kept, and pages go on behind them', async () => {
  await using directory = await createDirectory();
  const { rows: projects } = await directory.sync({ projects: [tower] });
  const letters = (n: number, from: number, to: number) =>
    Array.from({ length: n }, (_, i) => String.fromCharCode(from + ((i * 7919) % (to - from)))).join('');
  const parts = [0, 250, 500, 750].map((n) => letters(1_000, 0x4e00, 0x9fff).slice(n, n + 249));
  const references = [
    of('LOCATION', '1', parts.join('>')),
    of('LOCATION', '2', `${'9>'.repeat(498)}${letters(4, 0x4e00, 0x9fff)}`),
    of('TRADE', '1', letters(255, 0x3300, 0x3357)),
    of('TRADE', '2', '\ufdfa'.repeat(255)),
    of('TASK', '1', letters(255, 0xac00, 0xd7a3), { code: letters(255, 0x3300, 0x3357) }),
  ];
  expect(await directory.sync({ references })).toMatchObject({ created: 5, userErrors: [] });
  const source = `query ($id: ID!, $a: String, $b: String) { project(id: $id) {
    locations(first: 1, after: $a) { nodes { path } pageInfo { endCursor } } trades(first: 1, after: $b) { nodes { name } pageInfo { endCursor } }
  } }`;
  const page = async (a: string | null, b: string | null) =>
    (await directory.get(directory.ada, source, { id: projects[0].id, a, b })).project;
  const first = await page(null, null);
  const second = await page(first.locations.pageInfo.endCursor, first.trades.pageInfo.endCursor);
  const names = [first, second].flatMap(({ locations, trades }) => [locations.nodes[0].path, trades.nodes[0].name]);
  expect(names.sort()).toEqual(
    references
      .slice(0, 4)
      .map(({ name }) => name)
      .sort(),
  );
});

test('projects of another company are unknown', async () => {
  await using directory = await createDirectory();
  const south = await directory.company('Southside');
  const sam = await directory.person('Sam Southside', { companyId: south.id, admin: true });
  await directory.sync({ projects: [tower] });
  expect(faultsOf(await directory.sync({ companyId: south.gid, references: EACH.slice(4, 5) }, sam))).toEqual([
    'NOT_FOUND references.0.projectExternalId',
  ]);
});

test('400 rows take as many statements as 4, and the same ones ten times at once are made once', async () => {
  await using directory = await createDirectory();
  await directory.sync({ projects: [tower] });
  const rows = (n: number, more: object = {}) =>
    Array.from({ length: n }, (_, i) => of('LOCATION', `${n} ${i}`, `Room ${i}`, more));
  const count = async (references: object[]) => {
    const before = directory.statements.count;
    expect((await directory.sync({ references })).userErrors).toEqual([]);
    return directory.statements.count - before;
  };
  const [few, many] = [await count(rows(4)), await count(rows(400))];
  expect(many).toBe(few);
  expect(await count(rows(400, { path: null, code: '7' }))).toBe(await count(rows(4, { code: '7' })));
  const answers = await Promise.all(Array.from({ length: 10 }, () => directory.sync({ references: rows(20) })));
  expect(answers.reduce((sum, { created }) => sum + created, 0)).toBe(20);
  const tooMany = Array.from({ length: 5_001 }, (_, i) => of('TRADE', `${i}`, 'T'));
  expect(faultsOf(await directory.sync({ references: tooMany }))).toEqual(['TOO_MANY']);
});

const was = { name: 'Room 1', path: 'A>Level 1>Room 1' };
/** [name, path, as it was, what it becomes] */
const LOCATIONS: [string, string | null | undefined, typeof was | null, string][] = [
  ['Lobby', undefined, null, 'Lobby'],
  ['A>B>Lobby', undefined, null, 'A>B>Lobby'],
  [' A > B>Lobby ', null, null, 'A>B>Lobby'],
  ['Lobby', 'A > B > Lobby', null, 'A>B>Lobby'],
  ['A>B>Lobby', 'A>B>Lobby', null, 'A>B>Lobby'],
  ['Lobby', ' ', null, 'Lobby'],
  ['Room 1', undefined, was, 'A>Level 1>Room 1'],
  ['Room 2', undefined, was, 'A>Level 1>Room 2'],
  ['B>Room 2', undefined, was, 'B>Room 2'],
  ['Room 1', null, was, 'Room 1'],
  ['Room 1', 'B>Room 1', was, 'B>Room 1'],
];

test('a location is where its path says, else where it was, by its last name', () => {
  for (const [name, path, before, expected] of LOCATIONS) {
    const faults = new Faults();
    const location = locationOf(faults, { name, path }, [], before);
    expect([name, path, location, faults.errors]).toEqual([
      name,
      path,
      { name: expected.split('>').at(-1), path: expected },
      [],
    ]);
  }
});
