import type { Json } from '../../json.ts';

/*
 * One statement for each operation. $1 is the email of the token; each ends in one text, the whole answer.
 * Who sees what goes by item_audiences, as in the gateway.
 */

const VIEWER = `viewer as (
  select id, company_id, vendor_id from users
  where lower(email collate "pg_c_utf8") = lower($1 collate "pg_c_utf8") and active and not is_service
)`;

const READERS = `'00000000-0000-0000-0000-000000000001'::uuid`;
const ADMINS = `'00000000-0000-0000-0000-000000000002'::uuid`;
const ADMINS_OF_PRIVATE = `'00000000-0000-0000-0000-000000000003'::uuid`;

/** What the viewer holds where `place` says (a condition on r), as rows. */
const held = (place: string) => `${VIEWER}, held as materialized (
  select r.company_id, r.project_id, r.generic_tool_id, a.audience, r.access_level, r.access_level = 'ADMIN' as is_admin
  from viewer v join tool_rights r on r.user_id = v.id join generic_tools t on t.id = r.generic_tool_id
  cross join lateral (
    select ${READERS} union all select v.id
    union all select ${ADMINS} where r.access_level = 'ADMIN'
    union all select ${ADMINS_OF_PRIVATE} where r.access_level = 'ADMIN' and t.admins_see_private_items
    union all select v.vendor_id where v.vendor_id is not null and 'VIEW_VENDOR_ITEMS' = any(r.granular_permissions)
  ) a(audience)
  where ${place}
)`;

const who = (
  user: string,
  vendor: string,
) => `json_build_object('id', ${user}.id, 'name', ${user}.name, 'email', ${user}.email,
  'jobTitle', ${user}.job_title, 'vendor', case when ${vendor}.id is not null then json_build_object('id', ${vendor}.id, 'name', ${vendor}.name) end)`;

const people = (role: string) => `(
  select coalesce(json_agg(${who('u', 'v')} order by p.position), '[]')
  from item_people p join users u on u.id = p.user_id left join vendors v on v.id = u.vendor_id
  where p.item_id = i.id and p.role = '${role}')`;

const STATUS = (s: string) => `json_build_object('id', ${s}.id, 'name', ${s}.name, 'category', ${s}.category)`;

const FIELDS = `'id', i.id, 'externalId', i.external_id, 'number', i.number, 'position', i.position, 'title', i.title, 'private', i.private,
  'dueDate', i.due_date, 'quantity', i.quantity::text, 'unit', i.unit, 'createdAt', i.created_at, 'updatedAt', i.updated_at,
  'issuedAt', i.issued_at, 'closedAt', i.closed_at, 'archivedAt', i.archived_at, 'version', i.version,
  'genericTool', json_build_object('id', t.id, 'title', t.title, 'abbreviation', t.abbreviation), 'status', ${STATUS('s')},
  'createdBy', ${who('cu', 'cv')}, 'assignees', ${people('ASSIGNEE')}, 'distributionMembers', ${people('DISTRIBUTION')}`;

const JOINS = `join generic_tools t on t.id = i.generic_tool_id join generic_tool_statuses s on s.id = i.status_id
  join users cu on cu.id = i.created_by_id left join vendors cv on cv.id = cu.vendor_id`;

const list = (after: string) => `with ${held('r.project_id = $2 and r.generic_tool_id = $3')},
page as materialized (
  select a.item_id, a.created_at
  from held cross join lateral (
    select a.item_id, a.created_at from item_audiences a
    where a.company_id = held.company_id and a.audience = held.audience and a.project_id = $2 and a.generic_tool_id = $3
      and a.archived = false ${after}
    order by a.created_at desc, a.item_id desc limit 51
  ) a
  group by a.item_id, a.created_at
  order by a.created_at desc, a.item_id desc limit 51
), shown as materialized (select * from page order by created_at desc, item_id desc limit 50)
select json_build_object('data', json_build_object('project', json_build_object('items', json_build_object(
  'nodes', (select coalesce(json_agg(json_build_object(${FIELDS}) order by i.created_at desc, i.id desc), '[]')
    from shown join items i on i.id = shown.item_id ${JOINS}),
  'pageInfo', json_build_object('hasNextPage', (select count(*) > 50 from page), 'hasPreviousPage', ${after ? 'true' : 'false'},
    'startCursor', (select item_id from shown order by created_at desc, item_id desc limit 1),
    'endCursor', (select item_id from shown order by created_at, item_id limit 1))))))::text`;

