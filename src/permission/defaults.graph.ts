import { follow } from '../database/loader.ts';
import { Project, User } from '../directory/directory.graph.ts';
import { userById } from '../directory/directory.queries.ts';
import { placeOf } from '../directory/standing.queries.ts';
import { builder } from '../graph/builder.ts';
import type { Context } from '../graph/context.ts';
import { mutation } from '../graph/payload.ts';
import { GenericToolStatus } from '../tool/status.graph.ts';
import { statusesInProject } from '../tool/status.queries.ts';
import { GenericTool } from '../tool/tool.graph.ts';
import { type GenericToolRow, genericToolById, toolsInProject } from '../tool/tool.queries.ts';
import { toolIdsOf } from './availability.graph.ts';
import { updateGenericToolDefaults } from './defaults.commands.ts';
import type { UpdateGenericToolDefaultsInput } from './defaults.input.ts';
import { type NotificationSetting, settingsOf } from './defaults.policy.ts';
import { type DefaultsRow, defaultsAt, NO_DEFAULTS } from './defaults.queries.ts';

export const NotificationEventRef = builder.enumType('NotificationEvent', {
  description: 'What people are told of about items.',
  values: {
    CREATED: { description: 'An item was issued: for all roles, by default on.' },
    ASSIGNED: {
      description:
        'Somebody was added to a role of an issued item, or is in one when it is issued (only they): for all roles but the creator, by default on.',
    },
    RESPONDED_TO: { description: 'An item was responded to: for all roles, by default on.' },
    UPDATED: { description: 'An Open item was edited or reopened: for all roles, by default off.' },
    REMOVED: {
      description: 'Somebody was removed from a role (only they): for all roles but the creator, by default off.',
    },
    CLOSED: { description: 'An item was closed: for all roles, by default off.' },
    OVERDUE: {
      description:
        'Daily while an item is Open and past its due date: for assignees, by default on where the tool sends overdue notifications, else off.',
    },
  } as const,
});

const ItemRoleRef = builder.enumType('ItemRole', {
  description: 'What somebody is on an item.',
  values: {
    CREATOR: { description: 'They created it.' },
    ASSIGNEE: { description: 'They have to act.' },
    DISTRIBUTION: { description: 'They are kept informed.' },
    RECEIVED_FROM: { description: 'It was received from them.' },
  } as const,
});

const NotificationSettingRef = builder.objectRef<NotificationSetting>('NotificationSetting').implement({
  description: 'Whether people in a role are told of an event.',
  fields: (t) => ({
    event: t.field({ type: NotificationEventRef, description: 'The event.', resolve: ({ event }) => event }),
    role: t.field({ type: ItemRoleRef, description: 'The role.', resolve: ({ role }) => role }),
    enabled: t.exposeBoolean('enabled', {
      description: 'Whether they are told. OVERDUE is off as long as the tool sends no overdue notifications.',
    }),
  }),
});

/** A tool in a project, whose defaults are shown. */
interface PlaceOfDefaults {
  projectId: string;
  tool: GenericToolRow;
}

/** What was said there, once for all fields that show it. */
const said = ({ projectId, tool }: PlaceOfDefaults, { loads }: Context) =>
  follow(loads.at(defaultsAt, placeOf(projectId, tool.id)), (row): DefaultsRow => row ?? NO_DEFAULTS);

