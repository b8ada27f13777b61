import type { ItemListArgs } from '../../../src/item/item.list.ts';
import { ITEM_ORDER_FIELDS } from '../../../src/item/item.order.ts';
import { toGlobalId } from '../../../src/kernel/ids.ts';
import { idOf, type Kind, type Person } from '../data/sizes.ts';

/** A list that somebody asks for: of a project, or (null) of all. */
export interface Shape {
  name: string;
  person: Person | number;
  project: number | null;
  args: ItemListArgs;
  /** what performance.md allows at L, ms or (ids) buffers */
  budget: number;
  count?: true;
}

const TYPES = {
  item: 'Item',
  user: 'User',
  vendor: 'Vendor',
  tool: 'GenericTool',
  status: 'GenericToolStatus',
} as const;
const gid = (kind: Kind & keyof typeof TYPES, n: number): string => toGlobalId(TYPES[kind], idOf(kind, n));

const page = { first: 50 } as const;
const hot = { genericTool: { eq: gid('tool', 1) } };
const OPEN = { status: { eq: gid('status', 12) } };
const newest = [{ field: 'CREATED_AT', direction: 'DESC' }] as const;
const byDue = [{ field: 'DUE_DATE', direction: 'ASC' }] as const;
const byTitle = [{ field: 'TITLE', direction: 'ASC' }] as const;
const day = (text: string) => new Date(`${text}T00:00:00Z`);

/** The filters of items, each with values that fit many and few. */
const FILTERS: Record<string, NonNullable<ItemListArgs['filter']>> = {
  'status eq, 40 %': OPEN,
  'statusCategory eq DRAFT, 10 %': { statusCategory: { eq: 'DRAFT' } },
  'statusName in': { statusName: { in: ['Open', 'In Review'] } },
  private: { private: { eq: true } },
  'not private': { private: { eq: false } },
  overdue: { overdue: { eq: true } },
  'createdBy eq, few': { createdBy: { eq: gid('user', 900) } },
  'createdBy eq, a fifth': { createdBy: { eq: gid('user', 3) } },
  'receivedFrom in': { receivedFrom: { in: [gid('user', 900), gid('user', 901)] } },
  'assignee eq': { assignee: { eq: gid('user', 900) } },
  'assignee notIn': { assignee: { notIn: [gid('user', 900)] } },
  'distributionMember eq': { distributionMember: { eq: gid('user', 900) } },
  'vendor eq': { vendor: { eq: gid('vendor', 9) } },
  'dueDate, three days': { dueDate: { gte: '2024-02-01', lte: '2024-02-03' } },
  'dueDate, half': { dueDate: { gte: '2024-02-01' } },
  'createdAt, a day': { createdAt: { gte: day('2024-01-05'), lt: day('2024-01-06') } },
  'updatedAt, a day': { updatedAt: { gte: day('2024-01-05'), lt: day('2024-01-06') } },
  'closedAt null': { closedAt: { null: true } },
  'number eq': { number: { eq: 'T1-0123' } },
  'title eq, none': { title: { eq: 'Item of nobody' } },
};
const TEXTS: Record<string, NonNullable<ItemListArgs['filter']>> = {
  'title contains, few': { title: { contains: 'abcde' } },
  'title contains, all': { title: { contains: 'item' } },
  'number startsWith': { number: { startsWith: 'T1-00' } },
  'query, none': { query: 'nobody wrote this' },
  'query, ten in a million': { query: 'efabc' },
  'query, one in 4,000': { query: 'efa' },
  'query, one in 256': { query: 'ef' },
  'query, one in 16': { query: 'e' },
  'query, a number': { query: 'T1-0123' },
  'query, all': { query: 'lintel' },
};

const inTool = (name: string, person: Shape['person'], args: ItemListArgs, budget = 50, project = 1): Shape => ({
  name,
  person,
  project,
  args: { ...page, ...args, filter: { ...hot, ...args.filter } },
  budget,
});

/** Every kind of list, in the tool with a tenth of all items unless it says otherwise. */
export const SHAPES: Shape[] = [
  inTool('newest first: Standard', 'reader', {}, 60),
  inTool('newest first: Admin', 'admin', {}, 60),
  inTool('newest first: Read Only who sees 100', 'few', {}, 60, 2),
  inTool('newest first: the same with VIEW_VENDOR_ITEMS', 'fewOfVendor', {}, 60, 2),
  inTool('newest first: creator of a fifth', 'writer', {}, 60),
  ...(['reader', 'admin', 'writer'] as const).flatMap((person) =>
    ITEM_ORDER_FIELDS.map((field) =>
      inTool(`by ${field}: ${person}`, person, { orderBy: [{ field, direction: 'ASC' }] }),
    ),
  ),
  ...(['DUE_DATE', 'CLOSED_AT', 'ASSIGNEE'] as const).flatMap((field) => [
    inTool(`by ${field} descending, nulls last`, 'admin', { orderBy: [{ field, direction: 'DESC', nulls: 'LAST' }] }),
    inTool(`by ${field}, nulls first`, 'admin', { orderBy: [{ field, nulls: 'FIRST' }] }),
  ]),
  inTool('by STATUS, then DUE_DATE', 'reader', { orderBy: [{ field: 'STATUS' }, { field: 'DUE_DATE' }] }),
  inTool('by DUE_DATE, then TITLE', 'reader', { orderBy: [{ field: 'DUE_DATE' }, { field: 'TITLE' }] }),
  ...Object.entries({ 'newest first': newest, 'by DUE_DATE': byDue, 'by TITLE': byTitle }).flatMap(([order, orderBy]) =>
    (['reader', 'admin'] as const).flatMap((person) => [
      ...Object.entries(FILTERS).map(([name, filter]) =>
        inTool(`${name}, ${order}: ${person}`, person, { filter, orderBy }),
      ),
      ...Object.entries(TEXTS).map(([name, filter]) =>
        inTool(`${name}, ${order}: ${person}`, person, { filter, orderBy }, 200),
      ),
    ]),
  ),
  ...(['reader', 'admin'] as const).map((person) => ({
    name: `all tools of the project, by DUE_DATE: ${person}`,
    person,
    project: 1,
    args: { ...page, orderBy: byDue },
    budget: 50,
  })),
  ...(['reader', 'admin', 900, 4_992] as const).flatMap((person): Shape[] =>
    (
      [
        ['newest first', {}],
        ['by DUE_DATE', { orderBy: byDue }],
        ['Open, newest first', { filter: OPEN }],
        ['assigned to me, by DUE_DATE', { filter: { assignee: { isMe: true } }, orderBy: byDue }],
        ...Object.entries(TEXTS).flatMap(([name, filter]): [string, ItemListArgs][] => [
          [`${name}, newest first`, { filter }],
          [`${name}, by DUE_DATE`, { filter, orderBy: byDue }],
        ]),
      ] as [string, ItemListArgs][]
    ).map(([name, args]) => ({
      name: `all projects, ${name}: ${person}`,
      person,
      project: null,
      args: { ...page, ...args },
      budget: /query|title|number/.test(name) ? 200 : 50,
    })),
  ),
  ...(['reader', 'admin'] as const).flatMap((person) => [
    { ...inTool(`count: ${person}`, person, {}), count: true as const },
    { ...inTool(`count, Open: ${person}`, person, { filter: OPEN }), count: true as const },
    { ...inTool(`count, overdue: ${person}`, person, { filter: { overdue: { eq: true } } }), count: true as const },
  ]),
];
