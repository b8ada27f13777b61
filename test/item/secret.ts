import { createOffice } from '../kit/office.ts';
import type { Person } from '../kit/world.ts';

/**
 * An office where Rae, a reader, sees two items; between them, in every order, lies Hal's, which is private and says what nobody
 * else's says. Whatever she or anybody else tries must come out as if it were not there.
 */
export async function createSecret() {
  const office = await createOffice();
  const { tower, review, ada, rae } = office;
  const hal = await office.person('Mid Hidden', { vendor: 'Hidden Firm' });
  const ann = await office.person('Ann First', { vendor: 'Open Firm' });
  const zed = await office.person('Zed Last', { vendor: 'Open Firm' });
  for (const who of [hal, ann, zed]) await office.grant(who, tower, review, 'STANDARD', ['CREATE_RESPONSE']);
  await office.grant(rae, tower, review, 'READ_ONLY', ['CREATE_RESPONSE', 'EDIT_ITEMS_THEY_CREATED']);
  const open = (by: Person, title: string, dueDate: string) =>
    office.item(by, { title, dueDate, statusName: 'Open', assigneeIds: [by.gid] });
  const first = await open(ann, 'Alpha', '2026-04-01');
  const hidden = await office.item(hal, {
    ...{
      title: 'Middle secret',
      description: 'classified',
      dueDate: '2026-04-02',
      statusName: 'On Hold',
      private: true,
    },
    ...{ assigneeIds: [hal.gid], distributionMemberIds: [hal.gid], receivedFromId: hal.gid },
  });
  const last = await open(zed, 'Omega', '2026-04-03');
  const { response } = await office.respond(hal, hidden.id, { official: true });
  await office.update(ada, hidden.id, { statusName: 'Won' });
  const seen: string[] = [first.id, last.id];
  return {
    ...office,
    hal,
    seen,
    hidden: { id: hidden.id as string, position: hidden.position, response: response.id as string },
  };
}

export type Secret = Awaited<ReturnType<typeof createSecret>>;
