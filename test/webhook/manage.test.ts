import { createSecretKey } from 'node:crypto';
import pino from 'pino';
import { expect, test } from 'vitest';
import { faultsOf, nothing, type Payload } from '../kit/office.ts';
import { openReceiver } from '../kit/receiver.ts';
import { workOff } from '../kit/work.ts';
import type { Person } from '../kit/world.ts';
import { createHookOffice } from './hooks.ts';

const URL_ = 'http://127.0.0.1:9/hook';

test('who may make, see and change webhooks', async () => {
  await using office = await createHookOffice();
  const { ada, ben, cleo, out, tower, home } = office;
  const boss = await office.person('Bo Boss', { admin: true });
  const dock = await office.project('Dock');
  const other = await office.company('Southside');
  const of = { company: { companyId: home.gid }, tower: { projectId: tower.gid }, dock: { projectId: dock.gid } };
  const made = async (by: Person, scope: object, more: object = {}) =>
    faultsOf(await office.create(by, { url: URL_, events: ['ITEM_CREATED'], ...scope, ...more }));
  expect(await made(cleo, of.company)).toEqual([]);
  expect(await made(cleo, of.dock)).toEqual([]);
  expect(await made(ada, of.tower)).toEqual([]);
  expect(await made(ada, of.company)).toEqual(['FORBIDDEN companyId']);
  expect(await made(ben, of.tower)).toEqual(['FORBIDDEN projectId']);
  expect(await made(ada, of.dock)).toEqual(['NOT_FOUND projectId']);
  expect(await made(out, of.tower)).toEqual(['NOT_FOUND projectId']);
  expect(await made(cleo, { projectId: nothing('Project') })).toEqual(['NOT_FOUND projectId']);
  expect(await made(cleo, { projectId: home.gid })).toEqual(['NOT_FOUND projectId']);
  expect(await made(cleo, { companyId: other.gid })).toEqual(['NOT_FOUND companyId']);
  expect(await made(cleo, { ...of.company, ...of.tower })).toEqual(['INVALID']);
  expect(await made(cleo, {})).toEqual(['INVALID']);

  const input = (url: string, more: object = {}) => made(cleo, of.company, { url, ...more });
  for (const url of [
    'ftp://127.0.0.1/',
    'javascript:alert(1)',
    'hook',
    'http://me:secret@127.0.0.1/',
    'http://127.0.0.1/#part',
    'http://127.0.0.1/#',
    'http://10.0.0.1/',
    'http://[::1]/',
    'http://169.254.169.254/latest',
    'http://no-such-name.invalid/',
  ])
    expect([url, ...(await input(url))]).toEqual([url, 'INVALID url']);
  expect(await input(`http://127.0.0.1/${'x'.repeat(2_000)}`)).toEqual(['TOO_LONG url']);
  expect(await input(' ')).toEqual(['REQUIRED url']);
  expect(await input(URL_, { events: [] })).toEqual(['REQUIRED events']);
  expect(await input(URL_, { description: 'x'.repeat(256) })).toEqual(['TOO_LONG description']);
  expect(await made(ada, of.tower, { events: ['IMPORT_FINISHED'] })).toEqual(['INVALID events']);

  // who sees what: the owner, and company admins
  const list = async (who: Person) => {
    const { company, project } = await office.get(
      who,
      `query ($company: ID!, $project: ID!) {
        company(id: $company) { webhooks { id owner { name } } } project(id: $project) { webhooks { id owner { name } } } }`,
      { company: home.gid, project: tower.gid },
    );
    return [company?.webhooks.length, project?.webhooks.length];
  };
  expect(await list(cleo)).toEqual([1, 1]);
  expect(await list(boss)).toEqual([1, 1]);
  expect(await list(ada)).toEqual([0, 1]);
  expect(await list(ben)).toEqual([0, 0]);
  const [hook] = (
    await office.get(ada, `query ($id: ID!) { project(id: $id) { webhooks { id url enabled events } } }`, {
      id: tower.gid,
    })
  ).project.webhooks;
  expect(hook).toMatchObject({ url: URL_, enabled: true, events: ['ITEM_CREATED'] });
  expect(await office.look(ben, hook)).toBe(null);
  const deny = async (who: Person) => [
    ...faultsOf(await office.change(who, hook, { enabled: false })),
    ...faultsOf(await office.rotate(who, hook)),
    ...faultsOf(await office.tell(who, 'deleteWebhook', { id: hook.id }, 'deletedId')),
  ];
  const sam = await office.person('Sam South', { admin: true, companyId: other.id });
  for (const who of [ben, sam]) expect(await deny(who)).toEqual(['NOT_FOUND id', 'NOT_FOUND id', 'NOT_FOUND id']);
  for (const id of [nothing('Webhook'), tower.gid, 'x']) {
    expect(faultsOf(await office.change(ada, { id }, {}))).toEqual(['NOT_FOUND id']);
    expect(faultsOf(await office.redeliver(ada, id))).toEqual(['NOT_FOUND deliveryIds.0']);
  }
  // what ada sees shall not go where an admin likes
  expect(faultsOf(await office.change(boss, hook, { url: 'http://127.0.0.1:10/' }))).toEqual(['FORBIDDEN url']);
  expect(faultsOf(await office.rotate(boss, hook))).toEqual(['FORBIDDEN id']);
  const change = async (patch: object) => faultsOf(await office.change(boss, hook, patch));
  expect(
    await change({ url: URL_, description: ' For the archive ', events: ['ITEM_CLOSED', 'EMAIL_SENT', 'ITEM_CLOSED'] }),
  ).toEqual([]);
  expect(await office.look(ada, hook)).toMatchObject({
    description: 'For the archive',
    events: ['ITEM_CLOSED', 'EMAIL_SENT'],
    url: URL_,
  });
  expect(await change({ description: null, enabled: false })).toEqual([]);
  expect(await office.look(ada, hook)).toMatchObject({
    description: null,
    enabled: false,
    events: ['ITEM_CLOSED', 'EMAIL_SENT'],
  });
  expect(await change({ url: null })).toEqual(['REQUIRED url']);
  expect(await change({ events: null, enabled: null })).toEqual(['REQUIRED events', 'REQUIRED enabled']);
  expect(await change({ events: ['IMPORT_FINISHED'] })).toEqual(['INVALID events']);
  expect(faultsOf(await office.change(ada, hook, { url: 'http://192.168.1.1/' }))).toEqual(['INVALID url']);
  expect(faultsOf(await office.tell(boss, 'deleteWebhook', { id: hook.id }, 'deletedId'))).toEqual([]);
  expect(await office.look(ada, hook)).toBe(null);
});

