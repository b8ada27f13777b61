import { Project, User } from '../directory/directory.graph.ts';
import { userById } from '../directory/directory.queries.ts';
import { builder } from '../graph/builder.ts';
import { mutation } from '../graph/payload.ts';
import { ItemFilterRef, ItemOrderRef } from '../item/itemInput.graph.ts';
import { type DeleteViewInput, deleteView, type SaveViewInput, saveView } from './view.commands.ts';
import { linkToView } from './view.links.ts';
import { refuseChange } from './view.policy.ts';
import { type SavedViewRow, savedViewById, savedViewsIn } from './view.queries.ts';

const file = (format: string) =>
  `A link to what it lists as ${format}, as Project.itemsExportUrl gives it. Good for you and for LINK_TTL (15 minutes), as long as you see the view.`;

const SavedView = builder.objectRef<SavedViewRow>('SavedView');
builder.node(SavedView, {
  description:
    'A list of items of a project under a name. A shared one is seen by whoever sees the project, any other by its owner alone, as long as they see the project. What it lists is worked out for each reader: it shows nobody more than they see without it.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(savedViewById, id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    shared: t.exposeBoolean('shared', { description: 'Whether everybody who sees the project sees it.' }),
    filter: t.expose('filter', {
      type: 'JSON',
      description:
        'What was saved: an ItemFilter as JSON, {} for none. Ids in it of what is gone, or of what you do not see, match nothing.',
    }),
    orderBy: t.expose('orderBy', {
      type: 'JSON',
      description: 'What was saved: a list of ItemOrder as JSON, [] for newest first.',
    }),
    columns: t.exposeStringList('columns', {
      description:
        'What was saved: keys of columns (names of ItemField and ItemOrderField, `customField:<id>`); empty for those that exports have by default.',
    }),
    createdBy: t.field({
      type: User,
      description: 'Its owner: who saved it first.',
      resolve: ({ ownerId }, _args, { loads }) => loads.the(userById, ownerId),
    }),
    csvUrl: t.string({
      description: file('CSV'),
      resolve: ({ id }, _args, context) => linkToView(context, id, 'CSV'),
    }),
    pdfUrl: t.string({
      description: file('PDF'),
      resolve: ({ id }, _args, context) => linkToView(context, id, 'PDF'),
    }),
    viewerCanChange: t.boolean({
      description: 'Whether you may change and delete it: its owner may, and company admins.',
      resolve: (view, _args, { viewer }) => refuseChange({ ...viewer, isMember: true }, view) === null,
    }),
  }),
});

builder.objectField(Project, 'savedViews', (t) =>
  t.field({
    type: [SavedView],
    description: 'The saved views of this project that you see: shared ones and your own, by name. At most 150.',
    resolve: async ({ id }, _args, { loads }) => (await loads.load(savedViewsIn, id)) ?? [],
  }),
);

mutation<SaveViewInput, { id: string }>('saveView', {
  description:
    'Saves a view of a project, or changes one. Members of the project save their own (FORBIDDEN); a shared one is changed by its owner or a company admin (FORBIDDEN). TOO_MANY beyond 50 of your own in a project.',
  input: builder.inputRef<SaveViewInput>('SaveViewInput').implement({
    description: 'A view to save. Of one that is there, absent fields stay as they are and null clears.',
    fields: (t) => ({
      id: t.id({ description: 'The SavedView to change (NOT_FOUND); left out, a new one is made.' }),
      projectId: t.id({
        required: true,
        description: 'The Project whose items it lists (NOT_FOUND); that of a view never changes (NOT_FOUND).',
      }),
      name: t.string({
        required: true,
        description:
          'Its name, up to 255 characters, unique among the views of its owner there whatever its case (TAKEN).',
      }),
      filter: t.field({
        type: ItemFilterRef,
        description:
          'Which items; all if left out. What a list would refuse is INVALID (an id that is none: NOT_FOUND); up to 20,000 characters as JSON (TOO_LONG).',
      }),
      orderBy: t.field({
        type: [ItemOrderRef],
        description: 'Up to 3 keys (INVALID); newest first if left out.',
      }),
      columns: t.stringList({
        description:
          'What an export shows: keys of columns (names of ItemField and ItemOrderField, `customField:<id>`), each once (INVALID), at most 50 (TOO_MANY).',
      }),
      shared: t.boolean({
        description:
          'Whether everybody who sees the project sees it; false if left out. At most 100 of a project are (TOO_MANY).',
      }),
    }),
  }),
  payload: (t) => ({
    savedView: t.field({
      type: SavedView,
      nullable: true,
      description:
        "The view as it is now; null also when you no longer see it: somebody else's that is not shared any more.",
      resolve: ({ id }, _args, { loads }) => (id ? loads.load(savedViewById, id) : null),
    }),
  }),
  run: async (context, input) => ({ id: await saveView(context, input) }),
});

mutation<DeleteViewInput, { deletedId: string }>('deleteView', {
  description: 'Deletes a view: its owner, of a shared one also company admins (FORBIDDEN).',
  input: builder.inputRef<DeleteViewInput>('DeleteViewInput').implement({
    description: 'A view to delete.',
    fields: (t) => ({ id: t.id({ required: true, description: 'The SavedView (NOT_FOUND).' }) }),
  }),
  payload: (t) => ({
    deletedId: t.id({
      nullable: true,
      description: 'The id of the view that is gone.',
      resolve: ({ deletedId }) => deletedId ?? null,
    }),
  }),
  run: async (context, input) => ({ deletedId: await deleteView(context, input) }),
});
