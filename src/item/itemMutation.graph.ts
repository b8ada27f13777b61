import { builder } from '../graph/builder.ts';
import { mutation, UserErrorRef } from '../graph/payload.ts';
import { setArchived } from './item.archive.ts';
import { type BatchResult, type BatchUpdateItemsInput, batchUpdateItems, type ItemUpdate } from './item.batch.ts';
import { type CreateItemInput, createItem, type UpdateItemInput, updateItem } from './item.commands.ts';
import { Item } from './item.graph.ts';
import { itemById } from './item.queries.ts';
import { ItemPatchRef } from './itemInput.graph.ts';

const expectedVersion = 'Refuse with CONFLICT unless the item is still at this version.';
const skipEmails = 'Suppress all mail of this call.';
export const idempotencyKey =
  'A name of your own for this call, up to 255 characters: a repeat within 24 hours is answered without doing it again; with another input it is INVALID.';

const CreateItemInputRef = builder.inputRef<CreateItemInput>('CreateItemInput');
CreateItemInputRef.implement({
  description: 'An item to make.',
  fields: (t) => ({
    projectId: t.id({ required: true, description: 'A Project that you see (NOT_FOUND).' }),
    genericToolId: t.id({
      required: true,
      description: 'A GenericTool that you see (NOT_FOUND) and may create items of there (FORBIDDEN).',
    }),
    item: t.field({
      type: ItemPatchRef,
      required: true,
      description: 'What to say about it. Left out: the next free number, status Draft, private as the tool has it.',
    }),
    originResponseId: t.id({
      description:
        'A Response to make it out of (NOT_FOUND): it comes from the item of that, and no other origin can be given (INVALID).',
    }),
    skipEmails: t.boolean({ description: skipEmails }),
    idempotencyKey: t.string({ description: idempotencyKey }),
  }),
});

mutation<CreateItemInput, { itemId: string }>('createItem', {
  description:
    'Makes an item: takes CREATE, STANDARD or ADMIN on the tool in the project. Made out of another item (its origin), it takes over title, description, attachments and those people who can be chosen there; out of a response, the title of its item, the notes as description, and its attachments; each unless it is given (null: nothing), and as far as the fields are there. Made out of a private item or an unofficial response it is private unless said otherwise.',
  input: CreateItemInputRef,
  payload: (t) => ({
    item: t.field({
      type: Item,
      nullable: true,
      description: 'The item.',
      resolve: ({ itemId }, _args, { loads }) => (itemId ? loads.load(itemById, itemId) : null),
    }),
  }),
  run: async (context, input) => ({ itemId: await createItem(context, input) }),
});

const UpdateItemInputRef = builder.inputRef<UpdateItemInput>('UpdateItemInput');
UpdateItemInputRef.implement({
  description: 'An item to change.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The Item (NOT_FOUND).' }),
    patch: t.field({ type: ItemPatchRef, required: true, description: 'What to change.' }),
    expectedVersion: t.int({ description: expectedVersion }),
    skipEmails: t.boolean({ description: skipEmails }),
    idempotencyKey: t.string({ description: idempotencyKey }),
  }),
});

mutation<UpdateItemInput, { itemId: string }>('updateItem', {
  description:
    'Changes an item: own Drafts with CREATE, own Open items with EDIT_ITEMS_THEY_CREATED, everything as ADMIN; all else is FORBIDDEN. Nothing happens when the patch says what already is.',
  input: UpdateItemInputRef,
  payload: (t) => ({
    item: t.field({
      type: Item,
      nullable: true,
      description: 'The item as it is now; null also when you no longer see it.',
      resolve: ({ itemId }, _args, { loads }) => (itemId ? loads.load(itemById, itemId) : null),
    }),
  }),
  run: async (context, input) => ({ itemId: await updateItem(context, input) }),
});

const ItemUpdateRef = builder.inputRef<ItemUpdate>('ItemUpdate');
ItemUpdateRef.implement({
  description: 'One item of a batch, with a patch of its own.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The Item (NOT_FOUND); each only once (INVALID).' }),
    patch: t.field({ type: ItemPatchRef, required: true, description: 'What to change.' }),
    expectedVersion: t.int({ description: expectedVersion }),
  }),
});

const CompletionModeRef = builder.enumType('CompletionMode', {
  description: 'What becomes of a batch when something in it fails.',
  values: {
    ALL_OR_NOTHING: { description: 'One failure, and nothing changes.' },
    EACH_ON_ITS_OWN: { description: 'What can be updated is.' },
  },
});

