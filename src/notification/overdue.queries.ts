import { sql } from 'kysely';
import type { Db } from '../database/orm.ts';
import { isFor } from '../item/sight.queries.ts';
import { type SaidSettings, settingsOf } from '../permission/defaults.policy.ts';

/** A day of a project, as people there count them: YYYY-MM-DD. */
export interface ProjectDay {
  companyId: string;
  projectId: string;
  day: string;
}

// domain.md 5; what became overdue at midnight is told when people begin to work
const HOUR = '08:00';

/** The days that have come to 08:00 in projects where somebody may have to be told, and that were not told yet. */
export async function daysToTell(db: Db, now: Date): Promise<ProjectDay[]> {
  const { rows } = await sql<ProjectDay>`
    select p.company_id as "companyId", p.id as "projectId", clock.shows::date::text as day
    from projects p cross join lateral (select ${now}::timestamptz at time zone p.time_zone as shows) clock
    where clock.shows::time >= ${HOUR}::time
      and exists (select from generic_tools t where t.company_id = p.company_id and t.sends_overdue_notifications)
      and not exists (select from overdue_days d where d.project_id = p.id and d.told_on >= clock.shows::date)`.execute(
    db,
  );
  return rows;
}

/**
 * Takes a day of a project, to tell it in the transaction of `db`: nobody else can, now or later. False when it was told, or is over:
 * what is overdue is told on the day itself or not at all.
 */
export async function takeDay(db: Db, now: Date, { companyId, projectId, day }: ProjectDay): Promise<boolean> {
  const { rows } = await sql`
    insert into overdue_days (project_id, company_id, told_on, created_at, updated_at)
    select p.id, p.company_id, ${day}::date, ${now}, ${now} from projects p
    where p.id = ${projectId} and p.company_id = ${companyId} and (${now}::timestamptz at time zone p.time_zone)::date = ${day}::date
    on conflict (project_id) do update set told_on = excluded.told_on, updated_at = excluded.updated_at
      where overdue_days.told_on < excluded.told_on
    returning project_id`.execute(db);
  return rows.length > 0;
}

/** Items of a project that are of one tool, class and status. */
interface Group {
  genericToolId: string;
  class: string;
  statusId: string;
}

/** Where in a project something is overdue that people are to be told of: known by the counts of items, without a look at one. */
async function overdueGroups(db: Db, { projectId, day }: ProjectDay): Promise<Group[]> {
  const { rows } = await sql<Group & { said: SaidSettings | null }>`
    select c.generic_tool_id as "genericToolId", c.class, c.status_id as "statusId", d.notifications as said
    from item_counts c
    join generic_tools t on t.id = c.generic_tool_id and t.sends_overdue_notifications
    left join generic_tool_defaults d on d.project_id = c.project_id and d.generic_tool_id = c.generic_tool_id
    where c.project_id = ${projectId} and c.due_on < ${day}::date
    group by c.generic_tool_id, c.class, c.status_id, d.notifications having sum(c.count) > 0`.execute(db);
  const isOn = (said: SaidSettings | null) =>
    settingsOf(said ?? {}, { sendsOverdueNotifications: true }).some(
      ({ event, role, enabled }) => event === 'OVERDUE' && role === 'ASSIGNEE' && enabled,
    );
  return rows.filter(({ said }) => isOn(said));
}

/** Somebody who is to be told that an item is overdue. */
export interface Reminder {
  itemId: string;
  userId: string;
  name: string;
  email: string;
}

/**
 * Whom to remind of what is overdue in a project on a day, some thousands at a time: in the transaction of `db`, by a cursor, which
 * finds its way by the statuses of items (items_by_status) and holds nothing. Items that were overdue already when an import or a seed
 * brought them are left alone.
 */
export async function* remindersFor(db: Db, projectDay: ProjectDay, atATime: number): AsyncGenerator<Reminder[]> {
  const { projectId, day } = projectDay;
  const groups = await overdueGroups(db, projectDay);
  if (groups.length === 0) return;
  const list = (of: (group: Group) => string) => sql`${groups.map(of)}::uuid[]`;
  await sql`
    declare reminders no scroll cursor for
    select i.id as "itemId", u.id as "userId", u.name, u.email
    from unnest(${list((group) => group.genericToolId)}, ${list((group) => group.class)}, ${list((group) => group.statusId)})
      as place(generic_tool_id, class, status_id)
    join generic_tools t on t.id = place.generic_tool_id
    join projects p on p.id = ${projectId}
    join items i on i.status_id = place.status_id and i.project_id = p.id and i.class = place.class and i.archived_at is null
      and i.generic_tool_id = t.id and i.due_date < ${day}::date
      and (i.brought_at is null or i.due_date >= (i.brought_at at time zone p.time_zone)::date)
    join item_people who on who.item_id = i.id and who.role = 'ASSIGNEE'
    join users u on u.id = who.user_id and u.active and u.wants_email and not u.is_service
    join tool_rights r on r.user_id = u.id and r.project_id = p.id and r.generic_tool_id = t.id
    where exists (select from item_audiences a where a.item_id = i.id and ${isFor(sql.ref('u.id'), sql.ref('u.vendor_id'))})`.execute(
    db,
  );
  for (;;) {
    const { rows } = await sql<Reminder>`fetch ${sql.lit(atATime)} from reminders`.execute(db);
    if (rows.length > 0) yield rows;
    if (rows.length < atATime) break;
  }
  await sql`close reminders`.execute(db);
}
