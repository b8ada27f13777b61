import { Migration } from '@mikro-orm/migrations';

/**
 * Who was mailed what about which item, and what is overdue: told once a day. Rows refer to what is never deleted, but for their mail,
 * and are written by the ten thousand: nothing else is looked up for them (as in Migration0004).
 */
export class Migration0020 extends Migration {
  override up(): void {
    this.addSql(`
create table item_notifications (
  id uuid primary key,
  company_id uuid not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  project_id uuid not null,
  item_id uuid not null,
  recipient_id uuid not null,
  act_id uuid not null,
  actor_id uuid,
  acted_at timestamptz(3) not null,
  event text not null,
  others text[] not null,
  joined text[] not null,
  lost text[] not null,
  reopened boolean not null,
  response_id uuid,
  delivery_id uuid not null references email_deliveries
);
-- one mail for a person and an act, however often it is read
create unique index item_notifications_act on item_notifications (act_id, item_id, recipient_id);
-- those of an item, and those of somebody about it, newest first
create index item_notifications_item on item_notifications (item_id, id);
create index item_notifications_recipient on item_notifications (item_id, recipient_id, id);
create index item_notifications_delivery on item_notifications (delivery_id, id);

-- the last day that people of a project were told of what is overdue in it
create table overdue_days (
  project_id uuid primary key,
  company_id uuid not null,
  told_on date not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);

-- When an item came here by an import or a seed, null for one that was made here: nobody is told that it is overdue if it was when it
-- came. What was imported so far came, at the latest, when its company's last import ended.
alter table items add column brought_at timestamptz(3);
update items set brought_at = imported.at
from (select company_id, max(created_at) as at from events where type = 'import.finished' group by company_id) imported
where items.company_id = imported.company_id and items.external_id is not null;
`);
  }
}
