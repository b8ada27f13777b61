import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countJobs } from '../../src/job/job.queries.ts';
import { overdue, overdueInProject } from '../../src/notification/overdue.jobs.ts';
import { schedules } from '../../src/worker/jobs.ts';
import { wordsOf } from '../kit/office.ts';
import { createWorld, type Person, type Project, type TestWorld, type Tool } from '../kit/world.ts';

let world: TestWorld;
let ada: Person;
let bob: Person;
let cid: Person;
const read = new Set<string>();
beforeAll(async () => {
  world = await createWorld();
  [ada, bob, cid] = [await world.person('Ada', { admin: true }), await world.person('Bob'), await world.person('Cid')];
});
afterAll(() => world[Symbol.asyncDispose]());

/** A project in a time zone with tools that tell what is overdue; Ada is ADMIN there, Bob and Cid read. */
async function site(name: string, timeZone: string, titles = [name]) {
  const project = await world.project(name, { timeZone });
  const tools: (Tool & { words: ReturnType<typeof wordsOf> })[] = [];
  for (const title of titles) {
    const tool = await world.tool(title, [project]);
    await sql`update generic_tools set sends_overdue_notifications = true where id = ${tool.id}`.execute(world.db);
    await world.grant(ada, project, tool, 'ADMIN');
    for (const who of [bob, cid]) await world.grant(who, project, tool, 'READ_ONLY');
    tools.push({ ...tool, words: wordsOf(world, project, tool) });
  }
  const item = (dueDate: string, assignees: Person[], more: object = {}, n = 0) =>
    tools[n]!.words.item(
      ada,
      { title: `Due ${dueDate}`, statusName: 'Open', dueDate, assigneeIds: assignees.map(({ gid }) => gid), ...more },
      { skipEmails: true },
    );
  return { project, tools, item };
}

/** What is mailed when the schedule runs at a moment: "recipient: subject". */
async function at(time: string): Promise<string[]> {
  world.clock.set(time);
  await overdue.deed(world.world, null);
  if ((await countJobs(world.db)).length > 0) expect(await world.work()).toEqual([]);
  // the mailbox is in the order of the clock, which goes back from test to test
  const mails = (await world.mails()).filter(({ messageId }) => !read.has(messageId!));
  for (const { messageId } of mails) read.add(messageId!);
  return mails.map(({ to, subject }) => `${to![0]!.name}: ${subject}`).sort();
}
/** Nothing of a project is overdue any more, so that others are alone. */
const close = ({ id }: Project) =>
  sql`update items set due_date = null where project_id = ${id}`.execute(world.db).then(() => undefined);

test('at 08:00 in the project, once a day, also by several processes; a day that is over is told no more', async () => {
  const temple = await site('Temple', 'Asia/Kathmandu');
  await temple.item('2026-03-03', [bob]);
  expect(schedules).toContainEqual(['*/15 * * * *', overdue]);
  // due today is not overdue; 08:00 there is 02:15 in Greenwich
  expect(await at('2026-03-03T23:00:00Z')).toEqual([]);
  expect(await at('2026-03-04T02:00:00Z')).toEqual([]);
  const told = await at('2026-03-04T02:15:00Z');
  expect(told).toEqual(['Bob: [TE-001] Due 2026-03-03: overdue by 1 day']);
  expect(await at('2026-03-04T02:30:00Z')).toEqual([]);

  world.clock.set('2026-03-05T02:15:00Z');
  const day = { companyId: world.home.id, projectId: temple.project.id, day: '2026-03-05' };
  await Promise.all([overdue.deed(world.world, null), overdue.deed(world.world, null)]);
  await Promise.all([1, 2, 3].map(() => overdueInProject.deed(world.world, day)));
  expect(await at('2026-03-05T02:20:00Z')).toEqual(['Bob: [TE-001] Due 2026-03-03: overdue by 2 days']);

  // a mail that could not be sent on its day is none any more, beside that of today
  world.clock.set('2026-03-06T02:15:00Z');
  await overdueInProject.deed(world.world, { ...day, day: '2026-03-06' });
  expect(await at('2026-03-07T15:00:00Z')).toEqual(['Bob: [TE-001] Due 2026-03-03: overdue by 4 days']);
  expect(await at('2026-03-07T15:15:00Z')).toEqual([]);
  await sql`delete from overdue_days`.execute(world.db);

  // nobody worked on the 6th; on the 7th there is one mail, in the evening
  expect(await at('2026-03-07T15:00:00Z')).toEqual(['Bob: [TE-001] Due 2026-03-03: overdue by 4 days']);
  // jobs that come late, or of another company, tell nothing
  world.clock.set('2026-03-08T03:00:00Z');
  await overdueInProject.deed(world.world, { ...day, day: '2026-03-06' });
  await overdueInProject.deed(world.world, { ...day, day: '2026-03-09' });
  const elsewhere = await world.company('Elsewhere');
  await overdueInProject.deed(world.world, { ...day, day: '2026-03-08', companyId: elsewhere.id });
  expect(await world.work()).toEqual([]);
  expect((await world.mails()).length).toBe(read.size);
  await close(temple.project);
});

