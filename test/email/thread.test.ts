import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOffice, faultsOf, namesOf, type Office, type Payload } from '../kit/office.ts';
import type { Person } from '../kit/world.ts';

let office: Office;
let [ann, bob, cleo, dora]: Person[] = [];
beforeAll(async () => {
  office = await createOffice();
  [ann, bob, cleo, dora] = await Promise.all(
    ['Ann Lee', 'Bob Ray', 'Cleo Poe', 'Dora Fox'].map((name) => office.person(name)),
  );
  for (const who of [ann!, bob!, cleo!]) await office.grant(who, office.tower, office.review, 'READ_ONLY');
});
afterAll(() => office[Symbol.asyncDispose]());

const THREAD = `id subject private topicType unread unreadCount emailCount attachmentCount users { name } readBy { user { name } }
  latestEmail { sequence visibleText } archived owner { name }`;
const create = (who: Person, input: object): Promise<Payload> =>
  office.tell(who, 'createEmailCommunication', input, `emailCommunication { ${THREAD} }`);
const reply = (who: Person, thread: Payload, input: object): Promise<Payload> =>
  office.tell(
    who,
    'replyToEmailCommunication',
    { emailCommunicationId: thread.id, ...input },
    `email { id sequence recipients { name } cc { name } bcc { name } subject } emailCommunication { ${THREAD} }`,
  );
const thread = async (who: Person, id: string, shown = THREAD): Promise<Payload> =>
  (await office.get(who, `query ($id: ID!) { emailCommunication(id: $id) { ${shown} } }`, { id })).emailCommunication;
const inbox = async (who: Person, filter: object = {}): Promise<Payload> =>
  (
    await office.get(
      who,
      `query ($filter: InboxFilter) { viewer { unreadCount inbox(filter: $filter) { totalCount nodes { ${THREAD} } } } }`,
      { filter },
    )
  ).viewer;

test('a mail about an item begins a thread; it comes to its recipients, and to the inboxes of its members', async () => {
  const { item } = await office.create(office.ada, {
    title: 'Broken lintel',
    private: false,
    statusId: office.review.statuses.Open!.gid,
  });
  const { emailCommunication: made, userErrors } = await create(ann!, {
    topic: { type: 'GENERIC_TOOL_ITEM', id: item.id },
    body: '<p>Who repairs <b>this</b>?</p>',
    distributionIds: [bob!.gid],
    ccAddresses: ['jd@example.com'],
    bccDistributionIds: [cleo!.gid],
  });
  expect(userErrors).toEqual([]);
  expect(made).toMatchObject({
    ...{
      subject: `${item.number} Broken lintel`,
      private: false,
      topicType: 'GENERIC_TOOL_ITEM',
      unread: false,
      emailCount: 1,
    },
    ...{ latestEmail: { sequence: 1, visibleText: 'Who repairs this?' }, owner: { name: 'Ann Lee' } },
  });
  // the sender knows of the blind copy, Cleo of her own, Bob of none
  expect(namesOf(made.users).sort()).toEqual(['Ann Lee', 'Bob Ray', 'Cleo Poe']);
  expect(namesOf((await thread(bob!, made.id)).users).sort()).toEqual(['Ann Lee', 'Bob Ray']);
  expect(namesOf((await thread(cleo!, made.id)).users).sort()).toEqual(['Ann Lee', 'Bob Ray', 'Cleo Poe']);
  for (const who of [bob!, cleo!])
    expect(await inbox(who)).toMatchObject({
      unreadCount: 1,
      inbox: { totalCount: 1, nodes: [{ unread: true, unreadCount: 1 }] },
    });
  expect(await inbox(ann!)).toMatchObject({
    unreadCount: 0,
    inbox: { totalCount: 1, nodes: [{ unread: false, unreadCount: 0 }] },
  });
  // Dora sees no item of the tool: no thread, to the letter
  expect(await thread(dora!, made.id)).toBe(null);

  expect(await office.work()).toEqual([]);
  const mails = await office.mails();
  expect(mails.map(({ to }) => to).sort()).toHaveLength(3);

  const answer = await reply(bob!, made, { body: 'I do.' });
  expect(answer.userErrors).toEqual([]);
  expect(answer.email).toMatchObject({
    ...{ sequence: 2, subject: `Re: ${item.number} Broken lintel`, recipients: [{ name: 'Ann Lee' }], bcc: [] },
    cc: [{ name: null }],
  });
  expect(await inbox(ann!)).toMatchObject({ unreadCount: 1 });
  expect(await inbox(bob!)).toMatchObject({ inbox: { nodes: [{ unreadCount: 1 }] } }); // Ann's is still unread
});

