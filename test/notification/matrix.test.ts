import { sql } from 'kysely';
import { expect, test } from 'vitest';
import {
  type ItemRole,
  type NotificationEvent,
  type NotificationSetting,
  settingsOf,
} from '../../src/permission/defaults.policy.ts';
import { wordsOf } from '../kit/office.ts';
import { createWorld, type Person, type Tool } from '../kit/world.ts';

const BOXES = settingsOf({}, { sendsOverdueNotifications: true }).filter(({ event }) => event !== 'OVERDUE');
const STORY = `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Item {
  notifications(first: 100) { totalCount nodes { event recipient { name } delivery { address state attempts lastError } } } } } }`;

test('every box of the matrix, on where all others are off: through all that can happen to an item', async () => {
  await using world = await createWorld();
  const bridge = await world.project('Bridge');
  const [zed, cora, ada, dan, rob, ana, dee, rex] = (await Promise.all(
    ['Zed', 'Cora', 'Ada', 'Dan', 'Rob', 'Ana', 'Dee', 'Rex'].map((name) => world.person(name)),
  )) as [Person, Person, Person, Person, Person, Person, Person, Person];
  const OLD: Record<ItemRole, Person> = { CREATOR: cora, ASSIGNEE: ada, DISTRIBUTION: dan, RECEIVED_FROM: rob };
  const NEW: Record<ItemRole, Person> = { CREATOR: cora, ASSIGNEE: ana, DISTRIBUTION: dee, RECEIVED_FROM: rex };
  const rolesFor = (people: Record<ItemRole, Person>) => ({
    ...{ assigneeIds: [people.ASSIGNEE.gid], distributionMemberIds: [people.DISTRIBUTION.gid] },
    receivedFromId: people.RECEIVED_FROM.gid,
  });

  /** A tool where one box is on, or none. */
  async function place(on: NotificationSetting | null): Promise<{ tool: Tool; item: string; expected: string[] }> {
    const tool = await world.tool(on ? `${on.event} ${on.role}` : 'Nothing', [bridge]);
    await world.grant(zed, bridge, tool, 'ADMIN');
    await world.grant(cora, bridge, tool, 'STANDARD');
    // as world.grant would, at once
    await sql`
      insert into generic_tool_grants
        (id, company_id, created_at, updated_at, user_id, project_id, generic_tool_id, access_level, granular_permissions)
      select gen_random_uuid(), ${world.home.id}, now(), now(), reader.id, ${bridge.id}, ${tool.id}, 'READ_ONLY', '{}'
      from unnest(${[ada, dan, rob, ana, dee, rex].map(({ id }) => id)}::uuid[]) reader(id)`.execute(world.db);
    const words = wordsOf(world, bridge, tool);
    const notifications = BOXES.map(({ event, role }) => ({
      event,
      role,
      enabled: event === on?.event && role === on.role,
    }));
    const input = { projectId: bridge.gid, genericToolId: tool.gid, notifications };
    expect((await words.tell(zed, 'updateGenericToolDefaults', input, 'defaults { private }')).userErrors).toEqual([]);
    const { id } = await words.item(cora, { title: `Item of ${tool.title}`, ...rolesFor(OLD) });
    const expected = on ? (TOLD[on.event]?.map((people) => `${on.event} ${people(on.role).name}`) ?? []) : [];
    return { tool, item: id, expected };
  }
  const old = (role: ItemRole) => OLD[role];
  const now = (role: ItemRole) => NEW[role];
  // to whom it goes, each time that something below makes it apply
  const TOLD: Partial<Record<NotificationEvent, ((role: ItemRole) => Person)[]>> = {
    CREATED: [old],
    ASSIGNED: [old, now],
    RESPONDED_TO: [old],
    UPDATED: [old, now, now],
    REMOVED: [old],
    CLOSED: [now],
  };
  for (const reader of [ada, dan, rob, ana, dee, rex]) await world.member(reader, bridge);
  const places: Awaited<ReturnType<typeof place>>[] = [];
  for (const box of [...BOXES, null]) places.push(await place(box));
  const ids = places.map(({ item }) => item);
  const { batch, respond } = wordsOf(world, bridge, places[0]!.tool);
  const change = async (patch: object) => {
    const { results } = await batch(zed, { ids, patch });
    expect(results.every(({ outcome }: { outcome: string }) => outcome === 'UPDATED')).toBe(true);
    expect(await world.work()).toEqual([]);
  };

  // a Draft that changes mails nobody
  await change({ unit: 'kg' });
  await change({ statusName: 'Open' });
  // to all whose box it is, and to one of each event else
  for (const { tool, item } of places)
    if (/RESPONDED_TO|CREATOR|Nothing/.test(tool.title)) expect((await respond(zed, item)).userErrors).toEqual([]);
  await world.work();
  await change({ title: 'Broken lintel' });
  await change(rolesFor(NEW));
  await change({ statusName: 'Closed' });
  await change({ title: 'Mended lintel' });
  await change({ statusName: 'Won' });
  await change({ statusName: 'Open' });

  const { nodes } = await world.get(zed, STORY, { ids });
  nodes.forEach(
    (
      {
        notifications,
      }: { notifications: { totalCount: number; nodes: { event: string; recipient: { name: string } }[] } },
      n: number,
    ) => {
      const story = notifications.nodes.toReversed().map(({ event, recipient }) => `${event} ${recipient.name}`);
      expect(story, places[n]!.tool.title).toEqual(places[n]!.expected);
      expect(notifications.totalCount).toBe(story.length);
    },
  );
  expect(nodes[0].notifications.nodes[0].delivery).toMatchObject({ state: 'SENT', attempts: 1, lastError: null });

  // each mail is of one act: a digest where it was of several items
  const mails = await world.mails();
  const subjects = (who: Person) =>
    mails.filter(({ to }) => to?.[0]?.address === who.email).map(({ subject }) => subject);
  expect(subjects(ada)).toHaveLength(4);
  expect(subjects(ada)[0]).toBe('2 items changed in Bridge');
  expect(subjects(cora)).toHaveLength(6);
  expect(subjects(zed)).toEqual([]);
});
