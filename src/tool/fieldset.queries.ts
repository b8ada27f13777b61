import { sql } from 'kysely';
import type { Db } from '../database/orm.ts';
import { type FieldRule, type FieldRules, fieldRulesOf, type ItemField } from './tool.policy.ts';

/**
 * What the fieldsets say about the fields of items, for pairs of project and tool (`toolIds[i]` in `projectIds[i]`): one statement
 * for any number. The answer's keys are `${projectId} ${toolId}`; a tool that is not available in the project is missing.
 */
export async function loadFieldRules(
  db: Db,
  projectIds: readonly string[],
  toolIds: readonly string[],
): Promise<Map<string, FieldRules>> {
  const { rows } = await sql<{ pair: string; said: ({ field: ItemField } & FieldRule)[] }>`
    select applied.project_id || ' ' || applied.generic_tool_id as pair,
      coalesce(
        json_agg(json_build_object('field', said.field, 'visible', said.visible, 'required', said.required))
          filter (where said.id is not null),
        '[]'
      ) as said
    from fieldset_projects applied
    left join fieldset_fields said on said.fieldset_id = applied.fieldset_id
    where (applied.project_id, applied.generic_tool_id) in (
      select * from unnest(${projectIds}::uuid[], ${toolIds}::uuid[])
    )
    group by applied.project_id, applied.generic_tool_id`.execute(db);
  return new Map(rows.map(({ pair, said }) => [pair, fieldRulesOf(said)]));
}
