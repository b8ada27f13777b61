import { expect, test } from 'vitest';
import { toGlobalId } from '../../src/kernel/ids.ts';
import { type CustomThing, putCustomFields } from '../kit/customFields.ts';
import type { Payload } from '../kit/office.ts';
import { openReceiver } from '../kit/receiver.ts';
import type { Person } from '../kit/world.ts';
import { ALL_EVENTS, createHookOffice } from './hooks.ts';

test('every event is told once, signed, with ids and without a text', async () => {
  await using office = await createHookOffice();
  await using receiver = await openReceiver();
  const { cleo, ben, rae, tower, review } = office;
  const hook = await office.hook(cleo, receiver);
  const item = await office.item(cleo, { title: 'secret title', statusName: 'Draft' });
  await office.update(cleo, item.id, { statusName: 'Open' });
  await office.update(cleo, item.id, {
    position: 'secret-1',
    title: 'secret words',
    description: 'secret words',
    unit: 'secret m',
    dueDate: '2026-08-31',
    costImpact: { status: 'YES_KNOWN', amount: '10.50' },
    assigneeIds: [ben.gid, rae.gid],
    receivedFromId: rae.gid,
  });
  const { response } = await office.respond(cleo, item.id, { notes: 'secret words' });
  await office.switchOfficial(cleo, response.id, true);
  await office.update(cleo, item.id, { statusName: 'Closed' });
  await office.update(cleo, item.id, { statusName: 'Open' });
  await office.archive(cleo, item.id);
  await office.restore(cleo, item.id);
  const { genericTool } = await office.tell(
    cleo,
    'createGenericTool',
    { companyId: office.home.gid, title: 'secret tool' },
    'genericTool { id }',
  );
  await office.tell(
    cleo,
    'updateGenericTool',
    { id: genericTool.id, title: 'secret name', privateByDefault: false },
    'genericTool { id }',
  );
  expect(await office.work()).toEqual([]);

  const told = receiver.received.map((received) => office.verify(received, hook.secret));
  expect(told.map(({ type }) => type)).toEqual([
    'item.created',
    'item.issued',
    'item.updated',
    'response.created',
    'response.updated',
    'item.closed',
    'item.reopened',
    'item.archived',
    'item.restored',
    'genericTool.created',
    'genericTool.updated',
  ]);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(told.length);
  expect(JSON.stringify(receiver.received)).not.toMatch(/secret|Ben|Rae|Cleo|example\.com/);
  const [created, issued, updated, responded, switched] = told;
  const ids = {
    companyId: office.home.gid,
    projectId: tower.gid,
    genericToolId: review.gid,
    itemId: item.id,
    actorId: cleo.gid,
  };
  const status = (name: string) => review.statuses[name]!.gid;
  expect(created).toEqual({
    type: 'item.created',
    timestamp: item.createdAt,
    data: { ...ids, version: 1, changes: [] },
  });
  expect(issued.data).toEqual({
    ...ids,
    version: 2,
    changes: [{ field: 'status', old: status('Draft'), new: status('Open') }],
  });
  expect(updated.data.changes).toEqual(
    expect.arrayContaining([
      { field: 'title' },
      { field: 'description' },
      { field: 'number' },
      { field: 'unit' },
      { field: 'dueDate', old: null, new: '2026-08-31' },
      { field: 'costImpact', old: null, new: { status: 'YES_KNOWN', amount: '10.5' } },
      { field: 'assignees', old: null, new: ben.gid },
      { field: 'assignees', old: null, new: rae.gid },
      { field: 'receivedFrom', old: null, new: rae.gid },
    ]),
  );
  expect(updated.data.changes).toHaveLength(9);
  expect(responded.data).toEqual({ ...ids, responseId: response.id, official: false, attachmentIds: [] });
  expect(switched.data).toEqual({
    ...ids,
    responseId: response.id,
    changes: [{ field: 'official', old: false, new: true }],
  });
  expect(told[7].data).toMatchObject({ version: 6, changes: [{ field: 'archived', old: false, new: true }] });
  expect(told[10].data).toEqual({
    companyId: office.home.gid,
    genericToolId: genericTool.id,
    actorId: cleo.gid,
    changes: [{ field: 'title' }, { field: 'privateByDefault', old: true, new: false }],
  });

  // the log says what was sent
  const log = await office.deliveries(cleo, hook);
  expect(log.map(({ payload }) => payload)).toEqual(told.toReversed());
  expect(log.map(({ messageId }) => messageId)).toEqual(
    receiver.received.map(({ headers }) => headers['webhook-id']).toReversed(),
  );
  expect(
    new Set(
      log.map(
        ({ state, attempts, responseStatus, nextAttemptAt }) =>
          `${state} ${attempts} ${responseStatus} ${nextAttemptAt}`,
      ),
    ),
  ).toEqual(new Set(['DELIVERED 1 204 null']));

  // an act that is read again, by several at once, tells nothing twice
  await office.sql`update events set handled_at = null`.execute(office.db);
  await office.sql`select graphile_worker.add_job('act', json_build_object('companyId', company_id, 'actId', act_id)) from events`.execute(
    office.db,
  );
  await Promise.all([office.work(), office.work()]);
  expect(receiver.received).toHaveLength(told.length);

  // what was tampered with is not genuine
  const [one] = receiver.received;
  const forged = [
    { ...one!, body: one!.body.replace('item.created', 'item.issued') },
    { ...one!, headers: { ...one!.headers, 'webhook-id': 'evt_other' } },
    { ...one!, headers: { ...one!.headers, 'webhook-timestamp': `${Number(one!.headers['webhook-timestamp']) + 1}` } },
  ];
  for (const received of forged) expect(() => office.verify(received, hook.secret)).toThrow('No matching signature');
  await office.later(6 * 60_000);
  expect(() => office.verify(one!, hook.secret)).toThrow('too old');
});

