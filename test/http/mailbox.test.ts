import { afterAll, expect, test } from 'vitest';
import { seedDemo } from '../../seeds/demo.ts';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { signingSecret } from '../../src/http/signIn.ts';
import { mintToken } from '../../src/http/token.ts';
import { createOutbox, LETTER } from '../delivery/outbox.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

// a gateway in demo mode, with mails of the demo's company and of another one
const outbox = await createOutbox({}, async (_world, { name }) => ({
  ...LETTER,
  subject: `<b>To ${name}</b>`,
  text: 'Broken & cracked.',
  html: '<p>Broken.</p><script>alert(1)</script><img src="https://evil.example/x.png"><img src="cid:plan">',
  attachments: [{ filename: 'plan.png', contentType: 'image/png', content: PNG, cid: 'plan' }],
}));
const demo = { ...outbox.world, config: loadConfig({ DATA_DIR: outbox.world.config.dataDir }) };
await seedDemo(demo);
const app = createApp(demo);
const company = (
  await outbox.db.selectFrom('companies').where('name', '!=', 'Northside Builders').select('id').execute()
)[0]!;
await outbox.queue('ann@example.com');
await outbox.queueFor(company.id, 'joe@example.com');
await outbox.send();
afterAll(() => outbox[Symbol.asyncDispose]());

const get = (path: string, headers: Record<string, string> = {}, host = 'localhost:4000', method = 'GET') =>
  app.fetch(new Request(`http://${host}${path}`, { method, headers: { accept: 'text/html', ...headers } }));
const as = async (person: { id: string; email: string }) => ({
  authorization: `Bearer ${await mintToken(demo.config.signIn, (await signingSecret(demo.config))!, { ...person, externalId: null }, outbox.clock.now())}`,
});
const hrefs = (html: string) => [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, href]) => href!);

test('a browser on this machine sees the mails of the demo, and no others; nothing of a page runs', async () => {
  const page = await get('/mailbox');
  const html = await page.text();
  expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(page.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; frame-src 'self'; base-uri/,
  );
  expect(html).toContain('&lt;b&gt;To joe&lt;/b&gt;');
  expect(html).not.toMatch(/To ann|<script/);
  expect(html).toContain('1 mail.');
  const open = hrefs(html).find((href) => href.startsWith('/mailbox?mail='))!;
  const mail = await (await get(open)).text();
  expect(mail).toContain('<dt>To</dt><dd dir="auto">joe &lt;joe@example.com&gt;</dd>');
  expect(mail).toContain('<dt>Auto-Submitted</dt><dd dir="auto">auto-generated</dd>');
  expect(mail).toContain('Broken &amp; cracked.');
  expect(mail).not.toMatch(/<script|evil\.example/);
  expect(mail).toMatch(/<iframe [^>]*sandbox="allow-popups allow-popups-to-escape-sandbox" src="\/links\/mail\//);

  // its forms, by links
  const [shown, file, text] = hrefs(mail).filter((href) => href.startsWith('/links/mail/'));
  const inFrame = await get(shown!);
  expect(inFrame.headers.get('content-security-policy')).toMatch(
    /^sandbox allow-popups[^;]*; default-src 'none'; style-src 'unsafe-inline'; img-src data:;/,
  );
  expect(await inFrame.text()).toContain(`<img src="data:image/png;base64,${PNG.toString('base64')}">`);
  expect(await (await get(text!)).text()).toBe('Broken & cracked.\n');
  const raw = await get(file!);
  expect(raw.headers.get('content-disposition')).toMatch(/^attachment; filename="[0-9a-f-]{36}\.0\.eml"$/);
  expect(await raw.text()).toMatch(/^Return-Path: <gateway@gateway\.test>\r\nDelivered-To: joe@example\.com\r\n/);

  // a link is the admin's, and stops with what they are
  const admin = await outbox.db
    .selectFrom('users')
    .where('companyId', '=', company.id)
    .where('isCompanyAdmin', '=', true)
    .select('id')
    .execute();
  await outbox.db
    .updateTable('users')
    .set({ isCompanyAdmin: false })
    .where(
      'id',
      'in',
      admin.map(({ id }) => id),
    )
    .execute();
  expect([(await get(shown!)).status, (await get('/mailbox')).status]).toEqual([404, 401]);
  await outbox.db
    .updateTable('users')
    .set({ isCompanyAdmin: true })
    .where(
      'id',
      'in',
      admin.map(({ id }) => id),
    )
    .execute();
});

test('by a token company admins alone, each their own company; under another name of the host nobody without one', async () => {
  const [boss, worker] = [await outbox.person('Boss', { admin: true }), await outbox.person('Worker')];
  const page = await get('/mailbox', await as(boss), 'gateway.example');
  const html = await page.text();
  expect(page.status).toBe(200);
  expect(html).toContain('To ann');
  expect(html).not.toContain('To joe');
  const name = hrefs(html).find((href) => href.startsWith('/mailbox?mail='))!;
  const statuses = await Promise.all([
    get('/mailbox', await as(worker)),
    get('/mailbox', { authorization: 'Bearer rubbish' }),
    get('/mailbox', {}, 'gateway.example'),
    // of another company, of none, and of another folder
    get(name),
    get('/mailbox?mail=..%2F..%2Fsecret'),
    get(`/mailbox?mail=${'0'.repeat(36)}.0`),
    get('/mailbox', {}, 'localhost:4000', 'POST'),
    get('/mailbox/'),
  ]);
  expect(statuses.map(({ status }) => status)).toEqual([403, 401, 401, 404, 404, 404, 405, 404]);
});

test('out of demo mode there is no such page', async () => {
  expect((await outbox.app.fetch(new Request('http://localhost:4000/mailbox'))).status).toBe(404);
});
