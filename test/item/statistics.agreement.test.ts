import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { miscounts } from '../kit/counts.ts';
import { createWorld, type Person, type Project, type TestWorld } from '../kit/world.ts';
import { changes, make } from './changes.ts';
import { type Planted, plans, plant } from './generated.ts';

// printed when something fails; another one can be tried by SEED=...
const SEED = Number(process.env.SEED ?? 20_260_302);
const COMPANIES = 3;
const CHANGES_OF_EACH = 15;

let world: TestWorld;
beforeAll(async () => {
  world = await createWorld({ MAX_COST: '1000000' });
});
afterAll(() => world[Symbol.asyncDispose]());

/** Filters that counts answer, and such that have to look at the items. */
const filtersFor = ({ tools, users }: Planted): Record<string, object | null> => {
  const [one, other] = tools;
  const { Open, Draft } = one!.statuses;
  return {
    none: null,
    'of nothing': {},
    tool: { genericTool: { eq: one!.gid } },
    tools: { genericTool: { in: [one!.gid, other!.gid] } },
    'not a tool': { genericTool: { notIn: [one!.gid] } },
    'either tool': {
      or: [{ genericTool: { eq: one!.gid } }, { genericTool: { eq: other!.gid }, private: { eq: true } }],
    },
    'two tools at once': { genericTool: { eq: one!.gid, in: [other!.gid] } },
    status: { status: { in: [Open!.gid, Draft!.gid] } },
    'status by name': { statusName: { startsWith: 'o' } },
    category: { statusCategory: { notIn: ['OPEN'] } },
    overdue: { overdue: { eq: true } },
    'not overdue': { not: { overdue: { eq: true } } },
    'overdue or private': { or: [{ overdue: { eq: true } }, { private: { eq: true } }] },
    private: { private: { eq: true } },
    public: { private: { eq: false }, archived: false },
    due: { dueDate: { lt: '2026-03-02' } },
    'not due': { not: { dueDate: { null: false } } },
    title: { title: { contains: '1' } },
    'their own': { createdBy: { isMe: true } },
    'of somebody': { or: [{ assignee: { eq: users[0]!.gid } }, { overdue: { eq: true } }] },
    archived: { archived: true },
    'archived of a tool': { archived: true, genericTool: { eq: one!.gid } },
  };
};

const documentFor = (filters: Record<string, object | null>): string => {
  const names = Object.keys(filters).map((_, n) => `$f${n}: ItemFilter`);
  const fields = Object.keys(filters).map(
    (_, n) => `s${n}: itemStatistics(filter: $f${n}) { genericTool { id } status { id } count overdue }
      l${n}: items(filter: $f${n}, first: 100) { nodes { genericTool { id } status { id } isOverdue } pageInfo { hasNextPage } }`,
  );
  return `query ($project: ID!, ${names}) { project(id: $project) {
    genericTools { id statuses { id } } ${fields.join('\n')} } }`;
};

/** What a list comes to, counted by hand; in the order of tools and statuses. */
// biome-ignore lint/suspicious/noExplicitAny: an answer
function counted({ nodes, pageInfo }: any, tools: any): object[] {
  if (pageInfo.hasNextPage) throw new Error('more than a page');
  // biome-ignore lint/suspicious/noExplicitAny: an answer
  return tools.flatMap((genericTool: any) =>
    genericTool.statuses.flatMap((status: { id: string }) => {
      // biome-ignore lint/suspicious/noExplicitAny: an answer
      const items = nodes.filter((item: any) => item.genericTool.id === genericTool.id && item.status.id === status.id);
      if (items.length === 0) return [];
      const overdue = items.filter((item: { isOverdue: boolean }) => item.isOverdue).length;
      return { genericTool: { id: genericTool.id }, status, count: items.length, overdue };
    }),
  );
}

/** How many filters were compared, how many of them found anything, and how many items were overdue. */
const seen = { filters: 0, found: 0, overdue: 0 };

async function compare(planted: Planted, which = (_name: string) => true): Promise<void> {
  const all = Object.entries(filtersFor(planted)).filter(([name]) => which(name));
  // every other filter to every other user, the others in the next project
  const check = async (user: Person, project: Project, turn: number) => {
    const filters = Object.fromEntries(all.filter(([name], n) => name === 'none' || (n + turn) % 2 === 0));
    const source = documentFor(filters);
    const variables = Object.fromEntries(Object.values(filters).map((filter, n) => [`f${n}`, filter]));
    const { data, errors } = await world.ask(user, source, { ...variables, project: project.gid });
    if (errors) return expect(errors[0].extensions.code).toBe('UNAUTHENTICATED');
    if (!data.project) return;
    for (const [n, name] of Object.keys(filters).entries()) {
      const due = counted(data.project[`l${n}`], data.project.genericTools);
      expect([name, data.project[`s${n}`]]).toEqual([name, due]);
      seen.filters += 1;
      if (due.length > 0) seen.found += 1;
      if (name === 'none')
        seen.overdue += data.project[`s${n}`].reduce((sum: number, row: { overdue: number }) => sum + row.overdue, 0);
    }
  };
  for (const [n, project] of planted.projects.entries())
    await Promise.all(planted.users.map((user, k) => check(user, project, n + k)));
}

const DAYS = [null, '2026-02-28', '2026-03-01', '2026-03-02', '2026-03-03', '2026-04-01'];

/** Due dates, given past the gateway in one statement: nothing but the database itself can keep count of those. */
async function setDueDates({ company }: Planted, numbers: readonly number[]): Promise<void> {
  const days = numbers.map((n) => DAYS[n % DAYS.length] ?? null);
  await world.sql`
    update items i set due_date = day.value
    from (select id, row_number() over (order by id) as place from items where company_id = ${company.id}) numbered
    join unnest(${days}::date[]) with ordinality day(value, place) on (numbered.place - 1) % ${days.length} + 1 = day.place
    where i.id = numbered.id`.execute(world.db);
}

test('statistics are what counting the lists gives, for everybody, under any filter, after any changes', async () => {
  const agrees = fc.asyncProperty(
    plans,
    fc.array(fc.nat({ max: 99 }), { minLength: 17, maxLength: 17 }),
    fc.array(changes, { minLength: CHANGES_OF_EACH, maxLength: CHANGES_OF_EACH }),
    async (plan, days, list) => {
      const planted = await plant(world, plan);
      expect(await miscounts(world.db)).toEqual([]);
      await setDueDates(planted, days);
      expect(await miscounts(world.db)).toEqual([]);
      await compare(planted);
      for (const change of list) {
        await make(world, planted, change);
        expect([change.name, await miscounts(world.db)]).toEqual([change.name, []]);
      }
      await compare(planted);
      // days go by: only what is overdue hangs on the day
      world.clock.advance(86_400_000);
      await compare(planted, (name) => name === 'none' || name.includes('overdue'));
    },
  );
  await fc.assert(agrees, { seed: SEED, numRuns: COMPANIES, endOnFailure: true });
  expect(seen.filters).toBeGreaterThan(800);
  // filters that find nothing prove nothing
  expect(seen.found / seen.filters).toBeGreaterThan(0.4);
  expect(seen.overdue).toBeGreaterThan(20);
}, 120_000);
