import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import { notATimeZone, unknownTimeZones } from '../directory/timeZone.queries.ts';
import { newId } from '../kernel/ids.ts';
import type { Faults } from '../kernel/input.ts';
import { sortKey } from '../kernel/text.ts';
import type { ProjectInput } from './sync.input.ts';
import { emptyPlan, externalIds, idsOf, type Plan, planRow } from './sync.plan.ts';

interface ProjectRow {
  id: string;
  externalId: string | null;
  name: string;
  nameKey: string;
  number: string | null;
  timeZone: string;
}

/** What becomes of projects, and the ids of all that the input speaks of by external id: its own, and `named` by reference data. */
export async function planProjects(
  { db, now }: Act,
  companyId: string,
  projects: readonly ProjectInput[],
  named: readonly string[],
  faults: Faults,
): Promise<{ plan: Plan<ProjectRow>; projectIds: Map<string, string> }> {
  const ids = externalIds(faults, 'projects', projects);
  const { rows } = await sql<ProjectRow>`
    select id, external_id as "externalId", name, name_key as "nameKey", number, time_zone as "timeZone" from projects
    where company_id = ${companyId} and external_id = any(${[...ids, ...named]}::text[])`.execute(db);
  const known = new Map(rows.map((row) => [row.externalId!, row]));
  const zones = projects.map(({ timeZone }, i) =>
    faults.requiredText(timeZone, ['projects', i, 'timeZone'], 'the time zone'),
  );
  const unknown = await unknownTimeZones(db, zones);
  const plan = emptyPlan<ProjectRow>();
  projects.forEach((project, i) => {
    const before = known.get(ids[i]!) ?? null;
    const name = faults.requiredText(project.name, ['projects', i, 'name'], 'the name');
    const number = faults.text(project.number, ['projects', i, 'number'], 'the number');
    const timeZone = zones[i]!;
    if (timeZone && unknown.has(timeZone)) faults.add('INVALID', notATimeZone(timeZone), ['projects', i, 'timeZone']);
    planRow(plan, 'PROJECT', before, {
      id: before?.id ?? newId(now, i),
      externalId: ids[i]!,
      name,
      nameKey: sortKey(name),
      number: number === undefined ? (before?.number ?? null) : number,
      timeZone,
    });
  });
  return { plan, projectIds: idsOf(rows, plan) };
}
