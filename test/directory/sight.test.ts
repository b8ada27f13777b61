import { expect, test } from 'vitest';
import { createWorld, type Person } from '../kit/world.ts';

test('a project is seen by its members and company admins', async () => {
  await using world = await createWorld();
  const tower = await world.project('Tower');
  await world.project('Bridge');
  const [mia, ada, sam] = [
    await world.person('Mia Member'),
    await world.person('Ada Admin', { admin: true }),
    await world.person('Sam Stranger'),
  ];
  await world.member(mia, tower);
  const names = async (who: Person) => {
    const { viewer, company } = await world.get(
      who,
      'query ($id: ID!) { viewer { projects { totalCount nodes { name } } } company(id: $id) { projects { nodes { name } } } }',
      { id: world.home.gid },
    );
    expect(viewer.projects.nodes).toEqual(company.projects.nodes);
    expect(viewer.projects.totalCount).toBe(viewer.projects.nodes.length);
    return viewer.projects.nodes.map(({ name }: { name: string }) => name);
  };
  const looked = async (who: Person) =>
    (await world.get(who, 'query ($id: ID!) { node(id: $id) { id } project(id: $id) { name } }', { id: tower.gid }))
      .project;
  expect(await names(mia)).toEqual(['Tower']);
  expect(await names(ada)).toEqual(['Bridge', 'Tower']);
  expect(await names(sam)).toEqual([]);
  expect(await looked(mia)).toEqual({ name: 'Tower' });
  expect(await looked(ada)).toEqual({ name: 'Tower' });
  expect(await looked(sam)).toBe(null);
});

test('a company admin sees no project of another company', async () => {
  await using world = await createWorld();
  const south = await world.company('Southside');
  const far = await world.project('Far', { companyId: south.id });
  const ada = await world.person('Ada Admin', { admin: true });
  const { project, node } = await world.get(ada, 'query ($id: ID!) { project(id: $id) { id } node(id: $id) { id } }', {
    id: far.gid,
  });
  expect([project, node]).toEqual([null, null]);
});

test('users and vendors are seen by people of the company, inactive users too, and by nobody else', async () => {
  await using world = await createWorld();
  const mia = await world.person('Mia Member', { vendor: 'JJ Developers' });
  const ina = await world.person('Ina Inactive', { active: false });
  const south = await world.company('Southside');
  const sam = await world.person('Sam Southside', { companyId: south.id, vendor: 'Southern Steel', admin: true });
  const ask = `query ($id: ID!) { company(id: $id) {
    users { nodes { name } } vendors { nodes { name } } found: users(query: "INACTIVE") { totalCount nodes { name active } }
  } }`;
  expect((await world.get(mia, ask, { id: world.home.gid })).company).toEqual({
    users: { nodes: [{ name: 'Ina Inactive' }, { name: 'Mia Member' }] },
    vendors: { nodes: [{ name: 'JJ Developers' }] },
    found: { totalCount: 1, nodes: [{ name: 'Ina Inactive', active: false }] },
  });
  const { node } = await world.get(sam, 'query ($id: ID!) { node(id: $id) { id } }', { id: ina.gid });
  expect(node).toBe(null);
  expect((await world.get(sam, ask, { id: world.home.gid })).company).toBe(null);
});

test('the rate limit tells what is left', async () => {
  await using world = await createWorld();
  const mia = await world.person('Mia Member');
  const { rateLimit } = await world.get(mia, '{ rateLimit { limit remaining resetAt cost } }');
  expect(rateLimit.cost).toBe(1);
  expect(rateLimit.remaining).toBeLessThanOrEqual(rateLimit.limit);
  expect(Date.parse(rateLimit.resetAt)).toBeGreaterThan(0);
});
