import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toGlobalId } from '../../src/kernel/ids.ts';
import type { ReferenceKind } from '../../src/reference/reference.policy.ts';
import { createOffice, faultsOf, nothing, type Office, type Payload } from '../kit/office.ts';
import { putReferences } from '../kit/reference.ts';
import type { Project } from '../kit/world.ts';

const SHOWN = `location { name path } costCode { code name } specificationSection { number description } subJob { code }
  trades { name } tasks { name }`;

describe('the reference data of items', () => {
  let office: Office;
  let harbour: Project;
  let all: Record<string, unknown>;
  let [room, hall, sold, elsewhere, cost, section, job, glazing, masonry, lintels] = [] as string[];
  beforeAll(async () => {
    office = await createOffice();
    harbour = await office.project('Harbour');
    room = await put('LOCATION', 'Room 204', { path: 'Tower>Level 2>Room 204' });
    hall = await put('LOCATION', 'Hall', { path: 'Tower>Hall' });
    sold = await put('LOCATION', 'Annex', { active: false });
    elsewhere = await put('LOCATION', 'Quay', { project: harbour });
    cost = await put('COST_CODE', 'Concrete', { code: '03-300' });
    section = await put('SPECIFICATION_SECTION', 'Glazing', { code: '08 80 00' });
    job = await put('SUB_JOB', 'North', { code: 'N1' });
    glazing = await put('TRADE', 'Glazing');
    masonry = await put('TRADE', 'Masonry');
    lintels = await put('TASK', 'Set lintels', { code: 'A-12' });
    all = {
      locationId: room,
      costCodeId: cost,
      specificationSectionId: section,
      subJobId: job,
      tradeIds: [masonry, glazing, masonry],
      taskIds: [lintels],
    };
  });
  afterAll(() => office[Symbol.asyncDispose]());

  async function put(
    kind: ReferenceKind,
    name: string,
    more: { code?: string; path?: string; active?: boolean; project?: Project } = {},
  ): Promise<string> {
    const { project = office.tower, ...rest } = more;
    return (await putReferences(office, project, [{ kind, name, ...rest }]))[name]!.gid;
  }
  const shown = async (id: string, who = office.rae): Promise<Payload> =>
    (await office.get(who, `query ($id: ID!) { item(id: $id) { ${SHOWN} } }`, { id })).item;
  const found = async (filter: object, who = office.ada): Promise<string[]> => {
    const document =
      'query ($id: ID!, $filter: ItemFilter) { project(id: $id) { items(filter: $filter) { nodes { id } } } }';
    const { project } = await office.get(who, document, { id: office.tower.gid, filter });
    return project.items.nodes.map(({ id }: Payload) => id);
  };

  test('is written and shown alike on create, update and batch, and is history', async () => {
    const { ada } = office;
    const made = await office.item(ada, { statusName: 'Open', ...all, private: false });
    const expected = {
      location: { name: 'Room 204', path: 'Tower>Level 2>Room 204' },
      costCode: { code: '03-300', name: 'Concrete' },
      specificationSection: { number: '08 80 00', description: 'Glazing' },
      subJob: { code: 'N1' },
      trades: [{ name: 'Masonry' }, { name: 'Glazing' }],
      tasks: [{ name: 'Set lintels' }],
    };
    expect(await shown(made.id)).toEqual(expected);
    const other = await office.item(ada, { statusName: 'Open', private: false });
    await office.batch(ada, { ids: [other.id], patch: all });
    expect(await shown(other.id)).toEqual(expected);
    await office.update(ada, other.id, { locationId: hall, tradeIds: [glazing], costCodeId: null, taskIds: null });
    expect(await shown(other.id)).toMatchObject({
      location: { name: 'Hall' },
      costCode: null,
      trades: [{ name: 'Glazing' }],
      tasks: [],
    });
    expect(await office.history(ada, other.id)).toEqual([
      'location:  > Tower>Level 2>Room 204',
      'costCode:  > 03-300 Concrete',
      'specificationSection:  > 08 80 00 Glazing',
      'subJob:  > N1 North',
      'trades:  > Masonry',
      'trades:  > Glazing',
      'tasks:  > Set lintels',
      'location: Tower>Level 2>Room 204 > Tower>Hall',
      'costCode: 03-300 Concrete > ',
      'trades: Masonry > ',
      'tasks: Set lintels > ',
    ]);
    expect((await office.batch(ada, { ids: [other.id], patch: { locationId: hall } })).results[0].outcome).toBe(
      'UNCHANGED',
    );
  });

  test('must be of the kind and of the project, and in use if it is new to the item', async () => {
    const { ada } = office;
    const before = await office.trace();
    for (const [patch, fault] of [
      [{ locationId: nothing('Location') }, 'NOT_FOUND item.locationId'],
      [{ locationId: elsewhere }, 'NOT_FOUND item.locationId'],
      [{ locationId: 'rubbish' }, 'NOT_FOUND item.locationId'],
      [{ locationId: cost }, 'NOT_FOUND item.locationId'],
      [{ costCodeId: toGlobalId('CostCode', atob(room!).split(':')[1]!) }, 'NOT_FOUND item.costCodeId'],
      [{ locationId: sold }, 'NOT_SELECTABLE item.locationId'],
      [{ tradeIds: [glazing, room, nothing('Trade')] }, 'NOT_FOUND item.tradeIds.1'],
      [{ taskIds: Array.from({ length: 101 }, () => lintels) }, 'TOO_MANY item.taskIds'],
    ] as [object, string][])
      expect(faultsOf(await office.create(ada, { title: 'x', ...patch }))).toContain(fault);
    expect(await office.trace()).toBe(before);
    const item = await office.item(ada, { locationId: hall, tradeIds: [masonry] });
    await office.sql`update reference_data set active = false where name in ('Hall', 'Masonry')`.execute(office.db);
    // what is there may stay
    expect(
      faultsOf(await office.update(ada, item.id, { locationId: hall, tradeIds: [glazing, masonry], title: 'y' })),
    ).toEqual([]);
    expect(await shown(item.id, ada)).toMatchObject({
      location: { name: 'Hall' },
      trades: [{ name: 'Glazing' }, { name: 'Masonry' }],
    });
    await office.sql`update reference_data set active = true where name in ('Hall', 'Masonry')`.execute(office.db);
  });

  test('can be hidden and required', async () => {
    const { words, ...tool } = await office.secondTool('Bulletin');
    const fields = {
      LOCATION: 'locationId',
      COST_CODE: 'costCodeId',
      SPECIFICATION_SECTION: 'specificationSectionId',
      SUB_JOB: 'subJobId',
      TRADES: 'tradeIds',
      SCHEDULE_TASKS: 'taskIds',
    };
    const each = <T extends string>(rule: T) => Object.fromEntries(Object.keys(fields).map((field) => [field, rule]));
    const faults = (code: string) =>
      Object.values(fields)
        .map((part) => `${code} item.${part}`)
        .toSorted();
    await words.rule(tool, each('required'));
    expect(faultsOf(await words.create(office.ada, { title: 'x', statusName: 'Open' })).toSorted()).toEqual(
      faults('REQUIRED'),
    );
    expect(faultsOf(await words.create(office.ada, { title: 'x', statusName: 'Open', ...all }))).toEqual([]);
    await words.rule(tool, each('hidden'));
    expect(faultsOf(await words.create(office.ada, { title: 'x', ...all })).toSorted()).toEqual(faults('INVALID'));
  });

  test('is what lists are filtered by, within what one sees', async () => {
    const { ada, rae } = office;
    const mine = await office.item(ada, { ...all, title: 'Draft', locationId: await put('LOCATION', 'Cellar') });
    const cellar = (await office.get(ada, 'query ($id: ID!) { item(id: $id) { location { id } } }', { id: mine.id }))
      .item.location.id;
    const open = await office.item(ada, {
      statusName: 'Open',
      private: false,
      locationId: cellar,
      tradeIds: [masonry],
    });
    expect(await found({ location: { eq: cellar } })).toEqual([open.id, mine.id]);
    expect(await found({ location: { eq: cellar } }, rae)).toEqual([open.id]);
    expect(await found({ location: { eq: cellar }, trade: { eq: glazing } })).toEqual([mine.id]);
    expect(await found({ location: { in: [cellar, hall] }, trade: { notIn: [glazing] } })).toEqual([open.id]);
    expect(await found({ location: { eq: cellar }, costCode: { null: true } })).toEqual([open.id]);
    expect(
      await found({
        trade: { in: [masonry] },
        subJob: { eq: job },
        specificationSection: { eq: section },
        location: { eq: cellar },
      }),
    ).toEqual([mine.id]);
    expect(await found({ trade: { null: true }, location: { eq: cellar } })).toEqual([]);
    expect(await found({ location: { eq: nothing('Location') } })).toEqual([]);
    const wrong = await office.ask(ada, 'query ($filter: ItemFilter) { items(filter: $filter) { nodes { id } } }', {
      filter: { location: { eq: cost } },
    });
    expect(wrong.errors?.[0]?.message).toBe(`filter.location.eq: "${cost}" is not the id of a Location.`);
  });

  test('is remembered by name: a page of items that have it takes three statements, like others', async () => {
    const document = `query ($id: ID!) { project(id: $id) { items(first: 50) { nodes { id ${SHOWN} } } } }`;
    const look = () => office.statementsOf(office.ada, document, { id: office.tower.gid });
    await look();
    expect(await look()).toBe(3);
  });
});
