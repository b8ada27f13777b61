import { expect, test } from 'vitest';
import { createOffice, faultsOf, nothing, type Office } from '../kit/office.ts';
import type { Person } from '../kit/world.ts';

const SHOWN = `defaults { genericTool { title } description dueInWorkingDays private distributionMembers { name } statuses { name }
  notifications { event role enabled } }`;

/** An office, and words about the defaults of Design Review in Tower. */
async function createSite() {
  const office = await createOffice();
  const here = { projectId: office.tower.gid, genericToolId: office.review.gid };
  const change = (input: object, who: Person = office.ada) =>
    office.tell(who, 'updateGenericToolDefaults', { ...here, ...input }, SHOWN);
  const read = async (who: Person = office.rae) => {
    const source = `query ($id: ID!) { project(id: $id) { ${SHOWN} } }`;
    return (await office.get(who, source, { id: office.tower.gid })).project?.defaults;
  };
  return Object.assign(office, { change, read });
}

const on = (defaults: { notifications: { event: string; role: string; enabled: boolean }[] }): string[] =>
  defaults.notifications.filter(({ enabled }) => enabled).map(({ event, role }) => `${event} ${role}`);

const ALL = ['CREATOR', 'ASSIGNEE', 'DISTRIBUTION', 'RECEIVED_FROM'];
const ON = [
  ...ALL.map((role) => `CREATED ${role}`),
  ...ALL.slice(1).map((role) => `ASSIGNED ${role}`),
  ...ALL.map((role) => `RESPONDED_TO ${role}`),
];

const sendOverdue = ({ sql, review, db }: Office, sends: boolean) =>
  sql`update generic_tools set sends_overdue_notifications = ${sends} where id = ${review.id}`.execute(db);

test('an ADMIN says what new items start with; what is left out stays, null clears; all readers see it', async () => {
  await using site = await createSite();
  const { ada, ben, rae } = site;
  const nothingSaid = { description: null, dueInWorkingDays: null, private: false, distributionMembers: [] };
  expect(await site.read()).toMatchObject([{ genericTool: { title: 'Design Review' }, ...nothingSaid }]);
  const said = {
    description: '<p onclick="x()">Please <b>review</b>.</p><script>x()</script>',
    dueInWorkingDays: 5,
    distributionMemberIds: [rae.gid, ben.gid, rae.gid],
  };
  const shown = {
    description: '<p>Please <b>review</b>.</p>',
    dueInWorkingDays: 5,
    distributionMembers: [{ name: 'Rae Reader' }, { name: 'Ben Standard' }],
  };
  const { defaults, userErrors } = await site.change(said);
  expect([userErrors, defaults]).toMatchObject([[], shown]);
  expect(await site.read()).toEqual([defaults]);
  expect((await site.change({})).defaults).toEqual(defaults);
  expect((await site.change({ dueInWorkingDays: 0 })).defaults).toMatchObject({ ...shown, dueInWorkingDays: 0 });
  const cleared = { description: null, dueInWorkingDays: null, distributionMemberIds: null, notifications: null };
  expect((await site.change({ ...cleared, description: '<p> </p>' })).defaults).toMatchObject(nothingSaid);
  // the same tool elsewhere has its own
  const dock = await site.project('Dock');
  await site.sql`
    insert into fieldset_projects (project_id, generic_tool_id, company_id, fieldset_id)
    select ${dock.id}, id, company_id, (select fs.id from fieldsets fs where fs.generic_tool_id = t.id)
    from generic_tools t where id = ${site.review.id}`.execute(site.db);
  await site.grant(ada, dock, site.review, 'ADMIN');
  await site.change(said);
  expect((await site.change({ projectId: dock.gid, dueInWorkingDays: 1 })).defaults).toMatchObject({
    ...nothingSaid,
    dueInWorkingDays: 1,
  });
  expect((await site.read())[0]).toMatchObject(shown);
});

