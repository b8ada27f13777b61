import { expect, test } from 'vitest';
import { createSite, faultsOf } from './site.ts';

const times = <T>(n: number, deed: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: n }, (_, i) => deed(i)));

test('the same membership made twelve times at once is one membership', async () => {
  await using site = await createSite();
  const joe = await site.person('Joe Owner');
  const answers = await times(12, (i) =>
    site.tell(
      site.ada,
      'setProjectMember',
      {
        projectId: site.tower.gid,
        userId: joe.gid,
        grants: [{ genericToolId: (i % 2 ? site.review : site.basic).gid, accessLevel: 'STANDARD' }],
      },
      'member { user { id } }',
    ),
  );
  expect(answers.flatMap(faultsOf)).toEqual([]);
  const { rows } = await site.sql`
    select (select count(*)::int from project_members) as members, (select count(*)::int from generic_tool_grants) as grants`.execute(
    site.db,
  );
  expect(rows).toEqual([{ members: 1, grants: 1 }]);
});

test('twelve templates of one name at once: one is made, the others are TAKEN', async () => {
  await using site = await createSite();
  const answers = await times(12, (i) =>
    site.tell(
      site.ada,
      'savePermissionTemplate',
      { companyId: site.home.gid, name: i % 2 ? 'Owners' : 'OWNERS', entries: [] },
      'permissionTemplate { id }',
    ),
  );
  expect(answers.filter(({ permissionTemplate }) => permissionTemplate)).toHaveLength(1);
  expect(answers.flatMap(faultsOf)).toEqual(Array(11).fill('TAKEN name'));
});

test('a template saved twelve times at once has the entries of one of them', async () => {
  await using site = await createSite();
  const input = (i: number) => ({
    companyId: site.home.gid,
    name: 'Owners',
    entries: [site.review, site.basic].slice(i % 3).map(({ gid }) => ({
      genericToolId: gid,
      accessLevel: i % 2 ? 'STANDARD' : 'READ_ONLY',
    })),
  });
  const { permissionTemplate } = await site.tell(
    site.ada,
    'savePermissionTemplate',
    input(0),
    'permissionTemplate { id }',
  );
  const answers = await times(12, (i) =>
    site.tell(
      site.ada,
      'savePermissionTemplate',
      { ...input(i), id: permissionTemplate.id },
      'permissionTemplate { id }',
    ),
  );
  expect(answers.flatMap(faultsOf)).toEqual([]);
  const { rows } = await site.sql<{ level: string }>`
    select distinct access_level as level from permission_template_entries`.execute(site.db);
  expect(rows.length).toBeLessThanOrEqual(1);
});

test('a template given and deleted at once is either kept for its holder or gone', async () => {
  await using site = await createSite();
  for (let round = 0; round < 4; round += 1) {
    const joe = await site.person(`Joe ${round}`);
    const input = { companyId: site.home.gid, name: `Owners ${round}`, entries: [] };
    const { permissionTemplate } = await site.tell(
      site.ada,
      'savePermissionTemplate',
      input,
      'permissionTemplate { id }',
    );
    const seat = { projectId: site.tower.gid, userId: joe.gid, permissionTemplateId: permissionTemplate.id };
    const [given, deleted] = await Promise.all([
      site.tell(site.ada, 'setProjectMember', seat, 'member { user { id } }'),
      site.tell(site.ada, 'deletePermissionTemplate', { id: permissionTemplate.id }, 'deletedId'),
    ]);
    expect([
      [[], ['IN_USE id']],
      [['NOT_FOUND permissionTemplateId'], []],
    ]).toContainEqual([faultsOf(given), faultsOf(deleted)]);
  }
});

test('of two ADMINs who take the right from each other at once, one is too late', async () => {
  await using site = await createSite();
  for (let round = 0; round < 4; round += 1) {
    const [rita, rolf] = [await site.person(`Rita ${round}`), await site.person(`Rolf ${round}`)];
    for (const one of [rita, rolf]) await site.grant(one, site.tower, site.review, 'ADMIN');
    const take = (who: typeof rita, whom: typeof rita) =>
      site.tell(
        who,
        'setGenericToolGrant',
        { projectId: site.tower.gid, userId: whom.gid, genericToolId: site.review.gid, accessLevel: 'READ_ONLY' },
        'member { user { id } }',
      );
    const answers = await Promise.all([take(rita, rolf), take(rolf, rita)]);
    expect(answers.flatMap(faultsOf)).toEqual(['FORBIDDEN genericToolId']);
  }
});

test('rights granted while the membership ends leave nothing behind', async () => {
  await using site = await createSite();
  const joe = await site.person('Joe Owner');
  await site.member(joe, site.tower);
  const ends = { projectId: site.tower.gid, userId: joe.gid };
  const answers = await times(10, (i) =>
    i === 5
      ? site.tell(site.ada, 'removeProjectMember', ends, 'removedUserId')
      : site.tell(
          site.ada,
          'setGenericToolGrant',
          { ...ends, genericToolId: site.review.gid, accessLevel: 'STANDARD' },
          'member { user { id } }',
        ),
  );
  expect(new Set(answers.flatMap(faultsOf))).toEqual(new Set(answers.flatMap(faultsOf).map(() => 'NOT_FOUND userId')));
  const { rows } = await site.sql`select from generic_tool_grants`.execute(site.db);
  expect(rows).toHaveLength(0);
});
