import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allowedOf,
  BY_WEIGHT,
  type Happened,
  NOBODY,
  noticesOf,
  type RolesOf,
} from '../../src/notification/notification.policy.ts';
import {
  ITEM_ROLES,
  type ItemRole,
  NOTIFICATION_EVENTS,
  type NotificationEvent,
  type NotificationSetting,
  settingsOf,
} from '../../src/permission/defaults.policy.ts';
import { isClosed, STATUS_CATEGORIES } from '../../src/tool/tool.policy.ts';

const SENDING = { sendsOverdueNotifications: true };
/** The matrix with nothing on but these boxes. */
const only = (...boxes: [NotificationEvent, ItemRole][]): NotificationSetting[] =>
  settingsOf({}, SENDING).map((setting) => ({
    ...setting,
    enabled: boxes.some(([event, role]) => event === setting.event && role === setting.role),
  }));
const ALL = settingsOf({}, SENDING).map((setting) => ({ ...setting, enabled: true }));

const people: RolesOf = { CREATOR: ['cora'], ASSIGNEE: ['ada'], DISTRIBUTION: ['dan'], RECEIVED_FROM: ['rob'] };
const AT_REST: Happened = {
  ...{ actorId: 'actor', was: 'OPEN', is: 'OPEN', people, added: NOBODY, removed: NOBODY },
  ...{ edited: false, responded: false },
};
const told = (happened: Partial<Happened>, matrix = ALL): Record<string, string> =>
  Object.fromEntries(
    [...noticesOf({ ...AT_REST, ...happened }, matrix)].map(([id, { events }]) => [id, events.join(' ')]),
  );

/** Acts that make just one event apply to everybody whom it can be for. */
const ACTS: Record<(typeof BY_WEIGHT)[number], Partial<Happened>> = {
  CREATED: { was: 'DRAFT', people },
  ASSIGNED: { added: { ...people, CREATOR: [] } },
  RESPONDED_TO: { responded: true },
  CLOSED: { is: 'CLOSED_SUCCESSFUL' },
  REMOVED: { removed: { ...people, CREATOR: [] }, people: NOBODY },
  UPDATED: { edited: true },
};
const NAMES: Record<ItemRole, string> = { CREATOR: 'cora', ASSIGNEE: 'ada', DISTRIBUTION: 'dan', RECEIVED_FROM: 'rob' };
const ROWS = settingsOf({}, SENDING).filter(({ event }) => event !== 'OVERDUE');

test.each(ROWS.map(({ event, role }) => [event, role] as const))('%s, %s: the box alone decides', (event, role) => {
  const act = ACTS[event as keyof typeof ACTS];
  expect(told(act, only([event, role]))).toEqual({ [NAMES[role]]: event });
  expect(told(act, only())).toEqual({});
  // every other box on, this one off: nobody is told of this event
  const others = ALL.map((box) => ({ ...box, enabled: box.event !== event || box.role !== role }));
  expect(told(act, others)[NAMES[role]] ?? '').not.toContain(event);
});

test('as nothing is said', () => {
  const matrix = settingsOf({}, SENDING);
  expect(told(ACTS.CREATED, matrix)).toEqual({
    ...{ cora: 'CREATED', ada: 'CREATED ASSIGNED', dan: 'CREATED ASSIGNED', rob: 'CREATED ASSIGNED' },
  });
  expect(told(ACTS.RESPONDED_TO, matrix)).toEqual(told(ACTS.RESPONDED_TO));
  for (const act of [ACTS.UPDATED, ACTS.REMOVED, ACTS.CLOSED]) expect(told(act, matrix)).toEqual({});
});

describe('what applies', () => {
  const rest = 'CREATED ASSIGNED';
  test.each<[string, Partial<Happened>, Record<string, string>]>([
    ['a Draft edited', { was: 'DRAFT', is: 'DRAFT', edited: true, added: people, removed: people }, {}],
    ['a closed item edited', { was: 'CLOSED', is: 'CLOSED', edited: true, added: people, removed: people }, {}],
    ['from one closed status to another', { was: 'CLOSED', is: 'CLOSED_UNSUCCESSFUL', edited: true }, {}],
    ['nothing that the matrix knows', {}, {}],
    ['reopened', { was: 'CLOSED', is: 'OPEN' }, { cora: 'UPDATED', ada: 'UPDATED', dan: 'UPDATED', rob: 'UPDATED' }],
    [
      'closed and edited',
      { is: 'CLOSED', edited: true, people: { ...NOBODY, ASSIGNEE: ['ada'] } },
      { ada: 'CLOSED UPDATED' },
    ],
    [
      'made closed',
      { was: 'DRAFT', is: 'CLOSED', people: { ...NOBODY, ASSIGNEE: ['ada'] } },
      { ada: 'CREATED ASSIGNED CLOSED' },
    ],
    [
      'issued, and what was a Draft changed with it: nobody is off what they never saw',
      { was: 'DRAFT', edited: true, removed: { ...NOBODY, ASSIGNEE: ['zoe'] } },
      { cora: 'CREATED', ada: rest, dan: rest, rob: rest },
    ],
    [
      'reassigned',
      { edited: true, added: { ...NOBODY, ASSIGNEE: ['ada'] }, removed: { ...NOBODY, ASSIGNEE: ['zoe'] } },
      { cora: 'UPDATED', ada: 'ASSIGNED UPDATED', dan: 'UPDATED', rob: 'UPDATED', zoe: 'REMOVED' },
    ],
    [
      'all at once',
      {
        ...{ is: 'CLOSED', edited: true, responded: true },
        ...{ people: { ...NOBODY, DISTRIBUTION: ['ada'] }, added: { ...NOBODY, DISTRIBUTION: ['ada'] } },
        removed: { ...NOBODY, ASSIGNEE: ['ada'] },
      },
      { ada: 'ASSIGNED RESPONDED_TO CLOSED REMOVED UPDATED' },
    ],
    ['somebody in a role acts', { actorId: 'ada', edited: true }, { cora: 'UPDATED', dan: 'UPDATED', rob: 'UPDATED' }],
    [
      'nobody in particular acts',
      { actorId: null, responded: true, people: { ...NOBODY, ASSIGNEE: ['ada'] } },
      { ada: 'RESPONDED_TO' },
    ],
  ])('%s', (_, happened, expected) => {
    expect(told(happened)).toEqual(expected);
  });
});

