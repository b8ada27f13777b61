import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { transaction } from '../../src/database/transaction.ts';
import { type NewDelivery, queueDeliveries } from '../../src/delivery/delivery.ts';
import { newId } from '../../src/kernel/ids.ts';
import { sendEmailBy } from '../../src/worker/sendEmail.ts';
import { startSmtp } from '../kit/smtp.ts';
import { workOff } from '../kit/work.ts';
import { createWorld, type TestWorld } from '../kit/world.ts';

const jobs = [
  sendEmailBy({
    NOTIFICATION: async (_world, { name }) => ({
      subject: `To ${name}`,
      text: 'A lintel is broken.',
      html: '<p>A lintel is broken.</p>',
      automatic: true,
    }),
  }),
];

/** Puts mails to these addresses on their way. */
const queue = (world: TestWorld, ...addresses: string[]) =>
  transaction(world, async (act) => {
    const rows = addresses.map(
      (address, i): NewDelivery => ({
        ...{
          id: newId(act.now, i),
          companyId: world.home.id,
          kind: 'NOTIFICATION',
          address,
          name: address.split('@')[0]!,
        },
      }),
    );
    await queueDeliveries(world, act, rows);
  });

const states = async ({ db }: TestWorld) =>
  (
    await sql<{ address: string; state: string; attempts: number; lastError: string | null }>`
      select address, state, attempts, last_error as "lastError" from email_deliveries order by id`.execute(db)
  ).rows;

test('mail without a server is kept in the mailbox', async () => {
  await using world = await createWorld();
  await queue(world, 'ann@example.com', 'bob@example.com', 'a,b@example.com');
  expect(await workOff(world, jobs)).toEqual([]);
  expect(await states(world)).toMatchObject([
    { state: 'SENT', attempts: 1 },
    { state: 'SENT', attempts: 1 },
    { state: 'FAILED', attempts: 0, lastError: expect.stringContaining('not one') },
  ]);
  expect((await world.mails()).map(({ subject }) => subject)).toEqual(['To ann', 'To bob']);
});

test('one bad address stops nobody', async () => {
  await using server = await startSmtp({ rcpt: (address) => (address.startsWith('bob') ? { code: 550 } : undefined) });
  await using world = await createWorld({ SMTP_URL: server.url, MAIL_FROM: 'Gateway <gateway@example.org>' });
  await queue(world, 'ann@example.com', 'bob@example.com', 'cat@example.com');
  expect(await workOff(world, jobs)).toEqual([]);
  expect(await states(world)).toMatchObject([{ state: 'SENT' }, { state: 'FAILED' }, { state: 'SENT' }]);
  expect(server.taken.map(({ envelope }) => envelope)).toEqual([
    { from: 'gateway@example.org', to: ['ann@example.com'] },
    { from: 'gateway@example.org', to: ['cat@example.com'] },
  ]);
});
