import { Project } from '../directory/directory.graph.ts';
import { builder } from '../graph/builder.ts';
import { GenericToolStatus } from '../tool/status.graph.ts';
import { statusesInProject } from '../tool/status.queries.ts';
import { GenericTool } from '../tool/tool.graph.ts';
import { type GenericToolRow, toolsInProject } from '../tool/tool.queries.ts';
import { toolIdsOf } from './availability.graph.ts';

const GenericToolDefaults = builder
  .objectRef<{ projectId: string; tool: GenericToolRow }>('GenericToolDefaults')
  .implement({
    description: 'What a new item of a tool starts with in a project, where whoever creates it says nothing else.',
    fields: (t) => ({
      genericTool: t.field({ type: GenericTool, description: 'The tool.', resolve: ({ tool }) => tool }),
      private: t.boolean({
        description: 'Whether a new item is private.',
        resolve: ({ tool }) => tool.privateByDefault,
      }),
      statuses: t.field({
        type: [GenericToolStatus],
        description: 'The statuses that an item can have, by category, then by name; a new one is a Draft.',
        resolve: async ({ projectId, tool }, _args, { loads }) =>
          (await loads.load(statusesInProject, `${projectId} ${tool.id}`)) ?? [],
      }),
    }),
  });

builder.objectField(Project, 'defaults', (t) =>
  t.field({
    type: [GenericToolDefaults],
    description: 'What new items start with, for each tool here that you see, by title of the tool.',
    args: {
      genericToolIds: t.arg.idList({ description: 'Only these tools (ids of GenericTool); left out, all of them.' }),
    },
    resolve: async ({ id: projectId }, { genericToolIds }, { loads }) => {
      const wanted = toolIdsOf(genericToolIds);
      const tools = (await loads.load(toolsInProject, projectId)) ?? [];
      return tools.filter(({ id }) => wanted?.has(id) ?? true).map((tool) => ({ projectId, tool }));
    },
  }),
);
