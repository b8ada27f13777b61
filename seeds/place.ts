import { createCompany } from '../src/directory/company.commands.ts';
import { type Viewer, viewerOf } from '../src/directory/viewer.ts';
import { type Context, contextOf } from '../src/graph/context.ts';
import { toGlobalId } from '../src/kernel/ids.ts';
import { setGenericToolGrant } from '../src/permission/grant.commands.ts';
import { setProjectMember } from '../src/permission/member.commands.ts';
import { savePermissionTemplate } from '../src/permission/template.commands.ts';
import { REFERENCE_TYPES } from '../src/reference/reference.policy.ts';
import { type Synced, syncDirectory } from '../src/sync/sync.commands.ts';
import { saveFieldset } from '../src/tool/fieldset.commands.ts';
import { createStatus } from '../src/tool/status.commands.ts';
import { createGenericTool } from '../src/tool/tool.commands.ts';
import { type CustomFieldIds, type CustomKey, defineCustomFields } from './customFields.ts';
import { DESK } from './desk.ts';
import { PEOPLE, type PersonKey, VENDORS } from './people.ts';
import { REFERENCES, type ReferenceKey } from './references.ts';
import { MEMBERS, OTHER_MEMBERS, TEMPLATES, type TemplateName } from './rights.ts';
import { type Seeding, seedWith } from './seeding.ts';
import { TOOLS, type ToolKey, UNUSED_TEMPLATE } from './tools.ts';

/** The company of the demo is known again by this external id. */
export const DEMO_COMPANY = 'demo';

export const PROJECTS = {
  library: { externalId: '219542', name: 'Harborview Library', number: '24-118', timeZone: 'America/Los_Angeles' },
  garage: { externalId: '219561', name: 'Pier 7 Parking Garage', number: '25-007', timeZone: 'America/Los_Angeles' },
} as const;
export type ProjectKey = keyof typeof PROJECTS;

/** What stands when the place is there, all by global id, and who acts in it. */
export interface Place {
  company: string;
  projects: Record<ProjectKey, string>;
  tools: Record<ToolKey, string>;
  customFields: Record<CustomKey, CustomFieldIds>;
  people: Record<PersonKey, string>;
  references: Record<ReferenceKey, string>;
  viewers: Record<PersonKey, Viewer>;
}

// working days before the day of seeding: the company is older than all that is written in it
const FOUNDED = -80;

/** Makes the demo's company with its directory, tools and rights, and not one item. For a world of one's own: a test, or a new demo. */
export const seedPlace = (world: Seeding['world']): Promise<Place> => seedWith(world, makePlace);

export async function makePlace({ world, calendar }: Seeding): Promise<Place> {
  calendar.go(FOUNDED);
  const founder = await createCompany(world, {
    name: 'Harborview Builders',
    externalId: DEMO_COMPANY,
    adminEmail: PEOPLE.architect.email,
    adminName: PEOPLE.architect.name,
  });
  const context = contextOf(world, founder);
  const company = toGlobalId('Company', founder.companyId);
  const { people, projects, references } = await makeDirectory(context, company);
  const customFields = await defineCustomFields(context, company);
  const tools = await makeTools(context, company, projects, customFields);
  await makeMembers(context, company, { projects, people, tools });
  return { company, projects, tools, customFields, people, references, viewers: await viewersOf(context, company) };
}

async function makeDirectory(
  context: Context,
  companyId: string,
): Promise<Pick<Place, 'people' | 'projects' | 'references'>> {
  const { rows } = await syncDirectory(context, {
    companyId,
    ...DESK,
    vendors: Object.values(VENDORS),
    users: [...Object.values(PEOPLE), ...DESK.users],
    projects: Object.values(PROJECTS),
    references: Object.entries(REFERENCES).map(([externalId, reference]) => ({
      ...reference,
      externalId,
      projectExternalId: PROJECTS.library.externalId,
    })),
  });
  const ids = new Map(rows.map(({ kind, externalId, id }) => [`${kind} ${externalId}`, id]));
  return {
    people: mapOf(PEOPLE, ({ externalId }) => toGlobalId('User', ids.get(`USER ${externalId}`)!)),
    references: referenceIds(rows),
    projects: mapOf(PROJECTS, ({ externalId }) => toGlobalId('Project', ids.get(`PROJECT ${externalId}`)!)),
  };
}

