import { expect, test } from 'vitest';
import { putReferences, type Reference } from '../kit/reference.ts';
import { createWorld, type Person, type TestWorld } from '../kit/world.ts';

const KINDS = {
  LOCATION: 'locations(QUERY) { totalCount nodes { shown: path active } }',
  COST_CODE: 'costCodes(QUERY) { totalCount nodes { shown: code active } }',
  SPECIFICATION_SECTION: 'specificationSections(QUERY) { totalCount nodes { shown: number active } }',
  SUB_JOB: 'subJobs(QUERY) { totalCount nodes { shown: code active } }',
  TRADE: 'trades(QUERY) { totalCount nodes { shown: name active } }',
  TASK: 'tasks(QUERY) { totalCount nodes { shown: name active } }',
} as const;
const fieldOf = (kind: keyof typeof KINDS) => KINDS[kind].replace('QUERY', 'query: $query, first: 100');

/** A project with this reference data, and Mia, who is a member of it. */
async function createSite(references: Reference[]) {
  const world = await createWorld();
  const [tower, dock] = [await world.project('Tower'), await world.project('Dock')];
  const mia = await world.person('Mia Member');
  await world.member(mia, tower);
  const things = await putReferences(world, tower, references);
  /** What a list shows, joined by commas; what cannot be chosen in brackets. */
  const shown = async (kind: keyof typeof KINDS, query: string | null = null, who: Person = mia) => {
    const source = `query ($id: ID!, $query: String) { project(id: $id) { list: ${fieldOf(kind)} } }`;
    const { list } = (await world.get(who, source, { id: tower.gid, query })).project;
    expect(list.totalCount).toBe(list.nodes.length);
    return list.nodes
      .map((node: { shown: string; active: boolean }) => (node.active ? node.shown : `(${node.shown})`))
      .join(', ');
  };
  return Object.assign(world, { tower, dock, mia, things, shown });
}

const location = (path: string, more: object = {}): Reference => ({
  kind: 'LOCATION',
  name: path.split('>').at(-1)!,
  path,
  ...more,
});

test('lists go as people count, a place before what lies in it, and what cannot be chosen last', async () => {
  await using site = await createSite([
    ...['Tower 10', 'Tower 2>Level 10', 'Tower 2>Level 9', 'Tower 2', 'Ärztehaus', 'Tower 2a', 'Zoo'].map((path) =>
      location(path),
    ),
    location('Attic', { active: false }),
    location('Tower 2>Cellar', { active: false }),
    ...['03-1000', '03-300', '01'].map((code): Reference => ({ kind: 'COST_CODE', name: `Costs ${code}`, code })),
    ...['08 80 00', '08 100 00'].map((code): Reference => ({ kind: 'SPECIFICATION_SECTION', name: 'Glazing', code })),
    ...['2', '10'].map((code): Reference => ({ kind: 'SUB_JOB', name: `Job ${code}`, code })),
    ...['mortar', 'Élan', 'Zinc'].map((name): Reference => ({ kind: 'TRADE', name })),
    ...['Pour 10', 'Pour 9'].map((name, n): Reference => ({ kind: 'TASK', name, code: `A${n}` })),
  ]);
  expect(await site.shown('LOCATION')).toBe(
    'Ärztehaus, Tower 2, Tower 2>Level 9, Tower 2>Level 10, Tower 2a, Tower 10, Zoo, (Attic), (Tower 2>Cellar)',
  );
  expect(await site.shown('COST_CODE')).toBe('01, 03-300, 03-1000');
  expect(await site.shown('SPECIFICATION_SECTION')).toBe('08 80 00, 08 100 00');
  expect(await site.shown('SUB_JOB')).toBe('2, 10');
  expect(await site.shown('TRADE')).toBe('Élan, mortar, Zinc');
  expect(await site.shown('TASK')).toBe('Pour 9, Pour 10');
  // those that cannot be chosen are there by id too
  const { node } = await site.get(site.mia, 'query ($id: ID!) { node(id: $id) { ... on Location { path active } } }', {
    id: site.things.Attic!.gid,
  });
  expect(node).toEqual({ path: 'Attic', active: false });
});

const FOUND: [kind: keyof typeof KINDS, query: string, found: string][] = [
  ['LOCATION', 'zimmer', 'Haus A>Büro>Zimmer 5, Haus B>Zimmer 50%'],
  ['LOCATION', 'BURO', 'Haus A>Büro>Zimmer 5'],
  ['LOCATION', ' 50   haus ', 'Haus B>Zimmer 50%'],
  ['LOCATION', 'r-17', 'Haus A>Büro>Zimmer 5'],
  ['LOCATION', 'a>buro', 'Haus A>Büro>Zimmer 5'],
  ['LOCATION', '%', 'Haus B>Zimmer 50%'],
  ['LOCATION', '_', ''],
  ['LOCATION', '\\', ''],
  ['LOCATION', '', 'Haus A>Büro>Zimmer 5, Haus B>Zimmer 50%'],
  ['LOCATION', 'a\0b', ''],
  ['LOCATION', '\ud800', ''],
  ['LOCATION', 'haus küche', ''],
  ['COST_CODE', 'CREME', '03-300'],
  ['COST_CODE', '03 crème', '03-300'],
  ['COST_CODE', '300', '03-300'],
  ['TRADE', '300', ''],
  ['TASK', 'a1040', 'Pour slab'],
];

