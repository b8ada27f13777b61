import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { uuidOf } from '../../src/kernel/ids.ts';
import { deliverWebhook } from '../../src/webhook/delivery.jobs.ts';
import { act } from '../../src/worker/act.ts';
import { startWorker } from '../../src/worker/worker.ts';
import { openReceiver, type Receiver } from '../kit/receiver.ts';
import { workOff } from '../kit/work.ts';
import { createHookOffice, type HookOffice } from './hooks.ts';

/** Waits until a receiver has got so many; gives how long that took. */
async function received({ received }: Receiver, count: number, start = performance.now()): Promise<number> {
  while (received.length < count) {
    if (performance.now() - start > 10_000) throw new Error(`only ${received.length} of ${count} came`);
    await sleep(5);
  }
  return performance.now() - start;
}

/** Webhooks of Cleo's, each with an address of its own. */
async function hooks(
  { hook, cleo }: HookOffice,
  to: Receiver,
  count: number,
  events = ['ITEM_CREATED'],
): Promise<void> {
  for (let n = 0; n < count; n += 1) await hook(cleo, `${to.url}/${n}`, { events });
}

test('forty endpoints that never answer hold up nobody else', async () => {
  await using office = await createHookOffice({ WEBHOOK_TIMEOUT: '2' });
  await using hanging = await openReceiver({ way: 'hang' });
  await using fast = await openReceiver();
  const { cleo } = office;
  await hooks(office, hanging, 40);
  const worker = await startWorker(office.world);
  try {
    // nobody knows them yet: each has one attempt among the others, 32 at once
    await office.item(cleo);
    await received(hanging, 40);
    await office.hook(cleo, fast, { events: ['ITEM_CREATED'] });
    await sleep(2_200);
    // now they wait among their like
    const took: number[] = [];
    for (let n = 1; n <= 5; n += 1) {
      const start = performance.now();
      await office.item(cleo);
      took.push(await received(fast, n, start));
    }
    // in the midst of attempts that take two seconds each
    expect(took.toSorted((a, b) => a - b)[2]).toBeLessThan(1_500);
    const { rows } = await office.sql<{
      count: number;
    }>`select count(*)::int as count from webhooks where slow_until is not null`.execute(office.db);
    expect(rows[0]!.count).toBe(40);
  } finally {
    await worker.close();
  }
});

test('two workers at once send each event once, one at a time to each of 25 endpoints', async () => {
  await using office = await createHookOffice();
  const under = new Map<string, number>();
  let most = 0;
  await using receiver = await openReceiver(async ({ path }) => {
    const now = (under.get(path) ?? 0) + 1;
    under.set(path, now);
    most = Math.max(most, now);
    await sleep(5);
    under.set(path, now - 1);
    return {};
  });
  const { cleo } = office;
  await hooks(office, receiver, 25, ['ITEM_CREATED', 'ITEM_ISSUED']);
  const workers = await Promise.all([startWorker(office.world), startWorker(office.world)]);
  try {
    for (let n = 0; n < 4; n += 1) await office.item(cleo, { statusName: 'Open' });
    await received(receiver, 25 * 8);
    await sleep(100);
  } finally {
    await Promise.all(workers.map((worker) => worker.close()));
  }
  const all = receiver.received.map(({ path, headers }) => `${path} ${headers['webhook-id']}`);
  expect(all).toHaveLength(200);
  expect(new Set(all).size).toBe(200);
  expect(most).toBe(1);
  // in the order of what happened
  for (const path of new Set(receiver.received.map((one) => one.path))) {
    const ids = receiver.received.filter((one) => one.path === path).map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual(ids.toSorted());
  }
});

