import { expect, test } from 'vitest';
import { blocked, intruder } from '../kit/locks.ts';
import { faultsOf } from '../permission/site.ts';
import { createDirectory, type Directory, outcomes, user } from './directory.ts';

const [jane, michael] = [user('u1', 'Jane Doe'), user('u2', "Michael O'Keefe")];
const desk = { externalId: 't1', name: 'Service desk', userExternalIds: ['u1', 'u2'] };
const account = { externalId: 'a1', name: 'Private' };
const jack = {
  externalId: 'c1',
  name: 'Jack Daniels',
  emails: ['JD@example.com', 'jack@daniels.example'],
  accountExternalId: 'a1',
  ownerExternalId: 'u1',
  teamExternalId: 't1',
  status: 'Customer',
  fields: { city: 'Lynchburg', visits: [1, 2.5], vip: true },
};
const move = {
  externalId: 'k1',
  title: 'Move of the office',
  typeName: 'Removal',
  contactExternalId: 'c1',
  ownerExternalId: 'u2',
  teamExternalId: 't1',
};
const ALL = { users: [jane, michael], teams: [desk], accounts: [account], contacts: [jack], cases: [move] };

const SHOWN = `query ($company: ID!) { company(id: $company) {
  teams { name externalId users { name } }
  contacts { nodes { name emails account { name contacts { name } } owner { name } team { name } status fields externalId } }
  cases { nodes { title typeName contact { name } owner { name } team { name } externalId } }
} }`;
const shown = async (directory: Directory) =>
  (await directory.get(directory.ada, SHOWN, { company: directory.home.gid })).company;

/** A mark of everything that this part of a sync writes, row versions included. */
async function trace(directory: Directory): Promise<unknown> {
  const { rows } = await directory.sql`
    select (select array_agg(t::text || t.xmin order by id) from teams t), (select array_agg(t::text || t.xmin order by t) from team_users t),
      (select array_agg(t::text || t.xmin order by id) from accounts t), (select array_agg(t::text || t.xmin order by id) from contacts t),
      (select array_agg(t::text || t.xmin order by t) from contact_emails t), (select array_agg(t::text || t.xmin order by id) from cases t),
      (select array_agg(c::text) from companies c)`.execute(directory.db);
  return rows[0];
}

test('teams, accounts, contacts and cases are made, each naming what comes in the same call; a second call writes nothing', async () => {
  await using directory = await createDirectory();
  const first = await directory.sync(ALL);
  expect(first).toMatchObject({ created: 6, updated: 0, unchanged: 0, userErrors: [] });
  expect(outcomes(first).slice(2)).toEqual([
    'TEAM t1 CREATED',
    'ACCOUNT a1 CREATED',
    'CONTACT c1 CREATED',
    'CASE k1 CREATED',
  ]);
  expect(await shown(directory)).toEqual({
    teams: [{ name: 'Service desk', externalId: 't1', users: [{ name: 'Jane Doe' }, { name: "Michael O'Keefe" }] }],
    contacts: {
      nodes: [
        {
          name: 'Jack Daniels',
          emails: ['JD@example.com', 'jack@daniels.example'],
          account: { name: 'Private', contacts: [{ name: 'Jack Daniels' }] },
          owner: { name: 'Jane Doe' },
          team: { name: 'Service desk' },
          status: 'Customer',
          fields: { city: 'Lynchburg', visits: [1, 2.5], vip: true },
          externalId: 'c1',
        },
      ],
    },
    cases: {
      nodes: [
        {
          title: 'Move of the office',
          typeName: 'Removal',
          contact: { name: 'Jack Daniels' },
          owner: { name: "Michael O'Keefe" },
          team: { name: 'Service desk' },
          externalId: 'k1',
        },
      ],
    },
  });
  const before = await trace(directory);
  const again = { ...ALL, contacts: [{ ...jack, fields: { vip: true, visits: [1, 2.5], city: 'Lynchburg' } }] };
  expect(await directory.sync(again)).toMatchObject({ created: 0, updated: 0, unchanged: 6, userErrors: [] });
  const bare = {
    teams: [{ ...desk, userExternalIds: ['u2', 'u1', 'u2'] }],
    contacts: [{ externalId: 'c1', name: jack.name, emails: jack.emails }],
    cases: [{ externalId: 'k1', title: move.title }],
  };
  expect(await directory.sync(bare)).toMatchObject({ unchanged: 3, updated: 0, userErrors: [] });
  expect(await trace(directory)).toEqual(before);
});

