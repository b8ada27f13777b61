import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../kit/world.ts';
import { createSite, faultsOf, nothing, type Site } from '../permission/site.ts';

let site: Site;
let mia: Person;
beforeAll(async () => {
  site = await createSite();
  mia = await site.person('Mia Member');
  await site.member(mia, site.tower);
});
afterAll(() => site[Symbol.asyncDispose]());

const TOPIC = 'topic { id topicType externalId title number url project { name } }';
const upsert = (who: Person, more: object = {}) =>
  site.tell(
    who,
    'upsertTopic',
    { projectId: site.tower.gid, type: 'RFI', externalId: '7', title: 'Which bolts?', ...more },
    TOPIC,
  );

test('a company admin makes a topic, and changes it by its project, type and external id', async () => {
  const made = await upsert(site.ada, { number: 'RFI-7', url: 'https://rfi.example.com/7' });
  expect(made).toMatchObject({
    userErrors: [],
    topic: { topicType: 'RFI', externalId: '7', title: 'Which bolts?', number: 'RFI-7', project: { name: 'Tower' } },
  });
  // what is left out stays, null clears
  const changed = await upsert(site.ada, { externalId: ' 7 ', title: 'Which bolts and nuts?', url: null });
  expect(changed.topic).toEqual({ ...made.topic, title: 'Which bolts and nuts?', url: null });
  const bridge = await site.project('Bridge');
  for (const other of [{ type: 'SUBMITTAL_LOG' }, { projectId: bridge.gid }, { externalId: '8' }])
    expect((await upsert(site.ada, other)).topic.id).not.toBe(made.topic.id);
});

test('who sees the project sees its topics, by id and by external id; nobody else does', async () => {
  const { id } = (await upsert(site.ada, { externalId: 'seen' })).topic;
  const oli = await site.person('Oli Outside');
  const source = `query ($id: ID!, $company: ID!, $project: ID!, $kind: ExternalKind!, $type: TopicType) {
    node(id: $id) { id }
    externalNode(companyId: $company, kind: $kind, topicType: $type, externalId: "seen", projectId: $project) { __typename id }
  }`;
  const find = (who: Person, more: object = {}) =>
    site.get(who, source, {
      ...{ id, company: site.home.gid, project: site.tower.gid, kind: 'TOPIC', type: 'RFI', ...more },
    });
  const shown = { node: { id }, externalNode: { __typename: 'ExternalTopic', id } };
  for (const who of [site.ada, mia]) expect(await find(who)).toEqual(shown);
  expect(await find(oli)).toEqual({ node: null, externalNode: null });
  expect((await find(mia, { type: 'FORM' })).externalNode).toBe(null);
  // of the kinds that are kept here, it is these that are found
  expect((await find(site.ada, { type: 'PROJECT' })).externalNode).toBe(null);
  await site.sql`update projects set external_id = 'seen' where id = ${site.tower.id}`.execute(site.db);
  expect((await find(site.ada, { type: 'PROJECT' })).externalNode).toEqual({
    __typename: 'Project',
    id: site.tower.gid,
  });
  // without a project while only one of them has it
  const anywhere = source.replace('$project: ID!', '$project: ID');
  const variables = { id, company: site.home.gid, kind: 'TOPIC', type: 'RFI' };
  expect((await site.get(mia, anywhere, variables)).externalNode.id).toBe(id);
  const dock = await site.project('Dock');
  await upsert(site.ada, { externalId: 'seen', projectId: dock.gid });
  expect((await site.get(mia, anywhere, variables)).externalNode.id).toBe(id);
  await site.member(mia, dock);
  for (const [more, word] of [
    [{}, 'projectId'],
    [{ project: site.tower.gid, type: null }, 'topicType'],
  ] as const) {
    const { errors } = await site.ask(mia, anywhere, { ...variables, ...more });
    expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0].message).toContain(word);
  }
});

test('who is no company admin is refused, and rubbish is named', async () => {
  expect(faultsOf(await upsert(mia))).toEqual(['FORBIDDEN']);
  const south = await site.company('Southside');
  const dock = await site.project('Dock', { companyId: south.id });
  const refusals: [object, string[]][] = [
    [{ type: 'PROJECT' }, ['INVALID type']],
    [{ type: 'GENERIC_TOOL_ITEM' }, ['INVALID type']],
    [{ type: 'CASE' }, ['INVALID type']],
    [{ externalId: '  ' }, ['REQUIRED externalId']],
    [{ title: '' }, ['REQUIRED title']],
    [{ title: 'x'.repeat(256), externalId: 'x'.repeat(256) }, ['TOO_LONG externalId', 'TOO_LONG title']],
    [{ title: 'a\u0007' }, ['INVALID title']],
    [{ url: 'javascript:alert(1)' }, ['INVALID url']],
    [{ url: 'ftp://example.com' }, ['INVALID url']],
    [{ url: 'https://me:secret@example.com' }, ['INVALID url']],
    [{ projectId: nothing('Project') }, ['NOT_FOUND projectId']],
    [{ projectId: dock.gid }, ['NOT_FOUND projectId']],
    [{ projectId: 'x', type: 'CASE' }, ['NOT_FOUND projectId', 'INVALID type']],
  ];
  for (const [more, faults] of refusals) {
    const payload = await upsert(site.ada, more);
    expect([more, faultsOf(payload), payload.topic]).toEqual([more, faults, null]);
  }
});

test('two who upsert the same at once make one', async () => {
  const made = await Promise.all(['A', 'B', 'C', 'D'].map((title) => upsert(site.ada, { externalId: 'race', title })));
  expect(new Set(made.map(({ topic }) => topic.id)).size).toBe(1);
});