test('there are at most 50 of a company, and 50 of a project, also when all come at once', async () => {
  await using office = await createHookOffice();
  const { cleo, ada, tower } = office;
  await office.hook(cleo, URL_);
  await office.sql`
    insert into webhooks (id, company_id, created_at, updated_at, owner_id, url, events, enabled, secrets)
    select gen_random_uuid(), company_id, created_at, updated_at, owner_id, url, events, enabled, secrets
    from webhooks, generate_series(1, 47)`.execute(office.db);
  const input = { companyId: office.home.gid, url: URL_, events: ['ITEM_CREATED'] };
  const all = await Promise.all([1, 2, 3, 4, 5].map(() => office.create(cleo, input)));
  expect(all.flatMap(faultsOf)).toEqual(['TOO_MANY', 'TOO_MANY', 'TOO_MANY']);
  await office.hook(ada, URL_, { projectId: tower.gid, events: ['ITEM_CREATED'] });
});

test('a secret is told once, and its successor signs beside it for a day', async () => {
  const lines: string[] = [];
  await using office = await createHookOffice();
  await using receiver = await openReceiver();
  const { cleo } = office;
  const sink = { write: (line: string) => void lines.push(line) };
  office.world.log = pino({ level: 'trace' }, sink);
  const work = async () => expect(await workOff(office.world)).toEqual([]);
  const hook = await office.hook(cleo, receiver, { events: ['ITEM_CREATED'] });
  const { secret: next, userErrors } = await office.rotate(cleo, hook);
  expect(userErrors).toEqual([]);
  expect(next).not.toBe(hook.secret);
  const signedBy = async (secrets: string[]) => {
    await office.item(cleo);
    await work();
    const last = receiver.received.at(-1)!;
    expect(String(last.headers['webhook-signature']).split(' ')).toHaveLength(secrets.length);
    for (const secret of secrets) expect(office.verify(last, secret)).toMatchObject({ type: 'item.created' });
    return last;
  };
  await signedBy([next, hook.secret]);
  await office.later(23 * 3_600_000);
  const third = (await office.rotate(cleo, hook)).secret;
  await signedBy([third, next, hook.secret]);
  await office.later(2 * 3_600_000);
  const last = await signedBy([third, next]);
  expect(() => office.verify(last, hook.secret)).toThrow('No matching signature');
  await office.later(24 * 3_600_000);
  await signedBy([third]);
  for (let n = 0; n < 4; n += 1) expect((await office.rotate(cleo, hook)).userErrors).toEqual([]);
  expect(faultsOf(await office.rotate(cleo, hook))).toEqual(['TOO_MANY id']);

  // nobody reads any of them again: not in the graph, not in the database, not in the log
  const { data } = await office.ask(cleo, `{ __type(name: "Webhook") { fields { name } } }`);
  expect(JSON.stringify(data)).not.toMatch(/secret/i);
  const { rows } = await office.sql<{ all: string }>`
    select string_agg(w::text, ' ') || (select string_agg(d::text, ' ') from webhook_deliveries d)
      || (select coalesce(string_agg(k::text, ' '), '') from idempotency_keys k) as all from webhooks w`.execute(
    office.db,
  );
  for (const secret of [hook.secret, next, third]) {
    expect(rows[0]!.all).not.toContain(secret.slice(6, -1));
    expect(lines.join()).not.toContain(secret.slice(6, -1));
  }

  // the keys of the gateway change: those of before open it, until it is sealed anew
  const key = createSecretKey('another secret that links are signed with', 'utf8');
  const [old] = office.world.links.keys;
  office.world.links.keys.unshift({ id: 'newer', key });
  const sent = receiver.received.length;
  await office.item(cleo);
  await work();
  expect(receiver.received).toHaveLength(sent + 1);
  await office.sql`select graphile_worker.add_job('resealSecrets')`.execute(office.db);
  await work();
  office.world.links.keys.splice(1);
  await office.item(cleo);
  await work();
  expect(receiver.received).toHaveLength(sent + 2);
  // without any key that opens it nothing is sent, and the log says so
  office.world.links.keys.splice(0, 1, old!);
  await office.item(cleo);
  await work();
  expect(receiver.received).toHaveLength(sent + 2);
  expect((await office.deliveries(cleo, hook))[0]).toMatchObject({
    state: 'RETRYING',
    attempts: 1,
    error: expect.stringContaining('Rotate it'),
  });
  expect(lines.join()).toContain('no key of LINK_SECRETS opens the secret of a webhook');
});

