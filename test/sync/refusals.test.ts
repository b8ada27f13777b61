import { expect, test } from 'vitest';
import { blocked, intruder } from '../kit/locks.ts';
import { faultsOf } from '../permission/site.ts';
import { createDirectory, user } from './directory.ts';

const tower = { externalId: '1', name: 'Tower', timeZone: 'UTC' };

const REFUSED: [what: string, input: object, faults: string[]][] = [
  ['a vendor without a name', { vendors: [{ externalId: '1', name: ' ' }] }, ['REQUIRED vendors.0.name']],
  ['an empty external id', { vendors: [{ externalId: ' ', name: 'A' }] }, ['REQUIRED vendors.0.externalId']],
  ['a long external id', { projects: [{ ...tower, externalId: 'x'.repeat(256) }] }, ['TOO_LONG projects.0.externalId']],
  [
    'control characters',
    { vendors: [{ externalId: 'a\0', name: 'b\u0007' }] },
    ['INVALID vendors.0.externalId', 'INVALID vendors.0.name'],
  ],
  ['half a character', { vendors: [{ externalId: '\ud800', name: 'A' }] }, ['INVALID vendors.0.externalId']],
  [
    'the same vendor twice',
    {
      vendors: [
        { externalId: '1', name: 'A' },
        { externalId: ' 1', name: 'B' },
      ],
    },
    ['INVALID vendors.1.externalId'],
  ],
  ['the same user twice', { users: [user('1', 'Ann'), user('1', 'Bob')] }, ['INVALID users.1.externalId']],
  [
    'the same address twice, whatever its case',
    { users: [user('1', 'Ann'), user('2', 'Bob', { email: 'ANN@EXAMPLE.COM' })] },
    ['TAKEN users.1.email'],
  ],
  ['no address', { users: [user('1', 'Ann', { email: '' })] }, ['REQUIRED users.0.email']],
  ['a wrong address', { users: [user('1', 'Ann', { email: 'ann at example' })] }, ['INVALID users.0.email']],
  [
    'a long address',
    { users: [user('1', 'Ann', { email: `${'x'.repeat(250)}@example.com` })] },
    ['TOO_LONG users.0.email'],
  ],
  ['an address with NUL', { users: [user('1', 'Ann', { email: 'a\0@example.com' })] }, ['INVALID users.0.email']],
  [
    'a vendor that nobody has',
    { users: [user('1', 'Ann', { vendorExternalId: 'x' })] },
    ['NOT_FOUND users.0.vendorExternalId'],
  ],
  [
    'a vendor with NUL',
    { users: [user('1', 'Ann', { vendorExternalId: 'x\0' })] },
    ['INVALID users.0.vendorExternalId', 'NOT_FOUND users.0.vendorExternalId'],
  ],
  ['a wrong language', { users: [user('1', 'Ann', { locale: 'english--' })] }, ['INVALID users.0.locale']],
  ['a wrong picture', { users: [user('1', 'Ann', { avatarUrl: 'data:text/html,x' })] }, ['INVALID users.0.avatarUrl']],
  [
    'null where yes or no is wanted',
    { users: [user('1', 'Ann', { active: null, isService: null, isCompanyAdmin: null })] },
    ['REQUIRED users.0.active', 'REQUIRED users.0.isService', 'REQUIRED users.0.isCompanyAdmin'],
  ],
  [
    'a wrong time zone',
    { projects: [tower, { ...tower, externalId: '2', timeZone: 'Mars/Olympus' }] },
    ['INVALID projects.1.timeZone'],
  ],
  ['no time zone', { projects: [{ ...tower, timeZone: '' }] }, ['REQUIRED projects.0.timeZone']],
];
test('what is wrong is refused and named, and nothing is done', async () => {
  await using directory = await createDirectory();
  for (const [what, input, faults] of REFUSED) {
    const refused = await directory.sync(input);
    expect.soft([what, faultsOf(refused)]).toEqual([what, faults]);
    expect.soft(refused, what).toMatchObject({ created: 0, updated: 0, unchanged: 0, rows: [] });
  }
  const { rows } = await directory.sql`
    select from users union all select from vendors union all select from projects`.execute(directory.db);
  expect(rows).toHaveLength(1);
});

