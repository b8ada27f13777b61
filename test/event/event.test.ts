import { expect, test } from 'vitest';
import { transaction } from '../../src/database/transaction.ts';
import { type NewEvent, recordEvents } from '../../src/event/event.ts';
import { createWorld } from '../kit/world.ts';

test('the events of an act are written in one statement, in their order, and wait to be handled', async () => {
  await using world = await createWorld();
  const ann = await world.person('Ann Example');
  const tower = await world.project('Tower');
  const tool = await world.tool('Memo', [tower]);
  const text = 'quotes \' " and \\, é, 𝔾, and lines\n';
  const told: NewEvent[] = Array.from({ length: 600 }, (_, i) => ({
    type: i % 2 ? 'genericTool.updated' : 'genericTool.created',
    ...(i % 2 && { projectId: tower.id }),
    genericToolId: tool.id,
    payload: { changes: [{ field: 'title', old: null, new: `${text}${i}` }], skipEmails: true },
  }));
  const before = world.statements.count;
  const act = await transaction(world, async (running) => {
    await recordEvents(running, world.home.id, ann.id, told);
    await recordEvents(running, world.home.id, ann.id, []);
    return running;
  });
  expect(world.statements.count - before).toBe(1);
  const events = await world.db.selectFrom('events').selectAll().orderBy('id').execute();
  expect(events).toEqual(
    told.map((event) => ({
      id: expect.any(String),
      companyId: world.home.id,
      createdAt: act.now,
      updatedAt: act.now,
      actId: act.actId,
      actorId: ann.id,
      itemId: null,
      responseId: null,
      emailCommunicationId: null,
      emailId: null,
      handledAt: null,
      ...event,
      projectId: event.projectId ?? null,
    })),
  );
});

test('what a silent act tells counts as handled, and nobody need have acted', async () => {
  await using world = await createWorld();
  const act = await transaction({ ...world, silent: true }, async (running) => {
    await recordEvents(running, world.home.id, null, [{ type: 'genericTool.updated', payload: {} }]);
    return running;
  });
  const events = await world.db.selectFrom('events').select(['actorId', 'handledAt', 'payload']).execute();
  expect(events).toEqual([{ actorId: null, handledAt: act.now, payload: {} }]);
});

test('what an act told goes with it when it is undone', async () => {
  await using world = await createWorld();
  await expect(
    transaction(world, async (act) => {
      await recordEvents(act, world.home.id, null, [{ type: 'genericTool.updated', payload: {} }]);
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect(await world.db.selectFrom('events').select('id').execute()).toEqual([]);
});
