import { transaction } from '../../src/database/transaction.ts';
import { BLANK } from '../../src/item/item.blank.ts';
import type { ItemContent } from '../../src/item/item.patch.ts';
import { insertItems } from '../../src/item/item.write.ts';
import { newId, toGlobalId } from '../../src/kernel/ids.ts';
import { numberOf, type StatusCategory } from '../../src/tool/tool.policy.ts';
import { createWorld, type Person, type Project, type Thing, type Tool } from '../kit/world.ts';

export interface PlainPerson extends Thing {
  name: string;
  vendor: Thing | null;
}

/** An item as plain TypeScript sees it, for filters and orders to be worked out a second time (plainList.ts). */
export interface PlainItem extends Thing {
  project: Thing & { timeZone: string };
  tool: Thing & { title: string };
  status: Thing & { name: string; category: StatusCategory };
  number: string;
  title: string;
  description: string | null;
  private: boolean;
  archived: boolean;
  dueDate: string | null;
  createdAt: string;
  updatedAt: string;
  issuedAt: string | null;
  closedAt: string | null;
  createdBy: PlainPerson;
  receivedFrom: PlainPerson | null;
  assignees: PlainPerson[];
  distribution: PlainPerson[];
}

// the evening of 1 March in Los Angeles, the afternoon of 2 March in Auckland
const NOW = '2026-03-02T05:00:00.000Z';

const TITLES = [
  'Broken lintel',
  'broken LINTEL',
  'Éclairage du hall',
  'eclairage du hall, 2',
  'ÉCLAIRAGE',
  'Zürich façade',
  'zebra crossing',
  'ÅNGSTRÖM',
  'ångström, again',
  'Дверь',
  'ДВЕРЬ 2',
  '50% off',
  '500 off',
  'a_b',
  'axb',
  'C:\\plans',
  'Ωmega',
];
const DESCRIPTIONS = [null, null, '<p>The lintel is cracked.</p>', 'See drawing 100%', 'ÄRGER am Bau'];
const DAYS = [null, null, '2025-12-31', '2026-02-28', '2026-03-01', '2026-03-02', '2026-03-03', '2026-06-30'];
const MOMENTS = Array.from({ length: 40 }, (_, n) => new Date(Date.parse(NOW) - n * 7_200_001).toISOString());
const CATEGORIES: Record<string, StatusCategory> = {
  Draft: 'DRAFT',
  Open: 'OPEN',
  'On Hold': 'OPEN',
  Closed: 'CLOSED',
  Won: 'CLOSED_SUCCESSFUL',
  Lost: 'CLOSED_UNSUCCESSFUL',
};

/** The same numbers in every run, 0 to 1 (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A world of 104 items in two projects and three tools with ties, nulls and letters of all kinds, all of which Ann sees;
 * twelve archived ones; and forty that she does not see, alike in all else.
 */
