import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import { toGlobalId } from '../kernel/ids.ts';
import { Faults } from '../kernel/input.ts';
import { customFieldsWhere } from './customField.queries.ts';
import type { WantedField } from './fieldset.input.ts';
import type { FieldsetFacts } from './fieldset.write.ts';

/**
 * Refuses custom fields that a fieldset cannot have: NOT_FOUND when the company has no such; INVALID when one is out of use and not in
 * it already, or when a READ_ONLY one, which nobody can write, is to be required.
 */
export async function requireCustomFields(
  { db }: Act,
  { id: fieldsetId, companyId }: FieldsetFacts,
  wanted: readonly WantedField[],
): Promise<void> {
  const ids = wanted.map(({ customFieldId }) => customFieldId).filter((id) => id !== null);
  if (ids.length === 0) return;
  const { rows } = await customFieldsWhere(sql`f.id = any(${ids}::uuid[]) and f.company_id = ${companyId}`).execute(db);
  const fields = new Map(rows.map((field) => [field.id, field]));
  const there = await db
    .selectFrom('fieldset_fields')
    .select('customFieldId')
    .where('fieldsetId', '=', fieldsetId)
    .where('customFieldId', 'in', ids)
    .execute();
  const faults = new Faults();
  for (const { customFieldId, required, path } of wanted) {
    if (customFieldId === null) continue;
    const field = fields.get(customFieldId);
    if (!field) faults.notFound('CustomField', toGlobalId('CustomField', customFieldId), [...path, 'customFieldId']);
    else if (!field.active && !there.some((row) => row.customFieldId === customFieldId))
      faults.add('INVALID', `"${field.label}" is out of use.`, [...path, 'customFieldId']);
    else if (field.dataType === 'READ_ONLY' && required)
      faults.add('INVALID', `"${field.label}" is read only: nobody could fill it in.`, [...path, 'required']);
  }
  faults.refuse();
}
