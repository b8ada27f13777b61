import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { EventType, NewEvent } from '../event/event.ts';
import { type UserError, userError } from '../kernel/errors.ts';
import { Faults, type Path } from '../kernel/input.ts';
import { type Grant, NO_ACCESS } from '../permission/permission.policy.ts';
import type { Right } from '../permission/permission.queries.ts';
import { loadFieldRules } from '../tool/fieldset.queries.ts';
import { type FieldRules, isClosed, isIssued } from '../tool/tool.policy.ts';
import { type Change, changesOf, type Names } from './item.history.ts';
import {
  applyPatch,
  type Candidate,
  descriptionReader,
  enforceRequired,
  frozenParts,
  type ItemContent,
  type ItemPatch,
  peopleNamed,
  type Status,
  type Surroundings,
} from './item.patch.ts';
import { type ItemFacts, type Refusal, refuseEdit, refuseFrozen, type ToolFacts } from './item.policy.ts';
import { type ItemRow, involvedIds, seenItems } from './item.queries.ts';
import { refuseTaken } from './item.taken.ts';
import type { ItemWrite } from './item.write.ts';

/** One item to change, and where in the input the parts of this wish stand. */
export interface Update {
  /** null when the given id is none: answered like one that never existed */
  itemId: string | null;
  /** as it was given, for messages */
  givenId: string;
  patch: ItemPatch;
  expectedVersion?: number | null;
  paths: { id: Path; patch: Path; expectedVersion: Path };
}

/** What came of an update: refused (errors), nothing to do (no changes in `after`), or a new state. */
export interface Outcome {
  before: ItemRow | null;
  after: ItemContent | null;
  changes: Change[];
  errors: UserError[];
}

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
    select id, name, category, generic_tool_id as "toolId" from generic_tool_statuses
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

export const grantIn = (rights: readonly Right[], { projectId, genericToolId }: Place): Grant =>
  rights.find((right) => right.projectId === projectId && right.genericToolId === genericToolId) ?? NO_ACCESS;

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

const namesIn = (stage: Stage, toolId: string): Names => ({
  status: (id) => stage.statuses.get(toolId)!.find((status) => status.id === id)!.name,
  person: (id) => stage.people.get(id)!.name,
});

/**
 * Locks these items for the rest of the transaction, in the order of their ids so that two batches never wait for each other.
 * The act is then later than the last change of each of them: it may have waited for one that began after it, clocks of two
 * processes differ, and they are put back. So history is in the order in which things happened, and updatedAt only grows.
 */
export async function lockItems(act: Act, viewer: Viewer, ids: readonly string[]): Promise<void> {
  const { rows } = await sql<{ changedAt: string | null }>`
    select max(updated_at) as "changedAt" from (
      select updated_at from items where id = any(${ids}::uuid[]) and company_id = ${viewer.companyId} order by id for update
    ) locked`.execute(act.db);
  const changedAt = rows[0]!.changedAt;
  if (changedAt) act.now = new Date(Math.max(act.now.getTime(), Date.parse(changedAt) + 1));
}

/**
 * Locks the items of some updates and decides what becomes of each; nothing is written yet.
 * A constant number of statements. Rights are judged item by item, as for each alone; uniqueness on the final state: of all when
 * they stand or fall `together`, else of those that are not refused.
 */
export async function decide(
  act: Act,
  viewer: Viewer,
  updates: readonly Update[],
  together: boolean,
): Promise<{ outcomes: Outcome[]; stage: Stage }> {
  const ids = updates.map(({ itemId }) => itemId).filter((id) => id !== null);
  await lockItems(act, viewer, ids);
  const { items, rights } = await seenItems(act.db, viewer, ids);
  const stage = await stageFor(act, rights, items, {
    involved: items.flatMap(involvedIds),
    // one patch may be for many
    named: [...new Set(updates.map(({ patch }) => patch))].flatMap(peopleNamed),
  });
  const seen = new Map(items.map((item) => [item.id, item]));
  const outcomes = updates.map((update): Outcome => {
    const before = update.itemId === null ? undefined : seen.get(update.itemId);
    if (before) return decideOne(act, viewer, stage, before, update);
    const message = `There is no item ${JSON.stringify(update.givenId.slice(0, 100))} that you may see.`;
    return { before: null, after: null, changes: [], errors: [userError('NOT_FOUND', message, [...update.paths.id])] };
  });
  const claims = outcomes.map(({ before, after, errors }, n) => {
    const { patch, paths } = updates[n]!;
    return { before, after, errors, patch, path: paths.patch };
  });
  await refuseTaken(act, claims, together);
  return { outcomes, stage };
}

