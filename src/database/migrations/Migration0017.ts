import { Migration } from '@mikro-orm/migrations';

/** What new items of a tool start with in a project, and who is told of what there. */
export class Migration0017 extends Migration {
  override up(): void {
    this.addSql(`
-- one row for each tool in a project that something was said about
create table generic_tool_defaults (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  project_id uuid not null references projects,
  generic_tool_id uuid not null references generic_tools,
  description text,
  due_in_working_days integer,
  -- in the order in which they were named
  distribution_member_ids uuid[] not null default '{}',
  -- what was said of the notification matrix: {"CLOSED ASSIGNEE": true}; the rest is as defaults.policy.ts has it
  notifications jsonb not null default '{}'
);
create unique index generic_tool_defaults_place on generic_tool_defaults (project_id, generic_tool_id, company_id);
`);
  }
}
