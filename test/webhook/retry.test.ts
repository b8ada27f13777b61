import { expect, test } from 'vitest';
import { openReceiver } from '../kit/receiver.ts';
import { createHookOffice } from './hooks.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test('what fails is tried again in 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h, under the same id, and then no more', async () => {
  await using office = await createHookOffice();
  await using receiver = await openReceiver({ status: 500, body: 'out of order' });
  const { cleo } = office;
  const hook = await office.hook(cleo, receiver, { events: ['ITEM_CREATED'] });
  await office.item(cleo);
  expect(await office.work()).toEqual([]);
  for (const [n, wait] of [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR].entries()) {
    const [delivery] = await office.deliveries(cleo, hook);
    expect(delivery).toMatchObject({
      state: 'RETRYING',
      attempts: n + 1,
      responseStatus: 500,
      responseBody: 'out of order',
      error: null,
    });
    // the time of the attempt was a moment ago
    const left = Date.parse(delivery.nextAttemptAt) - office.clock.now().getTime();
    expect(left).toBeLessThanOrEqual(wait);
    expect(left).toBeGreaterThan(wait - 1_000);
    if (n < 2) {
      await office.later(wait - 2_500);
      await office.work();
      expect(receiver.received).toHaveLength(n + 1);
    }
    await office.later(n < 2 ? 2_500 : wait);
    await office.work();
    expect(receiver.received).toHaveLength(n + 2);
  }
  expect((await office.deliveries(cleo, hook))[0]).toMatchObject({ state: 'FAILED', attempts: 8, nextAttemptAt: null });
  await office.later(11 * HOUR);
  await office.work();
  expect(receiver.received).toHaveLength(8);
  expect(new Set(receiver.received.map(({ headers, body }) => headers['webhook-id'] + body)).size).toBe(1);
  for (const { headers } of [receiver.received.at(-1)!])
    expect(Number(headers['webhook-timestamp'])).toBeGreaterThan(office.clock.now().getTime() / 1000 - 11 * 3600 - 5);

  // by hand: the same once more, with all its retries before it
  const [failed] = await office.deliveries(cleo, hook);
  const { deliveries } = await office.redeliver(cleo, failed.id);
  expect(deliveries).toMatchObject([{ id: failed.id, state: 'PENDING', attempts: 8 }]);
  await office.work();
  const left = Date.parse((await office.delivery(cleo, failed.id)).nextAttemptAt) - office.clock.now().getTime();
  expect(left).toBeLessThanOrEqual(5 * SECOND);
  receiver.state.answer = { status: 200, body: 'thanks' };
  await office.later(6 * SECOND);
  await office.work();
  expect(await office.delivery(cleo, failed.id)).toMatchObject({
    state: 'DELIVERED',
    attempts: 10,
    responseStatus: 200,
    responseBody: 'thanks',
    nextAttemptAt: null,
  });
  // and what has arrived too
  await office.redeliver(cleo, failed.id, failed.id);
  await office.work();
  expect(receiver.received).toHaveLength(11);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(office.verify(receiver.received.at(-1)!, hook.secret)).toMatchObject({ type: 'item.created' });
});

test('redirects are not followed, addresses that became private are not called, and the log says why', async () => {
  await using office = await createHookOffice();
  await using inside = await openReceiver();
  await using receiver = await openReceiver({ status: 302, headers: { location: inside.url } });
  const { cleo } = office;
  const hook = await office.hook(cleo, receiver, { events: ['ITEM_CREATED'] });
  // whatever was allowed when it was saved
  const other = await office.hook(cleo, 'http://127.0.0.1:1/', { events: ['ITEM_CREATED'] });
  await office.sql`update webhooks set url = 'http://10.0.0.1/' where url = 'http://127.0.0.1:1/'`.execute(office.db);
  await office.item(cleo);
  await office.work();
  expect(inside.received).toEqual([]);
  expect(await office.deliveries(cleo, hook)).toMatchObject([{ state: 'RETRYING', responseStatus: 302, error: null }]);
  expect(await office.deliveries(cleo, other)).toMatchObject([
    {
      state: 'RETRYING',
      attempts: 1,
      responseStatus: null,
      responseBody: null,
      error: expect.stringContaining('not public'),
    },
  ]);
});

