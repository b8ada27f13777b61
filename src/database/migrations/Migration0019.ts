import { Migration } from '@mikro-orm/migrations';

/** Mails on their way, one row for each recipient. */
export class Migration0019 extends Migration {
  override up(): void {
    this.addSql(`
create table email_deliveries (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  project_id uuid references projects,
  -- who composes it
  kind text not null,
  address text not null,
  name text not null,
  user_id uuid references users,
  state text not null check (state in ('QUEUED', 'SENT', 'DEFERRED', 'FAILED', 'BOUNCED')),
  -- what is given up is given up so long after this: when it was queued, or last sent anew
  queued_at timestamptz(3) not null,
  attempts integer not null,
  last_error text,
  next_attempt_at timestamptz(3),
  sent_at timestamptz(3),
  message_id text not null,
  -- how often it was sent anew; every time it is another message
  resends integer not null,
  -- until then one worker is sending it
  claimed_until timestamptz(3)
);
-- how many are in a state, and which of those that wait have been forgotten
create index email_deliveries_state on email_deliveries (state, updated_at);
`);
  }
}
