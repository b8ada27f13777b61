import { OPTIONS } from './directory.ts';
import { CROWD, idOf, PEOPLE, sqlId } from './sizes.ts';

const COMPANY = sqlId('company', '1');

/** A number below `limit` that looks random and is the same in every run. */
const pick = (salt: number, limit: number) => `((hashint8extended(g, ${salt}) & 1073741823) % ${limit})::int`;

/**
 * One row for each item: g its number, p project, t tool, k its place in a hot pair, s the number of its status.
 * Projects 1 and 2 hold 10 % of all each, in tool 1: 1 half private, 2 private but for 50. Of the private ones in 2, the people of W5 are
 * in 50 each, spread evenly. 10 % Drafts, 60 % open, the rest closed. 70 % of the open ones in 1 are the
 * writer's: at S just enough for a batch of 500 of which 80 % may be edited.
 */
export const sketch = (items: number): string => {
  const step = items / 10 / 50;
  return `
  create temp table sketch as
  select g, p, t, k, c, private, status as s, solo, firm,
    case when p = 1 and status in (2, 3) and ${pick(5, 100)} < 70 then ${PEOPLE.writer} else 1 + ${pick(4, CROWD)} end as creator,
    case when ${pick(6, 2)} = 0 then 1 + ${pick(7, CROWD)} end as sender,
    row_number() over (partition by p, t order by g) as place
  from (
    select g, p, t, k, c, solo, firm,
      case p when 1 then k % 2 = 0 when 2 then k % ${step} <> 0 else ${pick(8, 4)} = 0 end as private,
      case
        when solo or firm or (p = 2 and k % ${step} = 0) then 2
        when dice < 10 then 1 when dice < 50 then 2 when dice < 70 then 3 else 4
      end as status
    from (
      select g, g / 10 as k,
        case g % 10 when 0 then 1 when 5 then 2 else 3 + ${pick(1, 198)} end as p,
        case when g % 5 = 0 then 1 else 1 + ${pick(2, 5)} end as t,
        timestamptz '2024-01-01 00:00:00Z' + g * interval '1 minute' as c,
        ${pick(3, 100)} as dice,
        g % 10 = 5 and (g / 10) % ${step} = 7 as solo,
        g % 10 = 5 and (g / 10) % ${step} = 13 as firm
      from generate_series(1, ${items}) g
    ) drawn
  ) decided
  order by g`;
};

/** The n-th of the people of an item. */
const assignee = (n: string) =>
  sqlId(
    'user',
    `case when ${n} = 0 and solo then ${PEOPLE.few}
      when ${n} = 0 and firm then case when k % 2 = 0 then ${PEOPLE.fewOfVendor} else ${PEOPLE.colleague} end
      else 1 + (${pick(9, CROWD)} + ${n} * 811) % ${CROWD} end`,
  );

/** What an item has in the custom fields of tool 1 (directory.ts), with what a text is ordered by (item.customValues.ts). */
const CUSTOM_VALUES = `jsonb_build_object('${idOf('customField', 1)}', 'A-' || g, '~${idOf('customField', 1)}', 'a-' || g,
  '${idOf('customField', 2)}', ${sqlId('option', `1 + g % ${OPTIONS}`)}, '${idOf('customField', 3)}', (g * 10)::text)`;

