import { expect, test } from 'vitest';
import { seedDemo } from '../../seeds/demo.ts';
import { demoIds } from '../../src/http/demoIds.ts';
import { tutorialTabs } from '../../src/http/graphiqlTabs.ts';
import { createWorld } from '../kit/world.ts';
import { peopleOf } from '../seeds/demo.ts';

test('every tab of GraphiQL does what it says in the demo, the second time too', async () => {
  await using world = await createWorld();
  await seedDemo(world.world);
  const { owner, architect } = await peopleOf(world);
  const ids = (await demoIds(world.db))!;
  const tokens = { joeOwner: await world.token(owner), architect: await world.token(architect) };
  // what the tab of live updates tells is tried in http/demo.test.ts
  const isAnswered = ({ query }: { query: string }) => !/^subscription /m.test(query);
  const tabs = tutorialTabs(ids, tokens, world.clock.now()).filter(isAnswered);
  expect(tabs.length).toBeGreaterThan(10);
  const numbers: string[] = [];
  for (const { query, variables, headers } of [...tabs, ...tabs]) {
    const response = await world.app.fetch(
      new Request('http://gateway.test/graphql', {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      }),
    );
    const { data, errors } = await response.json();
    expect([query, response.status, errors]).toEqual([query, 200, undefined]);
    const [answer] = Object.values(data) as [Record<string, never>];
    expect(answer).not.toBeNull();
    expect([query, answer.userErrors ?? []]).toEqual([query, []]);
    if (data.createItem) numbers.push(data.createItem.item.number);
    if (data.batchUpdateItems) {
      const outcomes = data.batchUpdateItems.results.map(({ outcome }: { outcome: string }) => outcome);
      expect(outcomes).toEqual(numbers.length === 1 ? ['UPDATED', 'UPDATED'] : ['UNCHANGED', 'UNCHANGED']);
    }
  }
  expect(numbers).toHaveLength(2);
  expect(numbers.every((number) => /^DR-0\d\d$/.test(number))).toBe(true);
});
