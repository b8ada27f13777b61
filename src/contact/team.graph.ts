import { Company, User } from '../directory/directory.graph.ts';
import { builder } from '../graph/builder.ts';
import { type TeamRow, teamById, teamsOf, usersOfTeam } from './team.queries.ts';

export const Team = builder.objectRef<TeamRow>('Team');
builder.node(Team, {
  description: 'A group of users. Seen by all of the company; who belongs to it sees its cases.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(teamById, id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    users: t.field({
      type: [User],
      description: 'Who belongs to it, by name; inactive users too. At most 200.',
      resolve: async ({ id }, _args, { loads }) => (await loads.load(usersOfTeam, id)) ?? [],
    }),
    externalId: t.exposeString('externalId', {
      nullable: true,
      description: 'The id that it has in the system it came from.',
    }),
  }),
});

builder.objectField(Company, 'teams', (t) =>
  t.field({
    type: [Team],
    description: 'Its teams, by name; none of a company that you do not act for.',
    resolve: async ({ id }, _args, { loads }) => (await loads.load(teamsOf, id)) ?? [],
  }),
);
