import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { companyArguments } from '../../src/cli/companyArguments.ts';
import { createCompany } from '../../src/directory/company.commands.ts';
import type { Refused } from '../../src/kernel/errors.ts';
import { fromGlobalId } from '../../src/kernel/ids.ts';
import { createWorld, type Person } from '../kit/world.ts';

test('a company is made with its first admin, who can sign in and manage it', async () => {
  await using world = await createWorld();
  const viewer = await createCompany(world.world, {
    name: ' Westside ',
    adminEmail: 'wanda.west@example.com',
    externalId: '4266',
  });
  const wanda = { id: viewer.id, email: 'wanda.west@example.com', companyId: viewer.companyId } as Person;
  const { viewer: found } = await world.get(
    wanda,
    '{ viewer { user { name } companies { name externalId viewerIsAdmin } } }',
  );
  expect(found).toEqual({
    user: { name: 'Wanda West' },
    companies: [{ name: 'Westside', externalId: '4266', viewerIsAdmin: true }],
  });
});

test('rubbish makes no company', async () => {
  await using world = await createWorld();
  const faults = (name: string, adminEmail: string) =>
    createCompany(world.world, { name, adminEmail }).then(
      () => [],
      (error) => (error as Refused).errors.map(({ code, path }) => `${code} ${path}`),
    );
  expect(await faults('', 'not an address')).toEqual(['REQUIRED name', 'INVALID adminEmail']);
  expect(await faults('x'.repeat(256), '')).toEqual(['TOO_LONG name', 'REQUIRED adminEmail']);
  expect(await faults('A\0B', 'a@b\0')).toContain('INVALID name');
  const { rows } = await world.sql`select from companies`.execute(world.db);
  expect(rows).toHaveLength(1);
});

const run = (url: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, ['src/cli/create-company.ts', ...args], {
    env: {
      ...{
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        DATABASE_URL: url,
        JWT_SECRET: 'a secret that only this test knows, 32 bytes',
      },
    },
  }).catch((error: { code: number; stdout: string; stderr: string }) => error);

test('npm run create-company makes one and says its id and how to sign in', async () => {
  await using world = await createWorld();
  const { stdout, stderr } = await run(world.url, 'Westside Works', '--admin', 'wanda.west@example.com');
  expect(stderr).toBe('');
  expect(stdout).toContain('Westside Works');
  expect(stdout).toContain('npm run -s token -- wanda.west@example.com');
  const id = stdout.split(/\s/).map(fromGlobalId).find(Boolean);
  const { rows } = await world.sql`
    select c.name, u.name as admin, u.is_company_admin as "isAdmin" from companies c join users u on u.company_id = c.id
    where c.id = ${id?.uuid}`.execute(world.db);
  expect(rows).toEqual([{ name: 'Westside Works', admin: 'Wanda West', isAdmin: true }]);
});

test('the arguments of npm run create-company are a name and an address', () => {
  expect(companyArguments(['West Works', '--admin', 'a@b'])).toEqual({ name: 'West Works', adminEmail: 'a@b' });
  for (const args of [[], ['Westside'], ['--admin', 'a@b'], ['Westside', 'Works', '--admin', 'a@b']])
    expect(() => companyArguments(args), args.join()).toThrow(/^Usage: /);
  expect(() => companyArguments(['Westside', '--boss', 'a@b'])).toThrow("Unknown option '--boss'");
});

test('npm run create-company refuses rubbish with a sentence', async () => {
  await using world = await createWorld();
  for (const [args, sentence] of [
    [['Westside', 'Works', '--admin', 'a@b'], /^Usage: .*\n$/],
    [['Westside', '--admin', 'nobody'], /^"nobody" is not an e-mail address\.\n$/],
  ] as [string[], RegExp][]) {
    const failed = (await run(world.url, ...args)) as { code: number; stdout: string; stderr: string };
    expect([failed.code, failed.stdout]).toEqual([1, '']);
    expect(failed.stderr).toMatch(sentence);
  }
});