test('an endpoint that asks for a pause gets nothing meanwhile, not even what is new', async () => {
  await using office = await createHookOffice();
  await using receiver = await openReceiver((_, n) =>
    n === 0 ? { status: 429, headers: { 'retry-after': '600' } } : {},
  );
  const { cleo } = office;
  const hook = await office.hook(cleo, receiver, { events: ['ITEM_CREATED', 'ITEM_ISSUED'] });
  // two events: the second waits as well
  await office.item(cleo, { statusName: 'Open' });
  await office.work();
  await office.item(cleo);
  await office.work();
  await office.later(9 * MINUTE);
  await office.work();
  expect(receiver.received).toHaveLength(1);
  const log = await office.deliveries(cleo, hook);
  expect(log.map(({ event, state, attempts }) => [event, state, attempts])).toEqual([
    ['ITEM_CREATED', 'PENDING', 0],
    ['ITEM_ISSUED', 'PENDING', 0],
    ['ITEM_CREATED', 'RETRYING', 1],
  ]);
  for (const { nextAttemptAt } of log)
    expect(Math.abs(Date.parse(nextAttemptAt) - office.clock.now().getTime() - MINUTE)).toBeLessThan(2_000);
  await office.later(MINUTE);
  await office.work();
  expect(receiver.received).toHaveLength(4);
  expect(new Set((await office.deliveries(cleo, hook)).map(({ state }) => state))).toEqual(new Set(['DELIVERED']));
});

test('410 ends a webhook at once, and so do five days of nothing but failures; enabled again, it hears what is new', async () => {
  await using office = await createHookOffice();
  await using gone = await openReceiver();
  await using failing = await openReceiver({ status: 503 });
  const { cleo } = office;
  const [goneHook, failingHook] = [await office.hook(cleo, gone), await office.hook(cleo, failing)];
  await office.item(cleo);
  await office.work();
  gone.state.answer = { status: 410 };
  const item = await office.item(cleo, { statusName: 'Open' });
  await office.work();
  expect(gone.received).toHaveLength(2);
  expect(await office.look(cleo, goneHook)).toMatchObject({
    enabled: false,
    disabledReason: 'GONE',
    disabledAt: expect.any(String),
  });
  expect((await office.deliveries(cleo, goneHook)).map(({ event, state, error }) => [event, state, error])).toEqual([
    ['ITEM_ISSUED', 'FAILED', 'The webhook was disabled.'],
    ['ITEM_CREATED', 'FAILED', null],
    ['ITEM_CREATED', 'DELIVERED', null],
  ]);
  expect(await office.redeliver(cleo, (await office.deliveries(cleo, goneHook))[0].id)).toMatchObject({
    deliveries: [],
    userErrors: [{ code: 'INVALID', path: ['deliveryIds', '0'] }],
  });

  const { failingSince } = await office.look(cleo, failingHook);
  expect(failingSince).toEqual(expect.any(String));
  for (let day = 1; day <= 4; day += 1) {
    await office.later(DAY);
    await office.work();
  }
  expect(await office.look(cleo, failingHook)).toMatchObject({ enabled: true, failingSince });
  await office.later(DAY);
  const before = failing.received.length;
  await office.update(cleo, item.id, { statusName: 'Closed' });
  await office.work();
  expect(failing.received).toHaveLength(before + 1);
  expect(await office.look(cleo, failingHook)).toMatchObject({
    enabled: false,
    disabledReason: 'FAILING',
    failingSince,
  });
  await office.update(cleo, item.id, { statusName: 'Open' });
  await office.work();
  expect(failing.received).toHaveLength(before + 1);

  for (const receiver of [gone, failing]) receiver.state.answer = {};
  for (const hook of [goneHook, failingHook])
    expect((await office.change(cleo, hook, { enabled: true })).userErrors).toEqual([]);
  expect(await office.look(cleo, failingHook)).toMatchObject({
    enabled: true,
    disabledAt: null,
    disabledReason: null,
    failingSince: null,
  });
  await office.work();
  expect([gone.received.length, failing.received.length]).toEqual([2, before + 1]);
  await office.update(cleo, item.id, { title: 'New' });
  await office.work();
  expect([gone.received.length, failing.received.length]).toEqual([3, before + 2]);
});

