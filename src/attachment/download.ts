import type { Readable } from 'node:stream';
import type { Logger } from 'pino';
import { dispositionOf, rangeOf } from '../file/file.policy.ts';
import type { LinkAnswerer } from '../link/link.ts';
import { attachmentById } from './attachment.queries.ts';

// a file shown after all, by whatever browser, runs nothing and reaches nothing
const INERT = { 'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'" };

/** The headers of a file that is to be saved, never shown. */
export const headersOf = (name: string, contentType: string): Record<string, string> => ({
  'content-type': contentType.startsWith('text/') ? `${contentType}; charset=utf-8` : contentType,
  'content-disposition': dispositionOf(name),
  ...INERT,
});

/**
 * A stream as the body of an answer, read as fast as it is taken. Let go of when whoever asked has gone, which nobody else tells it;
 * when it breaks off, so does the answer (http/server.ts), and the log has the reason.
 */
export function bodyOf(stream: Readable, { signal }: Request, log: Logger): ReadableStream<Uint8Array> {
  const stop = () => void stream.destroy();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  stream.once('close', () => signal.removeEventListener('abort', stop));
  // it may break off before anybody reads it: whoever reads then is told
  stream.on('error', () => {});
  const pieces = stream[Symbol.asyncIterator]();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { value, done } = await pieces.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          if (signal.aborted) return controller.close();
          log.error({ err: error }, 'a file broke off on its way to whoever asked');
          controller.error(error);
        }
      },
      cancel: stop,
    },
    { highWaterMark: 0 },
  );
}

/** The bytes of an uploaded file, or a part of them; at a bucket, the address there. The option is the id of the attachment. */
export const answerAttachment: LinkAnswerer = async ({ loads, world }, options, request) => {
  const row = await loads.load(attachmentById, String(options));
  if (!row?.fileId) return null;
  const [size, contentType] = [row.size!, row.contentType!];
  const headers = headersOf(row.name, contentType);
  const address = await world.storage.addressOf(row.fileId, {
    disposition: headers['content-disposition']!,
    contentType: headers['content-type']!,
  });
  if (address) return new Response(null, { status: 302, headers: { location: address } });
  const etag = `"${row.sha256}"`;
  Object.assign(headers, { etag, 'accept-ranges': 'bytes' });
  // a part of something else than the caller has the beginning of is of no use
  const sameFile = [null, etag].includes(request.headers.get('if-range'));
  const range = sameFile ? rangeOf(request.headers.get('range'), size) : null;
  if (range === 'UNSATISFIABLE')
    return new Response(null, { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` } });
  const body = bodyOf(await world.storage.read(row.fileId, range), request, world.log);
  if (!range) return new Response(body, { headers: { ...headers, 'content-length': String(size) } });
  const { start, end } = range;
  return new Response(body, {
    status: 206,
    headers: {
      ...headers,
      'content-length': String(end - start + 1),
      'content-range': `bytes ${start}-${end}/${size}`,
    },
  });
};
