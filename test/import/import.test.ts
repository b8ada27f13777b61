import { afterAll, beforeAll, expect, test } from 'vitest';
import { readingOf } from '../../src/database/orm.ts';
import { importerOf } from '../../src/import/company.queries.ts';
import { importFolder } from '../../src/import/import.commands.ts';
import type { Progress } from '../../src/import/progress.ts';
import type { Note } from '../../src/import/report.ts';
import { toGlobalId } from '../../src/kernel/ids.ts';
import { overdue } from '../../src/notification/overdue.jobs.ts';
import { miscounts } from '../kit/counts.ts';
import { type Payload, wordsOf } from '../kit/office.ts';
import { createWorld, type Person, type TestWorld } from '../kit/world.ts';
import { CHANGES, type Files, folderOf, GONE, item, OWNER, RESPONSES, REVIEWS, simple, tutorial } from './source.ts';

/** What an import may write, but for the event that it has finished. */
const TABLES = [
  ...[
    'vendors',
    'users',
    'projects',
    'generic_tools',
    'generic_tool_statuses',
    'fieldset_projects',
    'reference_data',
    'custom_fields',
    'custom_field_options',
    'fieldset_fields',
  ],
  ...[
    'external_topics',
    'items',
    'item_people',
    'item_audiences',
    'item_counters',
    'item_changes',
    'responses',
    'attachments',
  ],
];

const noProgress: Progress = { start() {}, pass() {}, finish() {} };

let world: TestWorld;
let ada: Person;
let folder: Awaited<ReturnType<typeof folderOf>>;

/** Runs an import of the folder, or of another one. */
async function run(path = folder.path) {
  const viewer = await importerOf(readingOf(world.orm), world.home.id);
  return importFolder(world.world, viewer, { folder: path, timeZone: 'Europe/Amsterdam', progress: noProgress });
}
/** How much of each kind was made, changed, unchanged, skipped. */
const countsOf = ({ counts }: Awaited<ReturnType<typeof run>>) =>
  Object.fromEntries(
    Object.entries(counts)
      .map(([kind, { made, changed, unchanged, skipped }]) => [kind, `${made} ${changed} ${unchanged} ${skipped}`])
      .filter(([, numbers]) => numbers !== '0 0 0 0'),
  );
const lines = (notes: Note[]) => notes.map(({ file, id, reason }) => `${file} ${id}: ${reason}`);

/** A mark of all that an import may have written. */
async function trace(): Promise<string> {
  const marks = await Promise.all(
    TABLES.map(async (table) => {
      const { rows } = await world.sql<{ mark: string }>`
        select ${table}::text || count(*) || md5(string_agg(t::text, ',' order by t::text)) as mark
        from ${world.sql.table(table)} t`.execute(world.db);
      return rows[0]!.mark;
    }),
  );
  return marks.join('\n');
}

/** Somebody of the import as a person who can sign in, and what they hold on the tool. */
async function personOf({ id, name, login }: typeof OWNER): Promise<Person> {
  const { rows } = await world.sql<{ id: string }>`
    select id from users where external_id = ${String(id)} and company_id = ${world.home.id}`.execute(world.db);
  return { id: rows[0]!.id, gid: toGlobalId('User', rows[0]!.id), name, email: login, companyId: world.home.id };
}
async function grant(who: Person, level: 'READ_ONLY' | 'STANDARD' | 'ADMIN', project = '219542', tool = '126160') {
  const { rows } = await world.sql<{ project: string; tool: string }>`
    select p.id as project, t.id as tool from projects p, generic_tools t
    where p.external_id = ${project} and t.external_id = ${tool}`.execute(world.db);
  const thing = (id: string) => ({ id, gid: '', companyId: world.home.id, title: '', statuses: {} });
  await world.grant(who, thing(rows[0]!.project), thing(rows[0]!.tool), level);
}

const ITEM = `externalId number position title description private dueDate createdAt updatedAt issuedAt closedAt archivedAt version
  quantity unit status { name category } scheduleImpact { status days } costImpact { status amount }
  createdBy { name active } receivedFrom { name } assignees { name vendor { name externalId } } distributionMembers { name }
  location { path name } costCode { code name } specificationSection { number description } subJob { code name }
  trades { name } tasks { name key }`;