test('everything that is wrong is told at once, and nothing is changed', async () => {
  await using directory = await createDirectory();
  await directory.sync({ vendors: [{ externalId: 'v', name: 'Before' }] });
  const refused = await directory.sync({
    vendors: [
      { externalId: 'v', name: 'After' },
      { externalId: 'w', name: '' },
    ],
    users: [user('1', 'Ann'), user('2', '')],
    projects: [tower, { ...tower, externalId: '2', timeZone: 'Nowhere/Land' }],
  });
  expect(faultsOf(refused)).toEqual([
    'REQUIRED vendors.1.name',
    'INVALID users.1.email',
    'REQUIRED users.1.name',
    'INVALID projects.1.timeZone',
  ]);
  const { rows } = await directory.sql`
    select (select name from vendors) as vendor, (select count(*)::int from users) as users, (select count(*)::int from projects) as projects`.execute(
    directory.db,
  );
  expect(rows).toEqual([{ vendor: 'Before', users: 1, projects: 0 }]);
});

test('a service user stays one, and is never taken for a person because of an address', async () => {
  await using directory = await createDirectory();
  await directory.person('Robo Service', { service: true });
  await directory.person('Mia Member');
  await directory.sync({ users: [user('b', 'Bot', { isService: true }), user('p', 'Per Person')] });
  const tried = async (input: object) => faultsOf(await directory.sync({ users: [input] }));
  expect(await tried(user('b', 'Bot', { isService: false }))).toEqual(['INVALID users.0.isService']);
  expect(await tried(user('p', 'Per Person', { isService: true }))).toEqual(['INVALID users.0.isService']);
  expect(await tried(user('b', 'Bot'))).toEqual([]);
  expect(await tried(user('r', 'Robo Service'))).toEqual(['INVALID users.0.email']);
  expect(await tried(user('m', 'Mia Member', { isService: true }))).toEqual(['INVALID users.0.email']);
  expect(await tried(user('r', 'Robo Service', { isService: true }))).toEqual([]);
});

test('the last active company admin can neither lose the right nor be deactivated', async () => {
  await using directory = await createDirectory();
  await directory.person('Ida Inactive', { admin: true, active: false });
  await directory.person('Robo Service', { admin: true, service: true });
  const south = await directory.company('Southside');
  await directory.person('Sam Southside', { admin: true, companyId: south.id });
  const ada = user('a', 'Ada Admin');
  const tried = async (...users: object[]) => faultsOf(await directory.sync({ users }));
  expect(await tried({ ...ada, isCompanyAdmin: false })).toEqual(['IN_USE users.0.isCompanyAdmin']);
  expect(await tried(user('z', 'Zoe'), { ...ada, active: false })).toEqual(['IN_USE users.1.active']);
  // somebody else becomes one in the same call
  expect(await tried({ ...ada, isCompanyAdmin: false }, user('z', 'Zoe', { isCompanyAdmin: true }))).toEqual([]);
});

test('of several admins who go at once the last one is named', async () => {
  await using directory = await createDirectory();
  await directory.person('Bea Admin', { admin: true });
  const gone = [user('a', 'Ada Admin', { active: false }), user('b', 'Bea Admin', { isCompanyAdmin: false })];
  expect(faultsOf(await directory.sync({ users: gone }))).toEqual(['IN_USE users.1.isCompanyAdmin']);
  expect(faultsOf(await directory.sync({ users: gone.slice(1) }))).toEqual([]);
});

test('two admins who remove each other at once: one of them stays', async () => {
  await using directory = await createDirectory();
  const bea = await directory.person('Bea Admin', { admin: true });
  await directory.sync({ users: [user('a', 'Ada Admin'), user('b', 'Bea Admin')] });
  await using gate = await intruder(directory);
  await gate.run('begin; select from companies for update');
  const calls = Promise.all([
    directory.sync({ users: [user('b', 'Bea Admin', { isCompanyAdmin: false })] }, directory.ada),
    directory.sync({ users: [user('a', 'Ada Admin', { active: false })] }, bea),
  ]);
  await blocked(directory, 2);
  await gate.run('commit');
  const answers = await calls;
  // the second has lost the right to ask before its turn came
  expect(answers.flatMap(faultsOf)).toEqual(['FORBIDDEN']);
});

test('two admins who resign at once: one of them stays', async () => {
  await using directory = await createDirectory();
  const bea = await directory.person('Bea Admin', { admin: true });
  for (let round = 0; round < 10; round += 1) {
    await directory.sql`update users set is_company_admin = true`.execute(directory.db);
    const answers = await Promise.all([
      directory.sync({ users: [user('a', 'Ada Admin', { isCompanyAdmin: false })] }, directory.ada),
      directory.sync({ users: [user('b', 'Bea Admin', { isCompanyAdmin: false })] }, bea),
    ]);
    expect(answers.flatMap(faultsOf)).toEqual(['IN_USE users.0.isCompanyAdmin']);
  }
});
