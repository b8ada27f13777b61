import { Migration } from '@mikro-orm/migrations';

const KEY = 'company_id, project_id, generic_tool_id, class, status_id, due_on';
const OF_ITEMS = 'company_id, project_id, generic_tool_id, class, status_id, due_date, archived_at';

/** What some items (n: 1) or what is to be taken off (n: -1) come to, for each key. */
const counted = (items: string) => `
  select item.company_id, item.project_id, item.generic_tool_id, item.class, item.status_id, kept.due_on, sum(item.n)::int as count
  from (${items}) item
  join generic_tool_statuses status on status.id = item.status_id
  cross join lateral (
    select case when status.category = 'OPEN' then coalesce(item.due_date, 'infinity') else 'infinity' end as due_on
  ) kept
  where item.archived_at is null
  group by 1, 2, 3, 4, 5, 6
  having sum(item.n) <> 0`;

/** The same items before and after a statement, as the trigger of each kind of statement is given them. */
const CHANGES = {
  insert: { tables: 'new table as came', items: `select ${OF_ITEMS}, 1 as n from came` },
  update: {
    tables: 'old table as went new table as came',
    items: `select ${OF_ITEMS}, -1 as n from went union all select ${OF_ITEMS}, 1 from came`,
  },
  delete: { tables: 'old table as went', items: `select ${OF_ITEMS}, -1 as n from went` },
};

const keep = ([kind, { tables, items }]: [string, (typeof CHANGES)['insert']]) => `
create function count_items_on_${kind}() returns trigger language plpgsql as $$
begin
  with change as materialized (${counted(items)}),
  taken as (
    delete from item_counts where ctid = any (array(
      select known.ctid
      from change cross join lateral (
        select ctid from item_counts c
        where c.project_id = change.project_id and c.generic_tool_id = change.generic_tool_id and c.class = change.class
          and c.status_id = change.status_id and c.due_on = change.due_on
        for update skip locked
      ) known
    )) returning ${KEY}, count
  )
  insert into item_counts (${KEY}, count)
  select ${KEY}, sum(count)
  from (select * from change union all select * from taken) part
  group by ${KEY} having sum(count) <> 0;
  return null;
end $$;
create trigger count_items_on_${kind} after ${kind} on items referencing ${tables}
  for each statement execute function count_items_on_${kind}();`;

/** How many live items there are of each class, status and due date: what statistics are added up from. */
export class Migration0003 extends Migration {
  override up(): void {
    this.addSql(`
-- The counts of a key are added up: it has as many rows as there were writers at once. A writer puts the rows that nobody else holds
-- and its own change into one new row, and leaves alone those that are held: nobody waits for a counter, and nobody can come to wait
-- for another the other way round. A row is never changed, so that one which is found and free is still what it was. One that comes
-- to nothing is not kept. What no item refers to any more is not here either: the references are those of the items.
create table item_counts (
  company_id uuid not null,
  project_id uuid not null,
  generic_tool_id uuid not null,
  class uuid not null,
  status_id uuid not null,
  -- the due date while the status is Open, so that what is overdue can be told of any day; else infinity
  due_on date not null,
  -- tells rows of one key apart
  slot bigint not null generated always as identity,
  count integer not null,
  primary key (project_id, generic_tool_id, class, status_id, due_on, slot)
);

-- What item_counts has to come to.
create view counted_items as ${counted(`select ${OF_ITEMS}, 1 as n from items`)};
${Object.entries(CHANGES).map(keep).join('')}
create function count_items_on_truncate() returns trigger language plpgsql as $$
begin
  truncate item_counts;
  return null;
end $$;
create trigger count_items_on_truncate after truncate on items
  for each statement execute function count_items_on_truncate();

insert into item_counts (${KEY}, count) select ${KEY}, count from counted_items order by 2, 3, 4, 5, 6;
`);
  }
}
