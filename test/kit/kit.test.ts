import { expect, test } from 'vitest';
import { createWorld } from './world.ts';

test('a world has people who can ask who they are', async () => {
  await using world = await createWorld();
  const ann = await world.person('Ann Example', { vendor: 'JJ Developers' });
  const { viewer } = await world.get(ann, '{ viewer { user { name vendor { name } } companies { name } } }');
  expect(viewer).toEqual({
    user: { name: 'Ann Example', vendor: { name: 'JJ Developers' } },
    companies: [{ name: 'Northside Builders' }],
  });
});

test('statements are counted at the driver', async () => {
  await using world = await createWorld();
  const ann = await world.person('Ann Example');
  expect(await world.statementsOf(ann, '{ viewer { companies { id } } }')).toBe(2);
});
