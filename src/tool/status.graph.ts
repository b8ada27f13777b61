import { Project } from '../directory/directory.graph.ts';
import { builder } from '../graph/builder.ts';
import { requireUuid } from '../kernel/ids.ts';
import {
  type GenericToolStatusRow,
  isStatusUsed,
  statusById,
  statusesInProject,
  statusesOfTool,
} from './status.queries.ts';
import { GenericTool } from './tool.graph.ts';
import { toolNamed } from './tool.queries.ts';

export const StatusCategoryEnum = builder.enumType('StatusCategory', {
  description: 'What a status means, whatever its name. Closed stands for all three closed ones.',
  values: {
    DRAFT: { description: 'Not issued: only its creator and ADMINs see the item.' },
    OPEN: { description: 'Issued, and waiting for its assignees.' },
    CLOSED: { description: 'Issued and done.' },
    CLOSED_SUCCESSFUL: { description: 'Done, with a good end.' },
    CLOSED_UNSUCCESSFUL: { description: 'Done, with a bad end.' },
  } as const,
});

export const GenericToolStatus = builder.objectRef<GenericToolStatusRow>('GenericToolStatus');
builder.node(GenericToolStatus, {
  description: 'A status that items of a tool can have. Seen by whoever sees the tool.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(statusById, id)),
  fields: (t) => ({
    externalId: t.exposeString('externalId', {
      nullable: true,
      description: 'The id that it has in the system it came from; null for what was made here.',
    }),
    name: t.exposeString('name', { description: 'Its name, unique in the tool whatever its case.' }),
    category: t.expose('category', { type: StatusCategoryEnum, description: 'What it means; it never changes.' }),
    isBuiltIn: t.exposeBoolean('isBuiltIn', {
      description: 'Whether every tool is made with it: such a status can be renamed, not deleted.',
    }),
    isUsed: t.boolean({
      description: 'Whether any item has it, an archived one or one that you do not see too.',
      resolve: async ({ id }, _args, { loads }) => (await loads.load(isStatusUsed, id)) ?? false,
    }),
    genericTool: t.field({
      type: GenericTool,
      description: 'The tool that it belongs to.',
      resolve: ({ genericToolId }, _args, { loads }) => loads.the(toolNamed, genericToolId),
    }),
  }),
});

builder.objectFields(GenericTool, (t) => ({
  statuses: t.field({
    type: [GenericToolStatus],
    description: 'Its statuses, by category (Draft first, then Open, then the closed ones), then by name.',
    resolve: async ({ id }, _args, { loads }) => (await loads.load(statusesOfTool, id)) ?? [],
  }),
}));

builder.objectFields(Project, (t) => ({
  availableStatuses: t.field({
    type: [GenericToolStatus],
    description:
      'The statuses that items of a tool can have here, by category, then by name. Empty when the tool is not available here, ' +
      'or you may not read it here.',
    args: { genericToolId: t.arg.id({ required: true, description: 'Id of a GenericTool.' }) },
    resolve: async ({ id }, { genericToolId }, { loads }) =>
      (await loads.load(statusesInProject, `${id} ${requireUuid('GenericTool', genericToolId, 'genericToolId')}`)) ??
      [],
  }),
}));
