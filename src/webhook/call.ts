import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { findTarget, type Outside, type Target } from './target.ts';

// domain.md 6
const TIMEOUT_MS = 15_000;
// of an answer, as the log shows it; the rest is not even read
const BODY_BYTES = 4_096;
// of several addresses the next one is tried after this; Node's own 250 ms give up on a receiver on the other side of the world
const NEXT_ADDRESS_MS = 2_000;
const USER_AGENT = 'Correspondence-Gateway (webhooks)';

/** What is posted. */
export interface Call {
  headers: Record<string, string>;
  body: string;
  timeoutMs?: number;
}

/** What an endpoint answered, whatever the status: redirects are answers like others, and not followed. */
export interface CallAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** the first 4 KB as text */
  body: string;
  ms: number;
}

/** There was no answer; a sentence says why. */
export interface CallFailure {
  error: string;
  ms: number;
}

/**
 * Posts to an address that somebody gave us, and trusts nothing: its name is looked up once, every IP address judged, and the
 * connection made to one of those (a name that changes its mind in between gains nothing); TLS is verified, no proxy asked, no
 * redirect followed. It ends in time, looking up and reading included, and reads 4 KB at most.
 */
export async function callEndpoint(world: Outside, address: string, call: Call): Promise<CallAnswer | CallFailure> {
  const { timeoutMs = TIMEOUT_MS } = call;
  const start = performance.now();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  const passed = () => Math.round(performance.now() - start);
  try {
    const target = await findTarget(world, address, limit.signal);
    if ('refusal' in target) return { error: target.refusal, ms: passed() };
    const response = await post(target, call, limit.signal);
    const { statusCode, headers } = response;
    const body = await beginningOf(response, limit.signal);
    return { status: statusCode!, headers, body, ms: passed() };
  } catch (error) {
    return {
      error: limit.signal.aborted ? `No whole answer within ${timeoutMs / 1000} s.` : saidOf(error),
      ms: passed(),
    };
  } finally {
    clearTimeout(timer);
  }
}

/** Sends the request to one of the addresses of the target, over a connection of its own; gives the answer when its head is there. */
function post({ url, addresses }: Target, { headers, body }: Call, signal: AbortSignal): Promise<IncomingMessage> {
  const secure = url.protocol === 'https:';
  const known = addresses.map((address) => ({ address, family: isIP(address) }));
  const lookup: LookupFunction = (_, { all }, callback) =>
    all ? callback(null, known) : callback(null, known[0]!.address, known[0]!.family);
  const options = {
    method: 'POST',
    headers: { ...headers, 'user-agent': USER_AGENT, 'content-length': Buffer.byteLength(body) },
    lookup,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    signal,
  };
  return new Promise((resolve, reject) => {
    // agents of their own: the shared ones keep connections, and ask proxies of the environment
    const request = secure
      ? httpsRequest(url, { ...options, agent: new HttpsAgent({ keepAlive: false }), rejectUnauthorized: true })
      : httpRequest(url, { ...options, agent: new HttpAgent({ keepAlive: false }) });
    request
      .on('response', resolve)
      .on('upgrade', ({ statusCode }, socket) => {
        socket.destroy();
        reject(new Error(`It answered with ${statusCode}, which nobody asked for`));
      })
      .on('error', reject)
      .end(body);
  });
}

/** The first 4 KB of an answer; then the connection is cut. One that breaks off has still said its status. */
async function beginningOf(response: IncomingMessage, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= BODY_BYTES) break;
    }
  } catch (error) {
    if (signal.aborted) throw error;
  } finally {
    response.destroy();
  }
  const text = new TextDecoder().decode(Buffer.concat(chunks).subarray(0, BODY_BYTES), { stream: bytes > BODY_BYTES });
  return text.replaceAll('\0', '\uFFFD'); // PostgreSQL keeps no zeros
}

const SAID: Record<string, string> = {
  ECONNREFUSED: 'The connection was refused.',
  ECONNRESET: 'The connection was closed before there was an answer.',
  EPIPE: 'The connection was closed before there was an answer.',
  ETIMEDOUT: 'No connection could be made.',
  EHOSTUNREACH: 'No connection could be made.',
  ENETUNREACH: 'No connection could be made.',
  HPE_HEADER_OVERFLOW: 'The headers of the answer are too large.',
};

/** What went wrong in a sentence; it is shown to whoever keeps the endpoint, and names no IP address. */
function saidOf(error: unknown): string {
  const { code = '', message } = (
    error instanceof AggregateError ? (error.errors[0] ?? error) : error
  ) as NodeJS.ErrnoException;
  if (SAID[code]) return SAID[code];
  if (code.startsWith('HPE_')) return 'The answer is not HTTP.';
  if (/CERT|SIGNATURE|ISSUER/.test(code)) return `Its TLS certificate cannot be verified: ${message.split(';')[0]}.`;
  if (/^EPROTO$|SSL|TLS/.test(code)) return 'TLS failed.';
  return `The call failed (${code || message}).`;
}
