import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dbOf } from '../../src/database/orm.ts';
import { countNext } from '../../src/item/item.position.ts';
import { fromGlobalId } from '../../src/kernel/ids.ts';
import { createOffice, faultsOf, type Office, type Payload, wordsOf } from '../kit/office.ts';

describe('numbers', () => {
  let office: Office;
  beforeAll(async () => {
    office = await createOffice();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const positions = (items: Payload[]): string[] => items.map(({ position }) => position);
  /** Makes items one after the other; the positions that they get. */
  async function inTurn(words: Office['create'], ...given: (string | null)[]): Promise<string[]> {
    const got: string[] = [];
    for (const position of given) {
      const payload = await words(office.ada, position === null ? {} : { position });
      got.push(payload.item?.position ?? faultsOf(payload).join());
    }
    return got;
  }

  test('count from 001 for each project and tool', async () => {
    const { ada, secondTool } = office;
    const tool = await secondTool('Change Request', { abbreviation: 'CR' });
    const annex = await office.project('Annex');
    await office.sql`insert into fieldset_projects (project_id, generic_tool_id, company_id, fieldset_id)
      select ${annex.id}, generic_tool_id, company_id, id from fieldsets where generic_tool_id = ${tool.id}`.execute(
      office.db,
    );
    await office.grant(ada, annex, tool, 'ADMIN');
    const there = wordsOf(office, annex, tool);
    expect(await inTurn(tool.words.create, null, null, null)).toEqual(['001', '002', '003']);
    expect(await inTurn(there.create, null, null)).toEqual(['001', '002']);
    expect((await there.create(ada, { position: '003' })).item.number).toBe('CR-003');
  });

  test('skip integers taken by hand, however they are written, and no others', async () => {
    const { words } = await office.secondTool('Bulletin');
    await inTurn(words.create, '2', '0003', ' 5 ', '00000000000000000000000007', '8a', '-9', '9.0', '10 ', 'XI');
    expect(await inTurn(words.create, ...Array(7).fill(null))).toEqual([
      '001',
      '004',
      '006',
      '008',
      '009',
      '011',
      '012',
    ]);
  });

  test('are not moved by a hand-made one, and not given again when one is moved away', async () => {
    const { ada } = office;
    const { words } = await office.secondTool('Letters');
    const [first] = [await words.item(ada)];
    await inTurn(words.create, '500', '999999999999999999999999');
    expect(await inTurn(words.create, null)).toEqual(['002']);
    await words.update(ada, first.id, { position: '3' });
    expect(await inTurn(words.create, null)).toEqual(['004']);
    expect(await inTurn(words.create, '001')).toEqual(['001']);
  });

  test('of 40 parallel creates are unique and without gaps, and found without a look at all that were given', async () => {
    const { ada, ben } = office;
    const { words } = await office.secondTool('Circulars');
    const made = await Promise.all(Array.from({ length: 40 }, (_, n) => words.item(n % 2 ? ada : ben)));
    expect(positions(made).toSorted()).toEqual(Array.from({ length: 40 }, (_, n) => String(n + 1).padStart(3, '0')));
    const { projectId, genericToolId } = await office.db
      .selectFrom('items')
      .select(['projectId', 'genericToolId'])
      .where('id', '=', fromGlobalId(made[0]!.id)!.uuid)
      .executeTakeFirstOrThrow();
    await office.sql`analyze items`.execute(office.db); // of a table that it takes for empty, PostgreSQL reads by any index
    const read = (last: number) =>
      office.world.orm.em.fork().transactional(async (em) => {
        const db = dbOf(em);
        const rows = async () =>
          (
            await office.sql<{ rows: number }>`select (seq_tup_read + idx_tup_fetch)::int as rows
              from pg_stat_xact_user_tables where relname = 'items'`.execute(db)
          ).rows[0]!.rows;
        await office.sql`set local enable_seqscan = off`.execute(db);
        await office.sql`update item_counters set last_position = ${last}
          where project_id = ${projectId} and generic_tool_id = ${genericToolId}`.execute(db);
        const before = await rows();
        const { position } = (await countNext({ projectId, genericToolId }).execute(db)).rows[0]!;
        return [position, (await rows()) - before];
      });
    expect(await read(40)).toEqual(['041', 0]);
    // where people have taken the next ones by hand, those are read
    expect(await read(37)).toEqual(['041', expect.any(Number)]);
  });

  test('go on beyond 999', async () => {
    const tool = await office.secondTool('Site Instruction');
    expect(await inTurn(tool.words.create, null)).toEqual(['001']);
    await office.sql`update item_counters set last_position = 998 where generic_tool_id = ${tool.id}`.execute(
      office.db,
    );
    expect(await inTurn(tool.words.create, null, null, null)).toEqual(['999', '1000', '1001']);
  });

  test('given by hand are unique whatever their case, archived items included', async () => {
    const { ada } = office;
    const { words } = await office.secondTool('Notices', { abbreviation: 'NO' });
    const item = await words.item(ada, { position: ' Interior-É2 ' });
    expect(item.number).toBe('NO-Interior-É2');
    await words.archive(ada, item.id);
    expect(await inTurn(words.create, 'interior-é2', 'INTERIOR-É2 ', 'interior-e2')).toEqual([
      'TAKEN item.position',
      'TAKEN item.position',
      'interior-e2',
    ]);
    const other = await words.item(ada, { position: 'other' });
    const taken = await words.update(ada, other.id, { position: 'INTERIOR-É2' });
    expect(faultsOf(taken)).toEqual(['TAKEN patch.position']);
    expect(taken.userErrors[0].message).toBe('Another item has the number "INTERIOR-É2" already.');
    expect((await words.update(ada, other.id, { position: 'OTHER' })).item.number).toBe('NO-OTHER');
  });

  test('a create that fails gives its number back', async () => {
    const { ada } = office;
    const tool = await office.secondTool('Addendum');
    await office.sql`create function fail() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`.execute(
      office.db,
    );
    await office.sql`create trigger fail before insert on events for each row when (new.payload->>'skipEmails' = 'true') execute function fail()`.execute(
      office.db,
    );
    expect(await inTurn(tool.words.create, null)).toEqual(['001']);
    const before = await office.trace();
    await expect(tool.words.create(ada, {}, { skipEmails: true })).rejects.toThrow('INTERNAL_SERVER_ERROR');
    expect(await office.trace()).toBe(before);
    expect(faultsOf(await tool.words.create(ada, { statusName: 'Open' }))).toEqual(['REQUIRED item.title']);
    expect(await inTurn(tool.words.create, null)).toEqual(['002']);
  });

  test('20 parallel creates by hand and 20 automatic ones: all are made or TAKEN, no two alike', async () => {
    const { ada, ben } = office;
    const { words } = await office.secondTool('Notice of Delay');
    const byHand = Array.from({ length: 20 }, (_, n) => String(n + 1).padStart(3, '0'));
    const made: Payload[] = await Promise.all(
      byHand.flatMap((position) => [words.create(ada, { position }), words.create(ben, {})]),
    );
    const refused = made.filter(({ item }) => item === null);
    expect(new Set(refused.flatMap(faultsOf))).toEqual(new Set(refused.length > 0 ? ['TAKEN item.position'] : []));
    const got = positions(made.flatMap(({ item }) => item ?? []));
    expect(new Set(got).size).toBe(got.length);
    expect(made.filter((payload, n) => n % 2 === 1 && payload.item === null)).toEqual([]);
  });

  test('20 parallel creates that want one number: one gets it', async () => {
    const { ada } = office;
    const { words } = await office.secondTool('Extension of Time');
    const started = performance.now();
    const made: Payload[] = await Promise.all(
      Array.from({ length: 20 }, (_, n) => words.create(ada, { position: n % 2 ? 'west' : 'West', externalId: 'w' })),
    );
    // 0.3 s; 9 when they met in the index and the database had to end one a second
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(made.filter(({ item }) => item)).toHaveLength(1);
    expect(new Set(made.flatMap(faultsOf))).toEqual(new Set(['TAKEN item.position', 'TAKEN item.externalId']));
  });
});
