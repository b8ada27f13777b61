import { Project } from '../directory/directory.graph.ts';
import { builder } from '../graph/builder.ts';
import { GenericTool } from '../tool/tool.graph.ts';
import { genericToolById } from '../tool/tool.queries.ts';
import { permissionsInProject } from './availability.queries.ts';
import type { Right } from './permission.policy.ts';
import { holds } from './permission.policy.ts';
import type { ToolGrant } from './permission.queries.ts';

export const AccessLevelRef = builder.enumType('AccessLevel', {
  description: 'How far somebody may go with a tool in a project; each level includes those before it.',
  values: {
    NONE: { description: 'Nothing: the tool does not exist for them there.' },
    READ_ONLY: { description: 'They see what the tool shows to everybody, and can be chosen.' },
    STANDARD: { description: 'They also create items and edit those that they created.' },
    ADMIN: {
      description:
        'They also edit, answer, archive and restore any item that they see, set defaults, and grant rights to others.',
    },
  } as const,
});

export const GranularPermissionRef = builder.enumType('GranularPermission', {
  description:
    'A single right, given on top of a level from READ_ONLY up. At ADMIN only VIEW_VENDOR_ITEMS adds something.',
  values: {
    CREATE: { description: 'Create items, and edit own Drafts. STANDARD and ADMIN imply it.' },
    EDIT_ITEMS_THEY_CREATED: { description: 'Edit own items while they are Open. STANDARD and ADMIN imply it.' },
    CREATE_RESPONSE: { description: 'Respond to items in which they are involved. ADMIN implies it.' },
    RESPOND_TO_VENDOR_ITEMS: { description: 'Respond to items in which a colleague is involved. ADMIN implies it.' },
    VIEW_VENDOR_ITEMS: {
      description:
        'See private issued items in which a colleague, somebody else of the same vendor, is involved. Never implied.',
    },
  } as const,
});

/** A level and granular permissions on a tool: what an entry of a template and a direct grant both are. */
const toolGrant = (name: string, description: string) =>
  builder.objectRef<ToolGrant>(name).implement({
    description,
    fields: (t) => ({
      genericTool: t.field({
        type: GenericTool,
        description: 'The tool.',
        resolve: async ({ genericToolId }, _args, { loads }) => (await loads.load(genericToolById, genericToolId))!,
      }),
      accessLevel: t.field({
        type: AccessLevelRef,
        description: 'The level.',
        resolve: ({ accessLevel }) => accessLevel,
      }),
      granularPermissions: t.field({
        type: [GranularPermissionRef],
        description: 'What is given on top of the level.',
        resolve: ({ granularPermissions }) => granularPermissions,
      }),
    }),
  });

export const PermissionTemplateEntry = toolGrant(
  'PermissionTemplateEntry',
  'What a permission template gives on one tool, in each project where it is available. ' +
    'Seen by company admins, by who holds the template, and by ADMINs of the tool in a project where somebody holds it.',
);

export const GenericToolGrant = toolGrant(
  'GenericToolGrant',
  "What one member of a project was given directly on one tool: it replaces the template's entry for that tool as a whole, " +
    'level NONE included. Seen by the member, company admins, and ADMINs of the tool in the project.',
);

const GenericToolPermission = builder.objectRef<Right>('GenericToolPermission').implement({
  description: 'What you may do with a tool in a project.',
  fields: (t) => ({
    genericTool: t.field({
      type: GenericTool,
      description: 'The tool.',
      resolve: async ({ genericToolId }, _args, { loads }) => (await loads.load(genericToolById, genericToolId))!,
    }),
    accessLevel: t.field({
      type: AccessLevelRef,
      description: 'Your level: never NONE, as such tools are not listed.',
      resolve: ({ accessLevel }) => accessLevel,
    }),
    permittedActions: t.field({
      type: [GranularPermissionRef],
      description:
        'What was given to you on top of the level, as it is stored; what the level implies is not repeated.',
      resolve: ({ granularPermissions }) => granularPermissions,
    }),
    viewerCanCreate: t.boolean({
      description: 'Whether you may create items: CREATE, given or implied by your level.',
      resolve: (right) => holds(right, 'CREATE'),
    }),
  }),
});

builder.objectField(Project, 'permissions', (t) =>
  t.field({
    type: [GenericToolPermission],
    description: 'What you may do with each tool here that you may read, by title of the tool.',
    resolve: ({ id }, _args, context) => permissionsInProject(context, id),
  }),
);
