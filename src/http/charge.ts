import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { costOf } from '../graph/cost.ts';
import type { Clock } from '../kernel/clock.ts';
import { queryTooCostly, rateLimited } from '../kernel/errors.ts';
import { type RateLimiter, type RateLimitState, rateLimitHeaders, unlimited } from './rateLimit.ts';

/** What an operation is charged with: the most that one may cost, and the buckets of the users (null: no limit). */
export interface Charging {
  maxCost: number;
  limiter: RateLimiter | null;
  clock: Clock;
  /** the user whose bucket it is */
  userOf(context: object): string;
}

type Extensions = ExecutionResult['extensions'];

/**
 * Works out what an operation costs before it runs, refuses it when that is too much for one or for now, and tells the cost in
 * `extensions.cost` and what is left in the RateLimit headers. The context's `rateLimit()` then gives the state.
 */
export function useCharge(charging: Charging): Plugin<{ rateLimit(): RateLimitState }> {
  return {
    onExecute({ args, extendContext, setResultAndStopExecution }) {
      const { refusal, state, extensions } = charge(charging, args);
      extendContext({ rateLimit: () => state });
      if (refusal) setResultAndStopExecution({ errors: [refusal], extensions });
      return {
        onExecuteDone({ result, setResult }) {
          if (!refusal && !isStream(result))
            setResult({ ...result, extensions: { ...result.extensions, ...extensions } });
        },
      };
    },
    onSubscribe({ args, extendContext, setResultAndStopExecution }) {
      const { refusal, state, extensions } = charge(charging, args);
      extendContext({ rateLimit: () => state });
      if (refusal) setResultAndStopExecution({ errors: [refusal], extensions });
    },
  };
}

const isStream = (result: object): result is AsyncIterable<unknown> => Symbol.asyncIterator in result;

function charge({ maxCost, limiter, clock, userOf }: Charging, args: ExecutionArgs) {
  const cost = costOf(args.schema, args.document, args.operationName, args.variableValues);
  const told = { cost: { requested: cost, limit: maxCost } };
  if (cost > maxCost) {
    const refusal = queryTooCostly(
      `This operation costs ${cost} points; one may cost ${maxCost}. Ask for smaller pages, fewer lists inside of lists, or fewer items.`,
    );
    return { refusal, state: unlimited(cost, clock.now()), extensions: told as Extensions };
  }
  if (!limiter) return { refusal: null, state: unlimited(cost, clock.now()), extensions: told as Extensions };
  const { retryAfter, ...state } = limiter.charge(userOf(args.contextValue as object), cost);
  const headers = rateLimitHeaders(state, clock.now());
  // http: what Yoga makes headers of; it is not sent in the body
  const extensions: Extensions = { ...told, http: { headers } };
  const refusal = retryAfter > 0 ? refusedFor(state, retryAfter) : null;
  return { refusal, state: state as RateLimitState, extensions };
}

const refusedFor = ({ limit, remaining, cost }: RateLimitState, seconds: number) =>
  rateLimited(
    `This operation costs ${cost} points and you have ${remaining} of ${limit} left; try again in ${seconds} s.`,
    seconds,
  );
