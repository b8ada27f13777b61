import { GraphQLError } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';

const refused = (status: number, message: string, headers?: Record<string, string>) =>
  new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status, ...(headers && { headers }) } } });

// 1 MB over a poor line takes less; who takes longer keeps a connection busy on purpose
const BODY_TIMEOUT_MS = 60_000;

/**
 * The operation that a request asks for: in the address (GET), or as JSON in a body of at most that many bytes (413), one a
 * request (400), in no other form (415). Its members are looked at by Yoga.
 */
export async function readOperation(
  request: Request,
  maxBytes: number,
  timeoutMs = BODY_TIMEOUT_MS,
): Promise<GraphQLParams> {
  const operation = request.method === 'GET' ? fromAddress(request) : await fromBody(request, maxBytes, timeoutMs);
  const { operationName } = operation;
  if (operationName != null && typeof operationName !== 'string') throw refused(400, 'operationName is not a string.');
  return operation;
}

function fromAddress(request: Request): GraphQLParams {
  const parameters = new URL(request.url).searchParams;
  const parsed = (name: string) => parseJson(parameters.get(name) || 'null', `${name}: not JSON.`) ?? undefined;
  return {
    query: parameters.get('query') || undefined,
    operationName: parameters.get('operationName') || undefined,
    variables: parsed('variables') as GraphQLParams['variables'],
    extensions: parsed('extensions') as GraphQLParams['extensions'],
  };
}

async function fromBody(request: Request, maxBytes: number, timeoutMs: number): Promise<GraphQLParams> {
  checkContentType(request);
  const json = parseJson(await readText(request, maxBytes, timeoutMs), 'The body is not JSON.');
  if (Array.isArray(json)) throw refused(400, 'One operation a request: lists of operations are not run.');
  if (typeof json !== 'object' || json === null) throw refused(400, 'The body is not a JSON object.');
  return json;
}

function parseJson(text: string, otherwise: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused(400, otherwise);
  }
}

/**
 * Forms and text can be sent by any page of any site with the reader's own browser, without asking first;
 * application/json cannot, so that nothing else is taken.
 */
function checkContentType(request: Request): void {
  const [type, ...parameters] = (request.headers.get('content-type') ?? '').toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  if (type?.trim() !== 'application/json') throw refused(415, 'Send the operation as application/json.');
  if (charset && !/^charset="?utf-?8"?$/.test(charset)) throw refused(415, 'Send JSON as UTF-8.');
}

async function readText(request: Request, maxBytes: number, timeoutMs: number): Promise<string> {
  const tooLarge = () => refused(413, `The body is larger than ${maxBytes} bytes.`);
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  // a reader, because leaving a loop over the body would cut the connection before the answer is out
  const reader = request.body?.getReader();
  const read = () =>
    reader?.read().catch(() => {
      throw refused(400, 'The body ends before its time.');
    });
  const slow = refused(408, 'The body takes too long.', { connection: 'close' });
  const { next, done } = before(timeoutMs, slow, read);
  try {
    for (let part = await next(); part && !part.done; part = await next()) {
      size += part.value.byteLength;
      if (size > maxBytes) throw tooLarge();
      chunks.push(part.value);
    }
  } finally {
    done();
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw refused(400, 'The body is not UTF-8.');
  }
}

/** The same steps, of which none comes later than that after the beginning; `done` when no more is wanted. */
function before<T>(ms: number, late: Error, step: () => T) {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, ms, late);
  });
  return { next: () => Promise.race([step(), end]), done: () => clearTimeout(timer) };
}
