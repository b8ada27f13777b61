import { type AddressInfo, createServer, type Server } from 'node:net';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { waitingDelivery } from '../../src/delivery/attempt.ts';
import { countDeliveries } from '../../src/delivery/delivery.queries.ts';
import { sendForgotten } from '../../src/worker/sendEmail.ts';
import { startSmtp } from '../kit/smtp.ts';
import { createOutbox, LETTER } from './outbox.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test('mail without a server is kept in the mailbox, and an address that is none fails at once', async () => {
  await using outbox = await createOutbox();
  await outbox.queue('ann@example.com', 'a,b@example.com', 'bob@example.com');
  expect(await outbox.send()).toEqual([]);
  expect(await outbox.stands()).toMatchObject([
    { state: 'SENT', attempts: 1, lastError: null, nextAttemptAt: null },
    { state: 'FAILED', attempts: 0, lastError: 'The address is not one that mail can be sent to.' },
    { state: 'SENT', attempts: 1 },
  ]);
  expect(await countDeliveries(outbox.db, outbox.clock.now())).toEqual([
    { state: 'FAILED', count: 1 },
    { state: 'SENT', count: 2 },
  ]);
  expect((await outbox.mails()).map(({ to, subject }) => [to, subject])).toEqual([
    [[{ name: 'ann', address: 'ann@example.com' }], LETTER.subject],
    [[{ name: 'bob', address: 'bob@example.com' }], LETTER.subject],
  ]);
});

test('in production mail without a server waits for one, for five days, and says why', async () => {
  await using outbox = await createOutbox({ NODE_ENV: 'production' });
  await outbox.queue('ann@example.com');
  expect(await outbox.send()).toEqual([]);
  expect(await outbox.stands()).toMatchObject([
    { state: 'DEFERRED', attempts: 0, lastError: 'No mail server is set (SMTP_URL).' },
  ]);
  expect(await outbox.mails()).toEqual([]);
  await outbox.later(5 * 24 * HOUR);
  await outbox.send();
  expect(await outbox.states()).toEqual(['FAILED']);
});

test('one bad address stops nobody: 550 fails for good, 450 is tried again later, the others get theirs', async () => {
  const greylisted = new Set(['cat@example.com']);
  await using server = await startSmtp({
    rcpt: (address) => {
      if (address.startsWith('bob')) return { code: 550, words: '5.1.1 No such user here' };
      return greylisted.has(address) ? { code: 450, words: '4.7.1 Greylisted, come back' } : undefined;
    },
  });
  await using outbox = await createOutbox({ SMTP_URL: server.url });
  await outbox.queue('ann@example.com', 'bob@example.com', 'cat@example.com', 'dan@example.com');
  expect(await outbox.send()).toEqual([]);
  expect(await outbox.stands()).toMatchObject([
    { state: 'SENT' },
    { state: 'FAILED', attempts: 1, lastError: '550 5.1.1 No such user here', nextAttemptAt: null },
    { state: 'DEFERRED', attempts: 1, lastError: '450 4.7.1 Greylisted, come back' },
    { state: 'SENT' },
  ]);
  greylisted.clear();
  await outbox.later(30_000);
  await outbox.send();
  expect(server.taken).toHaveLength(2);
  await outbox.later(MINUTE);
  await outbox.send();
  expect(await outbox.stands()).toMatchObject([{}, {}, { state: 'SENT', attempts: 2, lastError: null }, {}]);
  expect(server.taken.map(({ envelope }) => envelope).toSorted((a, b) => (a.to[0]! < b.to[0]! ? -1 : 1))).toEqual(
    ['ann', 'cat', 'dan'].map((name) => ({ from: 'gateway@example.org', to: [`${name}@example.com`] })),
  );
});

test('a recipient who is put off for five days is given up, with the last words of the server', async () => {
  await using server = await startSmtp({ rcpt: () => ({ code: 452, words: '4.2.2 Mailbox full' }) });
  await using outbox = await createOutbox({ SMTP_URL: server.url });
  await outbox.queue('ann@example.com');
  const states: string[] = [];
  for (const days of [0, 4.6, 0.4]) {
    await outbox.later(days * 24 * HOUR);
    await outbox.send();
    states.push(...(await outbox.states()));
  }
  expect(states).toEqual(['DEFERRED', 'DEFERRED', 'FAILED']);
  expect(await outbox.stands()).toMatchObject([
    { attempts: 3, lastError: '452 4.2.2 Mailbox full', nextAttemptAt: null },
  ]);
});

