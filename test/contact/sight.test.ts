import { expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { viewerById } from '../../src/directory/viewer.ts';
import { findTopic } from '../../src/item/topic.queries.ts';
import { uuidOf } from '../../src/kernel/ids.ts';
import { Faults } from '../../src/kernel/input.ts';
import { readTopic } from '../../src/topic/topic.input.ts';
import type { Person } from '../kit/world.ts';
import { nothing } from '../permission/site.ts';
import { createDirectory, user } from '../sync/directory.ts';

const PEOPLE = ['Olga Owner', 'Tess Team', 'Nora Nobody', 'Ina Inactive', 'Carl Case'] as const;

/** Cases "Own" (Olga's), "Team" (of Tess's team), "Both", "Nobody's", and a contact that Nora looks after. */
async function createDesk() {
  const directory = await createDirectory();
  const people: Record<string, Person> = {};
  for (const name of PEOPLE) people[name.split(' ')[0]!.toLowerCase()] = await directory.person(name);
  const [olga, tess, nora, ina, carl] = PEOPLE.map((name, n) => user(`${n}`, name));
  const input = {
    users: [olga, tess, nora, { ...ina, active: false }, carl],
    teams: [
      { externalId: 't', name: 'Desk', userExternalIds: ['1', '3'] },
      { externalId: 'e', name: 'Empty', userExternalIds: [] },
    ],
    accounts: [{ externalId: 'a', name: 'Private' }],
    contacts: [
      {
        externalId: 'c',
        name: 'Jack Daniels',
        emails: ['jd@example.com'],
        accountExternalId: 'a',
        ownerExternalId: '2',
        teamExternalId: 't',
      },
    ],
    cases: [
      { externalId: 'own', title: 'Own', ownerExternalId: '0', contactExternalId: 'c' },
      { externalId: 'team', title: 'Team', teamExternalId: 't' },
      { externalId: 'both', title: 'Both', ownerExternalId: '0', teamExternalId: 't' },
      { externalId: 'none', title: 'Nobody’s', contactExternalId: 'c', teamExternalId: 'e' },
    ],
  };
  const { rows, userErrors } = await directory.sync(input);
  expect(userErrors).toEqual([]);
  const idOf = (kind: string, externalId: string): string =>
    rows.find((row: { kind: string; externalId: string }) => row.kind === kind && row.externalId === externalId).id;
  return { ...directory, people: people as Record<'olga' | 'tess' | 'nora' | 'ina' | 'carl', Person>, idOf };
}
type Desk = Awaited<ReturnType<typeof createDesk>>;

const EXTERNAL_IDS = ['both', 'none', 'own', 'team'];

/** The cases that somebody sees, which every way of looking must agree on. */
async function casesOf(desk: Desk, who: Person): Promise<string[]> {
  const ids = EXTERNAL_IDS.map((externalId) => desk.idOf('CASE', externalId));
  const external = EXTERNAL_IDS.map(
    (id) => `${id}: externalNode(companyId: $company, kind: CASE, externalId: "${id}") { id }
      ${id}Topic: externalNode(companyId: $company, kind: TOPIC, topicType: CASE, externalId: "${id}") { id }`,
  );
  const seen = await desk.get(
    who,
    `query ($company: ID!, $ids: [ID!]!) {
      nodes(ids: $ids) { ... on Case { externalId } }
      company(id: $company) { cases { totalCount nodes { externalId } } some: cases(query: "nobody") { totalCount nodes { title } } last: cases(first: 0) { totalCount } }
      ${external.join('\n')}
    }`,
    { company: desk.home.gid, ids },
  );
  const found = seen.nodes.flatMap((node: { externalId: string } | null) => node?.externalId ?? []);
  const { cases, some, last } = seen.company;
  expect(cases.nodes.map(({ externalId }: { externalId: string }) => externalId).sort()).toEqual(found);
  expect([cases.totalCount, last.totalCount]).toEqual([found.length, found.length]);
  expect(some.totalCount).toBe(found.includes('none') ? 1 : 0);
  expect(some.nodes.length).toBe(some.totalCount);
  const viewer = (await viewerById(desk.db, who.id, who.companyId))!;
  for (const [n, id] of EXTERNAL_IDS.entries()) {
    const expected = found.includes(id) ? { id: ids[n] } : null;
    expect([seen[id], seen[`${id}Topic`]]).toEqual([expected, expected]);
    for (const name of [{ id: ids[n]! }, { externalId: ` ${id} ` }]) {
      const topic = await findTopic(desk.db, viewer, readTopic(new Faults(), { type: 'CASE', ...name }, [])!);
      expect(topic).toEqual(expected && { kind: 'CASE', id: uuidOf('Case', ids[n]!) });
    }
  }
  return found;
}

test('a case is seen by its owner, the users of its team and company admins; for others it does not exist', async () => {
  await using desk = await createDesk();
  const { olga, tess, nora, carl } = desk.people;
  expect(await casesOf(desk, desk.ada)).toEqual(['both', 'none', 'own', 'team']);
  expect(await casesOf(desk, olga)).toEqual(['both', 'own']);
  expect(await casesOf(desk, tess)).toEqual(['both', 'team']);
  // who looks after a contact, or after nothing, sees no case for that
  expect(await casesOf(desk, nora)).toEqual([]);
  const answer = async (id: string) =>
    JSON.stringify(await desk.ask(nora, 'query ($id: ID!) { node(id: $id) { id } }', { id }));
  expect(await answer(desk.idOf('CASE', 'own'))).toBe(await answer(nothing('Case')));

  // in and out of the team, and another owner: at the next request
  await desk.sync({
    teams: [{ externalId: 't', name: 'Desk', userExternalIds: ['4'] }],
    cases: [{ externalId: 'own', title: 'Own', ownerExternalId: '2' }],
  });
  expect(await casesOf(desk, tess)).toEqual([]);
  expect(await casesOf(desk, carl)).toEqual(['both', 'team']);
  expect(await casesOf(desk, olga)).toEqual(['both']);
  expect(await casesOf(desk, nora)).toEqual(['own']);
});

test('people of the company see teams, accounts and contacts; another company sees nothing of it', async () => {
  await using desk = await createDesk();
  const { nora } = desk.people;
  const south = await desk.company('Southside');
  const sam = await desk.person('Sam Southside', { companyId: south.id, admin: true });
  const { company } = await desk.get(
    nora,
    `query ($company: ID!) { company(id: $company) {
      teams { name users { name active } }
      contacts { totalCount nodes { name account { name contacts { name } } owner { name } team { name } } }
    } }`,
    { company: desk.home.gid },
  );
  expect(company).toEqual({
    teams: [
      {
        name: 'Desk',
        users: [
          { name: 'Ina Inactive', active: false },
          { name: 'Tess Team', active: true },
        ],
      },
      { name: 'Empty', users: [] },
    ],
    contacts: {
      totalCount: 1,
      nodes: [
        {
          name: 'Jack Daniels',
          account: { name: 'Private', contacts: [{ name: 'Jack Daniels' }] },
          owner: { name: 'Nora Nobody' },
          team: { name: 'Desk' },
        },
      ],
    },
  });
  const ids = [desk.idOf('TEAM', 't'), desk.idOf('ACCOUNT', 'a'), desk.idOf('CONTACT', 'c'), desk.idOf('CASE', 'own')];
  const { nodes, contact, viewer } = await desk.get(
    sam,
    `query ($ids: [ID!]!, $home: ID!, $account: ID!) {
      nodes(ids: $ids) { id }
      contact: externalNode(companyId: $home, kind: CONTACT, externalId: "c") { id }
      viewer { companies { teams { id } contacts(accountId: $account) { totalCount } cases { totalCount nodes { id } } } }
    }`,
    { ids, home: desk.home.gid, account: desk.idOf('ACCOUNT', 'a') },
  );
  expect([nodes, contact]).toEqual([[null, null, null, null], null]);
  expect(viewer.companies).toEqual([{ teams: [], contacts: { totalCount: 0 }, cases: { totalCount: 0, nodes: [] } }]);
  // who can sign in at both acts for one, and the lists of the other are empty
  await desk.person('Nora Nobody', { companyId: south.id });
  const both = await desk.get(
    nora,
    '{ viewer { companies { name teams { id } contacts { totalCount nodes { id } } cases { totalCount } } } }',
  );
  expect(both.viewer.companies.find(({ name }: { name: string }) => name === 'Southside')).toEqual({
    name: 'Southside',
    teams: [],
    contacts: { totalCount: 0, nodes: [] },
    cases: { totalCount: 0 },
  });
});

test('new names of teams and accounts are in the next answer of every process', async () => {
  await using desk = await createDesk();
  const other = createApp(desk.world);
  const names = async (app: { fetch(request: Request): Promise<Response> }) => {
    const body = JSON.stringify({
      query: 'query ($id: ID!) { node(id: $id) { ... on Contact { account { name } team { name } } } }',
      variables: { id: desk.idOf('CONTACT', 'c') },
    });
    const headers = { authorization: `Bearer ${await desk.token(desk.ada)}`, 'content-type': 'application/json' };
    const answer = await app.fetch(new Request('http://gateway.test/graphql', { method: 'POST', headers, body }));
    const { data } = (await answer.json()) as { data: { node: { account: { name: string }; team: { name: string } } } };
    return [data.node.account.name, data.node.team.name];
  };
  for (const app of [desk.app, other]) expect(await names(app)).toEqual(['Private', 'Desk']);
  await desk.sync({
    teams: [{ externalId: 't', name: 'Table', userExternalIds: [] }],
    accounts: [{ externalId: 'a', name: 'Public' }],
  });
  for (const app of [other, desk.app]) expect(await names(app)).toEqual(['Public', 'Table']);
});
