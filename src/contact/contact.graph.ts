import { Company, User } from '../directory/directory.graph.ts';
import { userById } from '../directory/directory.queries.ts';
import { builder } from '../graph/builder.ts';
import { connectionType } from '../graph/connection.ts';
import { requireUuid } from '../kernel/ids.ts';
import {
  type AccountRow,
  accountById,
  type ContactRow,
  contactById,
  contactsOfAccount,
  listContacts,
} from './contact.queries.ts';
import { Team } from './team.graph.ts';
import { teamById } from './team.queries.ts';

const externalId = 'The id that it has in the system it came from.';

export const Account = builder.objectRef<AccountRow>('Account');
export const Contact = builder.objectRef<ContactRow>('Contact');

builder.node(Account, {
  description:
    'The firm of contacts, or what they are kept under ("Private"). Seen by all of the company. Not a Vendor: users work for those.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(accountById, id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    contacts: t.field({
      type: [Contact],
      description:
        'Its contacts by name, the first 25. Company.contacts has all of them, page by page, by the id of the account.',
      resolve: async ({ id }, _args, { loads }) => (await loads.load(contactsOfAccount, id)) ?? [],
    }),
    externalId: t.exposeString('externalId', { nullable: true, description: externalId }),
  }),
});

builder.node(Contact, {
  description:
    'Somebody outside of the company, known by their addresses; they cannot sign in. Seen by all of the company.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(contactById, id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Full name.' }),
    emails: t.exposeStringList('emails', {
      description:
        'E-mail addresses in their order, at most 20. Each is of one contact of the company, whatever its case: mail from it is theirs.',
    }),
    account: t.field({
      type: Account,
      nullable: true,
      description: 'The firm that they belong to.',
      resolve: ({ accountId }, _args, { loads }) => (accountId ? loads.the(accountById, accountId) : null),
    }),
    owner: t.field({
      type: User,
      nullable: true,
      description: 'The user who looks after them.',
      resolve: ({ ownerId }, _args, { loads }) => (ownerId ? loads.the(userById, ownerId) : null),
    }),
    team: t.field({
      type: Team,
      nullable: true,
      description: 'The team that looks after them.',
      resolve: ({ teamId }, _args, { loads }) => (teamId ? loads.the(teamById, teamId) : null),
    }),
    status: t.exposeString('status', { nullable: true, description: 'Their status in the words of that system.' }),
    fields: t.expose('fields', {
      type: 'JSON',
      nullable: true,
      description: 'What else that system keeps of them: a JSON object, as syncDirectory was given it.',
    }),
    externalId: t.exposeString('externalId', { nullable: true, description: externalId }),
  }),
});

builder.objectField(Company, 'contacts', (t) =>
  t.connection(
    {
      type: Contact,
      description: 'People outside of the company, by name.',
      args: {
        query: t.arg.string({
          description:
            'Only those that have every word of this text in name or addresses, whatever case and accents; at most 10 words, 255 characters (BAD_USER_INPUT).',
        }),
        accountId: t.arg.id({ description: 'Id of an Account: only its contacts.' }),
      },
      resolve: ({ id }, { query, accountId, ...args }, context) => {
        const account = accountId == null ? null : requireUuid('Account', accountId, 'accountId');
        return listContacts(context, id, { query, accountId: account }, args);
      },
    },
    connectionType('Contact', Contact),
  ),
);
