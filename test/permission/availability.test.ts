import { expect, test } from 'vitest';
import type { Person } from '../kit/world.ts';
import { createSite, nothing, type Site } from './site.ts';

const AVAILABILITY = `query ($id: ID!, $query: String, $tools: [ID!], $first: Int, $after: String) {
  project(id: $id) { userAvailability(query: $query, genericToolIds: $tools, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { user { name } genericTools {
      genericTool { title } potentialAssignee potentialReceivedFrom potentialDistributionMember
    } }
  } }
}`;

/** Who can be chosen where, as `Name: Tool, Tool`. */
async function availability(site: Site, who: Person, variables: object = {}): Promise<string[]> {
  const { project } = await site.get(who, AVAILABILITY, { id: site.tower.gid, ...variables });
  return project.userAvailability.nodes.map(
    ({ user, genericTools }: { user: { name: string }; genericTools: Record<string, unknown>[] }) => {
      const titles = genericTools.map((tool) => {
        const { title } = tool.genericTool as { title: string };
        const flags = [tool.potentialAssignee, tool.potentialReceivedFrom, tool.potentialDistributionMember];
        expect(new Set(flags).size).toBe(1);
        return flags[0] ? title : `not ${title}`;
      });
      return `${user.name}: ${titles.join(', ')}`;
    },
  );
}

const readers = async (site: Site, who: Person, tool: string, query?: string) =>
  (
    await site.get(
      who,
      `query ($id: ID!, $tool: ID!, $query: String) { project(id: $id) {
        availableReaders(genericToolId: $tool, query: $query) { totalCount nodes { name } }
      } }`,
      { id: site.tower.gid, tool, query },
    )
  ).project.availableReaders;

async function people(site: Site) {
  const { tower, review, basic } = site;
  const joe = await site.person('Joe Owner');
  const zoe = await site.person('Zoë Reader');
  const nan = await site.person('Nan None');
  const ina = await site.person('Ina Inactive', { active: false });
  const out = await site.person('Out Sider');
  await site.grant(joe, tower, review, 'STANDARD');
  await site.grant(joe, tower, basic, 'READ_ONLY');
  await site.grant(zoe, tower, review, 'READ_ONLY');
  await site.grant(ina, tower, review, 'ADMIN');
  await site.grant(nan, tower, review, 'NONE');
  return { joe, zoe, nan, ina, out };
}

test('active users of the project can be chosen on the tools where they have READ_ONLY or more', async () => {
  await using site = await createSite();
  const { joe } = await people(site);
  expect(await availability(site, joe)).toEqual([
    'Joe Owner: Basic Correspondence, Design Review',
    'Nan None: not Basic Correspondence, not Design Review',
    'Zoë Reader: not Basic Correspondence, Design Review',
  ]);
});

test('only tools that the viewer may read there are named', async () => {
  await using site = await createSite();
  const { zoe, nan } = await people(site);
  expect(await availability(site, zoe)).toEqual([
    'Joe Owner: Design Review',
    'Nan None: not Design Review',
    'Zoë Reader: Design Review',
  ]);
  expect(await availability(site, nan)).toEqual(['Joe Owner: ', 'Nan None: ', 'Zoë Reader: ']);
  expect(await availability(site, site.ada)).toEqual(['Joe Owner: ', 'Nan None: ', 'Zoë Reader: ']);
});

test('genericToolIds narrows the tools down; ids that nothing has match nothing, other ids are refused', async () => {
  await using site = await createSite();
  const { joe } = await people(site);
  const named = (...tools: string[]) => availability(site, joe, { query: 'JOE OWNER', tools });
  expect(await named(site.basic.gid)).toEqual(['Joe Owner: Basic Correspondence']);
  expect(await named(nothing('GenericTool'))).toEqual(['Joe Owner: ']);
  expect(await named()).toEqual(['Joe Owner: ']);
  const { errors } = await site.ask(joe, AVAILABILITY, { id: site.tower.gid, tools: [joe.gid] });
  expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
});

