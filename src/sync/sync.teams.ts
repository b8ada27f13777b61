import { sql } from 'kysely';
import { MAX_TEAM_USERS } from '../contact/team.policy.ts';
import type { Act } from '../database/transaction.ts';
import { newId } from '../kernel/ids.ts';
import type { Faults } from '../kernel/input.ts';
import { sortKey } from '../kernel/text.ts';
import type { TeamInput } from './sync.input.ts';
import { emptyPlan, externalIds, idsOf, type Plan, planRow, referred, writePlan } from './sync.plan.ts';

interface TeamRow {
  id: string;
  externalId: string | null;
  name: string;
  nameKey: string;
}

export interface TeamPlan extends Plan<TeamRow> {
  /** whom teams shall have that had others */
  members: { teamId: string; userIds: string[] }[];
}

/** What becomes of teams and of who belongs to them, and the ids of all that the input speaks of: its own, and `named` ones. */
export async function planTeams(
  { db, now }: Act,
  companyId: string,
  teams: readonly TeamInput[],
  named: readonly string[],
  userIds: ReadonlyMap<string, string>,
  faults: Faults,
): Promise<{ plan: TeamPlan; teamIds: Map<string, string> }> {
  const ids = externalIds(faults, 'teams', teams);
  const { rows } = await sql<TeamRow & { userIds: string[] }>`
    select t.id, t.external_id as "externalId", t.name, t.name_key as "nameKey",
      array(select m.user_id from team_users m where m.team_id = t.id) as "userIds"
    from teams t
    where t.company_id = ${companyId} and t.external_id = any(${[...ids, ...named]}::text[])`.execute(db);
  const known = new Map(rows.map((row) => [row.externalId!, row]));
  const plan: TeamPlan = { ...emptyPlan<TeamRow>(), members: [] };
  teams.forEach((team, i) => {
    const before = known.get(ids[i]!) ?? null;
    const name = faults.requiredText(team.name, ['teams', i, 'name'], 'the name');
    const members = readMembers(faults, team, i, userIds);
    const id = before?.id ?? newId(now, i);
    const moved = before !== null && !isSame(before.userIds, members);
    if (moved || (before === null && members.length > 0)) plan.members.push({ teamId: id, userIds: members });
    planRow(plan, 'TEAM', before, { id, externalId: ids[i]!, name, nameKey: sortKey(name) }, moved);
  });
  return { plan, teamIds: idsOf(rows, plan) };
}

/** Who shall belong to a team, each once. */
function readMembers(
  faults: Faults,
  { userExternalIds }: TeamInput,
  i: number,
  userIds: ReadonlyMap<string, string>,
): string[] {
  const path = ['teams', i, 'userExternalIds'];
  if (userExternalIds.length > MAX_TEAM_USERS) {
    faults.add('TOO_MANY', `${userExternalIds.length} users; a team has at most ${MAX_TEAM_USERS}.`, path);
    return [];
  }
  const members = userExternalIds.map((externalId, n) => {
    const id = referred(faults, externalId, [...path, n], 'user', userIds);
    if (id === null && externalId.trim() === '')
      faults.add('REQUIRED', 'The external id of the user is missing.', [...path, n]);
    return id ?? null;
  });
  return [...new Set(members.filter((id) => id !== null))];
}

const isSame = (before: readonly string[], after: readonly string[]): boolean => {
  const known = new Set(before);
  return before.length === after.length && after.every((id) => known.has(id));
};

/** Writes teams and who belongs to them: a statement for what is made, one for what changes, one for all who come and go. */
export async function writeTeams(act: Act, companyId: string, plan: TeamPlan): Promise<void> {
  await writePlan(act, companyId, 'teams', plan);
  if (plan.members.length === 0) return;
  const pairs = plan.members.flatMap(({ teamId, userIds }) => userIds.map((userId) => ({ teamId, userId })));
  await sql`
    with belongs as (
      select * from unnest(${pairs.map(({ teamId }) => teamId)}::uuid[], ${pairs.map(({ userId }) => userId)}::uuid[])
        as pair(team_id, user_id)
    ), gone as (
      delete from team_users m
      where m.team_id = any(${plan.members.map(({ teamId }) => teamId)}::uuid[])
        and not exists (select from belongs b where b.team_id = m.team_id and b.user_id = m.user_id)
    )
    insert into team_users (team_id, user_id, company_id)
    select b.team_id, b.user_id, ${companyId} from belongs b on conflict do nothing`.execute(act.db);
}