test('a success among failures begins the five days anew', async () => {
  await using office = await createHookOffice();
  await using receiver = await openReceiver({ status: 500 });
  const { cleo } = office;
  const hook = await office.hook(cleo, receiver, { events: ['ITEM_CREATED'] });
  await office.item(cleo);
  await office.work();
  await office.later(4 * DAY);
  receiver.state.answer = {};
  await office.item(cleo);
  await office.work();
  expect(await office.look(cleo, hook)).toMatchObject({ failingSince: null });
  receiver.state.answer = { status: 500 };
  await office.later(2 * DAY);
  await office.item(cleo);
  await office.work();
  expect(await office.look(cleo, hook)).toMatchObject({ enabled: true });
});

test('what waits ends when its webhook is disabled, and nothing is left of one that is deleted; a new address gets the rest', async () => {
  await using office = await createHookOffice();
  await using receiver = await openReceiver({ status: 500 });
  await using moved = await openReceiver();
  const { cleo } = office;
  const [off, gone, elsewhere] = [
    await office.hook(cleo, receiver),
    await office.hook(cleo, receiver),
    await office.hook(cleo, receiver, { events: ['ITEM_CREATED'] }),
  ];
  await office.item(cleo);
  await office.work();
  expect(receiver.received).toHaveLength(3);
  const [lost] = await office.deliveries(cleo, gone);
  expect((await office.change(cleo, off, { enabled: false })).userErrors).toEqual([]);
  expect(await office.deliveries(cleo, off)).toMatchObject([
    { state: 'FAILED', error: 'The webhook was disabled.', nextAttemptAt: null },
  ]);
  expect(await office.look(cleo, off)).toMatchObject({ enabled: false, disabledReason: 'REQUESTED' });
  await office.tell(cleo, 'deleteWebhook', { id: gone.id }, 'deletedId');
  expect(await office.delivery(cleo, lost.id)).toBe(null);
  expect((await office.change(cleo, elsewhere, { url: moved.url })).userErrors).toEqual([]);
  await office.later(6 * SECOND);
  expect(await office.work()).toEqual([]);
  expect([receiver.received.length, moved.received.length]).toEqual([3, 1]);
  expect(office.verify(moved.received[0]!, elsewhere.secret)).toMatchObject({ type: 'item.created' });
  await office.item(cleo);
  await office.work();
  expect([receiver.received.length, moved.received.length]).toEqual([3, 2]);
});

test('the log is kept for 30 days', async () => {
  await using office = await createHookOffice();
  await using receiver = await openReceiver();
  const { cleo } = office;
  const hook = await office.hook(cleo, receiver, { events: ['ITEM_CREATED'] });
  await office.item(cleo);
  await office.work();
  const forget = async () => {
    await office.sql`select graphile_worker.add_job('forget')`.execute(office.db);
    expect(await office.work()).toEqual([]);
  };
  await office.later(30 * DAY - HOUR);
  await forget();
  const [delivery] = await office.deliveries(cleo, hook);
  expect(delivery.payload).toMatchObject({ type: 'item.created' });
  await office.redeliver(cleo, delivery.id);
  await office.work();
  expect(receiver.received).toHaveLength(2);
  await office.later(2 * HOUR);
  await forget();
  expect(await office.deliveries(cleo, hook)).toEqual([]);
});