test('values of custom fields are told unless they are text', async () => {
  await using office = await createHookOffice();
  await using receiver = await openReceiver();
  const { cleo, ben, review } = office;
  const fields = await putCustomFields(office, cleo, review, {
    Urgent: { dataType: 'BOOLEAN' },
    Note: { dataType: 'STRING' },
    Story: { dataType: 'RICH_TEXT' },
    Kind: { dataType: 'MULTI_SELECT', options: ['secret red', 'secret blue'] },
    Checker: { dataType: 'USER' },
    Weight: { dataType: 'DECIMAL' },
  });
  await office.hook(cleo, receiver, { events: ['ITEM_UPDATED'] });
  const item = await office.item(cleo, { statusName: 'Open' });
  const { Urgent, Note, Story, Kind, Checker, Weight } = fields;
  const kinds = Object.values(Kind.options).map(({ gid }) => gid);
  const values: [CustomThing, unknown][] = [
    [Urgent, true],
    [Note, 'secret'],
    [Story, '<b>secret</b>'],
    [Kind, kinds],
    [Checker, ben.gid],
    [Weight, '12.50'],
  ];
  const customFields = values.map(([{ gid }, value]) => ({ customFieldId: gid, value }));
  expect((await office.update(cleo, item.id, { customFields })).userErrors).toEqual([]);
  expect(await office.work()).toEqual([]);
  expect(receiver.received[0]!.body).not.toContain('secret');
  const { changes } = JSON.parse(receiver.received[0]!.body).data;
  const key = ({ gid }: CustomThing) => `customField:${gid}`;
  expect(changes).toHaveLength(6);
  expect(changes).toEqual(
    expect.arrayContaining([
      { field: key(Urgent), old: null, new: true },
      { field: key(Note) },
      { field: key(Story) },
      { field: key(Kind), old: null, new: kinds },
      { field: key(Checker), old: null, new: ben.gid },
      { field: key(Weight), old: null, new: '12.5' },
    ]),
  );
});

