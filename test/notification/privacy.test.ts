import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { act } from '../../src/worker/act.ts';
import { createOffice, type Office, type Payload } from '../kit/office.ts';
import { workOff } from '../kit/work.ts';
import type { Person } from '../kit/world.ts';

let office: Office;
let zoe: Person;
let read = 0;

beforeAll(async () => {
  office = await createOffice();
  zoe = await office.person('Zoe Reader', { vendor: 'Zenith' });
  const { ada, review, tower, grant, tell } = office;
  await grant(zoe, tower, review, 'READ_ONLY');
  const notifications = ['UPDATED', 'CLOSED'].flatMap((event) =>
    ['CREATOR', 'ASSIGNEE', 'DISTRIBUTION', 'RECEIVED_FROM'].map((role) => ({ event, role, enabled: true })),
  );
  for (const role of ['ASSIGNEE', 'DISTRIBUTION', 'RECEIVED_FROM'])
    notifications.push({ event: 'REMOVED', role, enabled: true });
  const input = { projectId: tower.gid, genericToolId: review.gid, notifications };
  expect((await tell(ada, 'updateGenericToolDefaults', input, 'defaults { private }')).userErrors).toEqual([]);
});
afterAll(() => office[Symbol.asyncDispose]());

/** The mails since the last look, as "recipient: subject". */
async function told(): Promise<string[]> {
  expect(await office.work()).toEqual([]);
  const mails = await office.mails();
  const since = mails.slice(read);
  read = mails.length;
  return since.map(({ to, subject }) => `${to![0]!.name}: ${subject}`).sort();
}
const lastMail = async () => (await office.mails()).at(-1)!;
/** Only those who read acts do their work: mails wait. */
const readActs = () => workOff(office.world, [act]);
const rows = async (item: Payload): Promise<string[]> => {
  const { item: found } = await office.get(
    office.ada,
    'query ($id: ID!) { item(id: $id) { notifications { nodes { event recipient { name } } } } }',
    { id: item.id },
  );
  return found.notifications.nodes.map(({ event, recipient }: Payload) => `${event} ${recipient.name}`);
};
const issued = async (patch: object) => {
  const item = await office.item(office.ada, { statusName: 'Open', ...patch }, { skipEmails: true });
  expect(await told()).toEqual([]);
  return item;
};

test('what becomes private between the act and the sending is not told to who sees it no more, nor found among their mails', async () => {
  const { ada, rae } = office;
  const item = await issued({ assigneeIds: [zoe.gid, rae.gid] });
  await office.update(ada, item.id, { title: 'Cracked lintel' });
  await readActs();
  expect((await rows(item)).sort()).toEqual(['UPDATED Rae Reader', 'UPDATED Zoe Reader']);
  await office.update(
    ada,
    item.id,
    { private: true, assigneeIds: [rae.gid], title: 'Of the secret' },
    { skipEmails: true },
  );
  expect(await told()).toEqual([`Rae Reader: [${item.number}] Of the secret: Ada Admin changed it`]);
  expect(await rows(item)).toEqual(['UPDATED Rae Reader']);
  const left =
    await sql`select from email_deliveries d where not exists (select from item_notifications n where n.delivery_id = d.id)`.execute(
      office.db,
    );
  expect(left.rows).toEqual([]);
});

test('whoever is taken off a private item is told what it was called before, by nobody, and nothing else', async () => {
  const { ada, rae } = office;
  const item = await issued({
    private: true,
    assigneeIds: [zoe.gid],
    distributionMemberIds: [rae.gid],
    title: 'Old name',
  });
  await office.update(ada, item.id, {
    title: 'What Zoe did',
    description: 'a secret',
    assigneeIds: [],
    position: 'zoe-1',
  });
  // and what comes after is none of hers either
  await office.update(ada, item.id, { title: 'More of that' }, { skipEmails: true });
  expect(await told()).toEqual([
    'Rae Reader: [DR-zoe-1] More of that: Ada Admin changed it',
    `Zoe Reader: [${item.number}] Old name: you were taken off it`,
  ]);
  const mail = (await office.mails()).find(
    ({ to, subject }) => to![0]!.name === 'Zoe Reader' && subject?.includes('Old name'),
  )!;
  expect(mail.raw.toString()).not.toMatch(/Ada|secret|What|More of|zoe-1/);
  expect(mail.html! + mail.text!).not.toMatch(/Ada|secret|What Zoe|zoe-1/);
  expect(mail.from?.name).toBe('Correspondence Gateway');
  // she does not see it, and so not what she was told of it
  expect((await rows(item)).sort()).toEqual(['REMOVED Zoe Reader', 'UPDATED Rae Reader']);
  expect(await office.read(zoe, item.id)).toBe(null);
});

test('who never saw it is not told that they are off it: without a level, of a Draft', async () => {
  const { ada, rae } = office;
  const draft = await office.item(ada, { assigneeIds: [zoe.gid] });
  await office.update(ada, draft.id, { assigneeIds: [rae.gid], statusName: 'Open' });
  expect(await told()).toEqual([`Rae Reader: [${draft.number}] Broken lintel: Ada Admin issued it`]);
  const item = await issued({ assigneeIds: [zoe.gid] });
  await office.grant(zoe, office.tower, office.review, 'NONE');
  await office.update(ada, item.id, { assigneeIds: [] });
  expect(await told()).toEqual([]);
  await office.grant(zoe, office.tower, office.review, 'READ_ONLY');
});