const FIRST = list('');
const NEXT = list('and (a.created_at, a.item_id) < ($4::timestamptz, $5::uuid)');

const ITEM = `with ${held('r.project_id = (select project_id from items where id = $2) and r.generic_tool_id = (select generic_tool_id from items where id = $2)')}
select json_build_object('data', json_build_object('item', (
  select json_build_object(${FIELDS}, 'description', i.description,
    'customFields', (
      select coalesce(json_agg(json_build_object('customField', json_build_object('id', f.id, 'label', f.label, 'dataType', f.data_type),
        'value', i.custom_values -> f.id::text, 'displayValue', coalesce(o.label, i.custom_values ->> f.id::text, '')) order by x.position), '[]')
      from fieldset_projects a join fieldset_fields x on x.fieldset_id = a.fieldset_id and x.visible
        join custom_fields f on f.id = x.custom_field_id and f.active
        left join custom_field_options o on o.custom_field_id = f.id and o.id::text = i.custom_values ->> f.id::text
      where a.project_id = i.project_id and a.generic_tool_id = i.generic_tool_id),
    'receivedFrom', (select ${who('u', 'v')} from users u left join vendors v on v.id = u.vendor_id where u.id = i.received_from_id),
    'responses', json_build_object('nodes', (
      select coalesce(json_agg(json_build_object('id', r.id, 'position', r.position, 'notes', r.notes, 'official', r.official,
        'createdAt', r.created_at,
        'status', ${STATUS('rs')}, 'createdBy', ${who('u', 'v')}) order by r.position), '[]')
      from (
        select r.* from responses r, viewer
        where r.item_id = i.id and (r.official or r.created_by_id = viewer.id or i.created_by_id = viewer.id
          or i.received_from_id = viewer.id or (select bool_or(is_admin) from held)
          or exists (select 1 from item_people p where p.item_id = i.id and p.user_id = viewer.id))
        order by r.position limit 25
      ) r join generic_tool_statuses rs on rs.id = r.status_id join users u on u.id = r.created_by_id left join vendors v on v.id = u.vendor_id
    )))
  from items i ${JOINS}
  where i.id = $2 and exists (
    select 1 from held join item_audiences a on a.audience = held.audience and a.project_id = held.project_id
      and a.generic_tool_id = held.generic_tool_id and a.item_id = i.id where held.is_admin or not a.archived)
)))::text`;

// the statuses Open and In Review have the same audiences: nothing of item_audiences changes
const BATCH = `with named as materialized (
  select id, project_id, generic_tool_id, status_id, created_by_id from items where id = any($2)
), ${held('r.project_id = any(array(select distinct project_id from named))')},
asked as materialized (
  select i.id, wanted.id as status_id,
    i.created_by_id = viewer.id and s.category = 'OPEN' and wanted.category = 'OPEN' and seen.access_level in ('STANDARD', 'ADMIN') as may
  from named i cross join viewer join generic_tool_statuses s on s.id = i.status_id
    join generic_tool_statuses wanted on wanted.generic_tool_id = i.generic_tool_id and wanted.name = $3
    cross join lateral (
      select held.access_level from held join item_audiences a on a.item_id = i.id and a.audience = held.audience and not a.archived
      where held.project_id = i.project_id and held.generic_tool_id = i.generic_tool_id limit 1
    ) seen
), locked as (
  select i.id, asked.status_id from items i join asked on asked.id = i.id where asked.may order by i.id for no key update of i
), written as (
  update items i set status_id = locked.status_id, version = i.version + 1, updated_at = now()
  from locked where i.id = locked.id returning i.id
)
select json_build_object('data', json_build_object('batchUpdateItems', json_build_object(
  'updatedCount', (select count(*) from written),
  'results', (select json_agg(json_build_object('id', asked.id, 'outcome', case when may then 'UPDATED' else 'FAILED' end,
    'userErrors', case when may then '[]'::json else '[{"code":"FORBIDDEN"}]'::json end)) from asked),
  'userErrors', '[]'::json)))::text`;

