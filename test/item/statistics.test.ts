import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { dbOf } from '../../src/database/orm.ts';
import { viewerOf } from '../../src/directory/viewer.ts';
import { contextOf } from '../../src/graph/context.ts';
import { countItems } from '../../src/item/statistics.queries.ts';
import { miscounts } from '../kit/counts.ts';
import { createOffice, nothing, type Office } from '../kit/office.ts';
import { putItems } from '../kit/putItems.ts';
import type { Person, Project } from '../kit/world.ts';

const ROWS = 'genericTool { title } status { name } count overdue';

/** What somebody is told of a project, as "tool, status: count, overdue". */
async function told(office: Office, who: Person, filter: object | null = null, project: Project = office.tower) {
  const query = `query ($project: ID!, $filter: ItemFilter) { project(id: $project) { itemStatistics(filter: $filter) { ${ROWS} } } }`;
  const { project: found } = await office.get(who, query, { project: project.gid, filter });
  return found?.itemStatistics.map(
    // biome-ignore lint/suspicious/noExplicitAny: an answer
    ({ genericTool, status, count, overdue }: any) => `${genericTool.title}, ${status.name}: ${count}, ${overdue}`,
  );
}

const LATE = '2026-02-01';

test('everybody is told of what they see, and of nothing else', async () => {
  await using office = await createOffice();
  const { ada, ben, rae, nan, ina, out, tower, review } = office;
  const col = await office.person('Col League', { vendor: 'Firm' });
  const kim = await office.person('Kim Colleague', { vendor: 'Firm' });
  await office.grant(col, tower, review, 'STANDARD');
  await office.grant(kim, tower, review, 'READ_ONLY', ['VIEW_VENDOR_ITEMS']);
  await office.item(ada, { statusName: 'Open', private: false, dueDate: LATE });
  await office.item(ada, { statusName: 'Draft', private: false });
  await office.item(ben, { statusName: 'Draft', private: false, dueDate: LATE });
  await office.item(col, { statusName: 'Draft', private: true });
  // one item, two audiences of Kim's: herself and her firm
  await office.item(col, { statusName: 'Open', private: true, dueDate: LATE, assigneeIds: [kim.gid] });
  await office.item(col, { statusName: 'On Hold', private: true });
  const archived = await office.item(ada, { statusName: 'Won', private: false });
  await office.archive(ada, archived.id);
  expect(await told(office, ada)).toEqual([
    'Design Review, Draft: 3, 0',
    'Design Review, On Hold: 1, 0',
    'Design Review, Open: 2, 2',
  ]);
  expect(await told(office, ben)).toEqual(['Design Review, Draft: 1, 0', 'Design Review, Open: 1, 1']);
  expect(await told(office, col)).toEqual([
    'Design Review, Draft: 1, 0',
    'Design Review, On Hold: 1, 0',
    'Design Review, Open: 2, 2',
  ]);
  expect(await told(office, kim)).toEqual(['Design Review, On Hold: 1, 0', 'Design Review, Open: 2, 2']);
  expect(await told(office, rae)).toEqual(['Design Review, Open: 1, 1']);
  expect(await told(office, nan)).toEqual([]);
  expect(await told(office, out)).toBe(undefined);
  await expect(told(office, ina)).rejects.toThrow('UNAUTHENTICATED');
  // archived ones by themselves, and only to ADMINs
  expect(await told(office, ada, { archived: true })).toEqual(['Design Review, Won: 1, 0']);
  expect(await told(office, ben, { archived: true })).toEqual([]);
  // the next request knows of changed rights and tools
  await office.sql`update generic_tools set admins_see_private_items = false`.execute(office.db);
  expect(await told(office, ada)).toEqual(['Design Review, Draft: 2, 0', 'Design Review, Open: 1, 1']);
  await office.grant(kim, tower, review, 'NONE');
  expect(await told(office, kim)).toEqual([]);
});

