import type { AttachmentKind, NewAttachment } from '../file/attach.policy.ts';
import { newId } from '../kernel/ids.ts';
import { Faults } from '../kernel/input.ts';
import { idOf, listOf, type Raw, textOf } from './raw.policy.ts';

/** Something that a record has attached: where it is stays there, and is referred to. */
export interface SourceAttachment {
  kind: AttachmentKind;
  externalId: string;
  name: string;
  url: string | null;
}

/** What the other system calls the things that can be attached, without the files of its store. */
const KINDS: Record<string, AttachmentKind> = {
  file_version: 'FILE_VERSION',
  drawing_revision: 'DRAWING_REVISION',
  form: 'FORM',
  image: 'IMAGE',
  document_management_document_revision: 'DOCUMENT_REVISION',
};

const nameOf = (text: unknown): string =>
  typeof text === 'string'
    ? text
        .replace(/([a-z])([A-Z])/g, '$1_$2')
        .toLowerCase()
        .replace(/^.*[:/]/, '')
    : '';

/**
 * What a record has attached: its list of attachments, each a file of the store unless it says what it is; and lists of ids of things
 * that are kept elsewhere. An address that is none is left out, with a remark.
 */
export function attachmentsOf(faults: Faults, remarks: string[], raw: Raw): SourceAttachment[] {
  const listed = listOf(faults, raw, 'attachments').map((attachment): SourceAttachment => {
    const externalId = idOf(attachment.id);
    if (externalId === null) faults.add('INVALID', 'attachments has one without an id.', ['attachments']);
    const name = textOf(faults, attachment, 'filename') ?? textOf(faults, attachment, 'name') ?? `File ${externalId}`;
    return {
      kind: KINDS[nameOf(attachment.viewable_type)] ?? 'PROSTORE_FILE',
      externalId: externalId ?? '',
      name,
      url: addressOf(remarks, attachment.url, name),
    };
  });
  const referred = Object.entries(KINDS).flatMap(([what, kind]) => {
    const ids = raw[`${what}_ids`];
    return (Array.isArray(ids) ? ids : []).flatMap((id): SourceAttachment[] => {
      const externalId = idOf(id);
      if (externalId === null) remarks.push(`${what}_ids has no id: ${JSON.stringify(id)}`);
      return externalId === null ? [] : [{ kind, externalId, name: externalId, url: null }];
    });
  });
  return [...new Map([...listed, ...referred].map((one) => [`${one.kind} ${one.externalId}`, one])).values()];
}

function addressOf(remarks: string[], url: unknown, name: string): string | null {
  if (url == null || url === '') return null;
  const faults = new Faults();
  const address = typeof url === 'string' ? faults.webAddress(url, [], 'the address') : undefined;
  if (address && faults.errors.length === 0) return address;
  remarks.push(`the address of "${name}" is no web address of at most 2,000 characters: it has none here`);
  return null;
}

/** A reference that is to be stored; the n-th of its time. */
export const newReference = (source: SourceAttachment, time: string, n: number): NewAttachment => ({
  ...source,
  id: newId(new Date(time), n),
  fileId: null,
  size: null,
  contentType: null,
});
