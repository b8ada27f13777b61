import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOffice, nothing, type Office, type Payload } from '../kit/office.ts';
import { putItems } from '../kit/putItems.ts';
import type { Person } from '../kit/world.ts';
import { searchDrift } from './drift.ts';

let office: Office;
beforeAll(async () => {
  office = await createOffice({ MAX_COST: '1000000' });
});
afterAll(() => office[Symbol.asyncDispose]());

const SEARCH = `query ($query: String!, $projectIds: [ID!], $kinds: [SearchKind!], $first: Int, $after: String) {
  search(query: $query, projectIds: $projectIds, kinds: $kinds, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { hit { __typename ... on Item { id number title } ... on Response { id notes item { number } } } highlights { text isHit } } }
  } }`;
const look = async (who: Person, query: string, more: object = {}): Promise<Payload> =>
  (await office.get(who, SEARCH, { query, ...more })).search;
const nameOf = ({ node: { hit } }: Payload): string =>
  hit.__typename === 'Item' ? hit.title : `${hit.item.number}: ${hit.notes}`;
/** What somebody finds, by titles and notes. */
const found = async (who: Person, query: string, more: object = {}): Promise<string[]> => {
  const { edges, totalCount } = await look(who, query, more);
  expect(totalCount).toBe(edges.length);
  return edges.map(nameOf);
};
/** What is shown of the first that is found; hits in brackets. */
const shown = async (who: Person, query: string): Promise<string> =>
  (await look(who, query)).edges[0].node.highlights
    .map(({ text, isHit }: Payload) => (isHit ? `[${text}]` : text))
    .join('');

test('numbers come first, then titles, then what is said; the newest first', async () => {
  const { ada, item, respond } = office;
  const open = { statusName: 'Open' };
  await item(ada, { ...open, title: 'Interior doors', position: 'interior-002' });
  await item(ada, { ...open, title: 'Interior 2 of the annex', position: '2' });
  await item(ada, { ...open, title: 'More interior', position: 'interior-20' });
  const beam = await item(ada, {
    ...open,
    title: 'Beam',
    description: '<p>Of the interior, <b>2</b> pieces</p>',
    position: '7',
  });
  await item(ada, { ...open, title: 'Interiority, 2024', position: '8' });
  await respond(ada, beam.id, { notes: '<p>Interior: 2 of 3</p>' });
  expect(await found(ada, 'interior 2')).toEqual([
    'Interior doors',
    'More interior',
    'Interior 2 of the annex',
    'Interiority, 2024',
    'DR-7: <p>Interior: 2 of 3</p>',
    'Beam',
  ]);
  for (const query of ['DR-interior-002', 'dr interior 2', 'interior-002', 'Interior/002', 'DR-interior-2'])
    expect.soft((await found(ada, query))[0], query).toBe('Interior doors');
  expect((await found(ada, 'DR-int')).slice(0, 2).toSorted()).toEqual(['Interior doors', 'More interior']);
  expect(await found(ada, 'DR-2')).toEqual(expect.arrayContaining(['Interior 2 of the annex', 'Interior doors']));
  expect((await found(ada, 'DR-2'))[0]).toBe('Interior 2 of the annex');
  expect((await found(ada, '2'))[0]).toBe('Interior 2 of the annex');
  expect(await found(ada, 'interior', { kinds: ['RESPONSE'] })).toEqual(['DR-7: <p>Interior: 2 of 3</p>']);
  expect((await found(ada, 'interior', { kinds: ['ITEM'] })).length).toBe(5);
  expect(await found(ada, 'interior', { kinds: [] })).toEqual([]);
  expect(await found(ada, 'interior doors annex')).toEqual([]);
});

