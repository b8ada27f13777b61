import { PassThrough, type Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { namesInFolder } from '../file/file.policy.ts';
import type { Context } from '../graph/context.ts';
import { itemById } from '../item/item.queries.ts';
import type { LinkAnswerer } from '../link/link.ts';
import { responseById } from '../response/response.queries.ts';
import { type AttachmentRow, attachmentOfSeen, attachmentsOfResponse } from './attachment.queries.ts';
import { bodyOf, headersOf } from './download.ts';

export interface ZipOptions {
  itemId?: string;
  responseId?: string;
}

/** What there is to pack, if the viewer sees what has it. */
async function packed({ loads }: Context, { itemId, responseId }: ZipOptions) {
  const response = responseId ? await loads.load(responseById, responseId) : null;
  if (responseId && !response) return null;
  const item = await loads.load(itemById, response?.itemId ?? itemId!);
  if (!item) return null;
  const rows = response
    ? await loads.load(attachmentsOfResponse, response.id)
    : await loads.loadAll(attachmentOfSeen, item.attachmentIds);
  const files = (rows ?? []).filter(({ kind }) => kind === 'UPLOAD');
  const name = response ? `${item.number} response ${response.position}` : item.number;
  return files.length < 2 ? null : { name: namesInFolder([name])[0]!, files };
}

/** The uploaded files of an item or of a response in one zip, which is made as it is sent: nothing is held but a piece of a file. */
export const answerZip: LinkAnswerer = async (context, options, request) => {
  const found = await packed(context, options as ZipOptions);
  if (!found) return null;
  const { stream, size } = await zipOf(context, found.files);
  return new Response(bodyOf(stream, request, context.world.log), {
    headers: { ...headersOf(`${found.name}.zip`, 'application/zip'), 'content-length': String(size) },
  });
};

/** The files one after another, as they are: most are packed already, and so the size is known before the first byte. */
async function zipOf(
  { world: { storage } }: Context,
  files: readonly AttachmentRow[],
): Promise<{ stream: Readable; size: number }> {
  const zip = new ZipFile();
  const out = new PassThrough();
  const open = new Set<Readable>();
  // an answer that has begun can only break off
  const fail = (error: Error) => void out.destroy(error);
  namesInFolder(files.map(({ name }) => name)).forEach((name, n) => {
    const { fileId, size, createdAt } = files[n]!;
    const about = { size: size!, compress: false, mtime: new Date(createdAt) };
    zip.addReadStreamLazy(name, about, (give) => {
      void storage.read(fileId!).then(
        (stream) => {
          open.add(stream);
          stream.once('error', fail).once('close', () => open.delete(stream));
          if (out.destroyed) stream.destroy();
          give(null, stream);
        },
        (error) => give(error, out),
      );
    });
  });
  zip.on('error', fail);
  out.once('close', () => {
    for (const stream of open) stream.destroy();
  });
  const size = await new Promise<number>((resolve) =>
    (zip.end as (options: object, sized: (size: number) => void) => void).call(zip, {}, resolve),
  );
  (zip.outputStream as Readable).pipe(out);
  return { stream: out, size };
}
