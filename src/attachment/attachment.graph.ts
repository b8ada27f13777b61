import { follow, type MaybePromise } from '../database/loader.ts';
import { User } from '../directory/directory.graph.ts';
import { userById } from '../directory/directory.queries.ts';
import { Email } from '../email/email.graph.ts';
import { AttachmentKindRef } from '../file/attachInput.graph.ts';
import { builder } from '../graph/builder.ts';
import type { Context } from '../graph/context.ts';
import { Item } from '../item/item.graph.ts';
import type { ItemRow } from '../item/item.queries.ts';
import { linkTo } from '../link/link.ts';
import { Response } from '../response/response.graph.ts';
import {
  type AttachmentRow,
  attachmentById,
  attachmentOfSeen,
  attachmentsOfEmail,
  attachmentsOfResponse,
} from './attachment.queries.ts';

const Attachment = builder.objectRef<AttachmentRow>('Attachment');
builder.node(Attachment, {
  description:
    'What an item, a response or a mail has: a stored file, or a reference to something elsewhere. Seen by whoever sees that.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(attachmentById, id)),
  fields: (t) => ({
    kind: t.expose('kind', { type: AttachmentKindRef, description: 'What it is.' }),
    name: t.exposeString('name', { description: 'The name of the file, or what the reference is shown as.' }),
    size: t.exposeInt('size', { nullable: true, description: 'Bytes of an UPLOAD; null of references.' }),
    contentType: t.exposeString('contentType', {
      nullable: true,
      description:
        'What the bytes of an UPLOAD are, as they show themselves; "application/octet-stream" when they do not. Null of references.',
    }),
    url: t.string({
      nullable: true,
      description:
        'Where to get it. Of an UPLOAD: a signed link for you alone, good for 15 minutes unless the gateway is set otherwise, as long as you see the attachment; part of a file by Range. Of a reference: as it was given, if it was.',
      resolve: ({ id, fileId, url }, _args, context) => (fileId ? linkTo(context, 'attachment', id) : url),
    }),
    externalId: t.exposeString('externalId', {
      nullable: true,
      description: 'The id of what a reference refers to, where it is; null of an UPLOAD.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was attached.' }),
    createdBy: t.field({
      type: User,
      nullable: true,
      description: 'Who attached it; null of a mail from outside.',
      resolve: ({ createdById }, _args, { loads }) => (createdById ? loads.at(userById, createdById) : null),
    }),
  }),
});

/** Those of an item; of one that a dry run shows, with those that it would have. */
const ofItem = (
  { attachmentIds, attaching }: ItemRow,
  { loads, viewer, world }: Context,
): MaybePromise<AttachmentRow[]> => {
  const stored = loads.allAt(attachmentOfSeen, attachmentIds);
  if (!attaching) return stored;
  const unsaid = { itemId: null, responseId: null, emailId: null };
  const made = { createdById: viewer.id, createdAt: world.clock.now().toISOString() };
  // nothing is there yet to be downloaded
  const added = attaching.added.map((attachment) => ({
    ...attachment,
    ...unsaid,
    ...made,
    fileId: null,
    sha256: null,
  }));
  return follow(stored, (rows) => [...rows, ...added]);
};
const ofResponse = ({ id }: { id: string }, { loads }: Context): MaybePromise<AttachmentRow[]> =>
  follow(loads.at(attachmentsOfResponse, id), (rows) => rows ?? []);

/** A link to all files of something at once; null where there is not more than one. */
const zipOf = (
  context: Context,
  rows: MaybePromise<AttachmentRow[]>,
  options: { itemId: string } | { responseId: string },
) =>
  follow(rows, (found) =>
    found.filter(({ fileId }) => fileId).length < 2 ? null : linkTo(context, 'attachments', options),
  );

const zip =
  'A signed link to a zip of all its uploaded files; null when there are fewer than two. Made when it is opened.';

builder.objectFields(Item, (t) => ({
  attachments: t.field({
    type: [Attachment],
    description: 'What is attached to it, in the order in which it came.',
    resolve: (item, _args, context) => ofItem(item, context),
  }),
  attachmentsZipUrl: t.string({
    nullable: true,
    description: zip,
    resolve: (item, _args, context) => zipOf(context, ofItem(item, context), { itemId: item.id }),
  }),
}));

builder.objectFields(Response, (t) => ({
  attachments: t.field({
    type: [Attachment],
    description: 'What came with it, in its order.',
    resolve: (response, _args, context) => ofResponse(response, context),
  }),
  attachmentsZipUrl: t.string({
    nullable: true,
    description: zip,
    resolve: (response, _args, context) => zipOf(context, ofResponse(response, context), { responseId: response.id }),
  }),
}));

builder.objectField(Email, 'attachments', (t) =>
  t.field({
    type: [Attachment],
    description: 'What came with it, in its order; without pictures within the text.',
    resolve: ({ id }, _args, { loads }) => follow(loads.at(attachmentsOfEmail, id), (rows) => rows ?? []),
  }),
);
