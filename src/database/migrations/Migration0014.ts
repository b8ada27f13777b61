import { Migration } from '@mikro-orm/migrations';

/** What correspondence is about elsewhere, and what items are related to. */
export class Migration0014 extends Migration {
  override up(): void {
    this.addSql(`
create table external_topics (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  project_id uuid not null references projects,
  topic_type text not null,
  external_id text not null,
  title text not null,
  number text,
  url text
);
create unique index external_topics_external_id on external_topics (company_id, project_id, topic_type, external_id);

-- One row for each item that is related to something: two items have a row each, with an id each, so that a row has one meaning
-- wherever it is met, and the related items of a page are one range of an index each.
create table related_items (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  project_id uuid not null references projects,
  item_id uuid not null references items,
  related_item_id uuid references items,
  topic_id uuid references external_topics,
  note text,
  created_by_id uuid not null references users,
  check (related_item_id <> item_id),
  check (num_nonnulls(related_item_id, topic_id) = 1)
);
create unique index related_items_item on related_items (item_id, related_item_id, company_id);
create unique index related_items_topic on related_items (item_id, topic_id, company_id);

create index items_by_origin_topic on items (origin_topic_id) where origin_topic_id is not null;
`);
  }
}