/** An item by its id there, as somebody sees it. */
async function look(who: Person, externalId: string, shown = ITEM): Promise<Payload> {
  const document = `query ($company: ID!, $id: String!) { externalNode(companyId: $company, kind: ITEM, externalId: $id) { ... on Item { ${shown} } } }`;
  return (await world.get(who, document, { company: world.home.gid, id: externalId })).externalNode;
}

beforeAll(async () => {
  world = await createWorld();
  ada = await world.person('Ada Admin', { admin: true });
  folder = await folderOf(tutorial());
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

test('a folder is brought with its ids, authors and times, and told of once', async () => {
  const report = await run();
  expect(lines(report.skipped)).toEqual([]);
  expect(report.unread).toEqual([]);
  expect(countsOf(report)).toEqual({
    ...{ vendors: '3 0 0 0', users: '4 0 0 0', projects: '1 0 0 0', tools: '2 0 0 0', statuses: '3 1 0 0' },
    ...{ references: '7 0 0 0', items: '4 0 0 0', responses: '2 0 0 0', changes: '4 0 0 0', topics: '1 0 0 0' },
    ...{ attachments: '3 0 0 0', customFields: '7 0 0 0' },
  });
  expect(lines(report.remarks)).toEqual([
    `${REVIEWS}/items-1.json 14233: custom_field_301 has several lines: they are one here`,
    `${REVIEWS}/items-1.json 14233: custom_field_308 is "hologram", which this gateway does not have: it is not taken over`,
    `${REVIEWS}/items/14233/responses.json 502: the address of "veneer.jpg" is no web address of at most 2,000 characters: it has none here`,
    `${REVIEWS}/items-1.json 990001: Gwen Gone is in no list of users: made inactive.`,
  ]);
  const [owner, architect] = [await personOf(OWNER), await personOf({ ...OWNER, id: 3277981 })];
  await grant(owner, 'STANDARD');
  await grant(ada, 'ADMIN');
  expect(await look(owner, '14233')).toEqual({
    ...{ externalId: '14233', number: 'DR-interior-002', position: 'interior-002', title: 'Console design finishes' },
    ...{ description: '<p>Please confirm the <b>finishes</b>.</p>', private: true, dueDate: '2020-08-31', version: 1 },
    ...{ createdAt: '2020-08-03T15:00:00.000Z', updatedAt: '2020-08-10T09:30:00.000Z' },
    ...{ issuedAt: '2020-08-03T16:00:00.000Z', closedAt: null, archivedAt: null, quantity: null, unit: null },
    ...{ status: { name: 'Open', category: 'OPEN' }, scheduleImpact: { status: 'YES_KNOWN', days: 5.5 } },
    ...{ costImpact: { status: 'NO_IMPACT', amount: null }, createdBy: { name: 'Architect', active: true } },
    ...{ receivedFrom: null, distributionMembers: [{ name: 'Joe ProjectManager' }] },
    assignees: [{ name: 'Joe Owner', vendor: { name: 'JJ Developers', externalId: '3968041' } }],
    location: { path: 'Building A>Level 2>Room 204', name: 'Room 204' },
    costCode: { code: '01-002', name: 'Purchasing' },
    specificationSection: { number: '08 80 00', description: 'Glazing' },
    subJob: { code: '02', name: 'Garage' },
    ...{ trades: [{ name: 'Masonry' }, { name: 'Glazing' }], tasks: [{ name: 'Pour slab', key: 'A1040' }] },
  });
  // a status that no list had is made of the category that it maps to
  expect(await look(owner, '15')).toMatchObject({
    ...{ number: 'DR-015', status: { name: 'Void', category: 'CLOSED' }, closedAt: '2020-09-01T00:00:00.000Z' },
    ...{ scheduleImpact: { status: 'TBD', days: null }, quantity: '12', unit: 'pcs' },
  });
  const { rows: origins } = await world.sql`
    select i.external_id as item, o.external_id as origin from items i join items o on o.id = i.origin_item_id`.execute(
    world.db,
  );
  expect(origins).toEqual([{ item: '15', origin: '14233' }]);
  const { rows: topics } = await world.sql`
    select i.external_id as item, t.topic_type || ' ' || t.external_id as topic
    from items i join external_topics t on t.id = i.origin_topic_id`.execute(world.db);
  expect(topics).toEqual([{ item: '16', topic: 'RFI 4401' }]);

  const told = `responses(first: 9) { nodes { externalId position official notes createdAt createdBy { name active } } }
    changes(first: 9) { nodes { field label oldValue newValue createdAt createdBy { name } } }`;
  const { responses, changes } = await look(architect, '14233', told);
  expect([responses, changes]).toEqual([undefined, undefined].map(() => expect.anything()));
  expect(responses.nodes).toEqual([
    {
      ...{ externalId: '501', position: 1, official: true, notes: 'The finishes are confirmed.' },
      ...{ createdAt: '2020-08-05T10:00:00.000Z', createdBy: { name: 'Joe Owner', active: true } },
    },
    {
      ...{ externalId: '502', position: 3, official: false, notes: '' },
      ...{ createdAt: '2020-08-06T10:00:00.000Z', createdBy: { name: 'Gwen Gone', active: false } },
    },
  ]);
  expect(changes.nodes.map(({ field, label, createdBy }: Payload) => [field, label, createdBy.name])).toEqual(
    expect.arrayContaining([
      ['dueDate', 'Due Date', 'Architect'],
      ['Workflow Step', 'Workflow Step', 'Joe ProjectManager'],
      ['status', 'Status', 'Architect'],
    ]),
  );
  const files = 'attachments { kind name url externalId createdAt createdBy { name } }';
  const attached = await look(owner, '14233', `${files} responses(first: 9) { nodes { ${files} } }`);
  const by = (name: string, createdAt: string) => ({ createdBy: { name }, createdAt });
  expect(attached.attachments).toEqual([
    {
      ...{
        kind: 'PROSTORE_FILE',
        name: 'finishes.pdf',
        url: 'https://store.example.com/7001?sig=x',
        externalId: '7001',
      },
      ...by('Architect', '2020-08-03T15:00:00.000Z'),
    },
    {
      ...{ kind: 'DOCUMENT_REVISION', name: '01J9ZXK3', url: null, externalId: '01J9ZXK3' },
      ...by('Architect', '2020-08-03T15:00:00.000Z'),
    },
  ]);
  expect(attached.responses.nodes[1].attachments).toEqual([
    {
      ...{ kind: 'IMAGE', name: 'veneer.jpg', url: null, externalId: '7002' },
      ...by('Gwen Gone', '2020-08-06T10:00:00.000Z'),
    },
  ]);
  const fields = 'customFields { displayValue customField { label dataType options { label active } } }';
  const { customFields } = await look(owner, '14233', fields);
  expect(
    customFields.map(({ displayValue, customField: field }: Payload) => [field.label, field.dataType, displayValue]),
  ).toEqual([
    ['Room', 'STRING', 'Two lines'],
    ['Budget', 'CURRENCY', '1250.5'],
    ['Veneer', 'SINGLE_SELECT', 'Walnut'],
    ['Custom field 304', 'MULTI_SELECT', 'Green, Red'],
    ['Custom field 305', 'BOOLEAN', 'No'],
    ['Custom field 307', 'USER', 'Gwen Gone'],
  ]);
  expect(customFields[2].customField.options).toEqual([
    { label: 'Oak', active: true },
    { label: 'Walnut', active: false },
  ]);
  // what was changed while it was a Draft is for its creator and ADMINs
  const seenBy = async (who: Person) =>
    (await look(who, '14233', 'changes(first: 9) { nodes { field } }')).changes.nodes.length;
  expect([await seenBy(owner), await seenBy(ada)]).toEqual([CHANGES.length - 1, CHANGES.length]);

  const { rows: events } = await world.sql`
    select type, payload->'counts'->'items' as items from events where handled_at is null`.execute(world.db);
  expect(events).toEqual([{ type: 'import.finished', items: { made: 4, changed: 0, unchanged: 0, skipped: 0 } }]);
  const { rows: ofItems } = await world.sql`select from events where item_id is not null`.execute(world.db);
  expect(ofItems).toEqual([]);
  expect(await miscounts(world.db)).toEqual([]);
  // nor is anybody mailed, by then or later, of what was overdue when it came
  const { rows: brought } = await world.sql`select from items where brought_at is null`.execute(world.db);
  expect(brought).toEqual([]);
  await world.sql`update generic_tools set sends_overdue_notifications = true`.execute(world.db);
  const reminded = async () => {
    await world.sql`delete from overdue_days`.execute(world.db);
    await overdue.deed(world.world, null);
    expect(await world.work()).toEqual([]);
    return (await world.mails()).length;
  };
  world.clock.advance(9 * 3_600_000);
  expect(await reminded()).toBe(0);
  await world.sql`update items set brought_at = null`.execute(world.db);
  expect(await reminded()).toBeGreaterThan(0);
});

test('who sees what holds from the first moment: private items, Drafts, the recycle bin', async () => {
  const [owner, manager] = [await personOf(OWNER), await personOf({ ...OWNER, id: 1477666 })];
  const rita = await world.person('Rita Reader');
  await grant(rita, 'READ_ONLY');
  await grant(manager, 'READ_ONLY');
  const sees = async (who: Person) => {
    const seen = await Promise.all(['14233', '15', '16', '17'].map((id) => look(who, id, 'externalId')));
    const { items, archived } = await world.get(
      who,
      '{ items { totalCount nodes { externalId } } archived: items(filter: { archived: true }) { nodes { externalId } } }',
    );
    expect(items.totalCount).toBe(items.nodes.length);
    const byId = seen.flatMap((found) => found?.externalId ?? []);
    expect([...items.nodes, ...archived.nodes].map(({ externalId }: Payload) => externalId).sort()).toEqual(byId);
    return byId;
  };
  expect(await sees(rita)).toEqual(['15']);
  expect(await sees(manager)).toEqual(['14233', '15']);
  expect(await sees(owner)).toEqual(['14233', '15']);
  expect(await sees(ada)).toEqual(['14233', '15', '16', '17']);
});

test('a second run changes nothing', async () => {
  const before = await trace();
  const report = await run();
  expect(countsOf(report)).toEqual({
    ...{ vendors: '0 0 3 0', users: '0 0 3 0', projects: '0 0 1 0', tools: '0 0 2 0', statuses: '0 0 3 0' },
    ...{ references: '0 0 7 0', items: '0 0 4 0', responses: '0 0 2 0', changes: '0 0 4 0', topics: '0 0 1 0' },
    ...{ attachments: '0 0 3 0', customFields: '0 0 7 0' },
  });
  expect(lines(report.remarks)).toEqual(
    ['custom_field_301', 'custom_field_308', 'veneer.jpg'].map((what) => expect.stringContaining(what)),
  );
  expect(await trace()).toBe(before);
});

test('what has changed there changes here, and what was changed here stays', async () => {
  const { update, create } = wordsOf(world, {} as never, {} as never);
  const items = await world.get(
    ada,
    '{ items(first: 50) { nodes { id externalId project { id } genericTool { id } } } }',
  );
  const byId = new Map<string, Payload>(items.items.nodes.map((node: Payload) => [node.externalId, node]));
  // the next number comes after all that were brought, also after one that is in the recycle bin
  const place = { projectId: byId.get('15').project.id, genericToolId: byId.get('15').genericTool.id };
  expect((await create(ada, { title: 'New here' }, place)).item.number).toBe('DR-018');
  await update(ada, byId.get('15').id, { title: 'Changed here' });
  world.clock.set('2026-06-01T00:00:00Z');
  const later = '2020-10-01T00:00:00Z';
  await using next = await folderOf({
    ...(tutorial() as Files),
    'users.json': [
      { id: OWNER.id, name: 'Joseph Owner', email_address: OWNER.login, vendor: { id: 77, name: 'Owners United' } },
    ],
    [`${REVIEWS}/items-1.json`]: [
      item({
        custom_fields: {
          custom_field_302: { data_type: 'decimal', value: '99.00', variant: 'currency' },
          custom_field_303: { data_type: 'lov_entry', value: { id: 2, label: 'Oak' } },
          custom_field_304: { data_type: 'lov_entries', value: [] },
          custom_field_307: { data_type: 'login_information', value: null },
        },
        title: 'Finishes',
        private: false,
        updated_at: later,
        status: 'Approved',
        status_type: 'Closed',
        closed_at: later,
        trades: [],
      }),
      simple(15, {
        title: 'Changed there',
        updated_at: later,
        status: 'Void',
        status_type: 'Closed',
        closed_at: later,
      }),
    ],
    // numbers change hands
    [`${REVIEWS}/items-2.json`]: [
      simple(16, { status: 'Open', status_type: 'Open', issued_at: later, updated_at: later, position: 'DR-017' }),
      simple(17, {
        ...{ updated_at: later, position: 'DR-016' },
        custom_fields: { custom_field_307: { data_type: 'login_information', value: GONE } },
      }),
    ],
    [`${REVIEWS}/recycle_bin.json`]: [],
    [`${REVIEWS}/items/14233/responses.json`]: [
      { ...RESPONSES[0], official: false },
      { ...RESPONSES[1], notes: 'Other words' },
    ],
  });
  const report = await run(next.path);
  expect(countsOf(report)).toMatchObject({ items: '0 3 0 1', responses: '0 1 1 0', changes: '0 0 4 0' });
  expect(lines(report.skipped)).toEqual([
    expect.stringMatching(/items-1.json 15: DR-015 was changed here on 2026-.*, after its last change there\.$/),
  ]);
  expect(lines(report.remarks)).toEqual([
    expect.stringContaining('veneer.jpg'),
    expect.stringMatching(/responses.json 502: its text is another here/),
  ]);
  const owner = await personOf(OWNER);
  expect(await look(owner, '14233')).toMatchObject({
    ...{ title: 'Finishes', private: false, version: 2, updatedAt: '2020-10-01T00:00:00.000Z', trades: [] },
    ...{ status: { name: 'Approved', category: 'CLOSED_SUCCESSFUL' }, closedAt: '2020-10-01T00:00:00.000Z' },
    assignees: [{ name: 'Joseph Owner', vendor: { name: 'Owners United', externalId: '77' } }],
  });
  expect(await look(owner, '15')).toMatchObject({ title: 'Changed here' });
  expect(await look(owner, '16')).toMatchObject({ number: 'DR-017', status: { name: 'Open' } });
  expect(await look(owner, '17')).toMatchObject({ number: 'DR-016', archivedAt: null });
  // its history came with it; of the other no history came, so that ours tells what the import has changed
  const history = async (id: string) =>
    (await look(ada, id, 'changes(first: 20) { nodes { field oldValue newValue createdBy { name } } }')).changes.nodes;
  expect(await history('14233')).toHaveLength(CHANGES.length);
  expect(await history('16')).toEqual(
    expect.arrayContaining([
      { field: 'status', oldValue: 'Draft', newValue: 'Open', createdBy: { name: 'Ada Admin' } },
      { field: 'number', oldValue: 'DR-016', newValue: 'DR-017', createdBy: { name: 'Ada Admin' } },
    ]),
  );
  expect(await history('17')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ field: expect.stringMatching(/^customField:/), oldValue: null, newValue: 'Gwen Gone' }),
    ]),
  );
  const values = (await look(ada, '14233', 'customFields { displayValue }')).customFields;
  expect(values.map(({ displayValue }: Payload) => displayValue)).toEqual(['', '99', 'Oak', '', 'No', '']);
  const rita = await world.person('Rita Late');
  await grant(rita, 'READ_ONLY');
  expect(await look(rita, '14233', 'externalId')).toEqual({ externalId: '14233' });
  expect(await miscounts(world.db)).toEqual([]);
  const before = await trace();
  expect(countsOf(await run(next.path))).toMatchObject({ items: '0 0 3 1' });
  expect(await trace()).toBe(before);
});

