import { Migration } from '@mikro-orm/migrations';

/** Lists of items that people have given a name. */
export class Migration0013 extends Migration {
  override up(): void {
    this.addSql(`
create table saved_views (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  project_id uuid not null references projects,
  owner_id uuid not null references users,
  name text not null,
  -- what lists go by
  name_key text not null collate "C",
  -- for all members of the project, or for its owner alone
  shared boolean not null,
  -- as they were given, and in that order: json, not jsonb
  filter json not null,
  order_by json not null,
  columns text[] not null
);
create unique index saved_views_name on saved_views (company_id, project_id, owner_id, lower(name collate "pg_c_utf8"));
create index saved_views_shared on saved_views (project_id) where shared;
`);
  }
}
