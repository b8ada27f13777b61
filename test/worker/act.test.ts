import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { countJobs } from '../../src/job/job.queries.ts';
import { createWorld } from '../kit/world.ts';

const CREATE =
  'mutation ($input: CreateItemInput!) { createItem(input: $input) { item { id } userErrors { message } } }';
const UPDATE = 'mutation ($input: UpdateItemInput!) { updateItem(input: $input) { userErrors { message } } }';

test('every act becomes one job in its transaction, and is handled when the job is done', async () => {
  await using world = await createWorld();
  const ann = await world.person('Ann');
  const project = await world.project('Bridge');
  const tool = await world.tool('Letters', [project]);
  await world.grant(ann, project, tool, 'ADMIN');
  const at = { projectId: project.gid, genericToolId: tool.gid };
  const { createItem } = await world.get(ann, CREATE, {
    input: { ...at, item: { title: 'Broken lintel', statusId: tool.statuses.Open!.gid } },
  });
  // refused, and so undone
  await world.get(ann, CREATE, { input: { ...at, item: { title: 'x', statusId: tool.gid } } });
  const waiting = async () => (await countJobs(world.db)).map(({ name, state, count }) => [name, state, count]);
  expect(await waiting()).toEqual([['act', 'due', 1]]);
  const handled = async () =>
    (await sql<{ done: boolean }>`select handled_at is not null as done from events`.execute(world.db)).rows;
  expect(await handled()).toEqual([{ done: false }, { done: false }]);
  expect(await world.work()).toEqual([]);
  expect(await waiting()).toEqual([]);
  expect(await handled()).toEqual([{ done: true }, { done: true }]);

  const former = () => sql`select 1 from former_audiences`.execute(world.db).then(({ rows }) => rows.length);
  const id = createItem.item.id;
  await world.get(ann, UPDATE, { input: { id, patch: { title: 'Cracked lintel' } } });
  expect(await former()).toBe(0);
  await world.get(ann, UPDATE, { input: { id, patch: { private: true } } });
  expect(await former()).toBe(1);
});
