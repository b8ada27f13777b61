import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute, GraphQLError } from 'graphql';
import { type Parcel, STALE_MS } from './stream.ts';

type Results = AsyncIterableIterator<ExecutionResult>;

/**
 * Runs a subscription: as graphql-js does, but for the context that each of its news is shown in, which is that of the moment when it
 * happened. News of one parcel are shown together, so that what they load comes in the same statements; `turn` is what work that asks
 * the database waits for. Why a stream ended, where there is a reason, is its last answer.
 */
export const createSubscribe =
  (turn: <T>(work: () => Promise<T>) => Promise<T>, staleMs = STALE_MS) =>
  async (args: ExecutionArgs): Promise<Results | ExecutionResult> => {
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return source;
    const parcels = (source as AsyncIterable<Parcel<unknown>>)[Symbol.asyncIterator]();
    const show = ({ news, context }: Parcel<unknown>) => {
      const contextValue = context();
      return turn(() => Promise.all(news.map((rootValue) => execute({ ...args, rootValue, contextValue }))));
    };
    return resultsOf(parcels, show, staleMs);
  };

function resultsOf(
  parcels: AsyncIterator<Parcel<unknown>>,
  show: (parcel: Parcel<unknown>) => Promise<ExecutionResult[]>,
  staleMs: number,
): Results {
  let parcel: Parcel<unknown> | null = null;
  let results: ExecutionResult[] = [];
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  /** A reader that takes its time gets none of what was made ready for it, and need not come back for it to be forgotten. */
  function forgetStale(): void {
    if (results.length === 0 || parcel!.holds()) return;
    results = [];
  }
  return {
    async next() {
      forgetStale();
      try {
        while (results.length === 0 && !isOver) {
          const { done, value } = await parcels.next();
          isOver = done === true;
          if (done) break;
          parcel = value;
          results = await show(value);
          forgetStale();
          clearTimeout(timer);
          if (results.length > 1) timer = setTimeout(forgetStale, staleMs + 1).unref();
        }
      } catch (error) {
        isOver = true;
        await parcels.return?.();
        return { done: false, value: { errors: [asGraphQLError(error)] } };
      }
      const result = results.shift();
      return result ? { done: false, value: result } : { done: true, value: undefined };
    },
    async return() {
      isOver = true;
      results = [];
      clearTimeout(timer);
      await parcels.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const asGraphQLError = (error: unknown) =>
  error instanceof GraphQLError
    ? error
    : new GraphQLError('Unexpected error.', {
        originalError: error instanceof Error ? error : new Error(String(error)),
      });