test('also where the clock is put forward and back that night, and where a project moves', async () => {
  const pier = await site('Pier', 'America/Los_Angeles');
  await pier.item('2026-03-06', [bob]);
  const told = (days: number) => [`Bob: [PI-001] Due 2026-03-06: overdue by ${days} days`];
  // 08:00 is 16:00 in Greenwich in winter, 15:00 in summer
  expect(await at('2026-03-07T15:45:00Z')).toEqual([]);
  expect(await at('2026-03-07T16:00:00Z')).toEqual(['Bob: [PI-001] Due 2026-03-06: overdue by 1 day']);
  expect(await at('2026-03-08T14:45:00Z')).toEqual([]);
  expect(await at('2026-03-08T15:00:00Z')).toEqual(told(2));
  expect(await at('2026-10-31T15:00:00Z')).toEqual(told(239));
  expect(await at('2026-11-01T15:45:00Z')).toEqual([]);
  expect(await at('2026-11-01T16:00:00Z')).toEqual(told(240));
  // in Sydney it is the morning of the 2nd already: that day is told there, and not again when it comes to Los Angeles
  const move = (timeZone: string) =>
    sql`update projects set time_zone = ${timeZone} where id = ${pier.project.id}`.execute(world.db);
  await move('Australia/Sydney');
  expect(await at('2026-11-01T21:00:00Z')).toEqual(told(241));
  await move('America/Los_Angeles');
  expect(await at('2026-11-02T16:00:00Z')).toEqual([]);
  expect(await at('2026-11-03T16:00:00Z')).toEqual(told(242));
  await close(pier.project);
});

test('assignees of what is Open and overdue, where tool and matrix send it: one mail for a person and a project', async () => {
  world.clock.set('2026-03-10T09:00:00Z');
  const { project, tools, item } = await site('Yard', 'UTC', ['Yard', 'Yonder', 'Quiet', 'Off']);
  const [yard, , quiet, off] = tools;
  await sql`update generic_tools set sends_overdue_notifications = false where id = ${quiet!.id}`.execute(world.db);
  const settings = { projectId: project.gid, genericToolId: off!.gid };
  const notifications = [{ event: 'OVERDUE', role: 'ASSIGNEE', enabled: false }];
  await yard!.words.tell(ada, 'updateGenericToolDefaults', { ...settings, notifications }, 'defaults { private }');
  const first = await item('2026-03-01', [bob, cid], { statusName: 'On Hold', private: true });
  await item('2026-03-08', [bob], {}, 1);
  // no assignees, a Draft, closed, archived, due today or never, of tools that do not send
  await item('2026-03-01', [], { distributionMemberIds: [bob.gid], receivedFromId: cid.gid });
  await item('2026-03-01', [bob], { statusName: 'Draft' });
  await item('2026-03-01', [bob], { statusName: 'Lost' });
  await yard!.words.archive(ada, (await item('2026-03-01', [bob])).id);
  await item('2026-03-11', [bob], { unit: 'of today' });
  await item('2026-03-01', [bob], {}, 2);
  await item('2026-03-01', [bob], {}, 3);
  // Ada made them all; whoever acts is told too, because time did it
  const adas = await item('2026-03-09', [ada]);
  expect(await at('2026-03-11T08:00:00Z')).toEqual([
    `Ada: [${adas.number}] Due 2026-03-09: overdue by 2 days`,
    'Bob: 2 items overdue in Yard',
    `Cid: [${first.number}] Due 2026-03-01: overdue by 10 days`,
  ]);
  const digest = (await world.mails()).find(({ subject }) => subject === '2 items overdue in Yard');
  expect(digest!.from?.name).toBe('Correspondence Gateway');
  const seen = await world.get(
    bob,
    'query ($id: ID!) { item(id: $id) { notifications { nodes { event delivery { state } } } } }',
    { id: first.id },
  );
  expect(seen.item.notifications.nodes).toEqual([{ event: 'OVERDUE', delivery: { state: 'SENT' } }]);

  // who wants no mail, or reads no more, is not told; nor is what has been closed by the time that the mail goes
  await sql`update users set wants_email = false where id = ${ada.id}`.execute(world.db);
  await world.grant(cid, project, yard!, 'NONE');
  await sql`update items set due_date = '2026-03-12' where unit = 'of today'`.execute(world.db);
  world.clock.set('2026-03-12T08:00:00Z');
  await overdueInProject.deed(world.world, { companyId: world.home.id, projectId: project.id, day: '2026-03-12' });
  await yard!.words.update(ada, first.id, { statusName: 'Closed' }, { skipEmails: true });
  expect(await at('2026-03-12T08:05:00Z')).toEqual(['Bob: [YO-001] Due 2026-03-08: overdue by 4 days']);
  await sql`update users set wants_email = true where id = ${ada.id}`.execute(world.db);
  await close(project);
});

test('what was overdue when it was brought is not told, what becomes so since is', async () => {
  world.clock.set('2026-03-20T09:00:00Z');
  const { project, item } = await site('Brought', 'UTC');
  world.world.silent = true;
  try {
    await item('2020-08-31', [bob], { title: 'Old' });
    await item('2026-03-19', [bob], { title: 'Yesterday' });
    await item('2026-03-20', [bob], { title: 'Today' });
    await item('2026-03-21', [cid], { title: 'Tomorrow' });
  } finally {
    world.world.silent = false;
  }
  const made = await item('2026-03-01', [cid], { title: 'Made here' });
  expect(await at('2026-03-21T08:00:00Z')).toEqual([
    'Bob: [BR-003] Today: overdue by 1 day',
    `Cid: [${made.number}] Made here: overdue by 20 days`,
  ]);
  expect(await at('2026-03-22T08:00:00Z')).toEqual([
    'Bob: [BR-003] Today: overdue by 2 days',
    'Cid: 2 items overdue in Brought',
  ]);
  await close(project);
});
