import type { AccountInput, CaseInput, ContactInput, TeamInput, UserInput } from '../src/sync/sync.input.ts';

const JANE: UserInput = {
  externalId: '1001',
  name: 'Jane Doe',
  email: 'demo@easir.com',
  jobTitle: 'Service Agent',
};
const MICHAEL: UserInput = {
  externalId: '1002',
  name: "Michael O'Keefe",
  email: 'michael.okeefe@easir.com',
  jobTitle: 'Service Agent',
};
const TEAM: TeamInput = {
  externalId: '1',
  name: 'Customer Service',
  userExternalIds: [JANE.externalId, MICHAEL.externalId],
};
const ACCOUNT: AccountInput = { externalId: '1', name: 'Private' };
const JACK: ContactInput = {
  externalId: '1',
  name: 'Jack Daniels',
  emails: ['jd@example.com'],
  accountExternalId: ACCOUNT.externalId,
  ownerExternalId: JANE.externalId,
  teamExternalId: TEAM.externalId,
  status: 'Customer',
  fields: { city: 'Lynchburg', newsletter: false },
};
const CASE: CaseInput = {
  externalId: '1',
  title: 'Reading room for the neighbourhood',
  typeName: 'Inquiry',
  contactExternalId: JACK.externalId,
  ownerExternalId: JANE.externalId,
  teamExternalId: TEAM.externalId,
};

/**
 * EASI'R's example, beside the projects: two people of a service desk, a contact whom they look after, and what he asks for. They are
 * members of no project, and see no item.
 */
export const DESK = { users: [JANE, MICHAEL], teams: [TEAM], accounts: [ACCOUNT], contacts: [JACK], cases: [CASE] };
