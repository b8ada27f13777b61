import { expect, test } from 'vitest';
import type { Person, Project } from '../kit/world.ts';
import { createSite, faultsOf, nothing } from '../permission/site.ts';

const VIEW = 'savedView { id name shared filter orderBy columns createdBy { name } viewerCanChange }';

async function createViews() {
  const site = await createSite();
  const [mia, ben, sam] = [await site.person('Mia Member'), await site.person('Ben Member'), await site.person('Sam')];
  await site.member(mia, site.tower);
  await site.member(ben, site.tower);
  return {
    ...site,
    mia,
    ben,
    sam,
    save: (who: Person, input: object, where: Project = site.tower) =>
      site.tell(who, 'saveView', { projectId: where.gid, name: 'Open ones', ...input }, VIEW),
    remove: (who: Person, id: string) => site.tell(who, 'deleteView', { id }, 'deletedId'),
    async namesFor(who: Person): Promise<string[] | undefined> {
      const source = 'query ($id: ID!) { project(id: $id) { savedViews { name } } }';
      const { project } = await site.get(who, source, { id: site.tower.gid });
      return project?.savedViews.map(({ name }: { name: string }) => name);
    },
    nodeFor: async (who: Person, id: string) =>
      (await site.get(who, 'query ($id: ID!) { node(id: $id) { ... on SavedView { name } } }', { id })).node,
  };
}

test('a view keeps what was saved, its own is seen by its owner, a shared one by whoever sees the project', async () => {
  await using site = await createViews();
  const { mia, ben, sam, ada, tower } = site;
  const filter = {
    or: [{ statusCategory: { eq: 'OPEN' } }, { createdAt: { gte: '2026-03-01T08:00:00.000Z' } }],
    title: { contains: '=1+1' },
    assignee: { isMe: true },
    status: null,
  };
  const saved = await site.save(mia, {
    name: ' Open  ones ',
    filter,
    orderBy: [{ field: 'DUE_DATE' }],
    columns: ['NUMBER', 'ASSIGNEE'],
  });
  expect(saved).toEqual({
    savedView: {
      id: expect.any(String),
      name: 'Open  ones',
      shared: false,
      filter,
      orderBy: [{ field: 'DUE_DATE', direction: 'ASC', nulls: 'LAST' }],
      columns: ['NUMBER', 'ASSIGNEE'],
      createdBy: { name: 'Mia Member' },
      viewerCanChange: true,
    },
    userErrors: [],
  });
  const { id } = saved.savedView;
  expect([await site.namesFor(mia), await site.namesFor(ben), await site.namesFor(ada)]).toEqual([
    ['Open  ones'],
    [],
    [],
  ]);
  expect([await site.nodeFor(ben, id), await site.nodeFor(ada, id), await site.nodeFor(sam, id)]).toEqual([
    null,
    null,
    null,
  ]);
  // what was saved is an argument of a list as it stands
  const again = 'query ($id: ID!, $filter: ItemFilter) { project(id: $id) { items(filter: $filter) { totalCount } } }';
  expect((await site.get(mia, again, { id: tower.gid, filter: saved.savedView.filter })).project.items.totalCount).toBe(
    0,
  );

  // absent stays, null clears
  expect((await site.save(mia, { id, name: 'Mine', shared: true, columns: null })).savedView).toMatchObject({
    ...{ id, name: 'Mine', shared: true, filter, columns: [] },
    orderBy: [{ field: 'DUE_DATE', direction: 'ASC', nulls: 'LAST' }],
  });
  const bare = await site.save(ben, { name: 'All' });
  expect(bare.savedView).toMatchObject({ filter: {}, orderBy: [], columns: [], shared: false });
  expect([await site.namesFor(ben), await site.namesFor(ada), await site.namesFor(sam)]).toEqual([
    ['All', 'Mine'],
    ['Mine'],
    undefined,
  ]);
  expect(
    await site.statementsOf(mia, 'query ($id: ID!) { project(id: $id) { savedViews { name } } }', { id: tower.gid }),
  ).toBe(3);

  // a shared one is its owner's and the company admins', who see nothing of it once it is not shared
  expect(faultsOf(await site.save(ben, { id, name: 'Stolen' }))).toEqual(['FORBIDDEN id']);
  expect(faultsOf(await site.remove(ben, id))).toEqual(['FORBIDDEN id']);
  expect((await site.save(ada, { id, name: 'Theirs', filter: null })).savedView).toMatchObject({
    filter: {},
    createdBy: { name: 'Mia Member' },
  });
  expect(await site.save(ada, { id, name: 'Theirs', shared: null })).toEqual({ savedView: null, userErrors: [] });
  expect(faultsOf(await site.save(ada, { id, name: 'Again' }))).toEqual(['NOT_FOUND id']);
  expect(faultsOf(await site.remove(ada, id))).toEqual(['NOT_FOUND id']);
  expect(await site.namesFor(mia)).toEqual(['Theirs']);

  // who is no member any more has nothing, whatever it is called
  await site.sql`delete from project_members where user_id = ${mia.id}`.execute(site.db);
  expect([await site.namesFor(mia), await site.nodeFor(mia, id)]).toEqual([undefined, null]);
  expect(faultsOf(await site.save(mia, { id, name: 'Mine' }))).toEqual(['NOT_FOUND projectId']);
  expect(faultsOf(await site.remove(mia, id))).toEqual(['NOT_FOUND id']);
  await site.member(mia, tower);
  expect(await site.remove(mia, id)).toEqual({ deletedId: id, userErrors: [] });
  expect(faultsOf(await site.remove(mia, id))).toEqual(['NOT_FOUND id']);
});

