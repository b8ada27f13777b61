import { afterAll, expect, test } from 'vitest';
import { createOffice, wordsOf } from '../kit/office.ts';
import { serveOn, subscriberOf } from '../kit/subscriber.ts';

const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());
const office = stack.use(await createOffice());
const server = stack.use(await serveOn(office.app.listener));
const { tower, review, ada, ben, rae, nan, out } = office;
const hear = subscriberOf(office, server.url);

const names = new Map<string, string>();
const nameOf = (id: string) => names.get(id) ?? id;
async function item(by: typeof ada, title: string, patch: object = {}) {
  const made = await act(office.item(by, { title, statusName: 'Open', ...patch }));
  names.set(made.id, title);
  return made;
}
const quiet = await office.project('Quiet');
const notes = { ...(await office.tool('Notes', [quiet])) };
await office.grant(ada, quiet, notes, 'ADMIN');
const witness = await hear(ada, { projectId: quiet.gid });
/**
 * Does something, and waits until it was told: acts of a company are told one after the other, and sight is that of the moment of
 * telling, so that one who sees an item in between two acts that are told together learns nothing of it.
 */
async function act<T>(deed: Promise<T>): Promise<T> {
  const done = await deed;
  const heard = witness.answers.length;
  await wordsOf(office, quiet, notes).item(ada);
  await witness.until(heard + 1);
  return done;
}
/** What each of them is told while something is done: a last item, for all to see, says that nothing more comes. */
async function toldWhile(people: (typeof ada)[], deed: () => Promise<unknown>, of: object = {}) {
  const ears = await Promise.all(people.map((who) => hear(who, { projectId: tower.gid, ...of })));
  await deed();
  const last = await item(ada, 'last');
  for (const ear of ears) await ear.until(1);
  const told: Record<string, string[]> = {};
  for (const [n, ear] of ears.entries()) {
    while (ear.told(nameOf).at(-1) !== 'CREATED last') await ear.until(ear.answers.length + 1);
    expect(ear.answers.at(-1)!.data.itemChanged.item.id).toBe(last.id);
    told[people[n]!.name.split(' ')[0]!] = ear.told(nameOf).slice(0, -1);
    ear.stop();
  }
  return told;
}

test('each kind, to those who see the item', async () => {
  const told = await toldWhile([ada, rae], async () => {
    const lintel = await item(ben, 'lintel', { statusName: 'Draft' });
    await act(office.update(ben, lintel.id, { title: 'Broken lintel' }));
    await act(office.update(ben, lintel.id, { statusName: 'Open' }));
    await act(office.update(ben, lintel.id, { dueDate: '2026-05-01' }));
    await act(office.respond(ada, lintel.id, { official: true }));
    await act(office.update(ben, lintel.id, { statusName: 'Closed' }));
    await act(office.update(ada, lintel.id, { statusName: 'Open' }));
    await act(office.archive(ada, lintel.id));
    await act(office.restore(ada, lintel.id));
  });
  expect(told).toEqual({
    Ada: [
      ...['CREATED lintel', 'UPDATED lintel', 'ISSUED lintel', 'UPDATED lintel', 'RESPONDED_TO lintel'],
      ...['CLOSED lintel', 'REOPENED lintel', 'ARCHIVED lintel', 'RESTORED lintel'],
    ],
    // the Draft is Ben's and the ADMINs'; what is archived is the ADMINs'
    Rae: [
      ...['ISSUED lintel', 'UPDATED lintel', 'RESPONDED_TO lintel'],
      ...['CLOSED lintel', 'REOPENED lintel', 'HIDDEN lintel', 'RESTORED lintel'],
    ],
  });
});

test('a private item is told to whom it is for, and is gone for those who saw it before', async () => {
  const told = await toldWhile([ada, ben, rae], async () => {
    const beam = await item(ada, 'beam', { private: true });
    await act(office.update(ada, beam.id, { assigneeIds: [rae.gid] }));
    await act(office.update(ada, beam.id, { title: 'Cracked beam' }));
    await act(office.update(ada, beam.id, { assigneeIds: [], distributionMemberIds: [ben.gid] }));
    await act(office.update(ada, beam.id, { private: false }));
    await act(office.update(ada, beam.id, { private: true }));
  });
  expect(told).toEqual({
    Ada: ['CREATED beam', 'UPDATED beam', 'UPDATED beam', 'UPDATED beam', 'UPDATED beam', 'UPDATED beam'],
    Ben: ['UPDATED beam', 'UPDATED beam', 'UPDATED beam'],
    Rae: ['UPDATED beam', 'UPDATED beam', 'HIDDEN beam', 'UPDATED beam', 'HIDDEN beam'],
  });
});

test('super private items are not told to ADMINs, and drafts of others to nobody else', async () => {
  const secret = await office.secondTool('Secrets', { adminsSeePrivateItems: false });
  const told = await toldWhile([ada, ben, rae], async () => {
    const { words } = secret;
    const made = await act(words.item(ben, { title: 'pact', statusName: 'Draft', private: true }));
    names.set(made.id, 'pact');
    await act(words.update(ben, made.id, { statusName: 'Open' }));
    await act(words.update(ben, made.id, { assigneeIds: [rae.gid] }));
    await act(words.update(ben, made.id, { private: false }));
  });
  expect(told).toEqual({
    Ada: ['UPDATED pact'],
    Ben: ['CREATED pact', 'ISSUED pact', 'UPDATED pact', 'UPDATED pact'],
    Rae: ['UPDATED pact', 'UPDATED pact'],
  });
});

