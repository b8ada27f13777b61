import { afterAll, beforeAll, expect, test } from 'vitest';
import { numberKeyOf } from '../../src/tool/tool.policy.ts';
import { createWorld, type Person, type Project, type TestWorld, type Tool } from '../kit/world.ts';
import { call, refusalsOf } from './call.ts';

let world: TestWorld;
let ada: Person;
let tower: Project;
beforeAll(async () => {
  world = await createWorld();
  ada = await world.person('Ada Admin', { admin: true });
  tower = await world.project('Tower');
});
afterAll(() => world[Symbol.asyncDispose]());

const toolOfAda = async (title: string, abbreviation: string | null = null): Promise<Tool> => {
  const tool = await world.tool(title, [tower], { abbreviation });
  await world.grant(ada, tower, tool, 'ADMIN');
  return tool;
};

const createItem = async (tool: Tool) => {
  const input = { projectId: tower.gid, genericToolId: tool.gid, item: { title: 'Lintel' } };
  const { createItem: payload } = await world.get(
    ada,
    'mutation ($input: CreateItemInput!) { createItem(input: $input) { item { id number } userErrors { code path } } }',
    { input },
  );
  return payload as { item: { id: string; number: string } | null; userErrors: { code: string; path: string[] }[] };
};

test('no item keeps an old prefix, however many are made while it changes', async () => {
  const tool = await toolOfAda('Renamed', 'A');
  for (let round = 0; round < 3; round += 1) {
    const abbreviation = `B${round}`;
    const [, ...made] = await Promise.all([
      call(world, ada, 'updateGenericTool', { id: tool.gid, abbreviation }),
      ...Array.from({ length: 6 }, () => createItem(tool)),
    ]);
    expect(made.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    const items = await world.db
      .selectFrom('items')
      .select(['position', 'number', 'numberKey'])
      .where('genericToolId', '=', tool.id)
      .execute();
    expect(items).toEqual(
      items.map(({ position }) => ({
        position,
        number: `${abbreviation}-${position}`,
        numberKey: numberKeyOf(abbreviation, position),
      })),
    );
  }
});

test('a tool is not taken away from under an item that is being made', async () => {
  for (let round = 0; round < 6; round += 1) {
    const tool = await toolOfAda(`Taken ${round}`);
    const { fieldset } = await call(world, ada, 'saveFieldset', {
      genericToolId: tool.gid,
      name: 'Only',
      projectIds: [tower.gid],
    });
    const [made, refused] = await Promise.all([
      createItem(tool),
      refusalsOf(world, ada, 'saveFieldset', { id: fieldset.id, projectIds: [] }),
    ]);
    expect([made.item === null, refused]).toEqual(made.item ? [false, ['IN_USE projectIds']] : [true, []]);
  }
});