test('what a call does not speak of is found by external id; null clears; whoever is not named leaves a team', async () => {
  await using directory = await createDirectory();
  await directory.sync(ALL);
  const beth = { externalId: 'c2', name: 'Beth Bourbon', emails: [], accountExternalId: 'a1', ownerExternalId: ' u2 ' };
  const claim = {
    externalId: 'k2',
    title: 'Claim',
    contactExternalId: 'c2',
    ownerExternalId: 'u1',
    teamExternalId: 't1',
  };
  // external ids are a kind's own
  const other = { externalId: 'c1', name: 'c1 too', userExternalIds: ['u2'] };
  expect(
    outcomes(
      await directory.sync({ teams: [{ ...desk, userExternalIds: ['u2'] }, other], contacts: [beth], cases: [claim] }),
    ),
  ).toEqual(['TEAM t1 UPDATED', 'TEAM c1 CREATED', 'CONTACT c2 CREATED', 'CASE k2 CREATED']);
  const cleared = { accountExternalId: null, ownerExternalId: null, teamExternalId: '', status: null, fields: null };
  const uncased = { typeName: '', contactExternalId: null, ownerExternalId: null, teamExternalId: null };
  await directory.sync({ contacts: [{ ...jack, emails: [], ...cleared }], cases: [{ ...move, ...uncased }] });
  const { teams, contacts, cases } = await shown(directory);
  expect(teams.map(({ users }: { users: unknown }) => users)).toEqual([
    [{ name: "Michael O'Keefe" }],
    [{ name: "Michael O'Keefe" }],
  ]);
  const nothing = { account: null, owner: null, team: null, status: null, fields: null };
  expect(contacts.nodes).toMatchObject([
    { name: 'Beth Bourbon', emails: [], account: { name: 'Private' }, owner: { name: "Michael O'Keefe" }, team: null },
    { name: 'Jack Daniels', emails: [], ...nothing },
  ]);
  expect(cases.nodes).toMatchObject([
    { title: 'Claim', contact: { name: 'Beth Bourbon' }, owner: { name: 'Jane Doe' }, team: { name: 'Service desk' } },
    { title: 'Move of the office', typeName: null, contact: null, owner: null, team: null },
  ]);
});

test('an address is of one contact, whatever its case, and contacts of one call pass theirs on', async () => {
  await using directory = await createDirectory();
  const contact = (externalId: string, ...emails: string[]) => ({ externalId, name: `Contact ${externalId}`, emails });
  await directory.sync({ contacts: [contact('1', 'one@x.example', 'own@x.example'), contact('2', 'two@x.example')] });
  const faults = async (...contacts: object[]) => {
    const { userErrors } = await directory.sync({ contacts });
    return userErrors.map((error: { code: string; path: string[]; message: string }) => [
      `${error.code} ${error.path.slice(1).join('.')}`,
      error.message,
    ]);
  };
  expect(await faults(contact('3', 'new@x.example', 'TWO@x.example'))).toEqual([
    ['TAKEN 0.emails.1', 'two@x.example is an address of Contact 2 already.'],
  ]);
  expect(await faults(contact('3', 'new@x.example'), contact('4', 'New@X.example'))).toEqual([
    ['TAKEN 1.emails.0', 'new@x.example is an address of contacts 0 too.'],
  ]);
  expect(await faults(contact('3', 'ÄRGER@x.example', 'ärger@x.example'))).toEqual([
    ['INVALID 0.emails.1', 'ärger@x.example is there twice.'],
  ]);
  // what a contact of the call keeps, another one cannot have, in whatever order
  expect(await faults(contact('3', 'two@x.example'), contact('2', 'two@x.example'))).toEqual([
    ['TAKEN 1.emails.0', 'two@x.example is an address of contacts 0 too.'],
  ]);
  expect(
    await faults(
      contact('1', 'two@x.example', 'own@x.example'),
      contact('2', 'ONE@x.example'),
      contact('3', 'three@x.example'),
    ),
  ).toEqual([]);
  expect((await shown(directory)).contacts.nodes.map(({ emails }: { emails: string[] }) => emails)).toEqual([
    ['two@x.example', 'own@x.example'],
    ['ONE@x.example'],
    ['three@x.example'],
  ]);
  // another order of the same, and another spelling, are changes
  expect(await directory.sync({ contacts: [contact('1', 'own@x.example', 'Two@x.example')] })).toMatchObject({
    updated: 1,
  });
  // users are people of the company: they may have the same address
  expect(await faults(contact('5', 'ada.admin@example.com'))).toEqual([]);
});