test('a grant that is revoked, a person who is deactivated or wants no mail, before it is sent', async () => {
  const { ada, review, tower } = office;
  const item = await issued({ assigneeIds: [zoe.gid] });
  const change = async (title: string) => {
    await office.update(ada, item.id, { title });
    await readActs();
    expect(await rows(item)).toEqual(['UPDATED Zoe Reader']);
  };
  const withheld = async () => {
    expect(await told()).toEqual([]);
    expect(await rows(item)).toEqual([]);
  };
  await change('a');
  await office.grant(zoe, tower, review, 'NONE');
  await withheld();
  await office.grant(zoe, tower, review, 'READ_ONLY');
  for (const [off, on] of [
    ['active = false', 'active = true'],
    ['wants_email = false', 'wants_email = true'],
    ['is_service = true', 'is_service = false'],
  ] as const) {
    await change(off);
    await sql`update users set ${sql.raw(off)} where id = ${zoe.id}`.execute(office.db);
    await withheld();
    // and while it is so there is nothing to withhold
    await office.update(ada, item.id, { title: on });
    await readActs();
    expect(await rows(item)).toEqual([]);
    await sql`update users set ${sql.raw(on)} where id = ${zoe.id}`.execute(office.db);
  }
});

test('an unofficial response is for those involved when it is sent; what else there is to tell goes without it', async () => {
  const { ada, rae } = office;
  const item = await issued({ assigneeIds: [zoe.gid, rae.gid] });
  await office.respond(ada, item.id, { notes: 'Between us.' });
  await office.respond(ada, item.id, { notes: 'Between us, too.', itemPatch: { title: 'Answered' } });
  await office.respond(ada, item.id, { notes: 'For all.', official: true });
  await readActs();
  await office.update(ada, item.id, { assigneeIds: [rae.gid] }, { skipEmails: true });
  const answered = `[${item.number}] Answered: Ada Admin`;
  expect(await told()).toEqual([
    ...[`Rae Reader: ${answered} responded`, `Rae Reader: ${answered} responded`, `Rae Reader: ${answered} responded`],
    ...[`Zoe Reader: ${answered} changed it`, `Zoe Reader: ${answered} responded`],
  ]);
  const hers = (await office.mails()).slice(-5).filter(({ to }) => to![0]!.name === 'Zoe Reader');
  expect(hers.map(({ text }) => text!.includes('Between us'))).toEqual([false, false]);
  expect(hers.some(({ text }) => text!.includes('For all.'))).toBe(true);
});

test('super private: its ADMINs see nothing, and those on it are mailed', async () => {
  const { rae } = office;
  const hush = await office.secondTool('Hush', { adminsSeePrivateItems: false });
  await office.grant(zoe, office.tower, hush, 'READ_ONLY', ['VIEW_VENDOR_ITEMS']);
  const ned = await office.person('Ned Reader', { vendor: 'Zenith' });
  await office.grant(ned, office.tower, hush, 'READ_ONLY', ['VIEW_VENDOR_ITEMS']);
  const item = await hush.words.item(office.ben, {
    ...{
      statusName: 'Open',
      private: true,
      title: 'Hush',
      assigneeIds: [zoe.gid],
      distributionMemberIds: [office.ada.gid],
    },
  });
  // Ned is a colleague, who sees it: that is no role
  expect(await hush.words.read(ned, item.id)).not.toBe(null);
  expect(await told()).toEqual([
    `Ada Admin: [${item.number}] Hush: Ben Standard issued it`,
    `Zoe Reader: [${item.number}] Hush: Ben Standard issued it`,
  ]);
  await hush.words.update(
    office.ben,
    item.id,
    { distributionMemberIds: [], receivedFromId: rae.gid },
    { skipEmails: true },
  );
  expect(await hush.words.read(office.ada, item.id)).toBe(null);
  const { response } = await hush.words.respond(zoe, item.id, {});
  expect(response).toBe(null);
  const shown = await office.get(
    zoe,
    'query ($id: ID!) { item(id: $id) { notifications { totalCount nodes { event recipient { name } } } } }',
    { id: item.id },
  );
  expect(shown.item.notifications).toEqual({
    totalCount: 1,
    nodes: [{ event: 'CREATED', recipient: { name: 'Zoe Reader' } }],
  });
});

test('what was changed while it was a Draft is for its creator and ADMINs', async () => {
  const { ben, rae, ada } = office;
  const draft = await office.item(ben, { title: 'First thoughts', assigneeIds: [rae.gid] });
  await office.update(ada, draft.id, { title: 'Second thoughts', statusName: 'Open', assigneeIds: [rae.gid, zoe.gid] });
  const subject = `[${draft.number}] Second thoughts: Ada Admin issued it`;
  expect(await told()).toEqual([`Ben Standard: ${subject}`, `Rae Reader: ${subject}`, `Zoe Reader: ${subject}`]);
  for (const mail of (await office.mails()).slice(-3)) expect(mail.text + mail.html!).not.toContain('First thoughts');
  expect((await lastMail()).from?.name).toBe('Ada Admin via Correspondence Gateway');
});
