import type { Clock } from '../kernel/clock.ts';

/** What is left to a user after an operation; answers the `rateLimit` field and the RateLimit headers. */
export interface RateLimitState {
  /** the size of the bucket in points of cost */
  limit: number;
  remaining: number;
  /** when the bucket will be empty again, if nothing more comes */
  resetAt: Date;
  /** what this operation cost */
  cost: number;
}

export interface Charge extends RateLimitState {
  /** seconds to wait before the same operation would pass; 0 when it has passed */
  retryAfter: number;
}

export interface RateLimiter {
  /** Takes an operation's cost from a user's bucket, unless it would overflow: then nothing is taken. */
  charge(user: string, cost: number): Charge;
}

// a full bucket is empty again after a minute: whoever overdoes it waits seconds, not an hour
export const WINDOW_S = 60;
// 100 bytes each; those who were quiet for the longest time make room, and their buckets were the emptiest
const MAX_USERS = 50_000;

/**
 * A leaky bucket for each user, in the memory of this process: several processes behind one address let through that many times
 * the limit. `limit` is the size of the bucket in points of cost; it runs dry in a minute. Null when the limit is off (0).
 */
export function createRateLimiter(limit: number, clock: Clock): RateLimiter | null {
  if (limit === 0) return null;
  const perMs = limit / (WINDOW_S * 1000);
  const buckets = new Map<string, { level: number; at: number }>();
  return {
    charge(user, cost) {
      const now = clock.now().getTime();
      const bucket = buckets.get(user);
      const before = bucket ? Math.max(0, bucket.level - Math.max(0, now - bucket.at) * perMs) : 0;
      const overflow = before + cost - limit;
      const level = overflow > 0 ? before : before + cost;
      // taken out and put in again: the map's first is the one that was quiet for the longest time
      buckets.delete(user);
      buckets.set(user, { level, at: now });
      if (buckets.size > MAX_USERS) buckets.delete(buckets.keys().next().value!);
      return {
        limit,
        remaining: Math.max(0, Math.floor(limit - level)),
        resetAt: new Date(now + Math.ceil(level / perMs)),
        cost,
        retryAfter: overflow > 0 ? Math.max(1, Math.ceil(overflow / perMs / 1000)) : 0,
      };
    },
  };
}

/** The RateLimit header fields (draft-ietf-httpapi-ratelimit-headers); Reset is in seconds from `now`. */
export const rateLimitHeaders = ({ limit, remaining, resetAt }: RateLimitState, now: Date): Record<string, string> => ({
  'ratelimit-limit': String(limit),
  'ratelimit-remaining': String(remaining),
  'ratelimit-reset': String(Math.max(0, Math.ceil((resetAt.getTime() - now.getTime()) / 1000))),
  'ratelimit-policy': `${limit};w=${WINDOW_S}`,
});

/** What the `rateLimit` field tells while the limit is off: as much as there is, always. */
export const unlimited = (cost: number, now: Date): RateLimitState => ({
  limit: MAX_INT,
  remaining: MAX_INT,
  resetAt: now,
  cost,
});

// the largest Int of GraphQL
const MAX_INT = 2_147_483_647;
