import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionArgs, ExecutionResult, GraphQLSchema } from 'graphql';
import { createYoga, type Plugin, type YogaInitialContext } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { DeliveryCount } from '../delivery/delivery.queries.ts';
import { createExecutor } from '../graph/compile.ts';
import type { JobCount } from '../job/job.queries.ts';
import type { Clock } from '../kernel/clock.ts';
import { useCharge } from './charge.ts';
import { createDocumentCache } from './documentCache.ts';
import { createMask, toPublic } from './errors.ts';
import { useNoIntrospection } from './introspection.ts';
import { checkNesting, parseWithin } from './limits.ts';
import { createMetrics, type StreamCount } from './metrics.ts';
import { readOperation } from './operation.ts';
import { createRateLimiter } from './rateLimit.ts';
import { LINKS, type Routes, routeOf, useRoutes } from './routes.ts';
import type { Claim, SignIn } from './signIn.ts';
import { createOutgoing, eachOf, isStream, type Results, useStreams } from './streams.ts';

/** What the HTTP edge stands between: the graph and its context on one side, settings on the other. */
export interface ServerOptions<Context extends object> {
  config: Config;
  clock: Clock;
  log: Logger;
  schema: GraphQLSchema;
  /** the same for compiled operations */
  schemaForCode: GraphQLSchema;
  signIn: SignIn;
  /** finds who signed in; throws UNAUTHENTICATED when there is nobody by that claim */
  context(claim: Claim, request: Request): Promise<Context>;
  /** the user whose rate limit a request counts against */
  userOf(context: Context): string;
  /** runs a subscription */
  subscribe(args: ExecutionArgs): Promise<Results | ExecutionResult>;
  /** how many streams there are */
  streams(): StreamCount;
  /** what the worker has to do */
  jobs(): Promise<JobCount[]>;
  /** how mail stands */
  deliveries(): Promise<DeliveryCount[]>;
  routes: Omit<Routes, 'metrics'>;
}

/**
 * The service as one function from request to response, and as a listener of node:http. In this order: path, sign-in,
 * form and size of the request, limits of the document, validation, user, cost and rate limit, execution.
 */
export function createServer<Context extends object>(options: ServerOptions<Context>) {
  const { config, clock, log } = options;
  const metrics = createMetrics(config.metricsSecret, routeOf, options);
  const limiter = createRateLimiter(config.rateLimit, clock);
  const claims = new WeakMap<Request, Claim>();
  const mask = createMask(log);

  const executor = createExecutor(options.schemaForCode);

  const requests: Plugin = {
    async onRequestParse({ request, setRequestParser }) {
      claims.set(request, await options.signIn(request.headers.get('authorization')));
      if (['GET', 'POST'].includes(request.method)) {
        setRequestParser((asked) => readOperation(asked, config.limits.bodyBytes));
      }
    },
    onParams({ params }) {
      checkNesting(params.variables, 'variables');
    },
    onParse({ setParseFn }) {
      setParseFn((source: string) => parseWithin(config.limits, source));
    },
    onExecute({ setExecuteFn }) {
      setExecuteFn(executor);
    },
    onResultProcess({ result, setResult }) {
      if (Array.isArray(result)) return;
      if (isStream(result)) return setResult(eachOf(result as Results, shown));
      setResult({ ...shown(result), extensions: withHeaders(result.extensions) });
    },
  };
  function shown(result: ExecutionResult): ExecutionResult {
    const errors = result.errors?.map((error) => toPublic(error, !config.introspection));
    for (const { extensions } of errors ?? []) metrics.count(String(extensions.code));
    return errors ? { ...result, errors } : result;
  }

  const yoga = createYoga<object, object>({
    schema: options.schema,
    context: (initial: YogaInitialContext) => options.context(claims.get(initial.request)!, initial.request),
    plugins: [
      metrics.plugin,
      useRoutes({ ...options.routes, metrics: metrics.answer }, log),
      requests,
      useStreams(options.subscribe),
      ...(config.introspection ? [] : [useNoIntrospection()]),
      useCharge({ maxCost: config.limits.cost, limiter, clock, userOf: options.userOf as (context: object) => string }),
    ],
    cors: crossOrigin(config.corsOrigins),
    maskedErrors: { maskError: mask },
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: createDocumentCache() },
    // what Yoga would do by itself, and we do differently: its own page and landing page, forms, logs
    graphiql: false,
    landingPage: false,
    multipart: false,
    logging: false,
    maxRequestBodySize: false,
    // ours is in routes.ts; this one would answer to every address that ends so, and none ends in a space
    healthCheckEndpoint: ' ',
  });
  const outgoing = createOutgoing();
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await yoga(request, response);
    outgoing.note(response);
    if (!request.url!.startsWith(LINKS) || response.writableEnded) return;
    // A file broke off: whoever gets it must not wait for the rest. Yoga's listener would cancel what has failed already, and the
    // rejection, which nobody catches, would end the process.
    request.removeAllListeners('error').on('error', () => {});
    response.destroy();
  }

  return {
    fetch: (request: Request): Promise<Response> => Promise.resolve(yoga.fetch(request)),
    /** for node:http */
    listener(request: IncomingMessage, response: ServerResponse): void {
      // Yoga answers an address that is none with 500 and its own stack
      if (URL.canParse(`http://${request.headers.host ?? 'localhost'}${request.url}`)) void serve(request, response);
      else response.writeHead(400, { 'content-type': 'text/plain' }).end('Bad request\n');
    },
    /** waits until streams that have ended are out, and cuts those that nobody reads */
    close: () => outgoing.close(),
  };
}

// answers are for their caller alone, and are what they say they are
const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** Extensions of an answer, with headers that Yoga takes out of them. */
function withHeaders(extensions: Record<string, unknown> | undefined) {
  const http = extensions?.http as { headers?: Record<string, string> } | undefined;
  return { ...extensions, http: { ...http, headers: { ...http?.headers, ...HEADERS } } };
}

// what a page wants to know of a download
const OF_FILES = ['Content-Disposition', 'Content-Range', 'Accept-Ranges', 'ETag'];

/** Browsers let pages of these origins alone call from elsewhere. Sign-in is by a header, so no cookies are wanted. */
const crossOrigin = (origins: string[]) =>
  origins.length > 0 && {
    origin: origins,
    methods: ['GET', 'POST', 'PUT'],
    allowedHeaders: ['authorization', 'content-type', 'x-company-id'],
    exposedHeaders: [
      'RateLimit-Limit',
      'RateLimit-Remaining',
      'RateLimit-Reset',
      'RateLimit-Policy',
      'Retry-After',
      ...OF_FILES,
    ],
    credentials: false,
    // an hour: what browsers take at most is two
    maxAge: 3600,
  };
