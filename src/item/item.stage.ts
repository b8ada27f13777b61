import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import { type Grant, NO_ACCESS, type Right } from '../permission/permission.policy.ts';
import { loadFieldRules } from '../tool/fieldset.queries.ts';
import type { FieldRules } from '../tool/tool.policy.ts';
import type { Names } from './item.history.ts';
import { type Candidate, descriptionReader, type ItemContent, type Status, type Surroundings } from './item.patch.ts';
import type { ItemFacts, ToolFacts } from './item.policy.ts';
import { involvedIds } from './item.queries.ts';

export interface ToolOfItems extends ToolFacts {
  id: string;
  abbreviation: string | null;
  privateByDefault: boolean;
}

type PersonOfItems = Candidate & { vendorId: string | null };

/** Everything that changes of some items are judged against: read once, whatever their number. */
export interface Stage {
  frozen: boolean;
  rights: readonly Right[];
  tools: Map<string, ToolOfItems>;
  statuses: Map<string, Status[]>;
  rules: Map<string, FieldRules>;
  people: Map<string, PersonOfItems>;
  /** "project tool user" of those of the named users that can be chosen there */
  selectable: Set<string>;
  description: ReturnType<typeof descriptionReader>;
}

interface Place {
  projectId: string;
  genericToolId: string;
}

const unique = (ids: readonly string[]): string[] => [...new Set(ids)];

/** Sets the stage for items in these places, whose people and named users are given: five statements. */
export async function stageFor(
  { db }: Act,
  rights: readonly Right[],
  places: readonly Place[],
  users: { involved: readonly string[]; named: readonly string[] },
): Promise<Stage> {
  const pairs = [...new Map(places.map((place) => [`${place.projectId} ${place.genericToolId}`, place])).values()];
  const projectIds = unique(places.map(({ projectId }) => projectId));
  const toolIds = unique(places.map(({ genericToolId }) => genericToolId));
  const { rows: tools } = await sql<ToolOfItems & { frozen: boolean }>`
    select t.id, t.title, t.abbreviation, t.private_by_default as "privateByDefault",
      t.admins_see_private_items as "adminsSeePrivateItems", c.issued_items_are_frozen as frozen
    from generic_tools t join companies c on c.id = t.company_id where t.id = any(${toolIds}::uuid[])`.execute(db);
  const { rows: statuses } = await sql<Status & { toolId: string }>`
    select id, name, category, is_built_in as "isBuiltIn", generic_tool_id as "toolId" from generic_tool_statuses
    where generic_tool_id = any(${toolIds}::uuid[]) order by sort_key`.execute(db);
  const rules = await loadFieldRules(
    db,
    pairs.map(({ projectId }) => projectId),
    pairs.map(({ genericToolId }) => genericToolId),
  );
  const { rows: people } = await sql<PersonOfItems & { companyId: string }>`
    select id, name, active, vendor_id as "vendorId" from users
    where id = any(${unique([...users.involved, ...users.named])}::uuid[])
      and company_id = (select company_id from projects where id = ${projectIds[0] ?? null})`.execute(db);
  const { rows: selectable } = await sql<{ place: string }>`
    select concat_ws(' ', r.project_id, r.generic_tool_id, r.user_id) as place
    from tool_rights r join users u on u.id = r.user_id and u.active
    where r.user_id = any(${unique(users.named)}::uuid[])
      and r.project_id = any(${projectIds}::uuid[]) and r.generic_tool_id = any(${toolIds}::uuid[])`.execute(db);
  return {
    frozen: tools[0]?.frozen ?? false,
    rights,
    tools: new Map(tools.map((tool) => [tool.id, tool])),
    statuses: Map.groupBy(statuses, ({ toolId }) => toolId),
    rules,
    people: new Map(people.map((person) => [person.id, person])),
    selectable: new Set(selectable.map(({ place }) => place)),
    description: descriptionReader(),
  };
}

/** What the viewer holds on the tool of an item; level NONE if nothing. */
export const grantIn = (rights: readonly Right[], { projectId, genericToolId }: Place): Grant =>
  rights.find((right) => right.projectId === projectId && right.genericToolId === genericToolId) ?? NO_ACCESS;

/** What the rules want to know of an item. */
export const factsIn = (stage: Stage, item: ItemContent): ItemFacts => ({
  ...item,
  archived: item.archivedAt !== null,
  involved: involvedIds(item).map((id) => stage.people.get(id)!),
});

/** The rules of the place that an item is in; null when its tool is not available there. */
export function surroundings(stage: Stage, { projectId, genericToolId }: Place, now: Date): Surroundings | null {
  const rules = stage.rules.get(`${projectId} ${genericToolId}`);
  if (!rules) return null;
  return {
    tool: stage.tools.get(genericToolId)!,
    statuses: stage.statuses.get(genericToolId) ?? [],
    rules,
    person: (id) => stage.people.get(id),
    selectable: (id) => stage.selectable.has(`${projectId} ${genericToolId} ${id}`),
    description: stage.description,
    now,
  };
}

/** How history shows what an item of a tool refers to. */
export const namesIn = (stage: Stage, toolId: string): Names => ({
  status: (id) => stage.statuses.get(toolId)!.find((status) => status.id === id)!.name,
  person: (id) => stage.people.get(id)!.name,
});
