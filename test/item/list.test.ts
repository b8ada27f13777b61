import { expect, test } from 'vitest';
import { canSee } from '../../src/item/item.policy.ts';
import type { AccessLevel, GranularPermission } from '../../src/permission/permission.policy.ts';
import { putItems, type Wanted } from '../kit/putItems.ts';
import { createWorld, type Person, type Project, type TestWorld, type Tool } from '../kit/world.ts';

type Ids = { totalCount: number; nodes: { id: string }[] };

const LISTS = `query ($project: ID!, $archived: Boolean, $order: [ItemOrder!]) {
  project(id: $project) {
    items(first: 100, filter: { archived: $archived }, orderBy: $order) { totalCount nodes { id } }
  }
  items(first: 100, filter: { archived: $archived }, orderBy: $order) { totalCount nodes { id } }
}`;

/** Items of all states, privacies and parts, in two projects and two tools, one of them super private. */
async function createSite() {
  const world = await createWorld();
  const [tower, dock] = [await world.project('Tower'), await world.project('Dock')];
  const review = await world.tool('Design Review', [tower, dock]);
  const quiet = await world.tool('Quiet Matters', [tower, dock], { adminsSeePrivateItems: false });
  const firm = { vendor: 'JJ Developers' };
  const maker = await world.person('Mo Maker', firm);
  const other = await world.person('Otto Other', { vendor: 'Solo' });
  const person = async (
    name: string,
    level: AccessLevel | null,
    granular: GranularPermission[] = [],
    options: { vendor?: string } = firm,
  ) => {
    const who = await world.person(name, options);
    for (const project of [tower, dock])
      for (const tool of [review, quiet]) if (level) await world.grant(who, project, tool, level, granular);
    return { who, level, granular, vendor: options.vendor };
  };
  const viewers = [
    await person('Rita Reader', 'READ_ONLY'),
    await person('Vera Vendor', 'READ_ONLY', ['VIEW_VENDOR_ITEMS']),
    await person('Stan Standard', 'STANDARD', ['VIEW_VENDOR_ITEMS'], { vendor: 'Solo' }),
    await person('Ada Admin', 'ADMIN'),
    await person('Alma Admin', 'ADMIN', ['VIEW_VENDOR_ITEMS']),
    await person('Nils None', 'NONE'),
    await person('Gus Guest', null),
  ];
  const involved: Pick<Wanted, 'by' | 'assignees' | 'distribution' | 'receivedFrom'>[] = [
    { by: maker },
    { by: other, assignees: [maker, other] },
    { by: other },
    ...viewers.flatMap(({ who }) => [
      { by: who, assignees: [who], distribution: [who, maker], receivedFrom: who },
      { by: other, assignees: [who] },
      { by: other, receivedFrom: who },
    ]),
  ];
  const wanted = [tower, dock].flatMap((project) =>
    ['Draft', 'Open', 'Won'].flatMap((status) =>
      [false, true].map((isPrivate, n): Wanted => {
        const part = involved[(n + status.length) % involved.length]!;
        return { project, tool: review, status, private: isPrivate, ...part };
      }),
    ),
  );
  // every part in a private issued item of either tool, and some archived
  for (const tool of [review, quiet]) {
    for (const [n, part] of involved.entries()) {
      wanted.push({
        project: n % 2 ? dock : tower,
        tool,
        status: 'Open',
        private: true,
        archived: n % 5 === 4,
        ...part,
      });
      wanted.push({ project: tower, tool, status: n % 3 ? 'Draft' : 'Closed', private: n % 2 === 0, ...part });
    }
  }
  const things = await putItems(world, wanted);
  return Object.assign(world, {
    tower,
    dock,
    review,
    quiet,
    maker,
    viewers,
    items: wanted.map((item, n) => ({ ...item, ...things[n]! })),
  });
}

type Site = Awaited<ReturnType<typeof createSite>>;

/** What a viewer must find, by the rule alone, newest first. */
function seen(
  site: Site,
  { who, level, granular, vendor }: Site['viewers'][number],
  archived: boolean,
  project?: Project,
) {
  const vendorOf = new Map<string, string>([
    [site.maker.id, 'JJ Developers'],
    ...site.viewers.map((one): [string, string] => [one.who.id, one.vendor ?? '']),
  ]);
  const grant = { accessLevel: level ?? ('NONE' as const), granularPermissions: granular };
  return site.items
    .filter((item) => (item.archived ?? false) === archived && (!project || item.project === project))
    .filter((item) => {
      const involved = [item.by, item.receivedFrom, ...(item.assignees ?? []), ...(item.distribution ?? [])]
        .filter((one) => one !== undefined)
        .map(({ id }) => ({ id, vendorId: vendorOf.get(id) ?? 'Solo' }));
      const facts = {
        number: '',
        category: item.status === 'Draft' ? ('DRAFT' as const) : ('OPEN' as const),
        private: item.private ?? false,
        archived,
        createdById: item.by.id,
        involved,
      };
      const tool = { adminsSeePrivateItems: item.tool === site.review };
      return canSee({ id: who.id, vendorId: vendor ?? null }, grant, tool, facts);
    })
    .map(({ gid }) => gid)
    .reverse();
}

