import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { createOffice, nothing } from '../kit/office.ts';
import { putItems } from '../kit/putItems.ts';
import { putReferences } from '../kit/reference.ts';
import type { Person, Project } from '../kit/world.ts';

const ALL = ['TITLE'];

async function createExports() {
  const office = await createOffice();
  const { tower } = office;
  const source = `query ($id: ID!, $format: ExportFormat!, $filter: ItemFilter, $orderBy: [ItemOrder!], $columns: [String!]) {
    project(id: $id) { itemsExportUrl(format: $format, filter: $filter, orderBy: $orderBy, columns: $columns) } }`;
  const urlOf = async (who: Person, args: object = {}, where: Project = tower): Promise<string> =>
    (await office.get(who, source, { id: where.gid, format: 'CSV', ...args })).project.itemsExportUrl;
  const open = (url: string) => office.app.fetch(new Request(url));
  const rowsAt = async (url: string): Promise<string[][]> => {
    const answer = await open(url);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/csv; header=present; charset=utf-8',
    ]);
    return parse(Buffer.from(await answer.arrayBuffer()), { bom: true });
  };
  return {
    ...office,
    source,
    urlOf,
    open,
    rowsAt,
    rowsFor: async (who: Person, args: object = {}) => (await rowsAt(await urlOf(who, args))).slice(1),
    titlesFor: async (who: Person, args: object = {}) =>
      (await rowsAt(await urlOf(who, { columns: ALL, ...args }))).slice(1).map(([title]) => title),
  };
}

