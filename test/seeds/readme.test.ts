import { expect, test } from 'vitest';
import { settings } from '../../src/settings.ts';
import { project, readme, tablesOf } from './readme.ts';

test('the README names every setting, and no other', async () => {
  const names = Object.keys(settings.shape);
  const rows = tablesOf(await readme()).flatMap(([first]) => [...first!.matchAll(/`([A-Z][A-Z0-9_]+)`/g)]);
  expect(rows.map(([, name]) => name).toSorted()).toEqual(names.toSorted());
});

test('the README names every command, and none that does not exist', async () => {
  const scripts = Object.keys(JSON.parse(await project('package.json')).scripts);
  const texts = `${await readme()}\n${await project('CONTRIBUTING.md')}`;
  const named = [...texts.matchAll(/npm (?:run (?:-s )?)?([a-z][a-z:-]*)/g)].map(([, name]) => name!);
  const ours = new Set(named.filter((name) => !['ci', 'run', 'on', 'itself', 'that'].includes(name)));
  for (const script of scripts) expect(await readme()).toMatch(new RegExp(`npm (run (-s )?)?${script}\\b`));
  for (const name of ours)
    expect(['a script of package.json', name, scripts.includes(name)]).toEqual([
      'a script of package.json',
      name,
      true,
    ]);
});

test('links of the README lead to files', async () => {
  for (const [, path] of (await readme()).matchAll(/\]\(([^)#:]+)\)/g)) expect(await project(path!)).not.toBe('');
});