test('every way to list items shows each viewer the same: what the rule lets them see, each once', async () => {
  await using site = await createSite();
  const sizes = new Set<number>();
  for (const viewer of site.viewers) {
    for (const archived of [false, true]) {
      for (const project of [site.tower, site.dock]) {
        const [everywhere, there] = [seen(site, viewer, archived), seen(site, viewer, archived, project)];
        sizes.add(everywhere.length);
        const isMember = viewer.level !== null;
        const answers: { project: { items: Ids } | null; items: Ids }[] = [];
        for (const order of [
          undefined,
          [{ field: 'CREATED_AT', direction: 'DESC' }],
          [{ field: 'CLOSED_AT' }, { field: 'NUMBER' }],
        ])
          answers.push(await site.get(viewer.who, LISTS, { project: project.gid, archived, order }));
        for (const [n, answer] of answers.entries()) {
          const ids = (list: Ids) => (n < 2 ? list.nodes.map(({ id }) => id) : list.nodes.map(({ id }) => id).sort());
          const sorted = (list: string[]) => (n < 2 ? list : list.toSorted());
          const what = `${viewer.who.name}, archived ${archived}, order ${n}`;
          expect(ids(answer.items), what).toEqual(sorted(everywhere));
          expect(answer.items.totalCount, what).toBe(everywhere.length);
          if (!isMember) expect(answer.project, what).toBe(null);
          else {
            expect(ids(answer.project!.items), what).toEqual(sorted(there));
            expect(answer.project!.items.totalCount, what).toBe(there.length);
          }
        }
      }
    }
  }
  expect(sizes.size).toBeGreaterThan(6);
}, 60_000);

test('a list ends with the right to it: grant, membership, tool in the project, activity', async () => {
  await using site = await createSite();
  const { sql, db } = site;
  const { who } = site.viewers[0]!;
  const count = async () => (await site.get(who, '{ items { totalCount } }')).items.totalCount;
  const before = await count();
  expect(before).toBeGreaterThan(0);
  await sql`update generic_tool_grants set access_level = 'NONE' where user_id = ${who.id} and generic_tool_id = ${site.review.id}`.execute(
    db,
  );
  const quietOnly = await count();
  expect(quietOnly).toBeLessThan(before);
  await sql`delete from fieldset_projects where generic_tool_id = ${site.quiet.id} and project_id = ${site.dock.id}`.execute(
    db,
  );
  expect(await count()).toBeLessThan(quietOnly);
  await sql`delete from project_members where user_id = ${who.id}`.execute(db);
  expect(await count()).toBe(0);
  await sql`update users set active = false where id = ${who.id}`.execute(db);
  expect((await site.ask(who, '{ items { totalCount } }')).errors).toMatchObject([
    { extensions: { code: 'UNAUTHENTICATED' } },
  ]);
});

test('a list of a project holds nothing of another, whatever the filter says', async () => {
  await using site = await createSite();
  const { who } = site.viewers[3]!;
  const source = `query ($id: ID!, $filter: ItemFilter) { project(id: $id) { items(filter: $filter) { totalCount } } }`;
  const count = async (filter: object) =>
    (await site.get(who, source, { id: site.tower.gid, filter })).project.items.totalCount;
  const all = await count({});
  expect(await count({ project: { eq: site.tower.gid } })).toBe(all);
  expect(await count({ project: { in: [site.tower.gid, site.dock.gid] } })).toBe(all);
  for (const filter of [
    { project: { eq: site.dock.gid } },
    { project: { notIn: [site.tower.gid] } },
    { project: { eq: site.tower.gid, in: [site.dock.gid] } },
    { or: [{ project: { eq: site.dock.gid } }] },
    { not: { project: { eq: site.tower.gid } } },
    {
      ids: site.items
        .filter(({ project }) => project === site.dock)
        .map(({ gid }) => gid)
        .slice(0, 50),
    },
  ])
    expect(await count(filter), JSON.stringify(filter)).toBe(0);
});