test('a list as CSV has what its reader sees and may export, as screens show it', async () => {
  await using office = await createExports();
  const { ada, ben, rae, out, tower, review } = office;
  const { Room, Concrete } = await putReferences(office, tower, [
    { kind: 'LOCATION', name: 'Room', path: 'A>B>Room' },
    { kind: 'COST_CODE', name: 'Concrete', code: '03 30' },
  ]);
  office.clock.set('2026-03-02T17:05:00Z');
  const item = await office.item(ben, {
    title: '=HYPERLINK("http://evil","x")',
    description: '<p>One, "two"</p><ul><li>three</li></ul><p>שלום</p>',
    statusName: 'Open',
    assigneeIds: [rae.gid, ben.gid],
    distributionMemberIds: [ada.gid],
    receivedFromId: ada.gid,
    dueDate: '2026-03-09',
    scheduleImpact: { status: 'YES_KNOWN', days: 3 },
    costImpact: { status: 'TBD' },
    quantity: '12.5',
    unit: 'm',
    locationId: Room!.gid,
    costCodeId: Concrete!.gid,
  });
  await office.respond(ada, item.id, { official: true });
  await office.respond(ada, item.id, {});
  const columns =
    'NUMBER TITLE STATUS GENERIC_TOOL PRIVATE DESCRIPTION ASSIGNEE ASSIGNEES DISTRIBUTION RECEIVED_FROM DUE_DATE SCHEDULE_IMPACT COST_IMPACT LOCATION COST_CODE SPECIFICATION_SECTION SUB_JOB TRADES SCHEDULE_TASKS QUANTITY ATTACHMENTS RESPONSES CREATED_AT UPDATED_AT ISSUED_AT CLOSED_AT'.split(
      ' ',
    );
  const [labels, row, ...others] = await office.rowsAt(await office.urlOf(ben, { columns }));
  expect(others).toEqual([]);
  expect(Object.fromEntries(columns.map((key, n) => [key, [labels![n], row![n]]]))).toEqual({
    NUMBER: ['Number', 'DR-001'],
    TITLE: ['Subject', `'=HYPERLINK("http://evil","x")`],
    STATUS: ['Status', 'Open'],
    GENERIC_TOOL: ['Type', 'Design Review'],
    PRIVATE: ['Private', 'No'],
    DESCRIPTION: ['Description', 'One, "two"\n• three\nשלום'],
    ASSIGNEE: ['Assignee', 'Rae Reader'],
    ASSIGNEES: ['Assignees', 'Rae Reader; Ben Standard'],
    DISTRIBUTION: ['Distribution', 'Ada Admin'],
    RECEIVED_FROM: ['Received From', 'Ada Admin'],
    DUE_DATE: ['Due Date', '2026-03-09'],
    SCHEDULE_IMPACT: ['Schedule Impact', 'Yes: 3 days'],
    COST_IMPACT: ['Cost Impact', 'TBD'],
    LOCATION: ['Location', 'A>B>Room'],
    COST_CODE: ['Cost Code', '03 30 Concrete'],
    SPECIFICATION_SECTION: ['Specification Section', ''],
    SUB_JOB: ['Sub Job', ''],
    TRADES: ['Trades', ''],
    SCHEDULE_TASKS: ['Schedule Tasks', ''],
    QUANTITY: ['Quantity', '12.5 m'],
    ATTACHMENTS: ['Attachments', ''],
    RESPONSES: ['Responses', '2'],
    CREATED_AT: ['Created At (America/Los_Angeles)', '2026-03-02 09:05'],
    UPDATED_AT: ['Updated At (America/Los_Angeles)', '2026-03-02 09:05'],
    ISSUED_AT: ['Issued At (America/Los_Angeles)', '2026-03-02 09:05'],
    CLOSED_AT: ['Closed At (America/Los_Angeles)', ''],
  });

  // bytes: a mark for Excel, CRLF, a name for the file, nothing to be kept
  const answer = await office.open(await office.urlOf(ben));
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  expect(bytes.toString().split('\r\n')[0]).toBe(
    '\uFEFFNumber,Type,Subject,Status,Assignees,Received From,Due Date,Created At (America/Los_Angeles)',
  );
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-disposition': 'attachment; filename="Tower Items.csv"',
    'cache-control': 'private, no-store',
  });

  // what a spreadsheet would work out
  const words = ['+1', '-1+1', '-5', '@SUM(A1)', '=1', '\uFF1D1', 'a "quoted", one'];
  await putItems(
    office,
    words.map((title) => ({ project: tower, tool: review, by: ben, title, status: 'Closed' })),
  );
  const filter = { statusName: { eq: 'closed' } };
  const orderBy = [{ field: 'CREATED_AT' }];
  expect(await office.titlesFor(rae, { filter, orderBy })).toEqual([
    "'+1",
    "'-1+1",
    '-5',
    "'@SUM(A1)",
    "'=1",
    "'\uFF1D1",
    'a "quoted", one',
  ]);
  expect(await office.titlesFor(rae, { filter: { ids: [] } })).toEqual([]);

  const wrong: [object, string][] = [
    [{ columns: ['NUMBER', 'PRICE'] }, 'columns.1: "PRICE" is no column.'],
    [{ columns: ['TITLE', 'TITLE'] }, 'columns.1: "TITLE" stands there twice.'],
    [{ columns: [`customField:${nothing('CustomField')}`] }, 'is no column.'],
    [{ columns: Array(300).fill('TITLE') }, 'columns: 300 columns; at most 50 are taken.'],
    [{ filter: { status: { eq: 'x' } } }, 'filter.status.eq'],
    [{ orderBy: [{}] }, 'orderBy.0'],
    [{ filter: { title: { in: Array(40).fill('x'.repeat(200)) } } }, 'Save it as a view'],
  ];
  for (const [args, message] of wrong) {
    const { errors } = await office.ask(ben, office.source, { id: tower.gid, format: 'CSV', ...args });
    expect
      .soft([errors?.[0].extensions.code, errors?.[0].message])
      .toEqual(['BAD_USER_INPUT', expect.stringContaining(message)]);
  }
  expect((await office.ask(out, office.source, { id: tower.gid, format: 'CSV' })).data.project).toBe(null);
});

