import { sql } from 'kysely';
import { type Act, transaction } from '../database/transaction.ts';
import { type CustomValues, changedFields } from '../item/item.customValues.ts';
import { changesOf } from '../item/item.history.ts';
import { differences, type ItemContent } from '../item/item.patch.ts';
import { countNext, lockPlace } from '../item/item.position.ts';
import { itemOf, type StoredItem, storedColumns } from '../item/item.queries.ts';
import { stageFor, surroundings, wantedFor } from '../item/item.stage.ts';
import { type Proposal, refuseTaken } from '../item/item.taken.ts';
import { type ItemChange, insertItems, updateItems } from '../item/item.write.ts';
import { newId } from '../kernel/ids.ts';
import { isIssued, numberOf } from '../tool/tool.policy.ts';
import { writeAnswers } from './answer.commands.ts';
import { newReference } from './attachment.policy.ts';
import type { HereProject, HereTool, Importing } from './importing.ts';
import type { Ready } from './item.ready.ts';
import { count, skip } from './report.ts';

/** What is to become of an item. */
interface Fate {
  ready: Ready;
  before: ItemContent | null;
  after: ItemContent;
}

/**
 * Stores some items of a tool in a project with their responses and their history: one transaction, so that none of them is ever half
 * there, and some fifteen statements, however many they are. What is here already becomes what it is there, unless it was changed here since.
 */
export async function writeItems(
  importing: Importing,
  project: HereProject,
  tool: HereTool,
  items: readonly Ready[],
): Promise<void> {
  const { world, viewer, report } = importing;
  // a transaction may be tried again: it is counted once it stands
  const told = await transaction(world, async (act) => {
    const notes: (() => void)[] = [];
    const place = { companyId: viewer.companyId, projectId: project.id, genericToolId: tool.id };
    if (!(await lockPlace(act, place))) throw new Error(`${tool.title} is no longer available in ${project.name}.`);
    const here = await lockHere(act, viewer.companyId, items);
    const attached = await attachedTo(act, [...here.values()]);
    const fates: Fate[] = [];
    for (const ready of items) {
      const before = here.get(ready.source.externalId) ?? null;
      const after = withAttachments(contentOf(importing, place, tool, ready, before), ready, before, attached);
      const reason = before && refuseOverwrite(before, after, place);
      if (reason) notes.push(() => skip(report, 'items', ready.place, reason));
      else fates.push({ ready, before, after });
    }
    const standing = await withoutTaken(act, fates, (ready, reason) =>
      notes.push(() => skip(report, 'items', ready.place, reason)),
    );
    const made = standing.filter(({ before }) => before === null).map(({ after }) => after);
    await writeMade(act, importing, place, tool, made);
    const changed = await writeChanged(act, importing, place, tool, standing);
    await raiseCounter(act, place, standing);
    for (const fate of standing) {
      const added = fate.after.attaching?.added.length ?? 0;
      notes.push(() => count(report, 'attachments', 'made', added));
      notes.push(() => count(report, 'attachments', 'unchanged', fate.ready.source.attachments.length - added));
      const outcome = fate.before === null ? 'made' : changed.has(fate.after.id) ? 'changed' : 'unchanged';
      notes.push(() => count(report, 'items', outcome));
    }
    notes.push(
      ...(await writeAnswers(
        act,
        importing,
        tool,
        standing.map(({ ready, after }) => ({ ready, item: after })),
      )),
    );
    return notes;
  });
  for (const tell of told) tell();
}

/** Those of the items that are here, by their ids there, locked. */
async function lockHere(act: Act, companyId: string, items: readonly Ready[]): Promise<Map<string, ItemContent>> {
  const ids = items.map(({ source }) => source.externalId);
  await sql`select from items where company_id = ${companyId} and external_id = any(${ids}::text[]) order by id for update`.execute(
    act.db,
  );
  const { rows } = await sql<StoredItem>`
    select ${storedColumns()} from items i where i.company_id = ${companyId} and i.external_id = any(${ids}::text[])`.execute(
    act.db,
  );
  return new Map(rows.map((row) => [row.externalId!, withMoments(itemOf(row))]));
}

