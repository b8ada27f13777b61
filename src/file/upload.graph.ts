import { builder } from '../graph/builder.ts';
import { mutation } from '../graph/payload.ts';
import { toGlobalId } from '../kernel/ids.ts';
import { type CreateUploadInput, createUpload } from './upload.commands.ts';

const CreateUploadInputRef = builder.inputRef<CreateUploadInput>('CreateUploadInput');
CreateUploadInputRef.implement({
  description: 'A file that you are about to bring.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description:
        'Its name, up to 255 bytes (TOO_LONG). Of a path the last part is kept; control characters and what turns text around are taken out. Nothing left is REQUIRED.',
    }),
    size: t.int({
      required: true,
      description:
        'The most bytes that it has: from 1 (INVALID) to what the gateway is set to, 500,000,000 unless told otherwise (INVALID).',
    }),
    contentType: t.string({
      description: 'What you take it for. Not believed: the type that is shown later is told by the content.',
    }),
  }),
});

mutation<CreateUploadInput, { id: string; url: string }>('createUpload', {
  description:
    'Announces a file: for everybody. Bring it by one HTTP PUT to the url within 15 minutes, as the body of the request and with nothing else, then name the uploadId where it is to be attached. What is attached to nothing goes after 24 hours; at most 100 such uploads at a time (TOO_MANY).',
  input: CreateUploadInputRef,
  payload: (t) => ({
    uploadId: t.id({
      nullable: true,
      description: 'The upload: for uploadIds, once, by you alone.',
      resolve: ({ id }) => (id ? toGlobalId('Upload', id) : null),
    }),
    url: t.string({
      nullable: true,
      description:
        'Where to PUT the bytes, signed: 201 when they are stored; 404 when it has expired or is not yours any more, 409 a second time, 413 when there are more than announced.',
      resolve: ({ url }) => url ?? null,
    }),
  }),
  run: createUpload,
});
