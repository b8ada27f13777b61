import { randomUUID } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';

/** What is served beside the graph. */
export interface Routes {
  /** rejects while the service cannot do its work */
  ready(): Promise<void>;
  metrics(request: Request): Promise<Response>;
  /** what a signed link shows: every address below /links/ */
  links(request: Request, path: string): Promise<Response>;
  /** takes the file that an upload announced: PUT to the signed addresses below /uploads/ */
  uploads(request: Request, token: string): Promise<Response>;
  /** the page at /graphql for browsers, and its assets; null where it is off, or has nothing at that path */
  graphiql(request: Request, path: string): Promise<Response | null>;
  /** the page /mailbox; null where there is none */
  mailbox: ((request: Request) => Promise<Response>) | null;
}

const GRAPH = '/graphql';
export const LINKS = '/links/';
const UPLOADS = '/uploads/';
const MAILBOX = '/mailbox';

/** The name of a path in metrics and logs; whoever reads these must not get a link that opens. */
export const routeOf = (path: string): string => {
  if (path.startsWith(`${GRAPH}/`)) return 'graphiql';
  if (path.startsWith(LINKS)) return 'links';
  if (path.startsWith(UPLOADS)) return 'uploads';
  return [GRAPH, MAILBOX, '/health', '/ready', '/metrics'].includes(path) ? path : 'other';
};

/** Answers everything that is not the graph itself; what is nowhere is 404. */
export function useRoutes(routes: Routes, log: Logger): Plugin {
  return {
    async onRequest({ request, endResponse }) {
      const { pathname } = new URL(request.url);
      const response = await answer(routes, log, request, pathname).catch((error) => {
        const id = randomUUID();
        log.error({ id, route: routeOf(pathname), err: error }, 'unexpected error');
        return text(500, `Something went wrong on our side. The log has the reason under the id ${id}.`);
      });
      if (response) endResponse(response);
    },
  };
}

async function answer(routes: Routes, log: Logger, request: Request, path: string): Promise<Response | null> {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (path.startsWith(LINKS)) return reads ? routes.links(request, path) : only('GET, HEAD');
  if (path.startsWith(UPLOADS))
    return request.method === 'PUT' ? routes.uploads(request, path.slice(UPLOADS.length)) : only('PUT');
  if (path === MAILBOX && routes.mailbox) return reads ? routes.mailbox(request) : only('GET, HEAD');
  const page = reads ? await routes.graphiql(request, path) : null;
  if (page) return page;
  if (path === GRAPH) return null;
  const known = ['/health', '/ready', '/metrics'].includes(path);
  if (!known) return text(404, 'Not found');
  if (!reads) return only('GET, HEAD');
  if (path === '/health') return text(200, 'alive');
  if (path === '/metrics') return routes.metrics(request);
  return routes.ready().then(
    () => text(200, 'ready'),
    (error) => {
      log.warn({ err: error }, 'not ready');
      return text(503, 'not ready');
    },
  );
}

const only = (methods: string) => text(405, `Only ${methods}`, { allow: methods });

const text = (status: number, body: string, headers: Record<string, string> = {}) =>
  new Response(`${body}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers },
  });
