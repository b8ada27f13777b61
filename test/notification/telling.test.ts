import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { act } from '../../src/worker/act.ts';
import { sendEmail } from '../../src/worker/sendEmail.ts';
import { createOffice, faultsOf, nothing, type Office, type Payload } from '../kit/office.ts';
import { putItems } from '../kit/putItems.ts';
import { workOff } from '../kit/work.ts';
import type { Person } from '../kit/world.ts';

let office: Office;
let read = 0;
beforeAll(async () => {
  office = await createOffice();
  const { ada, review, tower, tell } = office;
  const notifications = ['UPDATED', 'CLOSED'].map((event) => ({ event, role: 'ASSIGNEE', enabled: true }));
  const input = { projectId: tower.gid, genericToolId: review.gid, notifications };
  expect((await tell(ada, 'updateGenericToolDefaults', input, 'defaults { private }')).userErrors).toEqual([]);
});
afterAll(() => office[Symbol.asyncDispose]());

/** The mails since the last look. */
async function mailed() {
  expect(await office.work()).toEqual([]);
  const mails = (await office.mails()).slice(read);
  read += mails.length;
  return mails;
}
const told = async (): Promise<string[]> =>
  (await mailed()).map(({ to, subject }) => `${to![0]!.name}: ${subject}`).sort();

const PAGE = `query ($ids: [ID!]!, $first: Int, $after: String) { nodes(ids: $ids) { ... on Item {
  notifications(first: $first, after: $after) {
    totalCount nodes { id event recipient { name } delivery { id state address } createdAt } pageInfo { endCursor hasNextPage } } } } }`;
const notificationsOf = async (who: Person, item: Payload, more: object = {}): Promise<Payload> =>
  (await office.get(who, PAGE, { ids: [item.id], ...more })).nodes[0].notifications;

test('an act that wants no mail gets none, whichever mutation it is', async () => {
  const { ada, ben, rae } = office;
  const quiet = { skipEmails: true };
  const item = await office.item(ada, { statusName: 'Open', assigneeIds: [ben.gid] }, quiet);
  await office.update(ada, item.id, { title: 'a', assigneeIds: [ben.gid, rae.gid] }, quiet);
  await office.batch(ada, { ids: [item.id], patch: { title: 'b' }, ...quiet });
  await office.respond(ada, item.id, quiet);
  await office.respond(ada, item.id, { itemPatch: { title: 'c', assigneeIds: [ben.gid] }, ...quiet });
  await office.update(ada, item.id, { statusName: 'Closed' }, quiet);
  expect(await told()).toEqual([]);
  // and those that wanted it would have had it
  await office.update(ada, item.id, { statusName: 'Open' });
  expect(await told()).toEqual([`Ben Standard: [${item.number}] c: Ada Admin reopened it`]);
  // archiving and bringing back is no edit
  await office.archive(ada, item.id);
  await office.restore(ada, item.id);
  // nor is what was refused, or what it is already
  await office.update(ada, item.id, { title: '' });
  await office.update(ada, item.id, { title: 'c' });
  await office.batch(ada, { ids: [item.id], patch: { title: 'd' }, dryRun: true });
  expect(await told()).toEqual([]);
});

test('one act is one mail: what was answered, closed and changed at once, and who was added by it', async () => {
  const { ada, ben, rae } = office;
  const item = await office.item(ada, { statusName: 'Open', assigneeIds: [ben.gid] }, { skipEmails: true });
  const itemPatch = { title: 'Mended lintel', statusName: 'Won', distributionMemberIds: [ben.gid, rae.gid] };
  await office.respond(ada, item.id, { notes: 'It holds.', itemPatch });
  const [bens, raes, ...others] = (await mailed()).toSorted((a, b) => (a.to![0]!.name < b.to![0]!.name ? -1 : 1));
  expect(others).toEqual([]);
  expect(bens!.subject).toBe(`[${item.number}] Mended lintel: Ada Admin put you on it`);
  expect(bens!.text).toMatch(
    /put you on the distribution of this item, responded to it, closed it as Won and changed it/,
  );
  expect(bens!.text).toMatch(/It holds\./);
  expect(bens!.text).toMatch(/Subject: Broken lintel -> Mended lintel/);
  expect(raes!.text).toMatch(/put you on the distribution of this item and responded to it\./);
  expect((await notificationsOf(ada, item)).nodes.map(({ event }: Payload) => event)).toEqual(['ASSIGNED', 'ASSIGNED']);
  // an answer goes to the item, and nobody's absence answers it
  expect(bens!.header('auto-submitted')).toBe('auto-generated');
  expect(bens!.replyTo?.[0]?.address).toMatch(/^reply\+[a-z2-7]{52}@/);
  expect(bens!.html).toContain(item.number);
});