test('query looks into name and address, and takes % and _ as they are', async () => {
  await using site = await createSite();
  const { joe } = await people(site);
  expect(await availability(site, joe, { query: ' zoË ' })).toHaveLength(1);
  expect(await availability(site, joe, { query: 'nan.none@EXAMPLE' })).toHaveLength(1);
  for (const query of ['%', '\\', 'a\0b', '\ud800', 'x'.repeat(100_000)])
    expect(await availability(site, joe, { query })).toEqual([]);
  expect(await availability(site, joe, { query: '_' })).toEqual([]);
});

test('who can be chosen is listed page by page, with a count', async () => {
  await using site = await createSite();
  const { joe } = await people(site);
  const seen: string[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const { project } = await site.get(joe, AVAILABILITY, { id: site.tower.gid, first: 1, after });
    const { nodes, pageInfo, totalCount } = project.userAvailability;
    expect(totalCount).toBe(3);
    seen.push(...nodes.map(({ user }: { user: { name: string } }) => user.name));
    after = pageInfo.endCursor;
    more = pageInfo.hasNextPage;
  }
  expect(seen).toEqual(['Joe Owner', 'Nan None', 'Zoë Reader']);
});

test('a page of fifty people takes as many statements as one of two', async () => {
  await using site = await createSite();
  const { joe } = await people(site);
  const count = (first: number) => site.statementsOf(joe, AVAILABILITY, { id: site.tower.gid, first });
  await count(2); // names are remembered
  const two = await count(2);
  for (let i = 0; i < 60; i += 1) {
    const person = await site.person(`Member ${i}`);
    await site.grant(person, site.tower, i % 2 ? site.basic : site.review, 'STANDARD');
  }
  await count(50);
  expect(await count(50)).toBe(two);
  // the viewer, the project, the page with its count, rights, tools, and what the people hold
  expect(two).toBeLessThanOrEqual(7);
});

test('availableReaders are the active users with READ_ONLY or more, for whoever is one of them', async () => {
  await using site = await createSite();
  const { joe, zoe } = await people(site);
  expect(await readers(site, zoe, site.review.gid)).toEqual({
    totalCount: 2,
    nodes: [{ name: 'Joe Owner' }, { name: 'Zoë Reader' }],
  });
  expect(await readers(site, joe, site.review.gid, 'zo')).toEqual({ totalCount: 1, nodes: [{ name: 'Zoë Reader' }] });
});

test('to whoever may not read the tool there, availableReaders are empty, as for an id that never existed', async () => {
  await using site = await createSite();
  const { zoe, nan } = await people(site);
  const empty = { totalCount: 0, nodes: [] };
  const abroad = await site.company('Southside');
  const foreign = await site.tool('Foreign', [], { companyId: abroad.id });
  expect(await readers(site, zoe, site.basic.gid)).toEqual(empty);
  expect(await readers(site, nan, site.review.gid)).toEqual(empty);
  expect(await readers(site, site.ada, site.review.gid)).toEqual(empty);
  expect(await readers(site, zoe, nothing('GenericTool'))).toEqual(empty);
  expect(await readers(site, zoe, foreign.gid)).toEqual(empty);
});

test('defaults name the tools that the viewer may read, with their privacy and statuses', async () => {
  await using site = await createSite();
  const { zoe } = await people(site);
  const letters = await site.tool('Letters', [site.tower], { privateByDefault: true });
  await site.grant(zoe, site.tower, letters, 'READ_ONLY');
  const defaults = async (variables: object = {}) =>
    (
      await site.get(
        zoe,
        `query ($id: ID!, $tools: [ID!]) { project(id: $id) { defaults(genericToolIds: $tools) {
          genericTool { title } private statuses { name }
        } } }`,
        { id: site.tower.gid, ...variables },
      )
    ).project.defaults;
  const statuses = ['Draft', 'On Hold', 'Open', 'Closed', 'Won', 'Lost'].map((name) => ({ name }));
  expect(await defaults()).toEqual([
    { genericTool: { title: 'Design Review' }, private: false, statuses },
    { genericTool: { title: 'Letters' }, private: true, statuses },
  ]);
  expect(await defaults({ tools: [site.basic.gid, letters.gid] })).toHaveLength(1);
  expect(await defaults({ tools: [] })).toEqual([]);
});
