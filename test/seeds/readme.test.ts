import { expect, test } from 'vitest';
import { seedDemo } from '../../seeds/demo.ts';
import { settings } from '../../src/settings.ts';
import { createWorld } from '../kit/world.ts';
import { peopleOf } from './demo.ts';
import { blocksOf, project, readme, tablesOf } from './readme.ts';

test('the first question has the answer that the README shows', async () => {
  await using world = await createWorld();
  await seedDemo(world.world);
  const { owner, rita } = await peopleOf(world);
  const [query] = blocksOf(await readme(), 'graphql');
  const [answer] = blocksOf(await readme(), 'json');
  expect(await world.ask(owner, query!)).toEqual(JSON.parse(answer!));
  expect((await world.get(rita, query!)).items.nodes).toEqual([]);
});

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