test('a private thread about nothing is for its members; a blind copy sees the mails that name it', async () => {
  const { emailCommunication: made } = await create(ann!, {
    ...{ subject: 'Between us', body: 'One', distributionIds: [bob!.gid], bccDistributionIds: [dora!.gid] },
  });
  expect(made).toMatchObject({ private: true, topicType: null });
  expect(await thread(cleo!, made.id)).toBe(null);
  await reply(bob!, made, { body: 'Two' });
  expect(await thread(ann!, made.id)).toMatchObject({ emailCount: 2, unreadCount: 1 });
  expect(
    await thread(
      dora!,
      made.id,
      `emailCount emails { totalCount nodes { visibleText bcc { name } } } latestEmail { visibleText } users { name }`,
    ),
  ).toEqual({
    ...{ emailCount: 1, latestEmail: { visibleText: 'One' } },
    emails: { totalCount: 1, nodes: [{ visibleText: 'One', bcc: [{ name: 'Dora Fox' }] }] },
    users: [{ name: 'Ann Lee' }, { name: 'Bob Ray' }, { name: 'Dora Fox' }].sort((a, b) =>
      a.name.localeCompare(b.name),
    ),
  });
  const late = await reply(ann!, made, { body: 'Three', ccDistributionIds: [dora!.gid] });
  expect(late.email.cc).toEqual([{ name: 'Dora Fox' }]);
  expect(await thread(dora!, made.id)).toMatchObject({ emailCount: 3 });
});

test('what was read is marked up to a mail; queries mark nothing', async () => {
  const { emailCommunication: made } = await create(ann!, {
    subject: 'Reading',
    body: 'One',
    distributionIds: [bob!.gid],
  });
  await reply(ann!, made, { body: 'Two' });
  const mark = (threads: object[], read = true) =>
    office.tell(bob!, 'markEmailCommunicationsRead', { threads, read }, `emailCommunications { ${THREAD} }`);
  expect((await thread(bob!, made.id)).unreadCount).toBe(2);
  expect((await thread(bob!, made.id)).unreadCount).toBe(2);
  expect((await mark([{ id: made.id, upToSequence: 1 }])).emailCommunications).toMatchObject([
    { unread: true, unreadCount: 1 },
  ]);
  expect((await mark([{ id: made.id }])).emailCommunications).toMatchObject([
    { unread: false, unreadCount: 0, readBy: [{ user: { name: 'Bob Ray' } }] },
  ]);
  expect((await mark([{ id: made.id }], false)).emailCommunications).toMatchObject([{ unread: true, unreadCount: 0 }]);
  expect((await inbox(bob!, { unread: true })).inbox.nodes.map(({ id }: Payload) => id)).toContain(made.id);
  expect(faultsOf(await mark([{ id: made.id }, { id: made.id }]))).toEqual(['INVALID threads.1.id']);
});

