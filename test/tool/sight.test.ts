import { afterAll, beforeAll, expect, test } from 'vitest';
import { toGlobalId } from '../../src/kernel/ids.ts';
import { createWorld, type Person, type Project, type TestWorld, type Thing, type Tool } from '../kit/world.ts';

let world: TestWorld;
let people: Record<'ada' | 'rita' | 'nora' | 'bea' | 'mia' | 'out' | 'sue', Person>;
let tower: Project;
let bridge: Project;
let memo: Tool;
let letters: Tool;
let nowhere: Tool;
let south: Thing;

beforeAll(async () => {
  world = await createWorld();
  south = await world.company('Southside');
  [tower, bridge] = [await world.project('Tower'), await world.project('Bridge')];
  memo = await world.tool('Memo', [tower, bridge]);
  letters = await world.tool('Letters', [tower]);
  nowhere = await world.tool('Nowhere', []);
  people = {
    ada: await world.person('Ada Admin', { admin: true }),
    rita: await world.person('Rita Reader'),
    nora: await world.person('Nora None'),
    bea: await world.person('Bea Bridge'),
    mia: await world.person('Mia Member'),
    out: await world.person('Otto Outside'),
    sue: await world.person('Sue South', { admin: true, companyId: south.id }),
  };
  const { rita, nora, bea, mia } = people;
  await world.grant(rita, tower, memo, 'READ_ONLY');
  await world.grant(rita, tower, letters, 'STANDARD');
  // level NONE on the tool in one project, READ_ONLY in another
  await world.grant(nora, tower, memo, 'NONE');
  await world.grant(bea, tower, memo, 'NONE');
  await world.grant(bea, bridge, memo, 'READ_ONLY');
  await world.member(mia, tower);
});
afterAll(() => world[Symbol.asyncDispose]());

type Name = keyof typeof people;
const titles = (tools: { title: string }[]) => tools.map(({ title }) => title);

test.each<[Name, string[], string[], string[]]>([
  // who, tools of the company, of these in Tower, in Bridge
  ['ada', ['Letters', 'Memo', 'Nowhere'], ['Letters', 'Memo'], ['Memo']],
  ['rita', ['Letters', 'Memo'], ['Letters', 'Memo'], []],
  ['bea', ['Memo'], [], ['Memo']],
  ['nora', [], [], []],
  ['mia', [], [], []],
  ['out', [], [], []],
])('lists name only tools that one may read: %s', async (name, all, inTower, inBridge) => {
  const { company } = await world.get(
    people[name],
    `query ($id: ID!, $tower: ID!, $bridge: ID!) {
      company(id: $id) {
        all: genericTools { nodes { title } totalCount }
        inTower: genericTools(projectId: $tower) { nodes { title } totalCount }
        inBridge: genericTools(projectId: $bridge) { nodes { title } totalCount }
      }
    }`,
    { id: world.home.gid, tower: tower.gid, bridge: bridge.gid },
  );
  for (const [list, expected] of [
    [company.all, all],
    [company.inTower, inTower],
    [company.inBridge, inBridge],
  ]) {
    expect(titles(list.nodes)).toEqual(expected);
    expect(list.totalCount).toBe(expected.length);
  }
});

test.each<[Name, boolean]>([
  ['ada', true],
  ['rita', true],
  ['bea', true],
  ['nora', false],
  ['mia', false],
  ['out', false],
  ['sue', false],
])('a tool, its statuses and its fieldsets by id: %s', async (name, sees) => {
  const { genericTool } = await world.get(
    people.ada,
    'query ($id: ID!) { genericTool(id: $id) { fieldsets { id } } }',
    {
      id: memo.gid,
    },
  );
  const ids = [memo.gid, memo.statuses.Open!.gid, genericTool.fieldsets[0].id];
  const found = await world.get(
    people[name],
    'query ($ids: [ID!]!, $id: ID!) { nodes(ids: $ids) { id __typename } node(id: $id) { id } genericTool(id: $id) { title } }',
    { ids, id: memo.gid },
  );
  const types = ['GenericTool', 'GenericToolStatus', 'Fieldset'];
  expect(found.nodes).toEqual(ids.map((id, i) => (sees ? { id, __typename: types[i] } : null)));
  expect([found.node, found.genericTool]).toEqual(sees ? [{ id: memo.gid }, { title: 'Memo' }] : [null, null]);
});

test.each<[Name, Project | 'tower' | 'bridge', string[]]>([
  ['ada', 'tower', ['Letters', 'Memo']],
  ['rita', 'tower', ['Letters', 'Memo']],
  ['nora', 'tower', []],
  ['bea', 'tower', []],
  ['bea', 'bridge', ['Memo']],
  ['mia', 'tower', []],
])('what is available in a project: %s in %s', async (name, where, expected) => {
  const { project } = await world.get(
    people[name],
    `query ($id: ID!, $memo: ID!, $nowhere: ID!) {
      project(id: $id) {
        genericTools { title }
        fieldsets { name genericTool { title } }
        ofMemo: fieldsets(genericToolId: $memo) { genericTool { title } }
        ofNowhere: fieldsets(genericToolId: $nowhere) { name }
        memo: availableStatuses(genericToolId: $memo) { name }
        nowhere: availableStatuses(genericToolId: $nowhere) { name }
      }
    }`,
    { id: (where === 'tower' ? tower : bridge).gid, memo: memo.gid, nowhere: nowhere.gid },
  );
  expect(titles(project.genericTools)).toEqual(expected);
  expect(project.fieldsets).toEqual(expected.map((title) => ({ name: 'Default', genericTool: { title } })));
  expect(project.ofMemo).toEqual(expected.includes('Memo') ? [{ genericTool: { title: 'Memo' } }] : []);
  expect([project.ofNowhere, project.nowhere]).toEqual([[], []]);
  expect(project.memo.map((status: { name: string }) => status.name)).toEqual(
    expected.includes('Memo') ? ['Draft', 'On Hold', 'Open', 'Closed', 'Won', 'Lost'] : [],
  );
});

