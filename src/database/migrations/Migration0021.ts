import { Migration } from '@mikro-orm/migrations';

/** Webhooks, and what was sent, or is to be. */
export class Migration0021 extends Migration {
  override up(): void {
    this.addSql(`
create table webhooks (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  -- of one project; null: of the whole company
  project_id uuid references projects,
  owner_id uuid not null references users,
  url text not null,
  events text[] not null,
  description text,
  enabled boolean not null,
  -- sealed (secret.policy.ts); the newest in front
  secrets jsonb not null,
  disabled_at timestamptz(3),
  disabled_reason text check (disabled_reason in ('REQUESTED', 'GONE', 'FAILING')),
  -- since when there have been nothing but failures
  failing_since timestamptz(3),
  -- the endpoint has asked to be left alone until then
  paused_until timestamptz(3),
  -- it took long lately: it waits among its like, until it is quick after that time
  slow_until timestamptz(3),
  check (enabled = (disabled_at is null) and enabled = (disabled_reason is null))
);
create index webhooks_company on webhooks (company_id, project_id);

create table webhook_deliveries (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  project_id uuid references projects,
  webhook_id uuid not null references webhooks on delete cascade,
  -- without a reference: events are deleted by themselves, after their deliveries
  event_id uuid not null,
  type text not null,
  state text not null check (state in ('PENDING', 'DELIVERED', 'RETRYING', 'FAILED', 'WITHHELD')),
  attempts integer not null,
  -- of the present round: those of before a replay do not count
  failures integer not null,
  response_status integer,
  response_body text,
  error text,
  next_attempt_at timestamptz(3)
);
-- each event once; and the log in its order, as events have ids in the order of time
create unique index webhook_deliveries_event on webhook_deliveries (webhook_id, event_id);
create index webhook_deliveries_waiting on webhook_deliveries (webhook_id, next_attempt_at) where state in ('PENDING', 'RETRYING');
create index webhook_deliveries_time on webhook_deliveries (created_at);
-- rows that come, change once and go
alter table webhook_deliveries set (autovacuum_vacuum_scale_factor = 0.02);
`);
  }
}
