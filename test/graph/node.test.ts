import { expect, test } from 'vitest';
import { schema } from '../../src/graph/schema.ts';
import { newId, toGlobalId } from '../../src/kernel/ids.ts';
import { REFERENCE_KINDS, REFERENCE_TYPES } from '../../src/reference/reference.policy.ts';
import { putReferences } from '../kit/reference.ts';
import { createWorld, type Person, type TestWorld } from '../kit/world.ts';

/** A company with one of everything that has a global id, as Ada sees it, who administers the company and the tool. */
async function oneOfEach() {
  const world = await createWorld({ WEBHOOK_ALLOWED_RANGES: '127.0.0.0/8' });
  const tower = await world.project('Tower');
  const review = await world.tool('Design Review', [tower]);
  const ada = await world.person('Ada Admin', { admin: true, vendor: 'JJ Developers' });
  await world.grant(ada, tower, review, 'ADMIN');
  const ben = await world.person('Ben Reader');
  await world.grant(ben, tower, review, 'READ_ONLY');
  const tell = async (source: string, variables: Record<string, unknown>) => {
    const { payload } = await world.get(ada, source, variables);
    expect(payload.userErrors ?? []).toEqual([]);
    return payload;
  };
  // where nobody listens: it is tried again later
  const { webhook } = await tell(
    `mutation ($input: CreateWebhookInput!) { payload: createWebhook(input: $input) { webhook { id } userErrors { message } } }`,
    { input: { companyId: world.home.gid, url: 'http://127.0.0.1:9/', events: ['ITEM_CREATED'] } },
  );
  const { item } = await tell(
    `mutation ($input: CreateItemInput!) { payload: createItem(input: $input) { item { id } userErrors { message } } }`,
    { input: { projectId: tower.gid, genericToolId: review.gid, item: { title: 'Lintel', statusName: 'Open' } } },
  );
  await tell(
    `mutation ($input: UpdateItemInput!) { payload: updateItem(input: $input) { item { id } userErrors { message } } }`,
    {
      input: {
        id: item.id,
        patch: {
          title: 'Broken lintel',
          assigneeIds: [ben.gid],
          references: [{ kind: 'FORM', externalId: '3', name: 'Survey' }],
        },
      },
    },
  );
  const { response } = await tell(
    `mutation ($input: CreateResponseInput!) { payload: createResponse(input: $input) { response { id } userErrors { message } } }`,
    { input: { itemId: item.id, notes: 'Repair it.' } },
  );
  const { permissionTemplate } = await tell(
    `mutation ($input: SavePermissionTemplateInput!) {
      payload: savePermissionTemplate(input: $input) { permissionTemplate { id } userErrors { message } }
    }`,
    { input: { companyId: world.home.gid, name: 'Subs', entries: [] } },
  );
  const { apiKey } = await tell(
    `mutation ($input: CreateApiKeyInput!) { payload: createApiKey(input: $input) { apiKey { id } userErrors { message } } }`,
    { input: { name: 'Night run' } },
  );
  const { customField } = await tell(
    `mutation ($input: CreateCustomFieldInput!) { payload: createCustomField(input: $input) { customField { id } userErrors { message } } }`,
    { input: { companyId: world.home.gid, label: 'Grid', dataType: 'STRING' } },
  );
  const { savedView } = await tell(
    `mutation ($input: SaveViewInput!) { payload: saveView(input: $input) { savedView { id } userErrors { message } } }`,
    { input: { projectId: tower.gid, name: 'All' } },
  );
  const { topic } = await tell(
    `mutation ($input: UpsertTopicInput!) { payload: upsertTopic(input: $input) { topic { id } userErrors { message } } }`,
    { input: { projectId: tower.gid, type: 'RFI', externalId: '7', title: 'Which bolts?' } },
  );
  const { relatedItem } = await tell(
    `mutation ($input: AddRelatedItemInput!) { payload: addRelatedItem(input: $input) { relatedItem { id } userErrors { message } } }`,
    { input: { itemId: item.id, topic: { type: 'RFI', id: topic.id } } },
  );
  expect(await world.work()).toEqual([]);
  const { rows } = await tell(
    `mutation ($input: SyncDirectoryInput!) { payload: syncDirectory(input: $input) { rows { id } userErrors { message } } }`,
    {
      input: {
        companyId: world.home.gid,
        teams: [{ externalId: '1', name: 'Desk', userExternalIds: [] }],
        accounts: [{ externalId: '1', name: 'Private' }],
        contacts: [{ externalId: '1', name: 'Jack Daniels', emails: ['jd@example.com'] }],
        cases: [{ externalId: '1', title: 'Move' }],
      },
    },
  );
  const { emailCommunication } = await tell(
    `mutation ($input: CreateEmailCommunicationInput!) {
      payload: createEmailCommunication(input: $input) { emailCommunication { id latestEmail { id } } userErrors { message } }
    }`,
    {
      input: { topic: { type: 'GENERIC_TOOL_ITEM', id: item.id }, body: 'Who repairs it?', distributionIds: [ada.gid] },
    },
  );
  const seen = await world.get(
    ada,
    `query ($item: ID!, $tool: ID!, $webhook: ID!) {
      webhook: node(id: $webhook) { ... on Webhook { deliveries { nodes { id } } } }
      viewer { user { vendor { id } } }
      item(id: $item) { changes { nodes { id } } attachments { id } notifications { nodes { id delivery { id } } } }
      genericTool(id: $tool) { fieldsets { id } }
    }`,
    { item: item.id, tool: review.gid, webhook: webhook.id },
  );
  const references = await putReferences(
    world,
    tower,
    REFERENCE_KINDS.map((kind) => ({ kind, name: REFERENCE_TYPES[kind] })),
  );
  const ids: Record<string, string> = {
    ...Object.fromEntries(Object.entries(references).map(([type, { gid }]) => [type, gid])),
    Company: world.home.gid,
    Vendor: seen.viewer.user.vendor.id,
    User: ada.gid,
    Project: tower.gid,
    GenericTool: review.gid,
    GenericToolStatus: review.statuses.Open!.gid,
    Fieldset: seen.genericTool.fieldsets[0].id,
    PermissionTemplate: permissionTemplate.id,
    Item: item.id,
    ItemChange: seen.item.changes.nodes[0].id,
    Response: response.id,
    ItemNotification: seen.item.notifications.nodes[0].id,
    EmailDelivery: seen.item.notifications.nodes[0].delivery.id,
    ApiKey: apiKey.id,
    CustomField: customField.id,
    SavedView: savedView.id,
    Attachment: seen.item.attachments[0].id,
    ExternalTopic: topic.id,
    RelatedItem: relatedItem.id,
    Team: rows[0].id,
    Account: rows[1].id,
    Contact: rows[2].id,
    Case: rows[3].id,
    Webhook: webhook.id,
    WebhookDelivery: seen.webhook.deliveries.nodes[0].id,
    EmailCommunication: emailCommunication.id,
    Email: emailCommunication.latestEmail.id,
  };
  return Object.assign(world, { ada, tower, review, ids });
}

