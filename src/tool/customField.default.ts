import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import { toGlobalId } from '../kernel/ids.ts';
import type { Faults } from '../kernel/input.ts';
import { labelKey } from './customField.input.ts';
import { type CustomFieldFacts, isSelect } from './customField.policy.ts';
import { type CustomValue, type JudgeReferred, readCustomValue, referredIn } from './customValue.policy.ts';

/**
 * The default of a definition, as values are kept. Options can be named by their labels too: those of a new field have no ids yet. A
 * location belongs to one project, and the definition to the company: it has no default.
 */
export async function readDefault(
  { db }: Act,
  faults: Faults,
  field: CustomFieldFacts & { companyId: string },
  given: unknown,
): Promise<CustomValue | null> {
  if (given == null) return null;
  if (field.dataType === 'LOCATION') {
    faults.add('INVALID', `"${field.label}" is of all projects, and each has locations of its own: no default.`, [
      'defaultValue',
    ]);
    return null;
  }
  const ids = referredIn(field.dataType, given).map(({ uuid }) => uuid);
  const { rows } = await sql<{ id: string; name: string; active: boolean }>`
    select id, name, active from users where id = any(${ids}::uuid[]) and company_id = ${field.companyId}
    union all select id, name, true from vendors where id = any(${ids}::uuid[]) and company_id = ${field.companyId}`.execute(
    db,
  );
  const judge: JudgeReferred = (type, uuid, gid, path) => {
    const found = rows.find(({ id }) => id === uuid);
    if (!found) faults.notFound(type, gid, path);
    else if (!found.active) faults.add('NOT_SELECTABLE', `${found.name} is not active and cannot be chosen.`, path);
  };
  return readCustomValue(faults, field, byLabel(field, given), ['defaultValue'], judge);
}

/** The same with ids for labels of options. */
function byLabel({ dataType, options }: CustomFieldFacts, given: unknown): unknown {
  if (!isSelect(dataType)) return given;
  const idOf = (label: unknown): unknown => {
    const option =
      typeof label === 'string' ? options.find((known) => labelKey(known.label) === labelKey(label.trim())) : undefined;
    return option ? toGlobalId('CustomFieldOption', option.id) : label;
  };
  return Array.isArray(given) ? given.map(idOf) : idOf(given);
}