test('an answer that is not official is told to those who may see it; what it does to the item to all', async () => {
  const told = await toldWhile([ada, ben, rae], async () => {
    const wall = await item(ada, 'wall', { assigneeIds: [ben.gid] });
    const { response } = await act(office.respond(ada, wall.id, { official: false }));
    await act(office.switchOfficial(ada, response.id, true));
    await act(office.respond(ada, wall.id, { official: false, itemPatch: { statusName: 'Closed' } }));
  });
  const first = ['CREATED wall', 'RESPONDED_TO wall', 'UPDATED wall', 'CLOSED wall', 'RESPONDED_TO wall'];
  expect(told).toEqual({ Ada: first, Ben: first, Rae: ['CREATED wall', 'UPDATED wall', 'CLOSED wall'] });
});

test('a batch tells of each item once; items made issued are new, and what goes is without its item', async () => {
  const told = await toldWhile([rae], async () => {
    const door = await item(ada, 'door 2');
    const doors = [await item(ada, 'door 1'), door, await item(ada, 'door 3', { private: true })] as const;
    await act(office.batch(ada, { ids: doors.map(({ id }) => id), patch: { dueDate: '2026-05-01' } }));
    await office.batch(ada, {
      updates: [
        { id: doors[0].id, patch: { private: true } },
        { id: door.id, patch: { title: 'A door', statusName: 'Closed' } },
        { id: doors[2].id, patch: { title: 'No door' } },
      ],
    });
    // dry runs, refusals and what changes nothing are no acts
    await office.batch(ada, { ids: [door.id], patch: { statusName: 'Open' }, dryRun: true });
    await act(office.update(rae, door.id, { title: 'x' }));
    await act(office.update(ada, door.id, { title: 'A door' }));
  });
  expect(told).toEqual({
    Rae: ['CREATED door 2', 'CREATED door 1', 'UPDATED door 1', 'UPDATED door 2', 'HIDDEN door 1', 'CLOSED door 2'],
  });
});

test('one tool, one project, one company; and who sees neither is refused', async () => {
  const letters = await office.secondTool('Letters');
  const bridge = await office.project('Bridge');
  const there = await office.tool('Reports', [bridge]);
  await office.grant(ada, bridge, there, 'ADMIN');
  const rival = await office.company('Rival');
  const eve = await office.person('Eve', { companyId: rival.id, admin: true });
  const den = await office.project('Den', { companyId: rival.id });
  const told = await toldWhile(
    [ada],
    async () => {
      await letters.words.item(ada, { title: 'dear', statusName: 'Open' });
      const report = `mutation ($input: CreateItemInput!) { createItem(input: $input) { item { id } } }`;
      const at = { projectId: bridge.gid, genericToolId: there.gid };
      await office.get(ada, report, { input: { ...at, item: { title: 'week', statusName: 'Open' } } });
      await item(ada, 'door');
    },
    { genericToolId: review.gid },
  );
  expect(told).toEqual({ Ada: ['CREATED door'] });

  const refused = async (who: typeof ada, variables: object) => {
    const ear = await hear(who, variables as never);
    expect(await ear.ended).toBe('completed');
    const [{ message, extensions }] = ear.answers[0]!.errors!;
    return `${extensions.code} ${message.replace(/"[^"]*"/, '')}`;
  };
  const noProject = 'BAD_USER_INPUT projectId: there is no Project .';
  expect(await refused(out, { projectId: tower.gid })).toBe(noProject);
  expect(await refused(eve, { projectId: tower.gid })).toBe(noProject);
  expect(await refused(ada, { projectId: den.gid })).toBe(noProject);
  const noTool = 'BAD_USER_INPUT genericToolId: there is no GenericTool .';
  expect(await refused(rae, { projectId: tower.gid, genericToolId: there.gid })).toBe(noTool);
  expect(await refused(nan, { projectId: tower.gid, genericToolId: review.gid })).toBe(noTool);
  expect(await refused(ada, { projectId: review.gid })).toBe('BAD_USER_INPUT projectId:  is not the id of a Project.');
});

test('who loses every right is told nothing more; rights are those of now', async () => {
  const kim = await office.person('Kim');
  await office.grant(kim, tower, review, 'READ_ONLY');
  const ear = await hear(kim, { projectId: tower.gid });
  const seen = await item(ada, 'seen');
  await ear.until(1);
  await office.grant(kim, tower, review, 'NONE');
  const watch = await hear(rae, { projectId: tower.gid });
  await act(office.update(ada, seen.id, { title: 'Unseen' }));
  await item(ada, 'other');
  await watch.until(2);
  expect(ear.told(nameOf)).toEqual(['CREATED seen']);
  ear.stop();
  watch.stop();
});

test('an import tells that it is over', async () => {
  const ear = await hear(rae, { projectId: tower.gid });
  await office.sql`insert into events (id, company_id, created_at, updated_at, act_id, type, payload)
    values (gen_random_uuid(), ${office.home.id}, now(), now(), gen_random_uuid(), 'import.finished', '{}')`.execute(
    office.db,
  );
  await ear.until(1);
  expect(ear.answers).toEqual([{ data: { itemChanged: { kind: 'REFETCH', itemId: null, item: null } } }]);
  ear.stop();
});
