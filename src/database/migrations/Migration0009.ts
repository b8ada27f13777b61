import { Migration } from '@mikro-orm/migrations';

/** What an item may refer to one of; each is looked for from its own end, and most items have none. */
const REFERENCES = ['location_id', 'cost_code_id', 'specification_section_id', 'sub_job_id', 'origin_item_id'];

/** Reference data of projects; and what items say of it, of their own fields, and of where they come from. */
export class Migration0009 extends Migration {
  override up(): void {
    this.addSql(`
-- locations, cost codes, specification sections, sub jobs, trades, tasks: one table, because they are read, synced and chosen alike
create table reference_data (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  external_id text,
  project_id uuid not null references projects,
  kind text not null check (kind in ('LOCATION', 'COST_CODE', 'SPECIFICATION_SECTION', 'SUB_JOB', 'TRADE', 'TASK')),
  name text not null,
  code text,
  path text,
  -- what lists of the kind are ordered by: path, code or name, as people count
  sort_key text not null collate "C",
  active boolean not null default true
);
create unique index reference_data_external_id on reference_data (company_id, project_id, kind, external_id);
create index reference_data_by_key on reference_data (project_id, kind, sort_key, id);
create constraint trigger names_changed after update on reference_data deferrable initially deferred
  for each row when (old.* is distinct from new.*) execute function names_changed();
create constraint trigger names_gone after delete on reference_data deferrable initially deferred
  for each row execute function names_changed();

-- No foreign keys: rows of reference data, items and topics are never deleted, and a write checks that they are there (see Migration0004).
alter table items
  add column location_id uuid, add column cost_code_id uuid, add column specification_section_id uuid, add column sub_job_id uuid,
  -- null when there are none, in the order in which they were named
  add column trade_ids uuid[], add column task_ids uuid[],
  -- by the id of the custom field
  add column custom_values jsonb,
  add column origin_item_id uuid, add column origin_topic_id uuid;
${REFERENCES.map((column) => `create index items_by_${column.replace('_id', '')} on items (${column}) where ${column} is not null;`).join('\n')}
create index items_by_trade on items using gin (trade_ids) where trade_ids is not null;
`);
  }
}
