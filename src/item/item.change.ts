import { sql } from 'kysely';
import { prepared, unseen } from '../database/prepared.ts';
import type { Act } from '../database/transaction.ts';
import type { Viewer } from '../directory/viewer.ts';
import { type UserError, userError } from '../kernel/errors.ts';
import { Faults, type Path } from '../kernel/input.ts';
import { eventsOf } from './item.events.ts';
import { type Change, changesOf } from './item.history.ts';
import { originNamed, refuseCircles } from './item.origin.ts';
import { applyPatch, differences, frozenParts, type ItemContent, type ItemPatch, isAboutPeople } from './item.patch.ts';
import { type Refusal, refuseEdit, refuseFrozen } from './item.policy.ts';
import { type ItemRow, seenItems } from './item.queries.ts';
import { enforceRequired } from './item.required.ts';
import { grantIn, type Stage, stageFor, stateOf, surroundings, wantedFor } from './item.stage.ts';
import { refuseTaken } from './item.taken.ts';
import type { ItemChange } from './item.write.ts';

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

/** What came of an update: refused (errors), nothing to do (no `after`), or a new state and what of it is new. */
export interface Outcome {
  before: ItemRow | null;
  after: ItemContent | null;
  differences: ReadonlySet<keyof ItemContent>;
  changes: Change[];
  errors: UserError[];
}

/**
 * Locks these items for the rest of the transaction, in the order of their ids so that two batches never wait for each other.
 * The act is then later than the last change of each of them: it may have waited for one that began after it, clocks of two
 * processes differ, and they are put back. So history is in the order in which things happened, and updatedAt only grows.
 */
async function lockItems(act: Act, viewer: Viewer, ids: readonly string[]): Promise<void> {
  const { rows } = await prepared(sql<{ changedAt: string | null }>`
    select max(updated_at) as "changedAt" from (
      select updated_at from items where id = any(${unseen(ids)}) and company_id = ${viewer.companyId} order by id for update
    ) locked`).execute(act.db);
  const changedAt = rows[0]!.changedAt;
  if (changedAt) act.now = new Date(Math.max(act.now.getTime(), Date.parse(changedAt) + 1));
}

const namesItem = (patch: ItemPatch): boolean => originNamed(patch)?.type === 'GENERIC_TOOL_ITEM';

/** Whoever gives items of a company another origin waits for whoever else does: two could close a circle that neither sees. */
export async function lockOrigins({ db }: Act, { companyId }: Viewer): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('origins of ' || ${companyId}, 0))`.execute(db);
}

/** The items among some that the viewer sees, locked, and what changes of them are judged against. */
export interface Looked {
  items: ItemRow[];
  stage: Stage;
}

/** Locks these items and looks at them, to change them by these patches: three statements. Those involved come if `withInvolved`. */
export async function look(
  act: Act,
  viewer: Viewer,
  ids: readonly string[],
  patches: readonly ItemPatch[],
  withInvolved: boolean,
): Promise<Looked> {
  if (patches.some(namesItem)) await lockOrigins(act, viewer);
  await lockItems(act, viewer, ids);
  const { items, rights } = await seenItems(act.db, viewer, ids);
  const stage = await stageFor(act, viewer, rights, items, wantedFor(items, patches, withInvolved));
  return { items, stage };
}

/** Locks the items of some updates, looks at them, and decides what becomes of each. */
export async function lookAndDecide(
  act: Act,
  viewer: Viewer,
  updates: readonly Update[],
  together: boolean,
): Promise<{ outcomes: Outcome[]; stage: Stage }> {
  const ids = updates.map(({ itemId }) => itemId).filter((id) => id !== null);
  // one patch may be for many
  const patches = [...new Set(updates.map(({ patch }) => patch))];
  const looked = await look(act, viewer, ids, patches, patches.some(isAboutPeople));
  return { outcomes: await decide(act, viewer, looked, updates, together), stage: looked.stage };
}

/**
 * Decides what becomes of items that were looked at; nothing is written yet.
 * A constant number of statements. Rights are judged item by item, as for each alone; uniqueness on the final state: of all when
 * they stand or fall `together`, else of those that are not refused.
 */
export async function decide(
  act: Act,
  viewer: Viewer,
  { items, stage }: Looked,
  updates: readonly Update[],
  together: boolean,
): Promise<Outcome[]> {
  const seen = new Map(items.map((item) => [item.id, item]));
  const outcomes = updates.map((update): Outcome => {
    const before = update.itemId === null ? undefined : seen.get(update.itemId);
    if (before) return decideOne(act, viewer, stage, before, update);
    const message = `There is no item ${JSON.stringify(update.givenId.slice(0, 100))} that you may see.`;
    return leftAlone(null, [userError('NOT_FOUND', message, [...update.paths.id])]);
  });
  const proposals = outcomes.map(({ before, after, errors }, n) => {
    const { patch, paths } = updates[n]!;
    return { before, after, errors, patch, path: paths.patch };
  });
  refuseCircles(proposals, stage.lines);
  await refuseTaken(act, proposals, together);
  return outcomes;
}

const leftAlone = (before: ItemRow | null, errors: UserError[]): Outcome => ({
  before,
  after: null,
  differences: new Set(),
  changes: [],
  errors,
});

function decideOne(
  { now }: Act,
  viewer: Viewer,
  stage: Stage,
  before: ItemRow,
  { patch, expectedVersion, paths }: Update,
): Outcome {
  const faults = new Faults();
  const refused = (refusal: Refusal, path: Path): Outcome =>
    leftAlone(before, [userError(refusal.code, refusal.message, [...path])]);
  const state = stateOf(before);
  const refusal = refuseEdit(viewer, grantIn(stage.rights, before), stage.tools.get(before.genericToolId)!, state);
  if (refusal) return refused(refusal, paths.id);
  if (expectedVersion != null && expectedVersion !== before.version) {
    const message = `${before.number} is at version ${before.version}, not ${expectedVersion}: somebody else changed it.`;
    return refused({ code: 'CONFLICT', message }, paths.expectedVersion);
  }
  for (const part of frozenParts(patch)) {
    const frozen = refuseFrozen(stage.frozen, state, part);
    if (frozen) faults.add(frozen.code, frozen.message, [...paths.patch, part]);
  }
  // an item is seen only where its tool is available
  const around = surroundings(stage, before)!;
  const after = applyPatch(faults, before, patch, paths.patch, around, false);
  const different = differences(before, after);
  enforceRequired(faults, before, after, paths.patch, around, different);
  if (different.size === 0) return leftAlone(before, faults.errors);
  return {
    before,
    after: Object.assign(after, { version: before.version + 1, updatedAt: now.toISOString() }),
    differences: different,
    // a refused patch may name people whom nobody knows
    changes: faults.errors.length > 0 ? [] : changesOf(before, after, different, around.names),
    errors: faults.errors,
  };
}

/** An outcome that changes something, as it is to be written. */
export function writeOf(outcome: Outcome, stage: Stage, skipEmails: boolean): ItemChange[] {
  const { before, after, differences, changes } = outcome;
  if (!before || !after) return [];
  const { abbreviation } = stage.tools.get(after.genericToolId)!;
  return [{ item: after, abbreviation, differences, changes, events: eventsOf(before, after, changes, skipEmails) }];
}
