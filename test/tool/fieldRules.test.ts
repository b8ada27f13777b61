import { expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.ts';
import { loadFieldRules } from '../../src/tool/fieldset.queries.ts';
import { ITEM_FIELDS, unsaidRule } from '../../src/tool/tool.policy.ts';
import { createWorld } from '../kit/world.ts';
import { call } from './call.ts';

const usual = Object.fromEntries(ITEM_FIELDS.map((field) => [field, unsaidRule(field)]));

test('what fieldsets say about fields comes for many pairs of project and tool in one statement', async () => {
  await using world = await createWorld();
  const ada = await world.person('Ada Admin', { admin: true });
  const [tower, bridge] = [await world.project('Tower'), await world.project('Bridge')];
  const memo = await world.tool('Memo', [tower, bridge]);
  const letters = await world.tool('Letters', [tower]);
  await call(world, ada, 'saveFieldset', {
    genericToolId: memo.gid,
    name: 'Strict',
    fields: [
      { field: 'DUE_DATE', visible: true, required: true },
      { field: 'QUANTITY', visible: false, required: false },
    ],
    projectIds: [bridge.gid],
  });
  const pairs = [
    [tower.id, memo.id],
    [bridge.id, memo.id],
    [tower.id, letters.id],
    [tower.id, letters.id],
    [bridge.id, letters.id],
    [tower.id, newId(new Date())],
  ] as const;
  const before = world.statements.count;
  const rules = await loadFieldRules(
    world.db,
    pairs.map(([project]) => project),
    pairs.map(([, tool]) => tool),
  );
  expect(world.statements.count - before).toBe(1);
  expect(Object.fromEntries(rules)).toEqual({
    [`${tower.id} ${memo.id}`]: usual,
    [`${bridge.id} ${memo.id}`]: {
      ...usual,
      DUE_DATE: { visible: true, required: true },
      QUANTITY: { visible: false, required: false },
    },
    [`${tower.id} ${letters.id}`]: usual,
  });
  expect(await loadFieldRules(world.db, [], [])).toEqual(new Map());
});

test('fields that nothing is stored about are visible and not required, but for title and status', async () => {
  await using world = await createWorld();
  const ada = await world.person('Ada Admin', { admin: true });
  const tower = await world.project('Tower');
  const memo = await world.tool('Memo', [tower]);
  await world.sql`delete from fieldset_fields where field not in ('DUE_DATE', 'NUMBER')`.execute(world.db);
  const rules = await loadFieldRules(world.db, [tower.id], [memo.id]);
  expect(rules.get(`${tower.id} ${memo.id}`)).toEqual(usual);
  const { genericTool } = await world.get(
    ada,
    'query ($id: ID!) { genericTool(id: $id) { fieldsets { fields { field visible required } } } }',
    { id: memo.gid },
  );
  const fields = genericTool.fieldsets[0].fields as { field: string }[];
  expect(fields.slice(0, 2).map(({ field }) => field)).toEqual(['NUMBER', 'DUE_DATE']);
  expect(Object.fromEntries(fields.map(({ field, ...rule }) => [field, rule]))).toEqual(usual);
});
