import { Migration } from '@mikro-orm/migrations';

/** What tells whether a replica has enough of the log to answer somebody: who wrote last, and when rights last changed. */
export class Migration0006 extends Migration {
  override up(): void {
    this.addSql(`
-- The transaction in which a user wrote last; kept only by gateways that read replicas. Updated in place: nothing in it is indexed
-- but the key, and a page keeps room for the next version of each row.
create table last_writes (
  user_id uuid primary key references users,
  company_id uuid not null references companies,
  transaction_id xid8 not null
) with (fillfactor = 50);

-- The transaction that last changed what people of a company hold on tools, and which projects there are; what else decides about sight (vendors and activity
-- of users, settings of tools) is in names_version already.
alter table companies add column rights_version xid8 not null default pg_current_xact_id();

create function rights_changed() returns trigger language plpgsql as $$
begin
  -- once in a transaction, however many rows it changes
  update companies set rights_version = pg_current_xact_id()
  where id = coalesce(new.company_id, old.company_id) and rights_version <> pg_current_xact_id();
  return null;
end $$;
${['project_members', 'generic_tool_grants', 'permission_template_entries', 'fieldset_projects']
  .map(
    (table) => `
-- deferred, so that the row of the company is held for no longer than the end of the transaction takes
create constraint trigger rights_changed after insert or update or delete on ${table} deferrable initially deferred
  for each row execute function rights_changed();`,
  )
  .join('')}
create constraint trigger rights_changed after insert on projects deferrable initially deferred
  for each row execute function rights_changed();
`);
  }
}
