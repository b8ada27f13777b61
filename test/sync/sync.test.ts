import { expect, test } from 'vitest';
import { faultsOf } from '../permission/site.ts';
import { createDirectory, outcomes, user } from './directory.ts';

const jj = { externalId: '3968041', name: 'JJ Developers' };
const joe = user('1477682', 'Joe Owner', { vendorExternalId: '3968041', locale: 'en-US', jobTitle: 'Owner' });
const tower = { externalId: '219542', name: 'Tower', timeZone: 'America/Los_Angeles' };

test('vendors, users and projects are made, and a second call changes nothing', async () => {
  await using directory = await createDirectory();
  const input = { vendors: [jj], users: [joe, user('2', 'Zoë Reader')], projects: [tower] };
  const first = await directory.sync(input);
  expect(first).toMatchObject({ created: 4, updated: 0, unchanged: 0, userErrors: [] });
  expect(outcomes(first)).toEqual([
    'VENDOR 3968041 CREATED',
    'USER 1477682 CREATED',
    'USER 2 CREATED',
    'PROJECT 219542 CREATED',
  ]);
  const before = await directory.sql`select id, updated_at, xmin from users order by id`.execute(directory.db);
  const second = await directory.sync(input);
  expect(second).toMatchObject({ created: 0, updated: 0, unchanged: 4, userErrors: [] });
  expect(second.rows.map(({ id }: { id: string }) => id)).toEqual(first.rows.map(({ id }: { id: string }) => id));
  const after = await directory.sql`select id, updated_at, xmin from users order by id`.execute(directory.db);
  expect(after.rows).toEqual(before.rows);
});

test('what was made can be looked up, by global and by external id', async () => {
  await using directory = await createDirectory();
  const { rows } = await directory.sync({ vendors: [jj], users: [joe], projects: [{ ...tower, number: 'T-1' }] });
  const { nodes, user, project } = await directory.get(
    directory.ada,
    `query ($ids: [ID!]!, $company: ID!) {
      nodes(ids: $ids) { __typename ... on Vendor { name } ... on User { name vendor { name } jobTitle locale active isService wantsEmail } ... on Project { number } }
      user: externalNode(companyId: $company, kind: USER, externalId: " 1477682 ") { id }
      project: externalNode(companyId: $company, kind: PROJECT, externalId: "219542") { id }
    }`,
    { ids: rows.map(({ id }: { id: string }) => id), company: directory.home.gid },
  );
  expect(nodes).toEqual([
    { __typename: 'Vendor', name: 'JJ Developers' },
    {
      __typename: 'User',
      name: 'Joe Owner',
      vendor: { name: 'JJ Developers' },
      jobTitle: 'Owner',
      locale: 'en-US',
      active: true,
      isService: false,
      wantsEmail: true,
    },
    { __typename: 'Project', number: 'T-1' },
  ]);
  expect([user.id, project.id]).toEqual([rows[1].id, rows[2].id]);
});

test('absent fields stay as they are, null clears', async () => {
  await using directory = await createDirectory();
  const full = { ...joe, phone: '+1 555', avatarUrl: 'https://example.com/joe.png', isCompanyAdmin: true };
  await directory.sync({ vendors: [jj], users: [full] });
  const bare = user('1477682', 'Joe Owner');
  expect(outcomes(await directory.sync({ users: [bare] }))).toEqual(['USER 1477682 UNCHANGED']);
  const cleared = { vendorExternalId: null, locale: null, jobTitle: null, phone: '', avatarUrl: null, active: false };
  expect(outcomes(await directory.sync({ users: [{ ...bare, ...cleared }] }))).toEqual(['USER 1477682 UPDATED']);
  expect((await directory.users())[1]).toMatchObject({
    vendor: null,
    locale: null,
    jobTitle: null,
    phone: null,
    avatarUrl: null,
    active: false,
  });
  const cased = { externalId: '219542', name: 'Tower', timeZone: 'UTC' };
  await directory.sync({ projects: [{ ...cased, number: '7' }] });
  expect(outcomes(await directory.sync({ projects: [cased] }))).toEqual(['PROJECT 219542 UNCHANGED']);
  expect(outcomes(await directory.sync({ projects: [{ ...cased, number: null }] }))).toEqual([
    'PROJECT 219542 UPDATED',
  ]);
});

test('a user without an external id is found by address, whatever its case, and gets the external id', async () => {
  await using directory = await createDirectory();
  const mia = await directory.person('Mia Member');
  const answer = await directory.sync({ users: [user('77', 'Mia Member', { email: 'MIA.Member@Example.com' })] });
  expect(answer.rows).toEqual([{ kind: 'USER', externalId: '77', id: mia.gid, outcome: 'UPDATED' }]);
  expect((await directory.users())[1]).toMatchObject({ externalId: '77', email: 'MIA.Member@Example.com' });
});

test('a user with an external id is not found by address: the address is TAKEN', async () => {
  await using directory = await createDirectory();
  await directory.sync({ users: [user('1477682', 'Joe Owner')] });
  const refused = await directory.sync({ users: [user('9', 'Somebody', { email: 'JOE.owner@example.com' })] });
  expect(faultsOf(refused)).toEqual(['TAKEN users.0.email']);
  expect(refused.userErrors[0].message).toContain('Joe Owner');
});

