import { Migration } from '@mikro-orm/migrations';

/** What an item of a place (project, tool, class) can be ordered by: pages are read from where they begin (item.pages.ts). */
const KEYS = ['title_key', 'due_date', 'created_at', 'updated_at', 'issued_at', 'closed_at'];

/** Indexes for every order of a list of items and its common filters. bench/growth.md has their sizes, and what they cost and gain. */
export class Migration0005 extends Migration {
  override up(): void {
    this.addSql(`
-- the first of item_people's assignees, written with them: what items are ordered by when it is by assignee
alter table items add column first_assignee_id uuid;
update items set first_assignee_id = (
  select p.user_id from item_people p where p.item_id = items.id and p.role = 'ASSIGNEE' order by p.position limit 1
) where exists (select 1 from item_people p where p.item_id = items.id and p.role = 'ASSIGNEE');

${KEYS.map(
  (
    key,
  ) => `create index items_by_${key.replace('_key', '')} on items (project_id, generic_tool_id, class, ${key}, id) where archived_at is null;
`,
).join('')}
-- with what parts of a number are looked for in
create index items_by_number on items (project_id, generic_tool_id, class, number_key, id) include (number) where archived_at is null;
-- The only index with the status. Those that use it say "archived_at is null" in it, for the few statuses that a tool has, in order.
create index items_by_status on items (status_id, project_id, class, archived_at, id);
drop index items_status;
create index items_by_assignee on items (project_id, first_assignee_id, id) include (generic_tool_id, class) where archived_at is null;
-- of all projects together
create index items_newest on items (company_id, created_at, id) include (project_id, generic_tool_id, class) where archived_at is null;

-- what somebody has made or received in a project
create index items_by_creator on items (created_by_id, project_id);
drop index items_creator;
create index items_by_sender on items (received_from_id, project_id);
drop index items_received_from;

-- how many items a place has: as if project, tool and class had nothing to do with each other, a tenth is taken for a fiftieth
create statistics items_of_place (mcv) on project_id, generic_tool_id, class from items;
-- pages of ids are read from indexes alone as long as vacuum has seen the rows: by default not until a fifth is new
alter table item_audiences set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
alter table items set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
`);
  }
}
