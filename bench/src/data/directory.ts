import { CROWD, CROWD_VENDORS, PEOPLE, PROJECTS, sqlId, TOOLS, USERS, VENDORS } from './sizes.ts';

const COMPANY = sqlId('company', '1');
const BORN = `timestamptz '2023-12-01 00:00:00Z'`;
const base = `${COMPANY}, ${BORN}, ${BORN}`;

/** Statuses of each tool by number; the second open one is for the batches: a closed item can no longer be edited. */
const STATUSES = `(values (1, 'Draft', 'DRAFT', '0draft', true), (2, 'Open', 'OPEN', '1open', true),
  (3, 'In Review', 'OPEN', '1in review', false), (4, 'Closed', 'CLOSED', '2closed', true)) as s(n, name, category, sort_key, built_in)`;

/** Standard, Admin, Read Only, Read Only with the vendor's items: by number. */
const TEMPLATES = `(values (1, 'Standard', 'STANDARD', '{}'), (2, 'Admin', 'ADMIN', '{}'), (3, 'Read Only', 'READ_ONLY', '{}'),
  (4, 'Read Only and vendor', 'READ_ONLY', '{VIEW_VENDOR_ITEMS}')) as held(n, name, level, granular)`;

/** What tool 1 has of custom fields: by number. */
const CUSTOM_FIELDS = `(values (1, 'Drawing', 'STRING'), (2, 'Discipline', 'SINGLE_SELECT'), (3, 'Estimate', 'CURRENCY')) as f(n, label, type)`;
/** Options of the second. */
export const OPTIONS = 12;

const series = (last: number, name: string) => `generate_series(1, ${last}) ${name}`;

/** Company, vendors, users, projects, tools, statuses, templates and members: the same at every size. */
export const DIRECTORY = [
  `insert into companies (id, created_at, updated_at, name) values (${COMPANY}, ${BORN}, ${BORN}, 'Big')`,
  `insert into vendors (id, company_id, created_at, updated_at, name, name_key)
   select ${sqlId('vendor', 'g')}, ${base}, 'Vendor ' || g, 'vendor ' || g from ${series(VENDORS, 'g')}`,
  // the people of W5 have vendors of their own: 249 for the one who works alone, 250 for the other and the colleague
  `insert into users (id, company_id, created_at, updated_at, name, name_key, email, vendor_id)
   select ${sqlId('user', 'g')}, ${base}, 'User ' || g, 'user ' || g, 'user' || g || '@example.com',
     ${sqlId('vendor', `case when g <= ${CROWD} then 1 + g % ${CROWD_VENDORS} when g in (${PEOPLE.fewOfVendor}, ${PEOPLE.colleague}) then 250 else 249 end`)}
   from ${series(USERS, 'g')}`,
  `insert into projects (id, company_id, created_at, updated_at, name, name_key, time_zone)
   select ${sqlId('project', 'g')}, ${base}, 'Project ' || g, 'project ' || g, 'America/Los_Angeles' from ${series(PROJECTS, 'g')}`,
  `insert into generic_tools (id, company_id, created_at, updated_at, title, title_key, abbreviation, private_by_default,
     enabled_on_new_projects, sends_overdue_notifications, admins_see_private_items)
   select ${sqlId('tool', 'g')}, ${base}, 'Tool ' || g, 'tool ' || g, 'T' || g, false, false, false, true from ${series(TOOLS, 'g')}`,
  `insert into generic_tool_statuses (id, company_id, created_at, updated_at, generic_tool_id, name, sort_key, category, is_built_in)
   select ${sqlId('status', 't * 10 + s.n')}, ${base}, ${sqlId('tool', 't')}, s.name, s.sort_key, s.category, s.built_in
   from ${series(TOOLS, 't')}, ${STATUSES}`,
  `insert into fieldsets (id, company_id, created_at, updated_at, generic_tool_id, name, is_default)
   select ${sqlId('fieldset', 't')}, ${base}, ${sqlId('tool', 't')}, 'Default', true from ${series(TOOLS, 't')}`,
  `insert into custom_fields (id, company_id, created_at, updated_at, label, label_key, data_type)
   select ${sqlId('customField', 'n')}, ${base}, label, lower(label), type from ${CUSTOM_FIELDS}`,
  `insert into custom_field_options (id, company_id, created_at, updated_at, custom_field_id, label, position)
   select ${sqlId('option', 'g')}, ${base}, ${sqlId('customField', '2')}, 'Discipline ' || g, g from ${series(OPTIONS, 'g')}`,
  `insert into fieldset_fields (id, company_id, created_at, updated_at, fieldset_id, custom_field_id, visible, required, position)
   select ${sqlId('fieldsetField', 'n')}, ${base}, ${sqlId('fieldset', '1')}, ${sqlId('customField', 'n')}, true, false, n from ${CUSTOM_FIELDS}`,
  `insert into fieldset_projects (project_id, generic_tool_id, company_id, fieldset_id)
   select ${sqlId('project', 'p')}, ${sqlId('tool', 't')}, ${COMPANY}, ${sqlId('fieldset', 't')}
   from ${series(PROJECTS, 'p')}, ${series(TOOLS, 't')} order by 1, 2`,
  `insert into permission_templates (id, company_id, created_at, updated_at, name, name_key)
   select ${sqlId('template', 'n')}, ${base}, name, lower(name) from ${TEMPLATES}`,
  `insert into permission_template_entries (id, company_id, created_at, updated_at, permission_template_id, generic_tool_id,
     access_level, granular_permissions)
   select ${sqlId('entry', 'n * 10 + t')}, ${base}, ${sqlId('template', 'n')}, ${sqlId('tool', 't')}, level, granular::text[]
   from ${TEMPLATES}, ${series(TOOLS, 't')}`,
  // everybody in the two hot projects, a tenth of the crowd in each other one, those who ask everywhere
  `insert into project_members (id, company_id, created_at, updated_at, project_id, user_id, permission_template_id)
   select ${sqlId('member', 'u * 1000 + p')}, ${base}, ${sqlId('project', 'p')}, ${sqlId('user', 'u')}, ${sqlId(
     'template',
     `case u when ${PEOPLE.admin} then 2 when ${PEOPLE.few} then 3 when ${PEOPLE.fewOfVendor} then 4 else 1 end`,
   )}
   from ${series(USERS, 'u')}, ${series(PROJECTS, 'p')}
   where p <= 2 or (u + p) % 10 = 0 or u <= 3 or u > ${CROWD}`,
];