const MOMENTS = ['createdAt', 'updatedAt', 'issuedAt', 'closedAt', 'archivedAt'] as const;

/** The same with its moments as RFC 3339 writes them, to be compared. */
function withMoments(item: ItemContent): ItemContent {
  const times = MOMENTS.map((field) => [field, item[field] && new Date(item[field]).toISOString()]);
  return { ...item, ...Object.fromEntries(times) };
}

interface Place {
  companyId: string;
  projectId: string;
  genericToolId: string;
}

/** An item as it is there; who made it and when stays as it is here. */
function contentOf(
  { customFields }: Importing,
  place: Place,
  { abbreviation }: HereTool,
  ready: Ready,
  before: ItemContent | null,
): ItemContent {
  const { content } = ready;
  const position = content.position || (before?.position ?? '');
  return {
    ...content,
    ...place,
    id: before?.id ?? newId(new Date(content.createdAt)),
    position,
    number: position && numberOf(abbreviation, position),
    createdAt: before?.createdAt ?? content.createdAt,
    createdById: before?.createdById ?? content.createdById,
    // settled when all items are here (origin.commands.ts)
    originItemId: before?.originItemId ?? null,
    originTopicId: before?.originTopicId ?? null,
    attachmentIds: before?.attachmentIds ?? [],
    customValues: customValuesBeside(before, content.customValues, customFields),
    version: before?.version ?? 1,
  };
}

/** The values of custom fields there, beside those here of fields that are not there; the same object where nothing has changed. */
function customValuesBeside(
  before: ItemContent | null,
  values: CustomValues | null,
  customFields: Importing['customFields'],
): CustomValues | null {
  const theirs = new Set([...customFields.values()].map(({ id }) => id));
  const own = Object.entries(before?.customValues ?? {}).filter(([key]) => !theirs.has(key.replace('~', '')));
  const next = { ...Object.fromEntries(own), ...values };
  if (changedFields(before?.customValues ?? null, next).length === 0) return before?.customValues ?? null;
  return Object.keys(next).length > 0 ? next : null;
}

/** What is attached to some items, as the other system knows it. */
async function attachedTo({ db }: Act, items: readonly ItemContent[]): Promise<Set<string>> {
  const ids = items.filter(({ attachmentIds }) => attachmentIds.length > 0).map(({ id }) => id);
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{ key: string }>`
    select concat_ws(' ', item_id, kind, external_id) as key from attachments
    where id = any(array(select unnest(attachment_ids) from items where id = any(${ids}::uuid[]))) and external_id is not null`.execute(
    db,
  );
  return new Set(rows.map(({ key }) => key));
}

/** An item with what is attached to it there and not here; what is attached here stays. */
function withAttachments(
  item: ItemContent,
  { source, content }: Ready,
  before: ItemContent | null,
  attached: ReadonlySet<string>,
): ItemContent {
  const { createdById, createdAt } = content;
  const added = source.attachments
    .filter(({ kind, externalId }) => !before || !attached.has(`${item.id} ${kind} ${externalId}`))
    .map((one, n) => newReference(one, before ? (source.updatedAt ?? createdAt) : createdAt, n));
  if (added.length === 0) return item;
  return {
    ...item,
    attachmentIds: [...item.attachmentIds, ...added.map(({ id }) => id)],
    attaching: { added, removed: [], origin: { createdById, createdAt } },
  };
}

/** Why an item that is here is not to become what it is there, or null. */
function refuseOverwrite(before: ItemContent, after: ItemContent, { projectId, genericToolId }: Place): string | null {
  if (before.projectId !== projectId || before.genericToolId !== genericToolId)
    return `it is here as ${before.number}, in another project or tool.`;
  const differs = [...differences(before, after)].some((part) => part !== 'updatedAt');
  if (!differs) return null;
  if (before.updatedAt > after.updatedAt)
    return `${before.number} was changed here on ${before.updatedAt}, after its last change there.`;
  if (isIssued(before.category) && !isIssued(after.category))
    return `${before.number} is issued here, and a Draft there.`;
  return null;
}