const GenericToolDefaults = builder.objectRef<PlaceOfDefaults>('GenericToolDefaults').implement({
  description:
    'What a new item of a tool starts with in a project, where whoever creates it says nothing else, and who is told of what there. ' +
    'Fields that the fieldset hides start with nothing. Seen by whoever has READ_ONLY on the tool there, and company admins.',
  fields: (t) => ({
    genericTool: t.field({ type: GenericTool, description: 'The tool.', resolve: ({ tool }) => tool }),
    description: t.string({
      nullable: true,
      description: 'The description, rich text (HTML) made safe; null: none.',
      resolve: (place, _args, context) => follow(said(place, context), ({ description }) => description),
    }),
    dueInWorkingDays: t.int({
      nullable: true,
      description:
        "In how many working days (Monday to Friday) after the day of its creation, in the project's time zone, it is due: 0 is that day, or the Monday after a weekend. Null: no due date.",
      resolve: (place, _args, context) => follow(said(place, context), ({ dueInWorkingDays }) => dueInWorkingDays),
    }),
    private: t.boolean({
      description: 'Whether a new item is private.',
      resolve: ({ tool }) => tool.privateByDefault,
    }),
    distributionMembers: t.field({
      type: [User],
      description: 'Whom it is distributed to; who can no longer be chosen is left out of new items.',
      resolve: (place, _args, context) =>
        follow(said(place, context), ({ distributionMemberIds }) =>
          context.loads.allAt(userById, distributionMemberIds),
        ),
    }),
    statuses: t.field({
      type: [GenericToolStatus],
      description: 'The statuses that an item can have, by category, then by name; a new one is a Draft.',
      resolve: async ({ projectId, tool }, _args, { loads }) =>
        (await loads.load(statusesInProject, `${projectId} ${tool.id}`)) ?? [],
    }),
    notifications: t.field({
      type: [NotificationSettingRef],
      description: 'The notification matrix: every event with each role that it is for.',
      resolve: (place, _args, context) =>
        follow(said(place, context), ({ notifications }) => settingsOf(notifications, place.tool)),
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

const NotificationSettingInputRef = builder.inputRef<NotificationSetting>('NotificationSettingInput').implement({
  description: 'Whether people in a role are told of an event.',
  fields: (t) => ({
    event: t.field({ type: NotificationEventRef, required: true, description: 'The event.' }),
    role: t.field({
      type: ItemRoleRef,
      required: true,
      description: 'The role; one that the event is not for is INVALID.',
    }),
    enabled: t.boolean({
      required: true,
      description:
        'Whether they are told. OVERDUE cannot be on where the tool sends no overdue notifications (INVALID).',
    }),
  }),
});

mutation<UpdateGenericToolDefaultsInput, { place: { projectId: string; genericToolId: string } }>(
  'updateGenericToolDefaults',
  {
    description:
      'Changes what new items of a tool start with in a project, and who is told of what there. ADMINs of the tool in the project only (FORBIDDEN).',
    input: builder.inputRef<UpdateGenericToolDefaultsInput>('UpdateGenericToolDefaultsInput').implement({
      description: 'What to change. Absent fields stay as they are; null clears.',
      fields: (t) => ({
        projectId: t.id({ required: true, description: 'Id of the Project (NOT_FOUND).' }),
        genericToolId: t.id({ required: true, description: 'Id of the GenericTool (NOT_FOUND).' }),
        description: t.string({ description: 'Rich text (HTML), made safe; up to 100,000 characters.' }),
        dueInWorkingDays: t.int({ description: 'Working days until a new item is due: 0 to 1,000 (INVALID).' }),
        distributionMemberIds: t.idList({
          description:
            'Users whom new items are distributed to; the list replaces the list. At most 200 (TOO_MANY). Only who is added is checked: unknown is NOT_FOUND, inactive or without access to the tool in the project NOT_SELECTABLE.',
        }),
        notifications: t.field({
          type: [NotificationSettingInputRef],
          description:
            'Entries of the notification matrix, each at most once (INVALID); those that are absent stay as they are. Null: all as they are by default.',
        }),
      }),
    }),
    payload: (t) => ({
      defaults: t.field({
        type: GenericToolDefaults,
        nullable: true,
        description: 'The defaults, as they are now.',
        resolve: async ({ place }, _args, { loads }) => {
          const tool = place ? await loads.load(genericToolById, place.genericToolId) : null;
          return tool && { projectId: place!.projectId, tool };
        },
      }),
    }),
    run: async (context, input) => ({ place: await updateGenericToolDefaults(context, input) }),
  },
);
