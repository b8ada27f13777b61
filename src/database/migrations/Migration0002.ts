import { Migration } from '@mikro-orm/migrations';

/** What the fast ways of reading look at: the class that an item is for, and whether names of a company have changed. */
export class Migration0002 extends Migration {
  override up(): void {
    this.addSql(`
-- The one class among an item's audiences (item.policy.ts, audiencesOf): READERS, ADMINS or ADMINS_OF_PRIVATE. An item is a Draft
-- as long as it was not issued.
alter table items add column class uuid not null generated always as (
  case
    when private then '00000000-0000-0000-0000-000000000003'::uuid
    when issued_at is null then '00000000-0000-0000-0000-000000000002'::uuid
    else '00000000-0000-0000-0000-000000000001'::uuid
  end
) stored;

-- Who keeps names of a company (people, vendors, projects, tools, statuses) has them right as long as this is the same.
alter table companies add column names_version xid8 not null default pg_current_xact_id();

create function names_changed() returns trigger language plpgsql as $$
begin
  -- once in a transaction, however many rows it changes
  update companies set names_version = pg_current_xact_id()
  where id = old.company_id and names_version <> pg_current_xact_id();
  return null;
end $$;
${['users', 'vendors', 'projects', 'generic_tools', 'generic_tool_statuses']
  .map(
    (table) => `
-- deferred, so that the row of the company is held for no longer than the end of the transaction takes
create constraint trigger names_changed after update on ${table} deferrable initially deferred
  for each row when (old.* is distinct from new.*) execute function names_changed();
create constraint trigger names_gone after delete on ${table} deferrable initially deferred
  for each row execute function names_changed();`,
  )
  .join('')}
`);
  }
}
