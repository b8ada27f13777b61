import { newId, uuidOf } from '../kernel/ids.ts';
import type { Faults, Path } from '../kernel/input.ts';

/** What an attachment is: a stored file, or one of six things elsewhere. */
export const ATTACHMENT_KINDS = [
  'UPLOAD',
  'FILE_VERSION',
  'PROSTORE_FILE',
  'DRAWING_REVISION',
  'FORM',
  'IMAGE',
  'DOCUMENT_REVISION',
] as const;
export type AttachmentKind = (typeof ATTACHMENT_KINDS)[number];

/** A file that its user has brought and not used yet. */
export interface Upload {
  id: string;
  name: string;
  size: number;
  contentType: string;
}

/** What a call may attach: uploads by id, and references to things elsewhere. */
export interface AttachInput {
  uploadIds?: readonly string[] | null;
  references?: readonly { kind: AttachmentKind; externalId: string; name: string; url?: string | null }[] | null;
}

/** An attachment that is about to be stored. */
export interface NewAttachment {
  id: string;
  kind: AttachmentKind;
  name: string;
  fileId: string | null;
  externalId: string | null;
  url: string | null;
  /** of a file: what is known of it */
  size: number | null;
  contentType: string | null;
}

// a set of drawings; more is a matter for a document system, to be referred to
export const MAX_ATTACHED = 100;

/** The uploads that a call names, as uuids; what names none is found out by `attach`, which takes no longer lists either. */
export const uploadsNamed = ({ uploadIds }: AttachInput): string[] =>
  (uploadIds?.slice(0, MAX_ATTACHED) ?? []).map((id) => uuidOf('Upload', id)).filter((id) => id !== null);

/**
 * The attachments that a call makes, in its order, uploads first. `upload` finds one that is whole, unused and the viewer's own; all
 * others are NOT_FOUND. The same one twice in a list is one. Several items of a call may have the same: each gets its own attachment.
 */
export function attach(
  faults: Faults,
  { uploadIds, references }: AttachInput,
  path: Path,
  upload: (id: string) => Upload | undefined,
  now: Date,
): NewAttachment[] {
  for (const [part, list] of Object.entries({ uploadIds, references })) {
    if (list && list.length > MAX_ATTACHED) {
      faults.add('TOO_MANY', `${list.length} of them; at most ${MAX_ATTACHED} are attached at once.`, [...path, part]);
      return [];
    }
  }
  const uploads = [...new Set(uploadIds ?? [])].flatMap((gid): Omit<NewAttachment, 'id'>[] => {
    const id = uuidOf('Upload', gid);
    const found = id === null ? undefined : upload(id);
    if (found) {
      const { id: fileId, ...known } = found;
      return [{ kind: 'UPLOAD', ...known, fileId, externalId: null, url: null }];
    }
    const message = `There is no upload ${JSON.stringify(gid.slice(0, 100))} of yours that is finished and not used yet.`;
    faults.add('NOT_FOUND', message, [...path, 'uploadIds', uploadIds!.indexOf(gid)]);
    return [];
  });
  const referred = (references ?? []).map(({ kind, externalId, name, url }, n) => {
    const at = [...path, 'references', n];
    if (kind === 'UPLOAD')
      faults.add('INVALID', 'An UPLOAD is brought by createUpload and named in uploadIds.', [...at, 'kind']);
    return {
      kind,
      name: faults.requiredText(name, [...at, 'name'], 'the name'),
      fileId: null,
      size: null,
      contentType: null,
      externalId: faults.requiredText(externalId, [...at, 'externalId'], 'the external id'),
      url: faults.webAddress(url, [...at, 'url'], 'the address') ?? null,
    };
  });
  return [...uploads, ...referred].map((attachment, n) => ({ id: newId(now, n), ...attachment }));
}
