import { expect, test } from 'vitest';
import { openReceiver } from '../kit/receiver.ts';
import { createHookOffice } from './hooks.ts';

const SECOND = 1_000;
const typesOf = ({ received }: { received: { body: string }[] }) => received.map(({ body }) => JSON.parse(body).type);

test('nothing goes out of what the owner does not see at that moment, also if they saw it at the attempt before', async () => {
  await using office = await createHookOffice();
  await using receiver = await openReceiver({ status: 500, body: 'echo' });
  const { ada, cleo, tower, review } = office;
  const hook = await office.hook(cleo, receiver);
  const level = (accessLevel: 'NONE' | 'ADMIN') => office.grant(cleo, tower, review, accessLevel);
  const states = async () =>
    (await office.deliveries(cleo, hook)).map(({ event, state, attempts }) => `${event} ${state} ${attempts}`);
  // cleo sees the item, and the endpoint is out of order
  const item = await office.item(ada, { statusName: 'Open' });
  await office.work();
  expect(await states()).toEqual(['ITEM_ISSUED RETRYING 1', 'ITEM_CREATED RETRYING 1']);
  await level('NONE');
  receiver.state.answer = {};
  await office.later(6 * SECOND);
  await office.work();
  expect(receiver.received).toHaveLength(2);
  expect(await states()).toEqual(['ITEM_ISSUED WITHHELD 1', 'ITEM_CREATED WITHHELD 1']);
  // the admin that cleo is reads of it that it was, and nothing of what it says, nor of what came back
  for (const delivery of await office.deliveries(cleo, hook))
    expect(delivery).toMatchObject({
      payload: null,
      responseBody: null,
      nextAttemptAt: null,
      error: expect.stringContaining('may not see'),
    });
  // what happens now is no matter of cleo's either; of its tool an admin hears
  await office.update(ada, item.id, { title: 'x' });
  await office.work();
  expect(receiver.received).toHaveLength(2);

  // final, until somebody asks for it again; and asked anew then
  await level('ADMIN');
  await office.later(60 * SECOND);
  await office.work();
  expect(receiver.received).toHaveLength(2);
  const [updated, issued, created] = await office.deliveries(cleo, hook);
  expect(issued.payload.type).toBe('item.issued');
  await level('NONE');
  await office.redeliver(cleo, updated.id, issued.id);
  await office.work();
  expect(receiver.received).toHaveLength(2);
  expect(await states()).toEqual(['ITEM_UPDATED WITHHELD 0', 'ITEM_ISSUED WITHHELD 1', 'ITEM_CREATED WITHHELD 1']);
  await level('ADMIN');
  await office.redeliver(cleo, created.id, updated.id);
  await office.work();
  expect(await states()).toEqual(['ITEM_UPDATED DELIVERED 1', 'ITEM_ISSUED WITHHELD 1', 'ITEM_CREATED DELIVERED 2']);
  expect(typesOf(receiver).slice(2).sort()).toEqual(['item.created', 'item.updated']);
});

test('each owner is told what they see: drafts, private items, archived ones, responses, what items come from', async () => {
  await using office = await createHookOffice();
  const { ada, ben, rae, cleo, tower, review } = office;
  // admins of the company, and no more on the tool than their levels say
  const [bo, dan] = [
    await office.person('Bo Boss', { admin: true }),
    await office.person('Dan Deputy', { admin: true }),
  ];
  await office.grant(bo, tower, review, 'STANDARD');
  await office.grant(dan, tower, review, 'READ_ONLY');
  await using admins = await openReceiver();
  await using bos = await openReceiver();
  await using dans = await openReceiver();
  const hooks = [await office.hook(cleo, admins), await office.hook(bo, bos), await office.hook(dan, dans)];
  const told = async () => {
    expect(await office.work()).toEqual([]);
    const all = [admins, bos, dans].map((receiver) =>
      receiver.received.splice(0).map(({ body }) => {
        const { type, data } = JSON.parse(body);
        return [type, ...(data.changes ?? []).map(({ field }: { field: string }) => field)].join(' ');
      }),
    );
    return { admins: all[0], bo: all[1], dan: all[2] };
  };
  // a Draft of bo's is for bo and ADMINs
  const draft = await office.item(bo, { title: 'Draft' });
  expect(await told()).toEqual({ admins: ['item.created'], bo: ['item.created'], dan: [] });
  await office.update(bo, draft.id, { assigneeIds: [rae.gid], dueDate: '2026-09-01' });
  expect(await told()).toEqual({
    admins: ['item.updated dueDate assignees'],
    bo: ['item.updated dueDate assignees'],
    dan: [],
  });
  // issued, all see it; what changed with it while it was a Draft dan does not hear
  await office.update(bo, draft.id, { statusName: 'Open', dueDate: '2026-10-01' });
  expect(await told()).toEqual({
    admins: ['item.issued status dueDate', 'item.updated status dueDate'],
    bo: ['item.issued status dueDate', 'item.updated status dueDate'],
    dan: ['item.issued status', 'item.updated status'],
  });
  // nor of what was withheld then, when it is sent again; nor does dan read it in the log of another
  const dansLog = await office.deliveries(dan, hooks[2]!);
  expect(dansLog.map(({ event, state }) => `${event} ${state}`)).toEqual([
    'ITEM_UPDATED DELIVERED',
    'ITEM_ISSUED DELIVERED',
    'ITEM_UPDATED WITHHELD',
    'ITEM_CREATED WITHHELD',
  ]);
  await office.redeliver(dan, dansLog[2].id);
  expect((await told()).dan).toEqual(['item.updated']);
  const cleosLog = await office.deliveries(dan, hooks[0]!);
  expect(cleosLog[2].payload.data.changes).toEqual([]);
  expect((await office.deliveries(cleo, hooks[0]!))[2].payload.data.changes).toHaveLength(2);
  // an endpoint may answer with what it was told
  await office.sql`update webhook_deliveries set response_body = 'echo'`.execute(office.db);
  const bodies = async (who: typeof cleo) =>
    (await office.deliveries(who, hooks[0]!)).map(({ responseBody }) => responseBody);
  expect(await bodies(cleo)).toEqual(['echo', 'echo', 'echo', 'echo']);
  expect(await bodies(dan)).toEqual([null, null, null, 'echo']);

  // an unofficial response is for those involved, its author and ADMINs
  const { response } = await office.respond(cleo, draft.id, { notes: 'psst' });
  expect(await told()).toEqual({ admins: ['response.created'], bo: ['response.created'], dan: [] });
  await office.switchOfficial(cleo, response.id, true);
  expect((await told()).dan).toEqual(['response.updated official']);
  // a private item is for those involved and ADMINs
  const secret = await office.item(ada, { statusName: 'Open', private: true });
  expect(await told()).toEqual({ admins: ['item.created', 'item.issued'], bo: [], dan: [] });
  // where an item comes from is told to whoever sees that
  const follower = await office.item(ada, { statusName: 'Open' });
  await told();
  await office.update(ada, follower.id, { originItemId: secret.id });
  expect(await told()).toEqual({ admins: ['item.updated origin'], bo: ['item.updated'], dan: ['item.updated'] });
  expect(JSON.stringify(await office.deliveries(dan, hooks[2]!))).not.toContain(secret.id);
  // archived ones are for ADMINs
  await office.archive(ada, follower.id);
  expect(await told()).toEqual({ admins: ['item.archived archived'], bo: [], dan: [] });
  await office.restore(ada, follower.id);
  expect(await told()).toMatchObject({ bo: ['item.restored archived'] });
  expect(ben.gid).toBeTruthy();
});

