import { Migration } from '@mikro-orm/migrations';

/** The core: directory, tools, permissions, items, responses, history and events. */
export class Migration0001 extends Migration {
  override up(): void {
    this.addSql(`
-- pg_c_utf8 (PostgreSQL 17 on) folds case the same on every server, whatever its locale; keys of JavaScript compare as "C"
create table companies (
  id uuid primary key,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  external_id text,
  name text not null,
  issued_items_are_frozen boolean not null default false,
  item_url_template text
);

create table vendors (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  external_id text,
  name text not null,
  name_key text not null collate "C"
);
create unique index vendors_external_id on vendors (company_id, external_id);
create index vendors_by_name on vendors (company_id, name_key, id);

create table users (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  external_id text,
  name text not null,
  name_key text not null collate "C",
  email text not null,
  vendor_id uuid references vendors,
  locale text,
  job_title text,
  phone text,
  avatar_url text,
  active boolean not null default true,
  is_service boolean not null default false,
  is_company_admin boolean not null default false,
  wants_email boolean not null default true
);
create unique index users_external_id on users (company_id, external_id);
-- e-mail first: signing in looks for it over all companies
create unique index users_email on users (lower(email collate "pg_c_utf8"), company_id);
create index users_by_external_id on users (external_id);
create index users_by_name on users (company_id, name_key, id);
create index users_by_vendor on users (vendor_id);

create table projects (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  external_id text,
  name text not null,
  name_key text not null collate "C",
  number text,
  time_zone text not null
);
create unique index projects_external_id on projects (company_id, external_id);
create index projects_by_name on projects (company_id, name_key, id);

create table generic_tools (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  external_id text,
  title text not null,
  title_key text not null collate "C",
  abbreviation text,
  private_by_default boolean not null,
  enabled_on_new_projects boolean not null,
  sends_overdue_notifications boolean not null,
  admins_see_private_items boolean not null
);
create unique index generic_tools_title on generic_tools (company_id, lower(title collate "pg_c_utf8"));
create unique index generic_tools_external_id on generic_tools (company_id, external_id);

create table generic_tool_statuses (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  external_id text,
  generic_tool_id uuid not null references generic_tools,
  name text not null,
  sort_key text not null collate "C",
  category text not null check (category in ('DRAFT', 'OPEN', 'CLOSED', 'CLOSED_SUCCESSFUL', 'CLOSED_UNSUCCESSFUL')),
  is_built_in boolean not null
);
create unique index generic_tool_statuses_name on generic_tool_statuses (generic_tool_id, lower(name collate "pg_c_utf8"));
create unique index generic_tool_statuses_external_id on generic_tool_statuses (company_id, external_id);

create table fieldsets (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  generic_tool_id uuid not null references generic_tools,
  name text not null,
  is_default boolean not null
);
create unique index fieldsets_name on fieldsets (generic_tool_id, lower(name collate "pg_c_utf8"));
create unique index fieldsets_default on fieldsets (generic_tool_id) where is_default;

create table fieldset_sections (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  fieldset_id uuid not null references fieldsets on delete cascade,
  name text not null,
  position integer not null
);
create index fieldset_sections_of on fieldset_sections (fieldset_id);

create table fieldset_fields (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  fieldset_id uuid not null references fieldsets on delete cascade,
  field text not null,
  visible boolean not null,
  required boolean not null,
  position integer not null,
  section_id uuid references fieldset_sections on delete set null
);
create unique index fieldset_fields_field on fieldset_fields (fieldset_id, field);
create index fieldset_fields_section on fieldset_fields (section_id);

create table fieldset_projects (
  project_id uuid not null references projects,
  generic_tool_id uuid not null references generic_tools,
  company_id uuid not null references companies,
  fieldset_id uuid not null references fieldsets,
  primary key (project_id, generic_tool_id)
);
create index fieldset_projects_fieldset on fieldset_projects (fieldset_id);
create index fieldset_projects_tool on fieldset_projects (generic_tool_id);

create table permission_templates (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  name text not null,
  name_key text not null collate "C"
);
create unique index permission_templates_name on permission_templates (company_id, lower(name collate "pg_c_utf8"));

create table permission_template_entries (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  permission_template_id uuid not null references permission_templates on delete cascade,
  generic_tool_id uuid not null references generic_tools,
  access_level text not null check (access_level in ('NONE', 'READ_ONLY', 'STANDARD', 'ADMIN')),
  granular_permissions text[] not null
);
create unique index permission_template_entries_tool on permission_template_entries (permission_template_id, generic_tool_id);
create index permission_template_entries_by_tool on permission_template_entries (generic_tool_id);

create table project_members (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  project_id uuid not null references projects,
  user_id uuid not null references users,
  permission_template_id uuid references permission_templates
);
create unique index project_members_user on project_members (user_id, project_id);
create unique index project_members_project on project_members (project_id, user_id);
create index project_members_template on project_members (permission_template_id);

create table generic_tool_grants (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  project_id uuid not null,
  user_id uuid not null,
  generic_tool_id uuid not null references generic_tools,
  access_level text not null check (access_level in ('NONE', 'READ_ONLY', 'STANDARD', 'ADMIN')),
  granular_permissions text[] not null,
  -- grants end with the membership
  foreign key (user_id, project_id) references project_members (user_id, project_id) on delete cascade
);
create unique index generic_tool_grants_user on generic_tool_grants (user_id, project_id, generic_tool_id);
create index generic_tool_grants_tool on generic_tool_grants (generic_tool_id);

-- Who holds what on the tools that are available in a project: a direct grant replaces the template's entry as a whole;
-- who is not a member, or has level NONE, is not in it (domain.md 3). Whether the user is active is not asked here.
create view tool_rights as
select member.company_id, member.user_id, member.project_id, available.generic_tool_id, held.access_level, held.granular_permissions
from project_members member
join fieldset_projects available on available.project_id = member.project_id
left join generic_tool_grants direct
  on direct.user_id = member.user_id and direct.project_id = member.project_id and direct.generic_tool_id = available.generic_tool_id
left join permission_template_entries entry
  on direct.id is null
  and entry.permission_template_id = member.permission_template_id and entry.generic_tool_id = available.generic_tool_id
cross join lateral (
  select coalesce(direct.access_level, entry.access_level) as access_level,
         coalesce(direct.granular_permissions, entry.granular_permissions) as granular_permissions
) held
where held.access_level <> 'NONE';

create table items (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  external_id text,
  project_id uuid not null references projects,
  generic_tool_id uuid not null references generic_tools,
  status_id uuid not null references generic_tool_statuses,
  position text not null,
  position_key text not null generated always as (lower(position collate "pg_c_utf8")) stored,
  position_number bigint generated always as (case when position ~ '^0*[0-9]{1,15}$' then position::bigint end) stored,
  number text not null,
  number_key text not null collate "C",
  title text not null,
  title_key text not null collate "C",
  description text,
  private boolean not null,
  due_date date,
  schedule_impact_status text,
  schedule_impact_days double precision,
  cost_impact_status text,
  cost_impact_amount numeric,
  created_by_id uuid not null references users,
  received_from_id uuid references users,
  quantity numeric,
  unit text,
  issued_at timestamptz(3),
  closed_at timestamptz(3),
  archived_at timestamptz(3),
  version integer not null,
  -- judged at the end of a statement, so that one batch can swap positions
  constraint items_position unique (project_id, generic_tool_id, position_key) deferrable initially immediate,
  constraint items_external_id unique (company_id, external_id) deferrable initially immediate
) with (fillfactor = 85);
create index items_position_number on items (project_id, generic_tool_id, position_number);
create index items_status on items (status_id);
create index items_creator on items (created_by_id);
create index items_received_from on items (received_from_id);

create table item_people (
  item_id uuid not null references items,
  role text not null check (role in ('ASSIGNEE', 'DISTRIBUTION')),
  user_id uuid not null references users,
  company_id uuid not null references companies,
  position integer not null,
  primary key (item_id, role, user_id)
);
create index item_people_user on item_people (user_id, role, item_id);

create table item_audiences (
  item_id uuid not null references items,
  audience uuid not null,
  company_id uuid not null references companies,
  project_id uuid not null,
  generic_tool_id uuid not null,
  archived boolean not null,
  created_at timestamptz(3) not null,
  primary key (item_id, audience)
);
create unique index item_audiences_page
  on item_audiences (company_id, audience, project_id, generic_tool_id, archived, created_at desc, item_id desc);

create table item_counters (
  project_id uuid not null references projects,
  generic_tool_id uuid not null references generic_tools,
  company_id uuid not null references companies,
  last_position bigint not null,
  primary key (project_id, generic_tool_id)
);

create table item_changes (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  project_id uuid not null references projects,
  item_id uuid not null references items,
  field text not null,
  old_value text,
  new_value text,
  in_draft boolean not null,
  created_by_id uuid not null references users
);
create index item_changes_of on item_changes (item_id, created_at desc, id desc);

create table responses (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  external_id text,
  project_id uuid not null references projects,
  item_id uuid not null references items,
  position integer not null,
  notes text not null,
  official boolean not null,
  status_id uuid not null references generic_tool_statuses,
  created_by_id uuid not null references users
);
create unique index responses_position on responses (item_id, position);
create unique index responses_external_id on responses (company_id, external_id);
create index responses_status on responses (status_id);
create index responses_creator on responses (created_by_id);

create table events (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  act_id uuid not null,
  type text not null,
  actor_id uuid references users,
  project_id uuid references projects,
  generic_tool_id uuid references generic_tools,
  item_id uuid references items,
  response_id uuid references responses,
  payload jsonb not null,
  handled_at timestamptz(3)
);
create index events_waiting on events (created_at, id) where handled_at is null;

create table idempotency_keys (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  user_id uuid not null references users,
  mutation text not null,
  key text not null,
  input_hash text not null,
  outcome jsonb
);
create unique index idempotency_keys_scope on idempotency_keys (user_id, mutation, key);
create index idempotency_keys_age on idempotency_keys (created_at);
`);
  }
}