// a public item that is issued at once: one audience
const CREATE = `with ${held('r.project_id = $2 and r.generic_tool_id = $3')},
number as (
  update item_counters c set last_position = last_position + 1 from viewer
  where c.project_id = $2 and c.generic_tool_id = $3 and exists (
    select 1 from tool_rights r where r.user_id = viewer.id and r.project_id = $2 and r.generic_tool_id = $3 and r.access_level in ('STANDARD', 'ADMIN'))
  returning lpad(last_position::text, greatest(3, length(last_position::text)), '0') as position
), made as (
  insert into items (id, company_id, created_at, updated_at, project_id, generic_tool_id, status_id, position, number, number_key, title,
    title_key, private, created_by_id, issued_at, version)
  select uuidv7(), viewer.company_id, now(), now(), $2, $3, s.id, n.position, t.abbreviation || '-' || n.position,
    lower(t.abbreviation) || '-' || lpad(length(ltrim(n.position, '0'))::text, 2, '0') || ltrim(n.position, '0'), $4, lower($4), false, viewer.id, now(), 1
  from number n, viewer, generic_tools t join generic_tool_statuses s on s.generic_tool_id = t.id and s.name = 'Open' where t.id = $3
  returning *
), named as (
  insert into item_people (item_id, role, user_id, company_id, position)
  select made.id, 'ASSIGNEE', u.id, made.company_id, a.n
  from made, unnest($5::uuid[]) with ordinality a(id, n) join users u on u.id = a.id and u.active
  where exists (select 1 from tool_rights r where r.user_id = u.id and r.project_id = $2 and r.generic_tool_id = $3)
), meant as (
  insert into item_audiences (item_id, audience, company_id, project_id, generic_tool_id, archived, created_at)
  select id, ${READERS}, company_id, project_id, generic_tool_id, false, created_at from made
)
select json_build_object('data', json_build_object('createItem', json_build_object(
  'item', (select json_build_object('id', id, 'number', number, 'version', version) from made), 'userErrors', '[]'::json)))::text`;

const STATISTICS = `with ${held('r.project_id = $2 and r.generic_tool_id = $3')},
seen as (
  select distinct a.item_id from held join item_audiences a on a.company_id = held.company_id and a.audience = held.audience
    and a.project_id = $2 and a.generic_tool_id = $3 and a.archived = false
), counted as (
  select i.status_id, count(*) as count,
    count(*) filter (where s.category = 'OPEN' and i.due_date < (now() at time zone p.time_zone)::date) as overdue
  from seen join items i on i.id = seen.item_id join generic_tool_statuses s on s.id = i.status_id join projects p on p.id = i.project_id
  group by i.status_id
)
select json_build_object('data', json_build_object('project', json_build_object('itemStatistics', (
  select json_agg(json_build_object('genericTool', json_build_object('id', $3::uuid), 'status', json_build_object('id', status_id),
    'count', count, 'overdue', overdue)) from counted))))::text`;

type Variables = Record<string, Json>;
interface Statement {
  text: string;
  values: unknown[];
}

export const STATEMENTS = {
  List({ project, tool, after }: Variables): Statement {
    if (!after) return { text: FIRST, values: [project, tool] };
    return { text: NEXT, values: [project, tool, ...JSON.parse(Buffer.from(after, 'base64url').toString())] };
  },
  Item: ({ id }: Variables): Statement => ({ text: ITEM, values: [id] }),
  Batch: ({ ids, statusName }: Variables): Statement => ({ text: BATCH, values: [ids, statusName] }),
  Create: ({ project, tool, title, assignees }: Variables): Statement => ({
    text: CREATE,
    values: [project, tool, title, assignees],
  }),
  Statistics: ({ project, tool }: Variables): Statement => ({ text: STATISTICS, values: [project, tool] }),
};
