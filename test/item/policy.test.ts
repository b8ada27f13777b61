import fc from 'fast-check';
import { expect, test } from 'vitest';
import { audiencesHeld, audiencesOf, canSee } from '../../src/item/item.policy.ts';
import { ACCESS_LEVELS, GRANULAR_PERMISSIONS } from '../../src/permission/permission.policy.ts';
import { STATUS_CATEGORIES } from '../../src/tool/tool.policy.ts';
import { maySee, type Sight, type Somebody } from '../kit/oracle.ts';

/** The rule of src by its two faces: the pure one, and audiences that meet as the rows of the database do. */
function judge({ viewer, level, granular, adminsSeePrivateItems, creator, ...sight }: Sight) {
  const people = [creator, ...listOf(sight.receivedFrom), ...sight.assignees, ...sight.distribution];
  const involved = [...new Map(people.map((person) => [person.id, person])).values()];
  const item = { ...sight, number: 'L-001', createdById: creator.id, involved };
  const grant = { accessLevel: level, granularPermissions: granular };
  const held = audiencesHeld(viewer, grant, { adminsSeePrivateItems });
  return {
    canSee: canSee(viewer, grant, { adminsSeePrivateItems }, item),
    meets: (!item.archived || level === 'ADMIN') && audiencesOf(item).some((audience) => held.includes(audience)),
  };
}

const listOf = <T>(value: T | null): T[] => (value === null ? [] : [value]);

/** Every combination of the values of each key. */
function* combinations<T extends object>(values: { [Key in keyof T]: readonly T[Key][] }): Generator<T> {
  const keys = Object.keys(values) as (keyof T)[];
  const total = keys.reduce((product, key) => product * values[key].length, 1);
  for (let n = 0; n < total; n += 1) {
    const one = {} as T;
    let rest = n;
    for (const key of keys) {
      one[key] = values[key][rest % values[key].length]!;
      rest = Math.floor(rest / values[key].length);
    }
    yield one;
  }
}

const user = (n: number): string => `0000000${n}-0000-7000-8000-000000000000`;
const [ACME, ZENITH, OTHER] = [1, 2, 3].map((n) => `0000000${n}-0000-7000-9000-000000000000`) as [
  string,
  string,
  string,
];

test('the rule agrees with the table for every combination of level, state, tool, firms and people in roles', () => {
  // Ann looks; Bob is her colleague, or of another firm, or they work for nobody; Sam is a stranger to both
  const casts = combinations<{ annsFirm: string | null; bobsFirm: string | null }>({
    annsFirm: [null, ACME],
    bobsFirm: [null, ACME, ZENITH],
  });
  const count = { all: 0, seen: 0 };
  for (const { annsFirm, bobsFirm } of casts) {
    const ann: Somebody = { id: user(1), vendorId: annsFirm };
    const people = [ann, { id: user(2), vendorId: bobsFirm }, { id: user(3), vendorId: OTHER }];
    const lists = [[], ...people.map((person) => [person])];
    const sights = combinations<Sight>({
      viewer: [ann],
      level: ACCESS_LEVELS,
      granular: [[], ['VIEW_VENDOR_ITEMS']],
      adminsSeePrivateItems: [true, false],
      category: STATUS_CATEGORIES,
      private: [true, false],
      archived: [true, false],
      creator: people,
      receivedFrom: [null, ...people],
      assignees: lists,
      distribution: lists,
    });
    for (const sight of sights) {
      const law = maySee(sight);
      const { canSee, meets } = judge(sight);
      count.all += 1;
      if (law) count.seen += 1;
      if (canSee !== law || meets !== law)
        expect.fail(`canSee ${canSee}, audiences ${meets}, but the table says ${law}: ${JSON.stringify(sight)}`);
    }
  }
  // firms x level, permission, tool x category, privacy, archive x roles
  expect(count.all).toBe(6 * (4 * 2 * 2) * (5 * 2 * 2) * (3 * 4 * 4 * 4));
  // a table that shows everything or nothing would prove nothing
  expect(count.seen).toBeGreaterThan(count.all / 5);
  expect(count.seen).toBeLessThan(count.all / 2);
});

/** Six people, each of some firm or none, in whatever roles. */
const sights = fc.array(fc.constantFrom(null, ACME, ZENITH), { minLength: 6, maxLength: 6 }).chain((firms) => {
  const person = fc.constantFrom(...firms.map((vendorId, n): Somebody => ({ id: user(n), vendorId })));
  return fc.record<Sight>({
    viewer: person,
    level: fc.constantFrom(...ACCESS_LEVELS),
    granular: fc.subarray([...GRANULAR_PERMISSIONS]),
    adminsSeePrivateItems: fc.boolean(),
    category: fc.constantFrom(...STATUS_CATEGORIES),
    private: fc.boolean(),
    archived: fc.boolean(),
    creator: person,
    receivedFrom: fc.option(person),
    assignees: fc.array(person, { maxLength: 4 }),
    distribution: fc.array(person, { maxLength: 4 }),
  });
});

test('the rule agrees with the table for whatever people there are on an item', () => {
  const agrees = fc.property(sights, (sight) => {
    const law = maySee(sight);
    expect(judge(sight)).toEqual({ canSee: law, meets: law });
  });
  fc.assert(agrees, { seed: 20_260_302, numRuns: 5_000 });
});