test('words are found whatever their case and accents, by their beginning, in every text', async () => {
  const { ada, item, sql, db } = office;
  await item(ada, {
    title: 'Éclairage de la Straße',
    description: '<p>Ne pas <b>dépl</b>acer &amp; vérifier</p><p>図面 変更</p>',
  });
  for (const query of [
    'eclairage',
    'ÉCLAIR',
    'strasse',
    'STRAS',
    'deplacer',
    'vérif',
    '変',
    'eclairage verifier',
    '図面',
  ])
    expect.soft(await found(ada, query), query).toContain('Éclairage de la Straße');
  for (const query of ['clairage', 'pas b', 'amp', '<blockquote>', 'eclairage nothing'])
    expect.soft(await found(ada, query), query).toEqual([]);
  // custom fields by the type of the field
  const company = office.home.id;
  const [text, rich, day] = [
    '01900000-0000-7000-8000-00000000000a',
    '01900000-0000-7000-8000-00000000000b',
    '01900000-0000-7000-8000-00000000000c',
  ];
  await sql`insert into custom_fields (id, company_id, created_at, updated_at, label, label_key, data_type)
    select given.id, ${company}, now(), now(), given.type, given.type, given.type
    from (values (${text}::uuid, 'STRING'), (${rich}::uuid, 'RICH_TEXT'), (${day}::uuid, 'DATE')) given(id, type)`.execute(
    db,
  );
  const values = {
    [text]: 'Marmor Carrara',
    [rich]: '<p>ge<i>schli</i>ffen</p>',
    [day]: '2031-07-08',
    [`~${text}`]: 'sortkey',
  };
  await sql`update items set custom_values = ${JSON.stringify(values)}::jsonb where title = 'Éclairage de la Straße'`.execute(
    db,
  );
  for (const query of ['carrara', 'geschliffen', 'marmor strasse'])
    expect.soft(await found(ada, query)).toEqual(['Éclairage de la Straße']);
  for (const query of ['2031', 'sortkey']) expect.soft(await found(ada, query)).toEqual([]);
});

test('what somebody does not see is not found, counted or placed; what is moved out of sight goes, what is moved in comes', async () => {
  const { tower, review, ada, ben, rae, out, item, update, respond, switchOfficial, archive, restore } = office;
  const vic = await office.person('Vic Vendor', { vendor: 'Doers' });
  const col = await office.person('Col League', { vendor: 'Doers' });
  await office.grant(vic, tower, review, 'READ_ONLY', ['VIEW_VENDOR_ITEMS']);
  await office.grant(col, tower, review, 'READ_ONLY');
  const people: [string, Person][] = Object.entries({ ada, ben, rae, out, vic, col });
  const finders = async (query: string): Promise<string[]> => {
    const names: string[] = [];
    for (const [name, who] of people) for (const title of await found(who, query)) names.push(`${name}: ${title}`);
    return names;
  };
  const draft = await item(ben, { title: 'Zebra' });
  expect(await finders('zebra')).toEqual(['ada: Zebra', 'ben: Zebra']);
  await update(ben, draft.id, { statusName: 'Open', private: true, assigneeIds: [col.gid] });
  expect(await finders('zebra')).toEqual(['ada: Zebra', 'ben: Zebra', 'vic: Zebra', 'col: Zebra']);
  const { response } = await respond(ada, draft.id, { notes: '<p>zebras cross</p>' });
  const note = `${draft.number}: <p>zebras cross</p>`;
  // unofficial: its author and ADMIN, and who is involved; not the colleague of somebody who is
  expect(await finders('zebras cross')).toEqual([`ada: ${note}`, `ben: ${note}`, `col: ${note}`]);
  await switchOfficial(ada, response.id, true);
  expect(await finders('zebras cross')).toEqual([`ada: ${note}`, `ben: ${note}`, `vic: ${note}`, `col: ${note}`]);
  await update(ben, draft.id, { private: false });
  expect(await finders('zebras')).toEqual(['ada', 'ben', 'rae', 'vic', 'col'].map((name) => `${name}: ${note}`));
  await update(ben, draft.id, { private: true, assigneeIds: [], title: 'Yak' });
  expect(await finders('zebra')).toEqual([`ada: ${note}`, `ben: ${note}`]);
  expect(await finders('yak')).toEqual(['ada: Yak', 'ben: Yak']);
  await archive(ada, draft.id);
  expect([await finders('yak'), await finders('zebra')]).toEqual([[], []]);
  await restore(ada, draft.id);
  expect(await finders('yak')).toEqual(['ada: Yak', 'ben: Yak']);
  // what one does not see changes nothing of what one is answered
  await item(ben, { title: 'Quagga of all', statusName: 'Open' });
  const before = await look(rae, 'quagga');
  await item(ada, { title: 'Quagga', position: 'quagga' });
  await item(ada, { title: 'Quagga', statusName: 'Open', private: true });
  expect(await look(rae, 'quagga')).toEqual(before);
  expect(await found(ada, 'quagga')).toEqual(['Quagga', 'Quagga', 'Quagga of all']);
  // another company has the same words
  const { id: companyId } = await office.company('Southside');
  const [sue, dock] = [
    await office.person('Sue', { companyId, admin: true }),
    await office.project('Dock', { companyId }),
  ];
  const theirs = await office.tool('Design Review', [dock], { companyId });
  await office.grant(sue, dock, theirs, 'ADMIN');
  await putItems(office, [{ project: dock, tool: theirs, by: sue, status: 'Open', title: 'Quagga of theirs' }]);
  expect(await found(sue, 'quagga')).toEqual(['Quagga of theirs']);
  expect(await found(ada, 'quagga', { projectIds: [dock.gid] })).toEqual([]);
  expect((await found(ada, 'quagga', { projectIds: [dock.gid, tower.gid] })).length).toBe(3);
  expect(await found(ada, 'quagga', { projectIds: [nothing('Project')] })).toEqual([]);
  expect(await found(ada, 'quagga', { projectIds: [] })).toEqual([]);
  expect(await searchDrift(office)).toEqual([]);
});

