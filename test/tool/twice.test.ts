import { expect, test } from 'vitest';
import { createWorld } from '../kit/world.ts';

test('the projects of one tool asked for twice in a request are not doubled', async () => {
  await using world = await createWorld();
  const ada = await world.person('Ada Admin', { admin: true });
  const letters = await world.tool('Letters', [await world.project('Tower'), await world.project('Bridge')]);
  const twice = `query ($id: ID!) {
    genericTool(id: $id) { projects { nodes { name } totalCount } again: projects { nodes { name } totalCount } } }`;
  const { genericTool } = await world.get(ada, twice, { id: letters.gid });
  expect(genericTool.projects).toEqual({ nodes: [{ name: 'Bridge' }, { name: 'Tower' }], totalCount: 2 });
  expect(genericTool.again).toEqual(genericTool.projects);
});