const contact = (more: object) => ({ contacts: [{ externalId: '1', name: 'Con', emails: [], ...more }] });
const team = (...userExternalIds: string[]) => ({ teams: [{ externalId: '1', name: 'T', userExternalIds }] });
const matter = (more: object) => ({ cases: [{ externalId: '1', title: 'C', ...more }] });
let deep: unknown = 1;
for (let n = 0; n < 90; n += 1) deep = [deep];
const REFUSED: [object, string[]][] = [
  [
    { teams: [{ externalId: ' ', name: '', userExternalIds: [] }] },
    ['REQUIRED teams.0.externalId', 'REQUIRED teams.0.name'],
  ],
  [
    { teams: [desk, { ...desk, userExternalIds: [] }] },
    ['NOT_FOUND teams.0.userExternalIds.1', 'INVALID teams.1.externalId'],
  ],
  [team('x', ' '), ['NOT_FOUND teams.0.userExternalIds.0', 'REQUIRED teams.0.userExternalIds.1']],
  [team('x\0'), ['INVALID teams.0.userExternalIds.0', 'NOT_FOUND teams.0.userExternalIds.0']],
  [team(...Array.from({ length: 201 }, () => 'x')), ['TOO_MANY teams.0.userExternalIds']],
  [
    {
      teams: Array.from({ length: 251 }, (_, n) => ({
        ...desk,
        externalId: `${n}`,
        userExternalIds: Array(200).fill(''),
      })),
    },
    ['TOO_MANY teams'],
  ],
  [{ accounts: [{ externalId: '1', name: 'x'.repeat(256) }] }, ['TOO_LONG accounts.0.name']],
  [{ accounts: [account, account] }, ['INVALID accounts.1.externalId']],
  [contact({ name: 'a\nb' }), ['INVALID contacts.0.name']],
  [contact({ emails: ['no address'] }), ['INVALID contacts.0.emails.0']],
  [contact({ emails: ['a@b.example, c@d.example'] }), ['INVALID contacts.0.emails.0']],
  [
    contact({ emails: ['a@b.example\r\nBcc: c@d.example'] }),
    ['INVALID contacts.0.emails.0', 'INVALID contacts.0.emails.0'],
  ],
  [contact({ emails: ['a@b.example', ' '] }), ['REQUIRED contacts.0.emails.1']],
  [contact({ emails: [`${'x'.repeat(250)}@example.com`] }), ['TOO_LONG contacts.0.emails.0']],
  [contact({ emails: Array.from({ length: 21 }, (_, n) => `${n}@x.example`) }), ['TOO_MANY contacts.0.emails']],
  [contact({ accountExternalId: 'x' }), ['NOT_FOUND contacts.0.accountExternalId']],
  [
    contact({ ownerExternalId: 'x', teamExternalId: 'y' }),
    ['NOT_FOUND contacts.0.ownerExternalId', 'NOT_FOUND contacts.0.teamExternalId'],
  ],
  [contact({ status: 'x'.repeat(256) }), ['TOO_LONG contacts.0.status']],
  [contact({ fields: [] }), ['INVALID contacts.0.fields']],
  [contact({ fields: 'text' }), ['INVALID contacts.0.fields']],
  [contact({ fields: 0 }), ['INVALID contacts.0.fields']],
  [contact({ fields: { a: 'b\0' } }), ['INVALID contacts.0.fields']],
  [contact({ fields: { 'a\u0007': 1 } }), ['INVALID contacts.0.fields']],
  [contact({ fields: { a: ['\ud800'] } }), ['INVALID contacts.0.fields']],
  [contact({ fields: { a: { b: { c: { d: [[]] } } } } }), ['INVALID contacts.0.fields']],
  [contact({ fields: { a: deep } }), ['INVALID contacts.0.fields']],
  [contact({ fields: { a: 'x'.repeat(10_000) } }), ['TOO_LONG contacts.0.fields']],
  [matter({ title: ' ' }), ['REQUIRED cases.0.title']],
  [matter({ title: 'x'.repeat(256), typeName: 'a\0' }), ['TOO_LONG cases.0.title', 'INVALID cases.0.typeName']],
  [
    matter({ contactExternalId: 'x', ownerExternalId: 'y', teamExternalId: 'z' }),
    ['NOT_FOUND cases.0.contactExternalId', 'NOT_FOUND cases.0.ownerExternalId', 'NOT_FOUND cases.0.teamExternalId'],
  ],
];
test('rubbish is refused and named, and nothing of the call is done', async () => {
  await using directory = await createDirectory();
  await directory.sync({ users: [jane] });
  const before = await trace(directory);
  for (const [input, faults] of REFUSED) {
    const vendors = [{ externalId: 'v', name: 'Never' }];
    const refused = await directory.sync({ vendors, ...input });
    expect.soft([input, faultsOf(refused).sort()]).toEqual([input, [...faults].sort()]);
    expect.soft(refused).toMatchObject({ created: 0, rows: [] });
  }
  expect(await trace(directory)).toEqual(before);
  expect((await directory.sql`select from vendors`.execute(directory.db)).rows).toEqual([]);
});

