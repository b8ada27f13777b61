import { execute, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { viewerOf } from '../../src/directory/viewer.ts';
import { contextOf } from '../../src/graph/context.ts';
import { schema } from '../../src/graph/schema.ts';
import { ADMINS, ADMINS_OF_PRIVATE, READERS } from '../../src/item/item.policy.ts';
import { type ItemRow, itemById, seenItems } from '../../src/item/item.queries.ts';
import { putItems } from '../kit/putItems.ts';
import { createWorld, type Person, type Project, type TestWorld, type Thing, type Tool } from '../kit/world.ts';

let world: TestWorld;
let tower: Project;
let letters: Tool;
let claims: Tool;
const people: Record<string, Person> = {};
beforeAll(async () => {
  world = await createWorld();
  tower = await world.project('Tower');
  letters = await world.tool('Letters', [tower]);
  claims = await world.tool('Claims', [tower], { adminsSeePrivateItems: false });
  const firms: Record<string, string> = { Carl: 'Makers', Kim: 'Makers', Kay: 'Makers', Zoe: 'Others' };
  for (const name of ['Carl', 'Rolf', 'Kim', 'Kay', 'Zoe', 'Adam', 'Nils'])
    people[name] = await world.person(name, { vendor: firms[name] });
  for (const tool of [letters, claims]) {
    await world.grant(people.Carl!, tower, tool, 'ADMIN');
    await world.grant(people.Adam!, tower, tool, 'ADMIN');
    await world.grant(people.Nils!, tower, tool, 'NONE');
    for (const name of ['Rolf', 'Kay']) await world.grant(people[name]!, tower, tool, 'READ_ONLY');
    for (const name of ['Kim', 'Zoe'])
      await world.grant(people[name]!, tower, tool, 'READ_ONLY', ['VIEW_VENDOR_ITEMS']);
  }
});
afterAll(() => world[Symbol.asyncDispose]());

const contextFor = async ({ email, companyId }: Person) =>
  contextOf(world.world, await viewerOf(world.db, email, 'email', companyId));

/** The row of an item as its creator's own request has it. */
async function rowOf({ id }: Thing): Promise<ItemRow> {
  const { viewer } = await contextFor(people.Carl!);
  return (await seenItems(world.db, viewer, [id])).items[0]!;
}

/** What the graph makes of a row that got into somebody's request without being looked for through visibility. */
async function show(name: string, row: ItemRow, gid: string): Promise<string> {
  const contextValue = await contextFor(people[name]!);
  contextValue.loads.know(itemById, row.id, row);
  const document = parse('query ($id: ID!) { item(id: $id) { title } }');
  const { data, errors } = await execute({ schema, document, contextValue, variableValues: { id: gid } });
  if (!errors) return (data!.item as { title: string }).title;
  expect(data).toEqual({ item: null });
  return String(errors[0]!.extensions.code);
}

const of = (item: object) => ({ project: tower, tool: letters, by: people.Carl!, title: 'Secret', ...item });
const OPEN = { status: 'Open' };
const PRIVATE = { status: 'Open', private: true };

describe('a row with an audience that the viewer does not hold is refused', () => {
  test.each([
    ['Rolf', 'without any', PRIVATE, undefined],
    ['Rolf', 'its creator', PRIVATE, 'Carl'],
    ['Rolf', 'a firm that is not theirs', PRIVATE, 'firm of Carl'],
    ['Kay', 'their firm, without VIEW_VENDOR_ITEMS', PRIVATE, 'firm of Carl'],
    ['Zoe', 'a firm that is not theirs, with VIEW_VENDOR_ITEMS', PRIVATE, 'firm of Carl'],
    ['Rolf', 'ADMINs', {}, ADMINS],
    ['Rolf', 'ADMINs of private items', PRIVATE, ADMINS_OF_PRIVATE],
    ['Nils', 'readers, where they have level NONE', OPEN, READERS],
    ['Nils', 'themself, where they have level NONE', PRIVATE, 'Nils'],
  ] as const)('%s, with %s', async (name, _what, item, audience) => {
    const [thing] = await putItems(world, [of(item)]);
    const row = await rowOf(thing!);
    expect(await show(name, { ...row, seenAs: await audienceOf(audience) }, thing!.gid)).toBe('FORBIDDEN');
  });

  test('an ADMIN, with ADMINs of private items, where these are hidden from ADMINs', async () => {
    const [thing] = await putItems(world, [of({ ...PRIVATE, tool: claims })]);
    const row = await rowOf(thing!);
    expect(await show('Adam', { ...row, seenAs: ADMINS_OF_PRIVATE }, thing!.gid)).toBe('FORBIDDEN');
  });
});

describe('a row with an audience that the viewer holds, but the item is not for, is refused', () => {
  test.each([
    ['Rolf', 'readers of a Draft', {}, READERS],
    ['Rolf', 'readers of a private item', PRIVATE, READERS],
    ['Rolf', 'themself, not involved', PRIVATE, 'Rolf'],
    ['Adam', 'ADMINs, of a private Draft', { private: true }, ADMINS],
    ['Kim', 'their firm, of a Draft', {}, 'firm of Carl'],
  ] as const)('%s, with %s', async (name, _what, item, audience) => {
    const [thing] = await putItems(world, [of(item)]);
    const row = await rowOf(thing!);
    expect(await show(name, { ...row, seenAs: await audienceOf(audience) }, thing!.gid)).toBe('FORBIDDEN');
  });
});

test.each([
  ['Rolf', 'readers', OPEN, READERS],
  ['Kim', 'their firm', PRIVATE, 'firm of Carl'],
  ['Adam', 'ADMINs', {}, ADMINS],
  ['Adam', 'ADMINs of private items', PRIVATE, ADMINS_OF_PRIVATE],
  ['Carl', 'themself', PRIVATE, 'Carl'],
] as const)('%s is shown a row that they see with %s', async (name, _what, item, audience) => {
  const [thing] = await putItems(world, [of(item)]);
  const row = await rowOf(thing!);
  expect(await show(name, { ...row, seenAs: await audienceOf(audience) }, thing!.gid)).toBe('Secret');
});

test('an archived row is refused to all but ADMINs, whatever the audience', async () => {
  const [thing] = await putItems(world, [of({ ...OPEN, archived: true })]);
  const row = await rowOf(thing!);
  for (const name of ['Rolf', 'Kim'])
    expect(await show(name, { ...row, seenAs: READERS }, thing!.gid)).toBe('FORBIDDEN');
  expect(await show('Adam', { ...row, seenAs: READERS }, thing!.gid)).toBe('Secret');
});

/** An audience by what the tables above call it. */
async function audienceOf(name: string | undefined): Promise<string> {
  if (name === 'firm of Carl') return (await world.vendor('Makers')).id;
  return people[name ?? '']?.id ?? (name as string);
}
