import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readingOf } from '../../src/database/orm.ts';
import { importerOf } from '../../src/import/company.queries.ts';
import { progressOn } from '../../src/import/progress.ts';
import { toGlobalId } from '../../src/kernel/ids.ts';
import { createWorld } from '../kit/world.ts';
import { folderOf, REVIEWS, simple, tutorial } from './source.ts';

const run = (url: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, ['src/cli/import.ts', ...args], {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      DATABASE_URL: url,
      DATABASE_POOL_SIZE: '1',
      JWT_SECRET: 'x'.repeat(32),
    },
  }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );

test('npm run import brings a folder, and reports on screen and in a file', async () => {
  await using world = await createWorld();
  await world.person('Ada Admin', { admin: true });
  await using folder = await folderOf(tutorial());
  const first = await run(world.url, folder.path);
  expect(first.code).toBe(0);
  expect(first.stdout).toMatch(/^items +4 +0 +0 +0$/m);
  expect(first.stdout).toContain(`The report is in ${join(folder.path, 'import-report.json')}.`);
  expect(first.stderr).toMatch(/^0 %\n(.*\n)*100 %\n$/);

  await world.company('Southside');
  await folder.write({ [`${REVIEWS}/items-3.json`]: [simple(18, { due_date: '08/31/2020' }), simple(19)] });
  const file = join(folder.path, 'elsewhere.json');
  const second = await run(world.url, folder.path, '--company', 'northside builders', '--report', file);
  expect(second.code).toBe(2);
  expect(second.stdout).toMatch(/^items +1 +0 +4 +1$/m);
  expect(second.stdout).toContain(`${REVIEWS}/items-3.json 18: due_date is no day (YYYY-MM-DD): "08/31/2020".`);
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
    ...{ folder: folder.path, company: { name: 'Northside Builders' }, complete: false },
    counts: { items: { made: 1, changed: 0, unchanged: 4, skipped: 1 } },
    skipped: [
      { kind: 'items', file: `${REVIEWS}/items-3.json`, id: '18', reason: expect.stringContaining('due_date') },
    ],
  });
});

test('a company is named by its name or any of its ids, and must have somebody in whose name things are done', async () => {
  await using world = await createWorld();
  const db = readingOf(world.orm);
  const ada = await world.person('Ada Admin', { admin: true });
  expect(await importerOf(db, null)).toMatchObject({ id: ada.id, isCompanyAdmin: true });
  const { id } = await world.company('Southside');
  await world.sql`update companies set external_id = '4266' where id = ${id}`.execute(world.db);
  await expect(importerOf(db, null)).rejects.toThrow(/^There are several companies: --company says .*Southside/);
  await expect(importerOf(db, 'Westside')).rejects.toThrow('There is no company "Westside".');
  await world.person('Ina Admin', { admin: true, active: false, companyId: id });
  await world.person('Robot', { admin: true, service: true, companyId: id });
  await expect(importerOf(db, 'Southside')).rejects.toThrow(/^Southside has no active admin/);
  const sam = await world.person('Sam Admin', { admin: true, companyId: id });
  for (const name of ['southside', id, '4266', toGlobalId('Company', id)])
    expect(await importerOf(db, name)).toMatchObject({ id: sam.id });
});

test('progress is a bar on a terminal, and a line now and then elsewhere', () => {
  const shown = (isTTY: boolean) => {
    let [time, text] = [0, ''];
    const write = (more: string) => {
      text += more;
    };
    const screen = { isTTY, columns: 50, write };
    const progress = progressOn(screen, () => time);
    progress.start(200);
    for (const at of ['Library', 'Garage', 'A very long name that does not fit']) {
      time += 3_000;
      progress.pass(50, at);
    }
    progress.finish();
    return text;
  };
  expect(shown(false)).toBe('0 %\n50 % Garage\n100 %\n');
  const bars = shown(true).split('\r\x1b[K').slice(1);
  expect(bars).toEqual([
    `[${'-'.repeat(30)}] 0 % `,
    `[${'#'.repeat(8)}${'-'.repeat(22)}] 25 % Library`,
    `[${'#'.repeat(15)}${'-'.repeat(15)}] 50 % Garage`,
    `[${'#'.repeat(23)}${'-'.repeat(7)}] 75 % A very long`,
    `[${'#'.repeat(30)}] 100 % \n`,
  ]);
});
