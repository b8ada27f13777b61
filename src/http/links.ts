import type { Context } from '../graph/context.ts';
import type { Clock } from '../kernel/clock.ts';
import { type Link, type LinkAnswerer, type LinkKeys, verify } from '../link/link.ts';

/** An answer is for whoever was given the link; its address opens it, so it must not go on as the referrer of another page. */
export const GUARDS = {
  'cache-control': 'private, no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

export interface LinksOptions {
  keys: LinkKeys;
  clock: Clock;
  answerers: Record<string, LinkAnswerer>;
  /** the context of a link's user; null when they are not active any more, or not in that company */
  contextOf(link: Link): Promise<Context | null>;
}

/** Answers /links/KIND/TOKEN. Forged, expired, unknown, without sight: the same 404, so that a link tells nothing but what it shows. */
export function createLinks({ keys, clock, answerers, contextOf }: LinksOptions) {
  async function answerOf(request: Request, path: string): Promise<Response | null> {
    const [, kind, token, rest] = path.slice(1).split('/');
    const answerer = kind && Object.hasOwn(answerers, kind) ? answerers[kind]! : null;
    const link = answerer && token && rest === undefined ? verify(keys, kind!, token, clock.now()) : null;
    const context = link && (await contextOf(link));
    return context && (await answerer!(context, link.options, request));
  }
  return async (request: Request, path: string): Promise<Response> => {
    const found = await answerOf(request, path);
    const response =
      found ?? new Response('Not found\n', { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } });
    for (const [name, value] of Object.entries(GUARDS)) response.headers.set(name, value);
    if (request.method !== 'HEAD') return response;
    // what would be sent is not read
    await response.body?.cancel();
    return new Response(null, response);
  };
}
