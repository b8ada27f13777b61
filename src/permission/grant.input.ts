import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import { uuidOf } from '../kernel/ids.ts';
import type { Faults, Path } from '../kernel/input.ts';
import { type AccessLevel, GRANULAR_PERMISSIONS, type GranularPermission, refuseGrant } from './permission.policy.ts';
import type { ToolGrant } from './permission.queries.ts';

/** A level and granular permissions on a tool, as inputs have them. */
export interface GenericToolGrantInput {
  genericToolId: string;
  accessLevel: AccessLevel;
  granularPermissions?: readonly GranularPermission[] | null;
}

// far more tools than a company has; a list is checked id by id
const MAX_GRANTS = 500;

/** Granular permissions as they are stored: each once, in their order. */
export const stored = (permissions: readonly GranularPermission[] | null | undefined): GranularPermission[] =>
  GRANULAR_PERMISSIONS.filter((permission) => permissions?.includes(permission));

/** Reads a list of grants on tools of a company: each tool must be there, and once; level and permissions must go together. */
export async function readGrants(
  { db }: Act,
  companyId: string,
  grants: readonly GenericToolGrantInput[],
  faults: Faults,
  path: Path,
): Promise<ToolGrant[]> {
  if (grants.length > MAX_GRANTS) {
    faults.add('TOO_MANY', `${grants.length} entries are more than a list takes (${MAX_GRANTS}).`, path);
    return [];
  }
  const ids = grants.map(({ genericToolId }) => uuidOf('GenericTool', genericToolId));
  const { rows } = await sql<{ id: string; title: string }>`
    select id, title from generic_tools where company_id = ${companyId} and id = any(${ids}::uuid[])`.execute(db);
  const titles = new Map(rows.map(({ id, title }) => [id, title]));
  return grants.map(({ genericToolId, accessLevel, granularPermissions }, i) => {
    const id = ids[i]!;
    const title = titles.get(id);
    if (title === undefined) faults.notFound('GenericTool', genericToolId, [...path, i, 'genericToolId']);
    else if (ids.indexOf(id) < i)
      faults.add('INVALID', `${title} is there twice; one entry says it all.`, [...path, i, 'genericToolId']);
    const grant = { genericToolId: id, accessLevel, granularPermissions: stored(granularPermissions) };
    const refusal = refuseGrant(grant);
    if (refusal) faults.add('INVALID', refusal, [...path, i, 'granularPermissions']);
    return grant;
  });
}

/** Faults for grants on tools of the company that are not available in the project, unless they were `held` already. */
export async function refuseUnavailable(
  { db }: Act,
  { companyId, projectId }: { companyId: string; projectId: string },
  held: readonly ToolGrant[],
  grants: readonly ToolGrant[],
  faults: Faults,
  pathOf: (i: number) => Path,
): Promise<void> {
  const { rows } = await sql<{ id: string; title: string }>`
    select tool.id, tool.title from generic_tools tool
    where tool.company_id = ${companyId}
      and tool.id = any(${grants.map(({ genericToolId }) => genericToolId)}::uuid[])
      and tool.id <> all(${held.map(({ genericToolId }) => genericToolId)}::uuid[])
      and not exists (
        select 1 from fieldset_projects available
        where available.project_id = ${projectId} and available.generic_tool_id = tool.id
      )`.execute(db);
  for (const { id, title } of rows) {
    const i = grants.findIndex(({ genericToolId }) => genericToolId === id);
    faults.add(
      'INVALID',
      `${title} is not available in the project: none of its fieldsets is applied to it.`,
      pathOf(i),
    );
  }
}

/** Makes stored grants say what these say: those of other tools go, new ones are made by `make`. Flushed with the transaction. */
export function replaceGrants<Row extends ToolGrant>(
  em: EntityManager,
  held: readonly Row[],
  grants: readonly ToolGrant[],
  make: (grant: ToolGrant) => void,
): void {
  const byTool = new Map(held.map((row) => [row.genericToolId, row]));
  for (const grant of grants) {
    const row = byTool.get(grant.genericToolId);
    if (row) Object.assign(row, grant);
    else make(grant);
    byTool.delete(grant.genericToolId);
  }
  for (const row of byTool.values()) em.remove(row);
}
