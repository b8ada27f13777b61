import fc from 'fast-check';
import { GraphQLError } from 'graphql';
import { viewerOf } from '../../src/directory/viewer.ts';
import { type Context, contextOf } from '../../src/graph/context.ts';
import { setArchived } from '../../src/item/item.archive.ts';
import { batchUpdateItems } from '../../src/item/item.batch.ts';
import { createItem, updateItem } from '../../src/item/item.commands.ts';
import { Refused, refuse } from '../../src/kernel/errors.ts';
import { toGlobalId } from '../../src/kernel/ids.ts';
import { setGenericToolGrant } from '../../src/permission/grant.commands.ts';
import { removeProjectMember, setProjectMember } from '../../src/permission/member.commands.ts';
import {
  type AccessLevel,
  GRANULAR_PERMISSIONS,
  type GranularPermission,
} from '../../src/permission/permission.policy.ts';
import { savePermissionTemplate } from '../../src/permission/template.commands.ts';
import { createResponse } from '../../src/response/response.commands.ts';
import { syncDirectory } from '../../src/sync/sync.commands.ts';
import { saveFieldset } from '../../src/tool/fieldset.commands.ts';
import { updateGenericTool } from '../../src/tool/tool.commands.ts';
import { type ItemOfTables, readFacts, sightOf } from '../kit/facts.ts';
import { maySee } from '../kit/oracle.ts';
import type { Person, TestWorld } from '../kit/world.ts';
import type { Planted } from './generated.ts';

/** A company to change things in, and numbers to choose by: each draw gives one of the list. */
interface Scene extends Planted {
  world: TestWorld;
  one<T>(list: readonly T[]): T;
}

const act = async ({ world, db }: TestWorld, { email, companyId }: Person): Promise<Context> =>
  contextOf(world, await viewerOf(db, email, 'email', companyId));
const asRoot = ({ world, root }: Scene) => act(world, root);

/**
 * An item, somebody who is likely to be let change it (an ADMIN or its creator, who sees it) if there is anybody, and the people
 * who can be chosen on it.
 */
async function someItem({ world, company, users, one }: Scene, which: (item: ItemOfTables) => boolean = () => true) {
  const facts = await readFacts(world.db, company.id);
  const active = users.filter(({ id }) => facts.users.get(id)!.active);
  const wanted = facts.items.filter(which).map((item) => {
    const sights = active.map((user) => ({ user, sight: sightOf(facts, user.id, item) }));
    const able = sights.filter(
      ({ user, sight }) => maySee(sight) && (sight.level === 'ADMIN' || item.createdById === user.id),
    );
    return { item, sights, able };
  });
  const changeable = wanted.filter(({ able }) => able.length > 0);
  const { item, sights, able } =
    one(changeable.length > 0 ? changeable : wanted) ?? refuse('NOT_FOUND', 'No such item.');
  const by = one(able.length > 0 ? able : sights).user;
  const selectable = sights.filter(({ sight }) => sight.level !== 'NONE').map(({ user }) => user.gid);
  return { context: await act(world, by), gid: toGlobalId('Item', item.id), item, selectable };
}

/** Other people in one of the roles of an item. */
function somePeople({ one }: Scene, selectable: readonly string[]) {
  const some = [...new Set(selectable.filter(() => one([true, false])))].slice(0, 3);
  return one([{ assigneeIds: some }, { distributionMemberIds: some }, { receivedFromId: some[0] ?? null }]);
}

function someGrant({ one }: Scene): { accessLevel: AccessLevel; granularPermissions: GranularPermission[] } {
  const accessLevel = one(['NONE', 'READ_ONLY', 'READ_ONLY', 'STANDARD', 'ADMIN'] as const);
  if (accessLevel === 'NONE') return { accessLevel, granularPermissions: [] };
  if (accessLevel === 'ADMIN') return { accessLevel, granularPermissions: one([[], ['VIEW_VENDOR_ITEMS' as const]]) };
  return { accessLevel, granularPermissions: one([[], ['VIEW_VENDOR_ITEMS' as const], [...GRANULAR_PERMISSIONS]]) };
}

/** A row of the directory that says the same of somebody, with something else. */
const asInDirectory = ({ name, email }: Person, more: object) => ({ externalId: name, name, email, ...more });