test('a company sees nothing of another', async () => {
  await using site = await createSite();
  const elsewhere = await site.company('Elsewhere Inc');
  const companyId = elsewhere.id;
  const yard = await site.project('Yard', { companyId });
  const letters = await site.tool('Letters', [yard], { companyId });
  const zoe = await site.person('Zoe Elsewhere', { companyId, admin: true });
  await site.grant(zoe, yard, letters, 'ADMIN');
  const [hers] = await putItems(site, [{ project: yard, tool: letters, by: zoe, status: 'Open' }]);
  expect((await site.get(zoe, '{ items { nodes { id } } }')).items.nodes).toEqual([{ id: hers!.gid }]);
  const filter = { ids: site.items.map(({ gid }) => gid).slice(0, 50) };
  expect(
    (await site.get(zoe, 'query ($filter: ItemFilter) { items(filter: $filter) { totalCount } }', { filter })).items,
  ).toEqual({ totalCount: 0 });
  const { who } = site.viewers[3]!;
  for (const asked of [{ project: { eq: yard.gid } }, { genericTool: { eq: letters.gid } }, { ids: [hers!.gid] }])
    expect(
      (await site.get(who, 'query ($filter: ItemFilter) { items(filter: $filter) { totalCount } }', { filter: asked }))
        .items,
    ).toEqual({ totalCount: 0 });
});

test('an item in a list says what was said about it, and so does the item by itself', async () => {
  await using world = await createWorld();
  const { tower, review } = await place(world);
  const ada = await world.person('Ada Admin', { vendor: 'JJ Developers' });
  const [rob, zoe] = [await world.person('Rob Reader'), await world.person('Zoe Zimmer')];
  for (const [who, level] of [
    [ada, 'ADMIN'],
    [rob, 'READ_ONLY'],
    [zoe, 'READ_ONLY'],
  ] as [Person, AccessLevel][])
    await world.grant(who, tower, review, level);
  const item = {
    externalId: 'ext-1',
    position: 'interior-002',
    title: 'Console design finishes',
    description: '<p>Please <b>choose</b>.</p>',
    statusName: 'On Hold',
    private: true,
    dueDate: '2026-03-01',
    scheduleImpact: { status: 'YES_KNOWN', days: 2.5 },
    costImpact: { status: 'YES_KNOWN', amount: '1250.75' },
    receivedFromId: rob.gid,
    assigneeIds: [zoe.gid, rob.gid],
    distributionMemberIds: [rob.gid, ada.gid],
    quantity: '412.5',
    unit: 'm2',
  };
  world.clock.set('2026-03-02T09:00:00.000Z');
  const made = await world.get(
    ada,
    'mutation ($input: CreateItemInput!) { createItem(input: $input) { item { id } userErrors { message } } }',
    { input: { projectId: tower.gid, genericToolId: review.gid, item } },
  );
  const { id } = made.createItem.item;
  const fields = `id externalId number position title description private superPrivate dueDate isOverdue quantity unit version
    genericTool { id title } project { id name } status { id name category } createdBy { name vendor { name } }
    receivedFrom { name vendor { name } } assignees { name } distributionMembers { name } ballInCourt { name }
    scheduleImpact { status days } costImpact { status amount } createdAt updatedAt issuedAt closedAt archivedAt
    viewerCanEdit viewerCanChangeStatus viewerCanRespond viewerCanArchive`;
  const answer = await world.get(
    ada,
    `query ($id: ID!, $project: ID!) {
      item(id: $id) { ${fields} }
      node(id: $id) { ... on Item { ${fields} } }
      items { nodes { ${fields} } edges { node { ${fields} } } }
      project(id: $project) { items(orderBy: [{ field: TITLE }]) { nodes { ${fields} } } }
    }`,
    { id, project: tower.gid },
  );
  const time = expect.stringMatching(/^2026-03-02T09:00:00\.0\d\dZ$/);
  expect(answer.item).toEqual({
    id,
    externalId: 'ext-1',
    number: 'DE-interior-002',
    position: 'interior-002',
    title: item.title,
    description: item.description,
    private: true,
    superPrivate: false,
    dueDate: '2026-03-01',
    isOverdue: true,
    quantity: '412.5',
    unit: 'm2',
    version: 1,
    genericTool: { id: review.gid, title: 'Design Review' },
    project: { id: tower.gid, name: 'Tower' },
    status: { id: review.statuses['On Hold']!.gid, name: 'On Hold', category: 'OPEN' },
    createdBy: { name: 'Ada Admin', vendor: { name: 'JJ Developers' } },
    receivedFrom: { name: 'Rob Reader', vendor: null },
    assignees: [{ name: 'Zoe Zimmer' }, { name: 'Rob Reader' }],
    distributionMembers: [{ name: 'Rob Reader' }, { name: 'Ada Admin' }],
    ballInCourt: [{ name: 'Zoe Zimmer' }, { name: 'Rob Reader' }],
    scheduleImpact: { status: 'YES_KNOWN', days: 2.5 },
    costImpact: { status: 'YES_KNOWN', amount: '1250.75' },
    createdAt: time,
    updatedAt: answer.item.createdAt,
    issuedAt: answer.item.createdAt,
    closedAt: null,
    archivedAt: null,
    viewerCanEdit: true,
    viewerCanChangeStatus: true,
    viewerCanRespond: true,
    viewerCanArchive: true,
  });
  const { nodes, edges } = answer.items;
  expect([answer.node, ...nodes, edges[0].node, ...answer.project.items.nodes]).toEqual(Array(4).fill(answer.item));
});