const NODE = 'query ($id: ID!) { node(id: $id) { __typename id } }';
const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';
const codesOf = (errors: { extensions: { code: string } }[] = []) => errors.map(({ extensions }) => extensions.code);
const nobodys = (type: string) => toGlobalId(type, newId(new Date()));

/** What somebody finds by these ids, one by one; the list must say the same. */
async function found(world: TestWorld, who: Person, ids: string[]): Promise<(string | null)[]> {
  const { nodes } = await world.get(who, NODES, { ids });
  for (const [n, id] of ids.entries()) expect((await world.get(who, NODE, { id })).node).toEqual(nodes[n]);
  return nodes.map((node: { __typename: string } | null) => node?.__typename ?? null);
}

test('every type that is a Node is found by its id', async () => {
  await using world = await oneOfEach();
  const types = schema.getPossibleTypes(schema.getType('Node') as never).map(({ name }) => name);
  expect(Object.keys(world.ids).sort()).toEqual([...types].sort());
  const { nodes } = await world.get(world.ada, NODES, { ids: Object.values(world.ids) });
  expect(nodes).toEqual(Object.entries(world.ids).map(([__typename, id]) => ({ __typename, id })));
  expect(await found(world, world.ada, Object.values(world.ids))).toEqual(Object.keys(world.ids));
});

test('what somebody may not see is answered as what never existed', async () => {
  await using world = await oneOfEach();
  const types = Object.keys(world.ids);
  const ids = Object.values(world.ids);
  const nia = await world.person('Nia Nobody');
  const open = ['Company', 'Vendor', 'User', 'CustomField', 'Team', 'Account', 'Contact'];
  expect(await found(world, nia, ids)).toEqual(types.map((type) => (open.includes(type) ? type : null)));

  const other = await world.company('Elsewhere Inc');
  const oli = await world.person('Oli Other', { companyId: other.id, admin: true });
  expect(await found(world, oli, ids)).toEqual(types.map(() => null));

  expect(await found(world, world.ada, types.map(nobodys))).toEqual(types.map(() => null));
});

test('nodes keeps the order of the request, repeats and all', async () => {
  await using world = await oneOfEach();
  const { Item, User, Response } = world.ids as Record<string, string>;
  const ids = [User!, nobodys('Item'), Item!, User!, Response!, nobodys('User'), Item!];
  expect(await found(world, world.ada, ids)).toEqual(['User', null, 'Item', 'User', 'Response', null, 'Item']);
  expect(await found(world, world.ada, [])).toEqual([]);
});