test('bad records are left out whole, each with its file, its id and its reason', async () => {
  const at = `${REVIEWS}/items.json`;
  await using bad = await folderOf({
    'users.json': [
      { id: 1, name: 'No Address' },
      { id: 2, name: 'Bad Address', email_address: 'nobody' },
      { id: 3, name: 'Taken', email_address: 'ada.admin@example.com', is_active: 'yes' },
      { name: 'No Id', email_address: 'noid@example.com' },
    ],
    'projects.json': [
      { id: 5, name: 'Nowhere', time_zone: 'Mars/Olympus' },
      { id: 6, name: 'Zoneless' },
    ],
    'generic_tools.json': [
      { id: 900, title: 'x'.repeat(256) },
      { id: 901, title: 'design review' },
    ],
    'projects/5/generic_tools/126160/items.json': [simple(100)],
    'projects/219542/generic_tools/900/items.json': [simple(101)],
    [at]: [
      simple(200, { due_date: '08/31/2020' }),
      simple(201, { created_at: 'yesterday' }),
      simple(202, { title: null }),
      simple(203, { status: 'Limbo', status_type: null }),
      simple(204, { created_by: null }),
      simple(205, { position: 'DR-015' }),
      simple(206, {
        schedule_impact: { status: 'maybe', value: 1 },
        cost_impact: { status: 'yes_known', value: 'much' },
      }),
      simple(207, { assignees: [{ id: 2, login: 'nobody', name: 'Bad Address' }] }),
      simple(208, { position: `DR-${'9'.repeat(51)}`, title: 'a\u0007b' }),
      // each out of the other
      simple(209, { origin_generic_tool_item_id: 212 }),
      simple(209, { title: 'Again' }),
      { ...simple(210), id: '../../210' },
      simple(211, { generic_tool: { id: 126094 } }),
      simple(212, {
        origin_generic_tool_item_id: 209,
        private: null,
        cost_impact: { status: 'tbd', value: 12 },
        issued_at: null,
        updated_at: null,
      }),
      simple(213, {
        origin_generic_tool_item_id: 7,
        created_by: { id: 990002, login: null, name: 'Nameless' },
      }),
    ],
    [`${REVIEWS}/items/209/responses.json`]: [
      { ...RESPONSES[0], id: 503, notes: '<p></p>' },
      { ...RESPONSES[0], id: 504, status: 'Limbo' },
      { ...RESPONSES[0], id: 501 },
    ],
    [`${REVIEWS}/items/209/change_histories.json`]: '[{',
    [`${REVIEWS}/items-1.json`]: [simple(220), 7],
    [`${REVIEWS}/items-2.json`]: { items: [] },
    'projects/999/generic_tools/1/items.json': [simple(300)],
  });
  const report = await run(bad.path);
  expect(lines(report.skipped)).toEqual([
    'users.json 3: is_active is neither true nor false: "yes".',
    'users.json null: id is missing or no id: undefined.',
    'users.json 1: email_address is missing: nobody could sign in by it.',
    'users.json 2: "nobody" is not an e-mail address.',
    'projects.json 5: "Mars/Olympus" is not a time zone; give its IANA name, such as "America/Los_Angeles".',
    'generic_tools.json 900: Title has 256 characters; at most 255 are kept.',
    'generic_tools.json 901: A tool of the company has the title "Design Review" already.',
    'projects/219542/generic_tools/900/items.json 101: its tool 900 is not here.',
    `${at} 200: due_date is no day (YYYY-MM-DD): "08/31/2020".`,
    `${at} 201: created_at is no moment (RFC 3339): "yesterday".`,
    `${at} 204: created_by is missing.`,
    `${at} 206: schedule_impact is none of yes_known, yes_unknown, no_impact, tbd, n_a: "maybe". cost_impact is no decimal number: "much".`,
    `${at} 208: Title holds control characters: "a\\u0007b".`,
    `${REVIEWS}/items/209/responses.json 503: notes is empty, and there is no attachment.`,
    `${at} 209: its id stands there twice: the first one is taken.`,
    `${at} null: id is missing or no id: "../../210".`,
    `${at} 211: it is an item of tool 126094.`,
    `${at} 202: title is missing, and it is issued.`,
    `${at} 203: Design Review has no status "Limbo", and no status_type says what it means.`,
    `${at} 207: it names user 2 (Bad Address), who could not be made: "nobody" is not an e-mail address.`,
    `${at} 205: Another item has the number "015" already.`,
    `${REVIEWS}/items/209/responses.json 501: it belongs to another item here.`,
  ]);
  expect(report.unread.map(({ file, reason }) => `${file}: ${reason}`)).toEqual([
    'projects/5: no list of projects has it: nothing of it was brought.',
    'projects/999: no list of projects has it: nothing of it was brought.',
    expect.stringMatching(/items\/209\/change_histories.json: no JSON: /),
    `${REVIEWS}/items-1.json: entry 2 is no object: 7`,
    `${REVIEWS}/items-2.json: neither a list nor an object with a list "data"`,
  ]);
  expect(lines(report.remarks)).toEqual([
    'projects.json 6: it says no time zone: Europe/Amsterdam is taken.',
    `${at} 212: cost_impact is tbd: its value 12 is not taken over`,
    `${at} 990002: Nameless is in no list of users: made inactive, with no address but user-990002@unknown.invalid.`,
    `${REVIEWS}/items/209/responses.json 504: Design Review has no status "Limbo", and no status_type says what it means. It has the status of its item.`,
    `${at} 212: private is missing: it is private here.`,
    `${at} 212: issued_at is missing: 2020-08-03T15:00:00.000Z is taken.`,
    `${at} 212: its origin, item 209, comes from it: it has none.`,
    `${at} 213: its origin, item 7, is not here: it has none.`,
  ]);
  expect(countsOf(report)).toMatchObject({ items: '3 0 0 13', responses: '1 0 0 2' });
  expect((await look(ada, '209', 'title responses(first: 9) { nodes { externalId } }')).responses.nodes).toEqual([
    { externalId: '504' },
  ]);
  expect(await miscounts(world.db)).toEqual([]);
});