test('private items are in the exports of ADMINs alone, tool by tool, and whoever has lost the right gets nothing', async () => {
  await using office = await createExports();
  const { ada, ben, rae, tower, review } = office;
  const letters = await office.secondTool('Letters');
  const secret = await office.secondTool('Secret', { adminsSeePrivateItems: false });
  const mix = await office.person('Mix Admin');
  await office.grant(mix, tower, review, 'ADMIN');
  await office.grant(mix, tower, letters, 'STANDARD');
  await office.grant(mix, tower, secret, 'ADMIN');
  const put = (title: string, tool: typeof review, more: object) =>
    putItems(office, [{ project: tower, tool, by: ben, title, status: 'Open', ...more }]);
  for (const [tool, name] of [
    [review, 'R'],
    [letters, 'L'],
    [secret, 'S'],
  ] as const) {
    await put(`${name} open`, tool, {});
    await put(`${name} private`, tool, { private: true, assignees: [mix, rae] });
    await put(`${name} other private`, tool, { private: true });
    await put(`${name} draft`, tool, { status: 'Draft' });
    await put(`${name} archived`, tool, { archived: true });
  }
  const orderBy = [{ field: 'GENERIC_TOOL' }, { field: 'CREATED_AT' }];
  // they see private ones on the screen
  const seen = 'query ($id: ID!) { project(id: $id) { items(filter: { private: { eq: true } }) { totalCount } } }';
  expect((await office.get(mix, seen, { id: tower.gid })).project.items.totalCount).toBe(4);
  expect(await office.titlesFor(ben, { orderBy })).toEqual([
    'R open',
    'R draft',
    'L open',
    'L draft',
    'S open',
    'S draft',
  ]);
  expect(await office.titlesFor(rae, { orderBy })).toEqual(['R open', 'L open', 'S open']);
  expect(await office.titlesFor(mix, { orderBy })).toEqual([
    'R open',
    'R private',
    'R other private',
    'R draft',
    'L open',
    'S open',
    'S private',
    'S draft',
  ]);
  expect(await office.titlesFor(ada, { orderBy })).toHaveLength(10);
  expect(await office.titlesFor(mix, { filter: { private: { eq: true } }, orderBy })).toEqual([
    'R private',
    'R other private',
    'S private',
  ]);
  expect(await office.titlesFor(ben, { filter: { private: { eq: true } } })).toEqual([]);
  expect(await office.titlesFor(mix, { filter: { archived: true } })).toEqual(['S archived', 'R archived']);
  expect(await office.titlesFor(ben, { filter: { archived: true } })).toEqual([]);

  // rights are those of the moment of the fetch
  const url = await office.urlOf(mix, { columns: ALL, orderBy });
  await office.grant(mix, tower, review, 'READ_ONLY');
  expect((await office.rowsAt(url)).flat().filter((title) => title.startsWith('R'))).toEqual(['R open']);
  await office.grant(mix, tower, secret, 'NONE');
  expect((await office.rowsAt(url)).flat()).toEqual(['Subject', 'R open', 'L open']);
  await office.sql`delete from project_members where user_id = ${mix.id}`.execute(office.db);
  expect((await office.open(url)).status).toBe(404);
  office.clock.advance(16 * 60_000);
  expect((await office.open(await office.urlOf(ben))).status).toBe(200);
  expect((await office.open(url)).status).toBe(404);
});

test('statements go by chunks of 250, each item is there once, and what is lost on the way is left out', async () => {
  await using office = await createExports();
  const { rae, ben, tower, review } = office;
  const items = await putItems(
    office,
    Array.from({ length: 703 }, (_, n) => ({
      project: tower,
      tool: review,
      by: ben,
      title: `T${n}`,
      status: 'Open',
      assignees: [rae],
    })),
  );
  const url = await office.urlOf(rae, { columns: ['TITLE', 'ASSIGNEES', 'STATUS', 'GENERIC_TOOL'] });
  const count = async (work: () => Promise<unknown>) => {
    const before = office.statements.count;
    await work();
    return office.statements.count - before;
  };
  const all = (await office.rowsAt(url)).slice(1).map(([title]) => title);
  expect(all).toEqual(items.map((_, n) => `T${702 - n}`));
  // viewer, standing, ids, three chunks: names are known by now
  expect(await count(() => office.rowsAt(url))).toBe(6);
  expect(await count(() => office.open(url).then((answer) => answer.body!.cancel()))).toBe(3);

  const reader = (await office.open(url)).body!.getReader();
  const text = async () => new TextDecoder().decode((await reader.read()).value);
  expect(await text()).toContain('Subject');
  expect((await text()).split('\r\n')).toHaveLength(251);
  // archived, made private, and all at once gone
  await office.sql`update items set archived_at = now() where id = ${items[350]!.id}`.execute(office.db);
  expect(await text()).not.toContain('T350,');
  await office.grant(rae, tower, review, 'NONE');
  expect((await reader.read()).done).toBe(true);
});

test('whoever wants many files at once is asked to wait', async () => {
  await using office = await createExports();
  const url = await office.urlOf(office.rae);
  const answers = await Promise.all(Array.from({ length: 6 }, () => office.open(url)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 429, 429]);
  const [other] = [await office.open(await office.urlOf(office.ben))];
  expect(other!.status).toBe(200);
  await Promise.all(answers.map((answer) => answer.body!.cancel()));
  expect((await office.open(url)).status).toBe(200);
});