test('users of one call may swap their addresses, and a new one takes one that is given up', async () => {
  await using directory = await createDirectory();
  const [ann, bob, cleo] = [user('a', 'Ann'), user('b', 'Bob'), user('c', 'Cleo')];
  await directory.sync({ users: [ann, bob, cleo] });
  const swapped = [
    { ...ann, email: 'BOB@example.com' },
    { ...bob, email: cleo.email },
    { ...cleo, email: 'cleo.new@example.com' },
    user('d', 'Dan', { email: ann.email }),
  ];
  expect(await directory.sync({ users: swapped })).toMatchObject({ created: 1, updated: 3, userErrors: [] });
  const emails = (await directory.users()).map(({ email }: { email: string }) => email);
  expect(emails).toEqual([
    'ada.admin@example.com',
    'BOB@example.com',
    'cleo@example.com',
    'cleo.new@example.com',
    'ann@example.com',
  ]);
});

test('a new project gets the default fieldsets of the tools that are enabled on new projects', async () => {
  await using directory = await createDirectory();
  const letters = await directory.tool('Letters', []);
  await directory.tool('Claims', []);
  await directory.sql`update generic_tools set enabled_on_new_projects = true where id = ${letters.id}`.execute(
    directory.db,
  );
  const titles = async () => {
    const { rows } = await directory.sync({ projects: [tower] });
    const { project } = await directory.get(
      directory.ada,
      'query ($id: ID!) { project(id: $id) { genericTools { title } } }',
      { id: rows[0].id },
    );
    return project.genericTools;
  };
  expect(await titles()).toEqual([{ title: 'Letters' }]);
  await directory.sql`delete from fieldset_projects`.execute(directory.db);
  expect(await titles()).toEqual([]);
});

test('who moves to another vendor sees what their new colleagues see, and no longer what the old ones do', async () => {
  await using directory = await createDirectory();
  const site = await directory.project('Site');
  const review = await directory.tool('Design Review', [site]);
  const ann = await directory.person('Ann Author', { vendor: 'Ann and Sons' });
  const [viv, val] = [
    await directory.person('Viv Viewer', { vendor: 'JJ Developers' }),
    await directory.person('Val Viewer', { vendor: 'JMJ Construction' }),
  ];
  const otto = await directory.person('Otto Assignee', { vendor: 'JJ Developers' });
  await directory.grant(ann, site, review, 'ADMIN');
  await directory.grant(otto, site, review, 'READ_ONLY');
  for (const one of [viv, val]) await directory.grant(one, site, review, 'READ_ONLY', ['VIEW_VENDOR_ITEMS']);
  await directory.sync({
    vendors: [
      { externalId: 'jj', name: 'JJ' },
      { externalId: 'jmj', name: 'JMJ' },
    ],
    users: [
      user('viv', 'Viv Viewer', { vendorExternalId: 'jj' }),
      user('val', 'Val Viewer', { vendorExternalId: 'jmj' }),
      user('otto', 'Otto Assignee', { vendorExternalId: 'jj' }),
    ],
  });
  const { createItem } = await directory.get(
    ann,
    `mutation ($input: CreateItemInput!) { createItem(input: $input) { item { id } userErrors { code message } } }`,
    {
      input: {
        projectId: site.gid,
        genericToolId: review.gid,
        item: { title: 'Secret', statusName: 'Open', private: true, assigneeIds: [otto.gid] },
      },
    },
  );
  expect(createItem.userErrors).toEqual([]);
  const sees = async (who: typeof viv) =>
    Boolean((await directory.get(who, 'query ($id: ID!) { item(id: $id) { id } }', { id: createItem.item.id })).item);
  expect([await sees(viv), await sees(val)]).toEqual([true, false]);
  await directory.sync({ users: [user('otto', 'Otto Assignee', { vendorExternalId: 'jmj' })] });
  expect([await sees(viv), await sees(val)]).toEqual([false, true]);
});

test('only company admins sync, and only their own company', async () => {
  await using directory = await createDirectory();
  const mia = await directory.person('Mia Member');
  expect(await directory.sync({ vendors: [jj] }, mia)).toMatchObject({
    created: 0,
    updated: 0,
    unchanged: 0,
    rows: [],
    userErrors: [{ code: 'FORBIDDEN', path: [] }],
  });
  const south = await directory.company('Southside');
  expect(faultsOf(await directory.sync({ companyId: south.gid, vendors: [jj] }))).toEqual(['NOT_FOUND companyId']);
});

test('external ids of another company are its own', async () => {
  await using directory = await createDirectory();
  const south = await directory.company('Southside');
  const sam = await directory.person('Sam Southside', { companyId: south.id, admin: true });
  const input = { vendors: [jj], users: [joe], projects: [tower] };
  await directory.sync(input);
  expect(await directory.sync({ ...input, companyId: south.gid }, sam)).toMatchObject({ created: 3, userErrors: [] });
  expect(
    faultsOf(await directory.sync({ companyId: south.gid, users: [user('5', 'Eve', { vendorExternalId: 'x' })] }, sam)),
  ).toEqual(['NOT_FOUND users.0.vendorExternalId']);
});
