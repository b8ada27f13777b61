import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openEmbedded } from '../../src/database/embedded.ts';
import { openReceiver } from '../kit/receiver.ts';
import { startSmtp } from '../kit/smtp.ts';
import { type Expected, openOffice } from './office.ts';
import { judgeCalls, judgeMails, openBooks } from './outcome.ts';
import { runCommand, startGateway, startWorkers } from './processes.ts';

/*
 * npm run crash: kills workers (-9) at random moments while people write, and counts what reached an endpoint and a mail server.
 * By hand, for it takes three minutes: a mail that a killed worker was sending is sent anew when its claim is over, after two.
 */
const KILLS = Number(process.argv[2] ?? 30);
const WORKERS = 2;
const SETTLED_MS = 180_000;
const SECRET = 'a secret of processes that are killed, 32 bytes or more';

process.setMaxListeners(20);
const say = (words: string) => void process.stdout.write(`${words}\n`);
const anyMs = (most: number) => Math.floor(Math.random() * most);

await using stack = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), 'gateway-crash-'));
stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
const database = await openEmbedded(folder);
stack.defer(() => database.close());
const receiver = stack.use(await openReceiver(() => ({ status: 200, delayMs: anyMs(300) })));
// it takes the mail, and its sender may be gone before it says so
const smtp = stack.use(await startSmtp({ data: () => sleep(anyMs(200), undefined) }));
const settings = {
  DATA_DIR: folder,
  JWT_SECRET: SECRET,
  RATE_LIMIT: '0',
  SMTP_URL: smtp.url,
  SMTP_TLS: 'off',
  MAIL_FROM: 'Gateway <gateway@example.com>',
  WEBHOOK_ALLOWED_RANGES: '127.0.0.0/8',
  LOG_LEVEL: 'fatal',
};
await runCommand('cli/seed.ts', settings);
const gateway = stack.use(await startGateway(settings));
const workers = stack.use(await startWorkers(WORKERS, settings));
const books = stack.use(await openBooks(database.url));
const office = await openOffice(gateway.origin, SECRET);
await office.hook(receiver.url);

say(`${WORKERS} workers are killed ${KILLS} times while people write.`);
const start = performance.now();
const expected: Expected[] = [];
const kills = { done: 0 };
const killing = (async () => {
  for (; kills.done < KILLS; kills.done += 1) {
    await sleep(anyMs(1_000));
    await workers.killOne();
  }
})();
for (let n = 0; kills.done < KILLS; n += 1) {
  expected.push(...(await office.write(n)));
  // one endpoint is told of one thing after the other: no more than it takes in that time
  await sleep(anyMs(1_000));
}
await killing;
const seconds = (from: number) => `${((performance.now() - from) / 1000).toFixed(0)} s`;
say(`Killed in ${seconds(start)}; what waits is waited for.`);

const quiet = performance.now();
let left = await books.waiting();
while (left.jobs + left.mails + left.calls > 0 && performance.now() - quiet < SETTLED_MS) {
  await sleep(500);
  left = await books.waiting();
}
say(`Settled after another ${seconds(quiet)}.`);
const endedWell = await workers.stop();

const calls = judgeCalls(await books.events(), receiver.received);
const mails = judgeMails(expected, smtp.taken);
const line = (name: string, cells: unknown[]) =>
  say([name.padEnd(10), ...cells.map((cell) => String(cell).padStart(9))].join(''));
line('', ['expected', 'ids', 'lost', 'again', 'wrong']);
for (const [name, { expected, came, lost, again, wrong }] of Object.entries({ webhook: calls, mail: mails }))
  line(name, [expected, came, lost.length, again, wrong.length]);
for (const job of left.jobs > 0 ? await books.jobs() : []) say(JSON.stringify(job));
say(`Left: ${JSON.stringify(left)}; mails ${JSON.stringify(await books.states('email_deliveries'))}`);
say(`webhook ${JSON.stringify(await books.states('webhook_deliveries'))}`);
const twice = await books.repeated();
const troubles = [
  ...[...calls.lost, ...mails.lost].map((what) => `lost: ${what}`),
  ...[...calls.wrong, ...mails.wrong].map((what) => `wrong: ${what}`),
  ...twice.map((what) => `told by two mails: ${JSON.stringify(what)}`),
  ...(left.jobs + left.mails + left.calls > 0 ? ['not settled in time'] : []),
  ...(endedWell ? [] : ['a worker that was told to stop did not end well']),
];
for (const trouble of troubles.slice(0, 20)) say(trouble);
say(troubles.length === 0 ? 'Nothing was lost.' : `${troubles.length} troubles.`);
process.exitCode = troubles.length === 0 ? 0 : 1;
