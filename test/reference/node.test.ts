import { expect, test } from 'vitest';
import { toGlobalId } from '../../src/kernel/ids.ts';
import { REFERENCE_KINDS, REFERENCE_TYPES } from '../../src/reference/reference.policy.ts';
import { putReferences } from '../kit/reference.ts';
import { createWorld } from '../kit/world.ts';

const NODES = `query ($ids: [ID!]!) { nodes(ids: $ids) {
  ... on Location { externalId name path short: code active } ... on CostCode { code name active } ... on Trade { name active }
  ... on SpecificationSection { number description active } ... on SubJob { code name active } ... on Task { name key active }
} }`;

test('each kind is shown in its own words, and an id of one kind finds nothing of another', async () => {
  await using world = await createWorld();
  const tower = await world.project('Tower');
  const mia = await world.person('Mia Member');
  await world.member(mia, tower);
  const things = await putReferences(world, tower, [
    { kind: 'LOCATION', name: 'Room 204', path: 'A>Level 2>Room 204', code: 'R204', externalId: '7' },
    { kind: 'COST_CODE', name: 'Concrete', code: '03-300' },
    { kind: 'SPECIFICATION_SECTION', name: 'Glazing', code: '08 80 00' },
    { kind: 'SUB_JOB', name: 'Garage', code: '01', active: false },
    { kind: 'TRADE', name: 'Masonry' },
    { kind: 'TASK', name: 'Pour slab', code: 'A1040' },
  ]);
  const ids = Object.values(things).map(({ gid }) => gid);
  expect((await world.get(mia, NODES, { ids })).nodes).toEqual([
    { externalId: '7', name: 'Room 204', path: 'A>Level 2>Room 204', short: 'R204', active: true },
    { code: '03-300', name: 'Concrete', active: true },
    { number: '08 80 00', description: 'Glazing', active: true },
    { code: '01', name: 'Garage', active: false },
    { name: 'Masonry', active: true },
    { name: 'Pour slab', key: 'A1040', active: true },
  ]);
  const mixedUp = Object.values(things).flatMap(({ id }, n) =>
    REFERENCE_KINDS.filter((_, m) => m !== n).map((kind) => toGlobalId(REFERENCE_TYPES[kind], id)),
  );
  expect((await world.get(mia, NODES, { ids: mixedUp })).nodes).toEqual(mixedUp.map(() => null));
});
