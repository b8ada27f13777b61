import { sql } from 'kysely';
import { type Act, transaction } from '../database/transaction.ts';
import { lockCompany, ownCompany, requireAdmin } from '../directory/admin.commands.ts';
import type { Context } from '../graph/context.ts';
import { lockItemsOfUsers, rewriteAudiencesOfUsers } from '../item/item.audiences.ts';
import { refuse } from '../kernel/errors.ts';
import { Faults } from '../kernel/input.ts';
import { applyDefaultFieldsets } from '../tool/fieldset.commands.ts';
import { planFirms } from './sync.firms.ts';
import { MAX_MEMBERS, MAX_ROWS, type SyncDirectoryInput, type UserInput } from './sync.input.ts';
import { planOutside, usersNamed, writeOutside } from './sync.outside.ts';
import { type SyncedRow, type SyncOutcome, wanted, writePlan } from './sync.plan.ts';
import { planProjects } from './sync.projects.ts';
import { planReferences } from './sync.references.ts';
import { planUsers, type UserPlan, type UserRow } from './sync.users.ts';

export const ADMINS_SYNC = 'Only company admins may change the directory.';

export interface Synced {
  rows: SyncedRow[];
  created: number;
  updated: number;
  unchanged: number;
}

/**
 * Brings the directory (people, firms, projects and their reference data, teams, contacts, cases) to what another system says, all or
 * nothing; what it does not speak of stays. Company admins only. Statements: some 35 at most, whatever the number of rows.
 */
export async function syncDirectory({ world, viewer }: Context, input: SyncDirectoryInput): Promise<Synced> {
  const faults = new Faults();
  const companyId = ownCompany(faults, viewer, input.companyId, ['companyId']);
  const [vendors, users, projects] = [input.vendors ?? [], input.users ?? [], input.projects ?? []];
  const references = input.references ?? [];
  const lists = [vendors, users, projects, input.teams, input.accounts, input.contacts, input.cases, references];
  const total = lists.reduce((sum, list) => sum + (list?.length ?? 0), 0);
  if (total > MAX_ROWS) refuse('TOO_MANY', `${total} rows are more than one call takes (${MAX_ROWS}).`);
  const members = (input.teams ?? []).reduce((sum, { userExternalIds }) => sum + userExternalIds.length, 0);
  if (members > MAX_MEMBERS)
    refuse('TOO_MANY', `${members} users in teams are more than one call takes (${MAX_MEMBERS}).`, ['teams']);
  faults.refuse();
  return transaction(world, async (act) => {
    const found = new Faults();
    // one at a time: rows are matched, addresses compared and admins counted on what stands still
    await lockCompany(act, companyId);
    await requireAdmin(act, viewer, ADMINS_SYNC);
    const firms = wanted(users.map(({ vendorExternalId }) => vendorExternalId));
    const { plan: vendorPlan, firmIds: vendorIds } = await planFirms(act, companyId, 'vendors', vendors, firms, found);
    const userPlan = await planUsers(act, companyId, users, vendorIds, usersNamed(input), found);
    const places = wanted(references.map(({ projectExternalId }) => projectExternalId));
    const { plan: projectPlan, projectIds } = await planProjects(act, companyId, projects, places, found);
    const outside = await planOutside(act, companyId, input, userPlan.userIds, found);
    const referencePlan = await planReferences(act, companyId, references, projectIds, found);
    await refuseWithoutAdmin(act, companyId, users, userPlan, found);
    found.refuse();
    await writePlan(act, companyId, 'vendors', vendorPlan);
    await lockItemsOfUsers(act, movedUsers(userPlan));
    await giveUpEmails(act, userPlan.displaced);
    await writePlan(act, companyId, 'users', userPlan);
    await writePlan(act, companyId, 'projects', projectPlan);
    await writeOutside(act, companyId, outside);
    await writePlan(act, companyId, 'reference_data', referencePlan);
    await applyDefaultFieldsets(
      act,
      companyId,
      projectPlan.created.map(({ id }) => id),
    );
    await rewriteAudiencesOfUsers(act, movedUsers(userPlan));
    const { teams, accounts, contacts, cases } = outside;
    const plans = [vendorPlan, userPlan, projectPlan, teams, accounts, contacts, cases, referencePlan];
    return summary(plans.flatMap(({ synced }) => synced));
  });
}

/** Somebody has to be able to sign in and manage the company: service users do not count. */
const manages = (user: UserRow | undefined): boolean => Boolean(user?.active && user.isCompanyAdmin && !user.isService);

async function refuseWithoutAdmin(
  { db }: Act,
  companyId: string,
  users: readonly UserInput[],
  { before, synced, updated, created }: UserPlan,
  faults: Faults,
): Promise<void> {
  const after = new Map(updated.map((row) => [row.id, row]));
  const last = synced.findLastIndex(({ id }) => manages(before.get(id)) && after.has(id) && !manages(after.get(id)));
  if (last === -1 || [...updated, ...created].some(manages)) return;
  const { rows } = await sql`
    select from users where company_id = ${companyId} and active and is_company_admin and not is_service
      and id <> all(${updated.map(({ id }) => id)}::uuid[]) limit 1`.execute(db);
  if (rows.length > 0) return;
  const field = users[last]!.active === false ? 'active' : 'isCompanyAdmin';
  faults.add('IN_USE', `${before.get(synced[last]!.id)!.name} is the last active admin of the company.`, [
    'users',
    last,
    field,
  ]);
}

/** Addresses that change hands are let go of first: the database compares them row by row. */
async function giveUpEmails({ db }: Act, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return;
  await sql`update users set email = id::text where id = any(${userIds}::uuid[])`.execute(db);
}

const movedUsers = ({ before, updated }: UserPlan): string[] =>
  updated.filter(({ id, vendorId }) => before.get(id)!.vendorId !== vendorId).map(({ id }) => id);

function summary(rows: SyncedRow[]): Synced {
  const count = (of: SyncOutcome) => rows.filter(({ outcome }) => outcome === of).length;
  return { rows, created: count('CREATED'), updated: count('UPDATED'), unchanged: count('UNCHANGED') };
}
