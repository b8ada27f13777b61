import { Migration } from '@mikro-orm/migrations';

const forEachRow = (name: string, when: string, table: string, more = '') => `
create constraint trigger ${name} after ${when} on ${table} deferrable initially deferred
  for each row ${more} execute function ${name === 'rights_changed' ? name : 'names_changed'}();`;

/** What a table of the directory has that other systems keep too. */
const ROW = `
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  external_id text,`;

/** Groups of users; people outside of the company, their firms, and the matters that they raise; and who reads what comes in by mail. */
export class Migration0023 extends Migration {
  override up(): void {
    this.addSql(`
create table teams (${ROW}
  name text not null,
  name_key text not null collate "C"
);
create unique index teams_external_id on teams (company_id, external_id);
create index teams_by_name on teams (company_id, name_key, id);

create table team_users (
  team_id uuid not null references teams,
  user_id uuid not null references users,
  company_id uuid not null references companies,
  primary key (team_id, user_id)
);
-- the teams of whoever looks for cases
create index team_users_user on team_users (user_id, team_id);

create table accounts (${ROW}
  name text not null,
  name_key text not null collate "C"
);
create unique index accounts_external_id on accounts (company_id, external_id);
create index accounts_by_name on accounts (company_id, name_key, id);

create table contacts (${ROW}
  name text not null,
  name_key text not null collate "C",
  -- name and addresses: what words are looked for in
  search_key text not null,
  account_id uuid references accounts,
  owner_id uuid references users,
  team_id uuid references teams,
  status text,
  fields jsonb
);
create unique index contacts_external_id on contacts (company_id, external_id);
create index contacts_by_name on contacts (company_id, name_key, id);
create index contacts_by_account on contacts (account_id, name_key, id) where account_id is not null;

create table contact_emails (
  contact_id uuid not null references contacts,
  position integer not null,
  company_id uuid not null references companies,
  email text not null,
  primary key (contact_id, position)
);
-- an address that mail comes from is one contact's of the company
create unique index contact_emails_email on contact_emails (company_id, lower(email collate "pg_c_utf8"));

create table cases (${ROW}
  title text not null,
  title_key text not null collate "C",
  -- title and type: what words are looked for in
  search_key text not null,
  type_name text,
  contact_id uuid references contacts,
  owner_id uuid references users,
  team_id uuid references teams
);
create unique index cases_external_id on cases (company_id, external_id);
create index cases_by_title on cases (company_id, title_key, id);
-- those that somebody sees who is no company admin
create index cases_by_owner on cases (owner_id) where owner_id is not null;
create index cases_by_team on cases (team_id) where team_id is not null;
create index cases_by_contact on cases (contact_id) where contact_id is not null;

-- whom mail to the address of a project is for; or, without one, mail to that of the company
create table email_members (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  project_id uuid references projects,
  user_id uuid not null references users
);
create unique index email_members_user on email_members (company_id, project_id, user_id) nulls not distinct;
create index email_members_of_user on email_members (user_id);
${[
  forEachRow('names_changed', 'update', 'teams', 'when (old.* is distinct from new.*)'),
  forEachRow('names_gone', 'delete', 'teams'),
  forEachRow('names_changed', 'update', 'accounts', 'when (old.* is distinct from new.*)'),
  forEachRow('names_gone', 'delete', 'accounts'),
  forEachRow('rights_changed', 'insert or update or delete', 'team_users'),
  forEachRow('rights_changed', 'insert or update or delete', 'cases'),
  forEachRow('rights_changed', 'insert or update or delete', 'email_members'),
].join('')}
`);
  }
}