test('tools go by title, statuses as they do in lists, and a tool that one may not read is not there', async () => {
  await using office = await createOffice();
  const { ada, ben, tower } = office;
  const album = await office.secondTool('álbum of letters');
  const zoning = await office.secondTool('Zoning');
  await office.grant(ben, tower, album, 'NONE');
  const statuses = ['Won', 'Closed', 'Open', 'Draft', 'On Hold', 'Lost'];
  for (const { words } of [zoning, album, { words: office }])
    for (const statusName of statuses) await words.item(ada, { statusName, private: false });
  const names = async (who: Person) => (await told(office, who)).map((row: string) => row.replace(/:.*/, ''));
  const inOrder = (title: string, ...names: string[]) => names.map((name) => `${title}, ${name}`);
  const all = ['Draft', 'On Hold', 'Open', 'Closed', 'Won', 'Lost'];
  expect(await names(ada)).toEqual([
    ...inOrder('álbum of letters', ...all),
    ...inOrder('Design Review', ...all),
    ...inOrder('Zoning', ...all),
  ]);
  expect(await names(ben)).toEqual([
    ...inOrder('Design Review', ...all.slice(1)),
    ...inOrder('Zoning', ...all.slice(1)),
  ]);
});

test('what is overdue becomes so at midnight where the project is', async () => {
  await using office = await createOffice();
  const { ada, clock, tower, review } = office;
  const dock = await office.project('Dock', { timeZone: 'Pacific/Auckland' });
  const docked = await office.tool('Dock Letters', [dock], { abbreviation: 'DL' });
  await office.grant(ada, dock, docked, 'ADMIN');
  for (const [project, tool] of [
    [tower, review],
    [dock, docked],
  ] as const) {
    const item = { title: 'Due', statusName: 'Open', private: false, dueDate: '2026-03-10' };
    const input = { projectId: project.gid, genericToolId: tool.gid, item };
    expect((await office.tell(ada, 'createItem', input, 'item { id }')).userErrors).toEqual([]);
  }
  const at = async (time: string) => {
    clock.set(time);
    return [
      await told(office, ada),
      await told(office, ada, { title: { eq: 'due' } }),
      await told(office, ada, null, dock),
      await told(office, ada, { overdue: { eq: true } }, dock),
    ].map((rows) => rows.map((row: string) => row.slice(-1)).join());
  };
  // midnight of Auckland is 11:00 UTC on the day before, that of Los Angeles 07:00 UTC (summer time in both)
  expect(await at('2026-03-10T10:59:59Z')).toEqual(['0', '0', '0', '']);
  expect(await at('2026-03-10T11:00:00Z')).toEqual(['0', '0', '1', '1']);
  expect(await at('2026-03-11T06:59:59Z')).toEqual(['0', '0', '1', '1']);
  expect(await at('2026-03-11T07:00:00Z')).toEqual(['1', '1', '1', '1']);
  // put off, and closed, it is overdue no more
  await office.sql`update items set due_date = '2026-03-11' where project_id = ${tower.id}`.execute(office.db);
  expect(await at('2026-03-11T07:00:00Z')).toEqual(['0', '0', '1', '1']);
  await office.sql`update items set status_id = ${docked.statuses.Closed!.id} where project_id = ${dock.id}`.execute(
    office.db,
  );
  expect(await at('2026-03-11T07:00:00Z')).toEqual(['0', '0', '0', '']);
});