test('who is told of what: by event, by project, and of one import', async () => {
  await using office = await createHookOffice();
  const { cleo, tower, review } = office;
  const bridge = await office.project('Bridge');
  await office.sql`insert into fieldset_projects (project_id, generic_tool_id, company_id, fieldset_id)
    select ${bridge.id}, generic_tool_id, company_id, fieldset_id from fieldset_projects where project_id = ${tower.id}`.execute(
    office.db,
  );
  await office.grant(cleo, bridge, review, 'ADMIN');
  await using all = await openReceiver();
  await using towers = await openReceiver();
  await using bridges = await openReceiver();
  await using closed = await openReceiver();
  await office.hook(cleo, all);
  const events = ALL_EVENTS.filter((event) => event !== 'IMPORT_FINISHED');
  await office.hook(cleo, towers, { projectId: tower.gid, events });
  await office.hook(cleo, bridges, { projectId: bridge.gid, events });
  await office.hook(cleo, closed, { events: ['ITEM_CLOSED', 'ITEM_CLOSED', 'EMAIL_SENT', 'IMPORT_FINISHED'] });

  const item = await office.item(cleo, { statusName: 'Open' });
  await office.update(cleo, item.id, { statusName: 'Closed' });
  const place = { projectId: bridge.gid, genericToolId: review.gid };
  await office.tell(cleo, 'createItem', { ...place, item: { title: 'Bolts', statusName: 'Draft' } }, 'item { id }');
  await office.tell(
    cleo,
    'updateGenericToolDefaults',
    { ...place, dueInWorkingDays: 5, description: 'secret' },
    'defaults { dueInWorkingDays }',
  );
  await office.tell(cleo, 'updateGenericTool', { id: review.gid, abbreviation: 'RV' }, 'genericTool { id }');
  await office.db
    .insertInto('events')
    .values({
      id: '01900000-0000-7000-8000-000000000001',
      companyId: office.home.id,
      createdAt: office.clock.now(),
      updatedAt: office.clock.now(),
      actId: '01900000-0000-7000-8000-000000000002',
      type: 'import.finished',
      actorId: cleo.id,
      payload: { counts: { items: { made: 2, changed: 0, unchanged: 0, skipped: 1 } } },
    } as never)
    .execute();
  expect(await office.work()).toEqual([]);
  const typesOf = ({ received }: typeof all) => received.map(({ body }) => JSON.parse(body).type);
  expect(typesOf(towers)).toEqual(['item.created', 'item.issued', 'item.closed']);
  expect(typesOf(bridges)).toEqual(['item.created', 'genericTool.updated']);
  expect(typesOf(closed)).toEqual(['item.closed', 'import.finished']);
  expect(typesOf(all).sort()).toEqual(
    [
      'item.created',
      'item.issued',
      'item.closed',
      'item.created',
      'genericTool.updated',
      'genericTool.updated',
      'import.finished',
    ].sort(),
  );
  const bodyOf = ({ received }: typeof all, nth: number) => JSON.parse(received.at(nth)!.body).data;
  expect(bodyOf(closed, -1)).toEqual({
    companyId: office.home.gid,
    actorId: cleo.gid,
    counts: { items: { made: 2, changed: 0, unchanged: 0, skipped: 1 } },
  });
  expect(bodyOf(bridges, -1)).toEqual({
    companyId: office.home.gid,
    projectId: bridge.gid,
    genericToolId: review.gid,
    actorId: cleo.gid,
    changes: [{ field: 'defaults.description' }, { field: 'defaults.dueInWorkingDays', old: null, new: 5 }],
  });
  // another company hears nothing of all this
  const other = await office.company('Southside');
  const sam = await office.person('Sam South', { admin: true, companyId: other.id });
  await using souths = await openReceiver();
  await office.hook(sam, souths, { companyId: other.gid });
  await office.update(cleo, item.id, { statusName: 'Open' });
  await office.work();
  expect(souths.received).toEqual([]);
  expect(typesOf(towers).at(-1)).toBe('item.reopened');
  expect(toGlobalId('Company', other.id)).toBe(other.gid);
});

test('mails of threads are told to whoever sees the thread', async () => {
  await using office = await createHookOffice();
  await using receiver = await openReceiver();
  const { cleo, ben, rae } = office;
  const events = ['EMAIL_COMMUNICATION_CREATED', 'EMAIL_SENT', 'EMAIL_RECEIVED'];
  const hook = await office.hook(cleo, receiver, { events });
  const write = (who: Person, to: Person, more: object): Promise<Payload> =>
    office.tell(
      who,
      'createEmailCommunication',
      { subject: 'secret words', body: 'secret words', distributionIds: [to.gid], ...more },
      'emailCommunication { id latestEmail { id } }',
    );
  const { emailCommunication } = await write(ben, cleo, { bccAddresses: ['secret@example.com'] });
  await write(ben, rae, {});
  expect(await office.work()).toEqual([]);
  const told = receiver.received.map((received) => office.verify(received, hook.secret));
  const data = {
    ...{ companyId: office.home.gid, emailCommunicationId: emailCommunication.id },
    ...{ emailId: emailCommunication.latestEmail.id, actorId: ben.gid },
  };
  expect(told.map(({ type }) => type)).toEqual(['emailCommunication.created', 'email.sent']);
  expect(told.map((payload) => payload.data)).toEqual([data, data]);
  expect(JSON.stringify(receiver.received)).not.toMatch(/secret/);
  const log = await office.deliveries(cleo, hook);
  expect(log.map(({ state }) => state)).toEqual(['WITHHELD', 'WITHHELD', 'DELIVERED', 'DELIVERED']);
});
