import { timingSafeEqual } from 'node:crypto';
import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { DeliveryCount } from '../delivery/delivery.queries.ts';
import type { JobCount } from '../job/job.queries.ts';

/** What the process tells Prometheus. */
export interface Metrics {
  /** times requests and operations */
  plugin: Plugin;
  /** counts an error of an answer */
  count(code: string): void;
  /** GET /metrics for whoever has the secret; it does not exist (404) where none is set */
  answer(request: Request): Promise<Response>;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Streams of subscriptions that are open; news sent, and times without a connection to hear from, since the start. */
export interface StreamCount {
  streams: number;
  news: number;
  gaps: number;
}

/** Metrics of one service, with a registry of its own; those of the process are kept only where somebody may read them. */
export function createMetrics(
  secret: string | null,
  routeOf: (path: string) => string,
  counts: { jobs(): Promise<JobCount[]>; streams(): StreamCount; deliveries(): Promise<DeliveryCount[]> },
): Metrics {
  const register = new Registry();
  if (secret) collectDefaultMetrics({ register });
  const requests = new Histogram({
    name: 'gateway_http_request_duration_seconds',
    help: 'Time from the request to the head of the answer.',
    labelNames: ['route', 'method', 'status'],
    buckets: SECONDS,
    registers: [register],
  });
  const operations = new Histogram({
    name: 'gateway_operation_duration_seconds',
    help: 'Time to execute an operation: query or mutation.',
    labelNames: ['type'],
    buckets: SECONDS,
    registers: [register],
  });
  const errors = new Counter({
    name: 'gateway_graphql_errors_total',
    help: 'Errors in answers, by their code; INTERNAL_SERVER_ERROR is our own fault.',
    labelNames: ['code'],
    registers: [register],
  });
  const oldest = new Gauge({
    name: 'gateway_jobs_oldest_seconds',
    help: 'How long the oldest job of a name and state has been due; the same by all processes on a database.',
    labelNames: ['name', 'state'],
    registers: [register],
  });
  new Gauge({
    name: 'gateway_jobs',
    help: 'Jobs by name and state: running, due, scheduled, failing (to be tried again), given_up; the same by all processes.',
    labelNames: ['name', 'state'],
    registers: [register],
    async collect() {
      this.reset();
      oldest.reset();
      for (const { name, state, count, oldestSeconds } of await counts.jobs()) {
        this.set({ name, state }, count);
        oldest.set({ name, state }, oldestSeconds);
      }
    },
  });
  new Gauge({
    name: 'gateway_streams',
    help: 'Subscriptions that are open in this process.',
    registers: [register],
    collect() {
      this.set(counts.streams().streams);
    },
  });
  new Counter({
    name: 'gateway_stream_events_total',
    help: 'Events that were sent to subscriptions.',
    registers: [register],
    collect() {
      this.reset();
      this.inc(counts.streams().news);
    },
  });
  new Counter({
    name: 'gateway_stream_gaps_total',
    help: 'Times that the connection which hears of changes was lost and regained: subscribers were told to read anew.',
    registers: [register],
    collect() {
      this.reset();
      this.inc(counts.streams().gaps);
    },
  });
  new Gauge({
    name: 'gateway_email_deliveries',
    help: 'Mails by state: QUEUED and DEFERRED as they are, SENT, FAILED and BOUNCED of the last 24 hours; the same by all processes.',
    labelNames: ['state'],
    registers: [register],
    async collect() {
      this.reset();
      for (const { state, count } of await counts.deliveries()) this.set({ state }, count);
    },
  });
  const started = new WeakMap<Request, number>();
  return {
    plugin: {
      onRequest({ request }) {
        started.set(request, performance.now());
      },
      onResponse({ request, response }) {
        const start = started.get(request);
        if (start === undefined) return;
        const { pathname } = new URL(request.url);
        // what a caller can make up must not become a label: each value is a row for ever
        const method = ['GET', 'POST'].includes(request.method) ? request.method : 'other';
        requests.observe(
          { route: routeOf(pathname), method, status: response.status },
          (performance.now() - start) / 1000,
        );
      },
      onExecute({ args }) {
        const start = performance.now();
        const type = getOperationAST(args.document, args.operationName)?.operation ?? 'none';
        return { onExecuteDone: () => operations.observe({ type }, (performance.now() - start) / 1000) };
      },
    },
    count(code) {
      errors.inc({ code });
    },
    async answer(request) {
      if (!secret) return new Response('Not found\n', { status: 404 });
      if (!isEqual(request.headers.get('authorization') ?? '', `Bearer ${secret}`)) {
        return new Response('Send METRICS_SECRET as a bearer token\n', {
          status: 401,
          headers: { 'www-authenticate': 'Bearer' },
        });
      }
      return new Response(await register.metrics(), { headers: { 'content-type': register.contentType } });
    },
  };
}

function isEqual(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
