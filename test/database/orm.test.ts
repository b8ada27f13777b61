import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { dbOf, openOrm } from '../../src/database/orm.ts';
import { createWorld } from '../kit/world.ts';

/** What a connection at that address has set. */
async function settingOf(url: string, name: string): Promise<string> {
  const orm = await openOrm(url, { poolSize: 1 });
  try {
    const { rows } = await sql<{ value: string }>`select current_setting(${name}) as value`.execute(
      dbOf(orm.em.fork()),
    );
    return rows[0]!.value;
  } finally {
    await orm.close(true);
  }
}

test('what the address of a database says beside its name is heeded', async () => {
  await using world = await createWorld();
  expect(await settingOf(`${world.url}?options=-c%20work_mem%3D7MB`, 'work_mem')).toBe('7MB');
  expect(await settingOf(`${world.url}?application_name=site-office`, 'application_name')).toBe('site-office');
  // the server of the tests has no TLS, and nothing goes to it without
  await expect(settingOf(`${world.url}?sslmode=verify-full`, 'work_mem')).rejects.toThrow(/SSL/);
  // ours stay
  expect(await settingOf(`${world.url}?options=-c%20work_mem%3D7MB`, 'statement_timeout')).toBe('1min');
  expect(await settingOf(world.url, 'application_name')).toBe('correspondence-gateway');
});

test('a server that writes dates and times in its own way gives the same answers', async () => {
  await using world = await createWorld();
  const tower = await world.project('Tower');
  const review = await world.tool('Design Review', [tower]);
  const ann = await world.person('Ann Example');
  await world.grant(ann, tower, review, 'STANDARD');
  for (const dueDate of ['2026-03-01', '2026-11-12', null]) {
    const item = { title: 'Lintel', statusName: 'Open', dueDate };
    await world.get(
      ann,
      'mutation ($input: CreateItemInput!) { createItem(input: $input) { userErrors { message } } }',
      { input: { projectId: tower.gid, genericToolId: review.gid, item } },
    );
  }
  const query = `query ($after: String) {
    items(first: 1, after: $after, orderBy: [{ field: DUE_DATE }, { field: CREATED_AT }]) {
      nodes { number dueDate isOverdue createdAt issuedAt } pageInfo { endCursor hasNextPage }
    }
  }`;
  const name = new URL(world.url).pathname.slice(1);
  const answers: unknown[] = [];
  for (const [style, zone] of [
    ['ISO, MDY', 'UTC'],
    ['German', 'Asia/Kathmandu'],
    ['SQL, DMY', 'America/St_Johns'],
    ['Postgres, YMD', 'Europe/Amsterdam'],
  ]) {
    await sql.raw(`alter database ${name} set datestyle = '${style}'`).execute(world.db);
    await sql.raw(`alter database ${name} set timezone = '${zone}'`).execute(world.db);
    const orm = await openOrm(world.url, { poolSize: 1 });
    const { fetch } = createApp({ ...world.world, orm });
    const pages = [];
    for (let after: string | null = null; ; ) {
      const response = await fetch(
        new Request('http://gateway.test/graphql', {
          method: 'POST',
          headers: { authorization: `Bearer ${await world.token(ann)}`, 'content-type': 'application/json' },
          body: JSON.stringify({ query, variables: { after } }),
        }),
      );
      // biome-ignore lint/suspicious/noExplicitAny: an answer of the graph
      const { data, errors } = (await response.json()) as any;
      expect(errors).toBe(undefined);
      pages.push(...data.items.nodes);
      after = data.items.pageInfo.endCursor;
      if (!data.items.pageInfo.hasNextPage) break;
    }
    answers.push(pages);
    await orm.close(true);
  }
  expect(answers[0]).toMatchObject([
    { dueDate: '2026-03-01', isOverdue: true },
    { dueDate: '2026-11-12', isOverdue: false },
    { dueDate: null, isOverdue: false },
  ]);
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});