test('highlights are short pieces of plain text, as it is written', async () => {
  const { ada, item, respond } = office;
  const filler = '<p>Nothing to be read here, sentence after sentence, until the end of it.</p>'.repeat(20);
  const made = await item(ada, {
    ...{ title: 'Pump <b>ROOM</b> Ölpumpe', position: 'p-007', statusName: 'Open' },
    description: `${filler}<p>At last: a <i>Größe</i> of 3 &lt; 4 &amp; so on</p>${filler}`,
  });
  expect(await shown(ada, 'room pump')).toBe('[Pump] <b>[ROOM]</b> Ölpumpe');
  expect(await shown(ada, 'olpumpe')).toBe('Pump <b>ROOM</b> [Ölpumpe]');
  expect(await shown(ada, 'dr p 7')).toBe('[DR]-[p]-[007]\n[Pump] <b>ROOM</b> Ölpumpe');
  expect(await shown(ada, 'grosse pump')).toMatch(
    /^\[Pump\] <b>ROOM<\/b> Ölpumpe\n… .{20,80}\sAt last: a \[Größe\] of 3 < 4 & so on\s.{20,80} …$/s,
  );
  await respond(ada, made.id, { notes: '<p>The 図面 of the<script>alert(1)</script> pump 👩‍🔧 house</p>' });
  expect(await shown(ada, '図 house')).toBe('The [図]面 of the pump 👩‍🔧 [house]');
});