test('fifty items in a batch are one digest, whatever happened to each', async () => {
  const { ada, ben, rae, tower, review } = office;
  const made = Array.from({ length: 50 }, (_, n) => ({
    ...{ project: tower, tool: review, by: ada, assignees: [ben] },
    ...{ status: n < 20 ? 'Draft' : 'Open', title: `Lintel ${n + 100}` },
  }));
  const items: Payload[] = (await putItems(office, made)).map(({ gid }) => ({ id: gid }));
  await office.batch(ada, { ids: items.map(({ id }) => id), patch: { statusName: 'On Hold', dueDate: '2026-04-01' } });
  const [digest, ...others] = await mailed();
  expect(others).toEqual([]);
  expect(digest!.subject).toBe('50 items changed in Tower');
  for (const { title } of made) expect(digest!.text).toContain(title);
  expect(digest!.text).toMatch(/issued these 20 items and assigned them to you/);
  const events = await Promise.all(items.map(async (item) => (await notificationsOf(ben, item)).nodes[0]));
  expect(events.filter(({ event }) => event === 'CREATED')).toHaveLength(20);
  expect(events.filter(({ event }) => event === 'UPDATED')).toHaveLength(30);
  expect(new Set(events.map(({ delivery }) => delivery.id)).size).toBe(1);

  // statements do not grow with the page
  const count = (ids: string[]) => office.statementsOf(ada, PAGE, { ids, first: 5 });
  expect(await count(items.map(({ id }) => id))).toBe(await count([items[0].id]));
  // what goes out of sight takes its line with it, not the mail
  const [gone, kept] = [items[0], items[1]];
  await office.batch(ada, { ids: [gone.id, kept.id], patch: { unit: 'kg' } });
  await workOff(office.world, [act]);
  await office.update(ada, gone.id, { private: true, assigneeIds: [rae.gid] }, { skipEmails: true });
  const [line, ...more] = await told();
  expect(line).toMatch(/^Ben Standard: \[.*\] Lintel 101: Ada Admin changed it$/);
  expect(more).toEqual([]);
});

test('an act that is read twice, at once or again, is told once', async () => {
  const { ada, ben, world } = office;
  const item = await office.item(ada, { statusName: 'Open', assigneeIds: [ben.gid] });
  const [{ actId, companyId }] = (
    await sql<{ actId: string; companyId: string }>`
    select act_id as "actId", company_id as "companyId" from events order by id desc limit 1`.execute(office.db)
  ).rows as [{ actId: string; companyId: string }];
  await Promise.all([1, 2, 3, 4].map(() => act.deed(world, { actId, companyId })));
  await act.deed(world, { actId, companyId });
  const { rows } = await sql<{ id: string }>`select id from email_deliveries where state = 'QUEUED'`.execute(office.db);
  expect(rows).toHaveLength(1);
  await Promise.all([1, 2, 3].map(() => sendEmail.deed(world, { deliveryId: rows[0]!.id })));
  expect(await told()).toEqual([`Ben Standard: [${item.number}] Broken lintel: Ada Admin issued it`]);
});

test('what is made silently is mailed about to nobody', async () => {
  const { ada, ben, world } = office;
  world.silent = true;
  try {
    const item = await office.item(ada, { statusName: 'Open', assigneeIds: [ben.gid] });
    await office.update(ada, item.id, { title: 'x' });
    await office.respond(ada, item.id);
  } finally {
    world.silent = false;
  }
  expect(await told()).toEqual([]);
});

