import { sql } from 'kysely';
import { caseSearchKey } from '../contact/case.policy.ts';
import type { Act } from '../database/transaction.ts';
import { newId } from '../kernel/ids.ts';
import type { Faults } from '../kernel/input.ts';
import { sortKey } from '../kernel/text.ts';
import type { ReferredIds } from './sync.contacts.ts';
import type { CaseInput } from './sync.input.ts';
import { emptyPlan, externalIds, type Plan, planRow, referred } from './sync.plan.ts';

export interface CaseRow {
  id: string;
  externalId: string | null;
  title: string;
  titleKey: string;
  searchKey: string;
  typeName: string | null;
  contactId: string | null;
  ownerId: string | null;
  teamId: string | null;
}

/** What becomes of cases, matched by external id. */
export async function planCases(
  { db, now }: Act,
  companyId: string,
  cases: readonly CaseInput[],
  { contactIds, userIds, teamIds }: Omit<ReferredIds, 'accountIds'> & { contactIds: ReadonlyMap<string, string> },
  faults: Faults,
): Promise<Plan<CaseRow>> {
  const plan = emptyPlan<CaseRow>();
  if (cases.length === 0) return plan;
  const ids = externalIds(faults, 'cases', cases);
  const { rows } = await sql<CaseRow>`
    select id, external_id as "externalId", title, title_key as "titleKey", search_key as "searchKey", type_name as "typeName",
      contact_id as "contactId", owner_id as "ownerId", team_id as "teamId"
    from cases where company_id = ${companyId} and external_id = any(${ids}::text[])`.execute(db);
  const known = new Map(rows.map((row) => [row.externalId!, row]));
  cases.forEach((given, i) => {
    const at = (field: string) => ['cases', i, field];
    const before = known.get(ids[i]!) ?? null;
    const title = faults.requiredText(given.title, at('title'), 'the title');
    const type = faults.text(given.typeName, at('typeName'), 'the type');
    const typeName = type === undefined ? (before?.typeName ?? null) : type;
    const contact = referred(faults, given.contactExternalId, at('contactExternalId'), 'contact', contactIds);
    const owner = referred(faults, given.ownerExternalId, at('ownerExternalId'), 'user', userIds);
    const team = referred(faults, given.teamExternalId, at('teamExternalId'), 'team', teamIds);
    planRow(plan, 'CASE', before, {
      id: before?.id ?? newId(now, i),
      externalId: ids[i]!,
      title,
      titleKey: sortKey(title),
      searchKey: caseSearchKey(title, typeName),
      typeName,
      contactId: contact === undefined ? (before?.contactId ?? null) : contact,
      ownerId: owner === undefined ? (before?.ownerId ?? null) : owner,
      teamId: team === undefined ? (before?.teamId ?? null) : team,
    });
  });
  return plan;
}
