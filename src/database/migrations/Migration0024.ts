import { Migration } from '@mikro-orm/migrations';

/** Threads of emails, their emails, and what each user is to them. */
export class Migration0024 extends Migration {
  override up(): void {
    this.addSql(`
-- A thread of emails. What it is about is said by topic_type and, but for a project, one id; its project is that of its topic.
create table email_communications (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  project_id uuid references projects,
  subject text not null,
  -- without the prefixes of replies, in lower case: what a mail without any reference is known by
  base_subject text not null,
  private boolean not null,
  topic_type text,
  item_id uuid references items,
  external_topic_id uuid references external_topics,
  case_id uuid references cases,
  -- who sent its first mail, where that was a user
  owner_id uuid references users,
  -- the thread that the replies to notifications of its item come to: one an item
  takes_replies boolean not null default false,
  -- goes up when it turns private: reply addresses that were given before are good no more
  reply_epoch integer not null default 0,
  -- kept in the transaction of each mail, under the lock of this row
  last_sequence integer not null default 0,
  email_count integer not null default 0,
  attachment_count integer not null default 0,
  last_message_at timestamptz(3) not null,
  -- while automatic mail comes in floods
  muted_until timestamptz(3),
  check (case topic_type when 'GENERIC_TOOL_ITEM' then item_id is not null when 'CASE' then case_id is not null
    when 'PROJECT' then project_id is not null else (topic_type is null) = (external_topic_id is null) end),
  check (num_nonnulls(item_id, external_topic_id, case_id) <= 1),
  check (not takes_replies or item_id is not null)
);
create unique index email_communications_replies on email_communications (item_id) where takes_replies;
create index email_communications_item on email_communications (item_id, last_message_at, id) where item_id is not null;
create index email_communications_topic on email_communications (external_topic_id, last_message_at, id) where external_topic_id is not null;
create index email_communications_case on email_communications (case_id, last_message_at, id) where case_id is not null;
create index email_communications_project on email_communications (project_id, last_message_at, id);
create index email_communications_company on email_communications (company_id, last_message_at, id);
create index email_communications_subject on email_communications (company_id, base_subject, last_message_at);

-- What a user is to a thread. A hidden member was named in bcc: they see the mails that they were named in.
create table email_communication_users (
  user_id uuid not null references users,
  email_communication_id uuid not null references email_communications,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  member boolean not null,
  hidden boolean not null default false,
  -- the last mail that counts for them: not automatic, not waiting for review, not their own
  last_counting_sequence integer not null default 0,
  last_read_sequence integer not null default 0,
  read_at timestamptz(3),
  marked_unread boolean not null default false,
  unread boolean not null generated always as (member and (marked_unread or last_counting_sequence > last_read_sequence)) stored,
  archived boolean not null default false,
  snoozed_until timestamptz(3),
  -- of the last mail that they see: what their inbox is ordered by
  last_message_at timestamptz(3) not null,
  primary key (user_id, email_communication_id),
  check (member or not hidden)
);
create index email_communication_users_inbox on email_communication_users (user_id, last_message_at, email_communication_id) where member;
create index email_communication_users_unread on email_communication_users (user_id) where unread and not archived;
create index email_communication_users_thread on email_communication_users (email_communication_id);

create table emails (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  project_id uuid references projects,
  email_communication_id uuid not null references email_communications,
  sequence integer not null,
  type text not null check (type in ('OUTGOING', 'OUTGOING_REPLY', 'INCOMING')),
  subject text not null,
  -- the user who wrote it, through the gateway or from an address that proved to be theirs
  user_id uuid references users,
  -- as text; and as HTML, as it came or as it is sent
  content text not null,
  body text,
  -- what is left of the text without quotes, as the splitter of that version has it: [{content, isHidden, isSignature, isQuoted, isForwarded}]
  visible_text text not null,
  fragments jsonb not null,
  splitter_version integer not null,
  -- without the angle brackets
  message_id text not null,
  in_reply_to text,
  reference_ids text[] not null default '{}',
  -- of a sent one: the mail that it is followed by
  quoted_email_id uuid references emails,
  trust text not null check (trust in ('VERIFIED', 'UNVERIFIED', 'FORGED')),
  automatic boolean not null default false,
  -- without those that are shown within it
  attachment_count integer not null default 0,
  review_state text check (review_state in ('WAITING', 'ACCEPTED', 'REJECTED')),
  response_id uuid references responses,
  -- the mail as it came
  raw_file_id uuid references files,
  raw_sha256 text,
  sent_at timestamptz(3),
  received_at timestamptz(3)
);
create unique index emails_sequence on emails (email_communication_id, sequence);
-- one message an id; a second thread may have a copy
create unique index emails_message_id on emails (company_id, md5(message_id), email_communication_id);
create unique index emails_response on emails (response_id) where response_id is not null;
create index emails_waiting on emails (email_communication_id) where review_state = 'WAITING';

-- Whom a mail was from and to, as they stood in it; and whom they resolve to.
create table email_participants (
  email_id uuid not null references emails,
  role text not null check (role in ('FROM', 'TO', 'CC', 'BCC')),
  position integer not null,
  company_id uuid not null references companies,
  address text,
  name text,
  user_id uuid references users,
  contact_id uuid references contacts,
  primary key (email_id, role, position),
  check (num_nonnulls(address, user_id) > 0)
);
create index email_participants_address on email_participants (company_id, lower(address)) where address is not null;
create index email_participants_contact on email_participants (contact_id, email_id) where contact_id is not null;
create index email_participants_user on email_participants (user_id, email_id) where user_id is not null;

-- Every Message-ID that was met: of mails that are here, and of those that others refer to and that have not come (yet).
create table email_message_ids (
  company_id uuid not null references companies,
  hash text not null,
  email_communication_id uuid not null references email_communications,
  email_id uuid references emails,
  created_at timestamptz(3) not null,
  primary key (company_id, hash, email_communication_id)
);

-- of mail that comes from nobody of the company, and of no project
alter table files alter column created_by_id drop not null;
alter table attachments alter column created_by_id drop not null;
alter table attachments alter column project_id drop not null;
alter table attachments add column email_id uuid;
-- shown within the mail, not beside it
alter table attachments add column content_id text;
alter table attachments drop constraint attachments_check;
alter table attachments add constraint attachments_check check (num_nonnulls(item_id, response_id, email_id) = 1);
create index attachments_by_email on attachments (email_id, id) where email_id is not null;
-- the mail of a thread that a delivery is of
alter table email_deliveries add column email_id uuid references emails;
create index email_deliveries_email on email_deliveries (email_id) where email_id is not null;
alter table events add column email_communication_id uuid references email_communications;
alter table events add column email_id uuid references emails;
`);
  }
}
