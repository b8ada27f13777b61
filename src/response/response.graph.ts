import { User } from '../directory/directory.graph.ts';
import { userById } from '../directory/directory.queries.ts';
import { AttachmentReferenceInputRef, references, uploadIds } from '../file/attachInput.graph.ts';
import { builder } from '../graph/builder.ts';
import { connectionType } from '../graph/connection.ts';
import { mutation } from '../graph/payload.ts';
import { Item } from '../item/item.graph.ts';
import { itemById } from '../item/item.queries.ts';
import { ItemPatchRef } from '../item/itemInput.graph.ts';
import { idempotencyKey } from '../item/itemMutation.graph.ts';
import { GenericToolStatus } from '../tool/status.graph.ts';
import { statusNamed } from '../tool/status.queries.ts';
import { type CreateResponseInput, createResponse, updateResponse } from './response.commands.ts';
import { listResponses, type ResponseRow, responseById } from './response.queries.ts';

export const Response = builder.objectRef<ResponseRow>('Response');
builder.node(Response, {
  description:
    'An answer to an item. Official ones are seen by whoever sees the item, unofficial ones by their author, everybody involved, and ADMINs.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(responseById, id)),
  fields: (t) => ({
    externalId: t.exposeString('externalId', {
      nullable: true,
      description: 'The id that it has in the system it came from.',
    }),
    notes: t.exposeString('notes', {
      description: 'What it says: rich text, safe HTML. Never edited. Empty when it is its attachments.',
    }),
    official: t.exposeBoolean('official', {
      description: 'Whether it counts as the official answer; an item may have several.',
    }),
    position: t.exposeInt('position', { description: '1, 2, ... in its item. Those that you do not see leave gaps.' }),
    status: t.field({
      type: GenericToolStatus,
      description: 'The status that the item had after the call that made this response.',
      resolve: ({ statusId }, _args, { loads }) => loads.the(statusNamed, statusId),
    }),
    item: t.field({
      type: Item,
      description: 'What it answers.',
      resolve: async ({ itemId }, _args, { loads }) => (await loads.load(itemById, itemId))!,
    }),
    createdBy: t.field({
      type: User,
      description: 'Its author.',
      resolve: ({ createdById }, _args, { loads }) => loads.the(userById, createdById),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was given.' }),
  }),
});

const ResponseConnection = connectionType('Response', Response);

builder.objectField(Item, 'responses', (t) =>
  t.connection(
    {
      type: Response,
      description: 'The answers to it that you see, in their order.',
      resolve: (item, args, context) => listResponses(context, item, args),
    },
    ResponseConnection,
  ),
);

const CreateResponseInputRef = builder.inputRef<CreateResponseInput>('CreateResponseInput');
CreateResponseInputRef.implement({
  description: 'A response to give.',
  fields: (t) => ({
    itemId: t.id({
      required: true,
      description: 'The Item to answer (NOT_FOUND): Open (a Draft is INVALID, a closed or archived one CLOSED).',
    }),
    notes: t.string({
      description:
        'What to say: rich text (HTML), made safe, up to 100,000 characters. REQUIRED, unless something is attached.',
    }),
    official: t.boolean({ defaultValue: false, description: 'Whether it is an official answer.' }),
    uploadIds: t.idList({ description: uploadIds }),
    references: t.field({ type: [AttachmentReferenceInputRef], description: references }),
    itemPatch: t.field({
      type: ItemPatchRef,
      description: 'What to change of the item in the same transaction; takes the right to edit it as well.',
    }),
    expectedVersion: t.int({ description: 'Refuse with CONFLICT unless the item is still at this version.' }),
    skipEmails: t.boolean({ description: 'Suppress all mail of this call.' }),
    idempotencyKey: t.string({ description: idempotencyKey }),
  }),
});

mutation<CreateResponseInput, { responseId: string; itemId: string }>('createResponse', {
  description:
    'Responds to an item, and changes it in the same call if asked to. Takes CREATE_RESPONSE and being involved, or RESPOND_TO_VENDOR_ITEMS and an involved colleague, or ADMIN. Rights are judged on the state before the call.',
  input: CreateResponseInputRef,
  payload: (t) => ({
    response: t.field({
      type: Response,
      nullable: true,
      description: 'The response.',
      resolve: ({ responseId }, _args, { loads }) => (responseId ? loads.load(responseById, responseId) : null),
    }),
    item: t.field({
      type: Item,
      nullable: true,
      description: 'The item as it is now; null also when you no longer see it.',
      resolve: ({ itemId }, _args, { loads }) => (itemId ? loads.load(itemById, itemId) : null),
    }),
  }),
  run: createResponse,
});

const UpdateResponseInputRef = builder.inputType('UpdateResponseInput', {
  description: 'A response to change. Its text never changes.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The Response (NOT_FOUND).' }),
    official: t.boolean({ required: true, description: 'Whether it is an official answer.' }),
  }),
});

mutation<{ id: string; official: boolean }, { responseId: string }>('updateResponse', {
  description: 'Says whether a response is official: for the creator of its item and ADMINs.',
  input: UpdateResponseInputRef,
  payload: (t) => ({
    response: t.field({
      type: Response,
      nullable: true,
      description: 'The response; null also when you no longer see it.',
      resolve: ({ responseId }, _args, { loads }) => (responseId ? loads.load(responseById, responseId) : null),
    }),
  }),
  run: async (context, input) => ({ responseId: await updateResponse(context, input) }),
});
