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

/** Items of a project that are of one tool, class and status, some of which are overdue. */
export interface OverdueGroup {
  genericToolId: string;
  class: string;
  statusId: string;
}

/** Where in a project something is overdue that people are to be told of: known by the counts of items, without a look at one. */
export async function overdueGroups(db: Db, { projectId, day }: ProjectDay): Promise<OverdueGroup[]> {
  const { rows } = await sql<OverdueGroup & { said: SaidSettings | null }>`
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
 * Whom to remind of the next overdue items of a group behind one of them, by id, at most `limit` items; and the last item looked at,
 * null when there are no more. Items that were overdue already when an import or a seed brought them are left alone.
 */
export async function remindersIn(
  db: Db,
  { projectId, day }: ProjectDay,
  { genericToolId, class: itemClass, statusId }: OverdueGroup,
  after: string | null,
  limit: number,
): Promise<{ reminders: Reminder[]; last: string | null }> {
  const { rows } = await sql<Reminder & { userId: string | null }>`
    with overdue as (
      select i.id from items i join projects p on p.id = i.project_id
      where i.status_id = ${statusId} and i.project_id = ${projectId} and i.class = ${itemClass} and i.archived_at is null
        and i.generic_tool_id = ${genericToolId} and i.due_date < ${day}::date
        and (i.brought_at is null or i.due_date >= (i.brought_at at time zone p.time_zone)::date)
        ${after === null ? sql`` : sql`and i.id > ${after}`}
      order by i.id limit ${limit}
    )
    select o.id as "itemId", told.id as "userId", told.name, told.email
    from overdue o left join lateral (
      select u.id, u.name, u.email
      from item_people who
      join users u on u.id = who.user_id and u.active and u.wants_email and not u.is_service
      join tool_rights r on r.user_id = u.id and r.project_id = ${projectId} and r.generic_tool_id = ${genericToolId}
      join generic_tools t on t.id = ${genericToolId}
      where who.item_id = o.id and who.role = 'ASSIGNEE'
        and exists (select from item_audiences a where a.item_id = o.id and ${isFor(sql.ref('u.id'), sql.ref('u.vendor_id'))})
    ) told on true
    order by o.id`.execute(db);
  const items = new Set(rows.map(({ itemId }) => itemId));
  return {
    reminders: rows.filter(({ userId }) => userId !== null),
    last: items.size < limit ? null : rows.at(-1)!.itemId,
  };
}
