import { type RawBuilder, sql } from 'kysely';
import { expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { putCustomFields } from '../kit/customFields.ts';
import { putItems } from '../kit/putItems.ts';
import { putReferences } from '../kit/reference.ts';
import { createWorld } from '../kit/world.ts';

const PAGE = `query ($project: ID!) { project(id: $project) { name items(first: 5) { nodes {
  title project { name } genericTool { title } status { name } createdBy { name active vendor { name } } location { path } assignees { name vendor { name } }
  customFields { customField { label } displayValue }
} } } }`;

/** An item that shows a name of each kind, and a second process on the same database. */
async function createSite() {
  const world = await createWorld();
  const tower = await world.project('Tower');
  const letters = await world.tool('Letters', [tower]);
  const ann = await world.person('Ann', { vendor: 'Makers' });
  const ben = await world.person('Ben', { vendor: 'Makers' });
  await world.grant(ann, tower, letters, 'STANDARD');
  const of = { project: tower, tool: letters, by: ann, status: 'Open' };
  const [item] = await putItems(world, [{ ...of, title: 'Item', assignees: [ben] }]);
  const { Lobby: lobby } = await putReferences(world, tower, [{ kind: 'LOCATION', name: 'Lobby' }]);
  await sql`update items set location_id = ${lobby!.id} where id = ${item!.id}`.execute(world.db);
  const { Colour: colour } = await putCustomFields(world, await world.person('Bea', { admin: true }), letters, {
    Colour: { dataType: 'SINGLE_SELECT', options: ['Red'] },
  });
  await sql`
    update items set custom_values = jsonb_build_object(${colour.id}::text, ${colour.options.Red!.id}::text) where id = ${item!.id}`.execute(
    world.db,
  );
  const other = createApp(world.world);
  const page = async (app: { fetch(request: Request): Promise<Response> }) => {
    const response = await app.fetch(
      new Request('http://gateway.test/graphql', {
        method: 'POST',
        headers: { authorization: `Bearer ${await world.token(ann)}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query: PAGE, variables: { project: tower.gid } }),
      }),
    );
    const { data, errors } = (await response.json()) as { data: { project: unknown }; errors?: unknown };
    expect(errors).toBeUndefined();
    return JSON.stringify(data.project);
  };
  const run = (statement: RawBuilder<unknown>) => statement.execute(world.db);
  return Object.assign(world, { tower, letters, ann, ben, item: item!, other, page, run });
}

type Site = Awaited<ReturnType<typeof createSite>>;

const CHANGES: [what: string, change: (site: Site, name: string) => RawBuilder<unknown>][] = [
  ['a person', ({ ben }, name) => sql`update users set name = ${name} where id = ${ben.id}`],
  ['a vendor', (_site, name) => sql`update vendors set name = ${name} where name = 'Makers'`],
  ['a project', ({ tower }, name) => sql`update projects set name = ${name} where id = ${tower.id}`],
  ['a tool', ({ letters }, name) => sql`update generic_tools set title = ${name} where id = ${letters.id}`],
  ['a location', (_site, name) => sql`update reference_data set path = ${name} where name = 'Lobby'`],
  ['a status', (_site, name) => sql`update generic_tool_statuses set name = ${name} where name = 'Open'`],
  ['a custom field', (_site, name) => sql`update custom_fields set label = ${name}`],
  ['an option', (_site, name) => sql`update custom_field_options set label = ${name}`],
];

test('a new name is in the next answer of every process', async () => {
  await using site = await createSite();
  for (const [n, [what, change]] of CHANGES.entries()) {
    const name = `Renamed ${n}`;
    for (const app of [site.app, site.other]) expect(await site.page(app), what).not.toContain(name);
    await site.run(change(site, name));
    for (const app of [site.other, site.app]) expect(await site.page(app), what).toContain(name);
  }
});

test('so is what a fieldset has of custom fields, and which fieldset it is', async () => {
  await using site = await createSite();
  const change = async (statement: RawBuilder<unknown>, shown: boolean) => {
    await site.run(statement);
    for (const app of [site.other, site.app]) expect((await site.page(app)).includes('Colour')).toBe(shown);
  };
  await change(sql`select`, true);
  await change(sql`update fieldset_fields set position = 0 where custom_field_id is not null`, true);
  const copy = sql`with made as (
      insert into fieldsets select gen_random_uuid(), company_id, now(), now(), generic_tool_id, 'Bare', false from fieldsets returning id
    ) update fieldset_projects set fieldset_id = (select id from made)`;
  await change(copy, false);
  await change(
    sql`update fieldset_fields set fieldset_id = (select id from fieldsets where name = 'Bare') where custom_field_id is not null`,
    true,
  );
  await change(sql`delete from fieldset_fields where custom_field_id is not null`, false);
});

test('so are a changed vendor and activity of somebody', async () => {
  await using site = await createSite();
  await site.vendor('Movers');
  for (const app of [site.app, site.other]) expect(await site.page(app)).not.toContain('Movers');
  await site.run(
    sql`update users set vendor_id = (select id from vendors where name = 'Movers') where id = ${site.ben.id}`,
  );
  for (const app of [site.other, site.app]) expect(await site.page(app)).toContain('Movers');
});

test('names that nobody has changed are read once in a process; a change of nothing, and another company’s, are none', async () => {
  await using site = await createSite();
  const statements = async () => {
    const before = site.statements.count;
    await site.page(site.app);
    return site.statements.count - before;
  };
  await statements();
  expect(await statements()).toBe(3);
  await site.run(sql`update users set name = name`);
  const elsewhere = await site.company('Elsewhere');
  await site.person('Zoe', { companyId: elsewhere.id });
  await site.run(sql`update users set name = 'Zoe Z' where name = 'Zoe'`);
  await site.run(sql`update items set title = 'Other'`);
  await site.person('Newcomer');
  expect(await statements()).toBe(3);
  await site.run(sql`update users set name = 'Benny' where name = 'Ben'`);
  expect(await statements()).toBeGreaterThan(3);
  expect(await statements()).toBe(3);
});

test('a change is seen when it is committed, and not before; one undone never', async () => {
  await using site = await createSite();
  await site.page(site.other);
  await site.db
    .transaction()
    .execute(async (db) => {
      await sql`update users set name = 'Renamed' where id = ${site.ben.id}`.execute(db);
      expect(await site.page(site.other)).not.toContain('Renamed');
      throw new Error('undone');
    })
    .catch((error) => expect(error.message).toBe('undone'));
  expect(await site.page(site.other)).not.toContain('Renamed');
  await site.db.transaction().execute(async (db) => {
    await sql`update users set name = 'Renamed' where id = ${site.ben.id}`.execute(db);
    expect(await site.page(site.other)).not.toContain('Renamed');
  });
  expect(await site.page(site.other)).toContain('Renamed');
});

test('many changes at once do not wait for each other longer than their ends take, and none is lost', async () => {
  await using site = await createSite();
  const people = await Promise.all(Array.from({ length: 12 }, (_, n) => site.person(`Person ${n}`)));
  await putItems(
    site,
    people.map((person, n) => ({
      project: site.tower,
      tool: site.letters,
      by: site.ann,
      status: 'Open',
      title: `${n}`,
      assignees: [person],
    })),
  );
  await Promise.all(
    people.map(async ({ id }, n) => {
      await site.run(sql`update users set name = ${`Other ${n}`} where id = ${id}`);
      await site.page(n % 2 ? site.app : site.other);
    }),
  );
  const ask =
    'query ($project: ID!) { project(id: $project) { items(first: 50) { nodes { title assignees { name } } } } }';
  const { project } = await site.get(site.ann, ask, { project: site.tower.gid });
  for (const { title, assignees } of project.items.nodes) {
    if (title !== 'Item') expect(assignees).toEqual([{ name: `Other ${title}` }]);
  }
});
