import { afterAll, beforeAll, expect, test } from 'vitest';
import { putItems } from '../kit/putItems.ts';
import { createWorld, type Person } from '../kit/world.ts';

/** 200 items of all states in two projects and two tools, with a dozen people of five firms; Stan is STANDARD on all of it. */
async function createSite() {
  const world = await createWorld();
  const projects = [await world.project('Tower'), await world.project('Dock')];
  for (const name of ['Annex', 'Bridge', 'Canal', 'Depot']) projects.push(await world.project(name));
  const tools = [await world.tool('Design Review', projects), await world.tool('Letters', projects)];
  const people: Person[] = [];
  for (let n = 0; n < 12; n += 1) people.push(await world.person(`Person ${n}`, { vendor: `Firm ${n % 5}` }));
  const stan = await world.person('Stan Standard', { vendor: 'Firm 1' });
  const ada = await world.person('Ada Admin', { admin: true });
  for (const [n, project] of projects.entries()) {
    for (const tool of tools) {
      await world.grant(stan, project, tool, 'STANDARD', ['VIEW_VENDOR_ITEMS', 'CREATE_RESPONSE']);
      await world.grant(ada, project, tool, 'ADMIN');
      if (n < 2) for (const person of people) await world.grant(person, project, tool, 'READ_ONLY');
    }
  }
  const at = (n: number) => people[n % people.length]!;
  const [tower, dock] = [projects[0]!, projects[1]!];
  const items = await putItems(
    world,
    Array.from({ length: 200 }, (_, n) => ({
      project: n % 3 ? tower : dock,
      tool: tools[n % 2]!,
      by: n % 4 ? stan : at(n),
      status: ['Draft', 'Open', 'On Hold', 'Closed', 'Won'][n % 5]!,
      private: n % 3 === 0,
      assignees: [at(n), at(n + 1), at(n + 2)],
      distribution: [at(n + 3), at(n + 4), at(n + 5)],
      receivedFrom: at(n + 6),
    })),
  );
  return Object.assign(world, { projects, tower, tools, people, stan, ada, items });
}

type Site = Awaited<ReturnType<typeof createSite>>;

let site: Site;
beforeAll(async () => {
  site = await createSite();
});
afterAll(() => site[Symbol.asyncDispose]());

const PERSON = 'id name vendor { id name }';
/** What screens show of each item of a list. */
const ROW = `id number title private dueDate isOverdue genericTool { id title abbreviation } status { id name category }
  createdBy { ${PERSON} } assignees { ${PERSON} } distributionMembers { ${PERSON} }`;

/** Statements of an operation for a page of 5 and of 50. */
const pages = async (who: Person, source: string): Promise<number[]> => {
  const variables = { company: site.home.gid, project: site.tower.gid, tool: site.tools[0]!.gid };
  // what a process reads once and remembers is none of an operation's own: names
  await site.get(who, source, { ...variables, n: 50 });
  const counted: number[] = [];
  for (const n of [5, 50]) counted.push(await site.statementsOf(who, source, { ...variables, n }));
  return counted;
};

