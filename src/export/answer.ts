import { Readable } from 'node:stream';
import { bodyOf, headersOf } from '../attachment/download.ts';
import type { Context } from '../graph/context.ts';
import { takePlace } from './busy.ts';

/** A file to be made while it is sent; `make` is called when the first of it is wanted. */
export interface FileToMake {
  name: string;
  contentType: string;
  make(): AsyncIterable<Uint8Array>;
}

/** An answer of a link that has no file to give: a sentence for who clicked on it. */
export const sorry = (status: number, sentence: string, headers: Record<string, string> = {}): Response =>
  new Response(`${sentence}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers } });

/**
 * Answers with the file that `prepare` comes to, or with what else it gives. Nothing is made that is not taken; when the caller goes it
 * ends, and when it fails the answer breaks: what has been sent does not look like the whole.
 */
export async function answerFile(
  context: Context,
  request: Request,
  prepare: () => Promise<FileToMake | Response | null>,
): Promise<Response | null> {
  const leave = takePlace(context);
  if (!leave)
    return sorry(429, 'You are being given several files already; ask again when they are done.', {
      'retry-after': '10',
    });
  let file: FileToMake | Response | null = null;
  try {
    file = await prepare();
  } finally {
    if (file === null || file instanceof Response) leave();
  }
  if (file === null || file instanceof Response) return file;
  const { name, contentType, make } = file;
  // nothing is made before it is wanted: rights are asked for with each piece
  const stream = Readable.from(make(), { highWaterMark: 0 }).once('close', leave);
  return new Response(bodyOf(stream, request, context.world.log), { headers: headersOf(name, contentType) });
}
