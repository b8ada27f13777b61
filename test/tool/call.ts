import { newId } from '../../src/kernel/ids.ts';
import { naturalKey, sortKey } from '../../src/kernel/text.ts';
import type { Person, Project, TestWorld, Tool } from '../kit/world.ts';

// what each mutation of this folder shows of what it made
const SHOWN: Record<string, string> = {
  createGenericTool: `genericTool {
    id externalId title abbreviation privateByDefault enabledOnNewProjects sendsOverdueNotifications adminsSeePrivateItems
    statuses { name category isBuiltIn isUsed }
    fieldsets { id name fields { field visible required position section { name } } sections { name } projects { name } }
    projects { totalCount }
  }`,
  updateGenericTool: `genericTool {
    title abbreviation privateByDefault enabledOnNewProjects sendsOverdueNotifications adminsSeePrivateItems
  }`,
  createGenericToolStatus: 'status { id name category isBuiltIn isUsed genericTool { title } }',
  updateGenericToolStatus: 'status { id name category isBuiltIn }',
  deleteGenericToolStatus: 'deletedId',
  saveFieldset: `fieldset {
    id name genericTool { title }
    fields { field customField { label } visible required position section { id name } } sections { id name position } projects { name }
  }`,
  deleteFieldset: 'deletedId',
  createCustomField: `customField {
    id label description dataType defaultValue active options { id label position active }
  }`,
  updateCustomField: `customField {
    id label description dataType defaultValue active options { id label position active }
  }`,
};

/** Calls a mutation as somebody; gives its payload. */
export async function call(world: TestWorld, who: Person, mutation: string, input: Record<string, unknown>) {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
  const source = `mutation ($input: ${type}!) {
    payload: ${mutation}(input: $input) { ${SHOWN[mutation]} userErrors { code message path } }
  }`;
  return (await world.get(who, source, { input })).payload;
}

/** Code and path of each mistake that a mutation finds, as "CODE path.to.it"; nothing must have been made. */
export async function refusalsOf(
  world: TestWorld,
  who: Person,
  mutation: string,
  input: Record<string, unknown>,
): Promise<string[]> {
  const { userErrors, ...made } = await call(world, who, mutation, input);
  if (userErrors.length > 0 && Object.values(made).some((value) => value !== null))
    throw new Error(`${mutation} was refused and yet shows ${JSON.stringify(made)}`);
  return userErrors.map(({ code, path }: { code: string; path: string[] }) => [code, path.join('.')].join(' ').trim());
}

/** Puts an item into the database as it would stand there. */
export async function putItem(
  { db, clock }: TestWorld,
  project: Project,
  tool: Tool,
  creator: Person,
  { status = 'Open', position = '001', archived = false, prefix = '' } = {},
): Promise<string> {
  const id = newId(clock.now());
  const now = clock.now();
  await db
    .insertInto('items')
    .values({
      id,
      companyId: project.companyId,
      createdAt: now,
      updatedAt: now,
      externalId: null,
      projectId: project.id,
      genericToolId: tool.id,
      statusId: tool.statuses[status]!.id,
      position,
      number: prefix + position,
      numberKey: naturalKey(prefix + position),
      title: 'Broken lintel',
      titleKey: sortKey('Broken lintel'),
      private: false,
      createdById: creator.id,
      issuedAt: now,
      archivedAt: archived ? now : null,
      version: 1,
    } as never)
    .execute();
  return id;
}

/** Types and payloads of the events that there are, in their order. */
export async function eventsOf({ db }: TestWorld) {
  const events = await db
    .selectFrom('events')
    .select(['type', 'genericToolId', 'actorId', 'payload'])
    .orderBy('id')
    .execute();
  return events as unknown as {
    type: string;
    genericToolId: string;
    actorId: string;
    payload: { changes: unknown[] };
  }[];
}