test('what is said of the message itself: 554 is for good, 451 for now; 421 and 5xx of the sender are no fault of the recipient', async () => {
  await using server = await startSmtp();
  await using outbox = await createOutbox({ SMTP_URL: server.url });
  const said: [step: 'data' | 'from' | 'connect', code: number, state: string][] = [
    ['data', 554, 'FAILED'],
    ['data', 451, 'DEFERRED'],
    ['data', 421, 'DEFERRED'],
    ['from', 553, 'DEFERRED'],
    ['from', 552, 'FAILED'],
    ['connect', 421, 'DEFERRED'],
    ['connect', 554, 'DEFERRED'],
  ];
  for (const [step, code, state] of said) {
    for (const name of ['data', 'from', 'connect'] as const) delete server.script[name];
    server.script[step] = () => ({ code, words: 'no' });
    if (step === 'connect') server.drop();
    await sql`delete from email_deliveries`.execute(outbox.db);
    await outbox.queue('ann@example.com');
    expect(await outbox.send()).toEqual([]);
    expect([step, code, ...(await outbox.states())]).toEqual([step, code, state]);
    await outbox.later(MINUTE);
  }
  expect(server.taken).toEqual([]);
});

test('a server that drops the connection after DATA gets the same message once more, under the same Message-ID', async () => {
  let drops = 0;
  await using server = await startSmtp({
    data: () => {
      drops += 1;
      return drops <= 4 ? (drops % 2 ? 'drop when taken' : 'drop') : undefined;
    },
  });
  await using outbox = await createOutbox({ SMTP_URL: server.url });
  await outbox.queue('ann@example.com', 'bob@example.com', 'cat@example.com');
  for (let round = 0; round < 6; round += 1) {
    expect(await outbox.send()).toEqual([]);
    await outbox.later(10 * MINUTE);
  }
  const stands = await outbox.stands();
  expect(stands.map(({ state }) => state)).toEqual(['SENT', 'SENT', 'SENT']);
  // nobody lost; twice only those that the server had taken as it dropped, each under one Message-ID
  const taken = Map.groupBy(server.taken, ({ envelope }) => envelope.to[0]!);
  expect([...taken.keys()].toSorted()).toEqual(stands.map(({ address }) => address));
  for (const { address, messageId } of stands)
    expect(new Set(taken.get(address)!.map((mail) => mail.messageId))).toEqual(new Set([messageId]));
  expect(server.taken).toHaveLength(3 + 2);
});

test('a server that is down holds up all mail, is not knocked at by each, and gets it all when it is back', async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => free.once('listening', resolve));
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  let composed = 0;
  await using outbox = await createOutbox({ SMTP_URL: `smtp://127.0.0.1:${port}` }, async () => {
    composed += 1;
    return LETTER;
  });
  await outbox.queue(...Array.from({ length: 20 }, (_, i) => `user${i}@example.com`));
  expect(await outbox.send()).toEqual([]);
  expect(new Set(await outbox.states())).toEqual(new Set(['DEFERRED']));
  expect(composed).toBe(1);
  expect((await outbox.stands())[7]).toMatchObject({
    attempts: 0,
    lastError: 'The mail server cannot be reached, or broke off.',
  });
  await outbox.later(2 * 24 * HOUR);
  await outbox.send();
  expect(new Set(await outbox.states())).toEqual(new Set(['DEFERRED']));
  // at the latest ten minutes after it is back, however long it was away
  await using server = await startSmtp({}, {}, port);
  await outbox.later(10 * MINUTE);
  expect(await outbox.send()).toEqual([]);
  expect(new Set(await outbox.states())).toEqual(new Set(['SENT']));
  expect(new Set(server.taken.flatMap(({ envelope }) => envelope.to)).size).toBe(20);
  expect(server.taken).toHaveLength(20);
  // over one connection, which ends with the world
  expect([server.seen.connections, server.open()]).toEqual([1, 1]);
  outbox.mailer.close();
  await expect.poll(() => server.open()).toBe(0);
});

test('a server that never greets, or dawdles for ever, holds a worker for two time-outs at most', async () => {
  const silent = createServer(() => {});
  const dawdling = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('220');
    const drip = setInterval(() => socket.write('-'), 100);
    socket.on('close', () => clearInterval(drip));
  });
  const heldFor = async (server: Server) => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await using outbox = await createOutbox({ SMTP_URL: `smtp://127.0.0.1:${port}`, SMTP_TIMEOUT: '1' });
    await outbox.queue('ann@example.com');
    const start = performance.now();
    expect(await outbox.send()).toEqual([]);
    expect(await outbox.stands()).toMatchObject([
      { state: 'DEFERRED', attempts: 1, lastError: 'The mail server does not answer in time.' },
    ]);
    server.close();
    return performance.now() - start;
  };
  const held = await Promise.all([silent, dawdling].map(heldFor));
  expect(held.filter((ms) => ms < 900 || ms > 6_000)).toEqual([]);
});

