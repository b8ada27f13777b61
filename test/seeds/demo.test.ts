import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { calendarOf } from '../../seeds/calendar.ts';
import { seedDemo, seedEmpty } from '../../seeds/demo.ts';
import { STORIES } from '../../seeds/items.ts';
import { PEOPLE, type PersonKey } from '../../seeds/people.ts';
import { makePlace, seedPlace } from '../../seeds/place.ts';
import { seedWith } from '../../seeds/seeding.ts';
import { createWorld, type TestWorld } from '../kit/world.ts';
import { peopleOf, type Sight, sightOf } from './demo.ts';
import { blocksOf, readme, tablesOf } from './readme.ts';

/** All rows of all tables, as one text each. */
async function everything({ db }: TestWorld): Promise<Record<string, string[]>> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = 'public' order by 1`.execute(db);
  const all: Record<string, string[]> = {};
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`select t::text as row from ${sql.table(name)} t order by 1`.execute(db);
    all[name] = rows.map(({ row }) => row);
  }
  return all;
}

// one with the demo, for all tests that look at it: making it takes a second
const world = await createWorld();
afterAll(() => world[Symbol.asyncDispose]());

test('an empty database gets the demo, one with a company does not; of several that seed at once, one makes it', async () => {
  expect(await seedEmpty(world.world)).toBe(false);
  await sql`delete from companies`.execute(world.db);
  const made = await Promise.all([seedEmpty, seedEmpty, seedDemo].map((seed) => seed(world.world)));
  expect(made.filter(Boolean)).toHaveLength(1);
});

test('a further seeding changes nothing, and says so', async () => {
  const before = await everything(world);
  expect(await seedDemo(world.world)).toBe(false);
  expect(await seedEmpty(world.world)).toBe(false);
  expect(await everything(world)).toEqual(before);
});

test('a seeding that fails leaves nothing', async () => {
  await using world = await createWorld();
  const before = await everything(world);
  const failing = seedWith(world.world, async (seeding) => {
    await makePlace(seeding);
    throw new Error('the power is out');
  });
  await expect(failing).rejects.toThrow('the power is out');
  expect(await everything(world)).toEqual(before);
});

test('the place alone has no items', async () => {
  await using world = await createWorld();
  await seedPlace(world.world);
  const { rows } = await sql`select from items`.execute(world.db);
  expect(rows).toEqual([]);
  expect(await seedDemo(world.world)).toBe(false);
});

describe('the demo', () => {
  test('the first question has the answer that the README shows', async () => {
    const { owner, rita } = await peopleOf(world);
    const [query] = blocksOf(await readme(), 'graphql');
    const [answer] = blocksOf(await readme(), 'json');
    expect(await world.ask(owner, query!)).toEqual(JSON.parse(answer!));
    expect((await world.get(rita, query!)).items.nodes).toEqual([]);
  });

  test('items are in every state that there is', async () => {
    const { rows } = await sql<Record<string, number>>`
      select count(*)::int as all,
        count(*) filter (where s.category = 'DRAFT')::int as drafts,
        count(*) filter (where s.category = 'DRAFT' and i.private and not t.admins_see_private_items)::int as "superPrivateDrafts",
        count(*) filter (where s.category = 'OPEN')::int as open,
        count(*) filter (where s.category = 'CLOSED')::int as closed,
        count(*) filter (where s.category = 'CLOSED_SUCCESSFUL')::int as successful,
        count(*) filter (where s.category = 'CLOSED_UNSUCCESSFUL')::int as unsuccessful,
        count(*) filter (where i.private)::int as private,
        count(*) filter (where i.private and not t.admins_see_private_items)::int as "superPrivate",
        count(*) filter (where i.archived_at is not null)::int as archived,
        count(*) filter (where s.category = 'OPEN' and i.archived_at is null and i.due_date < '2026-03-02')::int as overdue,
        count(*) filter (where i.schedule_impact_days is not null)::int as days,
        count(*) filter (where i.cost_impact_amount is not null)::int as amounts,
        count(*) filter (where i.received_from_id is not null)::int as received
      from items i join generic_tool_statuses s on s.id = i.status_id join generic_tools t on t.id = i.generic_tool_id`.execute(
      world.db,
    );
    expect(rows[0]).toEqual({
      all: 63,
      drafts: 7,
      superPrivateDrafts: 1,
      open: 30,
      closed: 6,
      successful: 16,
      unsuccessful: 4,
      private: 25,
      superPrivate: 5,
      archived: 4,
      overdue: 14,
      days: 10,
      amounts: 17,
      received: 3,
    });
    const { rows: responses } = await sql<{ official: boolean; n: number }>`
      select official, count(*)::int as n from responses group by official order by official`.execute(world.db);
    expect(responses).toEqual([
      { official: false, n: 33 },
      { official: true, n: 24 },
    ]);
  });

  test('items are related to each other and to things of other systems, and come from them', async () => {
    const { architect, rita } = await peopleOf(world);
    const source = `{ items(first: 100) { nodes {
      title origin { __typename } relatedItems { note item { title } topic { __typename } } createdItems { nodes { title } }
    } } }`;
    const linksOf = async (who: typeof architect) =>
      (await world.get(who, source)).items.nodes
        // biome-ignore lint/suspicious/noExplicitAny: an answer
        .map(({ title, origin, relatedItems, createdItems }: any) => [
          title,
          relatedItems.length,
          ...(origin ? [origin.__typename] : []),
          // biome-ignore lint/suspicious/noExplicitAny: an answer
          ...createdItems.nodes.map((item: any) => item.title),
        ])
        .filter((row: unknown[]) => row[1] !== 0 || row.length > 2)
        .toSorted();
    expect(await linksOf(architect)).toEqual([
      ['Agenda of the owner’s meeting', 2],
      ['Anchor bolt survey, column line 3', 1],
      ['Generator exhaust routing past the property line', 1],
      ['Notice of delay: late issue of the steel drawings', 2],
      ['Payment application 7', 1, 'Payment application 8'],
      ['Payment application 8', 2, 'Item'],
      ['Steel connection at the clerestory, detail 7/S-502', 1],
      ['Temporary power: second feeder for the tower crane', 0, 'ExternalTopic'],
    ]);
    // a reader sees what is for readers
    expect(await linksOf(rita)).toEqual([
      ['Anchor bolt survey, column line 3', 1],
      ['Temporary power: second feeder for the tower crane', 0, 'ExternalTopic'],
    ]);
  });

  test('a service desk looks after a contact and his case, and sees no item', async () => {
    const { architect, rita } = await peopleOf(world);
    const { rows } = await sql<{ id: string; name: string; email: string; companyId: string }>`
      select id, name, email, company_id as "companyId" from users where email like '%@easir.com' order by email`.execute(
      world.db,
    );
    expect(rows.map(({ name }) => name)).toEqual(['Jane Doe', "Michael O'Keefe"]);
    const asked = `{ items { totalCount } viewer { companies {
      teams { name users { name } } cases { nodes { title contact { name emails account { name } owner { name } } } }
    } } }`;
    const answers = await Promise.all(
      [...rows, architect, rita].map(async (row) => {
        const { items, viewer } = await world.get({ ...row, gid: '' }, asked);
        return { items: items.totalCount, ...viewer.companies[0] };
      }),
    );
    const teams = [{ name: 'Customer Service', users: [{ name: 'Jane Doe' }, { name: "Michael O'Keefe" }] }];
    const contact = {
      name: 'Jack Daniels',
      emails: ['jd@example.com'],
      account: { name: 'Private' },
      owner: { name: 'Jane Doe' },
    };
    const cases = { nodes: [{ title: 'Reading room for the neighbourhood', contact }] };
    expect(answers.slice(0, 2)).toEqual([
      { items: 0, teams, cases },
      { items: 0, teams, cases },
    ]);
    expect(answers.slice(2)).toMatchObject([
      { teams, cases },
      { teams, cases: { nodes: [] } },
    ]);
  });

  test('design reviews have the custom fields of the company', async () => {
    const { architect } = await peopleOf(world);
    const { items } = await world.get(
      architect,
      `{ items(filter: { number: { eq: "DR-interior-002" } }) { nodes { customFields { customField { label } displayValue } } } }`,
    );
    expect(items.nodes[0].customFields).toEqual([
      { customField: { label: 'Sheet' }, displayValue: 'ID-210' },
      { customField: { label: 'Discipline' }, displayValue: 'Interiors' },
    ]);
  });

  test('the demo has the ids of the tutorial, and its item', async () => {
    const { architect } = await peopleOf(world);
    const { viewer } = await world.get(architect, '{ viewer { companies { id } } }');
    const external = async (kind: string, externalId: string, name = 'name') =>
      (
        await world.get(
          architect,
          `query ($company: ID!, $id: String!) { externalNode(companyId: $company, kind: ${kind}, externalId: $id) { ... on ${
            { GENERIC_TOOL: 'GenericTool', PROJECT: 'Project', USER: 'User', VENDOR: 'Vendor' }[kind]
          } { name: ${name} } } }`,
          { company: viewer.companies[0].id, id: externalId },
        )
      ).externalNode?.name;
    expect(await external('VENDOR', '3968041')).toBe('JJ Developers');
    expect(await external('VENDOR', '3828353')).toBe('JMJ Construction');
    expect(await external('VENDOR', '3968054')).toBe('Construction Management, Inc');
    expect(await external('USER', '1477682', 'email')).toBe('jjowner@example.com');
    expect(await external('USER', '3277981', 'email')).toBe('architect@example.com');
    expect(await external('USER', '1477666', 'email')).toBe('projmanager@example.com');
    expect(await external('PROJECT', '219542')).toBe('Harborview Library');
    expect(await external('GENERIC_TOOL', '126094', 'title')).toBe('Basic Correspondence');
    expect(await external('GENERIC_TOOL', '126160', 'title')).toBe('Design Review');
    const { items } = await world.get(
      architect,
      `{ items(filter: { number: { eq: "DR-interior-002" } }) { nodes {
        title private status { name } assignees { name } distributionMembers { name } createdBy { name } } } }`,
    );
    expect(items.nodes).toEqual([
      {
        title: 'Console design finishes',
        private: true,
        status: { name: 'Open' },
        assignees: [{ name: 'Joe Owner' }],
        distributionMembers: [{ name: 'Joe ProjectManager' }],
        createdBy: { name: 'Architect' },
      },
    ]);
  });

  test('everybody sees something that somebody else does not, and the README shows what', async () => {
    const people = await peopleOf(world);
    const sights = new Map<PersonKey, Sight | null>();
    for (const [key, person] of Object.entries(people)) sights.set(key as PersonKey, await sightOf(world, person));
    expect(sights.get('ina')).toBeNull();
    const things = [...sights].flatMap(([key, sight]) =>
      sight ? [{ key, seen: new Set([...sight.numbers, ...sight.archived, ...sight.projects]) }] : [],
    );
    for (const { key, seen } of things) {
      const others = things.filter((other) => [...seen].some((thing) => !other.seen.has(thing)));
      expect([key, others.length > 0]).toEqual([key, true]);
    }
    // no two of them are the same in what they see and may do
    const summaries = [...sights.values()].map((sight) =>
      JSON.stringify(sight && { ...sight, numbers: sight.numbers.toSorted() }),
    );
    expect(new Set(summaries).size).toBe(summaries.length);
    const table = [...sights].map(([key, sight]) => [
      PEOPLE[key].name,
      ...(sight ? Object.values(sight.count).map(String) : Array(8).fill('-')),
    ]);
    const shown = tablesOf(await readme()).filter(([name]) => table.some(([known]) => known === name));
    expect(shown.map(([name, _standsFor, ...cells]) => [name, ...cells])).toEqual(table);
  });

  test('seeds are told to nobody: every event counts as handled', async () => {
    const { rows } = await sql<{ type: string; all: number; handled: number }>`
      select type, count(*)::int as all, count(handled_at)::int as handled from events group by type order by type`.execute(
      world.db,
    );
    for (const { type, all, handled } of rows) expect([type, handled]).toEqual([type, all]);
    expect(rows.map(({ type }) => type)).toEqual([
      'genericTool.created',
      'genericTool.updated',
      'item.archived',
      'item.closed',
      'item.created',
      'item.issued',
      'item.reopened',
      'item.updated',
      'response.created',
    ]);
    // what people do afterwards is told
    const { architect } = await peopleOf(world);
    await world.get(architect, 'mutation { updateViewer(input: { locale: "en-US" }) { userErrors { code } } }');
    const [item] = (
      await world.get(architect, '{ items(first: 1, filter: { statusName: { eq: "Open" } }) { nodes { id } } }')
    ).items.nodes;
    await world.get(
      architect,
      'mutation ($id: ID!) { updateItem(input: { id: $id, patch: { title: "New" } }) { item { id } } }',
      { id: item.id },
    );
    const { rows: open } = await sql`select type from events where handled_at is null`.execute(world.db);
    expect(open).toEqual([{ type: 'item.updated' }]);
  });
});

test('stories happen on working days of the past, whatever day it is', () => {
  for (let day = 1; day <= 14; day += 1) {
    const now = new Date(Date.UTC(2027, 1, day, day, 30));
    const calendar = calendarOf(now);
    for (const back of [-80, -60, -7, -2, -1]) {
      calendar.go(back);
      const time = calendar.now();
      expect(time.getTime()).toBeLessThan(now.getTime());
      expect([0, 6]).not.toContain(time.getUTCDay());
    }
    expect(() => calendar.go(0)).toThrow();
    for (const due of [-5, -1, 1, 10]) expect([0, 6]).not.toContain(new Date(calendar.date(due)).getUTCDay());
    expect(calendar.date(1) > calendar.date(-1)).toBe(true);
  }
  for (const { title, day, after = [] } of STORIES) {
    const days = [day, ...after.map((step) => step.day)];
    expect([title, days]).toEqual([title, [...new Set(days)].toSorted((a, b) => a - b)]);
  }
});