const BatchUpdateItemsInputRef = builder.inputRef<BatchUpdateItemsInput>('BatchUpdateItemsInput');
BatchUpdateItemsInputRef.implement({
  description:
    'Items to change together: either `updates`, or `ids` with one `patch` for all of them; at most 500 (TOO_MANY).',
  fields: (t) => ({
    updates: t.field({ type: [ItemUpdateRef], description: 'Items with a patch each.' }),
    ids: t.idList({ description: 'Items that all get the same patch; each only once (INVALID).' }),
    patch: t.field({
      type: ItemPatchRef,
      description: 'The patch for `ids`. Over more than one, position and externalId are INVALID.',
    }),
    completionMode: t.field({
      type: CompletionModeRef,
      defaultValue: 'ALL_OR_NOTHING',
      description: 'What becomes of it when something fails.',
    }),
    dryRun: t.boolean({
      defaultValue: false,
      description: 'Answer the same, items as they would be, and change nothing.',
    }),
    skipEmails: t.boolean({ description: skipEmails }),
    idempotencyKey: t.string({ description: idempotencyKey }),
  }),
});

const BatchOutcomeRef = builder.enumType('BatchOutcome', {
  description: 'What came of one item of a batch.',
  values: {
    UPDATED: { description: 'It was changed.' },
    UNCHANGED: { description: 'The patch says what already is: no new version, no mail.' },
    FAILED: { description: 'It was refused; its userErrors say why.' },
    SKIPPED: { description: 'It was left as it is because another one failed.' },
  },
});

const BatchUpdateResultRef = builder.objectRef<BatchResult>('BatchUpdateResult').implement({
  description: 'What came of one item of a batch.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id as it was given.' }),
    outcome: t.expose('outcome', { type: BatchOutcomeRef, description: 'What came of it.' }),
    item: t.field({
      type: Item,
      nullable: true,
      description:
        'The item as it is (in a dry run: would be) now; null when it failed, was skipped, or you no longer see it.',
      resolve: ({ itemId, preview }, _args, { loads }) =>
        preview !== undefined ? preview : itemId ? loads.load(itemById, itemId) : null,
    }),
    userErrors: t.expose('userErrors', { type: [UserErrorRef], description: 'Why it failed or was skipped.' }),
  }),
});

mutation<BatchUpdateItemsInput, { results: BatchResult[] }>('batchUpdateItems', {
  description:
    'Changes up to 500 items, over any projects and tools of the company, in one transaction; each by the same right as changing it alone. Uniqueness is judged on the final state: numbers can be swapped.',
  input: BatchUpdateItemsInputRef,
  refused: { results: [] },
  payload: (t) => ({
    results: t.field({
      type: [BatchUpdateResultRef],
      description: 'What came of each, in the order of the request; empty when the batch as such was refused.',
      resolve: ({ results }) => results ?? [],
    }),
    updatedCount: t.int({
      description: 'How many were (in a dry run: would be) changed.',
      resolve: ({ results }) => results?.filter(({ outcome }) => outcome === 'UPDATED').length ?? 0,
    }),
  }),
  run: async (context, input) => ({ results: await batchUpdateItems(context, input) }),
});

/** Archiving and restoring are told alike. */
function archiving(name: 'archiveItems' | 'restoreItems', archived: boolean, description: string): void {
  const title = archived ? 'ArchiveItemsInput' : 'RestoreItemsInput';
  const input = builder.inputRef<{ ids: readonly string[] }>(title);
  input.implement({
    description: archived ? 'Items to put away.' : 'Items to bring back.',
    fields: (t) => ({
      ids: t.idList({
        required: true,
        description: 'At most 500 (TOO_MANY), all seen (NOT_FOUND), all in tools that you are ADMIN of (FORBIDDEN).',
      }),
    }),
  });
  mutation<{ ids: readonly string[] }, { itemIds: string[] }>(name, {
    description,
    input,
    payload: (t) => ({
      items: t.field({
        type: [Item],
        description: 'The items, in the order of the request; none when anything was refused.',
        resolve: ({ itemIds }, _args, { loads }) => loads.loadAll(itemById, itemIds ?? []),
      }),
    }),
    run: async (context, { ids }) => ({ itemIds: await setArchived(context, ids, archived) }),
  });
}

archiving(
  'archiveItems',
  true,
  'Puts items away, for ADMINs: only ADMINs see them then, when they ask for archived ones; nobody changes or answers them; their numbers stay taken. All or none; archived ones are left alone.',
);
archiving(
  'restoreItems',
  false,
  'Brings archived items back as they were, for ADMINs. All or none; live ones are left alone.',
);