export async function createManyItems() {
  const world = await createWorld();
  world.clock.set(NOW);
  const roll = dice(20_260_302);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(roll() * values.length)]!;
  const some = <T>(values: readonly T[], most: number): T[] => [
    ...new Set(Array.from({ length: Math.floor(roll() * (most + 1)) }, () => pick(values))),
  ];

  const zoned = async (name: string, timeZone: string) => ({
    ...(await world.project(name, { timeZone })),
    timeZone,
  });
  const tower = await zoned('Tower', 'America/Los_Angeles');
  const dock = await zoned('Dock', 'Pacific/Auckland');
  const elsewhere = await zoned('Elsewhere', 'Europe/Amsterdam');
  const projects = [tower, dock];
  const all: Project[] = [tower, dock, elsewhere];
  const tools = [
    Object.assign(await world.tool('Design Review', all, { abbreviation: 'DR' }), { abbreviation: 'DR' }),
    Object.assign(await world.tool('álbum of letters', all, { abbreviation: null }), { abbreviation: null }),
    Object.assign(await world.tool('Change 2 Notes', all, { abbreviation: 'C2' }), { abbreviation: 'C2' }),
  ];
  const secret = Object.assign(await world.tool('Secret', all, { abbreviation: 'DR' }), { abbreviation: 'DR' });

  const vendors = [
    await world.vendor('JJ Developers'),
    await world.vendor('JMJ Construction'),
    await world.vendor('Solo'),
  ];
  const person = async (name: string, vendor?: string): Promise<PlainPerson & Person> => ({
    ...(await world.person(name, { vendor })),
    vendor: vendor ? await world.vendor(vendor) : null,
  });
  const ann = await person('Ann Example', 'JJ Developers');
  const people = [
    ann,
    await person('bob builder'),
    Object.assign(await person('Second Bob', 'JMJ Construction'), { name: 'Bob Builder' }),
    await person('Éva Nagy', 'JJ Developers'),
    await person('Eva Nagy Jr', 'Solo'),
    await person('Zoë Zimmer'),
  ];
  // two whose names differ in case alone
  await world.sql`update users set name = 'Bob Builder', name_key = 'bob builder' where id = ${people[2]!.id}`.execute(
    world.db,
  );
  for (const project of projects) for (const tool of tools) await world.grant(ann, project, tool, 'ADMIN');

  let count = 0;
  const make = (project: PlainItem['project'], tool: Tool & { abbreviation: string | null }, archived: boolean) => {
    count += 1;
    const statusName = pick(Object.keys(CATEGORIES));
    const category = CATEGORIES[statusName]!;
    const createdAt = pick(MOMENTS);
    const id = newId(new Date(createdAt));
    // 7 and 007 are two positions and sort as one; hundreds and thousands tell natural order from that of letters
    const position = pick([`${count}`, `0${count}`, `${count * 11}`, `interior-${count}`, `Interior-${count * 10}`]);
    const title = category === 'DRAFT' && roll() < 0.3 ? '' : pick(TITLES);
    const [createdBy, receivedFrom] = [pick(people), pick([null, null, ...people])];
    const [assignees, distribution] = [some(people, 2), some(people, 3)];
    const plain: PlainItem = {
      id,
      gid: toGlobalId('Item', id),
      project,
      tool,
      status: { ...tool.statuses[statusName]!, name: statusName, category },
      number: numberOf(tool.abbreviation, position),
      title,
      description: pick(DESCRIPTIONS),
      private: roll() < 0.3,
      archived,
      dueDate: pick(DAYS),
      createdAt,
      updatedAt: pick(MOMENTS),
      issuedAt: category === 'DRAFT' ? null : pick(MOMENTS),
      closedAt: category.startsWith('CLOSED') ? pick(MOMENTS) : null,
      createdBy,
      receivedFrom,
      assignees,
      distribution,
    };
    return { plain, position, abbreviation: tool.abbreviation };
  };
  const visible = Array.from({ length: 104 }, () => make(pick(projects), pick(tools), false));
  const archived = Array.from({ length: 12 }, () => make(pick(projects), pick(tools), true));
  const hidden = Array.from({ length: 40 }, (_, n) =>
    n % 2 ? make(elsewhere, pick(tools), n % 10 === 1) : make(pick(projects), secret, n % 10 === 0),
  );

  const writes = [...visible, ...archived, ...hidden].map(({ plain, position, abbreviation }) => ({
    abbreviation,
    changes: [],
    events: [],
    audienceChanged: true,
    peopleChanged: true,
    item: {
      ...BLANK,
      ...plain,
      companyId: world.home.id,
      projectId: plain.project.id,
      genericToolId: plain.tool.id,
      statusId: plain.status.id,
      category: plain.status.category,
      position,
      createdById: plain.createdBy.id,
      receivedFromId: plain.receivedFrom?.id ?? null,
      assigneeIds: plain.assignees.map(({ id }) => id),
      distributionMemberIds: plain.distribution.map(({ id }) => id),
      archivedAt: plain.archived ? NOW : null,
    } satisfies ItemContent,
  }));
  await transaction(world.world, (act) => insertItems(act, { id: ann.id, companyId: world.home.id }, writes));

  const rows = [...visible, ...archived].map(({ plain }) => plain);
  return Object.assign(world, {
    ann,
    people,
    vendors,
    projects,
    tools,
    rows,
    hidden: hidden.map(({ plain }) => plain),
  });
}

export type ManyItems = Awaited<ReturnType<typeof createManyItems>>;

/** All ids of a list of items, page after page of 100; how many there are in all must agree. */
export async function idsOf(world: ManyItems, args: { filter?: unknown; orderBy?: unknown }): Promise<string[]> {
  const ids: string[] = [];
  let total = 0;
  for (let after: string | null = null; ; ) {
    const { items } = await world.get(
      world.ann,
      `query ($filter: ItemFilter, $orderBy: [ItemOrder!], $after: String, $start: Boolean!) {
        items(filter: $filter, orderBy: $orderBy, first: 100, after: $after) {
          totalCount @include(if: $start) nodes { id } pageInfo { hasNextPage endCursor }
        }
      }`,
      { ...args, after, start: after === null },
    );
    ids.push(...items.nodes.map(({ id }: Thing & { id: string }) => id));
    total = items.totalCount ?? total;
    if (items.pageInfo.hasNextPage) after = items.pageInfo.endCursor;
    else if (total !== ids.length) throw new Error(`totalCount is ${total}, there are ${ids.length}`);
    else return ids;
  }
}