test('the log is read by pages, of several webhooks in as many statements as of one', async () => {
  await using office = await createHookOffice();
  await using receiver = await openReceiver();
  const { cleo } = office;
  const hooks = [];
  for (let n = 0; n < 3; n += 1)
    hooks.push(await office.hook(cleo, receiver, { events: ['ITEM_CREATED', 'ITEM_ISSUED'] }));
  for (let n = 0; n < 4; n += 1) await office.item(cleo, { title: `${n}`, statusName: 'Open' });
  await office.work();
  const page = `deliveries(first: $first, after: $after) {
    nodes { id event payload responseBody } pageInfo { hasNextPage hasPreviousPage endCursor } totalCount }`;
  const PAGE = `query ($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on Webhook { ${page} } } }`;
  const seen: string[] = [];
  let after: string | null = null;
  for (let n = 0; n < 4; n += 1) {
    const { deliveries }: Payload = (await office.get(cleo, PAGE, { id: hooks[0]!.id, first: 3, after })).node;
    expect(deliveries.totalCount).toBe(8);
    expect(deliveries.pageInfo).toMatchObject({ hasPreviousPage: n > 0, hasNextPage: n < 2 });
    if (n === 3) break;
    seen.push(...deliveries.nodes.map(({ id }: { id: string }) => id));
    after = deliveries.pageInfo.endCursor ?? after;
    if (!deliveries.pageInfo.hasNextPage) break;
  }
  expect(seen).toEqual((await office.deliveries(cleo, hooks[0]!)).map(({ id }) => id));
  expect(seen).toHaveLength(8);
  const LIST = `query ($id: ID!, $first: Int, $after: String) { company(id: $id) { webhooks { id owner { name } ${page} } } }`;
  const cost = (first: number) => office.statementsOf(cleo, LIST, { id: office.home.gid, first });
  await cost(1);
  const [one, eight] = [await cost(1), await cost(8)];
  expect(eight).toBe(one);
  expect(one).toBeLessThanOrEqual(12);
});