test('rubbish is an error that says so, or finds nothing; it never breaks what is looked for or written', async () => {
  const { ada, item, update } = office;
  const said = `it's "5 & 6" | !7:* (a<->b) \\ %_ 'x':A ${'\u{1F525}'}`;
  const made = await item(ada, { title: said, description: `<p>${said.replace(/[<>&]/g, '')} مرحبا بالعالم</p>` });
  for (const query of ['5 & 6', '!7', "it's", 'a<->b', '7:*', 'مرحبا', 'x:A', `'x':A`, '%_ x', '|5|6|'])
    expect.soft(await found(ada, query), query).toContain(said);
  for (const query of [
    '',
    '   ',
    '%',
    '_',
    "'",
    '"',
    '\\',
    '&',
    '|',
    '!',
    ':*',
    '()',
    '<->',
    '😀',
    '\u{1F525}',
    '%'.repeat(255),
    '-- drop table items',
  ])
    expect.soft(await found(ada, query), query).toEqual([]);
  const refused: [object, string][] = [
    [{ query: 'x'.repeat(10_000) }, 'query: 10000 characters; at most 255'],
    [{ query: 'a b c d e f g h i j k' }, 'query: 11 words; at most 10'],
    [{ query: 'a.'.repeat(100) }, 'query: 100 words; at most 40'],
    [{ query: 'a\0b' }, 'query holds control characters'],
    [{ query: '\ud800' }, 'query holds control characters'],
    [{ query: 'a\u202Eb' }, 'query holds control characters'],
    [{ query: 'a', projectIds: ['x'] }, 'projectIds: "x" is not the id of a Project'],
    [{ query: 'a', projectIds: Array(51).fill(nothing('Project')) }, 'projectIds: 51 projects'],
    [{ query: 'a', first: 101 }, 'first: 101'],
    [{ query: 'a', first: -1 }, 'first: -1'],
    [{ query: 'a', after: 'x' }, 'after: "x"'],
    [{ query: 'a', kinds: ['EMAIL'] }, 'EMAIL'],
  ];
  for (const [variables, culprit] of refused) {
    const { errors } = await office.ask(ada, SEARCH, variables as Record<string, unknown>);
    expect
      .soft(errors, culprit)
      .toMatchObject([{ message: expect.stringContaining(culprit), extensions: { code: 'BAD_USER_INPUT' } }]);
  }
  // the longest texts there can be, of letters that grow when they are folded, of words that differ, and of one word alone
  const many = Array.from({ length: 30_000 }, (_, n) => String.fromCodePoint(0x4e00 + (n % 20_000), 0x20)).join('');
  for (const [title, description] of [
    ['\uFDFA'.repeat(255), '\uFDFA'.repeat(99_990)],
    ['㌀'.repeat(255), many],
    ['x'.repeat(255), 'y'.repeat(99_990)],
    [
      '\u{10FFFD}\u0301'.repeat(80),
      Array.from({ length: 14_000 }, (_, n) => n.toString(36).padStart(6, 'z')).join(' '),
    ],
  ] as const) {
    const { userErrors, item: changed } = await update(ada, made.id, {
      title,
      description,
      position: title.slice(0, 50),
    });
    expect.soft(userErrors).toEqual([]);
    expect.soft(changed?.title).toBe(title);
  }
  expect(await found(ada, 'zzzz10')).toHaveLength(1);
  expect(await searchDrift(office)).toEqual([]);
});

