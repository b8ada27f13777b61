import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import { extractText, getDocumentProxy } from 'unpdf';
import { expect, test } from 'vitest';
import { createOffice, faultsOf } from '../kit/office.ts';
import { putItems } from '../kit/putItems.ts';
import { putReferences } from '../kit/reference.ts';
import type { Person } from '../kit/world.ts';

// its types are those of a module, and it is a function
const readQrCode = jsqr as unknown as typeof jsqr.default;

/** Which page it says that it is; the total is a form of its own, before which readers of text see no blank. */
const pageOf = (text: string) => /Page (\d+) of *(\d+)/.exec(text)?.slice(1).join(' of ');

async function createPdfs() {
  const office = await createOffice();
  const open = (url: string) => office.app.fetch(new Request(url));
  return {
    ...office,
    open,
    /** The pages of a PDF as texts. */
    async pagesAt(url: string): Promise<string[]> {
      const answer = await open(url);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf']);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      return (await extractText(await getDocumentProxy(bytes))).text;
    },
    async linksOf(who: Person, id: string): Promise<{ pdfUrl: string; qrCodeUrl: string } | null> {
      return (await office.get(who, 'query ($id: ID!) { item(id: $id) { pdfUrl qrCodeUrl } }', { id })).item;
    },
    async listUrl(who: Person, args: object = {}): Promise<string> {
      const source = `query ($id: ID!, $filter: ItemFilter, $columns: [String!]) {
        project(id: $id) { itemsExportUrl(format: PDF, filter: $filter, columns: $columns) } }`;
      return (await office.get(who, source, { id: office.tower.gid, ...args })).project.itemsExportUrl;
    },
  };
}

test('an item as PDF has what its reader sees, in the order of the fieldset', async () => {
  await using office = await createPdfs();
  const { ada, ben, rae, nan, tower } = office;
  const { Lobby } = await putReferences(office, tower, [{ kind: 'LOCATION', name: 'Lobby', path: 'Tower>Lobby' }]);
  office.clock.set('2026-03-02T17:05:00Z');
  const item = await office.item(ada, {
    title: 'Broken lintel über שלום 漢字',
    position: 'ü/b 1',
    description:
      '<h2>What</h2><p>It is <b>broken</b>, see <a href="https://example.com/x">here</a>.</p><ol><li>one</li><li>two</li></ol><table><tr><td>cell</td></tr></table>',
    statusName: 'Open',
    assigneeIds: [ben.gid],
    dueDate: '2026-03-09',
    locationId: Lobby!.gid,
    costImpact: { status: 'YES_KNOWN', amount: '-1250.5' },
  });
  await office.respond(ada, item.id, { notes: '<p>Between us.</p>' });
  await office.respond(ada, item.id, { notes: '<p>For <i>all</i>.</p>', official: true });
  await office.rule(office.review, { COST_IMPACT: 'hidden' });
  const url = (await office.linksOf(rae, item.id))!.pdfUrl;
  const answer = await office.open(url);
  expect(answer.headers.get('content-disposition')).toBe(
    `attachment; filename="DR-u-b 1.pdf"; filename*=UTF-8''DR-%C3%BC-b%201.pdf`,
  );
  await answer.body!.cancel();
  const [page, ...more] = await office.pagesAt(url);
  expect(more).toEqual([]);
  for (const text of [
    'Design Review · Tower',
    'DR-ü/b 1',
    'Broken lintel über',
    'Created 2026-03-02 09:05 by Ada Admin · Issued 2026-03-02 09:05',
    'Assignees Ben Standard',
    'Due Date 2026-03-09',
    'Location Tower>Lobby',
    'Received From –',
    'It is broken, see here (https://example.com/x).',
    '1. one',
    '2. two',
    'cell',
    '2. Ada Admin 2026-03-02 09:05 · Official · Open',
    'For all.',
    'are shown as boxes',
    'Made for Rae Reader on 2026-03-02 09:05 (America/Los_Angeles)',
  ])
    expect.soft(page!.replace(/\s+/g, ' ')).toContain(text);
  expect(page).not.toMatch(/Cost Impact|1250|Between us/);
  expect((await office.pagesAt((await office.linksOf(ben, item.id))!.pdfUrl)).join()).toContain('Between us.');

  // whoever does not see it has no link, and an old one shows nothing
  expect(await office.linksOf(nan, item.id)).toBe(null);
  const qrUrl = (await office.linksOf(rae, item.id))!.qrCodeUrl;
  expect((await office.open(qrUrl)).status).toBe(200);
  await office.update(ada, item.id, { private: true });
  expect([(await office.open(url)).status, (await office.open(qrUrl)).status]).toEqual([404, 404]);
  expect((await office.pagesAt((await office.linksOf(ben, item.id))!.pdfUrl))[0]).toContain('Open · Private');
});

