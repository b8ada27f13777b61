import { Migration } from '@mikro-orm/migrations';

/** API keys: programs sign in by them. */
export class Migration0015 extends Migration {
  override up(): void {
    this.addSql(`
-- Room on each page for the next version of its rows: last_used_at changes once a minute, and nothing that is indexed does.
create table api_keys (
  id uuid primary key,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  user_id uuid not null references users,
  name text not null,
  prefix text not null,
  secret_hash text not null,
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  last_used_at timestamptz(3)
) with (fillfactor = 70);
-- without the company: each request looks here for whom it acts as
create unique index api_keys_secret on api_keys (secret_hash);
create index api_keys_of on api_keys (user_id);
create index api_keys_newest on api_keys (company_id, id);
`);
  }
}