test('everybody sees the mails that they got about an item, ADMINs all of them, newest first, page by page', async () => {
  const { ada, ben, rae, out } = office;
  const item = await office.item(ada, { statusName: 'Open', assigneeIds: [ben.gid, rae.gid] });
  for (const title of ['a', 'b', 'c']) {
    await office.update(ada, item.id, { title });
    await office.work();
  }
  await mailed();
  const all = await notificationsOf(ada, item);
  expect(all.totalCount).toBe(8);
  const pages: Payload[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const { nodes, pageInfo } = await notificationsOf(ada, item, { first: 3, after });
    pages.push(...nodes);
    [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
  }
  expect(pages).toEqual(all.nodes);
  expect(all.nodes.map(({ event }: Payload) => event)).toEqual([...Array(6).fill('UPDATED'), 'CREATED', 'CREATED']);
  expect(await notificationsOf(ben, item)).toMatchObject({
    totalCount: 4,
    nodes: all.nodes.filter(({ recipient }: Payload) => recipient.name === 'Ben Standard'),
  });
  const NODE = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
  const theirs = all.nodes.find(({ recipient }: Payload) => recipient.name === 'Rae Reader');
  const ids = [theirs.id, theirs.delivery.id];
  const found = async (who: Person) =>
    (await office.get(who, NODE, { ids })).nodes.map((node: Payload) => node !== null);
  expect(await found(ada)).toEqual([true, true]);
  expect(await found(rae)).toEqual([true, true]);
  expect(await found(ben)).toEqual([false, false]);
  expect(await found(out)).toEqual([false, false]);
  await office.update(ada, item.id, { private: true, assigneeIds: [ben.gid] }, { skipEmails: true });
  expect(await found(rae)).toEqual([false, false]);
});

test('a mail is sent anew by whose act it was and by ADMINs, to its recipient, who must still be allowed to see it', async () => {
  const { ada, ben, rae, out } = office;
  const item = await office.item(ben, { statusName: 'Open', assigneeIds: [rae.gid], distributionMemberIds: [ada.gid] });
  await mailed();
  const notification = (await notificationsOf(ada, item)).nodes.find(
    ({ recipient }: Payload) => recipient.name === 'Rae Reader',
  );
  const resend = (who: Person, more: object = {}) =>
    office.tell(who, 'resendEmail', { id: notification.id, ...more }, 'notification { id delivery { state } }');
  const sent = [`Rae Reader: [${item.number}] Broken lintel: Ben Standard issued it`];
  expect((await resend(ada)).notification).toEqual({ id: notification.id, delivery: { state: 'QUEUED' } });
  // it is on its way
  expect((await resend(ada)).userErrors).toEqual([]);
  expect(await told()).toEqual(sent);
  // whose act it was sees no notification, and may send it all the same
  expect(await resend(ben, { idempotencyKey: 'once' })).toEqual({ notification: null, userErrors: [] });
  expect(await resend(ben, { idempotencyKey: 'once' })).toEqual({ notification: null, userErrors: [] });
  expect(await told()).toEqual(sent);
  expect((await resend(ben, { idempotencyKey: 'once' })).userErrors).toEqual([]);
  expect(await told()).toEqual([]);
  const ids = (await office.mails())
    .filter(({ to }) => to![0]!.name === 'Rae Reader')
    .map(({ messageId }) => messageId);
  expect(new Set(ids).size).toBe(ids.length);

  expect(faultsOf(await resend(rae))).toEqual(['FORBIDDEN id']);
  expect(faultsOf(await resend(out))).toEqual(['NOT_FOUND id']);
  expect(faultsOf(await resend(ada, { addresses: ['eve@example.com'] }))).toEqual(['INVALID addresses']);
  for (const id of ['rubbish', nothing('ItemNotification'), nothing('Email'), item.id])
    expect(faultsOf(await resend(ada, { id }))).toEqual(['NOT_FOUND id']);
  // to the address that they have by now
  await sql`update users set email = 'rae@new.example.com' where id = ${rae.id}`.execute(office.db);
  await resend(ada);
  expect((await mailed()).map(({ to }) => to![0]!.address)).toEqual(['rae@new.example.com']);
  // what can no longer be told is not, and what was told stays to be seen
  await office.update(ada, item.id, { private: true, assigneeIds: [] }, { skipEmails: true });
  expect(faultsOf(await resend(ada))).toEqual(['INVALID id']);
  expect(await told()).toEqual([]);
  expect((await notificationsOf(ada, item)).totalCount).toBe(2);
});
