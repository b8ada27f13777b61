import type { Act } from '../database/transaction.ts';
import type { Faults } from '../kernel/input.ts';
import { type CaseRow, planCases } from './sync.cases.ts';
import { type ContactPlan, planContacts, writeContacts } from './sync.contacts.ts';
import { planFirms } from './sync.firms.ts';
import type { SyncDirectoryInput } from './sync.input.ts';
import { emptyPlan, type Plan, wanted, writePlan } from './sync.plan.ts';
import { planTeams, type TeamPlan, writeTeams } from './sync.teams.ts';

/** What becomes of contacts, their accounts and cases, and of the teams that look after them. */
interface OutsidePlan {
  teams: TeamPlan;
  accounts: Awaited<ReturnType<typeof planFirms>>['plan'];
  contacts: ContactPlan;
  cases: Plan<CaseRow>;
}

type Outside = Pick<SyncDirectoryInput, 'teams' | 'accounts' | 'contacts' | 'cases'>;

/** The users that teams, contacts and cases of the input name by external id. */
export const usersNamed = ({ teams, contacts, cases }: Outside): string[] =>
  wanted([
    ...(teams ?? []).flatMap(({ userExternalIds }) => userExternalIds),
    ...[...(contacts ?? []), ...(cases ?? [])].map(({ ownerExternalId }) => ownerExternalId),
  ]);

/** What becomes of teams, accounts, contacts and cases, each of which may name those before it. `userIds` are by external id. */
export async function planOutside(
  act: Act,
  companyId: string,
  input: Outside,
  userIds: ReadonlyMap<string, string>,
  faults: Faults,
): Promise<OutsidePlan> {
  const [teams, accounts] = [input.teams ?? [], input.accounts ?? []];
  const [contacts, cases] = [input.contacts ?? [], input.cases ?? []];
  if ([teams, accounts, contacts, cases].every((list) => list.length === 0)) return NOTHING();
  const groups = wanted([...contacts, ...cases].map(({ teamExternalId }) => teamExternalId));
  const { plan: teamPlan, teamIds } = await planTeams(act, companyId, teams, groups, userIds, faults);
  const firms = wanted(contacts.map(({ accountExternalId }) => accountExternalId));
  const { plan: accountPlan, firmIds } = await planFirms(act, companyId, 'accounts', accounts, firms, faults);
  const people = wanted(cases.map(({ contactExternalId }) => contactExternalId));
  const refers = { accountIds: firmIds, userIds, teamIds };
  const { plan: contactPlan, contactIds } = await planContacts(act, companyId, contacts, people, refers, faults);
  const casePlan = await planCases(act, companyId, cases, { contactIds, userIds, teamIds }, faults);
  return { teams: teamPlan, accounts: accountPlan, contacts: contactPlan, cases: casePlan };
}

const NOTHING = (): OutsidePlan => ({
  teams: { ...emptyPlan(), members: [] },
  accounts: emptyPlan(),
  contacts: { ...emptyPlan(), emails: [] },
  cases: emptyPlan(),
});

/** Writes them, in the order in which they refer to each other. */
export async function writeOutside(act: Act, companyId: string, plan: OutsidePlan): Promise<void> {
  await writeTeams(act, companyId, plan.teams);
  await writePlan(act, companyId, 'accounts', plan.accounts);
  await writeContacts(act, companyId, plan.contacts);
  await writePlan(act, companyId, 'cases', plan.cases);
}