test('an act of 500 items for 20 webhooks is one statement; a turn that is missed is given again', async () => {
  await using office = await createHookOffice();
  await using receiver = await openReceiver();
  const { cleo, tower, review } = office;
  await hooks(office, receiver, 20, ['ITEM_CREATED', 'ITEM_UPDATED']);
  await office.item(cleo);
  const texts = () => office.statements.texts.splice(0).filter((text) => /webhook/.test(text));
  texts();
  await workOff(office.world, [act]);
  expect(texts()).toHaveLength(1);
  // the events of one act about 500 items
  await office.sql`
    insert into events (id, company_id, created_at, updated_at, act_id, type, actor_id, project_id, generic_tool_id, item_id, payload)
    select (left(e.id::text, 24) || lpad(n::text, 12, '0'))::uuid, e.company_id, e.created_at, e.updated_at,
      '01900000-0000-7000-8000-000000000009', 'item.updated', e.actor_id, e.project_id, e.generic_tool_id, e.item_id, e.payload
    from events e, generate_series(1, 500) n where e.project_id = ${tower.id} and e.generic_tool_id = ${review.id}`.execute(
    office.db,
  );
  const start = performance.now();
  await workOff(office.world, [act]);
  const took = performance.now() - start;
  expect(texts()).toHaveLength(1);
  const count = async (what: string) =>
    (
      await office.sql<{ count: number }>`select count(*)::int as count from ${office.sql.table(what)}`.execute(
        office.db,
      )
    ).rows[0]!.count;
  expect(await count('webhook_deliveries')).toBe(20 * 501);
  // 20 turns for each of the two acts
  expect(await count('graphile_worker.jobs')).toBe(40);
  expect(took).toBeLessThan(5_000);

  // whatever became of the turns: the rest is for another one
  await office.sql`delete from graphile_worker._private_jobs`.execute(office.db);
  await office.sql`delete from webhook_deliveries where type = 'item.updated' or webhook_id not in (select id from webhooks order by id limit 2)`.execute(
    office.db,
  );
  await office.later(2 * 60_000);
  await office.sql`select graphile_worker.add_job('wakeWebhooks')`.execute(office.db);
  expect(await office.work()).toEqual([]);
  expect(receiver.received).toHaveLength(2);
});

test('a turn that runs twice at once counts once, and one event that cannot be sent holds up no other', async () => {
  await using office = await createHookOffice();
  await using receiver = await openReceiver({ delayMs: 50 });
  const { cleo } = office;
  const hook = await office.hook(cleo, receiver, { events: ['ITEM_CREATED', 'ITEM_ISSUED', 'ITEM_CLOSED'] });
  await office.item(cleo);
  await workOff(office.world, [act]);
  const turn = () => deliverWebhook.deed(office.world, { webhookId: uuidOf('Webhook', hook.id)! });
  await Promise.all([turn(), turn()]);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(await office.deliveries(cleo, hook)).toMatchObject([{ state: 'DELIVERED', responseStatus: 204 }]);
  receiver.state.answer = { status: 500, delayMs: 50 };
  await office.item(cleo);
  await workOff(office.world, [act]);
  await Promise.all([turn(), turn()]);
  expect((await office.deliveries(cleo, hook))[0]).toMatchObject({ state: 'RETRYING', attempts: 1 });

  receiver.state.answer = {};
  const sent = receiver.received.length;
  await office.item(cleo, { statusName: 'Closed' });
  await office.sql`update events set payload = 'null' where type = 'item.issued'`.execute(office.db);
  expect(await office.work()).toEqual([]);
  expect(receiver.received.slice(sent).map(({ body }) => JSON.parse(body).type)).toEqual([
    'item.created',
    'item.closed',
  ]);
  expect((await office.deliveries(cleo, hook))[1]).toMatchObject({
    state: 'RETRYING',
    error: 'The gateway could not send it.',
  });
  // which is no fault of the endpoint
  expect(await office.look(cleo, hook)).toMatchObject({ failingSince: null });
});

test('an endpoint that was slow has to be quick for a while to count as quick', async () => {
  await using office = await createHookOffice({ WEBHOOK_TIMEOUT: '1' });
  await using receiver = await openReceiver({ delayMs: 250 });
  const { cleo } = office;
  await office.hook(cleo, receiver, { events: ['ITEM_CREATED'] });
  const told = async () => {
    await office.item(cleo);
    expect(await office.work()).toEqual([]);
    const { rows } = await office.sql<{ slow: boolean }>`select slow_until is not null as slow from webhooks`.execute(
      office.db,
    );
    return `${receiver.received.length} ${rows[0]!.slow ? 'slow' : 'quick'}`;
  };
  expect(await told()).toBe('1 slow');
  receiver.state.answer = {};
  expect(await told()).toBe('2 slow');
  await office.later(11 * 60_000);
  expect(await told()).toBe('3 quick');
  expect(await told()).toBe('4 quick');
});
