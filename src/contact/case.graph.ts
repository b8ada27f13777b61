import { Company, User } from '../directory/directory.graph.ts';
import { userById } from '../directory/directory.queries.ts';
import { builder } from '../graph/builder.ts';
import { connectionType } from '../graph/connection.ts';
import { type CaseRow, caseById, listCases } from './case.queries.ts';
import { Contact } from './contact.graph.ts';
import { contactById } from './contact.queries.ts';
import { Team } from './team.graph.ts';
import { teamById } from './team.queries.ts';

export const Case = builder.objectRef<CaseRow>('Case');
builder.node(Case, {
  description:
    'A matter that a contact raises, which correspondence can be about. Seen by its owner, the users of its team and company admins; for all others it does not exist.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(caseById, id)),
  fields: (t) => ({
    title: t.exposeString('title', { description: 'What it is called.' }),
    typeName: t.exposeString('typeName', {
      nullable: true,
      description: 'What kind of matter it is, in the words of the system it came from.',
    }),
    contact: t.field({
      type: Contact,
      nullable: true,
      description: 'Who raises it.',
      resolve: ({ contactId }, _args, { loads }) => (contactId ? loads.the(contactById, contactId) : null),
    }),
    owner: t.field({
      type: User,
      nullable: true,
      description: 'The user who looks after it.',
      resolve: ({ ownerId }, _args, { loads }) => (ownerId ? loads.the(userById, ownerId) : null),
    }),
    team: t.field({
      type: Team,
      nullable: true,
      description: 'The team that looks after it.',
      resolve: ({ teamId }, _args, { loads }) => (teamId ? loads.the(teamById, teamId) : null),
    }),
    externalId: t.exposeString('externalId', {
      nullable: true,
      description: 'The id that it has in the system it came from.',
    }),
  }),
});

builder.objectField(Company, 'cases', (t) =>
  t.connection(
    {
      type: Case,
      description: 'The cases that you see, by title: your own and those of your teams; company admins see all.',
      args: {
        query: t.arg.string({
          description:
            'Only those that have every word of this text in title or type, whatever case and accents; at most 10 words, 255 characters (BAD_USER_INPUT).',
        }),
      },
      resolve: ({ id }, { query, ...args }, context) => listCases(context, id, query, args),
    },
    connectionType('Case', Case),
  ),
);