/** The rows of the sync are in the order of its input. */
function referenceIds(rows: Synced['rows']): Place['references'] {
  const keys = Object.keys(REFERENCES) as ReferenceKey[];
  const synced = rows.slice(-keys.length);
  return Object.fromEntries(
    keys.map((key, n) => [key, toGlobalId(REFERENCE_TYPES[REFERENCES[key].kind], synced[n]!.id)]),
  ) as Place['references'];
}

async function makeTools(
  context: Context,
  companyId: string,
  { library, garage }: Place['projects'],
  customFields: Place['customFields'],
): Promise<Place['tools']> {
  const own = Object.values(customFields).map(({ id }) => ({
    customFieldId: id,
    section: 'Question',
    visible: true,
    required: false,
  }));
  const tools: Partial<Place['tools']> = {};
  for (const [key, { tool, statuses, fieldset }] of Object.entries(TOOLS)) {
    const genericToolId = toGlobalId('GenericTool', await createGenericTool(context, { companyId, ...tool }));
    for (const status of statuses) await createStatus(context, { genericToolId, ...status });
    await saveFieldset(context, {
      genericToolId,
      name: fieldset.name,
      sections: fieldset.sections.map((name) => ({ name })),
      fields: key === 'review' ? [...fieldset.fields, ...own] : fieldset.fields,
      projectIds: key === 'basic' ? [library, garage] : [library],
    });
    tools[key as ToolKey] = genericToolId;
  }
  await createGenericTool(context, { companyId, templateKey: UNUSED_TEMPLATE });
  return tools as Place['tools'];
}

async function makeMembers(
  context: Context,
  companyId: string,
  { projects, people, tools }: Pick<Place, 'projects' | 'people' | 'tools'>,
): Promise<void> {
  const templates: Partial<Record<TemplateName, string>> = {};
  for (const [name, rights] of Object.entries(TEMPLATES)) {
    const entries = Object.entries(rights).map(([tool, [accessLevel, ...granularPermissions]]) => {
      return { genericToolId: tools[tool as ToolKey], accessLevel, granularPermissions };
    });
    const id = await savePermissionTemplate(context, { companyId, name, entries });
    templates[name as TemplateName] = toGlobalId('PermissionTemplate', id);
  }
  for (const [project, members] of [
    [projects.library, MEMBERS],
    [projects.garage, OTHER_MEMBERS],
  ] as const) {
    for (const [key, { template, grants }] of Object.entries(members)) {
      const scope = { projectId: project, userId: people[key as PersonKey] };
      const direct = Object.entries(grants ?? {}).map(([tool, [accessLevel, ...granularPermissions]]) => {
        return { genericToolId: tools[tool as ToolKey], accessLevel, granularPermissions };
      });
      if (!template) await setProjectMember(context, { ...scope, grants: direct });
      else {
        await setProjectMember(context, { ...scope, permissionTemplateId: templates[template] });
        for (const grant of direct) await setGenericToolGrant(context, { ...scope, ...grant });
      }
    }
  }
}

/** Everybody as the viewer that they would be when signed in: commands are theirs, judged by their rights. */
async function viewersOf({ db }: Context, company: string): Promise<Place['viewers']> {
  const viewers: Partial<Place['viewers']> = {};
  for (const [key, { email }] of Object.entries(PEOPLE)) {
    viewers[key as PersonKey] = await viewerOf(db, email, 'email', company);
  }
  return viewers as Place['viewers'];
}

const mapOf = <Key extends string, In, Out>(rows: Record<Key, In>, read: (row: In) => Out): Record<Key, Out> =>
  Object.fromEntries(Object.entries<In>(rows).map(([key, row]) => [key, read(row)])) as Record<Key, Out>;