test('what is archived comes back with a new mail', async () => {
  const { emailCommunication: made } = await create(ann!, {
    subject: 'Away',
    body: 'One',
    distributionIds: [bob!.gid],
  });
  const { emailCommunication } = await office.tell(
    bob!,
    'updateEmailCommunication',
    { id: made.id, archived: true },
    `emailCommunication { ${THREAD} }`,
  );
  expect(emailCommunication.archived).toBe(true);
  const ids = async (filter: object) => (await inbox(bob!, filter)).inbox.nodes.map(({ id }: Payload) => id);
  expect(await ids({})).not.toContain(made.id);
  expect(await ids({ archived: true })).toEqual([made.id]);
  await reply(ann!, made, { body: 'Two' });
  expect((await ids({}))[0]).toBe(made.id);
  expect(
    faultsOf(
      await office.tell(bob!, 'updateEmailCommunication', { id: made.id, private: false }, 'emailCommunication { id }'),
    ),
  ).toEqual(['FORBIDDEN private']);
});

test('what is wrong with a mail is said', async () => {
  const faults = async (input: object) => faultsOf(await create(ann!, input));
  const to = { distributionIds: [bob!.gid] };
  expect(await faults({ body: 'x', ...to })).toEqual(['REQUIRED subject']);
  expect(await faults({ subject: 's', ...to })).toEqual(['REQUIRED body']);
  expect(await faults({ subject: 's', body: 'x' })).toEqual(['REQUIRED distributionIds']);
  expect(
    await faults({
      subject: 's',
      body: 'x',
      toAddresses: ['a@example.com, b@example.com', 'c@example.com\r\nBcc: d@example.com'],
    }),
  ).toEqual([...['INVALID toAddresses.0', 'INVALID toAddresses.1']]);
  expect(
    await faults({ body: 'x', topic: { type: 'PROJECT', id: office.tower.gid }, distributionIds: [dora!.gid] }),
  ).toEqual(['NOT_SELECTABLE distributionIds.0']);
  const gone = await office.person('Gone Girl', { active: false });
  const program = await office.person('Sync Bot', { service: true });
  expect(await faults({ subject: 's', body: 'x', toAddresses: [gone.email], ccAddresses: [program.email] })).toEqual([
    ...['NOT_SELECTABLE toAddresses.0', 'NOT_SELECTABLE ccAddresses.0'],
  ]);
  // an address is no way around that
  expect(
    await faults({
      body: 'x',
      topic: { type: 'PROJECT', id: office.tower.gid },
      toAddresses: [dora!.email.toUpperCase()],
    }),
  ).toEqual(['NOT_SELECTABLE toAddresses.0']);
});

test('a mail is sent anew by its sender, to all or to some of its recipients', async () => {
  const { emailCommunication: made } = await create(ann!, {
    ...{
      subject: 'Again',
      body: 'One',
      distributionIds: [bob!.gid],
      toAddresses: ['jd@example.com'],
      bccAddresses: ['q@example.com'],
    },
  });
  expect(await office.work()).toEqual([]);
  const { latestEmail } = await thread(ann!, made.id, 'latestEmail { id deliveries { address state } }');
  expect(latestEmail.deliveries).toHaveLength(3);
  const hers = await thread(bob!, made.id, 'latestEmail { id deliveries { address } bcc { address } }');
  expect(hers.latestEmail).toMatchObject({ deliveries: [], bcc: [] });
  const again = (who: Person, input: object = {}) =>
    office.tell(
      who,
      'resendEmail',
      { id: latestEmail.id, ...input },
      'email { deliveries { address state } } notification { id }',
    );
  expect(faultsOf(await again(bob!))).toEqual(['FORBIDDEN id']);
  expect(faultsOf(await again(dora!))).toEqual(['NOT_FOUND id']);
  expect(faultsOf(await again(ann!, { addresses: ['nobody@example.com'] }))).toEqual(['INVALID addresses.0']);
  const before = (await office.mails()).length;
  const { email } = await again(ann!, { addresses: ['JD@example.com'] });
  expect(email.deliveries.filter(({ state }: Payload) => state === 'QUEUED')).toMatchObject([
    { address: 'jd@example.com' },
  ]);
  expect(await office.work()).toEqual([]);
  expect((await office.mails()).length).toBe(before + 1);
});