test('words are found in path, name and code, whatever case and accents', async () => {
  await using site = await createSite([
    location('Haus A>Büro>Zimmer 5', { code: 'R-17' }),
    location('Haus B>Zimmer 50%'),
    { kind: 'COST_CODE', name: 'Crème', code: '03-300' },
    { kind: 'COST_CODE', name: 'Other', code: '04-100' },
    { kind: 'TASK', name: 'Pour slab', code: 'A1040' },
    { kind: 'TRADE', name: 'Masonry' },
  ]);
  for (const [kind, query, found] of FOUND)
    expect.soft([kind, query, await site.shown(kind, query)]).toEqual([kind, query, found]);
  for (const query of ['a '.repeat(11), 'a'.repeat(256)]) {
    const { errors } = await site.ask(
      site.mia,
      'query ($id: ID!, $query: String) { project(id: $id) { trades(query: $query) { totalCount } } }',
      { id: site.tower.gid, query },
    );
    expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
  }
});

async function pagesOf(world: TestWorld, who: Person, id: string, first: number): Promise<string[]> {
  const source = `query ($id: ID!, $first: Int, $after: String) { project(id: $id) {
    trades(first: $first, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } }
  } }`;
  const names: string[] = [];
  for (let after: string | null = null; ; ) {
    const { nodes, pageInfo }: { nodes: { name: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } = (
      await world.get(who, source, { id, first, after })
    ).project.trades;
    names.push(...nodes.map(({ name }) => name));
    if (!pageInfo.hasNextPage) return names;
    after = pageInfo.endCursor;
  }
}

test('pages have everything once, also among equal names, and a cursor is of one list', async () => {
  const trades = Array.from(
    { length: 23 },
    (_, n): Reference => ({ kind: 'TRADE', name: `Trade ${n % 7}`, active: n % 5 > 0 }),
  );
  await using site = await createSite(trades);
  const all = await pagesOf(site, site.mia, site.tower.gid, 100);
  expect([all.length, await pagesOf(site, site.mia, site.tower.gid, 4)]).toEqual([23, all]);
  const { project } = await site.get(
    site.mia,
    'query ($id: ID!) { project(id: $id) { trades(first: 1) { pageInfo { endCursor } } } }',
    { id: site.tower.gid },
  );
  const { errors } = await site.ask(
    site.mia,
    'query ($id: ID!, $after: String) { project(id: $id) { tasks(after: $after) { nodes { id } } } }',
    { id: site.tower.gid, after: project.trades.pageInfo.endCursor },
  );
  expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
});

const EXTERNAL = `query ($company: ID!, $kind: ExternalKind!, $externalId: String!, $project: ID) {
  externalNode(companyId: $company, kind: $kind, externalId: $externalId, projectId: $project) { id __typename }
}`;

test('who does not see a project sees nothing of its reference data: not by list, id or external id', async () => {
  const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[];
  await using site = await createSite(
    kinds.map((kind): Reference => ({ kind, name: kind, code: 'S', externalId: '7' })),
  );
  const { tower, dock, mia, things, home } = site;
  const [ada, dan] = [await site.person('Ada Admin', { admin: true }), await site.person('Dan Docker')];
  await site.member(dan, dock);
  const south = await site.company('Southside');
  const sam = await site.person('Sam Southside', { companyId: south.id, admin: true });
  const ids = Object.values(things).map(({ gid }) => gid);
  const sees = async (who: Person) => {
    const lists = kinds.map((kind) => `${kind}: ${KINDS[kind].replace('(QUERY)', '')}`).join('\n');
    const { project, nodes } = await site.get(
      who,
      `query ($id: ID!, $ids: [ID!]!) { project(id: $id) { ${lists} } nodes(ids: $ids) { id } }`,
      { id: tower.gid, ids },
    );
    const external = [];
    for (const kind of kinds)
      external.push((await site.get(who, EXTERNAL, { company: home.gid, kind, externalId: '7' })).externalNode);
    return [
      project && kinds.map((kind) => project[kind].totalCount).join(''),
      nodes.filter(Boolean).length,
      external.filter(Boolean).length,
    ];
  };
  for (const who of [mia, ada]) expect(await sees(who)).toEqual(['111111', 6, 6]);
  for (const who of [dan, sam]) expect(await sees(who)).toEqual([null, 0, 0]);

  // in another project the same external id is somebody else's; whoever sees both has to say which
  const [elsewhere] = Object.values(
    await putReferences(site, dock, [{ kind: 'TRADE', name: 'Else', externalId: '7' }]),
  );
  const found = (who: Person, project: string | null) =>
    site.ask(who, EXTERNAL, { company: home.gid, kind: 'TRADE', externalId: '7', project });
  expect((await found(mia, null)).data.externalNode.id).toBe(things.TRADE!.gid);
  expect((await found(dan, null)).data.externalNode.id).toBe(elsewhere!.gid);
  expect((await found(dan, tower.gid)).data.externalNode).toBe(null);
  expect((await found(ada, dock.gid)).data.externalNode.id).toBe(elsewhere!.gid);
  expect((await found(ada, null)).errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
});

test('the lists of many projects take as many statements as those of one', async () => {
  await using site = await createSite([{ kind: 'TRADE', name: 'Masonry' }]);
  const lists = (Object.keys(KINDS) as (keyof typeof KINDS)[])
    .map((kind) => KINDS[kind].replace('QUERY', 'first: 3'))
    .join('\n')
    .replaceAll('shown:', '');
  const source = `{ viewer { projects { nodes { ${lists.replaceAll('totalCount', '')} } } } }`;
  await site.get(site.mia, source);
  const one = await site.statementsOf(site.mia, source);
  for (let n = 0; n < 5; n += 1) await site.member(site.mia, await site.project(`Project ${n}`));
  await site.get(site.mia, source);
  expect(await site.statementsOf(site.mia, source)).toBe(one);
});
