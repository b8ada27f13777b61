import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import { refuse } from '../kernel/errors.ts';
import { Faults, type Path } from '../kernel/input.ts';
import type { FieldsetFacts } from './fieldset.write.ts';
import { FieldsetProjectSchema } from './tool.entity.ts';

/** Refuses ids of projects that the company does not have: NOT_FOUND, each with its path. `gids` are what the input calls them. */
export async function requireProjects(
  { db }: Act,
  companyId: string,
  ids: readonly string[],
  gids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const found = await db
    .selectFrom('projects')
    .select('id')
    .where('companyId', '=', companyId)
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .execute();
  const known = new Set(found.map(({ id }) => id));
  const faults = new Faults();
  ids.forEach((id, i) => {
    if (!known.has(id)) faults.notFound('Project', gids[i]!, ['projectIds', i]);
  });
  faults.refuse();
}

/**
 * Applies a fieldset to these projects of its company and to no others: there it takes the place of the tool's former one. Where
 * it goes and nothing comes, the tool is no longer available: IN_USE at `path` if there are items of the tool, archived or not.
 * Gives the projects that it came to and went from.
 */
export async function applyFieldset(
  act: Act,
  { id: fieldsetId, companyId, genericToolId }: FieldsetFacts,
  projectIds: readonly string[],
  path: Path,
): Promise<{ came: string[]; went: string[] }> {
  const { em } = act;
  const wanted = new Set(projectIds);
  // taken until the act ends: creating an item takes a share of its row, so none comes to be where the tool is about to go
  const rows = await em.find(
    FieldsetProjectSchema,
    { genericToolId, $or: [{ fieldsetId }, { projectId: { $in: [...wanted] } }] },
    { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { projectId: 'asc' } },
  );
  const gone = rows.filter((row) => !wanted.has(row.projectId));
  await refuseItems(
    act,
    genericToolId,
    gone.map(({ projectId }) => projectId),
    path,
  );
  const there = new Set(rows.filter((row) => row.fieldsetId === fieldsetId).map(({ projectId }) => projectId));
  for (const row of rows) if (wanted.has(row.projectId)) row.fieldsetId = fieldsetId;
  for (const row of gone) em.remove(row);
  const available = new Set(rows.map(({ projectId }) => projectId));
  for (const projectId of wanted) {
    if (!available.has(projectId))
      em.create(FieldsetProjectSchema, { projectId, genericToolId, companyId, fieldsetId });
  }
  await em.flush();
  return {
    came: [...wanted].filter((projectId) => !there.has(projectId)),
    went: gone.map(({ projectId }) => projectId),
  };
}

async function refuseItems({ db }: Act, toolId: string, projectIds: string[], path: Path): Promise<void> {
  if (projectIds.length === 0) return;
  const projects = await db
    .selectFrom('projects as project')
    .select('project.name')
    .where(sql<boolean>`project.id = any(${projectIds}::uuid[])`)
    .where(
      sql<boolean>`exists (
        select 1 from items item where item.project_id = project.id and item.generic_tool_id = ${toolId}
      )`,
    )
    .orderBy('project.nameKey')
    .limit(4)
    .execute();
  if (projects.length === 0) return;
  const names = projects.slice(0, 3).map(({ name }) => `"${name}"`);
  if (projects.length > 3) names.push('other projects');
  refuse('IN_USE', `There are items of the tool in ${names.join(', ')}: it cannot be taken away there.`, [...path]);
}
