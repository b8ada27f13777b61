import { sql } from 'kysely';
import { batch, byId } from '../database/loader.ts';
import { unseen } from '../database/prepared.ts';
import type { Context } from '../graph/context.ts';
import { type UserRow, userById } from './directory.queries.ts';

/** In the place of a project: the company itself. */
export const OF_COMPANY = '';

/**
 * Whom mail to the addresses of projects and of the company is for, by name; told to company admins, and to those who are among them.
 * Read anew by each request: they see what waits for review.
 */
export const emailMembersOf = batch<Context, string, UserRow[]>(async ({ db, viewer, loads }, keys) => {
  const { rows } = await sql<{ key: string; userIds: string[] }>`
    select coalesce(m.project_id::text, ${OF_COMPANY}) as key, array_agg(m.user_id order by u.name_key, u.id) as "userIds"
    from email_members m join users u on u.id = m.user_id
    where m.company_id = ${viewer.companyId} and (
      m.project_id = any(${unseen(keys.filter((key) => key !== OF_COMPANY))})
      or (m.project_id is null and ${keys.includes(OF_COMPANY)}))
    group by m.project_id`.execute(db);
  const lists = new Map(rows.map(({ key, userIds }) => [key, userIds]));
  const told = keys
    .map((key) => [key, lists.get(key) ?? []] as const)
    .filter(([, userIds]) => viewer.isCompanyAdmin || userIds.includes(viewer.id));
  const people = byId(await loads.loadAll(userById, [...new Set(told.flatMap(([, userIds]) => userIds))]));
  return new Map(told.map(([key, userIds]) => [key, userIds.map((id) => people.get(id)!)]));
});