test('very long texts go on over many pages, and every page says which it is', async () => {
  await using office = await createPdfs();
  const description = `<p>${'word '.repeat(5_000)}</p><pre>${'x'.repeat(3000)}</pre><p>The end.</p>`;
  const item = await office.item(office.ada, { title: 'y'.repeat(255), description });
  for (let n = 0; n < 3; n += 1)
    await office
      .update(office.ada, item.id, { statusName: 'Open' })
      .then(() => office.respond(office.ada, item.id, { notes: description }));
  const pages = await office.pagesAt((await office.linksOf(office.ada, item.id))!.pdfUrl);
  expect(pages.length).toBeGreaterThan(12);
  expect(pages.map(pageOf)).toEqual(pages.map((_, n) => `${n + 1} of ${pages.length}`));
  expect(pages.join(' ').match(/\bword\b/g)).toHaveLength(20_000);
  expect(pages.join(' ').match(/The end\./g)).toHaveLength(4);
});

test('the QR code of an item is its web address, as SVG and as PNG', async () => {
  await using office = await createPdfs();
  const item = await office.item(office.ben, {});
  const { qrCodeUrl } = (await office.linksOf(office.ben, item.id))!;
  const read = async () => {
    const answer = await office.open(`${qrCodeUrl}?format=PNG`);
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(answer.headers.get('content-disposition')).toContain('filename="DR-001.png"');
    const { data, width, height } = PNG.sync.read(Buffer.from(await answer.arrayBuffer()));
    expect(width).toBe(600);
    // every second pixel of every second row: it is found in a quarter of the time
    const half = new Uint8ClampedArray(width * height);
    for (let at = 0, y = 0; y < height; y += 2)
      for (let x = 0; x < width; x += 2, at += 4)
        half.set(data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4), at);
    return readQrCode(half, width / 2, height / 2)!.data;
  };
  const query = new URL(await read());
  expect(`${query.origin}${query.pathname}`).toBe('http://gateway.test/graphql');
  expect((await office.get(office.ben, query.searchParams.get('query')!)).item.number).toBe('DR-001');
  const template = 'https://erp.example.com/items/{itemId}?from={itemId}';
  await office.sql`update companies set item_url_template = ${template}`.execute(office.db);
  expect(await read()).toBe(template.replaceAll('{itemId}', item.id));
  const svg = await office.open(qrCodeUrl);
  expect(svg.headers.get('content-type')).toBe('image/svg+xml');
  expect(await svg.text()).toMatch(/^<svg [\s\S]*<\/svg>\s*$/);
  expect((await office.open(`${qrCodeUrl}?format=gif`)).status).toBe(400);
});

test('a list as PDF repeats its head, says its filter in words and each item once', async () => {
  await using office = await createPdfs();
  const { ada, ben, rae, tower, review } = office;
  const other = await office.tool('Board Secrets', [tower]);
  await putItems(
    office,
    Array.from({ length: 90 }, (_, n) => ({
      project: tower,
      tool: review,
      by: ben,
      title: `Title${n}.`,
      status: 'Open',
      assignees: [rae, ada],
      private: n === 7,
    })),
  );
  const filter = {
    or: [{ assignee: { isMe: true } }, { genericTool: { in: [review.gid, other.gid] } }],
    statusCategory: { eq: 'OPEN' },
    title: { contains: 'title' },
    createdAt: { gte: '2026-01-01T00:00:00.000Z' },
    private: { eq: false },
  };
  const pages = await office.pagesAt(await office.listUrl(rae, { filter }));
  expect(pages.length).toBeGreaterThan(2);
  for (const [n, page] of pages.entries()) {
    expect(page).toContain('Tower: Items');
    expect(pageOf(page)).toBe(`${n + 1} of ${pages.length}`);
    expect(page.replace(/\s+/g, ' ')).toContain(
      'Number Type Subject Status Assignees Received From Due Date Created At',
    );
  }
  // no names of what the reader does not see
  expect(pages[0]!.replace(/\s+/g, ' ')).toContain(
    'Created at from 2026-01-01 00:00 UTC; (assignee is Rae Reader or type is one of Design Review, ?); not private; status category is open; subject contains "title"',
  );
  const all = pages.join(' ');
  for (let n = 0; n < 90; n += 1) expect(all.split(`Title${n}.`)).toHaveLength(n === 7 ? 1 : 2);
  expect(all).toContain('89 items.');
  const columns =
    'NUMBER TITLE STATUS GENERIC_TOOL PRIVATE DESCRIPTION ASSIGNEE ASSIGNEES DISTRIBUTION RECEIVED_FROM DUE_DATE SCHEDULE_IMPACT COST_IMPACT LOCATION COST_CODE SPECIFICATION_SECTION SUB_JOB TRADES SCHEDULE_TASKS QUANTITY ATTACHMENTS RESPONSES CREATED_AT UPDATED_AT ISSUED_AT CLOSED_AT'.split(
      ' ',
    );
  const [empty] = await office.pagesAt(await office.listUrl(rae, { columns, filter: { ids: [] } }));
  expect(empty).toContain('No items.');
  expect(empty).toContain('Specification Section');
});

