import { Migration } from '@mikro-orm/migrations';

/** Files, and what items and responses have of them. */
export class Migration0011 extends Migration {
  override up(): void {
    this.addSql(`
-- A file has its row before its first byte is stored, and keeps it until its last one is gone: whatever a process leaves behind when
-- it is killed, the row tells of it.
create table files (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  created_by_id uuid not null references users,
  name text not null,
  announced_size bigint not null,
  receiving_since timestamptz(3),
  stored_at timestamptz(3),
  size bigint,
  content_type text,
  sha256 text,
  claimed boolean not null default false,
  due_at timestamptz(3),
  removed boolean not null default false,
  check ((stored_at is null) = (size is null) and (size is null) = (content_type is null) and (size is null) = (sha256 is null)),
  check (stored_at is not null or not claimed)
);
create index files_open on files (created_by_id) where not claimed;
create index files_due on files (due_at) where due_at is not null;

-- No keys on project, item, response and user: see Migration0004. The one on files is what keeps a file that is in use.
create table attachments (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  project_id uuid not null,
  item_id uuid,
  response_id uuid,
  kind text not null
    check (kind in ('UPLOAD', 'FILE_VERSION', 'PROSTORE_FILE', 'DRAWING_REVISION', 'FORM', 'IMAGE', 'DOCUMENT_REVISION')),
  name text not null,
  file_id uuid references files,
  external_id text,
  url text,
  created_by_id uuid not null,
  check (num_nonnulls(item_id, response_id) = 1),
  check ((kind = 'UPLOAD') = (file_id is not null)),
  check ((kind = 'UPLOAD') = (external_id is null))
);
create index attachments_by_file on attachments (file_id) where file_id is not null;
create index attachments_by_response on attachments (response_id, id) where response_id is not null;

-- null when there are none, in the order in which they came: what a change of an item is judged against without another look
alter table items add column attachment_ids uuid[];
`);
  }
}