test('what looks like rubbish and is none is kept as it is', async () => {
  await using directory = await createDirectory();
  const fields = JSON.parse(
    '{"__proto__": {"x": 1}, "constructor": null, "": "", "two\\nlines": "a\\n\\tb 💥", "big": 1e300, "list": [[[[]]]]}',
  );
  const names = ['ﷺ'.repeat(255), "' or true --", '%_\\', 'ẞtraße'];
  const contacts = names.map((name, n) => ({
    externalId: `${n}`,
    name,
    emails: [`o'neill+${n}@xn--80ak6aa92e.com`],
    fields,
  }));
  const input = { contacts, cases: names.map((title, n) => ({ externalId: `${n}`, title })) };
  expect(await directory.sync(input)).toMatchObject({ created: 8, userErrors: [] });
  expect(await directory.sync(input)).toMatchObject({ unchanged: 8 });
  const { contacts: kept } = await shown(directory);
  for (const contact of kept.nodes) expect(JSON.stringify(contact.fields)).toBe(JSON.stringify(fieldsAsKept(fields)));
  expect(kept.nodes.map(({ name }: { name: string }) => name).sort()).toEqual([...names].sort());
});

/** The database puts the names of an object into an order of its own: by length, then by byte. */
const fieldsAsKept = (fields: object) =>
  Object.fromEntries(Object.entries(fields).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1)));

test('only company admins, for their own company alone: others are neither changed nor found', async () => {
  await using directory = await createDirectory();
  await directory.sync(ALL);
  const mia = await directory.person('Mia Member');
  expect(faultsOf(await directory.sync({ accounts: [account] }, mia))).toEqual(['FORBIDDEN']);
  const south = await directory.company('Southside');
  const sam = await directory.person('Sam Southside', { companyId: south.id, admin: true });
  const there = (input: object) => directory.sync({ companyId: south.gid, ...input }, sam);
  expect(faultsOf(await there({ companyId: directory.home.gid, accounts: [account] }))).toEqual([
    'NOT_FOUND companyId',
  ]);
  expect(faultsOf(await there({ contacts: [jack], cases: [move] }))).toEqual([
    'NOT_FOUND contacts.0.accountExternalId',
    'NOT_FOUND contacts.0.ownerExternalId',
    'NOT_FOUND contacts.0.teamExternalId',
    'NOT_FOUND cases.0.ownerExternalId',
    'NOT_FOUND cases.0.teamExternalId',
  ]);
  expect(await there(ALL)).toMatchObject({ created: 6, userErrors: [] });
});

test('two calls at once that give one address to two contacts: one of them is refused', async () => {
  await using directory = await createDirectory();
  const bea = await directory.person('Bea Admin', { admin: true });
  await using gate = await intruder(directory);
  await gate.run('begin; select from companies for update');
  const calls = Promise.all([
    directory.sync({ contacts: [{ ...contact({}).contacts[0], emails: ['one@x.example'] }] }),
    directory.sync({ contacts: [{ externalId: '2', name: 'Other', emails: ['ONE@x.example'] }] }, bea),
  ]);
  await blocked(directory, 2);
  await gate.run('commit');
  expect((await calls).flatMap(faultsOf)).toEqual(['TAKEN contacts.0.emails.0']);
});
