import { Company, Project, ProjectConnection } from '../directory/directory.graph.ts';
import { companyById } from '../directory/directory.queries.ts';
import { builder } from '../graph/builder.ts';
import { connectionType } from '../graph/connection.ts';
import { requireUuid } from '../kernel/ids.ts';
import { listProjectsOfTool } from './availability.queries.ts';
import type { ToolTemplate } from './template.policy.ts';
import { type GenericToolRow, genericToolById, listTemplates, listTools, toolsInProject } from './tool.queries.ts';

const externalId = 'The id that it has in the system it came from; null for what was made here.';

/** What the settings of a tool mean, wherever they stand. */
export const MEANING = {
  abbreviation: 'What numbers of items begin with: DR makes "DR-004".',
  privateByDefault: 'Whether a new item is private when its author does not say.',
  enabledOnNewProjects: 'Whether the tool is available in new projects, with its Default fieldset.',
  sendsOverdueNotifications: 'Whether assignees hear of Open items that are past their due date.',
  adminsSeePrivateItems:
    'Whether ADMINs see private items of others; false makes them super private: only for those involved.',
};

export const GenericTool = builder.objectRef<GenericToolRow>('GenericTool');
builder.node(GenericTool, {
  description:
    'A kind of correspondence, such as "Design Review" with numbers from DR-001 on. ' +
    'Seen by company admins, and by whoever has READ_ONLY or more on it in some project.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(genericToolById, id)),
  fields: (t) => ({
    externalId: t.exposeString('externalId', { nullable: true, description: externalId }),
    title: t.exposeString('title', { description: 'Its name, unique in the company whatever its case.' }),
    abbreviation: t.exposeString('abbreviation', {
      nullable: true,
      description: `${MEANING.abbreviation} Null: numbers have no prefix.`,
    }),
    privateByDefault: t.exposeBoolean('privateByDefault', { description: MEANING.privateByDefault }),
    enabledOnNewProjects: t.exposeBoolean('enabledOnNewProjects', { description: MEANING.enabledOnNewProjects }),
    sendsOverdueNotifications: t.exposeBoolean('sendsOverdueNotifications', {
      description: MEANING.sendsOverdueNotifications,
    }),
    adminsSeePrivateItems: t.exposeBoolean('adminsSeePrivateItems', { description: MEANING.adminsSeePrivateItems }),
    company: t.field({
      type: Company,
      description: 'The company that it belongs to.',
      resolve: async ({ companyId }, _args, { loads }) => (await loads.load(companyById, companyId))!,
    }),
    projects: t.connection(
      {
        type: Project,
        description:
          'The projects that it is available in, by name: those where you have READ_ONLY or more on it; company admins see all.',
        resolve: ({ id }, args, context) => listProjectsOfTool(context, id, args),
      },
      ProjectConnection,
    ),
  }),
});

export const GenericToolConnection = connectionType('GenericTool', GenericTool);

const GenericToolTemplate = builder.objectRef<ToolTemplate>('GenericToolTemplate').implement({
  description: 'A ready-made kind of correspondence that a tool can be made from.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'What createGenericTool knows it by, such as "change_request".' }),
    title: t.exposeString('title', { description: 'The title that the tool gets.' }),
    abbreviation: t.exposeString('abbreviation', { description: MEANING.abbreviation }),
    adminsSeePrivateItems: t.exposeBoolean('adminsSeePrivateItems', { description: MEANING.adminsSeePrivateItems }),
  }),
});

builder.objectFields(Company, (t) => ({
  genericTools: t.connection(
    {
      type: GenericTool,
      description: 'The tools that you see, by title.',
      args: {
        projectId: t.arg.id({
          description:
            'Only those available in this Project, and that you have READ_ONLY or more on there (company admins: all of them).',
        }),
      },
      resolve: ({ id }, { projectId, ...args }, context) =>
        listTools(context, id, projectId == null ? null : requireUuid('Project', projectId, 'projectId'), args),
    },
    GenericToolConnection,
  ),
  genericToolTemplates: t.field({
    type: [GenericToolTemplate],
    description: 'What tools can be made from, by title. A template is not offered while a tool has its title.',
    resolve: ({ id }, _args, context) => listTemplates(context, id),
  }),
}));

builder.objectFields(Project, (t) => ({
  genericTools: t.field({
    type: [GenericTool],
    description:
      'The tools that are available here, by title: those that you have READ_ONLY or more on here; company admins see all.',
    resolve: async ({ id }, _args, { loads }) => (await loads.load(toolsInProject, id)) ?? [],
  }),
}));

builder.queryFields((t) => ({
  genericTool: t.field({
    type: GenericTool,
    nullable: true,
    description: 'A tool that you see.',
    args: { id: t.arg.id({ required: true, description: 'Id of a GenericTool.' }) },
    resolve: (_root, { id }, { loads }) => loads.load(genericToolById, requireUuid('GenericTool', id, 'id')),
  }),
}));