test('twice at once a mail is sent once; a worker that was killed leaves it to others when its time is over', async () => {
  await using server = await startSmtp();
  await using outbox = await createOutbox({ SMTP_URL: server.url });
  const [id] = await outbox.queue('ann@example.com');
  const deed = () => outbox.job.deed(outbox.world, { deliveryId: id! });
  await Promise.all([deed(), deed(), deed()]);
  expect(server.taken).toHaveLength(1);
  await outbox.send();
  await outbox.later(HOUR);
  await outbox.send();
  expect(server.taken).toHaveLength(1);

  // killed after it had claimed the delivery: its job is freed, and done by another
  const [other] = await outbox.queue('bob@example.com');
  await sql`update email_deliveries set claimed_until = ${new Date(outbox.clock.now().getTime() + 2 * MINUTE)}, attempts = 1
    where id = ${other}`.execute(outbox.db);
  await outbox.send();
  expect(server.taken).toHaveLength(1);
  await outbox.later(2 * MINUTE + 2_000);
  await outbox.send();
  expect(server.taken.map(({ envelope }) => envelope.to[0])).toEqual(['ann@example.com', 'bob@example.com']);
  expect(await waitingDelivery(outbox.world, other!)).toBeNull();
});

test('what was sent or failed goes anew as another message; what is deferred is tried now, as the same one', async () => {
  await using server = await startSmtp({
    rcpt: (address) =>
      address.startsWith('bob') ? { code: 550 } : address.startsWith('cat') ? { code: 450 } : undefined,
  });
  await using outbox = await createOutbox({ SMTP_URL: server.url });
  const ids = await outbox.queue('ann@example.com', 'bob@example.com', 'cat@example.com');
  await outbox.send();
  const before = await outbox.stands();
  delete server.script.rcpt;
  expect((await outbox.requeue(...ids)).toSorted()).toEqual(ids);
  // on its way already
  expect(await outbox.requeue(ids[0]!)).toEqual([]);
  expect(await outbox.stands()).toMatchObject(ids.map((id) => ({ id, state: 'QUEUED', attempts: 0, lastError: null })));
  expect(await outbox.send()).toEqual([]);
  const after = await outbox.stands();
  expect(after.map(({ state }) => state)).toEqual(['SENT', 'SENT', 'SENT']);
  expect(after.map(({ messageId }, i) => messageId === before[i]!.messageId)).toEqual([false, false, true]);
  expect(new Set(server.taken.map(({ messageId }) => messageId)).size).toBe(4);
});

test('a composer decides at the moment of sending; one that fails holds up no other, and what has no job gets one', async () => {
  await using server = await startSmtp();
  let broken = true;
  await using outbox = await createOutbox({ SMTP_URL: server.url }, async (_world, { name }) => {
    if (name === 'gone') return null;
    if (name === 'broken' && broken) throw new Error('the composer is broken');
    return LETTER;
  });
  const [, brokenId] = await outbox.queue('gone@example.com', 'broken@example.com', 'ann@example.com');
  expect((await outbox.send()).map(({ message }) => message)).toEqual(['the composer is broken']);
  expect(await outbox.stands()).toMatchObject([
    { address: 'broken@example.com', state: 'QUEUED', attempts: 0 },
    { address: 'ann@example.com', state: 'SENT' },
  ]);
  // a kind that another version writes
  await sql`update email_deliveries set kind = 'POSTCARD' where id = ${brokenId}`.execute(outbox.db);
  await outbox.later(10_000);
  expect((await outbox.send()).map(({ message }) => message)).toEqual([
    'nobody here composes mails of the kind POSTCARD',
  ]);
  await sql`update email_deliveries set kind = 'NOTIFICATION' where id = ${brokenId}`.execute(outbox.db);

  await outbox.later(2 * HOUR);
  await sql`update graphile_worker._private_jobs set attempts = max_attempts`.execute(outbox.db);
  await sendForgotten.deed(outbox.world, {});
  broken = false;
  expect(await outbox.send()).toEqual([]);
  expect(await outbox.states()).toEqual(['SENT', 'SENT']);

  // and one that nobody can write is given up like any other
  broken = true;
  await outbox.queue('broken@example.com');
  await outbox.send();
  await outbox.later(6 * 24 * HOUR);
  expect(await outbox.send()).toEqual([]);
  expect((await outbox.stands()).at(-1)).toMatchObject({
    state: 'FAILED',
    lastError: 'The mail could not be written; the log of the gateway says why.',
  });
});