async function place(world: TestWorld): Promise<{ tower: Project; review: Tool }> {
  const tower = await world.project('Tower');
  return { tower, review: await world.tool('Design Review', [tower]) };
}

test('lists inside of a list page each on their own', async () => {
  await using world = await createWorld();
  const { tower, review } = await place(world);
  const ada = await world.person('Ada Admin');
  await world.grant(ada, tower, review, 'ADMIN');
  const items = await putItems(
    world,
    Array.from({ length: 4 }, () => ({ project: tower, tool: review, by: ada, status: 'Open' })),
  );
  for (const [n, { gid: itemId }] of items.entries()) {
    for (let k = 1; k <= n; k += 1) {
      const input = {
        itemId,
        notes: `${n}.${k}`,
        official: k % 2 === 0,
        itemPatch: { title: `Title ${k}`, unit: `${k}` },
      };
      const source =
        'mutation ($input: CreateResponseInput!) { createResponse(input: $input) { userErrors { message } } }';
      expect((await world.get(ada, source, { input })).createResponse.userErrors).toEqual([]);
    }
  }
  const page = 'totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';
  const source = `query ($first: Int, $after: String, $last: Int, $before: String) {
    items(orderBy: [{ field: CREATED_AT }]) { nodes {
      id
      responses(first: $first, after: $after, last: $last, before: $before) { ${page} nodes { notes position } }
      changes { totalCount nodes { newValue } }
    } }
  }`;
  const lists = async (variables: object) => (await world.get(ada, source, { ...variables })).items.nodes;
  const notes = (node: { responses: { nodes: { notes: string }[] } }) => node.responses.nodes.map((one) => one.notes);
  expect((await lists({})).map(notes)).toEqual([[], ['1.1'], ['2.1', '2.2'], ['3.1', '3.2', '3.3']]);

  const firsts = await lists({ first: 2 });
  expect(firsts.map(notes)).toEqual([[], ['1.1'], ['2.1', '2.2'], ['3.1', '3.2']]);
  expect(
    firsts.map((node: { responses: { pageInfo: object; totalCount: number } }) => [
      node.responses.totalCount,
      node.responses.pageInfo,
    ]),
  ).toMatchObject([
    [0, { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null }],
    [1, { hasNextPage: false, hasPreviousPage: false }],
    [2, { hasNextPage: false, hasPreviousPage: false }],
    [3, { hasNextPage: true, hasPreviousPage: false }],
  ]);
  const lasts = await lists({ last: 1 });
  expect(lasts.map(notes)).toEqual([[], ['1.1'], ['2.2'], ['3.3']]);
  // the cursor of one item's list, in all of them: from its place on
  const after = firsts[3].responses.pageInfo.startCursor;
  const rest = await lists({ first: 1, after });
  expect(rest.map(notes)).toEqual([[], [], ['2.2'], ['3.2']]);
  expect(
    rest.map(
      (node: { responses: { pageInfo: { hasPreviousPage: boolean } } }) => node.responses.pageInfo.hasPreviousPage,
    ),
  ).toEqual([false, true, true, true]);
  // newest first, and each change is one row
  const changes = (await lists({}))[3].changes;
  expect([changes.totalCount, changes.nodes.map(({ newValue }: { newValue: string }) => newValue).toSorted()]).toEqual([
    6,
    ['1', '2', '3', 'Title 1', 'Title 2', 'Title 3'],
  ]);
  expect(
    changes.nodes
      .slice(0, 2)
      .map(({ newValue }: { newValue: string }) => newValue)
      .toSorted(),
  ).toEqual(['3', 'Title 3']);
  const { errors } = await world.ask(ada, source, { first: 1, after: 'x' });
  expect(errors![0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
});