// the numbers are exact, so that nobody makes them worse unseen; whoever makes them better lowers them
const READS: [what: string, statements: number, source: string][] = [
  ['who one is', 2, '{ viewer { user { name vendor { name } } companies { name } } }'],
  [
    'items of a project with their people, vendors, tools and statuses',
    3,
    `query ($project: ID!, $n: Int) {
      project(id: $project) { items(first: $n) { nodes { ${ROW} } pageInfo { hasNextPage endCursor } } }
    }`,
  ],
  [
    'items of a tool in a project',
    3,
    `query ($project: ID!, $tool: ID!, $n: Int) {
      project(id: $project) {
        items(first: $n, filter: { genericTool: { eq: $tool } }) { nodes { ${ROW} } pageInfo { hasNextPage endCursor } }
      }
    }`,
  ],
  [
    'items of a project in another order, counted',
    4,
    `query ($project: ID!, $n: Int) {
      project(id: $project) {
        items(first: $n, orderBy: [{ field: STATUS }, { field: ASSIGNEE }], filter: { statusCategory: { notIn: [DRAFT] } }) {
          totalCount edges { cursor node { ${ROW} receivedFrom { ${PERSON} } } }
        }
      }
    }`,
  ],
  [
    'items of all projects',
    3,
    `query ($n: Int) { items(first: $n) { nodes { ${ROW} project { name } } pageInfo { hasNextPage } } }`,
  ],
  [
    'items with what one may do to them',
    6,
    'query ($n: Int) { items(first: $n) { nodes { viewerCanEdit viewerCanChangeStatus viewerCanRespond viewerCanArchive } } }',
  ],
  [
    'items with their responses',
    5,
    `query ($n: Int) { items(first: $n) { nodes {
      responses(first: 5) { totalCount nodes { notes status { name } createdBy { ${PERSON} } } pageInfo { hasNextPage } }
    } } }`,
  ],
  [
    'items with their history',
    5,
    `query ($n: Int) { items(first: $n) { nodes {
      changes(last: 5) { totalCount nodes { label oldValue newValue createdBy { ${PERSON} } } pageInfo { hasPreviousPage } }
    } } }`,
  ],
  [
    'items with all about their tools and projects',
    13,
    `query ($tool: ID!, $n: Int) { items(first: $n) { nodes {
      genericTool { statuses { isUsed } fieldsets { fields { field } projects { name } } }
      status { genericTool { company { name } } }
      project { name permissions { accessLevel } availableStatuses(genericToolId: $tool) { name } defaults { private } fieldsets { name } }
    } } }`,
  ],
  [
    'people of the company',
    4,
    `query ($company: ID!, $n: Int) { company(id: $company) { users(first: $n) { totalCount nodes { ${PERSON} } } } }`,
  ],
  [
    'vendors of the company',
    4,
    'query ($company: ID!, $n: Int) { company(id: $company) { vendors(first: $n) { totalCount nodes { name } } } }',
  ],
  [
    'projects with their items, people and rights',
    10,
    `query ($tool: ID!, $n: Int) { viewer { projects(first: $n) { nodes {
      name genericTools { title } permissions { genericTool { title } permittedActions }
      items(first: 2, filter: { statusCategory: { eq: OPEN } }) { totalCount nodes { number } pageInfo { hasNextPage } }
      members(first: 2) { nodes { user { name } } pageInfo { hasNextPage } }
      availableReaders(first: 2, genericToolId: $tool) { nodes { name } }
      userAvailability(first: 2) { nodes { user { name } genericTools { potentialAssignee } } }
    } } } }`,
  ],
  [
    'tools with statuses, fieldsets and projects',
    11,
    `query ($company: ID!, $n: Int) { company(id: $company) { genericTools(first: $n) { totalCount nodes {
      title statuses { name isUsed } fieldsets { name fields { field } sections { name } projects { name } } projects(first: 3) { nodes { name } }
    } } } }`,
  ],
  [
    'availability of the people of a project',
    6,
    `query ($project: ID!, $n: Int) { project(id: $project) { userAvailability(first: $n) {
      totalCount nodes { user { ${PERSON} } genericTools { genericTool { title } potentialAssignee } }
    } } }`,
  ],
  [
    'members of a project with what they were given',
    6,
    `query ($project: ID!, $n: Int) { project(id: $project) { members(first: $n) {
      totalCount nodes { user { ${PERSON} } permissionTemplate { name entries { accessLevel } } grants { accessLevel genericTool { title } } }
    } } }`,
  ],
];

test('reading takes as many statements for 50 rows as for 5', async () => {
  const { ada, stan } = site;
  for (const [what, statements, source] of READS) {
    const counted = await pages(what.startsWith('members') ? ada : stan, source);
    expect.soft([what, ...counted]).toEqual([what, statements, statements]);
  }
});

test('how many rows there are, and what is beyond a page, is looked up only when asked for', async () => {
  const texts = async (fields: string): Promise<string[]> => {
    const before = site.statements.texts.length;
    await site.get(site.stan, `{ items(first: 5) { ${fields} } }`);
    return site.statements.texts.slice(before);
  };
  const plain = await texts('nodes { id }');
  expect(plain.filter((text) => text.includes('count(*)'))).toEqual([]);
  expect(await texts('nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor }')).toHaveLength(plain.length);
  const counted = await texts('nodes { id } totalCount');
  expect(counted.filter((text) => text.includes('count(*)'))).toHaveLength(1);
});

const ITEM = `query ($id: ID!) { item(id: $id) {
  ${ROW} description receivedFrom { ${PERSON} } project { name } ballInCourt { ${PERSON} } viewerCanEdit viewerCanRespond
  responses { totalCount nodes { notes createdBy { ${PERSON} } } } changes { nodes { label createdBy { ${PERSON} } } }
} }`;

test('the page of an item takes as many statements, however many responses, changes and people it has', async () => {
  const { stan, ada, people, items } = site;
  const id = items[21]!.gid;
  const counted: number[] = [];
  for (const n of [1, 2, 3, 4, 5, 6]) {
    const itemPatch = { title: `Title ${n}`, assigneeIds: people.slice(0, 2 * n).map((person) => person.gid) };
    const source = 'mutation ($input: CreateResponseInput!) { createResponse(input: $input) { userErrors { code } } }';
    const input = { itemId: id, notes: `${n}`, itemPatch };
    expect((await site.get(ada, source, { input })).createResponse.userErrors).toEqual([]);
    await site.get(stan, ITEM, { id });
    counted.push(await site.statementsOf(stan, ITEM, { id }));
  }
  expect(counted).toEqual(Array(6).fill(8));
});

const SHOWN =
  'item { id number title status { name } createdBy { name vendor { name } } } userErrors { code message path }';