test('what a list would refuse, and what is too much, is not saved', async () => {
  await using site = await createViews();
  const { mia, ben, ada, sam, tower } = site;
  const bridge = await site.project('Bridge');
  await site.member(mia, bridge);
  const { savedView: there } = await site.save(mia, { name: 'Straße' }, bridge);
  const deep = { not: { not: { not: { not: {} } } } };
  const refused: [Person, object, ...string[]][] = [
    [mia, { name: ' ' }, 'REQUIRED name'],
    [mia, { name: 'x'.repeat(256) }, 'TOO_LONG name'],
    [mia, { name: 'two\nlines' }, 'INVALID name'],
    [mia, { projectId: nothing('Project') }, 'NOT_FOUND projectId'],
    [mia, { projectId: tower.id }, 'NOT_FOUND projectId'],
    [sam, {}, 'NOT_FOUND projectId'],
    [ada, {}, 'FORBIDDEN projectId'],
    [mia, { id: nothing('SavedView') }, 'NOT_FOUND id'],
    [mia, { id: there.id }, 'NOT_FOUND id'],
    [ben, { id: there.id, projectId: bridge.gid }, 'NOT_FOUND projectId'],
    [mia, { filter: { and: [{}, { status: { eq: tower.gid } }] } }, 'NOT_FOUND filter.and.1.status.eq'],
    [mia, { filter: deep }, 'INVALID filter.not.not.not.not'],
    [mia, { filter: { title: { eq: 'x'.repeat(256) } } }, 'INVALID filter.title.eq'],
    [mia, { filter: { vendor: { isMe: true } } }, 'INVALID filter.vendor.isMe'],
    [mia, { filter: { not: { archived: true } } }, 'INVALID filter.not.archived'],
    [
      mia,
      { filter: { and: Array.from({ length: 10 }, () => ({ title: { in: Array(49).fill('x'.repeat(90)) } })) } },
      'TOO_LONG filter',
    ],
    [mia, { orderBy: [{ direction: 'ASC' }] }, 'INVALID orderBy.0'],
    [mia, { orderBy: Array(4).fill({ field: 'TITLE' }) }, 'INVALID orderBy'],
    [
      mia,
      { columns: ['NUMBER', 'PRICE', 'NUMBER', 'customField:1', ''] },
      'INVALID columns.1',
      'INVALID columns.2',
      'INVALID columns.3',
      'INVALID columns.4',
    ],
    [mia, { columns: ['toString'] }, 'INVALID columns.0'],
    [mia, { columns: Array.from({ length: 300 }, (_, n) => `C${n}`) }, 'TOO_MANY columns'],
  ];
  for (const [who, input, ...faults] of refused) {
    const answer = await site.save(who, input);
    expect.soft([input, answer.savedView, ...faultsOf(answer)]).toEqual([input, null, ...faults]);
  }
  expect(await site.namesFor(mia)).toEqual([]);

  // one name for each owner, whatever its case, also of those who save at once
  expect(
    await Promise.all(
      Array.from({ length: 4 }, (_, n) => site.save(mia, { name: n % 2 ? 'List' : 'LIST' }).then(faultsOf)),
    ).then((all) => all.flat().sort()),
  ).toEqual(['TAKEN name', 'TAKEN name', 'TAKEN name']);
  expect(faultsOf(await site.save(ben, { name: 'list', shared: true }))).toEqual([]);
  const { savedView: other } = await site.save(mia, { name: 'Other' });
  expect(faultsOf(await site.save(mia, { id: other.id, name: 'lISt' }))).toEqual(['TAKEN name']);
  expect(faultsOf(await site.save(mia, { id: other.id, name: 'other' }))).toEqual([]);

  const fill = (who: Person, count: number, shared: boolean) =>
    site.sql`
    insert into saved_views select gen_random_uuid(), ${who.companyId}, now(), now(), ${tower.id}, ${who.id}, 'View ' || n, 'view', ${shared}, '{}', '[]', '{}'
    from generate_series(1, ${count}) n`.execute(site.db);
  await fill(mia, 48, false);
  expect(faultsOf(await site.save(mia, { name: 'One more' }))).toEqual(['TOO_MANY']);
  expect(faultsOf(await site.save(mia, { id: other.id, name: 'Renamed' }))).toEqual([]);
  await fill(sam, 99, true);
  expect(faultsOf(await site.save(mia, { id: other.id, name: 'Renamed', shared: true }))).toEqual(['TOO_MANY shared']);
});
