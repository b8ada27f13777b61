import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { mintToken } from '../../src/http/token.ts';
import { createOffice, type Office } from '../kit/office.ts';

const SECRET = 'a secret of the process that is killed, 32 bytes or more';

/** A gateway of its own on the office's database. */
async function startGateway(office: Office, dataDir: string) {
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
  const settings = { DATABASE_URL: office.url, DATA_DIR: dataDir, JWT_SECRET: SECRET, RATE_LIMIT: '0', PORT: '0' };
  const child = spawn(process.execPath, [main], { env: { PATH: process.env.PATH, HOST: '127.0.0.1', ...settings } });
  const exited = once(child, 'exit');
  let origin: string | undefined;
  for await (const line of createInterface(child.stdout)) {
    origin = /http:\/\/localhost:\d+/.exec(line)?.[0];
    if (origin) break;
  }
  child.stdout.resume();
  child.stderr.resume();
  const { ada } = office;
  const token = await mintToken(office.config.signIn, SECRET, { ...ada, externalId: null }, new Date());
  return {
    async send(query: string, variables: object): Promise<void> {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const answer = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query, variables }),
      });
      const { errors } = (await answer.json()) as { errors?: { message: string }[] };
      if (errors) throw new Error(errors[0]!.message);
    },
    async kill(): Promise<void> {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Items of which something is missing: audiences, the event of their making, or events and history of their changes. */
const HALF_DONE = `
  select i.number from items i
  where not exists (select 1 from item_audiences a where a.item_id = i.id)
    or not exists (select 1 from events e where e.item_id = i.id and e.type = 'item.created')
    or (select count(*) from events e where e.item_id = i.id and e.type = 'item.updated') <> i.version - 1
    or (select count(*) from item_changes c where c.item_id = i.id and c.field = 'title') <> i.version - 1
    or (select count(*) from item_people p where p.item_id = i.id) <> 2
    or (select count(*) from events e where e.item_id = i.id and e.type = 'response.created')
      <> (select count(*) from responses r where r.item_id = i.id)`;

test('a gateway that is killed in the middle of writing leaves nothing half done', async () => {
  await using office = await createOffice();
  const dataDir = await mkdtemp(join(tmpdir(), 'crash-'));
  const gateway = await startGateway(office, dataDir);
  try {
    const { tower, review, ada, ben } = office;
    const people = { assigneeIds: [ben.gid], distributionMemberIds: [ada.gid] };
    const kept = await office.item(ada, { statusName: 'Open', ...people });
    let done = 0;
    const writer = async (write: (n: number) => Promise<void>) => {
      for (let n = 0; ; n += 1) {
        await write(n);
        done += 1;
      }
    };
    const create = {
      projectId: tower.gid,
      genericToolId: review.gid,
      item: { title: 'New', statusName: 'Open', ...people },
    };
    const writers = [
      ...Array.from({ length: 4 }, () =>
        writer(() =>
          gateway.send('mutation ($input: CreateItemInput!) { createItem(input: $input) { userErrors { code } } }', {
            input: create,
          }),
        ),
      ),
      ...Array.from({ length: 4 }, (_, w) =>
        writer((n) =>
          gateway.send(
            'mutation ($input: CreateResponseInput!) { createResponse(input: $input) { userErrors { code } } }',
            {
              input: { itemId: kept.id, notes: 'x', itemPatch: { title: `${w} ${n}` } },
            },
          ),
        ),
      ),
    ];
    const ended = Promise.allSettled(writers);
    while (done < 40) await new Promise((later) => setTimeout(later, 5));
    await gateway.kill();
    await ended;
    const { rows: halfDone } = await office.sql.raw(HALF_DONE).execute(office.db);
    expect(halfDone).toEqual([]);
    const { rows } = await office.sql<{ made: number; last: number }>`
      select count(*)::int as made, max(position_number)::int as last from items`.execute(office.db);
    expect(rows[0]!.made).toBeGreaterThan(10);
    // no number is lost with those who died
    expect(rows[0]!.last).toBe(rows[0]!.made);
    expect(Number((await office.item(ada)).position)).toBeGreaterThan(rows[0]!.last);
  } finally {
    await gateway.kill();
    await rm(dataDir, { recursive: true, force: true });
  }
});