/** The rows of items and of everything that hangs on them, from the sketch; sorted as their keys are. */
export const ITEMS = [
  `insert into items (id, company_id, created_at, updated_at, project_id, generic_tool_id, status_id, position, number, number_key,
     title, title_key, description, private, due_date, created_by_id, received_from_id, first_assignee_id, assignees, distribution_members, issued_at, closed_at, version,
     custom_values)
   select ${sqlId('item', 'g')}, ${COMPANY}, c, c + interval '1 day', ${sqlId('project', 'p')}, ${sqlId('tool', 't')},
     ${sqlId('status', 't * 10 + s')}, padded, 'T' || t || '-' || padded,
     't01' || t || '-' || lpad(length(place::text)::text, 2, '0') || place, title, lower(title),
     '<p>' || repeat('Some words about lintel ' || g || ' ', 8) || '</p>', private,
     case when g % 3 = 0 then (c + interval '20 days')::date end, ${sqlId('user', 'creator')}, ${sqlId('user', 'sender')}, ${assignee('0')},
     ${[0, 1, 2].map((n) => `${assignee(String(n))}::text`).join(` || ',' || `)}, ${[3, 4, 5].map((n) => `${assignee(String(n))}::text`).join(` || ',' || `)},
     case when s > 1 then c + interval '1 hour' end, case when s = 4 then c + interval '1 day' end, 1,
     case when p = 1 and t = 1 then ${CUSTOM_VALUES} end
   from (select *, lpad(place::text, greatest(3, length(place::text)), '0') as padded, 'Item ' || md5(g::text) as title from sketch) i
   order by g`,
  // six different people: steps of 811 do not meet again among them
  `insert into item_people (item_id, role, user_id, company_id, position)
   select ${sqlId('item', 'g')}, case when n < 3 then 'ASSIGNEE' else 'DISTRIBUTION' end,
     ${assignee('n')}, ${COMPANY}, n % 3
   from sketch, generate_series(0, 5) n
   order by 1, 2, 3`,
  `insert into item_counters (project_id, generic_tool_id, company_id, last_position)
   select ${sqlId('project', 'p')}, ${sqlId('tool', 't')}, ${COMPANY}, max(place) from sketch group by p, t order by 1, 2`,
  // W2 reads an item of project 1 with its responses; every third is unofficial
  `insert into responses (id, company_id, created_at, updated_at, project_id, item_id, position, notes, official, status_id, created_by_id)
   select ${sqlId('response', 'g * 10 + n')}, ${COMPANY}, c + n * interval '1 hour', c + n * interval '1 hour', ${sqlId('project', 'p')},
     ${sqlId('item', 'g')}, n, '<p>' || repeat('An answer about lintel ' || g || ' ', 4) || '</p>', n % 3 <> 0,
     ${sqlId('status', 't * 10 + s')}, ${sqlId('user', `1 + (${pick(10, CROWD)} + n * 811) % ${CROWD}`)}
   from sketch, generate_series(1, 6) n where p = 1 and s > 1
   order by 1`,
  `insert into item_changes (id, company_id, created_at, updated_at, project_id, item_id, field, old_value, new_value, in_draft, created_by_id)
   select ${sqlId('change', 'g * 10 + n')}, ${COMPANY}, c + n * interval '1 hour', c + n * interval '1 hour', ${sqlId('project', 'p')},
     ${sqlId('item', 'g')}, 'title', 'Title ' || n, 'Title ' || n + 1, n < 3 or s = 1, ${sqlId('user', 'creator')}
   from sketch, generate_series(1, 5) n where p = 1
   order by 1`,
];

const READERS = `'00000000-0000-0000-0000-000000000001'::uuid`;
const ADMINS = `'00000000-0000-0000-0000-000000000002'::uuid`;
const ADMINS_OF_PRIVATE = `'00000000-0000-0000-0000-000000000003'::uuid`;

/** Who the items are for: audiencesOf (src/item/item.policy.ts) as SQL; check.ts holds a sample against it. */
export const AUDIENCES = `
  insert into item_audiences (item_id, audience, company_id, project_id, generic_tool_id, archived, created_at)
  with people as (
    select item_id, user_id from item_people
    union select id, created_by_id from items
    union select id, received_from_id from items where received_from_id is not null
  ), meant as (
    select i.id, case
        when c.category = 'DRAFT' then case when i.private then ${ADMINS_OF_PRIVATE} else ${ADMINS} end
        when i.private then ${ADMINS_OF_PRIVATE} else ${READERS}
      end as audience
    from items i join generic_tool_statuses c on c.id = i.status_id
    union
    select i.id, i.created_by_id from items i join generic_tool_statuses c on c.id = i.status_id where c.category = 'DRAFT'
    union
    select i.id, unnest(array[u.id, u.vendor_id])
    from items i join generic_tool_statuses c on c.id = i.status_id join people on people.item_id = i.id
      join users u on u.id = people.user_id
    where i.private and c.category <> 'DRAFT'
  )
  select i.id, meant.audience, i.company_id, i.project_id, i.generic_tool_id, false, i.created_at
  from meant join items i on i.id = meant.id
  where meant.audience is not null
  order by i.id, meant.audience`;

/** What their trigger would have counted, had it been on. */
export const COUNTS = `
  insert into item_counts (company_id, project_id, generic_tool_id, class, status_id, due_on, count)
  select company_id, project_id, generic_tool_id, class, status_id, due_on, count from counted_items order by 2, 3, 4, 5, 6`;

/** What their triggers would have written for search. */
export const SEARCH = [
  'insert into item_search select * from searchable_items order by item_id',
  'insert into response_search select * from searchable_responses order by response_id',
];