test('somebody in several roles is told by any of their boxes, of additions and removals by that of the role', () => {
  const twice = { ...NOBODY, ASSIGNEE: ['ada'], DISTRIBUTION: ['ada'] };
  const act = { people: twice, edited: true, added: { ...NOBODY, DISTRIBUTION: ['ada'] } };
  expect(told(act, only(['UPDATED', 'ASSIGNEE']))).toEqual({ ada: 'UPDATED' });
  expect(told(act, only(['ASSIGNED', 'ASSIGNEE']))).toEqual({});
  expect(told(act, only(['ASSIGNED', 'DISTRIBUTION']))).toEqual({ ada: 'ASSIGNED' });
  expect(noticesOf({ ...AT_REST, ...act }, ALL).get('ada')).toMatchObject({ joined: ['DISTRIBUTION'], left: [] });
});

test('what somebody may not know is taken out, and what is left gives the mail', () => {
  const sight = (sees: boolean, saw: boolean, seesResponse = false) => ({ sees, saw, seesResponse });
  const events: NotificationEvent[] = ['RESPONDED_TO', 'REMOVED', 'UPDATED'];
  expect(allowedOf(events, sight(true, true, true))).toEqual(events);
  expect(allowedOf(events, sight(true, true))).toEqual(['REMOVED', 'UPDATED']);
  expect(allowedOf(events, sight(false, true, true))).toEqual(['REMOVED']);
  expect(allowedOf(events, sight(true, false))).toEqual(['UPDATED']);
  expect(allowedOf(events, sight(false, false, true))).toBe(null);
});

test('whatever happens: never the actor, never what is off, never out of order, never by nobody', () => {
  const ids = ['ada', 'ben', 'cora', 'dan'];
  const some = fc.subarray(ids);
  const roles = fc.record<Record<ItemRole, string[]>>({
    ...{ CREATOR: fc.constantFrom(...ids).map((id) => [id]), ASSIGNEE: some, DISTRIBUTION: some },
    RECEIVED_FROM: fc.subarray(ids, { maxLength: 1 }),
  });
  const category = fc.constantFrom(...STATUS_CATEGORIES);
  const acts = fc.record({
    actorId: fc.option(fc.constantFrom(...ids)),
    was: category,
    is: category,
    before: roles,
    people: roles,
    edited: fc.boolean(),
    responded: fc.boolean(),
  });
  const boxes = fc.array(fc.boolean(), { minLength: ALL.length, maxLength: ALL.length });
  const without = (a: RolesOf, b: RolesOf): RolesOf =>
    Object.fromEntries(ITEM_ROLES.map((role) => [role, a[role].filter((id) => !b[role].includes(id))])) as never;
  fc.assert(
    fc.property(acts, boxes, ({ before, ...act }, enabled) => {
      const matrix = ALL.map((box, n) => ({ ...box, enabled: enabled[n]! }));
      const named = (all: RolesOf): RolesOf => ({ ...all, CREATOR: [] });
      const added = named(without(act.people, before));
      const removed = named(without(before, act.people));
      const notices = noticesOf({ ...act, added, removed }, matrix);
      const holds = (id: string, by: RolesOf, event: NotificationEvent) =>
        matrix.some((box) => box.enabled && box.event === event && by[box.role].includes(id));
      for (const [id, { events, joined, left }] of notices) {
        expect(id).not.toBe(act.actorId);
        expect(act.is).not.toBe('DRAFT');
        expect(isClosed(act.was) && isClosed(act.is)).toBe(false);
        const weights = events.map(
          (event) => NOTIFICATION_EVENTS.indexOf(event) >= 0 && BY_WEIGHT.indexOf(event as never),
        );
        expect(weights).toEqual([...new Set(weights)].toSorted((a, b) => Number(a) - Number(b)));
        for (const event of events) {
          const by = event === 'REMOVED' ? removed : event === 'ASSIGNED' && act.was !== 'DRAFT' ? added : act.people;
          expect(holds(id, by, event)).toBe(true);
        }
        expect(events.includes('REMOVED') && left.length === 0).toBe(false);
        expect(events.includes('ASSIGNED') && joined.length === 0).toBe(false);
      }
      // and nobody is left out: whoever holds a box of what happened is there
      if (act.is === 'OPEN' && act.was === 'OPEN' && act.edited)
        for (const id of ids)
          if (id !== act.actorId && holds(id, act.people, 'UPDATED'))
            expect(notices.get(id)?.events).toContain('UPDATED');
    }),
  );
});
