import { expect, test } from 'vitest';
import { createDirectory, user } from '../sync/directory.ts';

const NAMES = ['Ärger, Zoë', 'Bourbon Beth', 'bourbon Adam', 'Daniels Jack', 'Éclair Ann', 'Zulu'];
const LIST = `query ($company: ID!, $query: String, $account: ID, $first: Int, $after: String, $last: Int, $before: String) { company(id: $company) {
  contacts(query: $query, accountId: $account, first: $first, after: $after, last: $last, before: $before) {
    totalCount nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
} }`;

test('contacts and cases are listed by name, page by page, and found by every word in name, address, title or type', async () => {
  await using directory = await createDirectory();
  const contacts = NAMES.map((name, n) => ({
    externalId: `${n}`,
    name,
    emails: [`person${n}@${n < 3 ? 'spirits' : 'cakes'}.example`, `second_${n}@x.example`],
    accountExternalId: n % 2 ? 'a' : 'b',
  }));
  const { rows, userErrors } = await directory.sync({
    accounts: [
      { externalId: 'a', name: 'Odd' },
      { externalId: 'b', name: 'Even' },
    ],
    contacts,
    cases: [
      { externalId: '1', title: 'Straßenbau', typeName: 'Claim' },
      { externalId: '2', title: 'Claim of Ärger', typeName: 'Letter' },
    ],
  });
  expect(userErrors).toEqual([]);
  const list = async (variables: object) =>
    (await directory.get(directory.ada, LIST, { company: directory.home.gid, ...variables })).company.contacts;
  const names = async (variables: object) => {
    const { nodes, totalCount } = await list(variables);
    expect(totalCount).toBe(nodes.length);
    return nodes.map(({ name }: { name: string }) => name);
  };
  const sorted = ['Ärger, Zoë', 'bourbon Adam', 'Bourbon Beth', 'Daniels Jack', 'Éclair Ann', 'Zulu'];
  expect(await names({})).toEqual(sorted);
  expect(await names({ query: 'BOURBON spirits' })).toEqual(['bourbon Adam', 'Bourbon Beth']);
  expect(await names({ query: 'arger' })).toEqual(['Ärger, Zoë']);
  expect(await names({ query: 'second_3@x' })).toEqual(['Daniels Jack']);
  expect(await names({ query: 'second%' })).toEqual([]);
  expect(await names({ query: 'bourbon cakes' })).toEqual([]);
  expect(await names({ query: ' \t' })).toEqual(sorted);
  expect(await names({ query: 'a\0' })).toEqual([]);
  expect(await names({ account: rows[0].id })).toEqual(['Bourbon Beth', 'Daniels Jack', 'Zulu']);

  // two at a time, forwards and back
  const pages: string[][] = [];
  let page = await list({ first: 2 });
  for (;;) {
    pages.push(page.nodes.map(({ name }: { name: string }) => name));
    if (!page.pageInfo.hasNextPage) break;
    page = await list({ first: 2, after: page.pageInfo.endCursor });
    expect(page.pageInfo.hasPreviousPage).toBe(true);
  }
  expect(pages.flat()).toEqual(sorted);
  const back = await list({ last: 2, before: page.pageInfo.startCursor });
  expect(back.nodes).toEqual([{ name: 'Bourbon Beth' }, { name: 'Daniels Jack' }]);

  const cases = async (query: string) => {
    const ask =
      'query ($id: ID!, $query: String) { company(id: $id) { cases(query: $query) { totalCount nodes { title } } } }';
    const { company } = await directory.get(directory.ada, ask, { id: directory.home.gid, query });
    expect(company.cases.totalCount).toBe(company.cases.nodes.length);
    return company.cases.nodes.map(({ title }: { title: string }) => title);
  };
  expect(await cases('claim')).toEqual(['Claim of Ärger', 'Straßenbau']);
  expect(await cases('claim strassen')).toEqual(['Straßenbau']);

  for (const wrong of [
    { query: 'x'.repeat(256) },
    { query: 'a b c d e f g h i j k' },
    { account: directory.ada.gid },
    { after: 'x' },
  ]) {
    const { errors } = await directory.ask(directory.ada, LIST, { company: directory.home.gid, ...wrong });
    expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
  }
});

test('a page takes as many statements for many as for one, and so does a sync', async () => {
  await using directory = await createDirectory();
  const many = (count: number, from = 0) => {
    const numbers = Array.from({ length: count }, (_, n) => `${from + n}`);
    return {
      users: numbers.map((n) => user(n, `Person ${n}`)),
      teams: numbers.map((n) => ({ externalId: n, name: `Team ${n}`, userExternalIds: [n] })),
      accounts: numbers.map((n) => ({ externalId: n, name: `Account ${n}` })),
      contacts: numbers.map((n) => ({
        externalId: n,
        name: `Contact ${n}`,
        emails: [`${n}@x.example`],
        accountExternalId: n,
        ownerExternalId: n,
        teamExternalId: n,
      })),
      cases: numbers.map((n) => ({
        externalId: n,
        title: `Case ${n}`,
        contactExternalId: n,
        ownerExternalId: n,
        teamExternalId: n,
      })),
    };
  };
  const synced = async (input: object) => {
    const before = directory.statements.count;
    expect((await directory.sync(input)).userErrors).toEqual([]);
    return directory.statements.count - before;
  };
  const one = await synced(many(1));
  expect(await synced(many(30, 1))).toBe(one);
  expect(one).toBeLessThan(30);
  const LISTS = [
    'teams { users { vendor { name } } }',
    'contacts(first: $first) { totalCount nodes { emails account { contacts { name } } owner { name } team { users { name } } } }',
    'cases(first: $first) { totalCount nodes { contact { account { name } } owner { name } team { users { name } } } }',
  ];
  // each after another change of names: nothing is remembered
  const page = async (list: string, first: number) => {
    await directory.sync({ accounts: [{ externalId: '0', name: `Renamed for ${first}` }] });
    const ask = `query ($id: ID!, $first: Int) { company(id: $id) { name ${list} again: vendors(first: $first) { totalCount } } }`;
    return directory.statementsOf(directory.ada, ask, { id: directory.home.gid, first });
  };
  for (const list of LISTS) expect.soft([list, await page(list, 31)]).toEqual([list, await page(list, 1)]);

  // however many an account has, it shows a page of them
  const crowd = Array.from({ length: 30 }, (_, n) => ({
    externalId: `crowd ${n}`,
    name: `${n + 10}`,
    emails: [],
    accountExternalId: '0',
  }));
  await directory.sync({ contacts: crowd });
  const { company } = await directory.get(
    directory.ada,
    'query ($id: ID!) { company(id: $id) { contacts(first: 2) { nodes { account { contacts { name } } } } } }',
    { id: directory.home.gid },
  );
  const shown = crowd.slice(0, 25).map(({ name }) => ({ name }));
  const account = { account: { contacts: shown } };
  expect(company.contacts.nodes).toEqual([account, account]);
});