test('nodes takes at most 100 ids', async () => {
  await using world = await createWorld();
  const ann = await world.person('Ann Example');
  const ids = Array.from({ length: 100 }, () => nobodys('Item'));
  expect((await world.get(ann, NODES, { ids })).nodes).toEqual(ids.map(() => null));
  const { data, errors } = await world.ask(ann, NODES, { ids: [...ids, ann.gid] });
  expect([data, codesOf(errors)]).toEqual([null, ['BAD_USER_INPUT']]);
  expect(errors![0].message).toContain('101 ids; at most 100');
});

const uuid = '01900000-0000-7000-8000-000000000000';
const base64 = (text: string) => Buffer.from(text).toString('base64url');

const RUBBISH: [what: string, id: string][] = [
  ['nothing at all', ''],
  ['a text', 'Console design finishes'],
  ['a number of another system', '126094'],
  ['a raw uuid', uuid],
  ['base64 of something else', base64('to be or not to be, that is the question')],
  ['no type', base64(`:${uuid}`)],
  ['no uuid', base64('Item:')],
  ['a uuid in capitals', base64(`Item:${uuid.replaceAll('8', 'A')}`)],
  ['too many parts', base64(`Item:${uuid}:1`)],
  ['a type that there is not', base64(`Elephant:${uuid}`)],
  ['a type of the language', base64(`String:${uuid}`)],
  ['an object that is no Node', base64(`PageInfo:${uuid}`)],
  ['the interface itself', base64(`Node:${uuid}`)],
  ['an input', base64(`ItemPatch:${uuid}`)],
  ['a name from the depths of JavaScript', base64(`constructor:${uuid}`)],
  ['a name from the depths of JavaScript', base64(`__proto__:${uuid}`)],
  ['a type in Greek', base64(`Ιtem:${uuid}`)],
  ['padding', `${base64(`Item:${uuid}`)}==`],
  ['the alphabet of plain base64', base64(`Item:${uuid}`).replace(/.$/, '+')],
  ['a NUL', `${base64(`Item:${uuid}`)}\0`],
  ['1 MB', 'A'.repeat(900_000)],
];

test('an id that is none is BAD_USER_INPUT and named', async () => {
  await using world = await createWorld();
  const ann = await world.person('Ann Example');
  for (const [what, id] of RUBBISH) {
    for (const [source, variables] of [
      [NODE, { id }],
      [NODES, { ids: [ann.gid, id] }],
      ['query ($id: ID!) { item(id: $id) { id } }', { id }],
    ] as const) {
      const { data, errors } = await world.ask(ann, source, variables);
      expect(codesOf(errors), `${what}: ${source}`).toEqual(['BAD_USER_INPUT']);
      expect(Object.values(data ?? {}).filter(Boolean), what).toEqual([]);
      expect(errors![0].message, what).toContain(`"${id.slice(0, 60)}`);
      expect(errors![0].message.length, what).toBeLessThan(250);
    }
  }
});

test('an id of another type than the argument wants is BAD_USER_INPUT', async () => {
  await using world = await oneOfEach();
  const { ids, ada } = world;
  const wrong: [string, string][] = [
    ['query ($id: ID!) { item(id: $id) { id } }', ids.User!],
    ['query ($id: ID!) { project(id: $id) { id } }', ids.Item!],
    ['query ($id: ID!) { company(id: $id) { id } }', ids.Project!],
    ['query ($id: ID!) { genericTool(id: $id) { id } }', ids.GenericToolStatus!],
    [
      'query ($id: ID!) { viewer { projects { nodes { availableStatuses(genericToolId: $id) { id } } } } }',
      ids.Fieldset!,
    ],
    ['query ($id: ID!) { externalNode(companyId: $id, kind: USER, externalId: "1") { id } }', ids.User!],
  ];
  for (const [source, id] of wrong) {
    const { errors } = await world.ask(ada, source, { id });
    expect(codesOf(errors), source).toEqual(['BAD_USER_INPUT']);
    expect(errors![0].message).toContain(id);
  }
});

test('a page of nodes of each kind takes as many statements as one of each', async () => {
  await using world = await oneOfEach();
  // some that are not there with each: what is there may be remembered, and cost nothing
  const ofEach = (lost: number) =>
    Object.keys(world.ids).flatMap((type) => [world.ids[type]!, ...Array.from({ length: lost }, () => nobodys(type))]);
  await world.statementsOf(world.ada, NODES, { ids: ofEach(1) });
  const few = await world.statementsOf(world.ada, NODES, { ids: ofEach(1) });
  const most = Math.floor(100 / Object.keys(world.ids).length) - 1;
  expect(await world.statementsOf(world.ada, NODES, { ids: ofEach(most) })).toBe(few);
});
