import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import { newId } from '../kernel/ids.ts';
import type { Faults } from '../kernel/input.ts';
import { sortKey } from '../kernel/text.ts';
import type { AccountInput, VendorInput } from './sync.input.ts';
import { emptyPlan, externalIds, idsOf, type Plan, planRow } from './sync.plan.ts';

interface FirmRow {
  id: string;
  externalId: string | null;
  name: string;
  nameKey: string;
}

/**
 * What becomes of vendors, or of accounts; and the ids of all that the input speaks of by external id: its own, and those `named` by
 * its users or contacts.
 */
export async function planFirms(
  { db, now }: Act,
  companyId: string,
  table: 'vendors' | 'accounts',
  firms: readonly (VendorInput | AccountInput)[],
  named: readonly string[],
  faults: Faults,
): Promise<{ plan: Plan<FirmRow>; firmIds: Map<string, string> }> {
  const ids = externalIds(faults, table, firms);
  const { rows } = await sql<FirmRow>`
    select id, external_id as "externalId", name, name_key as "nameKey" from ${sql.table(table)}
    where company_id = ${companyId} and external_id = any(${[...ids, ...named]}::text[])`.execute(db);
  const known = new Map(rows.map((row) => [row.externalId!, row]));
  const plan = emptyPlan<FirmRow>();
  const kind = table === 'vendors' ? 'VENDOR' : 'ACCOUNT';
  firms.forEach((firm, i) => {
    const before = known.get(ids[i]!) ?? null;
    const name = faults.requiredText(firm.name, [table, i, 'name'], 'the name');
    const id = before?.id ?? newId(now, i);
    planRow(plan, kind, before, { id, externalId: ids[i]!, name, nameKey: sortKey(name) });
  });
  return { plan, firmIds: idsOf(rows, plan) };
}
