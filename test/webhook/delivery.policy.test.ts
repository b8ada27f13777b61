import { createSecretKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { toGlobalId } from '../../src/kernel/ids.ts';
import { outcomeOf, pauseOf, slowUntil } from '../../src/webhook/delivery.policy.ts';
import { fitted, toldChanges } from '../../src/webhook/payload.policy.ts';
import { liveSecrets, newSecret, open, resealed, rotated, seal } from '../../src/webhook/secret.policy.ts';

const NOW = new Date('2026-03-02T09:00:00Z');
const DAY = 86_400_000;
const HOUR = 3_600_000;
const ago = (ms: number) => new Date(NOW.getTime() - ms);

test('attempts are made at once, and 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h after failures', () => {
  const nexts = Array.from({ length: 9 }, (_, failures) => {
    const { state, nextInMs } = outcomeOf({ status: 500, body: '' }, { failures, failingSince: null }, NOW);
    return `${state} ${nextInMs === null ? '-' : nextInMs / 1000}`;
  });
  expect(nexts).toEqual([
    'RETRYING 5',
    'RETRYING 300',
    'RETRYING 1800',
    'RETRYING 7200',
    'RETRYING 18000',
    'RETRYING 36000',
    'RETRYING 36000',
    'FAILED -',
    'FAILED -',
  ]);
});

test.each([
  [200, 'DELIVERED', null],
  [299, 'DELIVERED', null],
  [199, 'RETRYING', null],
  [301, 'RETRYING', null],
  [307, 'RETRYING', null],
  [400, 'RETRYING', null],
  [404, 'RETRYING', null],
  [429, 'RETRYING', null],
  [503, 'RETRYING', null],
  [410, 'FAILED', 'GONE'],
  [undefined, 'RETRYING', null],
])('an answer of %s makes it %s', (status, state, disabled) => {
  const answer = status === undefined ? { error: 'No answer.' } : { status, body: '' };
  const outcome = outcomeOf(answer, { failures: 0, failingSince: null }, NOW);
  expect(outcome).toMatchObject({ state, disabled });
  expect(outcome.failingSince).toEqual(state === 'DELIVERED' ? null : NOW);
});

test('five days of nothing but failures disable; what succeeds forgets them', () => {
  const after = (ms: number, status: number) =>
    outcomeOf({ status, body: '' }, { failures: 0, failingSince: ago(ms) }, NOW);
  expect(after(5 * DAY - 1, 500)).toMatchObject({ disabled: null, state: 'RETRYING', failingSince: ago(5 * DAY - 1) });
  expect(after(5 * DAY, 500)).toMatchObject({ disabled: 'FAILING', state: 'FAILED', nextInMs: null });
  const ours = { error: 'Our fault.', isOurs: true };
  expect(outcomeOf(ours, { failures: 0, failingSince: null }, NOW)).toMatchObject({
    state: 'RETRYING',
    failingSince: null,
  });
  expect(outcomeOf(ours, { failures: 0, failingSince: ago(50 * DAY) }, NOW)).toMatchObject({ disabled: null });
  expect(after(50 * DAY, 204)).toMatchObject({ disabled: null, state: 'DELIVERED', failingSince: null });
});

test.each([
  ['120', 120_000],
  [' 7 ', 7_000],
  ['Mon, 02 Mar 2026 09:10:00 GMT', 600_000],
  // a day at most
  ['99999999', DAY],
  ['Fri, 02 Mar 2096 09:10:00 GMT', DAY],
  // nothing to wait for, or nothing that anybody understands
  ['0', null],
  ['-5', null],
  ['1.5', null],
  ['soon', null],
  ['', null],
  ['9'.repeat(400), null],
  ['2026-03-03', null],
  ['Mon, 02 Mar 2026 08:59:00 GMT', null],
  [undefined, null],
])('Retry-After: %s', (text, ms) => {
  expect(pauseOf(text, NOW)).toBe(ms);
});

test('Retry-After makes the next attempt later, never sooner', () => {
  const next = (failures: number, retryAfter: string) =>
    outcomeOf({ status: 503, retryAfter, body: '' }, { failures, failingSince: null }, NOW);
  expect(next(0, '60')).toMatchObject({ nextInMs: 60_000, pauseMs: 60_000 });
  expect(next(4, '60')).toMatchObject({ nextInMs: 5 * HOUR, pauseMs: 60_000 });
  expect(next(7, '60')).toMatchObject({ nextInMs: null, pauseMs: 60_000, state: 'FAILED' });
});

test('who takes more than a fifth of the time is slow for ten minutes', () => {
  expect(slowUntil(3_000, 15_000, NOW)).toBe(null);
  expect(slowUntil(3_001, 15_000, NOW)).toEqual(ago(-600_000));
});

describe('secrets', () => {
  const key = (id: string) => ({ id, key: createSecretKey(`${id} `.repeat(20), 'utf8') });
  const [one, two] = [key('one'), key('two')];

  test('are sealed for one webhook under one key, and open to nothing else', () => {
    const secret = newSecret();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const kept = { ...seal([one, two], 'a', secret), expiresAt: null };
    expect(JSON.stringify(kept)).not.toContain(secret.slice(6, 20));
    expect(open([two, one], 'a', kept)).toBe(secret);
    expect(open([one], 'b', kept)).toBe(null);
    expect(open([two], 'a', kept)).toBe(null);
    expect(open([{ id: 'one', key: two.key }], 'a', kept)).toBe(null);
    expect(open([one], 'a', { ...kept, sealed: 'short' })).toBe(null);
    expect(seal([one], 'a', secret).sealed).not.toBe(seal([one], 'a', secret).sealed);
  });

  test('go on for a day when another takes their place', () => {
    const first = { ...seal([one], 'a', 'first'), expiresAt: null };
    const second = rotated([first], seal([one], 'a', 'second'), NOW);
    const third = rotated(second, seal([one], 'a', 'third'), new Date(NOW.getTime() + HOUR));
    const alive = (hours: number) => {
      const live = liveSecrets(third, new Date(NOW.getTime() + hours * HOUR));
      return live.map((secret) => open([one], 'a', secret));
    };
    expect(alive(2)).toEqual(['third', 'second', 'first']);
    expect(alive(24.5)).toEqual(['third', 'second']);
    expect(alive(26)).toEqual(['third']);
    // what has ended is let go of
    expect(rotated(third, seal([one], 'a', 'fourth'), new Date(NOW.getTime() + 26 * HOUR))).toHaveLength(2);
  });

  test('are sealed anew under the newest key, as long as the older one is there', () => {
    const old = rotated([{ ...seal([one], 'a', 'first'), expiresAt: null }], seal([one], 'a', 'second'), NOW);
    expect(resealed([one, two], 'a', old)).toBe(null);
    const anew = resealed([two, one], 'a', old)!;
    expect(anew.map((secret) => [open([two], 'a', secret), secret.expiresAt])).toEqual([
      ['second', null],
      ['first', old[1]!.expiresAt],
    ]);
    expect(resealed([two, one], 'a', anew)).toBe(null);
    expect(resealed([two], 'a', old)).toEqual(old);
  });
});

describe('payloads', () => {
  test('tell values of fields that are known to hold no text, and of all others the name', () => {
    const id = '01900000-0000-7000-8000-000000000001';
    const values = { old: 'a secret', new: 'a secret' };
    const told = (type: string, ...changes: Parameters<typeof toldChanges>[1]) =>
      toldChanges(type, changes, () => null);
    for (const field of [
      'title',
      'description',
      'unit',
      'number',
      'externalId',
      'invented',
      'constructor',
      '__proto__',
      'customField:x',
    ])
      expect(told('item.updated', { field, ...values })).toEqual([{ field }]);
    expect(told('email.sent', { field: 'private', old: true, new: false })).toEqual([{ field: 'private' }]);
    const [person, status] = [toGlobalId('User', id), toGlobalId('GenericToolStatus', id)];
    expect(
      told(
        'item.updated',
        { field: 'assignees', old: undefined, new: id },
        { field: 'trades', old: id, new: undefined },
        { field: 'status', old: null, new: id },
        // whatever a text gets into, an id does not come of it
        { field: 'status', old: { name: 'a secret' }, new: 7 },
      ),
    ).toEqual([
      { field: 'assignees', old: null, new: person },
      { field: 'trades', old: toGlobalId('Trade', id), new: null },
      { field: 'status', old: null, new: status },
      { field: 'status', old: null, new: null },
    ]);
    expect(
      told(
        'genericTool.updated',
        { field: 'status', old: null, new: { id, name: 'a secret', category: 'OPEN' } },
        { field: 'fieldset', old: { id, name: 'a secret', projectIds: [id] }, new: null },
        { field: 'customField', old: { id, label: 'a secret' }, new: { id, label: 'another' } },
        { field: 'defaults.distributionMemberIds', old: [], new: [id] },
        { field: 'title', ...values },
      ),
    ).toEqual([
      { field: 'status', old: null, new: { id: status, category: 'OPEN' } },
      { field: 'fieldset', old: { id: toGlobalId('Fieldset', id) }, new: null },
      { field: 'customField', old: { id: toGlobalId('CustomField', id) }, new: { id: toGlobalId('CustomField', id) } },
      { field: 'defaults.distributionMemberIds', old: [], new: [person] },
      { field: 'title' },
    ]);
  });

  test('are shorter than 20 KB: the last values go, and no name', () => {
    const person = (n: number) => toGlobalId('User', `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`);
    const changes = [
      { field: 'title' },
      ...Array.from({ length: 400 }, (_, n) => ({ field: 'assignees', old: person(n), new: null })),
      { field: 'costImpact', old: null, new: { status: 'TBD', amount: null } },
    ];
    const payload = {
      type: 'item.updated',
      timestamp: NOW.toISOString(),
      data: { itemId: person(1), version: 2, changes },
    };
    const short = fitted(payload);
    expect(Buffer.byteLength(JSON.stringify(short))).toBeLessThan(20_000);
    expect(Buffer.byteLength(JSON.stringify(short))).toBeGreaterThan(19_500);
    const told = short.data.changes!;
    expect(short.data).toMatchObject({ itemId: person(1), version: 2, changesCut: true });
    expect(told.slice(0, 100)).toEqual(changes.slice(0, 100));
    expect(told.at(-2)).toEqual({ field: 'costImpact', old: null, new: { status: 'TBD', amount: null } });
    expect(told.at(-1)).toEqual({ field: 'assignees' });
    const few = { ...payload, data: { ...payload.data, changes: changes.slice(0, 20) } };
    expect(fitted(few)).toEqual(few);
  });
});
