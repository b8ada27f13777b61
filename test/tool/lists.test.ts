import { expect, test } from 'vitest';
import { createWorld, type Person, type Project, type TestWorld, type Tool } from '../kit/world.ts';
import { putItem } from './call.ts';

/** A world with some tools, each available in some projects, where Rita reads everything. */
async function worldOf(tools: number, projects: number) {
  const world = await createWorld();
  const ada = await world.person('Ada Admin', { admin: true });
  const rita = await world.person('Rita Reader');
  const sites: Project[] = [];
  for (let i = 0; i < projects; i += 1) sites.push(await world.project(`Site ${String(i).padStart(2, '0')}`));
  const made: Tool[] = [];
  for (let i = 0; i < tools; i += 1) made.push(await world.tool(`Tool ${String(i).padStart(2, '0')}`, sites));
  for (const site of sites) for (const tool of made) await world.grant(rita, site, tool, 'READ_ONLY');
  if (made[0] && sites[0]) await putItem(world, sites[0], made[0], ada);
  return { world, ada, rita, sites, made };
}

const EVERYTHING = `query ($id: ID!) { company(id: $id) {
  genericTools(first: 20) {
    totalCount pageInfo { hasNextPage hasPreviousPage }
    nodes {
      title company { name }
      statuses { name isUsed genericTool { title } }
      fieldsets { name genericTool { title } fields { field section { name } } sections { name } projects { name } }
      projects(first: 2) { nodes { name genericTools { title } } totalCount pageInfo { hasNextPage } }
    }
  }
} }`;
const IN_PROJECTS = `{ viewer { projects(first: 20) { nodes {
  genericTools { title statuses { name } } fieldsets { name fields { field } genericTool { title } }
  ofOne: fieldsets(genericToolId: "$tool") { name } availableStatuses(genericToolId: "$tool") { name isUsed }
} } } }`;

test('lists take as many statements for many tools and projects as for few', async () => {
  const counts: Record<string, number[]> = {};
  for (const [tools, projects] of [
    [1, 1],
    [4, 3],
  ] as const) {
    const { world, ada, rita, made } = await worldOf(tools, projects);
    await using _ = world;
    for (const [name, who] of Object.entries({ ada, rita }) as [string, Person][]) {
      for (const [what, source] of Object.entries({ EVERYTHING, IN_PROJECTS })) {
        const query = source.replaceAll('$tool', made[0]!.gid);
        const count = await world.statementsOf(who, query, what === 'EVERYTHING' ? { id: world.home.gid } : {});
        counts[`${what} ${name}`] = [...(counts[`${what} ${name}`] ?? []), count];
      }
    }
  }
  for (const [few, many] of Object.values(counts)) expect(many).toBe(few);
  // viewer, company, tools and their number; statuses, their use; fieldsets, fields, sections, where they are applied; pages of
  // projects and their number; tools by id and in projects
  expect(counts['EVERYTHING rita']![0]).toBe(14);
});

test('any number of tools and of statuses by id takes one statement each', async () => {
  const { world, rita, made } = await worldOf(6, 1);
  await using _ = world;
  const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
  const tools = made.map(({ gid }) => gid);
  const statuses = made.flatMap((tool) => Object.values(tool.statuses).map(({ gid }) => gid));
  expect(await world.statementsOf(rita, query, { ids: tools })).toBe(2);
  expect(await world.statementsOf(rita, query, { ids: statuses })).toBe(2);
});

const pagesOf = async (world: TestWorld, who: Person, path: string, list: string, id: string, back: boolean) => {
  const seen: string[] = [];
  for (let cursor: string | null = null; ; ) {
    const [size, bound] = back ? ['last', 'before'] : ['first', 'after'];
    const data: Record<string, Record<string, never>> = await world.get(
      who,
      `query ($id: ID!, $cursor: String) { it: ${path}(id: $id) { list: ${list}(${size}: 2, ${bound}: $cursor) {
        nodes { id } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      } } }`,
      { id, cursor },
    );
    const { nodes, totalCount, pageInfo } = data.it!.list as unknown as {
      nodes: { id: string }[];
      totalCount: number;
      pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
    };
    const ids = nodes.map((node) => node.id);
    if (back) seen.unshift(...ids);
    else seen.push(...ids);
    expect(totalCount).toBe(5);
    expect(back ? pageInfo.hasNextPage : pageInfo.hasPreviousPage).toBe(cursor !== null);
    expect(back ? pageInfo.hasPreviousPage : pageInfo.hasNextPage).toBe(seen.length < 5);
    if (seen.length >= 5) return seen;
    cursor = back ? pageInfo.startCursor : pageInfo.endCursor;
  }
};

test('pages neither lose nor repeat anything, forwards and backwards', async () => {
  const { world, ada, rita, made, sites } = await worldOf(5, 5);
  await using _ = world;
  for (const [who, back] of [ada, rita].flatMap((one) => [[one, false] as const, [one, true] as const])) {
    expect(await pagesOf(world, who, 'company', 'genericTools', world.home.gid, back)).toEqual(
      made.map(({ gid }) => gid),
    );
    expect(await pagesOf(world, who, 'genericTool', 'projects', made[3]!.gid, back)).toEqual(
      sites.map(({ gid }) => gid),
    );
  }
});

test('tools go by title whatever case and accents, and so do those of a project', async () => {
  await using world = await createWorld();
  const ada = await world.person('Ada Admin', { admin: true });
  const site = await world.project('Site');
  for (const title of ['zebra', 'Éclair', 'apple', 'Echo', 'Fox']) await world.tool(title, [site]);
  const { company, project } = await world.get(
    ada,
    `query ($company: ID!, $project: ID!) {
      company(id: $company) { genericTools { nodes { title } } } project(id: $project) { genericTools { title } }
    }`,
    { company: world.home.gid, project: site.gid },
  );
  const sorted = ['apple', 'Echo', 'Éclair', 'Fox', 'zebra'].map((title) => ({ title }));
  expect([company.genericTools.nodes, project.genericTools]).toEqual([sorted, sorted]);
});
