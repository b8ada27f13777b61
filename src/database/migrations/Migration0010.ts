import { Migration } from '@mikro-orm/migrations';

const forEachRow = (name: string, when: string, table: string, more = '') => `
create constraint trigger ${name} after ${when} on ${table} deferrable initially deferred
  for each row ${more} execute function names_changed();`;
const CHANGED = 'when (old.* is distinct from new.*)';

/** Fields that a company defines itself: what they are, and which fieldsets have them. */
export class Migration0010 extends Migration {
  override up(): void {
    this.addSql(`
create table custom_fields (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  label text not null,
  label_key text not null collate "C",
  description text,
  data_type text not null check (data_type in ('STRING', 'RICH_TEXT', 'DECIMAL', 'CURRENCY', 'BOOLEAN', 'DATE', 'DATETIME', 'SINGLE_SELECT',
    'MULTI_SELECT', 'USER', 'USERS', 'COMPANY', 'LOCATION', 'READ_ONLY')),
  -- as values of items are kept (customValue.policy.ts)
  default_value jsonb,
  active boolean not null default true
);
-- one that was put out of use lets go of its label
create unique index custom_fields_label on custom_fields (company_id, lower(label collate "pg_c_utf8")) where active;
create index custom_fields_by_label on custom_fields (company_id, label_key, id);

create table custom_field_options (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  custom_field_id uuid not null references custom_fields,
  label text not null,
  position integer not null,
  active boolean not null default true
);
-- their labels are unique whatever their case: whoever adds some holds the field
create index custom_field_options_of on custom_field_options (custom_field_id);

-- a fieldset speaks of a built-in field or of one of the company's
alter table fieldset_fields alter column field drop not null,
  add column custom_field_id uuid references custom_fields,
  add check (num_nonnulls(field, custom_field_id) = 1);
create unique index fieldset_fields_custom on fieldset_fields (fieldset_id, custom_field_id) where custom_field_id is not null;
create index fieldset_fields_of_custom on fieldset_fields (custom_field_id) where custom_field_id is not null;

-- which items have a certain value; those without values are not in it
create index items_by_custom_value on items using gin (custom_values jsonb_path_ops) where custom_values is not null;

-- Options are remembered with their field, and custom fields with the place that has them: rows that come change those too.
create or replace function names_changed() returns trigger language plpgsql as $$
begin
  -- once in a transaction, however many rows it changes
  update companies set names_version = pg_current_xact_id()
  where id = coalesce(new.company_id, old.company_id) and names_version <> pg_current_xact_id();
  return null;
end $$;
${[
  forEachRow('names_changed', 'update', 'custom_fields', CHANGED),
  forEachRow('names_gone', 'delete', 'custom_fields'),
  forEachRow('names_changed', 'update', 'custom_field_options', CHANGED),
  forEachRow('names_come_or_gone', 'insert or delete', 'custom_field_options'),
  forEachRow('names_changed', 'update', 'fieldset_fields', CHANGED),
  forEachRow('names_come_or_gone', 'insert or delete', 'fieldset_fields'),
  forEachRow('names_changed', 'update', 'fieldset_projects', CHANGED),
  forEachRow('names_come_or_gone', 'insert or delete', 'fieldset_projects'),
].join('')}
`);
  }
}
