import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createWorld } from '../kit/world.ts';

const text = await readFile(new URL('../../src/database/scaling.md', import.meta.url), 'utf8');

test('the document names every table without a company, and every unique constraint without one', async () => {
  await using world = await createWorld();
  const { rows: tables } = await sql<{ name: string }>`
    select relname as name from pg_class t where relnamespace = 'public'::regnamespace and relkind = 'r' and not exists (
      select from pg_attribute where attrelid = t.oid and attname = 'company_id' and attnotnull)`.execute(world.db);
  expect(tables.map(({ name }) => name).sort()).toEqual(['companies', 'migrations']);
  const { rows: unique } = await sql<{ name: string }>`
    select indexname as name from pg_indexes
    where schemaname = 'public' and indexdef like '%UNIQUE%' and indexdef !~ 'company_id' and indexdef !~ '\\(id\\)$'`.execute(
    world.db,
  );
  expect(unique.length).toBeGreaterThan(15);
  expect(unique.map(({ name }) => name).filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

test('the document names the functions and views', async () => {
  await using world = await createWorld();
  const { rows: others } = await sql<{ name: string }>`
    select viewname as name from pg_views where schemaname = 'public'
    union select regexp_replace(proname, '^(count_items_on_).*', '\\1...') from pg_proc
      where pronamespace = 'public'::regnamespace`.execute(world.db);
  expect(others.map(({ name }) => name).filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});