test('what stops in the middle leaves whole records, and the next run finishes', async () => {
  const { id } = await world.company('Crash Ltd');
  await world.person('Cleo Admin', { admin: true, companyId: id });
  const many = Array.from({ length: 1_200 }, (_, n) => simple(5_000 + n));
  await using next = await folderOf({
    ...tutorial(),
    [`${REVIEWS}/items-1.json`]: many,
    [`${REVIEWS}/items/5700/responses.json`]: [{ ...RESPONSES[0], id: 601 }],
    [`${REVIEWS}/items/5700/change_histories.json`]: CHANGES,
  });
  const viewer = await importerOf(readingOf(world.orm), 'crash ltd');
  const go = (progress = noProgress) =>
    importFolder(world.world, viewer, { folder: next.path, timeZone: 'UTC', progress });
  const held = async (table: string) => {
    const { rows } = await world.sql<{ n: number }>`
      select count(*)::int as n from ${world.sql.table(table)} where company_id = ${id}`.execute(world.db);
    return rows[0]!.n;
  };
  // the database refuses the history in the middle of the second five hundred
  await world.sql`alter table item_changes add constraint stuck check (company_id <> ${world.sql.lit(id)}) not valid`.execute(
    world.db,
  );
  await expect(go()).rejects.toThrow(/stuck/);
  // the first five hundred, and the one of the recycle bin; of the second not even those without history
  expect([await held('items'), await held('responses'), await held('item_changes')]).toEqual([501, 0, 0]);
  await world.sql`alter table item_changes drop constraint stuck`.execute(world.db);
  // stopped after the second five hundred: they are there with all that belongs to them
  let calls = 0;
  const stop = () => {
    calls += 1;
    if (calls === 3) throw new Error('stopped');
  };
  await expect(go({ ...noProgress, pass: stop })).rejects.toThrow('stopped');
  expect([await held('items'), await held('responses'), await held('item_changes')]).toEqual([1_001, 1, 4]);
  expect((await go()).counts).toMatchObject({ items: { made: 201, skipped: 0 }, responses: { made: 0, unchanged: 1 } });
  expect(await held('items')).toBe(1_202);
  expect(await miscounts(world.db)).toEqual([]);
  // two at once do not get into each other's way
  const both = await Promise.allSettled([go(), go()]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});