/** Everything that can change what somebody sees, by the commands that do it. */
export const CHANGES = {
  async issue(scene: Scene) {
    const { context, gid } = await someItem(scene, ({ category }) => category === 'DRAFT');
    await updateItem(context, { id: gid, patch: { statusName: scene.one(['Open', 'Closed', 'Won']) } });
  },
  async closeOrReopen(scene: Scene) {
    const { context, gid } = await someItem(scene, ({ category }) => category !== 'DRAFT');
    await updateItem(context, { id: gid, patch: { statusName: scene.one(['Open', 'Lost', 'On Hold', 'Closed']) } });
  },
  async privacy(scene: Scene) {
    const { context, gid, item } = await someItem(scene);
    await updateItem(context, { id: gid, patch: { private: !item.private } });
  },
  async people(scene: Scene) {
    const { context, gid, selectable } = await someItem(scene);
    await updateItem(context, { id: gid, patch: somePeople(scene, selectable) });
  },
  async create(scene: Scene) {
    const context = await act(scene.world, scene.one(scene.users));
    const [project, tool] = [scene.one(scene.projects), scene.one(scene.tools)];
    const item = {
      title: 'New',
      private: scene.one([true, false]),
      statusName: scene.one(['Draft', 'Open']),
      ...somePeople(scene, []),
    };
    await createItem(context, { projectId: project.gid, genericToolId: tool.gid, item });
  },
  async respondAndChange(scene: Scene) {
    const { context, gid, item, selectable } = await someItem(scene, ({ category }) => category === 'OPEN');
    const itemPatch = scene.one([{ private: !item.private }, { statusName: 'Closed' }, somePeople(scene, selectable)]);
    await createResponse(context, { itemId: gid, notes: 'Yes.', itemPatch });
  },
  async batch(scene: Scene) {
    const { context, gid, item, selectable } = await someItem(scene);
    const others = await readFacts(scene.world.db, scene.company.id);
    const ids = new Set([gid, ...Array.from({ length: 4 }, () => toGlobalId('Item', scene.one(others.items).id))]);
    const patch = {
      ...scene.one([{ private: !item.private }, {}]),
      ...scene.one([{ statusName: 'Open' }, somePeople(scene, selectable)]),
    };
    const results = await batchUpdateItems(context, { ids: [...ids], patch, completionMode: 'EACH_ON_ITS_OWN' });
    if (results.every(({ outcome }) => outcome !== 'UPDATED')) refuse('NOT_FOUND', 'Nothing was changed.');
  },
  async archive(scene: Scene) {
    const { context, gid } = await someItem(scene, ({ archived }) => !archived);
    await setArchived(context, [gid], true);
  },
  async restore(scene: Scene) {
    const { context, gid } = await someItem(scene, ({ archived }) => archived);
    await setArchived(context, [gid], false);
  },
  async moves(scene: Scene) {
    const firms = ['New Firm', 'Other Firm'];
    const users = [...new Set([scene.one(scene.users), scene.one(scene.users), scene.one(scene.users)])];
    await syncDirectory(await asRoot(scene), {
      companyId: scene.company.gid,
      vendors: firms.map((name) => ({ externalId: name, name })),
      users: users.map((user) => asInDirectory(user, { vendorExternalId: scene.one([...firms, null]) })),
    });
  },
  async activity(scene: Scene) {
    const users = [asInDirectory(scene.one(scene.users), { active: scene.one([true, false]) })];
    await syncDirectory(await asRoot(scene), { companyId: scene.company.gid, users });
  },
  async grant(scene: Scene) {
    const [project, user, tool] = [scene.one(scene.projects), scene.one(scene.users), scene.one(scene.tools)];
    const where = { projectId: project.gid, userId: user.gid, genericToolId: tool.gid };
    const grant = scene.one([someGrant(scene), someGrant(scene), { accessLevel: null }]);
    await setGenericToolGrant(await asRoot(scene), { ...where, ...grant });
  },
  async template(scene: Scene) {
    const id = scene.one(scene.templateIds);
    const entries = scene.tools.flatMap((tool) => scene.one([{ genericToolId: tool.gid, ...someGrant(scene) }, []]));
    await savePermissionTemplate(await asRoot(scene), { id: toGlobalId('PermissionTemplate', id), name: id, entries });
  },
  async joins(scene: Scene) {
    const id = scene.one([null, ...scene.templateIds]);
    await setProjectMember(await asRoot(scene), {
      projectId: scene.one(scene.projects).gid,
      userId: scene.one(scene.users).gid,
      permissionTemplateId: id && toGlobalId('PermissionTemplate', id),
    });
  },
  async leaves(scene: Scene) {
    const [project, user] = [scene.one(scene.projects), scene.one(scene.users)];
    await removeProjectMember(await asRoot(scene), { projectId: project.gid, userId: user.gid });
  },
  async toolSetting(scene: Scene) {
    const adminsSeePrivateItems = scene.one([true, false]);
    await updateGenericTool(await asRoot(scene), { id: scene.one(scene.tools).gid, adminsSeePrivateItems });
  },
  async availability(scene: Scene) {
    const tool = scene.one(scene.tools);
    const { id } = await scene.world.db
      .selectFrom('fieldsets')
      .select('id')
      .where('genericToolId', '=', tool.id)
      .executeTakeFirstOrThrow();
    const projectIds = scene.projects.filter(() => scene.one([true, true, false])).map(({ gid }) => gid);
    await saveFieldset(await asRoot(scene), { id: toGlobalId('Fieldset', id), projectIds });
  },
} satisfies Record<string, (scene: Scene) => Promise<void>>;

export type ChangeName = keyof typeof CHANGES;

/** A change and the numbers that it chooses by. */
export interface Change {
  name: ChangeName;
  numbers: number[];
}

export const changes: fc.Arbitrary<Change> = fc.record({
  name: fc.constantFrom(...(Object.keys(CHANGES) as ChangeName[])),
  numbers: fc.array(fc.nat({ max: 999 }), { minLength: 30, maxLength: 30 }),
});

/** Makes a change; whether it was carried out, or refused: by the command, or since whoever wanted it cannot sign in any more. */
export async function make(world: TestWorld, planted: Planted, { name, numbers }: Change): Promise<boolean> {
  let draws = 0;
  const one = <T>(list: readonly T[]): T => list[numbers[draws++ % numbers.length]! % list.length]!;
  try {
    await CHANGES[name]({ ...planted, world, one });
    return true;
  } catch (error) {
    if (error instanceof Refused) return false;
    if (error instanceof GraphQLError && error.extensions.code === 'UNAUTHENTICATED') return false;
    throw error;
  }
}
