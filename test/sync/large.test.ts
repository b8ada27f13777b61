import { expect, test } from 'vitest';
import { contextOf } from '../../src/graph/context.ts';
import { Refused } from '../../src/kernel/errors.ts';
import { syncDirectory } from '../../src/sync/sync.commands.ts';
import { createDirectory, type Directory, user } from './directory.ts';

/** A sync as a program on the server makes it: 5,000 rows with all fields are more than a request may have in its body. */
async function syncHere(directory: Directory, input: object) {
  const { ada, home, world } = directory;
  const viewer = {
    id: ada.id,
    name: ada.name,
    companyId: home.id,
    vendorId: null,
    isCompanyAdmin: true,
    companies: [],
  };
  const before = directory.statements.count;
  const start = performance.now();
  const { created, updated, unchanged } = await syncDirectory(contextOf(world, viewer), {
    companyId: home.gid,
    ...input,
  });
  return {
    created,
    updated,
    unchanged,
    statements: directory.statements.count - before,
    ms: performance.now() - start,
  };
}

const people = (n: number, more: object = {}) =>
  Array.from({ length: n }, (_, i) =>
    user(`${i}`, `Person ${i}`, { vendorExternalId: `v${i % 250}`, jobTitle: 'Mason', ...more }),
  );
const firms = (n: number) => Array.from({ length: n }, (_, i) => ({ externalId: `v${i}`, name: `Firm ${i}` }));

test('5,000 rows take as many statements as a few, and seconds at most', async () => {
  await using directory = await createDirectory();
  await syncHere(directory, { vendors: firms(250) });
  const few = await syncHere(directory, { users: [user('x', 'Xaver')] });
  const made = await syncHere(directory, { users: people(5_000) });
  expect(made).toMatchObject({ created: 5_000, statements: few.statements });
  const same = await syncHere(directory, { users: people(5_000) });
  expect(same).toMatchObject({ unchanged: 5_000 });
  const changed = await syncHere(directory, { users: people(5_000, { jobTitle: 'Joiner', vendorExternalId: 'v1' }) });
  expect(changed).toMatchObject({ updated: 5_000 });
  const fewChanged = await syncHere(directory, { users: people(2, { vendorExternalId: 'v2' }) });
  expect(changed.statements).toBe(fewChanged.statements);
  for (const { ms } of [made, same, changed]) expect(ms).toBeLessThan(10_000);
  if (process.env.SHOW_TIMES) process.stdout.write(`${JSON.stringify({ few, made, same, changed })}\n`);
});

test('all addresses of 500 users change hands at once', async () => {
  await using directory = await createDirectory();
  const users = Array.from({ length: 500 }, (_, i) => user(`${i}`, `Person ${i}`));
  await syncHere(directory, { users });
  const rotated = users.map((one, i) => ({ ...one, email: users[(i + 1) % users.length]!.email }));
  expect(await syncHere(directory, { users: rotated })).toMatchObject({ updated: 500 });
});

test('more than 5,000 rows, of all kinds together, are TOO_MANY', async () => {
  await using directory = await createDirectory();
  const refused = syncHere(directory, { vendors: firms(1), users: people(5_000) });
  await expect(refused).rejects.toThrow(Refused);
  await expect(refused).rejects.toMatchObject({ errors: [{ code: 'TOO_MANY', path: [] }] });
});

test('a mistake in the last of 1,000 rows undoes them all', async () => {
  await using directory = await createDirectory();
  const users = [
    ...people(999, { vendorExternalId: undefined }),
    user('last', 'Last', { email: 'person.1@EXAMPLE.com' }),
  ];
  await expect(syncHere(directory, { users })).rejects.toMatchObject({
    errors: [{ code: 'TAKEN', path: ['users', '999', 'email'] }],
  });
  const { rows } = await directory.sql`select from users`.execute(directory.db);
  expect(rows).toHaveLength(1);
});

test('ten syncs of the same rows at once make them once', async () => {
  await using directory = await createDirectory();
  const input = { vendors: firms(20), users: people(50, { vendorExternalId: 'v3' }) };
  const answers = await Promise.all(Array.from({ length: 10 }, () => syncHere(directory, input)));
  expect(answers.reduce((sum, { created }) => sum + created, 0)).toBe(70);
  expect(answers.reduce((sum, { unchanged }) => sum + unchanged, 0)).toBe(630);
});

test('5,000 rows fit into a request, 5,001 are TOO_MANY', async () => {
  await using directory = await createDirectory();
  expect(await directory.sync({ vendors: firms(5_001) })).toMatchObject({
    rows: [],
    userErrors: [{ code: 'TOO_MANY', path: [] }],
  });
  const { rows, created } = await directory.sync({ vendors: firms(5_000) });
  expect([created, rows.length, rows[4_999].externalId]).toEqual([5_000, 5_000, 'v4999']);
});

test('the default fieldsets of 300 new projects take as many statements as those of one', async () => {
  await using directory = await createDirectory();
  for (const title of ['Letters', 'Claims', 'Bulletins']) await directory.tool(title, []);
  await directory.sql`update generic_tools set enabled_on_new_projects = true`.execute(directory.db);
  const projects = Array.from({ length: 300 }, (_, i) => ({ externalId: `${i}`, name: `P ${i}`, timeZone: 'UTC' }));
  const one = await syncHere(directory, { projects: [{ externalId: 'x', name: 'X', timeZone: 'Europe/Berlin' }] });
  const many = await syncHere(directory, { projects });
  expect(many.statements).toBe(one.statements);
  const { rows } = await directory.sql`select from fieldset_projects`.execute(directory.db);
  expect(rows).toHaveLength(903);
});
