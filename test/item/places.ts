import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { ADMINS, ADMINS_OF_PRIVATE, READERS } from '../../src/item/item.policy.ts';
import { toGlobalId } from '../../src/kernel/ids.ts';
import { createWorld } from '../kit/world.ts';

const ITEMS = 30_000;

const list = (things: readonly { id: string }[]): string =>
  `array[${things.map(({ id }) => `'${id}'`).join()}]::uuid[]`;

/**
 * As vacuum leaves tables that nobody changes any more: all pages visible to all. A page that is in use meanwhile is left for the next
 * time. Indexes are cleaned: where less than one page in fifty has rows deleted before, vacuum would leave those pages as they are.
 */
async function vacuumed(client: Client, ...tables: string[]): Promise<void> {
  for (const giveUpAt = Date.now() + 30_000; Date.now() < giveUpAt; await sleep(100)) {
    await client.query(`vacuum (index_cleanup on) ${tables}`);
    const { rows } = await client.query(
      'select relname from pg_class where relname = any($1) and relallvisible < relpages',
      [tables],
    );
    if (rows.length === 0) return;
  }
  throw new Error(`Somebody holds on to an old state of ${tables}.`);
}

/**
 * 30,000 items: 10,000 in the project Tower, half of them private; 10,000 in Dark, all private, Fay being in 100 of them; the rest in
 * ten others. Statistics are there and vacuum has been, as autovacuum sees to it.
 */
export async function createPlaces() {
  const world = await createWorld();
  const names = ['Tower', 'Dark', ...Array.from({ length: 10 }, (_, n) => `Other ${n}`)];
  const projects = await Promise.all(names.map((name) => world.project(name)));
  const tool = await world.tool('Design Review', projects);
  for (let n = 0; n < 8; n += 1) await world.vendor(`Firm ${n}`);
  const crowd = await Promise.all(
    Array.from({ length: 40 }, (_, n) => world.person(`Crowd ${n}`, { vendor: `Firm ${n % 8}` })),
  );
  const people = {
    rob: await world.person('Rob Reader'),
    stan: await world.person('Stan Standard'),
    ada: await world.person('Ada Admin'),
    vic: await world.person('Vic of a Vendor', { vendor: 'Firm 3' }),
    fay: await world.person('Fay of Few'),
  };
  for (const project of projects) {
    await world.grant(people.rob, project, tool, 'READ_ONLY');
    await world.grant(people.stan, project, tool, 'STANDARD');
    await world.grant(people.ada, project, tool, 'ADMIN');
    await world.grant(people.vic, project, tool, 'READ_ONLY', ['VIEW_VENDOR_ITEMS']);
    await world.grant(people.fay, project, tool, 'READ_ONLY');
  }
  const client = new Client({ connectionString: world.url });
  await client.connect();
  const { Draft, Open, Closed } = tool.statuses;
  // a database that other worlds have used has pages of rows that were deleted, which would be counted here
  await client.query('truncate items, item_audiences cascade');
  // the server's own vacuum and analyze would come in between, and hold vacuum up here as long as they take
  await client.query('alter table items set (autovacuum_enabled = false)');
  await client.query('alter table item_audiences set (autovacuum_enabled = false)');
  for (const statement of [
    `create table "of this test alone" as
     select ('0000000b-0000-7000-8000-' || lpad(to_hex(g), 12, '0'))::uuid as id, g,
       timestamptz '2025-01-01 00:00Z' + g * interval '1 minute' as c,
       (${list(projects)})[case g % 3 when 0 then 1 when 1 then 2 else 3 + g / 3 % 10 end] as project,
       case when g % 300 = 1 then 2 else 1 + g * 7919 % 101 % 4 end as state, g % 3 = 1 or g / 3 % 2 = 0 as private,
       (${list(crowd)})[1 + g * 11 % 40] as creator, (${list(crowd)})[1 + g * 13 % 40] as sender,
       case when g % 300 = 1 then '${people.fay.id}' else (${list(crowd)})[1 + g * 17 % 40] end as assignee
     from generate_series(1, ${ITEMS}) g`,
    `insert into items (id, company_id, created_at, updated_at, project_id, generic_tool_id, status_id, position, number, number_key,
       title, title_key, description, private, due_date, created_by_id, received_from_id, first_assignee_id, assignees, issued_at, closed_at, version)
     select id, '${world.home.id}', c, c + g * 7919 % 1000 * interval '1 hour', project, '${tool.id}',
       (${list([Draft!, Open!, Open!, Closed!])})[state], g::text, g::text, lpad(g::text, 6, '0'), md5(g::text), md5(g::text),
       repeat('Some words about lintels. ', 8), private, case when g * 7907 % 103 % 3 > 0 then (c + g * 31 % 90 * interval '1 day')::date end,
       creator, sender, assignee, assignee::text, case when state > 1 then c end, case when state = 4 then c + interval '9 days' end, 1
     from "of this test alone"`,
    `insert into item_people (item_id, role, user_id, company_id, position)
     select id, 'ASSIGNEE', assignee, '${world.home.id}', 0 from "of this test alone"`,
    `insert into item_audiences (item_id, audience, company_id, project_id, generic_tool_id, archived, created_at)
     select t.id, a.audience, '${world.home.id}', t.project, '${tool.id}', false, t.c
     from "of this test alone" t cross join lateral (
       select case when private then '${ADMINS_OF_PRIVATE}'::uuid when state = 1 then '${ADMINS}' else '${READERS}' end as audience
       union select creator where state = 1
       union select unnest(array[u.id, u.vendor_id]) from users u
         where private and state > 1 and u.id in (creator, sender, assignee)
     ) a where a.audience is not null`,
  ])
    await client.query(statement);
  await client.query('analyze');
  await vacuumed(client, 'items', 'item_audiences');
  const [tower, dark] = projects;
  return {
    ...world,
    ...people,
    tower: tower!,
    dark: dark!,
    tool,
    crowd,
    /** the first hundred items of Tower under a condition on the sketch that they were made from */
    async plainly(condition: string, order: string): Promise<string[]> {
      const { rows } = await client.query(
        `select item.id from (
           select t.*, i.due_date as due, u.name_key
           from "of this test alone" t join items i on i.id = t.id join users u on u.id = t.assignee
         ) item where project = '${tower!.id}' and ${condition} order by ${order} limit 100`,
      );
      return rows.map(({ id }) => toGlobalId('Item', id));
    },
    /** what PostgreSQL does for a statement */
    async explain(text: string, values: unknown[]): Promise<Plan> {
      const { rows } = await client.query(`explain (analyze, buffers, timing off, format json) ${text}`, values);
      return rows[0]['QUERY PLAN'][0].Plan;
    },
    async [Symbol.asyncDispose]() {
      await client.end();
      await world[Symbol.asyncDispose]();
    },
  };
}
export type Places = Awaited<ReturnType<typeof createPlaces>>;

export interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Subplan Name'?: string;
  'Heap Fetches'?: number;
  'Rows Removed by Filter'?: number;
  'Actual Loops': number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: Plan[];
}

/** A node of a plan and all below it, without those that were never run. */
export const nodesOf = (plan: Plan): Plan[] =>
  plan['Actual Loops'] === 0 ? [] : [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
