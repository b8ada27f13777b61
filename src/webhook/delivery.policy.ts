export const DELIVERY_STATES = ['PENDING', 'DELIVERED', 'RETRYING', 'FAILED', 'WITHHELD'] as const;
/** What became of a delivery so far. The first and RETRYING wait for an attempt; the others are final, until it is replayed. */
export type DeliveryState = (typeof DELIVERY_STATES)[number];

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

// domain.md 6: the first attempt is at once. Without any jitter: an endpoint gets one at a time, so that none come in a crowd
const RETRIES_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR];

/** An endpoint of which nothing but failures came for as long as this is disabled (domain.md 6). */
export const FAILING_MS = 5 * 24 * HOUR;

// however long an endpoint asks to be left alone: somebody who writes seconds for milliseconds shall not be lost for a month
const MAX_PAUSE_MS = 24 * HOUR;

// an endpoint that took longer than this part of the time it has is slow
const SLOW_PART = 1 / 5;
// one that is quick now and then is slow all the same
const SLOW_MS = 10 * MINUTE;

/** Until when an endpoint that took so long to answer, or not to, is slow at least: until it is quick after that; null: it was quick. */
export const slowUntil = (tookMs: number, timeoutMs: number, now: Date): Date | null =>
  tookMs > timeoutMs * SLOW_PART ? new Date(now.getTime() + SLOW_MS) : null;

/** When the attempt after so many failures is made; null: no more. */
export const retryAfterFailures = (failures: number): number | null => RETRIES_MS[failures - 1] ?? null;

/** How long Retry-After asks to wait: seconds or a date (RFC 9110), at most a day; null when it asks nothing. */
export function pauseOf(retryAfter: string | undefined, now: Date): number | null {
  const text = retryAfter?.trim() ?? '';
  const isDate = /^[A-Z][a-z]{2},/.test(text);
  const ms = /^\d{1,12}$/.test(text) ? Number(text) * SECOND : isDate ? Date.parse(text) - now.getTime() : 0;
  return ms > 0 ? Math.min(ms, MAX_PAUSE_MS) : null;
}

/** What came back: a status with what it asks for, or the sentence that says why nothing did; `isOurs`: it is no fault of the endpoint. */
export type Answer =
  | { status: number; retryAfter?: string | undefined; body: string }
  | { status?: undefined; error: string; isOurs?: boolean };

/** What an attempt comes to for the delivery and its endpoint. */
export interface Outcome {
  state: DeliveryState;
  failures: number;
  /** how long until the next attempt; null: there is none */
  nextInMs: number | null;
  /** how long the endpoint wants nothing at all; null: it did not say */
  pauseMs: number | null;
  /** since when nothing but failures came from the endpoint */
  failingSince: Date | null;
  /** why the endpoint gets nothing more */
  disabled: 'GONE' | 'FAILING' | null;
}

/** Judges an answer: any 2xx is success, a redirect is none, 410 wants no more ever. */
export function outcomeOf(answer: Answer, before: { failures: number; failingSince: Date | null }, now: Date): Outcome {
  if (answer.status !== undefined && answer.status >= 200 && answer.status < 300)
    return { state: 'DELIVERED', failures: 0, nextInMs: null, pauseMs: null, failingSince: null, disabled: null };
  const failures = before.failures + 1;
  const isOurs = answer.status === undefined && answer.isOurs === true;
  const failingSince = isOurs ? before.failingSince : (before.failingSince ?? now);
  const isLong = !isOurs && failingSince !== null && now.getTime() - failingSince.getTime() >= FAILING_MS;
  const disabled = answer.status === 410 ? 'GONE' : isLong ? 'FAILING' : null;
  const retry = disabled ? null : retryAfterFailures(failures);
  const pauseMs = answer.status === undefined ? null : pauseOf(answer.retryAfter, now);
  return {
    state: retry === null ? 'FAILED' : 'RETRYING',
    failures,
    nextInMs: retry === null ? null : Math.max(retry, pauseMs ?? 0),
    pauseMs,
    failingSince,
    disabled,
  };
}
