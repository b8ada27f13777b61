import { expect, test } from 'vitest';
import { createWorld, type Person, type TestWorld } from '../kit/world.ts';

/** Asks as whoever the token names, with that header X-Company-Id or none. */
async function askWith(world: Pick<TestWorld, 'app' | 'token'>, who: Person, header: string | null, query: string) {
  const response = await world.app.fetch(
    new Request('http://gateway.test/graphql', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await world.token(who)}`,
        'content-type': 'application/json',
        accept: 'application/json',
        ...(header !== null && { 'x-company-id': header }),
      },
      body: JSON.stringify({ query }),
    }),
  );
  return { status: response.status, ...((await response.json()) as { data: never; errors?: never[] }) } as {
    status: number;
    // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
    data: any;
    // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
    errors?: any[];
  };
}

const WHERE = '{ viewer { user { id } companies { name } projects { nodes { name } } } }';

/** Joe works for Northside (first) and Southside; each has a project that he is a member of. */
async function story() {
  const world = await createWorld();
  const south = await world.company('Southside');
  const joe = await world.person('Joe Owner');
  const joeSouth = await world.person('Joe Owner', { companyId: south.id, admin: true });
  await world.member(joe, await world.project('Tower'));
  await world.member(joeSouth, await world.project('Bridge', { companyId: south.id }));
  return { ...world, south, joe, joeSouth };
}

test('X-Company-Id chooses the company, by raw or global id; without it the user made first acts', async () => {
  await using world = await story();
  const acting = async (header: string | null) => {
    const { data } = await askWith(world, world.joe, header, WHERE);
    return [data.viewer.user.id, data.viewer.projects.nodes[0].name];
  };
  const [north, south] = [
    [world.joe.gid, 'Tower'],
    [world.joeSouth.gid, 'Bridge'],
  ];
  expect(await acting(null)).toEqual(north);
  expect(await acting(world.home.id)).toEqual(north);
  expect(await acting(world.south.id)).toEqual(south);
  expect(await acting(world.south.gid)).toEqual(south);
  expect(await acting(world.south.id.toUpperCase())).toEqual(south);
});

test('a header that names a company without such a user is refused with 401', async () => {
  await using world = await story();
  const west = await world.company('Westside');
  await world.person('Joe Owner', { companyId: west.id, active: false });
  const east = await world.company('Eastside');
  await world.person('Joe Owner', { companyId: east.id, service: true });
  for (const header of [
    west.id,
    east.gid,
    world.joe.gid,
    'rubbish',
    '01900000-0000-7000-8000-000000000000',
    "' or 1=1",
  ]) {
    const { status, errors } = await askWith(world, world.joe, header, WHERE);
    expect([status, errors?.[0].extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
  }
  const { data } = await askWith(world, world.joe, null, WHERE);
  expect(data.viewer.companies).toEqual([{ name: 'Northside Builders' }, { name: 'Southside' }]);
});

test('of the companies that one could choose instead only id and name answer', async () => {
  await using world = await story();
  const tool = await world.tool('Letters', [], { companyId: world.south.id });
  await world.vendor('Southern Steel', world.south.id);
  const { data } = await askWith(
    world as never,
    world.joe,
    world.home.id,
    `{ viewer { companies {
      id name externalId issuedItemsAreFrozen itemUrlTemplate viewerIsAdmin
      projects { totalCount nodes { id } } users { totalCount nodes { id } } vendors { totalCount nodes { id } }
      genericTools { totalCount nodes { id } } genericToolTemplates { key } permissionTemplates { id }
    } } }`,
  );
  const none = { totalCount: 0, nodes: [] };
  expect(data.viewer.companies[1]).toEqual({
    id: world.south.gid,
    name: 'Southside',
    externalId: null,
    issuedItemsAreFrozen: false,
    itemUrlTemplate: null,
    viewerIsAdmin: false,
    projects: none,
    users: none,
    vendors: none,
    genericTools: none,
    genericToolTemplates: [],
    permissionTemplates: null,
  });
  const looked = await world.get(
    world.joe,
    'query ($company: ID!, $tool: ID!, $user: ID!) { company(id: $company) { id } node(id: $company) { id } genericTool(id: $tool) { id } nodes(ids: [$user, $tool]) { id } }',
    { company: world.south.gid, tool: tool.gid, user: world.joeSouth.gid },
  );
  expect(looked).toEqual({ company: null, node: null, genericTool: null, nodes: [null, null] });
});