test('filters that are wrong are told so, and what they name is looked for and not found', async () => {
  await using office = await createOffice();
  const { ada, ben } = office;
  await office.item(ada, { statusName: 'Open', private: false });
  const filters: [object, string][] = [
    [{ genericTool: { eq: 'nonsense' } }, 'filter.genericTool.eq'],
    [{ genericTool: { in: [ada.gid] } }, 'filter.genericTool.in'],
    [{ status: { isMe: true } }, 'isMe'],
    [{ not: { archived: true } }, 'filter.not.archived'],
    [{ or: [{ or: [{ or: [{ or: [{}] }] }] }] }, 'nest at most'],
  ];
  for (const [filter, words] of filters) await expect(told(office, ben, filter)).rejects.toThrow(words);
  expect(await told(office, ben, { genericTool: { eq: nothing('GenericTool') } })).toEqual([]);
  expect(await told(office, ben, { genericTool: { in: [] } })).toEqual([]);
  expect(await told(office, ben, { project: { eq: nothing('Project') } })).toEqual([]);
});

test('of many projects, in many ways, in one statement', async () => {
  await using office = await createOffice();
  const { ada, review } = office;
  const many = `query ($company: ID!) { company(id: $company) { projects(first: 20) { nodes {
    all: itemStatistics { ${ROWS} } open: itemStatistics(filter: { statusCategory: { eq: OPEN } }) { ${ROWS} }
    mine: itemStatistics(filter: { createdBy: { isMe: true } }) { ${ROWS} } archived: itemStatistics(filter: { archived: true }) { ${ROWS} } } } } }`;
  await office.item(ada, { statusName: 'Open', private: false });
  const ask = { company: office.home.gid };
  await office.get(ada, many, ask); // names are known from here on
  const statements = await office.statementsOf(ada, many, ask);
  for (const name of ['Dock', 'Pier', 'Quay']) {
    const project = await office.project(name);
    await office.sql`insert into fieldset_projects select ${project.id}, generic_tool_id, company_id, fieldset_id
      from fieldset_projects where project_id = ${office.tower.id}`.execute(office.db);
    await office.grant(ada, project, review, 'ADMIN');
    await putItems(
      office,
      ['Open', 'Open', 'Draft', 'Won'].map((status) => ({ project, tool: review, by: ada, status })),
    );
  }
  const { projects } = (await office.get(ada, many, ask)).company;
  expect(await office.statementsOf(ada, many, ask)).toBe(statements);
  const counts = (name: string) =>
    projects.nodes.map((node: Record<string, { count: number }[]>) => node[name]!.map(({ count }) => count).join());
  expect(counts('all')).toEqual(['1,2,1', '1,2,1', '1,2,1', '1']);
  expect(counts('open')).toEqual(['2', '2', '2', '1']);
  expect(counts('mine')).toEqual(['1,2,1', '1,2,1', '1,2,1', '1']);
  expect(counts('archived')).toEqual(['', '', '', '']);
});

