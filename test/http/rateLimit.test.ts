import { expect, test } from 'vitest';
import { createRateLimiter, rateLimitHeaders } from '../../src/http/rateLimit.ts';

function bucketOf(limit: number) {
  const time = { ms: Date.parse('2026-03-02T08:00:00Z') };
  const clock = { now: () => new Date(time.ms) };
  const limiter = createRateLimiter(limit, clock)!;
  return { time, clock, charge: (user: string, cost: number) => limiter.charge(user, cost) };
}

test('a bucket fills by cost and runs dry in a minute', () => {
  const { time, clock, charge } = bucketOf(600);
  expect(charge('joe', 100)).toMatchObject({ limit: 600, remaining: 500, cost: 100, retryAfter: 0 });
  time.ms += 5_000;
  expect(charge('joe', 10)).toMatchObject({ remaining: 540, retryAfter: 0 });
  time.ms += 3_600_000;
  const state = charge('joe', 300);
  expect(state).toMatchObject({ remaining: 300, resetAt: new Date(time.ms + 30_000) });
  expect(rateLimitHeaders(state, clock.now())).toEqual({
    'ratelimit-limit': '600',
    'ratelimit-remaining': '300',
    'ratelimit-reset': '30',
    'ratelimit-policy': '600;w=60',
  });
});

test('what would overflow is refused, takes nothing, and passes after the time told', () => {
  const { time, charge } = bucketOf(600);
  charge('joe', 590);
  expect(charge('joe', 50)).toMatchObject({ remaining: 10, retryAfter: 4 });
  expect(charge('joe', 10)).toMatchObject({ remaining: 0, retryAfter: 0 });
  time.ms += 4_900;
  expect(charge('joe', 50)).toMatchObject({ retryAfter: 1 });
  time.ms += 100;
  expect(charge('joe', 50)).toMatchObject({ remaining: 0, retryAfter: 0 });
});

test('everybody has a bucket of their own', () => {
  const { charge } = bucketOf(600);
  charge('joe', 600);
  expect(charge('joe', 1)).toMatchObject({ retryAfter: 1 });
  expect(charge('ann', 600)).toMatchObject({ retryAfter: 0 });
});

test('a clock that goes back fills no bucket and empties none', () => {
  const { time, charge } = bucketOf(600);
  charge('joe', 300);
  time.ms -= 3_600_000;
  expect(charge('joe', 100)).toMatchObject({ remaining: 200 });
});

test('a crowd of users does not grow the memory for ever', () => {
  const { charge } = bucketOf(600);
  charge('first', 600);
  for (let n = 0; n < 50_000; n += 1) charge(`user ${n}`, 1);
  expect(charge('first', 600)).toMatchObject({ retryAfter: 0 });
});

test('RATE_LIMIT=0 is no limit', () => {
  expect(createRateLimiter(0, { now: () => new Date() })).toBeNull();
});