/** Leaves out items whose number somebody else has; judged on the final state, so that numbers may be swapped. */
async function withoutTaken(
  act: Act,
  fates: readonly Fate[],
  refuse: (ready: Ready, reason: string) => void,
): Promise<Fate[]> {
  const proposals = fates.map(({ before, after }): Proposal => ({ before, after, patch: {}, path: [], errors: [] }));
  await refuseTaken(act, proposals, false);
  return fates.filter(({ ready }, n) => {
    const { errors } = proposals[n]!;
    if (errors.length > 0) refuse(ready, errors.map(({ message }) => message).join(' '));
    return errors.length === 0;
  });
}

/** Gives those without a number the next ones. Those with one must be stored: they may have taken it. */
async function numberThem(
  act: Act,
  place: Place,
  { abbreviation }: HereTool,
  items: readonly ItemContent[],
): Promise<void> {
  for (const item of items) {
    const { rows } = await countNext(place).execute(act.db);
    item.position = rows[0]!.position;
    item.number = numberOf(abbreviation, item.position);
  }
}

/** Stores new items. */
async function writeMade(act: Act, { viewer }: Importing, place: Place, tool: HereTool, items: readonly ItemContent[]) {
  const { numbered = [], bare = [] } = Object.groupBy(items, ({ position }) => (position ? 'numbered' : 'bare'));
  const insert = async (group: readonly ItemContent[]) => {
    const writes = group.map((item) => ({ item, abbreviation: tool.abbreviation, events: [] }));
    if (writes.length > 0) await insertItems(act, viewer, writes);
  };
  await insert(numbered);
  await numberThem(act, place, tool, bare);
  await insert(bare);
}

/**
 * Stores what has changed there of items that are here; gives their ids. What changed is told by the history that came with them; where
 * none did, by rows of our own, of the moment of the import.
 */
async function writeChanged(
  act: Act,
  { viewer }: Importing,
  place: Place,
  tool: HereTool,
  fates: readonly Fate[],
): Promise<Set<string>> {
  const changed = fates.flatMap(({ before, after, ready }) => {
    const parts = before ? differences(before, after) : new Set<keyof ItemContent>();
    if (!before || parts.size === 0 || before.updatedAt > after.updatedAt) return [];
    return [{ before, after: { ...after, version: before.version + 1 }, parts, hasHistory: ready.changes !== null }];
  });
  if (changed.length === 0) return new Set();
  const untold = changed.filter(({ hasHistory }) => !hasHistory).flatMap(({ before, after }) => [before, after]);
  // all that their values name, as if a patch spoke of it
  const wanted = {
    ...wantedFor(untold, [{ customFields: [], tradeIds: [] }], true),
    customFields: untold.flatMap(({ customValues }) => changedFields(customValues, null)),
    withLines: false,
  };
  const { names } = surroundings(await stageFor(act, viewer, [], [place], wanted), place)!;
  const writes = changed.map(
    ({ before, after, parts, hasHistory }): ItemChange => ({
      ...{ item: after, abbreviation: tool.abbreviation, differences: parts, events: [] },
      changes: hasHistory ? [] : changesOf(before, after, parts, names),
    }),
  );
  await updateItems(act, viewer, writes);
  return new Set(changed.map(({ after }) => after.id));
}

// longer ones are dates and the like, not the next number of anything
const COUNTED = /^0*\d{1,6}$/;

/** Lets the next number come after all that were brought: one that was given there and is gone is not given again. */
async function raiseCounter(act: Act, { projectId, genericToolId }: Place, fates: readonly Fate[]): Promise<void> {
  const numbers = fates.map(({ after }) => after.position).filter((position) => COUNTED.test(position));
  const last = numbers.reduce((most, position) => Math.max(most, Number(position)), 0);
  await sql`update item_counters set last_position = ${last}
    where project_id = ${projectId} and generic_tool_id = ${genericToolId} and last_position < ${last}`.execute(act.db);
}