test('the matrix has every box that there is; what is absent stays, and OVERDUE follows the tool', async () => {
  await using site = await createSite();
  const matrix = async () => on((await site.read())[0]);
  const set = (...entries: [event: string, role: string, enabled: boolean][]) =>
    site.change({ notifications: entries.map(([event, role, enabled]) => ({ event, role, enabled })) });
  expect((await site.read())[0].notifications).toHaveLength(4 + 3 + 4 + 4 + 3 + 4 + 1);
  expect(await matrix()).toEqual(ON);
  await set(['CREATED', 'CREATOR', false], ['CLOSED', 'ASSIGNEE', true]);
  await set(['REMOVED', 'DISTRIBUTION', true], ['CREATED', 'ASSIGNEE', true]);
  expect(await matrix()).toEqual([...ON.slice(1), 'REMOVED DISTRIBUTION', 'CLOSED ASSIGNEE']);

  for (const [event, role] of [
    ['ASSIGNED', 'CREATOR'],
    ['REMOVED', 'CREATOR'],
    ['OVERDUE', 'CREATOR'],
    ['OVERDUE', 'DISTRIBUTION'],
  ])
    expect(faultsOf(await set(['CLOSED', 'CREATOR', true], [event!, role!, true]))).toEqual([
      'INVALID notifications.1.role',
    ]);
  expect(faultsOf(await set(['CLOSED', 'CREATOR', true], ['CLOSED', 'CREATOR', false]))).toEqual([
    'INVALID notifications.1',
  ]);
  expect(
    faultsOf(await set(...Array.from({ length: 29 }, () => ['CLOSED', 'CREATOR', true] as [string, string, boolean]))),
  ).toEqual(['TOO_MANY notifications']);
  expect(await matrix()).toHaveLength(12);

  // the tool sends none: the box is off and cannot be put on; writing back what is shown says nothing
  expect(faultsOf(await set(['OVERDUE', 'ASSIGNEE', true]))).toEqual(['INVALID notifications.0.enabled']);
  const { notifications } = (await site.read())[0];
  expect((await site.change({ notifications })).userErrors).toEqual([]);
  await sendOverdue(site, true);
  expect((await matrix()).at(-1)).toBe('OVERDUE ASSIGNEE');
  await set(['OVERDUE', 'ASSIGNEE', false]);
  await sendOverdue(site, false);
  await sendOverdue(site, true);
  expect((await matrix()).at(-1)).toBe('CLOSED ASSIGNEE');
  await site.change({ notifications: null });
  expect(await matrix()).toEqual([...ON, 'OVERDUE ASSIGNEE']);
});

test('only ADMINs of the tool in the project change it; who does not see tool or project hears that there is none', async () => {
  await using site = await createSite();
  const { ben, rae, nan, out, tower } = site;
  const carl = await site.person('Carl Company', { admin: true });
  const elsewhere = await site.project('Dock');
  const abe = await site.person('Abe Elsewhere');
  const annex = await site.tool('Annex', [elsewhere]);
  await site.grant(abe, elsewhere, annex, 'ADMIN');
  await site.member(abe, tower);
  const refused = async (who: Person, more: object = {}) =>
    faultsOf(await site.change({ dueInWorkingDays: 3, ...more }, who));
  for (const who of [ben, rae, carl]) expect(await refused(who)).toEqual(['FORBIDDEN genericToolId']);
  expect(await refused(nan)).toEqual(['NOT_FOUND genericToolId']);
  expect(await refused(out)).toEqual(['NOT_FOUND projectId', 'NOT_FOUND genericToolId']);
  // ADMIN of it, but in another project; and of a tool that is not there
  expect(await refused(abe, { genericToolId: annex.gid })).toEqual(['FORBIDDEN genericToolId']);
  expect(await refused(abe)).toEqual(['NOT_FOUND genericToolId']);
  expect(await refused(site.ada, { projectId: nothing('Project') })).toEqual(['NOT_FOUND projectId']);
  expect(await refused(site.ada, { genericToolId: tower.gid })).toEqual(['NOT_FOUND genericToolId']);
  const [shown] = await site.read();
  expect(shown.dueInWorkingDays).toBe(null);
  // and who reads: company admins and readers, nobody else
  expect([(await site.read(carl)).length, await site.read(nan), await site.read(out)]).toEqual([1, [], undefined]);
});

