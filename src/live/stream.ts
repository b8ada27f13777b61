import type { GraphQLError } from 'graphql';
import type { Context } from '../graph/context.ts';

/** Some news for one who listens, and the context to show them in: who they were, and what was remembered, when sight was asked for. */
export interface Parcel<News> {
  news: News[];
  context(): Context;
  /** false from the moment on when it is not to be shown any more: the stream has ended, or it has lain for too long */
  holds(): boolean;
}

/** What is on its way to one who listens. */
export interface Stream<News> {
  put(news: readonly News[], context: () => Context): void;
  /** tells only that something was missed */
  refetch(): void;
  /** what waits is not sent any more; the error, if there is one, is told last */
  end(error?: GraphQLError): void;
  parcels: AsyncIterableIterator<Parcel<News>>;
}

// Whoever does not take what they are told loses it, and is told that. A batch is 500 items; some 100 bytes each
const MOST_WAITING = 1_000;
// sight is asked for when something happens: what could not be sent soon after is not sent at all
export const STALE_MS = 5_000;

/**
 * A stream of news to one who takes them one parcel after the other, of `atOnce` news at most. What waits for long, or is too much,
 * becomes a single word that something was missed: a reader that is slow, or gone without a word, costs no memory. `onTaken` counts,
 * `onClose` is called once, when the reader has left or the stream has ended.
 */
export function openStream<News>({
  missed,
  context,
  atOnce,
  staleMs = STALE_MS,
  onTaken,
  onClose,
}: {
  /** the word that something was missed, and the context to say it in */
  missed: News;
  context: () => Context;
  atOnce: number;
  staleMs?: number;
  onTaken(news: number): void;
  onClose(): void;
}): Stream<News> {
  let waiting: { news: News[]; context(): Context; at: number }[] = [];
  let size = 0;
  let ended: { error?: GraphQLError } | null = null;
  let taker: PromiseWithResolvers<IteratorResult<Parcel<News>>> | null = null;

  const over = { done: true, value: undefined } as const;
  const parcelOf = ({ news, context, at }: (typeof waiting)[number]): Parcel<News> => ({
    news,
    context,
    holds() {
      if (ended) return false;
      if (performance.now() - at <= staleMs) return true;
      refetch();
      return false;
    },
  });

  /** The next parcel, if there is one; ends with the error, once. */
  function next(): IteratorResult<Parcel<News>> | null {
    if (ended) {
      const { error } = ended;
      ended = {};
      if (error) throw error;
      return over;
    }
    if (waiting.length > 0 && performance.now() - waiting[0]!.at > staleMs) refetch();
    const first = waiting.shift();
    if (!first) return null;
    size -= first.news.length;
    onTaken(first.news.length);
    return { done: false, value: parcelOf(first) };
  }

  /** Gives the one who waits what there is. */
  function serve(): void {
    if (!taker) return;
    const { resolve, reject } = taker;
    try {
      const found = next();
      if (!found) return;
      taker = null;
      resolve(found);
    } catch (error) {
      taker = null;
      reject(error);
    }
  }

  function put(news: readonly News[], context: () => Context): void {
    if (ended) return;
    const at = performance.now();
    for (let i = 0; i < news.length; i += atOnce) waiting.push({ news: news.slice(i, i + atOnce), context, at });
    size += news.length;
    if (size > MOST_WAITING) refetch();
    else serve();
  }

  function refetch(): void {
    if (ended) return;
    // it is true whenever it is read: it cannot lie for too long
    waiting = [{ news: [missed], context, at: Number.POSITIVE_INFINITY }];
    size = 1;
    serve();
  }

  function end(error?: GraphQLError): void {
    if (ended) return;
    ended = { error };
    waiting = [];
    onClose();
    serve();
  }

  return {
    put,
    refetch,
    end,
    parcels: {
      next() {
        taker = Promise.withResolvers();
        const { promise } = taker;
        serve();
        return promise;
      },
      async return() {
        end();
        return over;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    },
  };
}
