import { Project, User, UserConnection } from '../directory/directory.graph.ts';
import { builder } from '../graph/builder.ts';
import { connectionType } from '../graph/connection.ts';
import { requireUuid } from '../kernel/ids.ts';
import { GenericTool } from '../tool/tool.graph.ts';
import { genericToolById } from '../tool/tool.queries.ts';
import {
  type Availability,
  listAvailability,
  listReaders,
  type ToolAvailability,
  toolsOf,
} from './availability.queries.ts';

const GenericToolAvailability = builder.objectRef<ToolAvailability>('GenericToolAvailability').implement({
  description: 'Whether a user can be chosen on items of a tool: active, and READ_ONLY or more on it in the project.',
  fields: (t) => ({
    genericTool: t.field({
      type: GenericTool,
      description: 'The tool.',
      resolve: async ({ genericToolId }, _args, { loads }) => (await loads.load(genericToolById, genericToolId))!,
    }),
    potentialAssignee: t.exposeBoolean('selectable', { description: 'Whether they can become an assignee.' }),
    potentialReceivedFrom: t.exposeBoolean('selectable', { description: 'Whether an item can be received from them.' }),
    potentialDistributionMember: t.exposeBoolean('selectable', {
      description: 'Whether they can become a distribution member.',
    }),
  }),
});

const UserAvailability = builder.objectRef<Availability>('UserAvailability').implement({
  description: 'What an active user of a project can be chosen for.',
  fields: (t) => ({
    user: t.field({ type: User, description: 'The user.', resolve: ({ user }) => user }),
    genericTools: t.field({
      type: [GenericToolAvailability],
      description: 'One entry for each tool that you may read in the project (and asked for), by title.',
      resolve: (availability, _args, context) => toolsOf(context, availability),
    }),
  }),
});
const UserAvailabilityConnection = connectionType('UserAvailability', UserAvailability);

const query = 'Only who has this text in name or e-mail address, whatever its case.';

builder.objectFields(Project, (t) => ({
  userAvailability: t.connection(
    {
      type: UserAvailability,
      description: 'The active users of the project by name, and what they can be chosen for.',
      args: {
        query: t.arg.string({ description: query }),
        genericToolIds: t.arg.idList({ description: 'Only these tools (ids of GenericTool); left out, all of them.' }),
      },
      resolve: ({ id }, { query, genericToolIds, ...args }, context) =>
        listAvailability(context, id, toolIdsOf(genericToolIds), query, args),
    },
    UserAvailabilityConnection,
  ),
  availableReaders: t.connection(
    {
      type: User,
      description:
        'The active users who have READ_ONLY or more on a tool here, by name. Empty when you have not, as for an id that never existed.',
      args: {
        genericToolId: t.arg.id({ required: true, description: 'Id of a GenericTool.' }),
        query: t.arg.string({ description: query }),
      },
      resolve: ({ id }, { genericToolId, query, ...args }, context) =>
        listReaders(context, id, requireUuid('GenericTool', genericToolId, 'genericToolId'), query, args),
    },
    UserConnection,
  ),
}));

/** The tools that an argument names; null when it is left out. BAD_USER_INPUT for what is no id of a tool. */
export const toolIdsOf = (ids: readonly string[] | null | undefined): ReadonlySet<string> | null =>
  ids ? new Set(ids.map((id) => requireUuid('GenericTool', id, 'genericToolIds'))) : null;
