import { builder } from '../graph/builder.ts';
import type { ATTACHMENT_KINDS } from './attach.policy.ts';

export const AttachmentKindRef = builder.enumType('AttachmentKind', {
  description: 'What is attached.',
  values: {
    UPLOAD: { description: 'A file that is stored here.' },
    FILE_VERSION: { description: 'A version of a file in a document system.' },
    PROSTORE_FILE: { description: 'A file in the store of Procore.' },
    DRAWING_REVISION: { description: 'A revision of a drawing.' },
    FORM: { description: 'A form.' },
    IMAGE: { description: 'A picture in a gallery.' },
    DOCUMENT_REVISION: { description: 'A revision of a document.' },
  } satisfies Record<(typeof ATTACHMENT_KINDS)[number], object>,
});

export const AttachmentReferenceInputRef = builder.inputType('AttachmentReferenceInput', {
  description: 'Something elsewhere to refer to.',
  fields: (t) => ({
    kind: t.field({ type: AttachmentKindRef, required: true, description: 'What it is; an UPLOAD is INVALID here.' }),
    externalId: t.string({ required: true, description: 'Its id where it is; up to 255 characters.' }),
    name: t.string({ required: true, description: 'What to show it as; up to 255 characters.' }),
    url: t.string({ description: 'Its web address (http or https, else INVALID), up to 2,000 characters.' }),
  }),
});

export const uploadIds =
  'Files to attach, at most 100 (TOO_MANY): uploads of your own that are finished and not used yet (else NOT_FOUND).';
export const references = 'Things elsewhere to attach, at most 100 (TOO_MANY).';
