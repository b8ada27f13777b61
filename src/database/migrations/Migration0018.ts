import { Migration } from '@mikro-orm/migrations';

/** What follows a change: acts are told to the worker and to those who listen; and who saw an item before it changed. */
export class Migration0018 extends Migration {
  override up(): void {
    this.addSql(`
-- what happened before anybody could be told of it is told to nobody now
update events set handled_at = created_at where handled_at is null;
drop index if exists events_waiting;
-- the events of an act, for those who tell of it
create index events_act on events (act_id);

-- Whom an item was for before an act changed that. Whoever was among them and is no more is told that it is gone, and that they are
-- off it; who was not learns nothing. Without rows of an act, the item is for those whom it was for.
create table former_audiences (
  act_id uuid not null,
  item_id uuid not null references items,
  audience uuid not null,
  company_id uuid not null references companies,
  created_at timestamptz(3) not null,
  archived boolean not null,
  primary key (act_id, item_id, audience)
);
create index former_audiences_time on former_audiences (created_at);
-- rows that come and go, and an item_id that nobody looks for
alter table former_audiences set (autovacuum_vacuum_scale_factor = 0.02);

-- Every act that is not silent becomes a job, in its own transaction; and processes that listen hear of it when it is committed. The job
-- costs a write some 0.6 ms, the notice 0.1; rows put into the library's own tables would cost 0.1, and break when it changes them.
create function tell_of_events() returns trigger language plpgsql as $body$
begin
  perform graphile_worker.add_job('act', json_build_object('companyId', company_id, 'actId', act_id)),
    pg_notify('acts', company_id || ' ' || act_id)
  from (select distinct company_id, act_id from told where handled_at is null) act;
  return null;
end $body$;
create trigger tell_of_events after insert on events referencing new table as told
  for each statement execute function tell_of_events();
`);
  }
}
