import { type Received, receive } from '../file/receive.commands.ts';
import { UPLOAD } from '../file/upload.commands.ts';
import { verify } from '../link/link.ts';
import { GUARDS, type LinksOptions } from './links.ts';

const ANSWERS: Record<Received, [status: number, text: string]> = {
  STORED: [201, 'Stored'],
  UNKNOWN: [404, 'Not found'],
  USED: [409, 'This upload has been brought already, or is on its way; announce another one with createUpload'],
  TOO_LARGE: [413, 'There is more than createUpload announced'],
  EMPTY: [400, 'There is nothing in it'],
  CUT: [400, 'It is shorter than its Content-Length'],
  SLOW: [408, 'It took too long'],
};

/** Answers PUT /uploads/TOKEN: the body becomes the file that createUpload announced. */
export function createUploads({ keys, clock, contextOf }: Pick<LinksOptions, 'keys' | 'clock' | 'contextOf'>) {
  async function receivedOf(request: Request, token: string): Promise<Received> {
    const link = verify(keys, UPLOAD, token, clock.now());
    const context = link && (await contextOf(link));
    if (!context) return 'UNKNOWN';
    const length = request.headers.get('content-length');
    return receive(context, String(link.options), {
      body: request.body,
      length: length === null ? null : Number(length),
    });
  }
  return async (request: Request, token: string): Promise<Response> => {
    if (!/^(identity)?$/i.test(request.headers.get('content-encoding') ?? ''))
      return answer(415, 'Send the file as it is, without Content-Encoding');
    return answer(...ANSWERS[await receivedOf(request, token)]);
  };
}

/** A body that was refused is not read to its end: its connection goes with the answer. */
const answer = (status: number, text: string): Response =>
  new Response(`${text}\n`, {
    status,
    headers: {
      ...GUARDS,
      'content-type': 'text/plain; charset=utf-8',
      ...(status >= 400 && { connection: 'close' }),
    },
  });
