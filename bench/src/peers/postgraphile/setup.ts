import { Client } from 'pg';

/*
 * What PostGraphile needs in the database: a role of its own, row level security that says who sees and edits items and responses, and
 * functions for what is not plain reading. The gateway and the other peers connect as the owner, whom policies do not concern.
 */
const SETUP = `
drop owned by visitor;
grant usage on schema public to visitor;
grant select on companies, vendors, users, projects, generic_tools, generic_tool_statuses, items, item_people, responses, tool_rights, item_counters to visitor;
grant insert, update on items, item_counters to visitor;
grant insert on item_people, item_changes, events to visitor;

create or replace function current_user_id() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('jwt.claims.user_id', true), '')::uuid $$;
create or replace function current_vendor_id() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('jwt.claims.vendor_id', true), '')::uuid $$;

alter table items enable row level security;
create policy seen on items for select to visitor using (exists (
  select 1 from tool_rights r join generic_tools t on t.id = r.generic_tool_id
  where r.user_id = (select current_user_id()) and r.project_id = items.project_id and r.generic_tool_id = items.generic_tool_id
    and (items.archived_at is null or r.access_level = 'ADMIN')
    and case when items.issued_at is null
      then items.created_by_id = (select current_user_id()) or (r.access_level = 'ADMIN' and (not items.private or t.admins_see_private_items))
      else not items.private
        or (r.access_level = 'ADMIN' and t.admins_see_private_items)
        or items.created_by_id = (select current_user_id()) or items.received_from_id = (select current_user_id())
        or exists (select 1 from item_people p where p.item_id = items.id and p.user_id = (select current_user_id()))
        or ('VIEW_VENDOR_ITEMS' = any(r.granular_permissions) and (
          exists (select 1 from users u where u.id in (items.created_by_id, items.received_from_id) and u.vendor_id = (select current_vendor_id()))
          or exists (select 1 from item_people p join users u on u.id = p.user_id
            where p.item_id = items.id and u.vendor_id = (select current_vendor_id()))))
    end));
create policy edited on items for update to visitor using (exists (
  select 1 from tool_rights r join generic_tool_statuses s on s.id = items.status_id
  where r.user_id = (select current_user_id()) and r.project_id = items.project_id and r.generic_tool_id = items.generic_tool_id
    and items.archived_at is null
    and (r.access_level = 'ADMIN'
      or (r.access_level = 'STANDARD' and items.created_by_id = (select current_user_id()) and s.category not like 'CLOSED%'))));
create policy created on items for insert to visitor with check (created_by_id = (select current_user_id()) and exists (
  select 1 from tool_rights r where r.user_id = (select current_user_id()) and r.project_id = items.project_id
    and r.generic_tool_id = items.generic_tool_id and r.access_level in ('STANDARD', 'ADMIN')));

alter table responses enable row level security;
create policy seen on responses for select to visitor using (
  official or created_by_id = (select current_user_id()) or exists (
    select 1 from items i where i.id = responses.item_id and (
      i.created_by_id = (select current_user_id()) or i.received_from_id = (select current_user_id())
      or exists (select 1 from item_people p where p.item_id = i.id and p.user_id = (select current_user_id()))
      or exists (select 1 from tool_rights r where r.user_id = (select current_user_id()) and r.project_id = i.project_id
        and r.generic_tool_id = i.generic_tool_id and r.access_level = 'ADMIN'))));

create or replace function batch_update_items(ids uuid[], status_name text) returns setof items language sql volatile as $$
  with written as (
    update items i set status_id = s.id, version = i.version + 1, updated_at = now()
    from generic_tool_statuses s
    where i.id = any(ids) and s.generic_tool_id = i.generic_tool_id and lower(s.name) = lower(status_name)
    returning new as item, old.status_id as old_id, s.id as new_id, s.name as new_name
  ), changed as (
    select (w.item).*, w.old_id, w.new_id, w.new_name, s.name as old_name, s.category = 'DRAFT' as in_draft
    from written w join generic_tool_statuses s on s.id = w.old_id where w.old_id <> w.new_id
  ), history as (
    insert into item_changes (id, company_id, created_at, updated_at, project_id, item_id, field, old_value, new_value, in_draft, created_by_id)
    select uuidv7(), company_id, now(), now(), project_id, id, 'status', old_name, new_name, in_draft, current_user_id() from changed
  ), told as (
    insert into events (id, company_id, created_at, updated_at, act_id, type, actor_id, project_id, generic_tool_id, item_id, payload)
    select uuidv7(), company_id, now(), now(), act.id, 'item.updated', current_user_id(), project_id, generic_tool_id, changed.id,
      jsonb_build_object('version', version, 'changes', jsonb_build_array(jsonb_build_object('field', 'status', 'old', old_id, 'new', new_id)))
    from changed, (select uuidv7() as id) act
  )
  select (item).* from written
$$;

create or replace function raise_item(project_id uuid, generic_tool_id uuid, title text, assignee_ids uuid[]) returns items
language plpgsql volatile as $$
declare
  place text;
  made items;
begin
  if (select count(*) from tool_rights r where r.user_id = any(assignee_ids) and r.project_id = raise_item.project_id
      and r.generic_tool_id = raise_item.generic_tool_id) < cardinality(assignee_ids) then
    raise exception 'Somebody has no access to the tool.';
  end if;
  update item_counters c set last_position = last_position + 1
    where c.project_id = raise_item.project_id and c.generic_tool_id = raise_item.generic_tool_id
    returning lpad(last_position::text, greatest(3, length(last_position::text)), '0') into place;
  insert into items (id, company_id, created_at, updated_at, project_id, generic_tool_id, status_id, position, number, number_key, title,
      title_key, private, created_by_id, issued_at, version)
    select uuidv7(), t.company_id, now(), now(), raise_item.project_id, t.id, s.id, place, t.abbreviation || '-' || place,
      lower(t.abbreviation || '-' || place), raise_item.title, lower(raise_item.title), false, current_user_id(), now(), 1
    from generic_tools t join generic_tool_statuses s on s.generic_tool_id = t.id and s.name = 'Open'
    where t.id = raise_item.generic_tool_id
    returning * into made;
  insert into item_people (item_id, role, user_id, company_id, position)
    select made.id, 'ASSIGNEE', id, made.company_id, n from unnest(assignee_ids) with ordinality a(id, n);
  insert into events (id, company_id, created_at, updated_at, act_id, type, actor_id, project_id, generic_tool_id, item_id, payload)
    values (uuidv7(), made.company_id, now(), now(), uuidv7(), 'item.created', current_user_id(), made.project_id, made.generic_tool_id,
      made.id, jsonb_build_object('version', made.version, 'changes', '[]'::jsonb));
  return made;
end $$;

drop type if exists item_statistic cascade;
create type item_statistic as (status_id uuid, count int, overdue int);
create or replace function item_statistics(project_id uuid, generic_tool_id uuid) returns setof item_statistic language sql stable as $$
  select i.status_id, count(*)::int,
    count(*) filter (where s.category = 'OPEN' and i.due_date < (now() at time zone p.time_zone)::date)::int
  from items i join generic_tool_statuses s on s.id = i.status_id join projects p on p.id = i.project_id
  where i.project_id = item_statistics.project_id and i.generic_tool_id = item_statistics.generic_tool_id and i.archived_at is null
  group by i.status_id
$$;
`;

/** Readies the database for PostGraphile and gives the URL that it connects with. */
export async function setUp(url: string, password: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // roles are of the whole server: this one may be there from an earlier run
    const { rowCount } = await client.query(`select from pg_roles where rolname = 'visitor'`);
    if (!rowCount) await client.query('create role visitor login');
    await client.query(`alter role visitor password '${password}'`);
    await client.query(SETUP);
  } finally {
    await client.end();
  }
  const visitor = new URL(url);
  visitor.username = 'visitor';
  visitor.password = password;
  return visitor.href;
}