test('writing takes as many statements for many as for few', async () => {
  const { ada, items, people } = site;
  const count = async (mutation: string, input: object, shown: string): Promise<number> => {
    const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
    const before = site.statements.count;
    const { payload } = await site.get(
      ada,
      `mutation ($input: ${type}!) { payload: ${mutation}(input: $input) { ${shown} } }`,
      { input },
    );
    expect(payload.userErrors).toEqual([]);
    return site.statements.count - before;
  };
  const gids = (from: number, to: number) => items.slice(from, to).map(({ gid }) => gid);
  const results = `results { outcome ${SHOWN} } updatedCount userErrors { code message path }`;
  const outcomes = 'results { id outcome userErrors { code } } updatedCount userErrors { code message path }';
  const place = { projectId: site.tower.gid, genericToolId: site.tools[0]!.gid };
  const assigneeIds = people.map(({ gid }) => gid);
  await count('createItem', { ...place, item: { title: 'First' } }, SHOWN);

  const patch = (n: number) => ({
    title: `Title ${n}`,
    private: n % 2 === 0,
    assigneeIds: assigneeIds.slice(0, (n % 5) + 1),
    statusName: 'On Hold',
  });
  const own = (from: number, to: number) =>
    gids(from, to).map((id, n) => ({ id, patch: { ...patch(n), position: `own-${from}-${n}` } }));
  const measured: Record<string, number[]> = {
    'one patch for 20, for 120': [
      await count('batchUpdateItems', { ids: gids(0, 20), patch: patch(1) }, results),
      await count('batchUpdateItems', { ids: gids(0, 120), patch: patch(3) }, results),
    ],
    'the status of 20, of 120': [
      await count('batchUpdateItems', { ids: gids(0, 20), patch: { statusName: 'Won' } }, outcomes),
      await count('batchUpdateItems', { ids: gids(0, 120), patch: { statusName: 'Lost' } }, outcomes),
    ],
    'a patch each for 20, for 120': [
      await count('batchUpdateItems', { updates: own(0, 20) }, results),
      await count('batchUpdateItems', { updates: own(0, 120) }, results),
    ],
    'a dry run for 20, for 120': [
      await count('batchUpdateItems', { ids: gids(0, 20), patch: patch(2), dryRun: true }, results),
      await count('batchUpdateItems', { ids: gids(0, 120), patch: patch(4), dryRun: true }, results),
    ],
    'a new item, nothing of it but its number shown': [
      await count('createItem', { ...place, item: { title: 'New' } }, 'item { id number } userErrors { code }'),
      await count(
        'createItem',
        { ...place, item: { title: 'New', statusName: 'Open', assigneeIds } },
        'item { id number } userErrors { code }',
      ),
    ],
    'a new item with 1 assignee, with 12': [
      await count(
        'createItem',
        { ...place, item: { title: 'One', statusName: 'Open', assigneeIds: assigneeIds.slice(0, 1) } },
        SHOWN,
      ),
      await count('createItem', { ...place, item: { title: 'Twelve', statusName: 'Open', assigneeIds } }, SHOWN),
    ],
    'an item changed a little, and in all': [
      await count(
        'updateItem',
        { id: items[141]!.gid, patch: { title: 'A', private: true, assigneeIds: assigneeIds.slice(0, 1) } },
        SHOWN,
      ),
      await count(
        'updateItem',
        {
          id: items[142]!.gid,
          patch: {
            ...patch(8),
            description: 'x',
            dueDate: '2030-01-01',
            assigneeIds,
            distributionMemberIds: assigneeIds,
          },
        },
        SHOWN,
      ),
    ],
    'a response, and a change with it': [
      await count(
        'createResponse',
        { itemId: items[146]!.gid, notes: 'Yes', itemPatch: { title: 'B', assigneeIds: assigneeIds.slice(0, 1) } },
        'item { id } userErrors { code message path }',
      ),
      await count(
        'createResponse',
        { itemId: items[151]!.gid, notes: 'No', itemPatch: { title: 'C', assigneeIds } },
        'item { id } userErrors { code message path }',
      ),
    ],
    '5 archived, 50': [
      await count(
        'archiveItems',
        { ids: gids(0, 5) },
        `items { id number status { name } assignees { name } } userErrors { code }`,
      ),
      await count(
        'archiveItems',
        { ids: gids(5, 55) },
        `items { id number status { name } assignees { name } } userErrors { code }`,
      ),
    ],
    '5 restored, 50': [
      await count(
        'restoreItems',
        { ids: gids(0, 5) },
        `items { id number status { name } assignees { name } } userErrors { code }`,
      ),
      await count(
        'restoreItems',
        { ids: gids(5, 55) },
        `items { id number status { name } assignees { name } } userErrors { code }`,
      ),
    ],
  };
  // exact, so that nobody makes them worse unseen. Private items speak of vendors: one statement more takes their people
  const each = Object.entries(measured).map(([what, [few, many]]) => [what, few, many]);
  expect(each).toEqual([
    ['one patch for 20, for 120', 9, 9],
    ['the status of 20, of 120', 5, 5],
    ['a patch each for 20, for 120', 12, 12],
    ['a dry run for 20, for 120', 11, 11],
    ['a new item, nothing of it but its number shown', 5, 5],
    ['a new item with 1 assignee, with 12', 7, 7],
    ['an item changed a little, and in all', 10, 10],
    ['a response, and a change with it', 8, 8],
    ['5 archived, 50', 10, 10],
    ['5 restored, 50', 10, 10],
  ]);
}, 120_000);
