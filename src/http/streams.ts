import type { ServerResponse } from 'node:http';
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** The answers of a subscription. */
export type Results = AsyncIterableIterator<ExecutionResult>;

export const isStream = (result: object): result is AsyncIterable<unknown> => Symbol.asyncIterator in result;

/** The same answers, each as `change` makes it. */
export function eachOf(results: Results, change: (result: ExecutionResult) => ExecutionResult): Results {
  return {
    async next() {
      const { done, value } = await results.next();
      return done ? { done, value: undefined } : { done: false, value: change(value) };
    },
    return: (value) => results.return!(value),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const EVENTS = 'text/event-stream';

/** Whether a caller takes server-sent events; whoever says nothing takes anything. */
const takesEvents = (accept: string | null) =>
  accept === null || [EVENTS, 'text/*', '*/*'].some((type) => accept.toLowerCase().includes(type));

// proxies keep nothing back, pack nothing, and leave it alone; nginx goes by the second
const HEADERS = {
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
};

/** Subscriptions as server-sent events: refused for callers who take none, and over when the caller has gone. */
export function useStreams(subscribe: (args: ExecutionArgs) => Promise<Results | ExecutionResult>): Plugin {
  return {
    onSubscribe({ args, setSubscribeFn, setResultAndStopExecution }) {
      const { request } = args.contextValue as { request: Request };
      if (!takesEvents(request.headers.get('accept'))) return setResultAndStopExecution({ errors: [notTaken()] });
      setSubscribeFn(async (args: ExecutionArgs) => {
        const results = await subscribe(args);
        if (!isStream(results)) return results;
        // who has gone before there was anything to send is not noticed by whoever would send it
        const leave = () => void results.return!();
        if (request.signal.aborted) leave();
        else request.signal.addEventListener('abort', leave, { once: true });
        return results;
      });
    },
    onResponse({ response }) {
      if (response.headers.get('content-type') !== EVENTS) return;
      for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
    },
  };
}

const notTaken = () =>
  new GraphQLError('A subscription is answered by server-sent events: send "Accept: text/event-stream".', {
    extensions: { code: 'BAD_USER_INPUT', http: { status: 406 } },
  });

// what has ended is read by then, or by nobody
const LAST_WORDS_MS = 1_000;

/** The answers that are streams, until they are out; closing waits for their ends for a moment, and cuts those that nobody reads. */
export function createOutgoing() {
  const open = new Set<ServerResponse>();
  return {
    note(response: ServerResponse): void {
      if (response.writableEnded || response.getHeader('content-type') !== EVENTS) return;
      open.add(response);
      response.once('close', () => open.delete(response));
    },
    async close(): Promise<void> {
      const late = performance.now() + LAST_WORDS_MS;
      while (open.size > 0 && performance.now() < late) await new Promise((later) => setTimeout(later, 10));
      for (const response of open) response.destroy();
    },
  };
}