test.each<[Name, string[]]>([
  ['ada', ['Bridge', 'Tower']],
  ['rita', ['Tower']],
  ['bea', ['Bridge']],
])('where a tool is available, as far as one may read it there: %s', async (name, expected) => {
  const { genericTool } = await world.get(
    people[name],
    `query ($id: ID!) { genericTool(id: $id) {
      projects { nodes { name } totalCount pageInfo { hasNextPage hasPreviousPage } } fieldsets { projects { name } }
    } }`,
    { id: memo.gid },
  );
  const projects = expected.map((project) => ({ name: project }));
  expect(genericTool).toEqual({
    projects: {
      nodes: projects,
      totalCount: expected.length,
      pageInfo: { hasNextPage: false, hasPreviousPage: false },
    },
    fieldsets: [{ projects }],
  });
});

test('somebody else of the company hears nothing of taken titles, nor of tools in other companies', async () => {
  await using fresh = await createWorld();
  const [admin, mia] = [await fresh.person('Ada Admin', { admin: true }), await fresh.person('Mia Member')];
  await fresh.tool('Bulletin', []);
  const offered = async (who: Person) =>
    titles(
      (
        await fresh.get(who, 'query ($id: ID!) { company(id: $id) { genericToolTemplates { title } } }', {
          id: fresh.home.gid,
        })
      ).company.genericToolTemplates,
    );
  expect(await offered(admin)).not.toContain('Bulletin');
  expect(await offered(mia)).toContain('Bulletin');
});

test('the company that one does not act for has no tools and no templates', async () => {
  await using fresh = await createWorld();
  const other = await fresh.company('Southside');
  const ann = await fresh.person('Ann Both', { admin: true });
  await fresh.person('Ann Both', { admin: true, companyId: other.id });
  await fresh.tool('Theirs', [], { companyId: other.id });
  const { viewer } = await fresh.get(
    ann,
    '{ viewer { companies { name genericTools { nodes { title } totalCount } genericToolTemplates { title } } } }',
  );
  expect(viewer.companies[1]).toEqual({
    name: 'Southside',
    genericTools: { nodes: [], totalCount: 0 },
    genericToolTemplates: [],
  });
});

test('sight goes with the last project where the tool is available', async () => {
  await using fresh = await createWorld();
  const rita = await fresh.person('Rita Reader');
  const site = await fresh.project('Site');
  const tool = await fresh.tool('Memo', [site]);
  await fresh.grant(rita, site, tool, 'ADMIN');
  const seen = async () =>
    (await fresh.get(rita, 'query ($id: ID!) { genericTool(id: $id) { title } }', { id: tool.gid })).genericTool;
  expect(await seen()).toEqual({ title: 'Memo' });
  await fresh.sql`delete from fieldset_projects`.execute(fresh.db);
  expect(await seen()).toBeNull();
});

test.each([
  ['genericTool(id: "rubbish") { id }'],
  ['genericTool(id: "$user") { id }'],
  ['company(id: "$company") { genericTools(projectId: "$user") { nodes { id } } }'],
  ['project(id: "$project") { availableStatuses(genericToolId: "$user") { id } }'],
  ['project(id: "$project") { fieldsets(genericToolId: "") { id } }'],
  ['company(id: "$company") { genericTools(after: "rubbish") { nodes { id } } }'],
  ['company(id: "$company") { genericTools(first: 101) { nodes { id } } }'],
  ['company(id: "$company") { genericTools(first: 1, last: 1) { nodes { id } } }'],
])('an argument that makes no sense is BAD_USER_INPUT: %s', async (source) => {
  const query = source
    .replace('$user', people.ada.gid)
    .replace('$company', world.home.gid)
    .replace('$project', tower.gid);
  const { errors } = await world.ask(people.ada, `{ ${query} }`);
  expect(errors?.map((error) => error.extensions?.code ?? error.toJSON().extensions?.code)).toEqual(['BAD_USER_INPUT']);
});

test('ids that nothing has, and projects that one does not see, match nothing', async () => {
  const nobody = '01890000-0000-7000-8000-000000000000';
  const { genericTool, company } = await world.get(
    people.mia,
    `query ($tool: ID!, $company: ID!, $unknown: ID!, $unseen: ID!) {
      genericTool(id: $tool) { id }
      company(id: $company) {
        unknown: genericTools(projectId: $unknown) { nodes { id } }
        unseen: genericTools(projectId: $unseen) { nodes { id } }
      }
    }`,
    {
      tool: toGlobalId('GenericTool', nobody),
      company: world.home.gid,
      unknown: toGlobalId('Project', nobody),
      unseen: bridge.gid,
    },
  );
  expect([genericTool, company.unknown.nodes, company.unseen.nodes]).toEqual([null, [], []]);
});
