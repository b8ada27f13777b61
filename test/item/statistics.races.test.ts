import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { Client } from 'pg';
import { expect, inject, test } from 'vitest';
import { migrate } from '../../src/database/migrate.ts';
import { dbOf, openOrm } from '../../src/database/orm.ts';
import { READERS } from '../../src/item/item.policy.ts';
import { miscounts } from '../kit/counts.ts';
import { databaseUrl } from '../kit/database.ts';
import { createOffice, type Office } from '../kit/office.ts';
import { putItems } from '../kit/putItems.ts';

const rowsOf = async ({ db }: Office): Promise<number[]> =>
  (await sql<{ count: number }>`select count from item_counts order by 1`.execute(db)).rows.map(({ count }) => count);

/** Some items of one tool, alike in all that counts. */
const alike = (office: Office, length: number) =>
  putItems(
    office,
    Array.from({ length }, () => ({ project: office.tower, tool: office.review, by: office.ada, status: 'Open' })),
  );

test('nobody waits for a count that somebody else has not yet committed, and both are kept', async () => {
  await using office = await createOffice();
  await using intruder = await office.intruder();
  const [first, second, third] = await alike(office, 3);
  expect(await rowsOf(office)).toEqual([3]);
  for (const end of ['commit', 'rollback']) {
    await intruder.run('begin');
    await intruder.run('update items set private = not private where id = $1', [first!.id]);
    // would not end if they came to wait
    const there = await Promise.all([
      office.update(office.ada, second!.gid, { statusName: end === 'commit' ? 'Closed' : 'Open' }),
      office.archive(office.ada, third!.gid),
      office.create(office.ada, { title: 'New', statusName: 'Open', private: false }),
    ]);
    expect(there.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    await intruder.run(end);
    const known = await sql`select i.id from items i where archived_at is null`.execute(office.db);
    const sum = (await rowsOf(office)).reduce((all, count) => all + count, 0);
    expect(sum).toBe(known.rows.length);
    await office.restore(office.ada, third!.gid);
  }
  // whoever comes next puts together what was left apart
  await sql`update items set private = false, status_id = ${office.review.statuses.Open!.id}`.execute(office.db);
  await office.create(office.ada, { title: 'New', statusName: 'Open', private: false });
  expect(await rowsOf(office)).toEqual([6]);
});

test('counts of one kind that come to nothing together are not shown', async () => {
  await using office = await createOffice();
  await using intruder = await office.intruder();
  const { ada, tower } = office;
  const [first, second] = await alike(office, 2);
  const closed = office.review.statuses.Closed!.id;
  await intruder.run('begin');
  await intruder.run('update items set status_id = $1 where id = $2', [closed, first!.id]);
  await office.update(ada, second!.gid, { statusName: 'Closed' });
  await intruder.run('commit');
  expect(await rowsOf(office)).toEqual([-1, 1, 1, 1]);
  const query = 'query ($id: ID!) { project(id: $id) { itemStatistics { status { name } count } } }';
  const { project } = await office.get(ada, query, { id: tower.gid });
  expect(project.itemStatistics).toEqual([{ status: { name: 'Closed' }, count: 2 }]);
});

test('creates, batches, archiving and statements past the gateway at once: all are counted, no two lock each other out', async () => {
  await using office = await createOffice();
  await using intruder = await office.intruder();
  const { ada, ben, db } = office;
  const deadlocks = async () =>
    (
      await sql<{
        n: number;
      }>`select deadlocks::int as n from pg_stat_database where datname = current_database()`.execute(db)
    ).rows[0]!.n;
  const before = await deadlocks();
  const items = (await alike(office, 30)).map(({ gid }) => gid);
  const statuses = ['Open', 'On Hold', 'Closed', 'Won'];
  const days = ['2026-02-01', '2026-03-01', null];
  for (let round = 0; round < 12; round += 1) {
    const some = (n: number) => items.filter((_, i) => (i * 7 + n) % 3 === round % 3);
    const other = (n: number) => items.filter((_, i) => (i * 5 + n) % 4 === round % 4).toReversed();
    const patch = (n: number) => ({
      statusName: statuses[(n + round) % 4],
      dueDate: days[(n + round) % 3],
      private: (n + round) % 2 > 0,
    });
    const answers = await Promise.all([
      ...[0, 1, 2].map((n) => office.batch(ada, { ids: some(n), patch: patch(n), completionMode: 'EACH_ON_ITS_OWN' })),
      ...[0, 1].map((n) =>
        office.batch(ada, { ids: other(n), patch: { statusName: statuses[n] }, completionMode: 'EACH_ON_ITS_OWN' }),
      ),
      ...[0, 1, 2, 3].map((n) => office.create(ben, { title: 'New', ...patch(n) })),
      office.archive(ada, ...some(3).slice(0, 4)),
      office.restore(ada, ...other(3).slice(0, 4)),
      intruder
        .run(`with locked as (select id from items order by id for update)
          update items set due_date = date '2026-01-15' + ${round} where id in (select id from locked) and not private`)
        .then(() => ({ userErrors: [] })),
    ]);
    const errors = answers.flatMap(({ userErrors }) => userErrors).filter(({ code }) => code !== 'CLOSED');
    expect(errors).toEqual([]);
    expect(await miscounts(db)).toEqual([]);
  }
  expect(await deadlocks()).toBe(before);
}, 60_000);

test('items that were there before counters are counted when they come', async () => {
  const server = inject('serverUrl');
  const name = `before_${randomUUID().slice(0, 8)}`;
  const admin = new Client({ connectionString: databaseUrl(server, 'postgres') });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const url = databaseUrl(server, name);
  const orm = await openOrm(url, { poolSize: 1 });
  try {
    await orm.migrator.up({ to: 'Migration0002' });
    const db = dbOf(orm.em.fork());
    const id = randomUUID();
    const row = sql`${id}, ${id}, now(), now()`;
    const columns = sql.raw('id, company_id, created_at, updated_at');
    await sql`insert into companies (id, name, created_at, updated_at) values (${id}, 'Old', now(), now())`.execute(db);
    await sql`insert into users (${columns}, name, name_key, email) values (${row}, 'A', 'a', 'a@example.com')`.execute(
      db,
    );
    await sql`insert into projects (${columns}, name, name_key, time_zone) values (${row}, 'P', 'p', 'UTC')`.execute(
      db,
    );
    await sql`insert into generic_tools (${columns}, title, title_key, private_by_default, enabled_on_new_projects,
      sends_overdue_notifications, admins_see_private_items) values (${row}, 'T', 't', false, false, false, true)`.execute(
      db,
    );
    await sql`insert into generic_tool_statuses (${columns}, generic_tool_id, name, sort_key, category, is_built_in)
      values (${row}, ${id}, 'Open', '1open', 'OPEN', true)`.execute(db);
    await sql`insert into items (${columns}, project_id, generic_tool_id, status_id, position, number, number_key, title, title_key,
        private, due_date, created_by_id, issued_at, archived_at, version)
      select gen_random_uuid(), ${id}, now(), now(), ${id}, ${id}, ${id}, n::text, n::text, n::text, 'X', 'x',
        false, case when n <= 3 then date '2026-01-01' end, ${id}, now(), case when n > 7 then now() end, 1
      from generate_series(1, 9) n`.execute(db);
    expect(await migrate(url)).toContain('Migration0003');
    const counts = sql`select class, due_on::text as due, count from item_counts order by due_on`;
    expect((await counts.execute(db)).rows).toEqual([
      { class: READERS, due: '2026-01-01', count: 3 },
      { class: READERS, due: 'infinity', count: 4 },
    ]);
    await sql`delete from items where due_date is null`.execute(db);
    expect((await counts.execute(db)).rows).toEqual([{ class: READERS, due: '2026-01-01', count: 3 }]);
  } finally {
    await orm.close(true);
    await admin.query(`drop database ${name}`);
    await admin.end();
  }
});