function decideOne(
  { now }: Act,
  viewer: Viewer,
  stage: Stage,
  before: ItemRow,
  { patch, expectedVersion, paths }: Update,
): Outcome {
  const faults = new Faults();
  const refused = (refusal: Refusal, path: Path): Outcome => ({
    before,
    after: null,
    changes: [],
    errors: [userError(refusal.code, refusal.message, [...path])],
  });
  const facts = factsIn(stage, before);
  const refusal = refuseEdit(viewer, grantIn(stage.rights, before), stage.tools.get(before.genericToolId)!, facts);
  if (refusal) return refused(refusal, paths.id);
  if (expectedVersion != null && expectedVersion !== before.version) {
    const message = `${before.number} is at version ${before.version}, not ${expectedVersion}: somebody else changed it.`;
    return refused({ code: 'CONFLICT', message }, paths.expectedVersion);
  }
  for (const part of frozenParts(patch)) {
    const frozen = refuseFrozen(stage.frozen, facts, part);
    if (frozen) faults.add(frozen.code, frozen.message, [...paths.patch, part]);
  }
  // an item is seen only where its tool is available
  const around = surroundings(stage, before, now)!;
  const start = contentOf(before);
  const after = applyPatch(faults, start, patch, paths.patch, around, false);
  enforceRequired(faults, start, after, paths.patch, around.rules, false);
  if (JSON.stringify(after) === JSON.stringify(start))
    return { before, after: null, changes: [], errors: faults.errors };
  const changed = { ...after, version: before.version + 1, updatedAt: now.toISOString() };
  return {
    before,
    after: changed,
    // a refused patch may name people whom nobody knows
    changes: faults.errors.length > 0 ? [] : changesOf(start, changed, namesIn(stage, before.genericToolId)),
    errors: faults.errors,
  };
}

/** What of an item is stored: without what was read beside it. */
export function contentOf({ seenAs: _, adminsSeePrivateItems: __, timeZone: ___, ...content }: ItemRow): ItemContent {
  return content;
}

/** An outcome that changes something, as it is to be written. */
export function writeOf({ before, after, changes }: Outcome, stage: Stage, skipEmails: boolean): ItemWrite[] {
  if (!before || !after) return [];
  const peopleChanged =
    String(before.assigneeIds) !== String(after.assigneeIds) ||
    String(before.distributionMemberIds) !== String(after.distributionMemberIds);
  return [
    {
      item: after,
      abbreviation: stage.tools.get(after.genericToolId)!.abbreviation,
      changes,
      events: eventsOf(before, after, changes, skipEmails),
      peopleChanged,
      audienceChanged:
        peopleChanged ||
        before.receivedFromId !== after.receivedFromId ||
        before.private !== after.private ||
        (before.archivedAt === null) !== (after.archivedAt === null) ||
        isIssued(before.category) !== isIssued(after.category),
    },
  ];
}

/** What happened to an item, by the events that tell of it (domain.md 6). `before` is null when it was just made. */
export function eventsOf(
  before: ItemContent | null,
  after: ItemContent,
  changes: readonly Change[],
  skipEmails: boolean,
): NewEvent[] {
  const was = before?.category ?? 'DRAFT';
  const types: EventType[] = [
    ...(before ? [] : ['item.created' as const]),
    ...(!isIssued(was) && isIssued(after.category) ? ['item.issued' as const] : []),
    ...(!isClosed(was) && isClosed(after.category) ? ['item.closed' as const] : []),
    ...(isClosed(was) && !isClosed(after.category) ? ['item.reopened' as const] : []),
    ...(before && before.archivedAt === null && after.archivedAt !== null ? ['item.archived' as const] : []),
    ...(before && before.archivedAt !== null && after.archivedAt === null ? ['item.restored' as const] : []),
  ];
  // the status of an item that was issued, closed or reopened is told by that
  const rest = changes.some(({ field }) => field !== 'archived' && (field !== 'status' || types.length === 0));
  if (before && (rest || types.length === 0)) types.push('item.updated');
  const payload = {
    version: after.version,
    skipEmails,
    changes: changes.map(({ field, event }) => ({ field, old: event.old, new: event.new })),
  };
  return types.map((type) => ({
    type,
    projectId: after.projectId,
    genericToolId: after.genericToolId,
    itemId: after.id,
    payload,
  }));
}