test('numbers are found under a new abbreviation; many hits are the same as few, page after page', async () => {
  const { ada, ben, rae, sql, db } = office;
  // a place by itself: 2,001 hits are many there
  const annex = await office.project('Annex');
  const letters = await office.tool('Letters', [annex], { abbreviation: 'LT' });
  for (const [who, level] of [
    [ada, 'ADMIN'],
    [ben, 'STANDARD'],
    [rae, 'READ_ONLY'],
  ] as const)
    await office.grant(who, annex, letters, level);
  const root = await office.person('Root', { admin: true });
  await putItems(
    office,
    Array.from({ length: 2_300 }, (_, n) => ({
      ...{
        project: annex,
        tool: letters,
        by: n % 3 ? ada : ben,
        title: n % 700 === 1 ? 'Granite slab' : `Slab ${n} of granit${n % 2 ? 'e' : ''}`,
      },
      ...{ status: n % 50 === 0 ? 'Draft' : 'Open', private: n % 10 === 0, assignees: n % 100 === 0 ? [rae] : [] },
    })),
  );
  await sql`insert into responses (id, company_id, created_at, updated_at, project_id, item_id, position, notes, official, status_id, created_by_id)
    select gen_random_uuid(), company_id, created_at, updated_at, project_id, id, n, 'All of granite', n = 1, status_id, created_by_id
    from items, generate_series(1, 2) n where generic_tool_id = ${letters.id} and issued_at is not null`.execute(db);
  const all = async (who: Person, query: string, pages: number, kinds: string[]): Promise<string[]> => {
    const hits: string[] = [];
    for (let after: string | null = null, n = 0; n < pages; n += 1) {
      const { edges, pageInfo, totalCount } = await look(who, query, {
        first: 100,
        after,
        kinds,
        projectIds: [annex.gid],
      });
      expect(pageInfo.hasPreviousPage).toBe(n > 0);
      hits.push(...edges.map(({ node: { hit } }: Payload) => hit.id));
      if (!pageInfo.hasNextPage) {
        expect(totalCount).toBe(hits.length);
        break;
      }
      after = pageInfo.endCursor;
    }
    expect(new Set(hits).size).toBe(hits.length);
    return hits;
  };
  // what a plain look through the tables says, for the first pages and for all
  const due = async (who: Person, word: string, whole: string, isSeen: ReturnType<typeof sql>): Promise<string[]> => {
    const { rows } = await sql<{ id: string }>`
      select case kind when 'I' then 'Item:' else 'Response:' end || id as id from (
        select 'I' as kind, i.id, case when i.title ~* ${`\\y${whole}\\y`} then 3 when i.title ~* ${`\\y${word}`} then 2 else 0 end as rank, i.created_at
        from items i where ${isSeen}
        union all
        select 'R', r.id, case when r.notes ~* ${`\\y${word}`} then 1 else 0 end, r.created_at
        from responses r join items i on i.id = r.item_id where ${isSeen}
          and (r.official or r.created_by_id = ${who.id} or ${who === ada} or i.created_by_id = ${who.id}
            or exists (select from item_people p where p.item_id = i.id and p.user_id = ${who.id}))
      ) hit where rank > 0 order by rank desc, created_at desc, hit.id desc`.execute(db);
    return rows.map(({ id }) => Buffer.from(id).toString('base64url'));
  };
  const involved = (who: Person) => sql`(i.created_by_id = ${who.id} or i.issued_at is not null
    and exists (select from item_people p where p.item_id = i.id and p.user_id = ${who.id}))`;
  const ofTool = sql`i.generic_tool_id = ${letters.id}`;
  const sights: [Person, ReturnType<typeof sql>][] = [
    [ada, ofTool],
    [ben, sql`${ofTool} and (${involved(ben)} or not i.private and i.issued_at is not null)`],
    [rae, sql`${ofTool} and (${involved(rae)} or not i.private and i.issued_at is not null)`],
  ];
  const are = (type: string) => (id: string) => Buffer.from(id, 'base64url').toString().startsWith(type);
  for (const [who, isSeen] of sights) {
    const hits = await due(who, 'granit', 'granit', isSeen);
    expect(hits.filter(are('Item')).length).toBeGreaterThan(2_000);
    expect(hits.filter(are('Response')).length).toBeGreaterThan(2_000);
    expect(await all(who, 'granit', 2, ['ITEM', 'RESPONSE'])).toEqual(hits.slice(0, 200));
    expect(await all(who, 'granit', 2, ['RESPONSE'])).toEqual(hits.filter(are('Response')).slice(0, 200));
  }
  // all of the items, past the ends of the ranks
  const hits = await due(rae, 'granit', 'granit', sights[2]![1]);
  expect(await all(rae, 'granit', 99, ['ITEM'])).toEqual(hits.filter(are('Item')));
  expect(await found(ada, 'qx 12')).toEqual([]);
  await office.tell(root, 'updateGenericTool', { id: letters.gid, abbreviation: 'QX' }, 'genericTool { id }');
  expect((await look(ada, 'qx 12', { first: 1 })).edges[0].node.hit.number).toMatch(/^QX-12/);
  expect(await searchDrift(office)).toEqual([]);
}, 60_000);

test('a search takes as many statements for one hit as for a page of them', async () => {
  const { ada } = office;
  const first = (n: number) => office.statementsOf(ada, SEARCH, { query: 'interior', first: n });
  await first(1);
  expect([await first(1), await first(6)]).toEqual([6, 6].map((most) => expect.toSatisfy((n: number) => n <= most)));
});
