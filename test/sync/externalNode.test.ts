import { expect, test } from 'vitest';
import type { Person, Thing } from '../kit/world.ts';
import { createSite, nothing, type Site } from '../permission/site.ts';

const EXTERNAL = `query ($company: ID!, $kind: ExternalKind!, $externalId: String!, $project: ID) {
  externalNode(companyId: $company, kind: $kind, externalId: $externalId, projectId: $project) { __typename id }
}`;

/** What somebody finds under "7", as `Type id`, or null. */
const found = async (site: Site, who: Person, kind: string, more: object = {}) =>
  (await site.get(who, EXTERNAL, { company: site.home.gid, kind, externalId: '7', ...more })).externalNode;

/** Everything has the external id "7": a tool that Rita is ADMIN of in Tower, and a private item there with an unofficial response. */
async function story() {
  const site = await createSite();
  const { sql, db, tower, review } = site;
  const [rita, mia] = [await site.person('Rita Review', { vendor: 'JJ Developers' }), await site.person('Mia Member')];
  await site.grant(rita, tower, review, 'ADMIN');
  await site.member(mia, tower);
  const { createItem } = await site.get(
    rita,
    'mutation ($input: CreateItemInput!) { createItem(input: $input) { item { id } userErrors { message } } }',
    {
      input: {
        projectId: tower.gid,
        genericToolId: review.gid,
        item: { title: 'Lintel', statusName: 'Open', private: true, externalId: '7' },
      },
    },
  );
  const { createResponse } = await site.get(
    rita,
    'mutation ($input: CreateResponseInput!) { createResponse(input: $input) { response { id } userErrors { message } } }',
    { input: { itemId: createItem.item.id, notes: 'Seen' } },
  );
  const vendor = await site.vendor('JJ Developers');
  const status = review.statuses.Open!;
  await sql`update responses set external_id = '7'`.execute(db);
  for (const [table, { id }] of [
    ['vendors', vendor],
    ['users', rita],
    ['projects', tower],
    ['generic_tools', review],
    ['generic_tool_statuses', status],
  ] as [string, Thing][])
    await sql`update ${sql.table(table)} set external_id = '7' where id = ${id}`.execute(db);
  return {
    ...site,
    rita,
    mia,
    jj: vendor,
    open: status,
    itemGid: createItem.item.id as string,
    responseGid: createResponse.response.id as string,
  };
}

test('each kind is found by its external id, by whoever sees it', async () => {
  await using site = await story();
  const node = (__typename: string, id: string) => ({ __typename, id });
  const all = {
    VENDOR: node('Vendor', site.jj.gid),
    USER: node('User', site.rita.gid),
    PROJECT: node('Project', site.tower.gid),
    GENERIC_TOOL: node('GenericTool', site.review.gid),
    GENERIC_TOOL_STATUS: node('GenericToolStatus', site.open.gid),
    ITEM: node('Item', site.itemGid),
    RESPONSE: node('Response', site.responseGid),
  };
  for (const [kind, expected] of Object.entries(all)) expect(await found(site, site.rita, kind)).toEqual(expected);
  for (const kind of ['VENDOR', 'USER', 'PROJECT'] as const)
    expect(await found(site, site.mia, kind)).toEqual(all[kind]);
  for (const kind of ['GENERIC_TOOL', 'GENERIC_TOOL_STATUS', 'ITEM', 'RESPONSE'])
    expect(await found(site, site.mia, kind)).toBe(null);
  // a company admin sees tools, but items only through tool permissions
  for (const kind of ['GENERIC_TOOL', 'GENERIC_TOOL_STATUS'] as const)
    expect(await found(site, site.ada, kind)).toEqual(all[kind]);
  for (const kind of ['ITEM', 'RESPONSE']) expect(await found(site, site.ada, kind)).toBe(null);
});

test('projectId narrows down what belongs to a project', async () => {
  await using site = await story();
  const bridge = await site.project('Bridge');
  expect(await found(site, site.rita, 'ITEM', { project: site.tower.gid })).not.toBe(null);
  for (const kind of ['ITEM', 'RESPONSE']) {
    expect(await found(site, site.rita, kind, { project: bridge.gid })).toBe(null);
    expect(await found(site, site.rita, kind, { project: nothing('Project') })).toBe(null);
  }
});

test('kinds without a row of that id, other companies, unknown ids and rubbish answer null', async () => {
  await using site = await story();
  const south = await site.company('Southside');
  const sam = await site.person('Sam Southside', { companyId: south.id, admin: true });
  for (const kind of ['TEAM', 'CONTACT', 'ACCOUNT', 'CASE']) expect(await found(site, site.rita, kind)).toBe(null);
  expect(await found(site, site.rita, 'USER', { company: south.gid })).toBe(null);
  expect(await found(site, sam, 'USER')).toBe(null);
  expect(await found(site, sam, 'USER', { company: south.gid })).toBe(null);
  for (const externalId of ['8', '', 'a\0b', '\ud800', "' or true --", '💥'.repeat(1000)])
    expect(await found(site, site.rita, 'USER', { externalId })).toBe(null);
});

test('ids of another type are BAD_USER_INPUT', async () => {
  await using site = await story();
  for (const wrong of [{ company: site.rita.gid }, { project: site.rita.gid }, { company: 'x' }]) {
    const { errors } = await site.ask(site.rita, EXTERNAL, {
      company: site.home.gid,
      kind: 'ITEM',
      externalId: '7',
      ...wrong,
    });
    expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
  }
});