test('what cannot be is refused with its place, and nothing is changed', async () => {
  await using site = await createSite();
  const { ada, ben, rae, nan, ina, out } = site;
  const south = await site.company('Southside');
  const sam = await site.person('Sam Southside', { companyId: south.id });
  await site.change({ distributionMemberIds: [ben.gid, rae.gid] });
  const refused: [string[], object][] = [
    [['INVALID dueInWorkingDays'], { dueInWorkingDays: -1 }],
    [['INVALID dueInWorkingDays'], { dueInWorkingDays: 1_001 }],
    [['INVALID description'], { description: 'a\u0007b' }],
    [['TOO_LONG description'], { description: 'x'.repeat(100_001) }],
    [['TOO_MANY distributionMemberIds'], { distributionMemberIds: Array(201).fill(ada.gid) }],
    [
      [
        'NOT_SELECTABLE distributionMemberIds.1',
        'NOT_SELECTABLE distributionMemberIds.2',
        'NOT_SELECTABLE distributionMemberIds.3',
      ],
      { distributionMemberIds: [ada.gid, nan.gid, ina.gid, out.gid] },
    ],
    [
      ['NOT_FOUND distributionMemberIds.0', 'NOT_FOUND distributionMemberIds.1', 'NOT_FOUND distributionMemberIds.2'],
      { distributionMemberIds: [nothing('User'), sam.gid, site.tower.gid] },
    ],
    [
      ['INVALID dueInWorkingDays', 'NOT_FOUND distributionMemberIds.0'],
      { dueInWorkingDays: -1, distributionMemberIds: ['x'] },
    ],
  ];
  for (const [faults, input] of refused) {
    const answer = await site.change(input);
    expect.soft([faultsOf(answer), answer.defaults]).toEqual([faults, null]);
  }
  // who was there may stay, whatever has become of them; once gone, they cannot come back
  await site.grant(rae, site.tower, site.review, 'NONE');
  const stay = await site.change({ distributionMemberIds: [rae.gid, ada.gid] });
  expect([stay.userErrors, stay.defaults.distributionMembers]).toEqual([
    [],
    [{ name: 'Rae Reader' }, { name: 'Ada Admin' }],
  ]);
  await site.change({ distributionMemberIds: [] });
  expect(faultsOf(await site.change({ distributionMemberIds: [rae.gid] }))).toEqual([
    'NOT_SELECTABLE distributionMemberIds.0',
  ]);
});

test('a change is an event of the tool in the project, without texts; what changes nothing is none', async () => {
  await using site = await createSite();
  await site.change({ description: 'Secret', dueInWorkingDays: 5, distributionMemberIds: [site.ben.gid] });
  await site.change({ description: 'Secret', dueInWorkingDays: 5, distributionMemberIds: [site.ben.gid] });
  await site.change({ notifications: [{ event: 'CLOSED', role: 'CREATOR', enabled: true }] });
  const { rows } = await site.sql`
    select type, project_id, generic_tool_id, actor_id, payload from events order by created_at, id`.execute(site.db);
  const event = (changes: object[]) => ({
    ...{
      type: 'genericTool.updated',
      project_id: site.tower.id,
      generic_tool_id: site.review.id,
      actor_id: site.ada.id,
    },
    payload: { changes },
  });
  expect(rows).toEqual([
    event([
      { field: 'defaults.description' },
      { field: 'defaults.dueInWorkingDays', old: null, new: 5 },
      { field: 'defaults.distributionMemberIds', old: [], new: [site.ben.id] },
    ]),
    event([{ field: 'defaults.notifications', old: {}, new: { 'CLOSED CREATOR': true } }]),
  ]);
});

test('of ADMINs who change different things at once none undoes what another did, also when all are the first', async () => {
  await using site = await createSite();
  const boxes = ALL.map((role) => ({ event: 'CLOSED', role, enabled: true }));
  const answers = await Promise.all([
    ...boxes.map((box) => site.change({ notifications: [box] })),
    site.change({ dueInWorkingDays: 7 }),
    site.change({ description: 'Hello' }),
  ]);
  expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
  const [defaults] = await site.read();
  expect(defaults).toMatchObject({ dueInWorkingDays: 7, description: 'Hello' });
  expect(on(defaults).slice(ON.length)).toEqual(ALL.map((role) => `CLOSED ${role}`));
});

test('the defaults of many tools and projects take as many statements as those of one', async () => {
  await using site = await createSite();
  const { ada, rae, ben } = site;
  const source = `{ viewer { projects { nodes { defaults {
    description dueInWorkingDays distributionMembers { name } notifications { event enabled }
  } } } } }`;
  const count = async () => {
    await site.get(ada, source);
    return site.statementsOf(ada, source);
  };
  await site.change({ description: 'A', distributionMemberIds: [rae.gid] });
  const one = await count();
  for (const name of ['Dock', 'Pier', 'Quay']) {
    const project = await site.project(name);
    for (const title of ['Letters', 'Claims']) {
      const tool = await site.tool(`${title} ${name}`, [project]);
      for (const who of [ada, ben]) await site.grant(who, project, tool, 'ADMIN');
      const place = { projectId: project.gid, genericToolId: tool.gid };
      await site.change({ ...place, distributionMemberIds: [ben.gid, ada.gid] });
    }
  }
  expect(await count()).toBe(one);
  const { nodes } = (await site.get(ada, source)).viewer.projects;
  expect(nodes.flatMap(({ defaults }: { defaults: object[] }) => defaults)).toHaveLength(7);
});
