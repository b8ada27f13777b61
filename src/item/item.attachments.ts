import { type AttachInput, attach, MAX_ATTACHED, type Upload } from '../file/attach.policy.ts';
import type { Attaching } from '../file/attach.write.ts';
import { uuidOf } from '../kernel/ids.ts';
import type { Faults, Path } from '../kernel/input.ts';

/** What a patch may say of attachments: what to add, and which to take off. */
export interface AttachmentsPatch extends AttachInput {
  removeAttachmentIds?: readonly string[] | null;
}

/** What an item has of attachments: their ids, in the order in which they came; and while it is being changed, what is new. */
export interface AttachmentsContent {
  attachmentIds: string[];
  attaching?: Pick<Attaching, 'added' | 'removed' | 'origin'>;
}

// twice what one call adds; a longer list is a folder, and nobody reads it on an item
const MOST = 200;

/** The attachments that a patch takes off, as uuids. */
export const attachmentsNamed = ({ removeAttachmentIds }: AttachmentsPatch): string[] =>
  (removeAttachmentIds?.slice(0, MAX_ATTACHED) ?? []).map((id) => uuidOf('Attachment', id)).filter((id) => id !== null);

/** Gives an item the attachments that a patch adds, and takes off those that it names: its own alone, others are NOT_FOUND. */
export function applyAttachments(
  faults: Faults,
  next: AttachmentsContent,
  patch: AttachmentsPatch,
  path: Path,
  upload: (id: string) => Upload | undefined,
  now: Date,
): void {
  const given = patch.removeAttachmentIds ?? [];
  const at = [...path, 'removeAttachmentIds'];
  if (given.length > MAX_ATTACHED)
    faults.add('TOO_MANY', `${given.length} of them; at most ${MAX_ATTACHED} are taken off at once.`, at);
  const removed = [...new Set(given.slice(0, MAX_ATTACHED))].flatMap((gid) => {
    const id = uuidOf('Attachment', gid);
    if (id !== null && next.attachmentIds.includes(id)) return [id];
    faults.notFound('Attachment', gid, [...at, given.indexOf(gid)]);
    return [];
  });
  const added = attach(faults, patch, path, upload, now);
  if (added.length === 0 && removed.length === 0) return;
  next.attaching = { added, removed };
  next.attachmentIds = [...next.attachmentIds.filter((id) => !removed.includes(id)), ...added.map(({ id }) => id)];
  if (added.length > 0 && next.attachmentIds.length > MOST)
    faults.add('TOO_MANY', `It would have ${next.attachmentIds.length} attachments; at most ${MOST} are kept.`, [
      ...path,
      patch.uploadIds?.length ? 'uploadIds' : 'references',
    ]);
}
