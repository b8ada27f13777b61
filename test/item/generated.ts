import fc from 'fast-check';
import { newId } from '../../src/kernel/ids.ts';
import { sortKey } from '../../src/kernel/text.ts';
import {
  ACCESS_LEVELS,
  GRANULAR_PERMISSIONS,
  type Grant,
  refuseGrant,
} from '../../src/permission/permission.policy.ts';
import { putItems } from '../kit/putItems.ts';
import type { Person, Project, TestWorld, Thing, Tool } from '../kit/world.ts';

/** A company as fast-check makes it up; people, tools and all else go by their place in its lists. */
export interface Plan {
  firms: (number | null)[];
  tools: { adminsSeePrivateItems: boolean; availableIn: boolean[] }[];
  /** what a template gives on each tool, if anything */
  templates: (Grant | null)[][];
  /** for each user and project: no member, or with which template and which direct grants */
  members: ({ template: number | null; grants: (Grant | null)[] } | null)[][];
  items: {
    tool: number;
    project: number;
    creator: number;
    receivedFrom: number | null;
    assignees: number[];
    distribution: number[];
    status: string;
    private: boolean;
    archived: boolean;
  }[];
}

const TOOLS = 3;
const PROJECTS = 2;
const TEMPLATES = 2;

const grant: fc.Arbitrary<Grant> = fc
  .record({
    // more that see something than that see nothing
    accessLevel: fc.constantFrom(...ACCESS_LEVELS, ...ACCESS_LEVELS.slice(1), 'ADMIN' as const),
    granularPermissions: fc.subarray([...GRANULAR_PERMISSIONS]),
  })
  .map((wanted) =>
    // the levels that cannot be stored with these go without
    refuseGrant(wanted) === null
      ? wanted
      : { ...wanted, granularPermissions: wanted.accessLevel === 'ADMIN' ? ['VIEW_VENDOR_ITEMS'] : [] },
  );

const times = <T>(arbitrary: fc.Arbitrary<T>, n: number) => fc.array(arbitrary, { minLength: n, maxLength: n });

/** Companies of 6 to 8 people, most of them members of two projects with three tools, and 20 to 35 items in all states. */
export const plans: fc.Arbitrary<Plan> = fc.integer({ min: 6, max: 8 }).chain((users) => {
  const person = fc.nat({ max: users - 1 });
  const grants = times(fc.option(grant, { freq: 2 }), TOOLS);
  const member = fc.record({ template: fc.option(fc.nat({ max: TEMPLATES - 1 }), { freq: 4 }), grants });
  return fc.record<Plan>({
    firms: times(fc.option(fc.nat({ max: 2 }), { freq: 3 }), users),
    tools: times(
      fc.record({
        adminsSeePrivateItems: fc.boolean(),
        availableIn: times(
          fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
          PROJECTS,
        ),
      }),
      TOOLS,
    ),
    templates: times(times(fc.option(grant, { freq: 4 }), TOOLS), TEMPLATES),
    members: times(times(fc.option(member, { freq: 5 }), PROJECTS), users),
    items: fc.array(
      fc.record({
        tool: fc.nat({ max: TOOLS - 1 }),
        project: fc.nat({ max: PROJECTS - 1 }),
        creator: person,
        receivedFrom: fc.option(person, { freq: 2 }),
        assignees: fc.uniqueArray(person, { maxLength: 2 }),
        distribution: fc.uniqueArray(person, { maxLength: 2 }),
        status: fc.constantFrom('Draft', 'Draft', 'Open', 'Open', 'On Hold', 'Closed', 'Won', 'Lost'),
        private: fc.integer({ min: 0, max: 2 }).map((n) => n > 0),
        archived: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
      }),
      { minLength: 20, maxLength: 35 },
    ),
  });
});

/** A company that stands in the database. `root` manages it and has no part in anything. */
export interface Planted {
  company: Thing;
  root: Person;
  users: Person[];
  tools: Tool[];
  projects: Project[];
  templateIds: string[];
}

/** Puts a company into the database, with its items. */
export async function plant(world: TestWorld, plan: Plan): Promise<Planted> {
  const company = await world.company('Generated');
  const companyId = company.id;
  const root = await world.person('Root', { companyId, admin: true });
  const users: Person[] = [];
  for (const [n, firm] of plan.firms.entries())
    users.push(await world.person(`User ${n}`, { companyId, vendor: firm === null ? undefined : `Firm ${firm}` }));
  const projects: Project[] = [];
  for (let n = 0; n < PROJECTS; n += 1) projects.push(await world.project(`Project ${n}`, { companyId }));
  const tools: Tool[] = [];
  for (const [n, { availableIn, adminsSeePrivateItems }] of plan.tools.entries()) {
    const where = projects.filter((_, p) => availableIn[p]);
    tools.push(await world.tool(`Tool ${n}`, where, { companyId, adminsSeePrivateItems }));
  }
  const templateIds = await plantRights(world, plan, companyId, { users, projects, tools });
  await putItems(
    world,
    plan.items.map((item, n) => ({
      ...item,
      title: `Item ${n}`,
      project: projects[item.project]!,
      tool: tools[item.tool]!,
      by: users[item.creator]!,
      receivedFrom: item.receivedFrom === null ? undefined : users[item.receivedFrom],
      assignees: item.assignees.map((user) => users[user]!),
      distribution: item.distribution.map((user) => users[user]!),
    })),
  );
  return { company, root, users, tools, projects, templateIds };
}

/** Templates, memberships and direct grants, a statement for each kind. Gives the ids of the templates. */
async function plantRights(
  { db, clock }: TestWorld,
  { templates, members }: Plan,
  companyId: string,
  { users, projects, tools }: { users: Thing[]; projects: Thing[]; tools: Thing[] },
): Promise<string[]> {
  const now = clock.now();
  const row = () => ({ id: newId(now), companyId, createdAt: now, updatedAt: now });
  const named = templates.map((_, n) => ({ ...row(), name: `Template ${n}`, nameKey: sortKey(`Template ${n}`) }));
  await db.insertInto('permission_templates').values(named).execute();
  const granted = (list: (Grant | null)[], of: object) =>
    list.flatMap((held, n) =>
      held === null
        ? []
        : { ...row(), ...of, ...held, granularPermissions: [...held.granularPermissions], genericToolId: tools[n]!.id },
    );
  const entries = templates.flatMap((list, n) => granted(list, { permissionTemplateId: named[n]!.id }));
  if (entries.length > 0)
    await db
      .insertInto('permission_template_entries')
      .values(entries as never)
      .execute();
  const memberships = members.flatMap((places, user) =>
    places.flatMap((member, project) =>
      member === null ? [] : { member, of: { userId: users[user]!.id, projectId: projects[project]!.id } },
    ),
  );
  if (memberships.length === 0) return named.map(({ id }) => id);
  await db
    .insertInto('project_members')
    .values(
      memberships.map(({ member: { template }, of }) => ({
        ...row(),
        ...of,
        permissionTemplateId: template === null ? null : named[template]!.id,
      })),
    )
    .execute();
  const grants = memberships.flatMap(({ member, of }) => granted(member.grants, of));
  if (grants.length > 0)
    await db
      .insertInto('generic_tool_grants')
      .values(grants as never)
      .execute();
  return named.map(({ id }) => id);
}
