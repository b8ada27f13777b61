import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import { newId } from '../kernel/ids.ts';
import type { Faults } from '../kernel/input.ts';
import { sortKey } from '../kernel/text.ts';
import type { VendorInput } from './sync.input.ts';
import { emptyPlan, externalIds, type Plan, planRow } from './sync.plan.ts';

interface VendorRow {
  id: string;
  externalId: string | null;
  name: string;
  nameKey: string;
}

/**
 * What becomes of vendors, and the ids of all that the input speaks of by external id: its own, and `named` by its users.
 */
export async function planVendors(
  { db, now }: Act,
  companyId: string,
  vendors: readonly VendorInput[],
  named: readonly string[],
  faults: Faults,
): Promise<{ plan: Plan<VendorRow>; vendorIds: Map<string, string> }> {
  const ids = externalIds(faults, 'vendors', vendors);
  const { rows } = await sql<VendorRow>`
    select id, external_id as "externalId", name, name_key as "nameKey" from vendors
    where company_id = ${companyId} and external_id = any(${[...ids, ...named]}::text[])`.execute(db);
  const known = new Map(rows.map((row) => [row.externalId!, row]));
  const plan = emptyPlan<VendorRow>();
  vendors.forEach((vendor, i) => {
    const before = known.get(ids[i]!) ?? null;
    const name = faults.requiredText(vendor.name, ['vendors', i, 'name'], 'the name');
    const id = before?.id ?? newId(now, i);
    planRow(plan, 'VENDOR', before, { id, externalId: ids[i]!, name, nameKey: sortKey(name) });
  });
  const all = [...rows, ...plan.created];
  return { plan, vendorIds: new Map(all.map((row) => [row.externalId!, row.id])) };
}