test('a view has its file under its name, for each reader what they may export, as long as they see the view', async () => {
  await using office = await createPdfs();
  const { ada, ben, rae, tower, review } = office;
  await putItems(office, [
    { project: tower, tool: review, by: ben, title: 'Plain', status: 'Open' },
    { project: tower, tool: review, by: ben, title: 'Hidden', status: 'Open', private: true, assignees: [rae] },
  ]);
  const { savedView: view } = await office.tell(
    ben,
    'saveView',
    {
      projectId: tower.gid,
      name: 'Open: ones/2',
      shared: true,
      columns: ['TITLE'],
      filter: { statusName: { eq: 'Open' }, createdAt: { gte: '2026-01-01T00:00:00.000Z' } },
    },
    'savedView { id }',
  );
  const linksFor = async (who: Person) =>
    (
      await office.get(who, 'query ($id: ID!) { node(id: $id) { ... on SavedView { csvUrl pdfUrl } } }', {
        id: view.id,
      })
    ).node;
  const csv = async (url: string) => (await office.open(url)).text();
  const links = await linksFor(rae);
  expect(await csv(links.csvUrl)).toBe('Subject\r\nPlain\r\n');
  expect(await csv((await linksFor(ada)).csvUrl)).toBe('Subject\r\nHidden\r\nPlain\r\n');
  const pdf = await office.open(links.pdfUrl);
  expect(pdf.headers.get('content-disposition')).toContain(`filename="Tower Open_ ones-2.pdf"`);
  await pdf.body!.cancel();
  expect((await office.pagesAt(links.pdfUrl))[0]).toContain('Tower: Open: ones/2');

  // as it is when it is fetched; what its filter no longer says is told, and nothing is shown for it
  await office.tell(
    ben,
    'saveView',
    { id: view.id, projectId: tower.gid, name: 'X', columns: null, filter: { ids: [] } },
    'savedView { id }',
  );
  expect((await csv(links.csvUrl)).split('\r\n')).toHaveLength(2);
  const store = (filter: object, columns: string[]) =>
    office.sql`update saved_views set filter = ${JSON.stringify(filter)}, columns = ${columns}`.execute(office.db);
  await store({ statusName: { eq: 'Open' }, colour: { eq: 'red' } }, []);
  const told = await office.open(links.csvUrl);
  expect([told.status, await told.text()]).toEqual([409, expect.stringContaining('colour')]);
  await store({ genericTool: { eq: 'nothing' } }, []);
  expect((await office.open(links.csvUrl)).status).toBe(409);
  // columns that are gone are left out; ids that are gone match nothing
  await store(
    { status: { eq: Buffer.from('GenericToolStatus:01900000-0000-7000-8000-000000000000').toString('base64url') } },
    ['OLD', 'TITLE'],
  );
  expect(await csv(links.csvUrl)).toBe('Subject\r\n');
  await store({}, ['OLD']);
  expect(await csv(links.csvUrl)).toContain('Number,Type');

  expect(
    faultsOf(
      await office.tell(
        ben,
        'saveView',
        { id: view.id, projectId: tower.gid, name: 'X', shared: false },
        'savedView { id }',
      ),
    ),
  ).toEqual([]);
  expect([(await office.open(links.csvUrl)).status, (await office.open(links.pdfUrl)).status]).toEqual([404, 404]);
});