test('one project takes three statements, and reads no item but those that only its viewer has to do with', async () => {
  await using office = await createOffice();
  const { ada, ben, rae, tower, review } = office;
  const put = { project: tower, tool: review, by: ada, status: 'Open' };
  await putItems(
    office,
    Array.from({ length: 300 }, (_, n) => ({ ...put, private: n % 3 === 0, assignees: n % 30 === 0 ? [ben] : [] })),
  );
  const query = `query ($project: ID!, $filter: ItemFilter) {
    project(id: $project) { itemStatistics(filter: $filter) { genericTool { id } status { id } count overdue } } }`;
  await office.get(rae, query, { project: tower.gid }); // names are known from here on
  for (const filter of [null, { genericTool: { eq: review.gid } }, { title: { eq: 'Broken lintel' } }])
    expect(await office.statementsOf(rae, query, { project: tower.gid, filter })).toBeLessThanOrEqual(3);
  /** How many items are counted, and how many rows of items are read for it. */
  const itemsRead = (who: Person, filter: object | null = null): Promise<[number, number]> =>
    office.orm.em.fork().transactional(async (em) => {
      const db = dbOf(em);
      // a few hundred items are read all at once sooner than by an index; thousands are not
      await sql`set local enable_seqscan = off`.execute(db);
      const read = async () =>
        (
          await sql<{ rows: number }>`select (seq_tup_read + idx_tup_fetch)::int as rows
            from pg_stat_xact_user_tables where relname = 'items'`.execute(db)
        ).rows[0]!.rows;
      const context = Object.assign(contextOf(office.world, await viewerOf(db, who.email, 'email', who.companyId)), {
        db,
        lagging: db,
      });
      const before = await read();
      const counted = (await countItems(context, tower.id, filter)).reduce((sum, { count }) => sum + count, 0);
      return [counted, (await read()) - before];
    });
  // else it hangs on whether the server has done so by itself, of this world or of one before
  await sql`analyze items, item_audiences, item_counts, item_people`.execute(office.db);
  // planning may look at a row at either end of an index, once the table has been analysed
  const rowsOr = (rows: number) => expect.toSatisfy((read: number) => read >= rows && read <= rows + 2);
  const inCounts = { statusCategory: { eq: 'OPEN' as const }, overdue: { eq: false } };
  expect(await itemsRead(rae)).toEqual([200, rowsOr(0)]);
  expect(await itemsRead(rae, inCounts)).toEqual([200, rowsOr(0)]);
  expect(await itemsRead(ada)).toEqual([300, rowsOr(0)]);
  expect(await itemsRead(ben)).toEqual([210, rowsOr(10)]);
  // what no counter knows is looked for in the items
  expect((await itemsRead(rae, { title: { contains: 'lintel' } }))[1]).toBeGreaterThanOrEqual(200);
});

test('counts that come to nothing are not kept, nor more than one of a kind by writers one after the other', async () => {
  await using office = await createOffice();
  const { ada, db } = office;
  const rows = async () => (await sql`select from item_counts`.execute(db)).rows.length;
  const first = await office.item(ada, { statusName: 'Open', private: false });
  const second = await office.item(ada, { statusName: 'Open', private: false, dueDate: LATE });
  for (let n = 0; n < 10; n += 1) {
    await office.update(ada, first.id, { statusName: n % 2 ? 'Open' : 'On Hold', private: n % 3 === 0 });
    await office.update(ada, second.id, { dueDate: n % 2 ? LATE : `2026-03-0${n % 9 || 9}` });
    expect(await rows()).toBe(2);
    expect(await miscounts(db)).toEqual([]);
  }
  await office.archive(ada, first.id, second.id);
  expect(await rows()).toBe(0);
  await office.restore(ada, second.id);
  expect(await rows()).toBe(1);
  await sql`truncate items cascade`.execute(db);
  expect(await rows()).toBe(0);
});

test('what is written past the gateway counts all the same', async () => {
  await using office = await createOffice();
  const { ada, db, tower, review } = office;
  const other = await office.secondTool('Other');
  await putItems(
    office,
    ['Open', 'Open', 'Draft', 'Won'].map((status) => ({ project: tower, tool: review, by: ada, status })),
  );
  const total = async () =>
    (await sql<{ n: number }>`select coalesce(sum(count), 0)::int as n from item_counts`.execute(db)).rows[0]!.n;
  await sql`delete from item_people`.execute(db);
  await sql`delete from item_audiences`.execute(db);
  expect(await total()).toBe(4);
  // a statement that both changes and deletes
  await sql`
    merge into items using (select id, status_id <> ${review.statuses.Draft!.id} as keep from items) known on items.id = known.id
    when matched and known.keep then update set generic_tool_id = ${other.id}, status_id = ${other.statuses.Open!.id}, due_date = '2026-01-01'
    when matched then delete`.execute(db);
  expect(await total()).toBe(3);
  const { rows } =
    await sql`select generic_tool_id as tool, status_id as status, due_on::text as due, count from item_counts`.execute(
      db,
    );
  expect(rows).toEqual([{ tool: other.id, status: other.statuses.Open!.id, due: '2026-01-01', count: 3 }]);
  await sql`delete from items`.execute(db);
  expect(await total()).toBe(0);
});