test('a webhook is told nothing while its owner may not have it, or is not active', async () => {
  await using office = await createHookOffice();
  await using company = await openReceiver();
  await using project = await openReceiver();
  const { ada, cleo, tower, review } = office;
  const companys = await office.hook(cleo, company, { events: ['ITEM_CREATED'] });
  const projects = await office.hook(ada, project, { projectId: tower.gid, events: ['ITEM_CREATED'] });
  const states = async () => [
    (await office.deliveries(cleo, companys)).map(({ state }) => state),
    (await office.deliveries(ada, projects)).map(({ state }) => state),
  ];
  const item = () => office.item(office.ben, { statusName: 'Open' });
  await item();
  await office.work();
  expect(await states()).toEqual([['DELIVERED'], ['DELIVERED']]);
  // both still see the item
  await office.sql`update users set is_company_admin = false where id = ${cleo.id}`.execute(office.db);
  await office.grant(ada, tower, review, 'STANDARD');
  await item();
  await office.work();
  expect(await states()).toEqual([
    ['WITHHELD', 'DELIVERED'],
    ['WITHHELD', 'DELIVERED'],
  ]);
  // whoever owns it still sees it, and can only let go of it
  expect((await office.change(cleo, companys, { url: 'http://127.0.0.1:9/' })).userErrors).toMatchObject([
    { code: 'FORBIDDEN', path: ['url'] },
  ]);
  expect((await office.rotate(ada, projects)).userErrors).toMatchObject([{ code: 'FORBIDDEN', path: ['id'] }]);
  await office.sql`update users set is_company_admin = true where id = ${cleo.id}`.execute(office.db);
  await office.grant(ada, tower, review, 'ADMIN');

  // deactivated between event and attempt, and before the event
  await item();
  await office.sql`update users set active = false where id in (${cleo.id}, ${ada.id})`.execute(office.db);
  // it was for them when the act was read
  await office.work();
  await item();
  await office.work();
  expect([company.received.length, project.received.length]).toEqual([1, 1]);
  await office.sql`update users set active = true where id in (${cleo.id}, ${ada.id})`.execute(office.db);
  await office.later(11 * 3_600_000);
  await office.work();
  expect([company.received.length, project.received.length]).toEqual([1, 1]);
  expect((await states()).flat()).not.toContain('PENDING');
  await item();
  await office.work();
  expect([company.received.length, project.received.length]).toEqual([2, 2]);
});

test('an owner deactivated between two attempts ends what waits', async () => {
  await using office = await createHookOffice();
  await using receiver = await openReceiver({ status: 500 });
  const { cleo } = office;
  const boss = await office.person('Bo Boss', { admin: true });
  const hook = await office.hook(cleo, receiver, { events: ['ITEM_CREATED'] });
  await office.item(cleo);
  await office.work();
  await office.sql`update users set active = false where id = ${cleo.id}`.execute(office.db);
  await office.later(6 * SECOND);
  await office.work();
  expect(receiver.received).toHaveLength(1);
  expect(await office.deliveries(boss, hook)).toMatchObject([{ state: 'WITHHELD', attempts: 1 }]);
});
