import { sql } from 'kysely';
import { batch, byId } from '../database/loader.ts';
import { unseen } from '../database/prepared.ts';
import { namesIn, type UserRow, userById } from '../directory/directory.queries.ts';
import type { Context } from '../graph/context.ts';

/** A team as the graph shows it; its users come apart. */
export interface TeamRow {
  id: string;
  name: string;
  externalId: string | null;
}

/** A team of the viewer's company. */
export const teamById = namesIn<TeamRow>('teams', ['id', 'name', 'externalId']);

/** The teams of the viewer's company by name; none of a company that the request does not act for. */
export const teamsOf = batch<Context, string, TeamRow[]>(async ({ db, viewer }, companyIds) => {
  if (!companyIds.includes(viewer.companyId)) return new Map();
  const { rows } = await sql<TeamRow>`
    select id, name, external_id as "externalId" from teams
    where company_id = ${viewer.companyId} order by name_key, id`.execute(db);
  return new Map([[viewer.companyId, rows]]);
});

/** The users of teams by name, inactive ones too. Read anew by each request: who is in a team sees its cases. */
export const usersOfTeam = batch<Context, string, UserRow[]>(async ({ db, viewer, loads }, teamIds) => {
  const { rows } = await sql<{ id: string; userIds: string[] }>`
    select m.team_id as id, array_agg(m.user_id order by u.name_key, u.id) as "userIds"
    from team_users m join users u on u.id = m.user_id
    where m.team_id = any(${unseen(teamIds)}) and m.company_id = ${viewer.companyId}
    group by m.team_id`.execute(db);
  const people = byId(await loads.loadAll(userById, [...new Set(rows.flatMap(({ userIds }) => userIds))]));
  return new Map(rows.map(({ id, userIds }) => [id, userIds.map((userId) => people.get(userId)!)]));
});
